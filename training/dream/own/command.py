"""`lichen train-dreamer FOLDER -o FILE`: a small diffusion model of your own pictures.

The training of fast.ai's part 2, lessons 19 and 20: diffusers' U-Net, noise added in the collate
function, batches that are used several times, mixed precision and several devices.
"""

import argparse
from dataclasses import fields
from pathlib import Path
from typing import get_args

from exporters.atomic import check_writable
from exporters.errors import LichenError
from exporters.gallery import SUFFIX
from training.budget import Budget
from training.dream.own.pictures import FASHION_MNIST
from training.dream.own.plan import DreamerPlan, NoiseSchedule, Precision, TimeSampling
from training.report_file import check_report

USUAL_MINUTES = 20.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen train-dreamer`."""
    plan = DreamerPlan()
    add = parser.add_argument
    add(
        "pictures",
        type=Path,
        metavar="FOLDER",
        help=f"of photographs, of MNIST's IDX files, or the word {FASHION_MNIST}",
    )
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="the model to write")
    add("--minutes", type=float, help=f"stop after so long (default {USUAL_MINUTES:g})")
    add("--iterations", type=int, help="stop after so many")
    add("--patch", type=int, default=plan.patch_pixels, help="side in pixels (%(default)s)")
    add(
        "--size",
        type=int,
        default=plan.side_pixels,
        help="of the pictures' shorter side, before patches are cut (%(default)s)",
    )
    add("--flip", action="store_true", help="mirror every other patch")
    add(
        "--widths",
        type=_widths,
        default=plan.widths,
        metavar="A,B,...",
        help="channels at each scale of the network (64,64,96)",
    )
    add("--batch", type=int, default=plan.batch, help="patches at once (%(default)s)")
    add(
        "--reuse",
        type=int,
        default=plan.reuse,
        metavar="TIMES",
        help="how often each batch is used, with fresh noise (%(default)s)",
    )
    add("--learning-rate", type=float, default=plan.learning_rate, help="(%(default)s)")
    add(
        "--schedule",
        choices=get_args(NoiseSchedule),
        default=plan.schedule,
        help="how noise grows (%(default)s)",
    )
    add(
        "--times",
        choices=get_args(TimeSampling),
        default=plan.times,
        help="how the noise of a batch is drawn (%(default)s)",
    )
    add("--precision", choices=get_args(Precision), default="auto", help="(%(default)s)")
    add("--seed", type=int, default=plan.random_seed, help="of all random numbers (%(default)s)")
    add("--device", default="auto", help="auto, cpu or cuda (%(default)s)")
    add("--preview-every", type=float, default=120.0, metavar="SECONDS", help="(%(default)s)")
    add("--report", type=Path, metavar="FILE.html", help="a page with loss and samples")
    add("--download", action="store_true", help=f"allow fetching {FASHION_MNIST} if missing")
    add("--resume", action="store_true", help="go on from the checkpoint beside the output")
    add("--force", action="store_true", help="replace an existing output")


def run(arguments: argparse.Namespace) -> int:
    """Train; Ctrl-C keeps what is there. Raises LichenError for what the user can mend."""
    _check_outputs(arguments)
    plan, budget = _plan(arguments), _budget(arguments)
    # Loading PyTorch takes seconds; help and mistakes need not wait for it.
    from training.dream.own.session import train_dreamer

    return train_dreamer(arguments, plan, budget)


def _plan(arguments: argparse.Namespace) -> DreamerPlan:
    given = vars(arguments) | {
        "patch_pixels": arguments.patch,
        "side_pixels": arguments.size,
        "random_seed": arguments.seed,
    }
    return DreamerPlan(**{field.name: given[field.name] for field in fields(DreamerPlan)})


def _budget(arguments: argparse.Namespace) -> Budget:
    iterations, minutes = arguments.iterations, arguments.minutes
    if iterations is None and minutes is None:
        minutes = USUAL_MINUTES
    return Budget(iterations, minutes)


def _check_outputs(arguments: argparse.Namespace) -> None:
    output: Path = arguments.output
    if output.suffix != SUFFIX:
        raise LichenError(f"the output {output} must end in {SUFFIX}.")
    check_writable(output)
    if output.exists() and not (arguments.resume or arguments.force):
        raise LichenError(f"{output} exists; --resume goes on with it, --force replaces it.")
    if arguments.report:
        check_writable(arguments.report)
        check_report(arguments.report, arguments.resume, arguments.force)


def _widths(text: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, text.split(",")))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} are no widths; write them as 64,64,96"
        ) from None
