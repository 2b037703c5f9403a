"""What all tests of trainings share."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _forgetful_accelerate() -> Iterator[None]:
    """Accelerate keeps a process's first precision; every test is to have its own."""
    yield
    if "accelerate.state" in sys.modules:
        from accelerate.state import AcceleratorState

        AcceleratorState._reset_state(True)
