"""A callback of the user's own, whose mistakes are told in one sentence and cost no work."""

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from exporters.errors import LichenError
from training.callbacks.callback import Callback

if TYPE_CHECKING:
    from training.loop import Training


class OwnCallback(Callback):
    """Hands each hook on to the user's callback, out of `file`, and explains what it raises."""

    def __init__(self, callback: Callback, file: Path) -> None:
        self.order = callback.order
        self._callback = callback
        self._file = file

    def before_training(self, training: "Training") -> None:
        """Raises LichenError, as all hooks do, where the user's own raises anything."""
        self._call("before_training", training)

    def after_predict(self, training: "Training") -> None:
        """Hand on."""
        self._call("after_predict", training)

    def after_loss(self, training: "Training") -> None:
        """Hand on."""
        self._call("after_loss", training)

    def after_backward(self, training: "Training") -> None:
        """Hand on."""
        self._call("after_backward", training)

    def after_step(self, training: "Training") -> None:
        """Hand on."""
        self._call("after_step", training)

    def after_rollback(self, training: "Training") -> None:
        """Hand on."""
        self._call("after_rollback", training)

    def after_training(self, training: "Training") -> None:
        """Hand on."""
        self._call("after_training", training)

    def _call(self, hook: str, training: "Training") -> None:
        try:
            getattr(self._callback, hook)(training)
        except LichenError:
            raise
        except Exception as error:  # the file is somebody's own program
            reason = " ".join("".join(traceback.format_exception_only(error)).split())
            raise LichenError(
                f"the callback {type(self._callback).__name__} failed in {hook} "
                f"({self._place(error)}): {reason.rstrip('.')}."
            ) from error

    def _place(self, error: Exception) -> str:
        """Where in the user's file it happened; the file alone where none of its lines ran."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(self._file)]
        return f"{self._file}:{lines[-1]}" if lines else str(self._file)
