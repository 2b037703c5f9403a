"""Files of other programs, read with distrust: bounded in size, and nothing is ever unpickled."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from exporters.automaton_file import METADATA_KEY
from exporters.errors import LichenError
from exporters.importers.importer import Weight

LARGEST_FILE_BYTES = 32 * 2**20
LARGEST_HEADER_BYTES = 2**20
STATE_DICT_SUFFIXES = (".pt", ".pth")
JSON_SUFFIX = ".json"


def is_foreign(path: Path) -> bool:
    """Whether a file looks like another program's automata, by its ending and its first bytes."""
    suffix = path.suffix.lower()
    if suffix == ".safetensors":
        return path.is_file() and _has_foreign_header(path)
    return suffix == JSON_SUFFIX or suffix in STATE_DICT_SUFFIXES


def read_bytes(path: Path) -> bytes:
    """The file's content. Raises LichenError: it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise LichenError(f"cannot read {path}: {error.strerror or error}.") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise LichenError(
            f"{path} is larger than {LARGEST_FILE_BYTES >> 20} MiB; no known automata are that big."
        )
    return data


def read_json(path: Path) -> Any:
    """Any JSON value. Raises LichenError: the file cannot be read, or is no JSON."""
    try:
        return json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise LichenError(f"{path} is no valid JSON; download or export it again.") from error


def tensors_from_bytes(data: bytes, source: str) -> dict[str, Weight]:
    """All tensors of a safetensors file as float32. Raises LichenError: it is damaged."""
    try:
        tensors = safetensors.numpy.load(data)
        return {name: np.asarray(tensor, np.float32) for name, tensor in tensors.items()}
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise LichenError(f"{source} is damaged or cut short ({error}).") from error


def _has_foreign_header(path: Path) -> bool:
    """Whether a safetensors header is there, and is not that of an automaton file."""
    try:
        with path.open("rb") as file:
            (header_bytes,) = struct.unpack("<Q", file.read(8))
            if header_bytes > LARGEST_HEADER_BYTES:
                return False
            header = json.loads(file.read(header_bytes))
        return METADATA_KEY not in header.get("__metadata__", {})
    except (OSError, struct.error, ValueError, AttributeError, TypeError, RecursionError):
        return False
