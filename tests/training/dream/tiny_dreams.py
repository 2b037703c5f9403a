"""Dreams of tiny diffusion models: the frame, the settings, and what is measured of them."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.dream.camera import Picture
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.dreamer import ShouldStop, Tell
from training.dream.first_pictures import FirstPictures
from training.dream.journey import FrameSettings

SIDE = 32
STEPS = 4
FRAME: Picture = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)


def settings(**changes: Any) -> FrameSettings:
    values: dict[str, Any] = {
        "prompts": (("a pond of koi", 1.0),),
        "zoom": 1.02,
        "vanishing_point": (0.5, 0.5),
        "rotation_degrees": 0.0,
        "strength": 0.5,
        "guidance": 7.0,
        "palette_match": 0.0,
        "random_seed": 3,
    }
    return FrameSettings(**{**values, **changes})


def never() -> bool:
    return False


def open_dreamer(
    model: Path, should_stop: ShouldStop = never, tell: Tell = print, **options: Any
) -> DiffusersDreamer:
    return DiffusersDreamer(
        DiffusersOptions(model=str(model), **{"steps": STEPS, **options}),
        (SIDE, SIDE),
        should_stop,
        tell,
    )


def pipeline_of(dreamer: DiffusersDreamer | FirstPictures) -> Any:
    return dreamer._imagination.pipeline


def count_calls(module: torch.nn.Module) -> list[None]:
    calls: list[None] = []
    module.register_forward_hook(lambda *_: calls.append(None))
    return calls


def difference(one: Picture, other: Picture) -> float:
    return float(np.abs(one - other).mean())


def copy_as(name: str, folder: Path) -> Path:
    """A model of another name beside that one."""
    copy = folder.parent / name
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    return copy
