"""From the words of `lichen dream` to an order; what a journey file says, the options override."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from exporters.errors import LichenError
from exporters.gallery import find_entry
from training.dream.diffusers_options import DiffusersOptions
from training.dream.journey import Journey, Loop
from training.dream.journey_file import to_journey
from training.dream.order import AutomatonTouch, Backend, DreamOrder
from training.dream.order_file import read_order
from training.dream.own_options import OwnOptions, Sampler
from viewer.arguments import parse_count, parse_grid, parse_seed
from viewer.commands.dream_paths import with_whole_paths
from viewer.dream_draft import SUITING
from viewer.journey_draft import USUAL_FRAMES

USUAL_SIZES_PIXELS: dict[Backend, tuple[int, int]] = {
    "patch": (256, 256),
    "diffusers": (512, 512),
    "own": (256, 256),
}
# What is dreamt of where no prompt is given; a diffusion model has to be told.
USUAL_PROMPTS: dict[Backend, list[str]] = {"patch": ["start"], "diffusers": [], "own": [""]}
# Options that are called as in a journey, and those as in the options of a model.
JOURNEY_NAMES = ("loop", "zoom", "strength", "guidance", "negative_prompt")
DIFFUSERS_NAMES = (
    "model",
    "download",
    "steps",
    "scheduler",
    "device",
    "content_image",
    "content_guidance",
    "style_image",
    "style_guidance",
    "first_seed",
    "first_guidance",
)
OWN_NAMES = ("model", "steps", "device", "sampler")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what makes an order."""
    add = parser.add_argument_group("the dream").add_argument
    add("--source", metavar="WHAT", help="a picture file or an automaton to start from")
    add("--prompt", action="append", metavar="TEXT", help="a stage; may be given several times")
    add("--journey", type=Path, metavar="FILE", help="a .json or .toml file instead of prompts")
    add("--frames", type=parse_count, metavar="N", help=f"frames in all ({USUAL_FRAMES})")
    add("--loop", choices=get_args(Loop), help="how the way leads home (portal)")
    add("--size", type=parse_grid, metavar="WxH", help="pixels (256x256; diffusers 512x512)")
    add("--seed", type=parse_seed, metavar="N", help="of all random numbers (0)")
    add("--zoom", metavar="SCHEDULE", help="a frame's magnification, as 1.02 or '0: (1.02), ...'")
    add("--strength", metavar="SCHEDULE", help="how much is re-imagined, from 0 to 1")
    add("--guidance", metavar="SCHEDULE", help="how firmly a model follows the prompt")
    add("--vanishing-point", type=parse_point, metavar="X,Y", help="to move to (0.5,0.5)")
    add("--negative-prompt", metavar="TEXT", help="what a model is to keep away from")
    add("--touch", metavar="AUTOMATON[:STEPS]", help="an automaton that goes over every frame")
    add = parser.add_argument_group("who dreams").add_argument
    add("--backend", choices=get_args(Backend), help="the patch dreamer, or a diffusion model")
    add("--model", help="a folder, a file or a name on the hub; of your own, what was trained")
    add("--steps", type=parse_count, metavar="N", help="denoising steps of a frame")
    add("--device", help="auto, cpu, cuda or mps")
    add("--download", action="store_true", default=None, help="fetch the model where it is missing")
    add("--scheduler", metavar="NAME", help="how noise is taken away")
    add("--sampler", choices=get_args(Sampler), help="the same, for a model of your own")
    add("--content-image", type=Path, metavar="FILE", help="whose structure frames are to have")
    add("--content-guidance", metavar="SCHEDULE", help="how firmly (0)")
    add("--style-image", type=Path, metavar="FILE", help="whose texture frames are to have")
    add("--style-guidance", metavar="SCHEDULE", help="how firmly (0)")
    add("--first-seed", type=parse_seed, metavar="N", help="of the first picture, without a source")
    add("--first-guidance", type=float, metavar="G", help="its guidance")


def parse_point(text: str) -> tuple[str, str]:
    """Read X,Y. Raises ArgumentTypeError."""
    x, comma, y = text.partition(",")
    try:
        float(x), float(y)
    except ValueError:
        comma = ""
    if comma:
        return x.strip(), y.strip()
    raise argparse.ArgumentTypeError(
        f"{text!r} is no point; write X,Y as shares of the picture, such as 0.5,0.6"
    )


def to_order(arguments: argparse.Namespace, folder: Path) -> DreamOrder:
    """The order for a dream's folder; its paths are whole, so that it can be repeated anywhere.

    Raises:
        LichenError: the journey cannot be read, or an option has no place or no sense.
    """
    order = _journey_file_order(arguments, folder) or _prompts_order(arguments, folder)
    backend = arguments.backend or order.backend
    changes = {
        "source": arguments.source,
        "size_pixels": arguments.size,
        "backend": arguments.backend,
        "touch": arguments.touch and _touch(arguments.touch),
    }
    _refuse_unheeded(arguments, backend)
    order = replace(
        order,
        **_given(changes),
        journey=replace(order.journey, **_given(_journey_changes(arguments))),
        diffusers=_diffusers(arguments, order.diffusers, backend),
        own=_own(arguments, order.own, backend),
    )
    return with_whole_paths(order)


def _journey_file_order(arguments: argparse.Namespace, folder: Path) -> DreamOrder | None:
    if arguments.journey is None:
        return None
    if arguments.prompt or arguments.frames:
        raise LichenError("a journey has its own prompts and frames; leave out the others.")
    return read_order(arguments.journey, folder)


def _prompts_order(arguments: argparse.Namespace, folder: Path) -> DreamOrder:
    backend: Backend = arguments.backend or "patch"
    prompts = arguments.prompt or USUAL_PROMPTS[backend]
    if not prompts:
        raise LichenError("name what to dream of, as in --prompt 'a road in the mountains'.")
    journey = _equal_stages(prompts, arguments.frames or USUAL_FRAMES, SUITING[backend])
    return DreamOrder(folder, journey, size_pixels=USUAL_SIZES_PIXELS[backend])


def _equal_stages(prompts: list[str], frame_count: int, suiting: dict[str, str]) -> Journey:
    """A loop with about as many frames for each prompt."""
    counts = np.diff(np.linspace(0, frame_count, len(prompts) + 1).round())
    stages = [[prompt, int(count)] for prompt, count in zip(prompts, counts, strict=True)]
    return to_journey({**suiting, "stages": stages, "loop": "portal"})


def _journey_changes(arguments: argparse.Namespace) -> dict[str, Any]:
    x, y = arguments.vanishing_point or (None, None)
    changes = {name: getattr(arguments, name) for name in JOURNEY_NAMES}
    return {**changes, "random_seed": arguments.seed, "vanishing_x": x, "vanishing_y": y}


def _diffusers(
    arguments: argparse.Namespace, options: DiffusersOptions, backend: Backend
) -> DiffusersOptions:
    if backend == "diffusers":
        return replace(
            options, **_given({name: getattr(arguments, name) for name in DIFFUSERS_NAMES})
        )
    return options


def _own(arguments: argparse.Namespace, options: OwnOptions, backend: Backend) -> OwnOptions:
    if backend != "own":
        return options
    changes = {name: getattr(arguments, name) for name in OWN_NAMES}
    return replace(
        options, **_given({**changes, "model": arguments.model and Path(arguments.model)})
    )


def _refuse_unheeded(arguments: argparse.Namespace, backend: Backend) -> None:
    """Raise LichenError for an option that the chosen backend would not heed."""
    names: dict[Backend, tuple[str, ...]] = {"diffusers": DIFFUSERS_NAMES, "own": OWN_NAMES}
    for name in dict.fromkeys(DIFFUSERS_NAMES + OWN_NAMES):
        if getattr(arguments, name) is not None and name not in names.get(backend, ()):
            heeded = " or ".join(other for other in names if name in names[other])
            option = f"--{name.replace('_', '-')}"
            raise LichenError(
                f"{option} is for a diffusion model; choose one by --backend {heeded}."
            )


def _touch(text: str) -> AutomatonTouch:
    name, colon, steps = text.rpartition(":")
    if not (colon and steps.isdecimal()):
        return AutomatonTouch(find_entry(text).path)
    return AutomatonTouch(find_entry(name).path, int(steps))


def _given(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if value is not None}
