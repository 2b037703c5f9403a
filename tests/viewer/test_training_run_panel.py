"""The controls of a training under way offer what makes sense in its phase."""

from dataclasses import replace

import panel_hand
import pytest

from training.protocol import Advanced
from viewer.loss_curve import LossCurve
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import PanelState
from viewer.panels.training_run import finish_hint
from viewer.panels.training_state import RunState, TrainingState
from viewer.training_actions import StopTraining

PREPARING = RunState(
    name="moss %s",
    status="Getting ready...",
    note="",
    phase="preparing",
    has_ended=False,
    has_failed=False,
    can_resume=False,
    can_change=False,
    exemplar_texture=0,
    progress=None,
    check=None,
    losses=LossCurve(),
    pool_textures=(),
    milestones=(),
    looked_back=None,
    is_shown=False,
)
READY = replace(PREPARING, phase="training")
LEARNING = replace(READY, progress=Advanced(1, 0.5, 0.1, 1.0, 9.0, 1.0))
RESUMED = replace(PREPARING, can_resume=True)


def shown(run: RunState) -> PanelState:
    training = TrainingState(tab="train", run=run)
    return replace(panel_hand.STATE, groups=(), automaton_path=None, training=training)


@pytest.mark.parametrize(
    ("run", "can_finish", "hint"),
    [
        (PREPARING, False, "Nothing is learnt yet: wait for its first iteration, or discard it"),
        (READY, False, "Nothing is learnt yet: wait for its first iteration, or discard it"),
        (LEARNING, True, "Stop now and keep what it has learnt"),
        (replace(LEARNING, phase="paused"), True, "Stop now and keep what it has learnt"),
        (RESUMED, True, "Stop now and keep what it has learnt"),
        (
            replace(LEARNING, phase="checking", can_resume=True),
            False,
            "It is finishing: what it has learnt is checked and kept",
        ),
    ],
)
def test_only_what_has_learnt_something_can_be_finished(
    sidebar: Sidebar, run: RunState, can_finish: bool, hint: str
) -> None:
    state = shown(run)
    asked = [
        action for y in range(80, 200, 8) for action in panel_hand.tap(sidebar, state, 1150, y)
    ]
    assert (StopTraining(keep=True) in asked) == can_finish
    assert finish_hint(run) == hint


def test_what_gets_ready_can_be_discarded(sidebar: Sidebar) -> None:
    state = shown(PREPARING)
    for y in range(80, 200, 8):
        panel_hand.tap(sidebar, state, 1240, y)
        if "Throw away all it has learnt" in panel_hand.read(sidebar, state):
            return
    raise AssertionError("there is nothing to discard it by")
