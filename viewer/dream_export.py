"""The frames of a dream as a film or as pictures, written by a process beside the window.

    python -m viewer.dream_export FOLDER --output FILE

Beside a film, and among pictures, lies the order by which `lichen dream` makes the same, and the
picture that it begins with where only the dream's folder had it.
"""

import argparse
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from exporters.errors import LichenError
from training.dream.dream_files import frame_path, order_path, source_path
from training.dream.order import DreamOrder
from training.dream.order_file import load_order, write_order
from viewer.dream_film import write_film
from viewer.dream_runs import count_frames
from viewer.settling import LOW_PRIORITY


def export_dream(folder: Path, output: Path) -> None:
    """Write the frames that there are; an output without an ending becomes a folder.

    Raises:
        LichenError: there are no frames, or the output cannot be written.
    """
    order = load_order(folder)
    count = count_frames(folder, order.journey.frame_count)
    if not count:
        raise LichenError(f"there are no frames in {folder} to export.")
    if output.suffix:
        write_film(folder, count, output)
        order = _with_source(order, output.with_name(f"{output.name}.source.png"))
        write_order(order, output.with_name(f"{output.name}.json"))
        return
    try:
        output.mkdir()
        for index in range(count):
            shutil.copyfile(frame_path(folder, index), frame_path(output, index))
    except OSError as error:
        raise LichenError(f"cannot write {output}: {error.strerror}.") from error
    write_order(_with_source(order, source_path(output)), order_path(output))


def _with_source(order: DreamOrder, beside: Path) -> DreamOrder:
    """The order without need of the dream's folder, which the user may throw away."""
    if order.source != str(source_path(order.folder)):
        return order
    try:
        shutil.copyfile(order.source, beside)
    except OSError as error:
        raise LichenError(f"cannot write {beside}: {error.strerror or error}.") from error
    return replace(order, source=beside.name)


def main(arguments: list[str] | None = None) -> int:
    """The helper's own side of this module."""
    parser = argparse.ArgumentParser(prog="viewer.dream_export")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    try:
        export_dream(options.folder, options.output)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
