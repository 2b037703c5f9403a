"""`lichen view [AUTOMATON]`: the window, or the same simulation without one."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry, find_entry, shipped_entries, user_entries
from exporters.importers.foreign_file import is_foreign
from viewer.arguments import parse_count, parse_grid, parse_seed, parse_speed
from viewer.display import NoDisplayError, has_display
from viewer.importing import ImportRun
from viewer.settings import Settings, load_settings

# What greets a new user: it grows fast and heals visibly.
FAVOURITE = "ember"
HEADLESS_ONLY = ("frames", "steps_per_frame", "erase", "screenshot", "video")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen view`."""
    add = parser.add_argument
    add("automaton", nargs="?", metavar="AUTOMATON", help="a name from 'lichen gallery', or a file")
    add("--grid", type=parse_grid, metavar="WxH", help="size of the grid in cells")
    add("--seed", type=parse_seed, default=1, metavar="N", help="random seed (%(default)s)")
    add("--steps-per-second", type=parse_speed, metavar="N", help="speed in the window")
    add("--train", type=Path, metavar="PICTURE", help="open the training panel with a picture")
    add("--headless", action="store_true", help="run without a window")
    group = parser.add_argument_group("with --headless")
    add = group.add_argument
    add("--frames", type=parse_count, metavar="N", help="how many frames (600)")
    add("--steps-per-frame", type=parse_count, metavar="K", help="steps in each frame (1)")
    erase = "erase a disc, in cells from the top left, before that frame's steps; repeatable"
    add("--erase", action="append", metavar="X,Y,R@FRAME", help=erase)
    add("--screenshot", type=Path, metavar="FILE", help="PNG of the last frame, one pixel a cell")
    add("--video", type=Path, metavar="FILE", help="MP4 of all frames")


def run(arguments: argparse.Namespace) -> int:
    """Open the window, or run without one. Raises LichenError for what does not fit."""
    if arguments.headless:
        if arguments.steps_per_second is not None:
            raise LichenError("--steps-per-second is for the window; use --steps-per-frame.")
        if arguments.train is not None:
            raise LichenError("--train is for the window; without one use 'lichen train'.")
        from viewer.commands.view_headless import run_headless_view

        return run_headless_view(arguments, _choose(arguments.automaton, Settings()))
    for name in HEADLESS_ONLY:
        if getattr(arguments, name) is not None:
            raise LichenError(f"--{name.replace('_', '-')} needs --headless.")
    settings = _settings(arguments)
    entry = _choose(arguments.automaton, settings)
    try:
        _open_window(settings, arguments.seed, entry, arguments.train)
    except NoDisplayError:
        print("lichen: there is no display, so this runs without a window.", file=sys.stderr)
        from viewer.commands.view_headless import show_first_light

        return show_first_light(arguments, entry)
    return 0


def _open_window(
    settings: Settings, random_seed: int, entry: GalleryEntry | None, picture: Path | None
) -> None:
    if not has_display():
        raise NoDisplayError("no display is named in the environment.")
    from viewer.opening import Opening

    # The automaton compiles in a process of its own while this one loads the window's libraries.
    first = Opening.prepare(entry.path, settings.grid) if entry else None
    try:
        _load_window_libraries()
        from viewer.app import run_window

        run_window(settings, random_seed, first, picture)
    finally:
        if first is not None:
            first.stop()


def _load_window_libraries() -> None:
    try:
        import viewer.window  # noqa: F401
    except ModuleNotFoundError:
        raise
    except ImportError as error:
        raise LichenError(
            f"the window's libraries do not load ({error}); 'make run' installs what they need."
        ) from error


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = load_settings()
    if arguments.grid is not None:
        width, height = arguments.grid
        settings = replace(settings, grid_width=width, grid_height=height)
    if arguments.steps_per_second is not None:
        settings = replace(settings, steps_per_second=arguments.steps_per_second)
    return settings


def _choose(name: str | None, settings: Settings) -> GalleryEntry | None:
    """The automaton asked for; else the one used last, a favourite, or any that is sound."""
    if name is not None:
        entry = find_entry(name)
        return _import(entry.path) if is_foreign(entry.path) else entry
    last = [GalleryEntry(Path(settings.automaton))] if settings.automaton else []
    entries = sorted(shipped_entries(), key=lambda entry: entry.name != FAVOURITE)
    return next(filter(_is_sound, [*last, *entries, *user_entries()]), None)


def _import(path: Path) -> GalleryEntry:
    """The first automaton of another program's file; all of them join the user's own."""
    imported = ImportRun(path).finish()
    print(imported.sentence, file=sys.stderr)
    return GalleryEntry(imported.paths[0])


def _is_sound(entry: GalleryEntry) -> bool:
    try:
        return entry.automaton is not None
    except LichenError:
        return False
