"""How an automaton under training grows from its seed, as a video."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from exporters.content import furnished_state
from exporters.display import picture
from exporters.video import open_video
from training.trainer import Trainer

FRAMES = 60
STEPS_A_FRAME = 4
FRAMES_PER_SECOND = 20


def save_growth(trainer: Trainer, path: Path) -> None:
    """Write a few seconds of growth on a fresh grid; the training is untouched.

    Raises:
        LichenError: the ending is no video's, or the file cannot be written.
    """
    side = trainer.plan.grid_cells
    with open_video(path, side, side, FRAMES_PER_SECOND) as add:
        for shown in _growth(trainer, side):
            add(shown)


@torch.no_grad()
def _growth(trainer: Trainer, side: int) -> Iterator[NDArray[np.uint8]]:
    automaton = trainer.to_automaton()
    seed = furnished_state(automaton, side, side)
    model = trainer.model
    device = model.hidden_weight.device
    # A generator of its own: the training's must give what it would have given without us.
    generator = torch.Generator(device).manual_seed(trainer.plan.random_seed)
    state = torch.from_numpy(seed).permute(1, 2, 0)[None].contiguous().to(device)
    for _ in range(FRAMES):
        yield picture(automaton, state[0].permute(2, 0, 1).cpu().numpy())
        for _ in range(STEPS_A_FRAME):
            state = model(state, model.draw_mask(state, generator))
