"""What our loop adds to the time of a diffusion pipeline, on one thread.

    python -m training.benchmarks.dream_overhead

Dreamt frames (camera, palette, portal, prompts mixed, a PNG written) take turns with the same
pipeline called by itself for the same picture, steps, strength and guidance, its prompt encoded
beforehand. On a busy machine their difference drowns in noise; so the same loop around no model at
all takes turns with them. The models are random: their pictures mean nothing, but their time is
real.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from exporters.picture_file import save_picture
from training.benchmarks.random_pipeline import PipelineSize, save_random_pipeline
from training.dream.camera import Picture
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.model_files import find_model
from training.dream.diffusion.pipelines import open_pipeline
from training.dream.diffusion.prompts import Prompts
from training.dream.dreamer import Dreamer
from training.dream.dreaming import Dreaming, Frame, to_picture
from training.dream.journey import FrameSettings, Journey, Stage

STEPS = 20
JOURNEY = Journey((Stage("a pond of koi", 300), Stage("lichen on a stone", 700)), loop="portal")
# While one prompt fades into the next, the portal is there and the strength is still whole.
FRAME_INDEX = 302


@dataclass(frozen=True)
class Work:
    """A model and the side of its square frames."""

    size: PipelineSize
    side_pixels: int


WORKS = {
    "tiny": Work(PipelineSize(), 256),
    "small": Work(PipelineSize((64, 128, 256, 256), 32, 256, 32), 256),
    "large frames": Work(PipelineSize((64, 128, 256, 256), 32, 256, 64), 512),
}


@dataclass(frozen=True)
class Figures:
    """Of one model: its size, and the quickest of all turns."""

    parameters: int
    pipeline_seconds: float
    overhead: float
    """What a dreamt frame takes longer, as a share of the pipeline's own time."""
    loop_overhead: float
    """What a frame takes that nobody re-imagines, as a share of the same."""


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m training.benchmarks.dream_overhead")
    parser.add_argument("--turns", type=int, default=9, help="of each kind (%(default)s)")
    parser.add_argument("--work", choices=WORKS, action="append", help="which models (all)")
    options = parser.parse_args(arguments)
    if options.turns < 1:
        parser.error("--turns takes 1 or more")
    torch.set_num_threads(1)
    console, figures = Console(stderr=True), {}
    for name in options.work or WORKS:
        turns = track(range(options.turns), f"measuring {name}", console=console)
        figures[name] = measure(WORKS[name], turns)
    Console().print(to_table(figures))


def measure(work: Work, turns: Iterable[int]) -> Figures:
    """Let dreamt frames and the pipeline alone take turns; all seconds are the processor's."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        save_random_pipeline(folder / "model", work.size)
        start = np.random.default_rng(0).integers(
            0, 256, (work.side_pixels, work.side_pixels, 3), np.uint8
        )
        options = DiffusersOptions(str(folder / "model"), steps=STEPS, device="cpu")
        dreamer = DiffusersDreamer(
            options, (work.side_pixels, work.side_pixels), lambda: False, print
        )
        alone = PipelineAlone(options, start)

        def frame_by(dreamer: Dreamer) -> Callable[[], None]:
            dreaming = Dreaming(JOURNEY, start, dreamer)
            return lambda: save_picture(
                dreaming.next_frame(start, FRAME_INDEX), folder / "frame.png"
            )

        contenders = alone, frame_by(dreamer), frame_by(Sleeper())
        # The first time, prompts are encoded and memory is taken.
        for contender in contenders:
            contender()
        rounds = [[_cpu_seconds(contender) for contender in contenders] for _ in turns]
    # The quickest turn of each: what else runs on a machine only ever adds.
    alone_seconds, dreamt_seconds, loop_seconds = map(min, zip(*rounds, strict=True))
    return Figures(
        alone.parameters,
        alone_seconds,
        dreamt_seconds / alone_seconds - 1,
        loop_seconds / alone_seconds,
    )


class Sleeper:
    """Leaves every frame as it is."""

    description = "no model"

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The frame itself, [h, w, 3]."""
        return frame


class PipelineAlone:
    """The same pipeline as anybody would call it, for the frame that the benchmark dreams."""

    def __init__(self, options: DiffusersOptions, start: Frame) -> None:
        """`start` is [h, w, 3]."""
        settings = JOURNEY.frame(FRAME_INDEX)
        # Opened as for a dream, for the same scheduler, but without its hooks.
        self._pipeline = open_pipeline(
            find_model(options.model, download=False),
            options,
            (start.shape[1], start.shape[0]),
            "image to image",
        )
        parts = self._pipeline.components.values()
        self.parameters = sum(
            parameter.numel()
            for part in parts
            if isinstance(part, torch.nn.Module)
            for parameter in part.parameters()
        )
        prompts = Prompts(self._pipeline, print)
        self._arguments: dict[str, Any] = {
            "prompt_embeds": prompts.encode(JOURNEY.stages[1].prompt).tokens,
            "negative_prompt_embeds": prompts.encode("").tokens,
            "image": torch.from_numpy(to_picture(start)).permute(2, 0, 1)[None],
            "guidance_scale": settings.guidance,
            "strength": settings.strength,
            "num_inference_steps": STEPS,
            "output_type": "np",
        }

    def __call__(self) -> None:
        """Make one picture."""
        self._pipeline(generator=torch.Generator().manual_seed(0), **self._arguments)


def _cpu_seconds(task: Callable[[], None]) -> float:
    began_seconds = time.process_time()
    task()
    return time.process_time() - began_seconds


def to_table(figures: dict[str, Figures]) -> Table:
    """One row a model."""
    table = Table("model", "parameters", "pipeline alone", "a dreamt frame adds", "our loop alone")
    for name, found in figures.items():
        table.add_row(
            f"{name}, {WORKS[name].side_pixels}x{WORKS[name].side_pixels}",
            f"{found.parameters / 1e6:.1f} million",
            f"{found.pipeline_seconds:.2f} CPU s a frame",
            f"{100 * found.overhead:.1f} %",
            f"{100 * found.loop_overhead:.1f} %",
        )
    return table


if __name__ == "__main__":
    main()
