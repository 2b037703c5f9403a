"""The IDX format, in which MNIST and Fashion-MNIST come: small grey pictures in one file."""

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError

# Two zeros, 8 for unsigned bytes, 3 for the dimensions.
MAGIC = 0x0803
HEADER_BYTES = 16
NAME_PATTERNS = ("*idx3-ubyte", "*idx3-ubyte.gz")


def find_idx_files(folder: Path) -> list[Path]:
    """Files of pictures in the IDX format, by their names."""
    return sorted(path for pattern in NAME_PATTERNS for path in folder.glob(pattern))


def load_idx(path: Path) -> NDArray[np.uint8]:
    """Grey pictures, uint8 [n, h, w], bright on dark as they are kept.

    Raises:
        LichenError: the file cannot be read, or holds something else.
    """
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LichenError(f"cannot read {path}: {reason}.") from error
    if len(data) < HEADER_BYTES:
        raise LichenError(f"{path} holds no pictures in the IDX format; fetch it again.")
    magic, count, height, width = struct.unpack(">IIII", data[:HEADER_BYTES])
    if magic != MAGIC or len(data) - HEADER_BYTES != count * height * width or not count:
        raise LichenError(f"{path} holds no pictures in the IDX format; fetch it again.")
    return np.frombuffer(data, np.uint8, offset=HEADER_BYTES).reshape(count, height, width)
