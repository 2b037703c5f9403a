"""The frames of a dream as a film or as pictures, written by a process beside the window.

    python -m viewer.dream_export FOLDER --output FILE

Beside a film, and among pictures, lies the order by which `lichen dream` makes the same.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from exporters.errors import LichenError
from training.dream.dream_files import frame_path, order_path
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
        write_order(order, output.with_name(f"{output.name}.json"))
        return
    try:
        output.mkdir()
        for index in range(count):
            shutil.copyfile(frame_path(folder, index), frame_path(output, index))
    except OSError as error:
        raise LichenError(f"cannot write {output}: {error.strerror}.") from error
    write_order(order, order_path(output))


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
