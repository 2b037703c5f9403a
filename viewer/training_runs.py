"""The folders that trainings in the window live in, until their result goes to the gallery."""

import json
import logging
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import platformdirs

from exporters.atomic import atomic_path
from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton, save_automaton
from exporters.errors import LichenError
from exporters.gallery import SUFFIX, preview_path, shipped_entries, user_entries, user_folder
from training.command_line import command_line
from training.order import TrainingOrder
from training.plain_json import from_plain, to_plain
from training.protocol import Snapshot
from training.run_files import checkpoint_path
from training.run_status import RunStatus, is_claimed, read_status
from viewer.settling import content_key

log = logging.getLogger(__name__)

ORDER_FILE = "order.json"
STAND_IN_FILE = "stand_in.json"
# In bytes of UTF-8 this leaves room for every ending that a file of the run may have.
LARGEST_NAME_LETTERS = 40


@dataclass(frozen=True)
class Run:
    """One training's folder, as it was when somebody looked."""

    order: TrainingOrder
    status: RunStatus | None
    is_training: bool

    @property
    def is_finished(self) -> bool:
        """Whether the training went to its end."""
        return self.status is not None and self.status.phase == "finished"

    @property
    def has_result(self) -> bool:
        """Whether there is an automaton to look at."""
        return self.order.output.is_file()


@dataclass(frozen=True)
class StandIn:
    """A snapshot in the gallery that the run's result is to replace, and what the file held."""

    name: str
    content: str


def runs_folder() -> Path:
    """Where all runs lie; it may not exist yet."""
    return platformdirs.user_data_path("lichen", appauthor=False) / "trainings"


def new_run(order: TrainingOrder) -> TrainingOrder:
    """Make a run's folder, with the exemplar and the order in it.

    The order that comes back is the one to train: its picture and its output lie in the folder,
    which carries the order's name or one like it, and its credits tell exemplar and command.

    Raises:
        LichenError: the folder cannot be made, or the picture or the automaton to begin with is
            gone or cannot be copied.
    """
    if order.image is not None and order.image.is_absolute() and not order.image.exists():
        raise LichenError(f"the picture {order.image.name} is gone; choose another.")
    if order.start_from is not None and not order.start_from.is_file():
        raise LichenError(f"the automaton {order.start_from.stem} is gone; begin with another.")
    try:
        folder = new_folder(runs_folder(), safe_name(order.name))
        image = order.image  # A form may be named by what it is, and a prompt has no picture.
        if order.image is not None and order.image.is_file():
            image = folder / f"exemplar{order.image.suffix}"
            shutil.copyfile(order.image, image)
        start_from = order.start_from and _copy_beginning(order.start_from, folder)
    except OSError as error:
        reason = error.strerror or error
        raise LichenError(f"no training can start in {runs_folder()}: {reason}.") from error
    order = replace(
        order,
        image=image,
        output=folder / f"{folder.name}{SUFFIX}",
        weights=order.weights and order.weights.absolute(),
        content=order.content and order.content.absolute(),
        start_from=start_from,
    )
    exemplar = "" if image is None else image.name
    credits = replace(order.credits, exemplar=exemplar, training_command=command_line(order))
    order = replace(order, credits=credits)
    with atomic_path(folder / ORDER_FILE) as temporary:
        temporary.write_text(json.dumps(to_plain(order), indent=2), encoding="utf-8")
    return order


def find_runs() -> list[Run]:
    """All runs, the newest first; one without a readable order is left out with a log line."""
    return list(_find_runs())


def resumed(order: TrainingOrder) -> TrainingOrder:
    """The order that goes on from the last checkpoint; where there is none, it begins anew."""
    if checkpoint_path(order.output).is_file():
        # The pool that was kept is as old as it was asked to be.
        return replace(order, resume=True, age_steps=0)
    return replace(order, resume=False)


def stop_run(order: TrainingOrder) -> bool:
    """Ask a worker that no panel follows for its end; it then checks and keeps what it has.

    Gives whether there was one that is learning.
    """
    status = read_status(order.output)
    if status is None or not status.is_learning or not is_claimed(order.output):
        return False
    try:
        os.kill(status.process_id, signal.SIGTERM)
    except ProcessLookupError:
        return False
    return True


def keep_run(order: TrainingOrder) -> Path:
    """Move a run's result to the user's gallery, with its picture; the run's folder goes.

    A snapshot that stood in for it is replaced, under its name.

    Raises:
        LichenError: there is no result yet, or the gallery cannot be written.
    """
    path = _keep(order, load_automaton(order.output), _stand_in(order))
    # The gallery draws a picture of its own where this one does not fit onto the disk.
    with suppress(OSError):
        shutil.copyfile(preview_path(order.output), preview_path(path))
    discard_run(order)
    return path


def keep_snapshot(order: TrainingOrder, snapshot: Snapshot, stands_in: bool = False) -> Path:
    """Copy a snapshot to the user's gallery; the run goes on as it was.

    One that `stands_in` for the run's result takes the place of another such, and gives it up to
    the result. It stays for good once the run learns on, or the user has changed its file.

    Raises:
        LichenError: the snapshot is damaged, or the gallery or the run's folder cannot be written.
    """
    if not stands_in:
        return _keep(order, snapshot.automaton())
    path = _keep(order, snapshot.automaton(), _stand_in(order))
    with atomic_path(order.output.with_name(STAND_IN_FILE)) as temporary:
        stand_in = StandIn(path.name, content_key(path))
        temporary.write_text(json.dumps(to_plain(stand_in)), encoding="utf-8")
    return path


def leave_stand_in(order: TrainingOrder) -> None:
    """Let a snapshot stay beside the result, where a run is about to learn on."""
    status = read_status(order.output)
    if status is None or status.completed < 1:
        with suppress(OSError):
            order.output.with_name(STAND_IN_FILE).unlink()


def discard_run(order: TrainingOrder) -> None:
    """Remove a run's folder; nobody may be training there."""
    folder = order.output.parent
    if folder.parent == runs_folder():
        shutil.rmtree(folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """A name as every file system takes it."""
    letters = re.sub(r"[^\w-]+", "_", name).strip("_-")[:LARGEST_NAME_LETTERS]
    return letters or "untitled"


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder of that name, or one like it where that is taken. Raises OSError."""
    parent.mkdir(parents=True, exist_ok=True)
    for free in _variants(name):
        try:
            (parent / free).mkdir()
        except FileExistsError:
            continue
        return parent / free
    raise AssertionError("there is always another name")


def _copy_beginning(path: Path, folder: Path) -> Path:
    """Its weights are still there when its turn comes; the result may have the same name."""
    copy = folder / "from" / path.name
    copy.parent.mkdir()
    shutil.copyfile(path, copy)
    return copy


def _stand_in(order: TrainingOrder) -> Path | None:
    """The gallery's file that stands in for a run's result, if it is still the same."""
    try:
        content = json.loads(order.output.with_name(STAND_IN_FILE).read_text(encoding="utf-8"))
        stand_in = from_plain(StandIn, content)
        path = user_folder() / stand_in.name
        return path if content_key(path) == stand_in.content else None
    except (OSError, ValueError, TypeError, RecursionError, LichenError):
        return None


def _keep(order: TrainingOrder, automaton: Automaton, replaced: Path | None = None) -> Path:
    """Write an automaton to the gallery, in place of another file or under a free name."""
    folder = user_folder()
    path = replaced or folder / f"{_free_gallery_name(safe_name(order.name))}{SUFFIX}"
    image = order.image and folder / "exemplars" / f"{path.stem}{order.image.suffix}"
    try:
        (folder / "exemplars").mkdir(parents=True, exist_ok=True)
        # It lies there already where a result was kept under this name, and removed since.
        if order.image and image and image != order.image and order.image.is_file():
            shutil.copyfile(order.image, image)
    except OSError as error:
        raise LichenError(f"cannot write to {folder}: {error.strerror or error}.") from error
    command = command_line(replace(order, image=image, output=path))
    exemplar = "" if image is None else image.name
    credits = replace(automaton.credits, exemplar=exemplar, training_command=command)
    save_automaton(replace(automaton, name=path.stem, credits=credits), path)
    return path


def _free_gallery_name(name: str) -> str:
    taken = {entry.name for entry in shipped_entries() + user_entries()}
    return next(free for free in _variants(name) if free not in taken)


def _variants(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in count(2))


def _find_runs() -> Iterator[Run]:
    files = runs_folder().glob(f"*/{ORDER_FILE}")
    for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True):
        try:
            order = from_plain(TrainingOrder, json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, RecursionError, LichenError) as error:
            log.warning("ignoring the training in %s: %s", file.parent, error)
            continue
        yield Run(order, read_status(order.output), is_claimed(order.output))
