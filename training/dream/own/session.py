"""A dreamer's training from the command line, from the pictures to the last sentence."""

import argparse
import shlex
import sys
import time
from functools import partial
from pathlib import Path

from rich.console import Console

from exporters.console import plain_console
from training.budget import Budget
from training.dream.own.accelerator import open_accelerator
from training.dream.own.loop import Watcher, train
from training.dream.own.pictures import open_pictures
from training.dream.own.plan import DreamerPlan
from training.dream.own.report import DreamerReport
from training.dream.own.trainer import DreamerTrainer
from training.dream.own.watchers import Bar, ModelKeeper, load_trainer
from training.interruption import interruptible
from training.out_of_memory import out_of_memory_explained
from training.processes import Processes, join_processes
from training.run_files import checkpoint_path, samples_path
from training.run_status import claimed

MEMORY_ADVICE = "choose a smaller --batch, --patch or --widths"


def train_dreamer(arguments: argparse.Namespace, plan: DreamerPlan, budget: Budget) -> int:
    """Train and leave model, samples and checkpoint; the exit code.

    Raises:
        LichenError: pictures, device or checkpoint cannot be used, or a file cannot be written.
    """
    with out_of_memory_explained(MEMORY_ADVICE):
        processes = join_processes(arguments.device)
        if processes.rank > 0:
            return _train(arguments, plan, budget, processes)
        with claimed(arguments.output):
            return _train(arguments, plan, budget, processes)


def _train(
    arguments: argparse.Namespace, plan: DreamerPlan, budget: Budget, processes: Processes
) -> int:
    """Of several processes the first alone prints and writes."""
    is_first = processes.rank == 0
    console = plain_console(stderr=True, quiet=not is_first)
    source = open_pictures(arguments.pictures, plan, arguments.download)
    accelerator = open_accelerator(arguments.device, arguments.precision)
    trainer = DreamerTrainer(plan, source, accelerator)
    output: Path = arguments.output
    if arguments.resume:
        load_trainer(trainer, checkpoint_path(output))
        console.print(f"resumed at iteration {trainer.iteration}")
    console.print(f"learning {source.description}", soft_wrap=True)
    with interruptible() as interruption:
        progress = train(
            trainer,
            budget,
            _watchers(arguments, console) if is_first else [],
            lambda: bool(processes.agree_on(interruption)),
            partial(processes.agree_on, time.monotonic),
        )
    if not trainer.iteration:
        console.print("stopped before anything was learnt; nothing was written")
        return 0
    ending = "trained" if progress.completed == 1 else "stopped early"
    console.print(
        f"{ending} after {trainer.iteration} iterations; wrote {output} and what it imagines, "
        f"{samples_path(output)}",
        soft_wrap=True,
    )
    quoted = shlex.quote(str(output))
    console.print(
        f"dream with it: lichen dream --backend own --model {quoted} -o dream.mp4", soft_wrap=True
    )
    return 0


def _watchers(arguments: argparse.Namespace, console: Console) -> list[Watcher]:
    command = "lichen " + shlex.join(sys.argv[1:])
    # The bar is the first to end, so that it hides no word of the others.
    keeper = ModelKeeper(arguments.output, arguments.preview_every, command)
    watchers: list[Watcher] = [Bar(console), keeper]
    if arguments.report:
        watchers.append(DreamerReport(arguments.report, arguments.output.stem, command))
    return watchers
