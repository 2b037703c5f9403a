"""Who looks on while a diffusion model learns: the terminal, and the files beside the model."""

import time
from pathlib import Path

from rich.console import Console

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.callbacks.terminal import ProgressBar
from training.checkpoint import reading_checkpoint, write_checkpoint
from training.dream.own.loop import Watcher
from training.dream.own.model_file import ModelFacts, OwnModel, save_model
from training.dream.own.plan import DreamerPlan
from training.dream.own.samples import sample_grid
from training.dream.own.trainer import DreamerTrainer
from training.loop import Progress
from training.plain_json import from_plain, to_plain
from training.run_files import checkpoint_path, samples_path


class Bar(Watcher):
    """A progress bar with loss and time left."""

    def __init__(self, console: Console) -> None:
        self._bar = ProgressBar(console)

    def watch(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Show the newest figures."""
        self._bar.start()
        self._bar.show(progress)

    def end(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Leave the bar as it stands."""
        self._bar.stop()


class ModelKeeper(Watcher):
    """Writes model, checkpoint and samples every so often, and at the end."""

    def __init__(self, output: Path, every_seconds: float, training_command: str) -> None:
        self._output = output
        self._every_seconds = every_seconds
        self._training_command = training_command
        self._written_seconds = time.monotonic()

    def watch(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Write if it is time. Raises LichenError where a file cannot be written."""
        if time.monotonic() - self._written_seconds >= self._every_seconds:
            self.end(trainer, progress)

    def end(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Write what there is, if anything. Raises LichenError where a file cannot be written."""
        if not trainer.iteration:
            return
        plan = trainer.plan
        facts = ModelFacts(
            plan.widths,
            plan.patch_pixels,
            plan.schedule,
            trainer.source.description,
            trainer.iteration,
            self._training_command,
        )
        save_model(OwnModel(trainer.denoiser, facts), self._output)
        save_trainer(trainer, checkpoint_path(self._output))
        save_picture(sample_grid(trainer.denoiser, plan), samples_path(self._output))
        self._written_seconds = time.monotonic()


def save_trainer(trainer: DreamerTrainer, path: Path) -> None:
    """Raises LichenError where the file cannot be written."""
    write_checkpoint({"plan": to_plain(trainer.plan), "trainer": trainer.state_dict()}, path)


def load_trainer(trainer: DreamerTrainer, path: Path) -> None:
    """Bring a trainer of the same widths to where the checkpoint was saved.

    Raises:
        LichenError: there is no such checkpoint, it is damaged, or of other widths.
    """
    with reading_checkpoint(path) as content:
        saved: DreamerPlan = from_plain(DreamerPlan, content["plan"])
        if saved.widths != trainer.plan.widths:
            widths = ",".join(map(str, saved.widths))
            raise LichenError(f"{path} was trained with --widths {widths}; resume with the same.")
        trainer.load_state_dict(content["trainer"])
