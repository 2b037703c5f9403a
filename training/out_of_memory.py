"""Want of memory, told in one sentence whichever library runs into it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from exporters.errors import LichenError

# PyTorch raises RuntimeError, in other words for each kind of device.
COMPLAINT = re.compile(r"out of memory|not enough memory|can't allocate memory", re.IGNORECASE)
AUTOMATON_ADVICE = "choose a smaller grid, batch or pool, or fewer channels and hidden units"


@contextmanager
def out_of_memory_explained(
    advice: str = AUTOMATON_ADVICE, activity: str = "training"
) -> Iterator[None]:
    """Raises LichenError with the advice where the block runs out of memory."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not COMPLAINT.search(str(error)):
            raise
        raise LichenError(f"there is not enough memory for this {activity}; {advice}.") from error
