"""Where the files of a training lie: all beside the automaton or model, under its name."""

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from exporters.errors import LichenError
from exporters.gallery import SUFFIX, preview_path
from exporters.picture_file import pictures_in

# A file's device and number on it, or its path where there is none yet.
_Identity = tuple[int, int] | str


def checkpoint_path(automaton_path: Path) -> Path:
    """What a training goes on from."""
    return automaton_path.with_name(f"{automaton_path.stem}.checkpoint.pt")


def log_path(automaton_path: Path) -> Path:
    """What a worker process and the libraries in it had to say."""
    return automaton_path.with_name(f"{automaton_path.stem}.log")


def status_path(automaton_path: Path) -> Path:
    """How a worker's training stands; see `training.run_status`."""
    return automaton_path.with_name(f"{automaton_path.stem}.status.json")


def lock_path(automaton_path: Path) -> Path:
    """What a worker holds locked as long as it lives."""
    return automaton_path.with_name(f"{automaton_path.stem}.lock")


def samples_path(model_path: Path) -> Path:
    """What a diffusion model imagines so far, in one picture."""
    return model_path.with_name(f"{model_path.stem}.samples.png")


def pictures_to_learn(source: Path) -> list[Path]:
    """A picture, or those of a folder by name; previews of the automata in it are none.

    Raises LichenError where the folder may not be read.
    """
    if not os.path.isdir(source):  # says no to what may not be looked at
        return [source]
    return [picture for picture in pictures_in(source) if not _is_preview(picture)]


def files_of_run(automaton_path: Path) -> list[Path]:
    """An automaton and all that a training on the command line writes beside it."""
    beside = (preview_path, checkpoint_path, status_path, lock_path)
    return [automaton_path, *(path_of(automaton_path) for path_of in beside)]


def check_kept_apart(read: Iterable[Path], written: Iterable[Path]) -> None:
    """Raises LichenError where a training would write over what it reads, or one file twice."""
    outputs: set[_Identity] = set()
    for path in written:
        identity = _identity(path)
        if identity in outputs:
            raise LichenError(f"this training would write {path} twice; choose different names.")
        outputs.add(identity)
    for path in read:
        if _identity(path) in outputs:
            raise LichenError(
                f"this training would overwrite {path}, which it learns from; "
                "choose another name for what it writes."
            )


def set_aside(path: Path) -> Path:
    """Rename a damaged file, to a name that is free. Raises LichenError where that cannot be."""
    names = (path.with_name(f"{path.name}.damaged-{number}") for number in count(1))
    free = next(name for name in names if not name.exists())
    try:
        return path.rename(free)
    except OSError as error:
        raise LichenError(f"cannot rename {path}: {error.strerror}.") from error


def _identity(path: Path) -> _Identity:
    """The same for all names of a file, whether or not it is there yet."""
    try:
        found = os.stat(path)
    except OSError:
        return os.path.realpath(path)
    return found.st_dev, found.st_ino


def _is_preview(picture: Path) -> bool:
    """Whether it shows an automaton that lies beside it."""
    automaton = picture.with_name(f"{Path(picture.stem).stem}{SUFFIX}")
    return picture == preview_path(automaton) and os.path.exists(automaton)
