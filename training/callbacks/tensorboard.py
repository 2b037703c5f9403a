"""Loss and pictures for TensorBoard: look at them with `tensorboard --logdir FOLDER`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from exporters.errors import LichenError
from training.callbacks.callback import Callback
from training.callbacks.image_log import EVERY_ITERATIONS, pool_strip
from training.loop import Training


class TensorBoardLog(Callback):
    """Every iteration's loss, what the training aims at, and the pool every so often."""

    order = 10

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: SummaryWriter | None = None

    def before_training(self, training: Training) -> None:
        """Open the log; what an earlier run wrote beyond the resumed iteration is hidden.

        Raises:
            LichenError: the folder cannot be written to.
        """
        settings = [f"    {name}: {value}" for name, value in vars(training.trainer.plan).items()]
        text = "\n".join([training.trainer.target.description, "", *settings])
        _hush_writers()
        with self._refusals_told():
            self._writer = SummaryWriter(self._folder, purge_step=training.trainer.iteration + 1)
            self._writer.add_text("training", text)

    def after_step(self, training: Training) -> None:
        """Log the iteration. Raises LichenError where the disk is full."""
        assert self._writer is not None
        progress = training.progress
        with self._refusals_told():
            self._writer.add_scalar("loss", progress.loss, progress.iteration)
            if progress.iteration % EVERY_ITERATIONS == 0:
                strip = pool_strip(training.trainer)
                self._writer.add_image("pool", strip, progress.iteration, dataformats="HWC")

    def after_training(self, training: Training) -> None:
        """Write what is still held back. Raises LichenError where the disk is full."""
        assert self._writer is not None
        with self._refusals_told():
            self._writer.close()

    @contextmanager
    def _refusals_told(self) -> Iterator[None]:
        """Raises LichenError where the disk refuses what the block writes."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise LichenError(f"cannot write to {self._folder}: {reason}.") from error


@cache
def _hush_writers() -> None:
    """Print no traceback of a writer's thread: it hands its error on to whoever calls it next."""
    usual_hook = threading.excepthook

    def hook(failure: threading.ExceptHookArgs) -> None:
        is_writer = type(failure.thread).__module__.startswith("tensorboard.")
        if not (is_writer and isinstance(failure.exc_value, OSError)):
            usual_hook(failure)

    threading.excepthook = hook
