"""The models that are here to dream or train with; of files only the headers are read."""

import json
import os
from pathlib import Path

import platformdirs
from safetensors import SafetensorError, safe_open

from training.dream.writing_order import GGUF_SUFFIX

MODEL_INDEX = "model_index.json"
SETTINGS = "config.json"
# As the settings of transformers call it.
CLIP = "clip"
SINGLE_FILE_SUFFIXES = (".safetensors", ".ckpt")
# What the hub's own library calls the folder of a repository of models.
HUB_PREFIX = "models--"
# By this entry a file is known that `lichen train-dreamer` wrote.
OWN_MODEL_KEY = "lichen_dreamer"


def models_folder() -> Path:
    """Where the user may keep models to find them in the panel; it may not exist yet."""
    return platformdirs.user_data_path("lichen", appauthor=False) / "models"


def known_models() -> tuple[str, ...]:
    """Diffusion pipelines on this disk: folders and files of the user's, then names of the hub."""
    own = own_models()
    found = (
        str(path)
        for path in _in_models_folder()
        if (path / MODEL_INDEX).is_file()
        or (path.suffix in SINGLE_FILE_SUFFIXES and path not in own)
    )
    return (*found, *_fetched_models())


def known_clips() -> tuple[str, ...]:
    """CLIP models, which read prompts: folders of the user's, then names of the hub."""
    found = (str(path) for path in _in_models_folder() if _model_type(path) == CLIP)
    return (*found, *_fetched_models(SETTINGS, CLIP))


def known_writers() -> tuple[str, ...]:
    """Language models in the models' folder: as transformers saves them, or packed in one file."""
    return tuple(
        str(path)
        for path in _in_models_folder()
        if path.suffix == GGUF_SUFFIX
        or (_model_type(path) not in (None, CLIP) and not (path / MODEL_INDEX).is_file())
    )


def own_models() -> tuple[Path, ...]:
    """What `lichen train-dreamer` wrote into the models' folder."""
    return tuple(filter(is_own_model, _in_models_folder()))


def is_own_model(path: Path) -> bool:
    """Whether `lichen train-dreamer` wrote a file."""
    if path.suffix != ".safetensors" or not path.is_file():
        return False
    try:
        with safe_open(path, framework="numpy") as file:
            return OWN_MODEL_KEY in (file.metadata() or {})
    except (OSError, SafetensorError):
        return False


def _in_models_folder() -> list[Path]:
    folder = models_folder()
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _model_type(folder: Path) -> str | None:
    """What a folder of transformers says it holds, "" for what says nothing, None for no such."""
    settings = folder / SETTINGS
    if not settings.is_file():
        return None
    try:
        return str(json.loads(settings.read_text("utf-8")).get("model_type", ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""


def _fetched_models(index: str = MODEL_INDEX, kind: str | None = None) -> tuple[str, ...]:
    """Names as owner/name of what was fetched from the hub before and has such a file.

    With a kind only models of that type.
    """
    cache = _hub_cache()
    found = cache.glob(f"{HUB_PREFIX}*/snapshots/*/{index}") if cache.is_dir() else ()
    names = {
        path.parents[2].name.removeprefix(HUB_PREFIX).replace("--", "/", 1)
        for path in found
        if kind is None or _model_type(path.parent) == kind
    }
    return tuple(sorted(names))


def _hub_cache() -> Path:
    """As the hub's library documents it; importing that one takes too long."""
    home = os.environ.get("HF_HOME") or "~/.cache/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()
