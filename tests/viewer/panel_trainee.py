"""Somebody who uses the training panel."""

from pathlib import Path

import moderngl
from panel_user import PanelUser, save_noise

from viewer.panels.training_state import RunState, TrainingState
from viewer.training_actions import PrepareTraining, StartTraining
from viewer.training_desk import TrainingDesk
from viewer.training_pictures import TrainingPictures


class Trainee(PanelUser):
    """Has the training panel open."""

    def __init__(self, context: moderngl.Context, folder: Path) -> None:
        super().__init__(context, folder, "train")
        self._pictures = TrainingPictures(context, (200, 100), 40)

    @property
    def desk(self) -> TrainingDesk:
        return self.controller.training

    @property
    def panel(self) -> TrainingState:
        return self.desk.state(self._pictures)

    @property
    def run(self) -> RunState:
        assert self.panel.run is not None
        return self.panel.run

    def prepare(self, behaviour: str) -> None:
        """Open a picture whose name tells the worker what to do."""
        path = save_noise(self.folder / f"{behaviour}.png", 60, 40, random_seed=0)
        self.ask(PrepareTraining(path))

    def train(self, *behaviours: str) -> None:
        """One after the other; the first has begun."""
        for behaviour in behaviours:
            self.prepare(behaviour)
            self.ask(StartTraining())
        self.poll_until(lambda: self.panel.run is not None)
