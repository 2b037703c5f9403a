"""Want of memory becomes a sentence; everything else stays what it is."""

import pytest
import torch

from exporters.errors import LichenError
from training.out_of_memory import out_of_memory_explained

MORE_BYTES_THAN_ANYBODY_HAS = 2**60


def test_pytorch_runs_out_of_memory() -> None:
    with pytest.raises(LichenError, match="not enough memory"), out_of_memory_explained():
        torch.empty(MORE_BYTES_THAN_ANYBODY_HAS, dtype=torch.uint8)


def test_python_runs_out_of_memory() -> None:
    with pytest.raises(LichenError, match="not enough memory"), out_of_memory_explained():
        bytearray(MORE_BYTES_THAN_ANYBODY_HAS)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="must match"), out_of_memory_explained():
        torch.zeros(2) + torch.zeros(3)
