"""Keeps diffusers and transformers from flooding the log."""

import importlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def quiet_libraries(names: Sequence[str] = ("diffusers", "transformers")) -> Iterator[None]:
    """No progress bars and no advice for developers; errors are still raised.

    The levels stay as they are after the block, since a pipeline goes on talking.
    """
    for name in names:
        logging = importlib.import_module(f"{name}.utils.logging")
        logging.set_verbosity_error()
        logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
