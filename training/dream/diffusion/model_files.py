"""Where a diffusion model lies and what its files say of it, before any library is loaded."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from exporters.errors import LichenError
from training.dream.diffusion import hub
from training.dream.diffusion.model_kinds import ModelKind, recognise
from training.dream.dreamer import Tell

HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w.-]+")
SINGLE_FILE_SUFFIXES = (".safetensors", ".ckpt")
FAMILIES = ("StableDiffusion", "StableDiffusionXL", "LatentConsistencyModel")
KNOWN_PIPELINES = tuple(
    f"{family}{task}Pipeline" for family in FAMILIES for task in ("", "Img2Img")
)


@dataclass(frozen=True)
class ModelFiles:
    """A folder with a pipeline's parts, or one file with all its weights.

    Of a file, `settings` is the folder that says how to read it, None where there is none.
    """

    name: str
    path: Path
    settings: Path | None

    @property
    def is_single_file(self) -> bool:
        """Whether all weights lie in one file."""
        return self.path != self.settings

    @property
    def class_name(self) -> str:
        """The pipeline's class, empty where nothing tells."""
        return str(self._read(hub.MODEL_INDEX).get("_class_name", ""))

    @cached_property
    def kind(self) -> ModelKind:
        """What suits it."""
        return recognise(
            self.name,
            self.class_name,
            self._read("scheduler/scheduler_config.json"),
            self._read("unet/config.json"),
        )

    @property
    def variant(self) -> str | None:
        """Which form of its weights is there, None for the plain one."""
        weights = [path.name for path in (self.path / "unet").glob("*.*")]
        is_half = any(hub.HALF in name for name in weights)
        is_plain = any(name.endswith(hub.WEIGHTS) and hub.HALF not in name for name in weights)
        return "fp16" if is_half and not is_plain else None

    def _read(self, name: str) -> Mapping[str, Any]:
        return {} if self.settings is None else read_settings(self.settings / name)


def find_model(name: str, download: bool, tell: Tell = print) -> ModelFiles:
    """Find a local folder, a single file or a model in the hub's cache; fetch it where allowed.

    A model that has to be fetched is told of first, since that may take long.

    Raises:
        LichenError: there is none, it is no pipeline, or it would have to be fetched.
    """
    path = Path(os.path.expanduser(name))
    if not name:
        raise LichenError("name a diffusion model: a folder, a .safetensors file or owner/name.")
    try:
        if path.is_dir():
            check_pipeline(path)
            return ModelFiles(path.resolve().name, path, path)
        if path.is_file():
            return _single_file(path)
    except OSError as error:  # a name too long for any disk, a folder that may not be read
        raise LichenError(f"cannot read the model {name:.60}: {error.strerror}.") from error
    if not HUB_NAME.fullmatch(name) or path.suffix in SINGLE_FILE_SUFFIXES:
        raise LichenError(
            f"there is no folder or file {name}; check the path, or name a model of the hub as "
            "owner/name."
        )
    folder = folder_on_hub(name, hub.PIPELINE, missing_parts, download, tell)
    check_pipeline(folder)
    return ModelFiles(name, folder, folder)


def folder_on_hub(
    name: str,
    layout: hub.Layout,
    missing: Callable[[Path], list[str]],
    download: bool,
    tell: Tell,
) -> Path:
    """A model in the hub's cache, fetched where parts are missing there and that is allowed.

    Raises:
        LichenError: it would have to be fetched, or could not be.
    """
    folder = hub.cached_folder(name, layout)
    if folder is None or missing(folder):
        if not download:
            raise LichenError(_permission_needed(name, layout))
        tell(f"fetching {_amount(name, layout)} from the hub.")
        folder = hub.download(name, layout)
    return folder


def check_pipeline(folder: Path) -> None:
    """Raise LichenError where a folder holds no pipeline that could dream, or but a part of one."""
    if not (folder / hub.MODEL_INDEX).is_file():
        raise LichenError(
            f"the folder {folder} holds no diffusion pipeline: it has no {hub.MODEL_INDEX}; name "
            "the folder that has one."
        )
    class_name = read_settings(folder / hub.MODEL_INDEX).get("_class_name")
    if class_name not in KNOWN_PIPELINES:
        raise LichenError(
            f"{folder} is a {class_name}, which cannot dream; take a Stable Diffusion 1, 2, XL, "
            "Turbo or LCM model."
        )
    if missing := missing_parts(folder):
        raise LichenError(f"the pipeline in {folder} is not whole; it lacks {', '.join(missing)}.")


def missing_parts(folder: Path) -> list[str]:
    """The parts that a pipeline's index names and that have no folder."""
    return [
        name
        for name, part in read_settings(folder / hub.MODEL_INDEX).items()
        if isinstance(part, list) and part[:1] != [None] and not (folder / name).is_dir()
    ]


def read_settings(path: Path) -> Mapping[str, Any]:
    """The object in a JSON file, empty where there is no file.

    Raises:
        LichenError: it holds something else.
    """
    if not path.is_file():
        return {}
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LichenError(f"{path} cannot be read; fetch the model once more.") from error
    if not isinstance(values, dict):
        raise LichenError(f"{path} holds no settings; fetch the model once more.")
    return values


def _single_file(path: Path) -> ModelFiles:
    """A file, and the folder beside it that is called like it, if it holds settings."""
    if path.suffix not in SINGLE_FILE_SUFFIXES:
        raise LichenError(
            f"{path} is no diffusion model; name a {' or '.join(SINGLE_FILE_SUFFIXES)} file, or a "
            f"folder with a {hub.MODEL_INDEX}."
        )
    beside = path.with_suffix("")
    settings = beside if (beside / hub.MODEL_INDEX).is_file() else None
    return ModelFiles(path.stem, path, settings)


def _permission_needed(name: str, layout: hub.Layout) -> str:
    return (
        f"there is no folder {name}, and the model of that name is not on this machine; name a "
        f"local folder, or allow with --download that {_amount(name, layout)} be fetched from the "
        "hub."
    )


def _amount(name: str, layout: hub.Layout) -> str:
    size_bytes = hub.ask_size(name, layout)
    if size_bytes is None:
        return f"{name} (the hub, which knows how much that is, does not answer)"
    if size_bytes >= 10**9:
        return f"{size_bytes / 10**9:.1f} GB of {name}"
    return f"{max(1, round(size_bytes / 10**6))} MB of {name}"
