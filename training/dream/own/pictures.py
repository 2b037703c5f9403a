"""What a training cuts its patches from: a folder of photographs, or Fashion-MNIST."""

from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import check_picture_file, load_picture, pictures_in
from training.dream.own.idx import find_idx_files, load_idx
from training.dream.own.plan import DreamerPlan

FASHION_MNIST = "fashion-mnist"
# Decoded and scaled pictures that stay in memory.
KEPT_PICTURES = 512

Pixels = NDArray[np.uint8]


class PatchSource(Protocol):
    """Gives patches, uint8 [side, side, 3]; `description` says where they come from."""

    description: str

    def draw_patch(self, generator: np.random.Generator) -> Pixels:
        """Raises LichenError where a picture cannot be read."""
        ...


def open_pictures(place: Path, plan: DreamerPlan, download: bool = False) -> PatchSource:
    """A folder of photographs or of IDX files, or the word "fashion-mnist".

    Raises:
        LichenError: there is no such folder, it holds no pictures, or one that cannot be used.
    """
    if str(place) == FASHION_MNIST and not place.exists():
        return GreyPictures(_fashion_mnist(download), FASHION_MNIST, plan)
    if not place.is_dir():
        raise LichenError(
            f"there is no folder {place}; name a folder of pictures, or {FASHION_MNIST}."
        )
    idx_files = find_idx_files(place)
    if idx_files:
        pictures = np.concatenate([load_idx(path) for path in idx_files])
        return GreyPictures(pictures, str(place), plan)
    return PhotoFolder(place, plan)


class PhotoFolder:
    """Patches of photographs, which are read when they are needed."""

    def __init__(self, folder: Path, plan: DreamerPlan) -> None:
        """Looks at all files without decoding them.

        Raises:
            LichenError: there are no pictures, or one is of no use.
        """
        self._paths = pictures_in(folder)
        if not self._paths:
            raise LichenError(f"the folder {folder} holds no pictures; put some PNG or JPEG there.")
        for path in self._paths:
            check_picture_file(path, plan.patch_pixels)
        self.description = f"{_counted(len(self._paths))} of {folder}"
        self._plan = plan
        self._read = lru_cache(KEPT_PICTURES)(self._read_scaled)

    def draw_patch(self, generator: np.random.Generator) -> Pixels:
        """Any place of any picture. Raises LichenError where the picture cannot be read."""
        path = self._paths[generator.integers(len(self._paths))]
        return cut_patch(self._read(path), self._plan, generator)

    def _read_scaled(self, path: Path) -> Pixels:
        pixels = load_picture(path, self._plan.patch_pixels)
        scale = self._plan.side_pixels / min(pixels.shape[:2])
        if scale >= 1:
            return pixels
        size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


class GreyPictures:
    """Patches of many small grey pictures of one size."""

    def __init__(self, pictures: Pixels, name: str, plan: DreamerPlan) -> None:
        """`pictures` is [n, h, w]. Raises LichenError where they are smaller than a patch."""
        count, height, width = pictures.shape
        if min(height, width) < plan.patch_pixels:
            raise LichenError(
                f"the pictures of {name} are {width}x{height} pixels, smaller than a patch of "
                f"{plan.patch_pixels}; use --patch {min(height, width)} or less."
            )
        self.description = f"{_counted(count)} of {name}"
        self._pictures = pictures
        self._plan = plan

    def draw_patch(self, generator: np.random.Generator) -> Pixels:
        """Any place of any picture, its grey in all three channels."""
        grey = self._pictures[generator.integers(len(self._pictures))]
        return cut_patch(np.repeat(grey[..., None], 3, axis=2), self._plan, generator)


def cut_patch(pixels: Pixels, plan: DreamerPlan, generator: np.random.Generator) -> Pixels:
    """A random square of a picture [h, w, 3], mirrored now and then where the plan says so."""
    side = plan.patch_pixels
    top, left = (int(generator.integers(length - side + 1)) for length in pixels.shape[:2])
    patch = pixels[top : top + side, left : left + side]
    return patch[:, ::-1] if plan.flip and generator.random() < 0.5 else patch


def _counted(count: int) -> str:
    return f"{count:,} picture{'s' * (count != 1)}"


def _fashion_mnist(download: bool) -> Pixels:
    """The training pictures [60000, 28, 28], from where torchvision keeps them."""
    import torch
    from torchvision.datasets import FashionMNIST

    root = Path(torch.hub.get_dir()) / "datasets"
    try:
        pictures: Pixels = FashionMNIST(str(root), download=download).data.numpy()
    except (RuntimeError, OSError) as error:
        raise LichenError(
            "Fashion-MNIST cannot be fetched; is there a network connection?"
            if download
            else f"Fashion-MNIST is not in {root}; --download fetches it (30 MB), "
            "or name a folder with its IDX files."
        ) from error
    return pictures
