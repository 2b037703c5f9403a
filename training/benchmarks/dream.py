"""How fast the patch dreamer dreams, with everything around it: camera, palette and portal.

    lichen bench --dream

A texture and a photo take turns, each on one thread; a turn goes on where the last one of the same
source stopped, so that all of a journey is in it: changes of the prompt, the portal, the way home.
"""

import argparse
import statistics
import time
from collections.abc import Iterable, Iterator
from importlib.resources import files

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table
from threadpoolctl import threadpool_limits

from exporters.errors import LichenError
from exporters.gallery import find_entry
from exporters.picture_file import load_picture
from training.dream.dreaming import Dreaming, Frame, to_picture
from training.dream.journey import Journey, Stage
from training.dream.patch_dreamer import PatchDreamer

TEXTURE = "koi"
# What every journey goes on to from its start.
OTHER = "lichen"
SIDE_PIXELS = 256
FRAMES = 60


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="lichen bench --dream")
    help = "a picture file (default: the cat of scikit-image)"
    parser.add_argument("--photo", metavar="FILE", help=help)
    parser.add_argument("--frames", type=int, default=10, help="a turn (%(default)s)")
    parser.add_argument("--turns", type=int, default=6, help="of each source (%(default)s)")
    options = parser.parse_args(arguments)
    if options.frames < 1 or options.turns < 1:
        parser.error("all numbers are 1 or more")
    try:
        sources = {TEXTURE: exemplar(TEXTURE), "a photo": photo(options.photo)}
    except LichenError as error:
        parser.error(f"{error}")
    turns = track(range(options.turns), "measuring", console=Console(stderr=True), transient=True)
    with threadpool_limits(1):
        Console().print(to_table(measure(sources, options.frames, turns)))


def measure(sources: dict[str, Frame], frames: int, turns: Iterable[int]) -> dict[str, list[float]]:
    """CPU seconds a frame of each source, one number a turn."""
    dreams = {name: dream_on(start) for name, start in sources.items()}
    seconds: dict[str, list[float]] = {name: [] for name in sources}
    for _ in turns:
        for name, dream in dreams.items():
            before = time.process_time()
            for _ in range(frames):
                next(dream)
            seconds[name].append((time.process_time() - before) / frames)
    return seconds


def dream_on(start: Frame) -> Iterator[Frame]:
    """The frames of a looping journey through two prompts, again and again."""
    journey = Journey(
        (Stage("start", FRAMES // 2), Stage(OTHER, FRAMES - FRAMES // 2)),
        zoom="1.04",
        strength="0.8",
        palette_match="0.3",
        rotation_degrees="sin(2*pi*t/max_f)",
        loop="portal",
    )
    references = {"start": to_picture(start), OTHER: to_picture(exemplar(OTHER))}
    dreaming = Dreaming(journey, start, PatchDreamer(references))
    while True:
        yield from dreaming.frames(start, 1)


def exemplar(name: str) -> Frame:
    """What an automaton of the gallery learnt from, tiled to the size of a frame."""
    picture = load_picture(find_entry(name).exemplar_path)
    height, width = picture.shape[:2]
    tiles = np.tile(picture, (-(-SIDE_PIXELS // height), -(-SIDE_PIXELS // width), 1))
    return tiles[:SIDE_PIXELS, :SIDE_PIXELS]


def photo(file: str | None) -> Frame:
    """A picture file, or else one that scikit-image brings, in the size of a frame.

    Raises:
        LichenError: it cannot be read, or scikit-image is not there.
    """
    try:
        chosen = file or f"{files('skimage') / 'data' / 'chelsea.png'}"
    except ModuleNotFoundError as error:
        raise LichenError("scikit-image is missing; name a picture with --photo.") from error
    picture = Image.fromarray(load_picture(chosen))
    return np.asarray(picture.resize((SIDE_PIXELS, SIDE_PIXELS), Image.Resampling.LANCZOS))


def to_table(seconds: dict[str, list[float]]) -> Table:
    """Medians of all turns, with the worst one beside."""
    table = Table(title=f"the patch dreamer at {SIDE_PIXELS}x{SIDE_PIXELS}, one thread")
    for heading in ("source", "CPU s a frame", "the slowest turn", "frames a CPU second"):
        table.add_column(heading, justify="left" if heading == "source" else "right")
    for name, turns in seconds.items():
        median = statistics.median(turns)
        table.add_row(name, f"{median:.3f}", f"{max(turns):.3f}", f"{1 / median:.1f}")
    return table


if __name__ == "__main__":
    main()
