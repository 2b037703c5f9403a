"""`lichen filter FILTER INPUT -o OUTPUT`: a picture or film as a living filter shows it."""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track

from exporters.atomic import check_writable
from exporters.console import plain_console
from exporters.content import fitted
from exporters.errors import LichenError
from exporters.gallery import find_entry, shipped_entries
from exporters.magnification import Picture
from exporters.picture_file import load_picture, save_picture
from exporters.video import check_video_suffix, open_video
from viewer.arguments import parse_count, parse_seed, parse_share
from viewer.context import create_headless_context
from viewer.film_file import FILM_SUFFIXES, film_frames, film_rate, first_frame
from viewer.simulation import Simulation

LONGER_SIDE_CELLS = 384
SETTLING_STEPS = 200
STEPS_PER_FRAME = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen filter`."""
    add = parser.add_argument
    add("filter", metavar="FILTER", help="a living filter: a name from 'lichen gallery', or a file")
    add("input", type=Path, metavar="INPUT", help="a picture or film")
    add("-o", "--output", type=Path, required=True, help=".png for a picture; .mp4, .webm, .gif")
    add(
        "--size",
        type=parse_count,
        default=LONGER_SIDE_CELLS,
        metavar="CELLS",
        help="the longer side (%(default)s)",
    )
    add("--strength", type=float, default=1.0, help="how strongly it shows, 0 to 2 (%(default)s)")
    add(
        "--memory",
        type=parse_share,
        default=1.0,
        help="what stays from frame to frame, 0 to 1 (%(default)s)",
    )
    add(
        "--steps-per-frame",
        type=parse_count,
        default=STEPS_PER_FRAME,
        metavar="K",
        help="(%(default)s)",
    )
    add("--seed", type=parse_seed, default=1, metavar="N", help="random seed (%(default)s)")
    add("--force", action="store_true", help="replace an older file")


def run(arguments: argparse.Namespace) -> int:
    """Filter one file. Raises LichenError for what does not fit."""
    source, output = arguments.input, arguments.output
    is_film = source.suffix.lower() in FILM_SUFFIXES
    _check(output, is_film, arguments.force)
    if not 0 <= arguments.strength <= 2:
        raise LichenError(f"--strength must be from 0 to 2, not {arguments.strength}.")
    entry = find_entry(arguments.filter)
    if not entry.automaton.content_channels:
        filters = [item.name for item in shipped_entries() if item.automaton.content_channels]
        raise LichenError(
            f"{entry.name} shows no pictures; use a living filter, such as {' or '.join(filters)}."
        )
    first = first_frame(source) if is_film else load_picture(source)
    width, height = _grid(first, arguments.size)
    simulation = Simulation(
        create_headless_context(), entry.automaton, width, height, arguments.seed
    )
    simulation.show(_seen(first, simulation, arguments.strength))
    simulation.step(SETTLING_STEPS)
    if is_film:
        _write_film(simulation, arguments)
    else:
        save_picture(simulation.read_picture(), output)
    print(f"wrote {output}")
    return 0


def _check(output: Path, is_film: bool, force: bool) -> None:
    check_writable(output)
    if is_film:
        check_video_suffix(output)
    elif output.suffix.lower() != ".png":
        raise LichenError(f"cannot write {output}: a picture is written as .png.")
    if output.exists() and not force:
        raise LichenError(f"{output} exists; choose another name, or --force to replace it.")


def _grid(picture: Picture, longer_side_cells: int) -> tuple[int, int]:
    """Width and height in cells, both even, as films ask."""
    height, width = picture.shape[:2]
    scale = longer_side_cells / max(height, width)
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))


def _seen(picture: Picture, simulation: Simulation, strength: float) -> NDArray[np.float32]:
    colours = fitted(Image.fromarray(picture), simulation.width, simulation.height)
    return np.float32(0.5) + np.float32(strength) * (colours - np.float32(0.5))


def _write_film(simulation: Simulation, arguments: argparse.Namespace) -> None:
    """Frame after frame, each with a few steps; the sound is left out."""
    frames_per_second, frame_count = film_rate(arguments.input)
    frames = track(
        film_frames(arguments.input),
        "filtering",
        frame_count,
        console=plain_console(stderr=True),
        transient=True,
    )
    size = simulation.width, simulation.height
    with open_video(arguments.output, *size, frames_per_second) as add_picture:
        for _, frame in frames:
            simulation.show(_seen(frame, simulation, arguments.strength), arguments.memory)
            simulation.step(arguments.steps_per_frame)
            add_picture(simulation.read_picture())
