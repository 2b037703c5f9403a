"""How fast a rollout goes forwards and backwards, beside the lesson's step.

    lichen bench --gradient

The loss looks at the last state alone, so gradients flow through every step. All contenders take
turns on one thread, draw the same masks and include the drawing in their time. `--compile` adds the
compiled step, and `--device` measures another device, where only the wall's time tells.
"""

import argparse
import copy
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table
from torch import Tensor
from torch.nn import functional

from exporters.errors import LichenError
from training.automaton_step import TrainableAutomaton, new_automaton
from training.benchmarks.plain_step import KERNELS, plain_step
from training.compiled_step import compile_whole_step
from training.prepare import find_device

# Channels and hidden units.
SIZES = ((12, 96), (4, 8))
# Keeps the states of a rollout within about [-2, 2] without a clamp, which the lesson has not.
UPDATE_WEIGHT_SCALE = 0.004

# From a model, a state [batch, h, w, channels], steps and a generator to the last state.
Rollout = Callable[[TrainableAutomaton, Tensor, int, torch.Generator], Tensor]
PlainStep = Callable[[TrainableAutomaton, Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Work:
    """What is rolled out in every turn."""

    side_cells: int = 64
    batch: int = 4
    steps: int = 16
    device: torch.device = torch.device("cpu")


@dataclass(frozen=True)
class Figures:
    """Of one contender: medians of milliseconds a step, and its gradient beside the lesson's."""

    cpu_milliseconds: float
    wall_milliseconds: float
    gradient_error: float
    """The largest relative error of the gradient of the first state or of a weight."""
    gradient_cosine: float
    """The smallest cosine between two such gradients."""


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="lichen bench --gradient")
    work = Work()
    parser.add_argument("--side", type=int, default=work.side_cells, help="cells (%(default)s)")
    parser.add_argument("--batch", type=int, default=work.batch, help="grids (%(default)s)")
    parser.add_argument("--steps", type=int, default=work.steps, help="(%(default)s)")
    parser.add_argument("--turns", type=int, default=15, help="of each contender (%(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps (%(default)s)")
    parser.add_argument("--compile", action="store_true", help="the compiled step as well")
    options = parser.parse_args(arguments)
    if min(options.side, options.batch, options.steps, options.turns) < 1:
        parser.error("--side, --batch, --steps and --turns take 1 or more")
    torch.set_num_threads(1)
    try:
        figures = measure_all(options)
    except LichenError as error:
        parser.error(f"{error}")
    Console().print(to_table(figures))


def measure_all(options: argparse.Namespace) -> dict[tuple[int, int], dict[str, Figures]]:
    """The figures of every size. Raises LichenError where device or compiler cannot be used."""
    work = Work(options.side, options.batch, options.steps, find_device(options.device))
    contenders = CONTENDERS | ({"ours, compiled": compiled_rollout()} if options.compile else {})
    console = Console(stderr=True)
    return {
        (channels, hidden): measure(
            channels,
            hidden,
            work,
            contenders,
            track(range(options.turns), f"measuring {channels}/{hidden}", console=console),
        )
        for channels, hidden in SIZES
    }


def plain_rollout(step: PlainStep) -> Rollout:
    """Roll out a step that takes states [batch, channels, h, w] and masks [batch, 1, h, w]."""

    def run(
        model: TrainableAutomaton, state: Tensor, steps: int, generator: torch.Generator
    ) -> Tensor:
        current = state.permute(0, 3, 1, 2).contiguous()
        for _ in range(steps):
            fires = model.draw_mask(state, generator).unsqueeze(1).float()
            current = step(model, current, fires)
        return current.permute(0, 2, 3, 1)

    return run


def depthwise_step(model: TrainableAutomaton, state: Tensor, fires: Tensor) -> Tensor:
    """The lesson's step with one grouped convolution for the filters, which is faster."""
    channels = state.shape[1]
    kernels = torch.tensor(KERNELS, device=state.device).repeat(channels, 1, 1).unsqueeze(1)
    padded = functional.pad(state, (1, 1, 1, 1), mode="circular")
    perception = functional.conv2d(padded, kernels, groups=channels)
    hidden = functional.conv2d(perception, model.hidden_weight[:, :, None, None], model.hidden_bias)
    update = functional.conv2d(functional.relu(hidden), model.update_weight[:, :, None, None])
    return state + update * fires


def bfloat16_rollout(
    model: TrainableAutomaton, state: Tensor, steps: int, generator: torch.Generator
) -> Tensor:
    """The depthwise step in mixed precision."""
    with torch.autocast(state.device.type, torch.bfloat16):
        return plain_rollout(depthwise_step)(model, state, steps, generator)


def compiled_rollout() -> Rollout:
    """Our step over all cells, compiled in the first turn."""
    step = compile_whole_step()

    def run(
        model: TrainableAutomaton, state: Tensor, steps: int, generator: torch.Generator
    ) -> Tensor:
        compiled = copy.copy(model)  # with the same parameters
        compiled.train_with(step, in_bfloat16=False)
        return compiled.rollout(state, steps, generator)

    return run


CONTENDERS: dict[str, Rollout] = {
    "lesson": plain_rollout(plain_step),
    "lesson, depthwise": plain_rollout(depthwise_step),
    "lesson, depthwise, bfloat16": bfloat16_rollout,
    "ours": TrainableAutomaton.rollout,
}


def measure(
    channels: int,
    hidden: int,
    work: Work,
    contenders: dict[str, Rollout],
    turns: Iterable[int],
) -> dict[str, Figures]:
    """Let the contenders take turns with an automaton of that size."""
    generator = torch.Generator().manual_seed(0)
    model = TrainableAutomaton(replace(new_automaton(channels, hidden, generator), clamp=None))
    torch.nn.init.normal_(model.update_weight, 0, UPDATE_WEIGHT_SCALE, generator)
    model.to(work.device)
    shape = (work.batch, work.side_cells, work.side_cells, channels)
    start = (torch.rand(shape, generator=generator) - 0.5).to(work.device).requires_grad_()
    slope = torch.randn(shape, generator=generator).to(work.device)
    inputs = [start, model.hidden_weight, model.hidden_bias, model.update_weight]
    mask_generator = torch.Generator(work.device)
    gradients: dict[str, list[Tensor]] = {}
    cpu_seconds: dict[str, list[float]] = {name: [] for name in contenders}
    wall_seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in turns:
        for name, rollout in contenders.items():
            mask_generator.manual_seed(0)
            began = time.process_time(), time.perf_counter()
            last = rollout(model, start, work.steps, mask_generator)
            own = torch.autograd.grad((last * slope).sum(), inputs)
            # Fetching them waits for a graphics card to be done.
            gradients[name] = [gradient.cpu() for gradient in own]
            cpu_seconds[name].append(time.process_time() - began[0])
            wall_seconds[name].append(time.perf_counter() - began[1])
    pairs = {
        name: list(zip(own, gradients["lesson"], strict=True)) for name, own in gradients.items()
    }
    return {
        name: Figures(
            1000 * statistics.median(cpu_seconds[name]) / work.steps,
            1000 * statistics.median(wall_seconds[name]) / work.steps,
            max(float((own - other).norm() / other.norm()) for own, other in pairs[name]),
            min(cosine(own, other) for own, other in pairs[name]),
        )
        for name in contenders
    }


def cosine(one: Tensor, other: Tensor) -> float:
    """The cosine of the angle between two gradients."""
    return float(functional.cosine_similarity(one.flatten().double(), other.flatten().double(), 0))


def to_table(figures: dict[tuple[int, int], dict[str, Figures]]) -> Table:
    """A row a contender, and how many times as fast as the lesson's step it is."""
    table = Table("size", "step", title="milliseconds a step, forwards and backwards")
    for heading in ("CPU", "wall", "times as fast (CPU)", "(wall)", "gradient error", "cosine"):
        table.add_column(heading, justify="right")
    for (channels, hidden), contenders in figures.items():
        lesson = contenders["lesson"]
        for name, own in contenders.items():
            table.add_row(
                f"{channels}/{hidden}",
                name,
                f"{own.cpu_milliseconds:.2f}",
                f"{own.wall_milliseconds:.2f}",
                f"{lesson.cpu_milliseconds / own.cpu_milliseconds:.2f}",
                f"{lesson.wall_milliseconds / own.wall_milliseconds:.2f}",
                f"{own.gradient_error:.1e}",
                f"{own.gradient_cosine:.5f}",
            )
        table.add_section()
    return table


if __name__ == "__main__":
    main()
