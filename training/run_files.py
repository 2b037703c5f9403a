"""Where the files of a training lie: all beside the automaton or model, under its name."""

import os
from pathlib import Path

from exporters.errors import LichenError
from exporters.gallery import preview_path


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


def check_picture_stays(picture: Path, automaton_path: Path) -> None:
    """Raises LichenError where a training would write over a picture that it learns from."""
    written = (automaton_path, preview_path(automaton_path), checkpoint_path(automaton_path))
    for path in written:
        if os.path.exists(path) and os.path.exists(picture) and os.path.samefile(path, picture):
            raise LichenError(
                f"this training would overwrite {picture}, which it learns from; "
                "name another output."
            )
