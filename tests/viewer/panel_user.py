"""Somebody who uses a panel: what its actions are tried with."""

import time
from collections.abc import Callable
from pathlib import Path

import moderngl
import numpy as np

from exporters.automaton_file import save_automaton
from exporters.picture_file import save_picture
from support import random_automaton
from viewer import actions
from viewer.controller import Controller
from viewer.opening import Opening
from viewer.picture_textures import PictureTextures
from viewer.settings import Settings
from viewer.shown import Shown
from viewer.stage import Stage
from viewer.training_actions import ShowTab, Tab

SETTINGS = Settings(grid_width=48, grid_height=40)
PATIENCE_SECONDS = 120.0


class PanelUser:
    """Asks a controller with an automaton that runs; one of its panels is open."""

    def __init__(self, context: moderngl.Context, folder: Path, tab: Tab) -> None:
        self.folder = folder
        automaton = folder / "moss.safetensors"
        save_automaton(random_automaton(4, 8), automaton)
        self.controller = Controller(SETTINGS, Stage(context, random_seed=1), (640, 480))
        self.controller.stage.expect(Opening.prepare(automaton, SETTINGS.grid, compile_ahead=False))
        self.controller.poll()
        self._textures = PictureTextures(context, 20)
        self.ask(ShowTab(tab))

    @property
    def shown(self) -> Shown:
        return self.controller.shown

    @property
    def told(self) -> str:
        shown = self.controller.messages.shown
        return shown.text if shown else ""

    def ask(self, *asked: actions.Action) -> None:
        for action in asked:
            self.controller.apply(action)

    def poll_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.told
            self.controller.poll()
            time.sleep(0.005)


def save_noise(path: Path, width: int, height: int, random_seed: int) -> Path:
    """A picture of noise."""
    generator = np.random.default_rng(random_seed)
    save_picture(generator.integers(0, 256, (height, width, 3), np.uint8), path)
    return path
