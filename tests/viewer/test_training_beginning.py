"""A training that goes on from an automaton in view: chosen in the panel, ordered, and begun."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import panel_hand
import pytest
from panel_trainee import Trainee

from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from support import random_automaton, random_filter
from training.plan import FORM_FILTER_SCALES
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import PanelState
from viewer.panels.training_state import TrainingState
from viewer.training_actions import ChangeDraft, StartTraining
from viewer.training_beginning import Beginning, Kind
from viewer.training_draft import TrainingDraft
from viewer.training_presets import FORM_OPTIONS, TrainingOptions
from viewer.training_runs import find_runs

MOSS = Path("/g/moss.safetensors")
TEXTURE = Beginning(MOSS, 8, 20, "a texture")
FORM = Beginning(Path("/g/newt.safetensors"), 16, 96, "a growing form")
DRAFT = TrainingDraft(Path("moss.png"), (640, 480))
FORM_DRAFT = replace(DRAFT, options=FORM_OPTIONS)


@pytest.mark.parametrize(
    ("automaton", "channels", "kind"),
    [
        (random_automaton(8, 20), 8, "a texture"),
        (random_filter(12, 20), 12, "a living filter"),
        (
            random_automaton(8, 20, alive_masking=True, filter_scales=FORM_FILTER_SCALES),
            8,
            "a growing form",
        ),
        (random_automaton(8, 20, alive_masking=True), 8, None),
        (random_automaton(8, 20, filter_scales=FORM_FILTER_SCALES), 8, None),
    ],
)
def test_what_of_an_automaton_decides(
    automaton: Automaton, channels: int, kind: Kind | None
) -> None:
    assert Beginning.of(MOSS, automaton) == Beginning(MOSS, channels, 20, kind)


def test_a_training_has_the_sizes_of_what_it_begins_with() -> None:
    order = replace(DRAFT, beginning=TEXTURE).order()
    assert (order.plan.channels, order.plan.hidden, order.start_from) == (8, 20, MOSS)
    fresh = DRAFT.order()
    assert (fresh.plan.channels, fresh.plan.hidden, fresh.start_from) == (12, 96, None)


@pytest.mark.parametrize(
    ("draft", "beginning", "sentence"),
    [
        (FORM_DRAFT, TEXTURE, "moss is a texture, and what is learnt here becomes a growing form."),
        (DRAFT, FORM, "newt is a growing form, and what is learnt here becomes a texture."),
        (
            replace(DRAFT, options=TrainingOptions(content="photos")),
            TEXTURE,
            "moss is a texture, and what is learnt here becomes a living filter.",
        ),
        (
            DRAFT,
            replace(TEXTURE, kind=None),
            "moss sees with other filters than what is trained here.",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    draft: TrainingDraft, beginning: Beginning, sentence: str
) -> None:
    with pytest.raises(LichenError) as refused:
        replace(draft, beginning=beginning).order()
    assert str(refused.value) == sentence


def shown(draft: TrainingDraft, automaton: Automaton | None) -> PanelState:
    return replace(
        panel_hand.STATE,
        groups=(),
        automaton_path=MOSS if automaton else None,
        automaton=automaton,
        training=TrainingState(tab="train", draft=draft),
    )


def chosen_drafts(sidebar: Sidebar, draft: TrainingDraft) -> set[Beginning | None]:
    """All beginnings that a user can choose who tries every line of every list."""
    state, chosen = shown(draft, random_automaton(8, 20)), set[Beginning | None]()
    for y in range(300, 480, 12):
        for item_y in range(y + 24, y + 72, 12):
            asked = panel_hand.click(sidebar, state, 1150, y)
            asked += panel_hand.click(sidebar, state, 1150, item_y)
            panel_hand.press_escape(sidebar, state)
            drafts = (action.draft for action in asked if isinstance(action, ChangeDraft))
            chosen |= {each.beginning for each in drafts if each is not None}
    return chosen


def test_the_automaton_in_view_is_chosen_from_a_list(sidebar: Sidebar) -> None:
    assert TEXTURE in chosen_drafts(sidebar, DRAFT)
    assert None in chosen_drafts(sidebar, replace(DRAFT, beginning=TEXTURE))
    assert chosen_drafts(sidebar, FORM_DRAFT) <= {None}


def test_the_panel_says_what_a_training_begins_with(sidebar: Sidebar) -> None:
    automaton = random_automaton(8, 20)

    def words(draft: TrainingDraft, in_view: Automaton | None) -> str:
        state = shown(draft, in_view)
        for _ in range(2):
            panel_hand.draw(sidebar, state)
        return panel_hand.read(sidebar, state)

    assert "fresh weights" in words(DRAFT, automaton)
    assert "fresh weights" not in words(DRAFT, None)
    on = replace(DRAFT, beginning=TEXTURE)
    assert all(f"{{ {text} }}" in words(on, None) for text in ("moss", "8", "20"))
    with_content = replace(on, options=TrainingOptions(content="photos"))
    assert "what is learnt here becomes a living filter." in words(with_content, None)


def test_a_run_holds_what_it_begins_with(trainee: Trainee) -> None:
    """Somebody who removes the automaton takes nothing from a training that waits."""
    trainee.prepare("finish")
    path, automaton = trainee.controller.stage.path, trainee.controller.stage.simulation
    assert path is not None and automaton is not None and trainee.panel.draft is not None
    beginning = Beginning.of(path, automaton.automaton)
    trainee.ask(ChangeDraft(replace(trainee.panel.draft, beginning=beginning)), StartTraining())
    (run,) = find_runs()
    path.unlink()
    assert run.order.start_from is not None
    assert run.order.output.parent in run.order.start_from.parents
    np.testing.assert_array_equal(
        load_automaton(run.order.start_from).hidden_weight, automaton.automaton.hidden_weight
    )
    assert "--from moss.safetensors" in run.order.credits.training_command


def test_an_automaton_that_is_gone_is_a_sentence_in_the_panel(trainee: Trainee) -> None:
    trainee.prepare("finish")
    assert trainee.panel.draft is not None
    gone = replace(TEXTURE, path=trainee.folder / "gone.safetensors")
    trainee.ask(ChangeDraft(replace(trainee.panel.draft, beginning=gone)), StartTraining())
    assert "the automaton gone is gone; begin with another." == trainee.panel.complaint
    assert trainee.panel.draft is not None and find_runs() == []
