"""`lichen suggest-prompts`: a language model goes on with a journey's prompts, or varies them."""

import argparse
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import get_args

from exporters.atomic import check_writable
from exporters.console import plain_console
from exporters.errors import LichenError
from training.dream.dreamer import Interrupted
from training.dream.journey import Journey, Stage
from training.dream.journey_file import load_journey, save_journey
from training.dream.writing_order import WritingMode, WritingOrder, check_writer
from training.interruption import interruptible

JOURNEY_SUFFIX = ".json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen suggest-prompts`."""
    usual = WritingOrder(Path())
    add = parser.add_argument
    add("--prompt", action="append", metavar="TEXT", help="one to go on from; may come repeatedly")
    add("--journey", type=Path, metavar="FILE", help="a journey with prompts, instead")
    add("--writer", type=Path, metavar="MODEL", help="a model's folder, or a .gguf file")
    add("--mode", choices=get_args(WritingMode), default=usual.mode, help="(%(default)s)")
    add("--count", type=int, default=usual.count, metavar="N", help="how many (%(default)s)")
    add("--theme", default=usual.theme, help="what the model reads before them (%(default)s)")
    add("--seed", type=int, default=usual.random_seed, help="of all random numbers (%(default)s)")
    add("--temperature", type=float, default=usual.temperature, help="boldness (%(default)s)")
    add("--top-p", type=float, default=usual.top_p, help="share to draw from (%(default)s)")
    add("--tokens", type=int, default=usual.longest_tokens, help="the longest (%(default)s)")
    add("--device", default=usual.device, help="auto, cpu, cuda or mps (%(default)s)")
    add("-o", "--output", type=Path, metavar="FILE", help="a .json: the journey and new stages")
    add("--force", action="store_true", help="replace an older output")


def run(arguments: argparse.Namespace) -> int:
    """Print suggestions as they come; Ctrl-C keeps those so far. Raises LichenError."""
    journey = _journey(arguments)
    order = _order(arguments, journey)
    # Transformers takes seconds to import, and a mistake should be told before.
    from training.dream.prompt_writer import suggest

    suggestions: list[str] = []
    console = plain_console(stderr=True)
    with interruptible() as interruption, suppress(Interrupted):
        with console.status("reading, and thinking of prompts"):
            for suggestion in suggest(order, interruption):
                suggestions.append(suggestion)
                print(suggestion, flush=True)
    if len(suggestions) < order.count and not interruption.requested:
        console.print("the model repeats itself; try a higher --temperature or another --seed")
    if journey is not None and arguments.output is not None:
        frames = journey.stages[-1].frames
        stages = [Stage(suggestion, frames) for suggestion in suggestions]
        save_journey(replace(journey, stages=(*journey.stages, *stages)), arguments.output)
        console.print(f"wrote {arguments.output}", soft_wrap=True)
    return 0


def _order(arguments: argparse.Namespace, journey: Journey | None) -> WritingOrder:
    stages = journey.stages if journey is not None else ()
    return WritingOrder(
        folder=Path(),
        prompts=tuple(arguments.prompt or (stage.prompt for stage in stages)),
        model=check_writer(arguments.writer),
        mode=arguments.mode,
        count=arguments.count,
        theme=arguments.theme,
        random_seed=arguments.seed,
        temperature=arguments.temperature,
        top_p=arguments.top_p,
        longest_tokens=arguments.tokens,
        device=arguments.device,
    )


def _journey(arguments: argparse.Namespace) -> Journey | None:
    """The journey of a file, None where there is none."""
    output: Path | None = arguments.output
    if arguments.journey is None:
        if output is not None:
            raise LichenError("new stages need a --journey to be added to; name one.")
        return None
    if arguments.prompt:
        raise LichenError("a journey has its own prompts; leave out the others.")
    if output is not None:
        check_writable(output)
        if output.suffix != JOURNEY_SUFFIX:
            raise LichenError(f"the output {output} must end in {JOURNEY_SUFFIX}.")
        if output.exists() and not arguments.force:
            raise LichenError(f"{output} exists; choose another name, or --force to replace it.")
    return load_journey(arguments.journey)
