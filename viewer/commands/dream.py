"""`lichen dream`: a picture that is moved into for ever, and comes home."""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from exporters.atomic import check_writable
from exporters.console import plain_console
from exporters.errors import LichenError
from exporters.video import check_video_suffix
from training.dream.dream_files import frame_path, lock_path, log_path, order_path, reference_path
from training.dream.order import DreamOrder
from training.dream.order_file import load_order, order_values, save_order, write_order
from viewer.commands import dream_options
from viewer.commands.dream_sheet import write_contact_sheet
from viewer.commands.dream_watching import watch
from viewer.dream_film import write_film
from viewer.dream_preparation import prepare_dream
from viewer.dream_runs import count_frames


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen dream`."""
    dream_options.add_arguments(parser)
    add = parser.add_argument
    add("-o", "--output", type=Path, required=True, help="a .mp4, .webm or .gif, or a new folder")
    add("--resume", action="store_true", help="go on with the frames beside the output")
    add("--force", action="store_true", help="replace an older output")
    add(
        "--contact-sheet",
        action="store_true",
        help="write first pictures of the first prompt as a .png to choose from, and no dream",
    )


def run(arguments: argparse.Namespace) -> int:
    """Dream and write. Raises LichenError for bad input."""
    output: Path = arguments.output
    console = plain_console(stderr=True)
    order = dream_options.to_order(arguments, frames_folder(output))
    if arguments.contact_sheet:
        return write_contact_sheet(order, output, arguments.force, console)
    _check_output(output, arguments.force, arguments.resume)
    _prepare_folder(order, arguments.resume)
    with _kept_for_later(order, console):
        _dream(order, console)
        if output.suffix:
            write_film(order.folder, order.journey.frame_count, output)
    write_order(order, output.with_name(f"{output.name}.json"))
    _clear(order.folder, keep_frames=not output.suffix)
    print(f"wrote {output}")
    return 0


def frames_folder(output: Path) -> Path:
    """Where the frames lie while they are made; for a folder that is the output itself."""
    return output.with_name(f"{output.name}.frames") if output.suffix else output


def _dream(order: DreamOrder, console: Console) -> None:
    """Make the frames that are missing. Raises LichenError where they cannot be made."""
    with console.status("growing what the dream is made of"):
        prepare_dream(order)
    for _ in watch(order, console):
        pass


@contextmanager
def _kept_for_later(order: DreamOrder, console: Console) -> Iterator[None]:
    """Whatever ends the block early: frames stay, and a folder without any is removed."""
    try:
        yield
    except (LichenError, KeyboardInterrupt):
        made_count = count_frames(order.folder, order.journey.frame_count)
        if made_count > 1:
            console.print(
                f"{made_count} of {order.journey.frame_count} frames lie in {order.folder}; "
                "the same command with --resume goes on.",
                soft_wrap=True,
            )
        elif not _has_something_to_tell(log_path(order.folder)):
            _clear(order.folder, keep_frames=False)
        raise


def _prepare_folder(order: DreamOrder, resume: bool) -> None:
    """An empty folder with the order, or one with frames of the same dream."""
    folder = order.folder
    if resume:
        if not _is_same(order):
            raise LichenError(
                f"{folder} holds no frames of this same dream; "
                "with --force instead of --resume it starts over."
            )
        return
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
    except OSError as error:
        raise LichenError(f"cannot write {folder}: {error.strerror}.") from error
    save_order(order)


def _is_same(order: DreamOrder) -> bool:
    try:
        return order_values(load_order(order.folder)) == order_values(order)
    except LichenError:
        return False


def _clear(folder: Path, keep_frames: bool) -> None:
    """Remove what the frames were made with, or all of the folder."""
    if not keep_frames:
        shutil.rmtree(folder, ignore_errors=True)
        return
    shutil.rmtree(reference_path(folder, 0).parent, ignore_errors=True)
    for path in (lock_path(folder), log_path(folder)):
        path.unlink(missing_ok=True)


def _has_something_to_tell(log: Path) -> bool:
    return log.exists() and log.stat().st_size > 0


def _check_output(output: Path, force: bool, resume: bool) -> None:
    if output.suffix:
        check_writable(output)
        check_video_suffix(output)
    if output.exists() and not (force or resume):
        raise LichenError(f"{output} exists; choose another name, or --force to replace it.")
    folder = frames_folder(output)
    if folder.exists() and not order_path(folder).exists():
        raise LichenError(f"{folder} holds files that are no dream; choose another name.")
    if frame_path(folder, 1).exists() and not (force or resume):
        raise LichenError(
            f"{folder} holds frames of a dream that has not ended; --resume goes on with them, "
            "--force starts over."
        )
