"""`lichen render AUTOMATON -o FILE`: pictures that tile, videos that loop."""

import argparse
from pathlib import Path

from exporters.atomic import check_writable
from exporters.console import named_bar
from exporters.errors import LichenError
from exporters.gallery import find_entry
from viewer.arguments import parse_count, parse_grid, parse_seed, parse_steps
from viewer.context import create_headless_context
from viewer.rendering import RENDER_SUFFIXES, Rendering, render
from viewer.simulation import Simulation

USUAL_GRID = (256, 256)
VIDEO_ONLY = ("frames", "steps_per_frame", "fps")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen render`."""
    usual = Rendering(Path())
    add = parser.add_argument
    add("automaton", metavar="AUTOMATON", help="a name from 'lichen gallery', or a file")
    add(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"ends in {', '.join(RENDER_SUFFIXES)}",
    )
    add("--grid", type=parse_grid, default=USUAL_GRID, metavar="WxH", help="cells (256x256)")
    add("--seed", type=parse_seed, default=1, metavar="N", help="random seed (%(default)s)")
    add(
        "--warm-up",
        type=parse_steps,
        default=usual.warm_up_steps,
        metavar="STEPS",
        help="steps from the automaton's seed to the first picture (%(default)s)",
    )
    scale = "pixels a cell (1 for a still; a video is made comfortably large)"
    add("--scale", type=parse_count, metavar="N", help=scale)
    add("--smooth", action="store_true", help="blend cells instead of showing squares")
    add("--force", action="store_true", help="replace an older file")
    add = parser.add_argument_group("for videos, which loop").add_argument
    add("--frames", type=parse_count, metavar="N", help=f"how many ({usual.frames})")
    add(
        "--steps-per-frame",
        type=parse_count,
        metavar="K",
        help=f"steps in each frame ({usual.steps_per_frame})",
    )
    add("--fps", type=parse_count, metavar="N", help=f"a second ({usual.frames_per_second})")


def run(arguments: argparse.Namespace) -> int:
    """Render one file. Raises LichenError for what does not fit."""
    rendering = _read(arguments)
    width, height = arguments.grid
    rendering.check(width, height)
    check_writable(rendering.path)
    if rendering.path.exists() and not arguments.force:
        raise LichenError(
            f"{rendering.path} exists; choose another name, or --force to replace it."
        )
    entry = find_entry(arguments.automaton)
    context = create_headless_context()
    simulation = Simulation(context, entry.automaton, width, height, arguments.seed)
    with named_bar() as progress:
        task = progress.add_task(entry.name, total=rendering.steps)
        render(simulation, rendering, lambda steps: progress.advance(task, steps))
    print(f"wrote {rendering.path}")
    return 0


def _read(arguments: argparse.Namespace) -> Rendering:
    usual = Rendering(arguments.output)
    if usual.is_still:
        for name in VIDEO_ONLY:
            if getattr(arguments, name) is not None:
                raise LichenError(f"--{name.replace('_', '-')} is for videos, not for a still.")
    return Rendering(
        path=arguments.output,
        warm_up_steps=arguments.warm_up,
        frames=arguments.frames or usual.frames,
        steps_per_frame=arguments.steps_per_frame or usual.steps_per_frame,
        frames_per_second=arguments.fps or usual.frames_per_second,
        scale=arguments.scale,
        smooth=arguments.smooth,
    )
