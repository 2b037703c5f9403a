"""`lichen train FOLDER -o FOLDER`: one automaton for every picture, one after the other.

What is finished is left alone and what was interrupted goes on, so that the same command again
carries on where it stopped. A picture that cannot be learnt does not stop the others. A file of an
earlier run that is damaged is kept beside what takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

from exporters.atomic import check_writable
from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.gallery import SUFFIX
from training.callbacks.callback import Callback
from training.callbacks.candidates import Candidates
from training.callbacks.terminal import format_duration
from training.checkpoint import reading_checkpoint
from training.finish import finish_training
from training.interruption import interruptible
from training.loop import Training
from training.order import TrainingOrder
from training.out_of_memory import out_of_memory_explained
from training.prepare import prepare_trainer
from training.processes import Processes, join_processes
from training.protocol import CheckAdvanced
from training.run_files import (
    check_kept_apart,
    checkpoint_path,
    files_of_run,
    lock_path,
    pictures_to_learn,
    set_aside,
)
from training.run_status import claimed, note_phase, read_status, spent_seconds
from training.session import RunKeeper

REFRESHES_A_SECOND = 2


@dataclass
class Row:
    """A picture's line in the table."""

    order: TrainingOrder
    state: str = "waiting"
    iteration: int = 0
    loss: str = ""
    remaining: str = ""

    def tell_check(self, advanced: CheckAdvanced) -> None:
        """Say how far the check at the end is."""
        self.state = f"checking {advanced.completed:.0%}"

    def fail(self, reason: str, console: Console) -> None:
        """Say why it cannot be learnt."""
        self.state = "failed"
        self.tell(reason, console)

    def tell(self, sentence: str, console: Console) -> None:
        """Print what is to be known of its picture."""
        console.print(f"{self.order.credits.exemplar}: {sentence}", soft_wrap=True)


class RowProgress(Callback):
    """Keeps a row up to date."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def after_step(self, training: Training) -> None:
        """Note the newest figures."""
        progress = training.progress
        self._row.iteration = progress.iteration
        self._row.loss = f"{progress.loss:.3f}"
        self._row.remaining = format_duration(progress.remaining_seconds)


def train_folder(order: TrainingOrder, force: bool, keep_seconds: float, console: Console) -> int:
    """Train every picture of the folder `order.image` as the order says; the exit code.

    What a training has come to is kept every `keep_seconds`.

    Raises:
        LichenError: there is no picture in it, no place for the automata, or the launcher was told
            a precision that we lack.
    """
    rows = [Row(single) for single in orders_of_folder(order)]
    processes = join_processes(order.device)
    try:
        order.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot make the folder {order.output}: {error.strerror}.") from error
    check_writable(lock_path(rows[0].order.output))
    table = Live(
        get_renderable=lambda: _table(rows),
        console=console,
        refresh_per_second=REFRESHES_A_SECOND,
    )
    with table, interruptible() as interruption:
        for row in rows:
            if interruption.requested:
                break
            try:
                with claimed(row.order.output), out_of_memory_explained():
                    tell = partial(row.tell, console=console)
                    _train(row, force, keep_seconds, processes, interruption, tell)
            except LichenError as error:
                row.fail(str(error), console)
            except Exception as error:  # a fault of ours must not cost the other pictures
                row.fail(f"the training ended with {type(error).__name__}: {error}.", console)
    return int(any(row.state == "failed" for row in rows))


def orders_of_folder(order: TrainingOrder) -> list[TrainingOrder]:
    """An order for each picture of the folder, by name; previews of its automata are none.

    Raises:
        LichenError: there is no picture, two differ in their suffix alone, or one would be
            overwritten.
    """
    assert order.image is not None
    pictures = pictures_to_learn(order.image)
    if not pictures:
        raise LichenError(f"there is no picture in {order.image}; name another folder.")
    contents = pictures_to_learn(order.content) if order.content else []
    by_name = {path.stem: path for path in pictures}
    for path in pictures:
        if by_name[path.stem] != path:
            raise LichenError(
                f"{path} and {by_name[path.stem].name} would both become "
                f"{path.stem}{SUFFIX}; rename one of them."
            )
    outputs = [order.output / f"{name}{SUFFIX}" for name in by_name]
    written = [path for output in outputs for path in files_of_run(output)]
    check_kept_apart([*pictures, *contents, *filter(None, [order.weights])], written)
    return [
        replace(
            order,
            image=path,
            output=output,
            name=name,
            credits=replace(order.credits, exemplar=path.name),
        )
        for (name, path), output in zip(by_name.items(), outputs, strict=True)
    ]


def _train(
    row: Row,
    force: bool,
    keep_seconds: float,
    processes: Processes,
    stop: Callable[[], bool],
    tell: Callable[[str], None],
) -> None:
    """Train a row's picture, unless that is done; `tell` hears what else is to be known.

    Raises:
        LichenError: it cannot be learnt, or its automaton not written.
    """
    output, checkpoint = row.order.output, checkpoint_path(row.order.output)
    damaged = [] if force else _damaged_files(output)
    if not (force or damaged) and _is_finished(row.order):
        row.state = "done before"
        return
    has_checkpoint = not force and checkpoint.exists() and checkpoint not in damaged
    if output.exists() and not (has_checkpoint or force or damaged):
        raise LichenError(f"{output} exists; --force replaces it.")
    row.state = "preparing"
    order = replace(row.order, resume=has_checkpoint)
    if has_checkpoint:
        order = replace(order, age_steps=0)  # The pool that was kept has aged already.
    trainer = prepare_trainer(order, processes, tell)
    for path in damaged:
        tell(f"{path} is damaged; it is kept as {set_aside(path).name} and made anew.")
    training = Training(
        trainer,
        order.budget,
        [RowProgress(row), Candidates(), RunKeeper(order.output, keep_seconds)],
        earlier_seconds=spent_seconds(order.output) if order.resume else 0.0,
    )
    row.state = "training"
    training.run(stop)
    if training.progress.completed < 1:
        row.state = "stopped"
        return
    _, verdict = finish_training(trainer, order.output, order.check, row.tell_check)
    note_phase(order.output, "finished", str(verdict or ""))
    row.state = "done" if verdict is None else verdict.word


def _damaged_files(output: Path) -> list[Path]:
    """The automaton that an earlier run left here, if it cannot be read, and its checkpoint too."""
    checkpoint = checkpoint_path(output)
    is_left_by_a_run = checkpoint.exists() or read_status(output) is not None
    if not (is_left_by_a_run and output.exists()):
        return []
    try:
        load_automaton(output)
        return []
    except LichenError:
        if not checkpoint.exists():
            return [output]
    try:
        with reading_checkpoint(checkpoint):
            return [output]
    except LichenError:
        return [output, checkpoint]


def _is_finished(order: TrainingOrder) -> bool:
    """Whether an earlier run has trained it for as long as the order asks for, and it is there."""
    status = read_status(order.output)
    if status is None or status.phase != "finished" or not order.output.exists():
        return False
    return order.budget.completed(status.iteration, status.elapsed_seconds) >= 1


def _table(rows: list[Row]) -> Table:
    table = Table("picture", "iteration", "loss", "state", "time left")
    for row in rows:
        figures = (str(row.iteration or ""), row.loss)
        table.add_row(row.order.credits.exemplar, *figures, row.state, row.remaining)
    return table
