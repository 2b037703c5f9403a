"""Models on the Hugging Face hub: what lies in its cache, what is lacking, and fetching it.

Nothing here but `ask_size` and the two that fetch uses the network, and no model is asked for
unless the user named it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from exporters.errors import LichenError

PATIENCE_SECONDS = 5.0
WEIGHTS = (".safetensors", ".bin")
SETTINGS = (".json", ".txt", ".model")
# Half precision is half as much to fetch; no picture shows it.
HALF = ".fp16"
MODEL_INDEX = "model_index.json"
MODEL_SETTINGS = "config.json"


@dataclass(frozen=True)
class Layout:
    """How a kind of model lies on the hub: the file that tells it, and those it is loaded from."""

    index: str
    needed_files: Callable[[Iterable[str]], list[str]]


def needed_files(names: Iterable[str]) -> list[str]:
    """Those of a repository's files that a pipeline is loaded from.

    Each part has a folder of its own, which may hold the same weights in several forms.
    """
    parts: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        if len(path.parts) == 2 or name == MODEL_INDEX:
            parts.setdefault(path.parent.name, []).append(name)
    return [name for part in parts.values() for name in _needed_of_part(part)]


def needed_of_one_folder(names: Iterable[str]) -> list[str]:
    """The same of a model that has no parts; the plain weights, whatever other forms there are."""
    return _needed_of_part([name for name in names if "/" not in name and HALF not in name])


def _needed_of_part(names: list[str]) -> list[str]:
    settings = [name for name in names if name.endswith(SETTINGS) and ".index." not in name]
    for suffix in WEIGHTS:
        weights = [name for name in names if name.endswith(suffix) and _is_torch(name)]
        halves = [name for name in weights if HALF in name]
        plain = [name for name in weights if PurePosixPath(name).stem.count(".") == 0]
        if halves or plain:
            chosen = halves or plain
            indices = [
                name
                for name in names
                if name.endswith(f"{suffix}.index{HALF}.json" if halves else f"{suffix}.index.json")
            ]
            return [*settings, *indices, *chosen]
    return settings


def _is_torch(name: str) -> bool:
    """Whether it is no export for another library (`openvino_model.bin`, `flax_model...`)."""
    return PurePosixPath(name).name.startswith(("diffusion_pytorch_model", "model", "pytorch_"))


PIPELINE = Layout(MODEL_INDEX, needed_files)
ONE_FOLDER = Layout(MODEL_SETTINGS, needed_of_one_folder)


def cached_folder(name: str, layout: Layout = PIPELINE) -> Path | None:
    """Where a model, by default a pipeline, lies that was fetched before; None if it was not."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, layout.index)
    except HFValidationError:
        return None
    return Path(found).parent if isinstance(found, str) else None


def ask_size(name: str, layout: Layout = PIPELINE) -> int | None:
    """How many bytes `download` would fetch; None where the hub does not tell."""
    try:
        sizes = _file_sizes(name)
    except LichenError:
        return None
    return sum(sizes[file] for file in layout.needed_files(sizes))


def download(name: str, layout: Layout = PIPELINE) -> Path:
    """Fetch the files that a model, by default a pipeline, needs into the hub's own cache.

    Raises:
        LichenError: it could not be fetched.
    """
    return _fetch(name, layout.needed_files(_file_sizes(name)))


def download_settings(name: str) -> Path:
    """Fetch a model's settings and tokenizers without its weights, a few megabytes."""
    return _fetch(name, [f"*{suffix}" for suffix in SETTINGS])


def _file_sizes(name: str) -> Mapping[str, int]:
    from huggingface_hub import HfApi

    try:
        info = HfApi().model_info(name, files_metadata=True, timeout=PATIENCE_SECONDS)
    except Exception as error:  # the hub's own errors, the network's and those of a proxy
        raise _unreachable(name) from error
    return {file.rfilename: file.size or 0 for file in info.siblings or ()}


def _fetch(name: str, files: list[str]) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    try:
        return Path(snapshot_download(name, allow_patterns=files))
    except Exception as error:
        raise _unreachable(name) from error


def _unreachable(name: str) -> LichenError:
    return LichenError(
        f"the model {name!r} could not be fetched from the hub; check the name and the network, "
        "and log in where its licence asks for it, or name a local folder."
    )
