"""Which files of other programs can be read, and what becomes of them.

Every importer of JSON is a module with `fits(content)` and `read(content, name)`.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.importers import cells2pixels, distill, dynca, tensors
from exporters.importers.foreign_file import (
    JSON_SUFFIX,
    STATE_DICT_SUFFIXES,
    is_foreign,
    read_bytes,
    read_json,
    tensors_from_bytes,
)
from exporters.importers.importer import Imported, Order
from exporters.importers.names import unique_file_names

JSON_IMPORTERS = (distill, dynca, cells2pixels)
LARGEST_COUNT = 1000

# What a file can raise that promises a layout and does not keep it.
MISFITS = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    OverflowError,
    AttributeError,
    OSError,
    SyntaxError,
    LichenError,
    Image.DecompressionBombError,
)

# Reads a file of PyTorch's and gives it back as safetensors.
StateDictReader = Callable[[Path], bytes]


def read_foreign(
    path: Path, read_state_dict: StateDictReader, order: Order | None = None
) -> list[Imported]:
    """All automata of a file, each under a name of its own that is good for a file.

    PyTorch's files are left to `read_state_dict`, since nothing here may unpickle.

    Raises:
        LichenError: the file cannot be read, or holds nothing that is known.
    """
    read = _choose_importer(path, read_state_dict, order)
    try:
        # Numbers out of range become infinite, and those no automaton accepts.
        with np.errstate(all="ignore"):
            found = list(islice(read(), LARGEST_COUNT + 1))
    except MISFITS as error:
        raise LichenError(f"{path} does not fit any known layout ({_reason(error)}).") from error
    if not 1 <= len(found) <= LARGEST_COUNT:
        raise LichenError(f"{path} holds no automata, or more than {LARGEST_COUNT:,}.")
    names = unique_file_names(item.automaton.name for item in found)
    return [
        replace(item, automaton=replace(item.automaton, name=name))
        for item, name in zip(found, names, strict=True)
    ]


def _choose_importer(
    path: Path, read_state_dict: StateDictReader, order: Order | None
) -> Callable[[], Iterable[Imported]]:
    """Open the file and find who can make sense of it. Raises LichenError, which names the file."""
    suffix = path.suffix.lower()
    if suffix == JSON_SUFFIX:
        content = read_json(path)
        for importer in JSON_IMPORTERS:
            if importer.fits(content):
                return partial(importer.read, content, path.stem)
        raise LichenError(
            f"{path} is none of the JSON files that are known: Distill's texture models, "
            "DyNCA's and Cells2Pixels'."
        )
    if suffix == ".safetensors" and path.is_file() and not is_foreign(path):
        load_automaton(path)
        raise LichenError(f"{path} is an automaton of Lichen's already; use it as it is.")
    if suffix == ".safetensors" or suffix in STATE_DICT_SUFFIXES:
        data = read_bytes(path) if suffix == ".safetensors" else read_state_dict(path)
        return partial(tensors.read, tensors_from_bytes(data, str(path)), path.stem, order)
    raise LichenError(
        f"{path} is none of the files that can be imported: .json, .safetensors, .pt and .pth."
    )


def _reason(error: Exception) -> str:
    """The error on one line, without its full stop; a bare key says what is missing."""
    words = f"no {error}" if isinstance(error, KeyError) else str(error)
    return " ".join(words.split())[:200].rstrip(".")
