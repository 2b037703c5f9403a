"""The stability figures tell a sound automaton from a drifting, stuck or scarred one."""

from dataclasses import replace

import moderngl
import numpy as np
import pytest

from exporters.seed import Seed
from support import random_automaton
from viewer.command import main
from viewer.stability import Rollout, StabilityReport, measure_stability

BRIEF = Rollout(side_cells=32, settled_steps=20, old_steps=60, healing_steps=20)
EXEMPLAR = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


def test_an_automaton_that_does_nothing_does_not_age_but_never_heals(
    context: moderngl.Context,
) -> None:
    still = random_automaton(4, 8)
    still = replace(
        still,
        update_weight=np.zeros_like(still.update_weight),
        update_bias=np.zeros_like(still.update_bias),
        seed=Seed("uniform", -0.5, 0.5),
    )
    report = measure_stability(context, still, EXEMPLAR, BRIEF)
    assert report.ageing == pytest.approx(1)
    assert report.scar > 2
    assert report.problems == ["does not heal"]


def test_an_automaton_that_runs_away_sits_at_its_clamp(context: moderngl.Context) -> None:
    runaway = random_automaton(4, 8, clamp=(-2, 2))
    runaway = replace(runaway, update_bias=np.full(4, 0.5, np.float32))
    report = measure_stability(context, runaway, EXEMPLAR, BRIEF)
    assert report.clamped_share > 0.9
    assert "sits at its clamp" in report.problems


def test_drifting_is_a_problem_and_so_is_a_figure_that_is_none() -> None:
    assert StabilityReport(1, 1.3, 0, 1, 1).problems == ["drifts"]
    assert StabilityReport(1, float("nan"), 0, 1, 1).problems == ["drifts"]
    assert StabilityReport(1, 1.1, 0, 1.2, 1).problems == []


def test_progress_counts_every_step(context: moderngl.Context) -> None:
    told: list[int] = []
    measure_stability(context, random_automaton(4, 8), EXEMPLAR, BRIEF, told.append)
    assert told[-1] == BRIEF.old_steps + BRIEF.healing_steps


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["no_such_thing"], "no_such_thing"),
        (["--grid", "7"], "--grid"),
        (["--steps", "100"], "--steps"),
        (["--exemplar", "a.png"], "exactly one"),
    ],
)
def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    assert main(["check", *arguments]) == 2
    assert word in capsys.readouterr().err
