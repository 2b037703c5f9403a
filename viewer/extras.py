"""The optional parts of Lichen: what belongs to each, whether it is there, how to install it."""

import importlib.metadata
import json
import platform
import re
import shlex
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlparse

# What PyTorch brings along: CUDA's libraries on the one platform where they are its default.
HAS_CUDA_WHEELS = sys.platform == "linux" and platform.machine() == "x86_64"
TORCH_DOWNLOAD_MEGABYTES = 3000 if HAS_CUDA_WHEELS else 200
TORCH_DISK_MEGABYTES = 5500 if HAS_CUDA_WHEELS else 800


@dataclass(frozen=True)
class Extra:
    """An optional part of Lichen, by its name in pyproject.toml.

    `packages` are the modules it needs, which carry the names of their distributions. Sizes
    leave PyTorch out; the methods count it where it is needed and not there yet.
    """

    name: str
    purpose: str
    packages: tuple[str, ...]
    own_download_megabytes: int
    own_disk_megabytes: int

    @property
    def download_megabytes(self) -> int:
        """Roughly what an installation has to fetch."""
        return self.own_download_megabytes + self._torch_share(TORCH_DOWNLOAD_MEGABYTES)

    @property
    def size(self) -> str:
        """Roughly what an installation costs, in words."""
        disk_megabytes = self.own_disk_megabytes + self._torch_share(TORCH_DISK_MEGABYTES)
        download, disk = map(_in_words, (self.download_megabytes, disk_megabytes))
        return f"about {download} to download and {disk} on disk"

    @property
    def requirements(self) -> list[str]:
        """What pip has to install, as Lichen's own metadata states it."""
        marker = re.compile(rf"""extra\s*==\s*["']{self.name}["']""")
        lines = (line.partition(";") for line in importlib.metadata.requires("lichen") or [])
        return [requirement.strip() for requirement, _, rest in lines if marker.search(rest)]

    def _torch_share(self, megabytes: int) -> int:
        # Accelerate stands on PyTorch, so whatever needs the one brings the other.
        return megabytes if "accelerate" in self.packages and not _is_complete("torch") else 0


TRAIN = Extra("train", "training", ("torch", "torchvision", "accelerate"), 10, 40)
DREAM = Extra(
    "dream",
    "dreaming with diffusion models",
    ("diffusers", "transformers", "accelerate", "gguf"),
    40,
    150,
)
ONNX = Extra("onnx", "exporting to ONNX", ("onnx", "onnxruntime"), 45, 150)
LOG = Extra("log", "logging to TensorBoard or Weights & Biases", ("tensorboard", "wandb"), 45, 140)
EXTRAS = (TRAIN, DREAM, ONNX, LOG)


def is_installed(extra: Extra) -> bool:
    """Whether every package of an extra can be imported; nothing is imported to find out."""
    return all(map(_is_complete, extra.packages))


def find_extra(module: str) -> Extra | None:
    """The first extra that carries a module, by the module's dotted name."""
    package = module.partition(".")[0]
    return next((extra for extra in EXTRAS if package in extra.packages), None)


def missing_extra_sentence(extra: Extra, purpose: str | None = None) -> str:
    """What to tell a user who asked for something that an extra provides."""
    return (
        f"{purpose or extra.purpose} needs the '{extra.name}' extra ({extra.size}); "
        f"install it with: {install_command(extra)}"
    )


def install_command(extra: Extra) -> str:
    """The shell command that installs an extra into this environment from the current folder.

    Lichen is on no package index. A checkout is named as such; anywhere else the requirements
    are spelled out.
    """
    checkout = _checkout()
    what = ["-e", f"{_short(checkout)}[{extra.name}]"] if checkout else extra.requirements
    return shlex.join([_short(Path(sys.executable)), "-m", "pip", "install", *what])


def _is_complete(package: str) -> bool:
    """A package counts once its metadata is there too: a broken-off installation has none."""
    try:
        importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return find_spec(package) is not None


def _in_words(megabytes: int) -> str:
    return f"{megabytes} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def _checkout() -> Path | None:
    """The folder that an editable installation points at."""
    # Run from a checkout, the build's own metadata there comes first and knows no origin.
    for distribution in importlib.metadata.distributions(name="lichen"):
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        if origin.get("dir_info", {}).get("editable"):
            return Path(unquote(urlparse(origin["url"]).path))
    return None


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
