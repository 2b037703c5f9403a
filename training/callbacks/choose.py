"""From the command line's words to callbacks; whatever needs an extra is imported only when asked.

`--callback FILE.py:CLASS` takes a class of the user's own, which is made without arguments.
"""

import argparse
import os
import runpy
from collections.abc import Iterator
from pathlib import Path

from exporters.errors import LichenError
from training.callbacks.callback import Callback
from training.callbacks.own import OwnCallback
from training.order import TrainingOrder
from training.report_file import check_report


def add_callback_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that ask for callbacks."""
    group = parser.add_argument_group("watching it learn")
    add = group.add_argument
    add("--report", type=Path, metavar="FILE.html", help="a page with loss and live previews")
    add("--log-images", type=Path, metavar="FOLDER", help="a picture of the pool now and then")
    add("--tensorboard", type=Path, metavar="FOLDER", help="loss and pictures for TensorBoard")
    add(
        "--wandb",
        type=_project,
        metavar="PROJECT",
        help="loss, videos and live pages for Weights & Biases",
    )
    add(
        "--callback",
        action="append",
        default=[],
        metavar="FILE.py:CLASS",
        help="a callback of your own; see docs/CALLBACKS.md",
    )


def _project(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the project is empty")
    return text


def chosen_callbacks(
    arguments: argparse.Namespace, order: TrainingOrder, is_first: bool
) -> list[Callback]:
    """Make what the options ask for, as the first of several processes or as another.

    The user's own may change gradients, which must go alike in all; the rest only write files.

    Raises:
        LichenError: a file or folder cannot be used.
        ModuleNotFoundError: an extra is not installed.
    """
    watching = _watching_callbacks(arguments, order) if is_first else ()
    return [*watching, *map(load_callback, arguments.callback)]


def _watching_callbacks(arguments: argparse.Namespace, order: TrainingOrder) -> Iterator[Callback]:
    if arguments.report:
        from training.callbacks.report import Report

        check_report(arguments.report, arguments.resume, arguments.force)
        yield Report(arguments.report, order)
    if arguments.log_images:
        from training.callbacks.image_log import ImageLog, check_image_log

        if not (arguments.resume or arguments.force):
            check_image_log(arguments.log_images)
        yield ImageLog(arguments.log_images)
    if arguments.tensorboard:
        from training.callbacks.tensorboard import TensorBoardLog

        yield TensorBoardLog(arguments.tensorboard)
    if arguments.wandb:
        from training.callbacks.wandb import WandbLog

        yield WandbLog(arguments.wandb)


def load_callback(place: str) -> Callback:
    """Run a Python file and make the class that is named after its colon.

    Raises:
        LichenError: there is no such file or class, or it is no callback.
    """
    path, name = callback_file(place), place.rpartition(":")[2]
    if not os.path.isfile(path):
        raise LichenError(f"--callback {place}: name a file and a class, as mine.py:MyCallback.")
    try:
        made = runpy.run_path(str(path))[name]()
    except Exception as error:  # the file is somebody's own program
        reason = f"{type(error).__name__}: {error}"
        raise LichenError(f"--callback {place} gives no callback; {reason}.") from error
    if not isinstance(made, Callback):
        raise LichenError(f"--callback {place}: {name} does not derive from Callback.")
    if not isinstance(made.order, int | float):
        raise LichenError(f"--callback {place}: its order must be a number, not {made.order!r}.")
    return OwnCallback(made, path)


def callback_file(place: str) -> Path:
    """The file in FILE.py:CLASS."""
    return Path(place.rpartition(":")[0])
