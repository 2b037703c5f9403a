"""Where bfloat16 pays."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from training.dream.own.plan import Precision


def chosen_precision(precision: Precision, device: torch.device) -> Precision:
    """What "auto" means here: bfloat16 on devices that have units for it."""
    if precision != "auto":
        return precision
    if device.type == "cuda":
        has_units = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        has_units = device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if has_units else "float32"


@contextmanager
def in_precision(precision: Precision, device: torch.device) -> Iterator[None]:
    """Run the network in what the precision means here; weights stay in float32."""
    enabled = chosen_precision(precision, device) == "bfloat16"
    with torch.autocast(device.type, torch.bfloat16, enabled=enabled):
        yield
