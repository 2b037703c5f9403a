"""Mixed precision and several devices, through Accelerate."""

from accelerate import Accelerator

from training.dream.own.plan import Precision
from training.dream.own.precision import chosen_precision
from training.prepare import find_device


def open_accelerator(device_name: str, precision: Precision) -> Accelerator:
    """Accelerate for this process, alone or one of several that a launcher started.

    Raises:
        LichenError: the device cannot be used here.
    """
    device = find_device(device_name)
    mixed = "bf16" if chosen_precision(precision, device) == "bfloat16" else "no"
    return Accelerator(cpu=device.type == "cpu", mixed_precision=mixed)
