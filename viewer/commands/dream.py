"""`lichen dream`: a picture that is moved into for ever, and comes home."""

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
from rich.console import Console
from rich.progress import track

from exporters.atomic import atomic_path, check_writable
from exporters.errors import LichenError
from exporters.picture_file import load_picture, save_picture
from exporters.video import check_video_suffix, open_video
from training.dream.dreaming import Dreaming, to_picture
from training.dream.journey import Journey, Loop
from training.dream.journey_file import load_journey, to_journey, to_values
from training.dream.patch_dreamer import PatchDreamer
from viewer.arguments import parse_count, parse_grid, parse_seed
from viewer.context import create_headless_context
from viewer.dream_pictures import Frame, reference_picture, start_picture

USUAL_FRAMES = 60
USUAL_SIZE = (256, 256)
FRAMES_PER_SECOND = 20
LARGEST_SIDE_PIXELS = 2048
SMALLEST_SIDE_PIXELS = 32
# What suits patches; a journey's own defaults suit a diffusion model.
PATCH_DEFAULTS = {"zoom": "1.04", "strength": "0.8", "palette_match": "0"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen dream`."""
    add = parser.add_argument
    add("--source", metavar="WHAT", help="a picture file or an automaton to start from")
    add("--prompt", action="append", metavar="TEXT", help="a stage; may be given several times")
    add("--journey", type=Path, metavar="FILE", help="a .json or .toml file instead of prompts")
    add("--frames", type=parse_count, metavar="N", help=f"frames in all ({USUAL_FRAMES})")
    add("--loop", choices=get_args(Loop), help="how the way leads home (portal)")
    add("--size", type=parse_grid, default=USUAL_SIZE, metavar="WxH", help="pixels (256x256)")
    add("--seed", type=parse_seed, metavar="N", help="of all random numbers (0)")
    add("-o", "--output", type=Path, required=True, help="a .mp4, .webm or .gif, or a new folder")
    add("--resume", action="store_true", help="go on with the frames beside the output")
    add("--force", action="store_true", help="replace an older output")


def run(arguments: argparse.Namespace) -> int:
    """Dream and write. Raises LichenError for bad input."""
    output: Path = arguments.output
    _check_output(output, arguments.force)
    _check_size(arguments.size)
    journey = _journey(arguments)
    if arguments.source is None:
        raise LichenError("name what to start from, as in --source koi or --source photo.jpg.")
    context = create_headless_context()
    console = Console(stderr=True)
    with console.status("growing what the dream is made of"):
        start = start_picture(arguments.source, arguments.size, context)
        references = {
            stage.prompt: to_picture(
                reference_picture(stage.prompt, start, arguments.size, context)
            )
            for stage in journey.stages
        }
    dreaming = Dreaming(journey, start, PatchDreamer(references, journey.random_seed))
    console.print(PatchDreamer.description)
    folder = frames_folder(output)
    facts = {"source": arguments.source, "size": list(arguments.size), **to_values(journey)}
    _prepare_folder(folder, facts, arguments.resume)
    frames = _frames(dreaming, start, folder)
    for _ in track(frames, "dreaming", journey.frame_count, console=console, transient=True):
        pass
    _write(folder, output, journey.frame_count)
    with atomic_path(output.with_name(f"{output.name}.json")) as temporary:
        temporary.write_text(_to_text(facts), "utf-8")
    print(f"wrote {output}")
    return 0


def frames_folder(output: Path) -> Path:
    """Where the frames lie while they are made; for a folder that is the output itself."""
    return output.with_name(f"{output.name}.frames") if output.suffix else output


def frame_path(folder: Path, index: int) -> Path:
    """The file of a frame, counted from 0."""
    return folder / f"frame_{index:06d}.png"


def _journey(arguments: argparse.Namespace) -> Journey:
    if arguments.journey is not None:
        if arguments.prompt or arguments.frames:
            raise LichenError("a journey has its own prompts and frames; leave out the others.")
        journey = load_journey(arguments.journey)
    else:
        prompts = arguments.prompt or ["start"]
        counts = np.diff(np.linspace(0, arguments.frames or USUAL_FRAMES, len(prompts) + 1).round())
        stages = [[prompt, int(count)] for prompt, count in zip(prompts, counts, strict=True)]
        journey = to_journey({**PATCH_DEFAULTS, "stages": stages, "loop": "portal"})
    changes: dict[str, Any] = {"loop": arguments.loop, "random_seed": arguments.seed}
    return replace(journey, **{name: value for name, value in changes.items() if value is not None})


def _frames(dreaming: Dreaming, start: Frame, folder: Path) -> Iterator[None]:
    """Make and keep the frames that are missing; one turn a frame, kept ones included."""
    count, previous, index = dreaming.journey.frame_count, start, 1
    if not frame_path(folder, 0).exists():
        save_picture(start, frame_path(folder, 0))
    yield
    while index < count and frame_path(folder, index).exists():
        previous = load_picture(frame_path(folder, index))
        index += 1
        yield
    for later in range(index, count):
        previous = dreaming.next_frame(previous, later)
        save_picture(previous, frame_path(folder, later))
        yield


def _prepare_folder(folder: Path, facts: dict[str, Any], resume: bool) -> None:
    """An empty folder for the frames, or one with frames of the same dream."""
    notes = folder / "dream.json"
    try:
        if not resume and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(exist_ok=True)
        if resume and (not notes.exists() or notes.read_text("utf-8") != _to_text(facts)):
            raise LichenError(
                f"{folder} holds no frames of this same dream; leave out --resume to start over."
            )
        notes.write_text(_to_text(facts), "utf-8")
    except OSError as error:
        raise LichenError(f"cannot write {folder}: {error.strerror}.") from error


def _write(folder: Path, output: Path, count: int) -> None:
    """Turn the frames into a video, and remove them; a folder stays as it is."""
    if not output.suffix:
        return
    first = load_picture(frame_path(folder, 0))
    with open_video(output, first.shape[1], first.shape[0], FRAMES_PER_SECOND) as add_picture:
        for index in range(count):
            add_picture(load_picture(frame_path(folder, index)))
    shutil.rmtree(folder)


def _to_text(facts: dict[str, Any]) -> str:
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _check_output(output: Path, force: bool) -> None:
    if output.suffix:
        check_writable(output)
        check_video_suffix(output)
    if output.exists() and not force:
        raise LichenError(f"{output} exists; choose another name, or --force to replace it.")
    if output.exists() and not output.suffix and not (output / "dream.json").exists():
        raise LichenError(f"{output} holds files that are no dream; choose another folder.")


def _check_size(size: tuple[int, int]) -> None:
    if not all(SMALLEST_SIDE_PIXELS <= side <= LARGEST_SIDE_PIXELS for side in size):
        raise LichenError(
            f"a dream's sides are {SMALLEST_SIDE_PIXELS} to {LARGEST_SIDE_PIXELS} pixels, "
            f"not {size[0]}x{size[1]}."
        )
