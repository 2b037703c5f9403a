"""What happens after an iteration: progress on the terminal, files in the folder."""

import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

import training.loop
from exporters.automaton_file import save_automaton
from exporters.gallery import preview_path
from exporters.picture_file import save_picture
from training.checkpoint import checkpoint_path, save_checkpoint
from training.trainer import Trainer, to_pictures

LOSS_MEMORY = 0.95


class TerminalProgress:
    """A bar with iteration, smoothed loss and the time left; plain lines where piped."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn("iteration {task.fields[iteration]}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("loss {task.fields[loss]:.3f}"),
            TextColumn("{task.fields[remaining]} left"),
            console=console,
            refresh_per_second=2,
        )
        self._task = self._bar.add_task("", total=1.0, iteration=0, loss=0.0, remaining="?")
        self._loss: float | None = None

    def __enter__(self) -> "TerminalProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, trainer: Trainer, progress: training.loop.Progress) -> None:
        """Show the newest figures."""
        previous = progress.loss if self._loss is None else self._loss
        self._loss = LOSS_MEMORY * previous + (1 - LOSS_MEMORY) * progress.loss
        self._bar.update(
            self._task,
            completed=progress.completed,
            iteration=progress.iteration,
            loss=self._loss,
            remaining=format_duration(progress.remaining_seconds),
        )


class FolderKeeper:
    """Writes automaton, preview and checkpoint every so often."""

    def __init__(self, output: Path, every_seconds: float) -> None:
        self._output = output
        self._every_seconds = every_seconds
        self._written_seconds = time.monotonic()

    def __call__(self, trainer: Trainer, progress: training.loop.Progress) -> None:
        """Write if it is time. Raises LichenError where a file cannot be written."""
        if time.monotonic() - self._written_seconds >= self._every_seconds:
            self.keep(trainer)
            save_picture(pool_mosaic(trainer), preview_path(self._output))
            self._written_seconds = time.monotonic()

    def keep(self, trainer: Trainer) -> None:
        """Write automaton and checkpoint now. Raises LichenError where they cannot be written."""
        save_automaton(trainer.to_automaton(), self._output)
        save_checkpoint(trainer, checkpoint_path(self._output))


def pool_mosaic(trainer: Trainer) -> NDArray[np.uint8]:
    """Four states of the pool, side by side, uint8 [2 * side, 2 * side, 3]."""
    pictures = to_pictures(trainer.pool.states[:4]).clamp(0, 1)
    rows = [pictures[index : index + 2].permute(2, 0, 3, 1).flatten(1, 2) for index in (0, 2)]
    levels = (torch.cat(rows) * 255).round().byte()
    return levels.numpy()


def format_duration(seconds: float) -> str:
    """Minutes and seconds, as 12:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
