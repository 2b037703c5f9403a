"""One training in several processes, as `accelerate launch` and `torchrun` start them.

Each process trains a batch of its own on its own share of the pool; their gradients are averaged,
so that all keep the same weights. Whatever else is drawn at random is drawn alike in all of them,
but for the masks. A process alone never imports accelerate, but hears which precision its launcher
was told.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from exporters.errors import LichenError


class Processes:
    """All processes of one training, and which of them this is; here it is the only one."""

    rank = 0
    count = 1
    device: torch.device | None = None
    in_bfloat16 = False
    """Whether the launcher was told to train in mixed precision."""

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replace each tensor by its mean over the processes, in place."""

    def agree_on(self, measure: Callable[[], float]) -> float:
        """What the first process measures, in all of them."""
        return measure()

    def share_of(self, size: int, name: str) -> int:
        """This process's share of so many things. Raises LichenError if some would be left."""
        if size % self.count:
            raise LichenError(
                f"{name} {size} cannot be shared among {self.count} processes; make it a multiple."
            )
        return size // self.count


class LaunchedProcesses(Processes):
    """Processes that a launcher started; all of them must come to every call."""

    def __init__(self, on_cpu: bool) -> None:
        """Waits until all processes have come. Raises LichenError for a precision we lack."""
        from accelerate import Accelerator

        accelerator = Accelerator(cpu=on_cpu or not torch.cuda.is_available())
        self.in_bfloat16 = _is_bfloat16(accelerator.mixed_precision)
        self.rank = accelerator.process_index
        self.count = accelerator.num_processes
        self.device = accelerator.device

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replace each tensor by its mean over the processes, in place."""
        from accelerate.utils import reduce

        for tensor in tensors:
            with _company_expected():
                tensor.copy_(reduce(tensor, "mean"))

    def agree_on(self, measure: Callable[[], float]) -> float:
        """What the first process measures, in all of them."""
        from accelerate.utils import broadcast

        with _company_expected():
            told = broadcast(torch.tensor(measure(), dtype=torch.float64, device=self.device))
        return float(told)


def join_processes(device: str) -> Processes:
    """Meet the others that a launcher started, or be alone; `device` is the one asked for.

    Raises:
        LichenError: the launcher was told a precision that we lack.
    """
    if _are_launched():
        return LaunchedProcesses(device == "cpu")
    alone = Processes()
    # All that accelerate launch tells of itself where it starts a single process.
    alone.in_bfloat16 = _is_bfloat16(os.environ.get("ACCELERATE_MIXED_PRECISION", "no").lower())
    return alone


def refuse_company(task: str) -> None:
    """Raise LichenError where a launcher started several processes for a task that takes one."""
    if _are_launched():
        raise LichenError(
            f"{task} takes one process alone; start lichen without accelerate launch or torchrun."
        )


def _are_launched() -> bool:
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def _is_bfloat16(precision: str) -> bool:
    """What accelerate calls the precision. Raises LichenError for one that we lack."""
    if precision not in ("no", "bf16"):
        raise LichenError(
            f"Lichen trains in float32 and bfloat16, not in {precision}; start "
            "accelerate launch with --mixed_precision bf16 or no."
        )
    return precision == "bf16"


@contextmanager
def _company_expected() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # the word of torch's backends for a lost connection
        raise LichenError(
            "another process of this training has ended, and the rest cannot go on without it; "
            "start again with --resume."
        ) from error
