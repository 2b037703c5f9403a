"""Progress bars on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as BarOnTerminal

from training.callbacks.callback import Callback
from training.loop import Progress, Training
from training.protocol import CheckAdvanced

LOSS_MEMORY = 0.95


class ProgressBar:
    """A bar with iteration, smoothed loss and the time left; plain lines where piped."""

    def __init__(self, console: Console) -> None:
        self._bar = BarOnTerminal(
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

    def start(self) -> None:
        """Show the bar, if it is not shown yet."""
        self._bar.start()

    def show(self, progress: Progress) -> None:
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

    def stop(self) -> None:
        """Leave the bar as it stands."""
        self._bar.stop()


class TerminalProgress(Callback):
    """A progress bar, and a word about what is not progress."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = ProgressBar(console)

    def before_training(self, training: Training) -> None:
        """Show the bar."""
        self._bar.start()

    def after_step(self, training: Training) -> None:
        """Show the newest figures."""
        self._bar.show(training.progress)

    def after_rollback(self, training: Training) -> None:
        """Say what happened."""
        self._console.print(
            "the loss was no longer a number; went back to iteration "
            f"{training.trainer.iteration} and on at half the learning rate"
        )

    def after_training(self, training: Training) -> None:
        """Leave the bar as it stands."""
        self._bar.stop()


@contextmanager
def check_bar(console: Console) -> Iterator[Callable[[CheckAdvanced], None]]:
    """A bar for the check at the end, gone when it is done; nothing where piped."""
    bar = BarOnTerminal(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=console,
        refresh_per_second=2,
        transient=True,
        disable=not console.is_terminal,
    )
    task = bar.add_task("", total=1.0, visible=False)

    def tell(advanced: CheckAdvanced) -> None:
        description = f"{advanced.headline.lower()}: {advanced.watching}"
        bar.update(task, completed=advanced.completed, description=description, visible=True)

    with bar:
        yield tell


def format_duration(seconds: float) -> str:
    """Minutes and seconds, as 12:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
