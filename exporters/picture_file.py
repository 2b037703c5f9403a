"""Pictures in and out: strict about what comes in, atomic about what goes out."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from exporters.atomic import atomic_path
from exporters.errors import LichenError

LARGEST_SIDE_PIXELS = 16_384
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")


def pictures_in(folder: Path) -> list[Path]:
    """The picture files that lie in a folder, by name. Raises LichenError where it is not open."""
    try:
        paths = list(folder.iterdir())
    except OSError as error:
        raise LichenError(f"cannot read the folder {folder}: {error.strerror}.") from error
    return sorted(path for path in paths if path.suffix.lower() in PICTURE_SUFFIXES)


def load_picture(path: Path | str, smallest_side_pixels: int = 1) -> NDArray[np.uint8]:
    """Read a still picture upright (EXIF orientation applied), uint8 sRGB [h, w, 3].

    Raises:
        LichenError: the file cannot be read, is no picture, is animated, transparent, CMYK,
            too small or too large.
    """
    return np.asarray(_to_rgb(_open_upright(path, smallest_side_pixels), path), np.uint8)


def load_cutout(path: Path | str, smallest_side_pixels: int = 1) -> NDArray[np.uint8]:
    """Read a still picture with its transparency, uint8 sRGB and alpha [h, w, 4].

    Raises:
        LichenError: as for `load_picture`, but for transparent pixels.
    """
    return np.asarray(_open_upright(path, smallest_side_pixels).convert("RGBA"), np.uint8)


def check_picture_file(path: Path | str, smallest_side_pixels: int = 1) -> None:
    """Look at a picture's header alone, which is quick, before it is needed.

    Raises:
        LichenError: it is no picture, animated, CMYK, too small or too large.
    """
    with _opened(path, smallest_side_pixels):
        pass


def _open_upright(path: Path | str, smallest_side_pixels: int) -> Image.Image:
    with _opened(path, smallest_side_pixels) as image:
        upright: Image.Image = ImageOps.exif_transpose(image)
        upright.load()
        return upright


@contextmanager
def _opened(path: Path | str, smallest_side_pixels: int) -> Iterator[Image.Image]:
    """A picture whose pixels have not been read yet; whatever goes wrong is told."""
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
        raise LichenError(f"{path} is a pipe or a device; name a picture in a file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                _check_picture(image, path, smallest_side_pixels)
                yield image
    except UnidentifiedImageError as error:
        raise LichenError(
            f"{path} is not a picture that can be read; use a PNG or JPEG."
        ) from error
    except Image.DecompressionBombError as error:
        raise LichenError(_too_large(path)) from error
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LichenError(f"cannot read the picture {path}: {reason}.") from error


def save_picture(pixels: NDArray[np.uint8], path: Path | str) -> None:
    """Write uint8 [h, w, 3] as a PNG, whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    with atomic_path(path) as temporary:
        Image.fromarray(pixels).save(temporary, format="PNG")


def _check_picture(image: Image.Image, path: Path | str, smallest_side_pixels: int) -> None:
    if max(image.size) > LARGEST_SIDE_PIXELS:
        raise LichenError(_too_large(path))
    if min(image.size) < smallest_side_pixels:
        raise LichenError(
            f"{path} is {image.width}x{image.height} pixels; "
            f"both sides need at least {smallest_side_pixels}."
        )
    if getattr(image, "n_frames", 1) > 1:
        raise LichenError(f"{path} is animated; save one of its frames as a PNG and use that.")
    if image.mode == "CMYK":
        raise LichenError(f"{path} is in CMYK colours; save it as RGB and use that.")


def _to_rgb(image: Image.Image, path: Path | str) -> Image.Image:
    """Convert to RGB; transparency is refused since no background would be the right one."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        if np.asarray(rgba)[..., 3].min() < 255:
            raise LichenError(
                f"{path} has transparent pixels; flatten it onto a background and use that."
            )
        image = rgba
    if image.mode.startswith(("I;16", "I", "F")):
        levels = np.asarray(image, np.float64)
        levels = levels / (65535 if levels.max() > 255 else 255) * 255
        image = Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))
    return image.convert("RGB")


def _too_large(path: Path | str) -> str:
    return f"{path} is too large; scale it down to {LARGEST_SIDE_PIXELS:,} pixels a side or less."
