"""`lichen train IMAGE -o FILE`: learn a texture, or grow a form, and leave an automaton."""

import argparse
import os
import shlex
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rich.console import Console

from exporters.atomic import check_writable
from exporters.automaton_file import load_automaton
from exporters.console import plain_console
from exporters.errors import LichenError
from exporters.gallery import SUFFIX
from training.callbacks.candidates import Candidates
from training.callbacks.choose import callback_file, chosen_callbacks
from training.callbacks.image_log import logged_pictures
from training.callbacks.keeper import FolderKeeper, ReplacingKeeper
from training.callbacks.terminal import TerminalProgress, check_bar
from training.checkpoint import save_checkpoint
from training.exemplars.emoji import shows_emoji
from training.finish import finish_training
from training.folder import train_folder
from training.interruption import interruptible
from training.learning_rate import suggest_learning_rate, try_learning_rates
from training.loop import EndComplaint, Training
from training.options import add_arguments, to_order
from training.order import TrainingOrder
from training.out_of_memory import out_of_memory_explained
from training.prepare import prepare_trainer
from training.processes import Processes, join_processes, refuse_company
from training.run_files import (
    check_kept_apart,
    checkpoint_path,
    files_of_run,
    pictures_to_learn,
)
from training.run_status import claimed

# Three decades in steps that still let the smoothed loss follow.
FINDER_ITERATIONS = 100
# Options that name one file, run or automaton, which many pictures cannot share.
SINGLE_PICTURE_OPTIONS = ("name", "report", "log_images", "tensorboard", "wandb", "callback")

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Train; Ctrl-C keeps what is there. Raises LichenError for what the user can mend."""
    console = plain_console(stderr=True)
    order = to_order(arguments)
    _check_options(order, arguments)
    if arguments.find_learning_rate:
        refuse_company("the search for a learning rate")
        if order.image is not None and os.path.isdir(order.image):
            raise LichenError(
                f"{order.image} is a folder; name one of its pictures to --find-learning-rate."
            )
        with out_of_memory_explained():
            return _find_learning_rate(order, console)
    # Not by the path's own method, which fails where a folder may not be looked into.
    if order.image is not None and os.path.isdir(order.image):
        refuse_company("a folder")
        _check_folder_options(arguments)
        return train_folder(order, arguments.force, arguments.preview_every, console)
    _check_output(order, arguments)
    with out_of_memory_explained():
        processes = join_processes(order.device)
        if processes.rank > 0:
            return _train(order, arguments, console, processes)
        with claimed(order.output):
            return _train(order, arguments, console, processes)


def _train(
    order: TrainingOrder, arguments: argparse.Namespace, console: Console, processes: Processes
) -> int:
    """Train one picture; of several processes the first alone prints and writes."""
    is_first = processes.rank == 0
    console.quiet = not is_first
    chosen = chosen_callbacks(arguments, order, is_first)
    tell = partial(console.print, soft_wrap=True)
    trainer = prepare_trainer(order, processes, tell)
    tell(f"loss: {trainer.target.description}")
    if order.resume:
        console.print(f"resumed at iteration {trainer.iteration}")
    keeper = FolderKeeper if order.resume else ReplacingKeeper
    keeping = keeper(order.output, arguments.preview_every)
    ours = [TerminalProgress(console), Candidates(), keeping] if is_first else []
    first_iteration = trainer.iteration
    with interruptible() as interruption:
        clock = partial(processes.agree_on, time.monotonic)
        training = Training(trainer, order.budget, [*ours, *chosen], clock)
        is_over = training.progress.completed == 1
        if is_over and is_first and order.age_steps:
            save_checkpoint(trainer, checkpoint_path(order.output))
        if is_over and processes.agree_on(partial(_is_complete, order)):
            console.print(
                f"already trained for {trainer.iteration} iterations; "
                "give more --iterations to go on"
            )
            return 0
        complaint: EndComplaint | None = None
        try:
            training.run(lambda: bool(processes.agree_on(interruption)))
        except EndComplaint as error:
            complaint = error  # to be told once all that was learnt is safe
        if trainer.iteration == first_iteration and not is_over:
            console.print("stopped before the first iteration; nothing was written")
        elif is_first:
            _finish(training, order, console)
    if complaint is not None:
        raise complaint
    return 0


def _is_complete(order: TrainingOrder) -> bool:
    """Whether the automaton is there, undamaged, and checked where that is wanted."""
    try:
        automaton = load_automaton(order.output)
    except LichenError:
        return False
    return not order.check or automaton.verdict is not None


def _finish(training: Training, order: TrainingOrder, console: Console) -> None:
    """Choose and write the automaton, and say what has become of it."""
    trainer = training.trainer
    with check_bar(console) as tell:
        _, verdict = finish_training(trainer, order.output, order.check, tell)
    ending = "trained" if training.progress.completed == 1 else "stopped early"
    console.print(
        f"{ending} after {trainer.iteration} iterations; wrote {order.output}", soft_wrap=True
    )
    if verdict is not None:
        console.print(str(verdict), soft_wrap=True)
    console.print(f"look at it: lichen view {shlex.quote(str(order.output))}", soft_wrap=True)


def _find_learning_rate(order: TrainingOrder, console: Console) -> int:
    """Show how the loss goes with the learning rate, and name the one that suits."""
    trainer = prepare_trainer(order, join_processes(order.device))
    with console.status("trying learning rates"):
        rates, losses = try_learning_rates(trainer, FINDER_ITERATIONS)
    for rate, loss in list(zip(rates, losses, strict=True))[:: FINDER_ITERATIONS // 10]:
        console.print(f"rate {rate:.5f}  loss {loss:.3f}")
    print(f"try --learning-rate {suggest_learning_rate(rates, losses):.2g}")
    return 0


def _check_folder_options(arguments: argparse.Namespace) -> None:
    for name in SINGLE_PICTURE_OPTIONS:
        if getattr(arguments, name):
            option = name.replace("_", "-")
            raise LichenError(f"--{option} is for a single picture; leave it out with a folder.")


def _check_options(order: TrainingOrder, arguments: argparse.Namespace) -> None:
    if order.resume and order.start_from is not None:
        raise LichenError("--from begins anew and --resume goes on; leave one of them out.")
    if not arguments.preview_every >= 0:
        raise LichenError(
            f"--preview-every must be 0 seconds or more, not {arguments.preview_every:g}."
        )
    if order.image is not None and not order.grow and shows_emoji(order.image):
        raise LichenError(f"{order.image} is no picture but an emoji; add --grow to grow it.")


def _check_output(order: TrainingOrder, arguments: argparse.Namespace) -> None:
    output = order.output
    if output.name == SUFFIX:
        raise LichenError(f"the output {output} has no name; write it before {SUFFIX}.")
    if output.suffix != SUFFIX:
        raise LichenError(f"the output {output} must end in {SUFFIX}.")
    check_writable(output)
    check_kept_apart(_files_read(order, arguments), _files_written(order, arguments))
    for path in (output, checkpoint_path(output)):
        if path.exists() and not (order.resume or arguments.force):
            raise LichenError(f"{path} exists; --resume goes on with it, --force replaces it.")


def _files_read(order: TrainingOrder, arguments: argparse.Namespace) -> Iterator[Path]:
    for source in filter(None, (order.image, order.content)):
        yield from pictures_to_learn(source)
    yield from filter(None, (order.weights, order.start_from))
    yield from map(callback_file, arguments.callback)


def _files_written(order: TrainingOrder, arguments: argparse.Namespace) -> Iterator[Path]:
    yield from files_of_run(order.output)
    if arguments.report:
        yield arguments.report
    if arguments.log_images:
        yield from logged_pictures(arguments.log_images)
