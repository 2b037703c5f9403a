"""The check on OpenGL, and `lichen check` as a user meets it."""

import json
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest

from exporters.automaton import Automaton
from exporters.automaton_file import save_automaton
from exporters.reference import run
from exporters.seed import Seed
from exporters.stability import Moment
from support import random_automaton, random_state, relative_error
from viewer.command import main
from viewer.stability import GLStepper, check_stability


def still(contrast: float) -> Automaton:
    """Noise that never changes."""
    automaton = random_automaton(4, 3)
    return replace(
        automaton,
        update_weight=np.zeros_like(automaton.update_weight),
        update_bias=np.zeros_like(automaton.update_bias),
        seed=Seed("uniform", -contrast, contrast),
    )


def test_the_stepper_does_what_the_reference_does(context: moderngl.Context) -> None:
    automaton = random_automaton(5, 6, update_rate=1.0)
    stepper = GLStepper(context, automaton)
    for side in (9, 12):
        state = random_state(5, side, side)
        before = state.copy()
        assert relative_error(stepper(state, 4), run(automaton, state, 4)) < 1e-4
        np.testing.assert_array_equal(state, before)
    stepper.release()


def test_each_call_fires_other_cells(context: moderngl.Context) -> None:
    automaton = replace(still(0.0), update_bias=np.ones(4, np.float32))
    stepper = GLStepper(context, automaton)
    state = np.zeros((4, 8, 8), np.float32)
    assert (stepper(state, 1) != stepper(state, 1)).any()
    stepper.release()


def test_the_quick_form_stops_early_where_nothing_lives(context: moderngl.Context) -> None:
    told: list[Moment] = []
    examination = check_stability(context, still(0.0), quick=True, on_moment=told.append)
    assert examination.verdict.word == "dies"
    assert [moment.steps for moment in told] == [0, 100, 200, 300, 400]
    assert {moment.start for moment in told} == {"from the seed"}


def test_figures_for_programs(
    context: moderngl.Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "still.safetensors"
    save_automaton(still(0.0), path)
    assert main(["check", str(path), "--quick", "--json"]) == 1
    (report,) = json.loads(capsys.readouterr().out)
    assert report["verdict"]["word"] == "dies"
    assert report["findings"][-1]["symptom"] == "dies"
    assert report["findings"][-1]["side_cells"] == 64


def test_a_sound_automaton_ends_with_success(
    context: moderngl.Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "coral_small", "--quick"]) == 0
    shown = capsys.readouterr().out
    assert "coral_small" in shown and "stable" in shown


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["no_such_thing"], "no_such_thing"),
        (["--exemplar", "a.png"], "exactly one"),
        (["coral", "--exemplar", "no_such.png"], "no_such.png"),
    ],
)
def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    assert main(["check", *arguments]) == 2
    assert word in capsys.readouterr().err
