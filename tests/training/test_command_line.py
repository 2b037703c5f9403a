"""The command that is kept with an automaton trains the same again."""

import argparse
import shlex
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from training.budget import Budget
from training.command_line import command_line
from training.losses.prompt_wish import PromptWish
from training.options import add_arguments, to_order
from training.order import TrainingOrder
from training.plan import GROWING_PLAN, TrainingPlan

ORDER = TrainingOrder(
    Path("my moss.png"),
    Path("moss.safetensors"),
    name="moss",
    plan=TrainingPlan(
        channels=6,
        hidden=9,
        fewest_steps=5,
        most_steps=7,
        grid_cells=32,
        batch=2,
        pool_size=8,
        reseed_every_iterations=3,
        damage_every_iterations=4,
        damaged_states=2,
        robust=True,
        learning_rate=1e-3,
        schedule="drops",
        average_from=0.4,
        steps_rise_share=0.5,
        random_seed=7,
    ),
    budget=Budget(minutes=1.5),
)


def test_every_number_of_a_plan_is_tried_here() -> None:
    plan, default = asdict(ORDER.plan), asdict(TrainingPlan())
    # That one goes with --grow.
    assert [name for name in plan if plan[name] == default[name]] == ["reseed_slows"]


@pytest.mark.parametrize(
    "order",
    [
        ORDER,
        replace(
            ORDER, loss="ot+0.5*patch", network="vgg16", layers="relu1_1,relu2_1=0.5", bfloat16=True
        ),
        replace(ORDER, budget=Budget(iterations=12), size_cells=96, age_steps=100),
        replace(ORDER, prompt=PromptWish(("coral", "a reef=2"), ("fog",), "some/clip", 4)),
        replace(ORDER, image=None, loss="clip", prompt=PromptWish(("coral",))),
        replace(ORDER, weights=Path("vgg.pth"), crop=(0.1, 0.2, 0.75, 1.0)),
        replace(ORDER, grow=True, plan=GROWING_PLAN, size_cells=40),
    ],
)
def test_the_command_orders_the_same(order: TrainingOrder) -> None:
    program, name, *words = shlex.split(command_line(order))
    assert (program, name) == ("lichen", "train")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    ordered = to_order(parser.parse_args(words))
    assert replace(ordered, credits=order.credits) == order
