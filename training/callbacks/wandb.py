"""Weights & Biases: loss, videos, and the automaton itself as a page to play with.

Without an account, WANDB_MODE=offline keeps everything in the folder `wandb`.
"""

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import wandb
from wandb.errors import CommError

from exporters.errors import LichenError
from exporters.html import page
from training.callbacks.film import save_growth
from training.callbacks.stages import StageCallback
from training.loop import Training


class WandbLog(StageCallback):
    """Every iteration's loss; at each stage a video of the growth and the interactive page."""

    def __init__(self, project: str) -> None:
        super().__init__()
        self._project = project
        self._run: wandb.Run | None = None
        self._has_told_why_no_page = False

    def before_training(self, training: Training) -> None:
        """Begin a run. Raises LichenError where the service or its own rules do not let us."""
        super().before_training(training)
        trainer = training.trainer
        try:
            self._run = wandb.init(
                project=self._project,
                name=trainer.model.template.name,
                config={**vars(trainer.plan), "loss": trainer.target.description},
                # The terminal belongs to the progress bar.
                settings=wandb.Settings(console="off"),
            )
        except (wandb.Error, ValueError) as error:  # the latter of its environment variables
            reason = str(error).rstrip(".")
            raise LichenError(
                f"Weights & Biases began no run: {reason}{_way_in(error)}."
            ) from error
        # Its own count of steps may not go back, as ours does after a rollback.
        self._run.define_metric("*", step_metric="iteration")

    def after_step(self, training: Training) -> None:
        """Log the loss."""
        self._log(training, loss=training.progress.loss)
        super().after_step(training)

    def after_training(self, training: Training) -> None:
        """Log the end, and send what is still held back."""
        super().after_training(training)
        if self._run is not None:
            self._run.finish()

    def at_stage(self, training: Training) -> None:
        """Log what has been learnt, to look at and to play with."""
        with TemporaryDirectory() as folder:
            film = Path(folder) / "growth.mp4"
            save_growth(training.trainer, film)
            video = wandb.Video(str(film), format="mp4")
            self._log(training, growth=video, **self._page(training))

    def _page(self, training: Training) -> dict[str, wandb.Html]:
        """The page; the first time, where browsers cannot run the automaton, why there is none."""
        try:
            text = page([training.trainer.to_automaton()])
        except LichenError as error:
            if self._has_told_why_no_page:
                return {}
            self._has_told_why_no_page = True
            text = f"<p>{escape(str(error))}</p>"
        return {"automaton": wandb.Html(text, inject=False)}

    def _log(self, training: Training, **values: object) -> None:
        assert self._run is not None
        self._run.log({"iteration": training.trainer.iteration, **values})


def _way_in(error: Exception) -> str:
    """What to do where the account or the way to the service is what is missing."""
    is_about_account = isinstance(error, CommError) or "API key" in str(error)
    return "; sign in with 'wandb login', or set WANDB_MODE=offline" if is_about_account else ""
