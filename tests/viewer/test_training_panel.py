"""The training panel draws every state it can be in, and its controls ask for what they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import panel_hand
import pytest
from imgui_bundle import imgui

from training.order import TrainingOrder
from training.protocol import Advanced, CheckAdvanced
from viewer.actions import Action, Install
from viewer.extras import TRAIN
from viewer.loss_curve import LossCurve
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import ExtraState
from viewer.panels.training_plot import smoothed, thinned_out
from viewer.panels.training_state import RunState, TrainingState
from viewer.training_actions import (
    AdvanceWaiting,
    BrowseForPicture,
    ChangeDraft,
    ChangeTraining,
    CloseWindow,
    ContinueTraining,
    EarlierRun,
    ForgetTraining,
    KeepShown,
    LookBack,
    PauseTraining,
    RemoveWaiting,
    ResumeRun,
    ShowTab,
    ShowTraining,
    StartTraining,
    StopRun,
    StopTraining,
)
from viewer.training_draft import TrainingDraft
from viewer.training_presets import FORM_OPTIONS, TrainingOptions
from viewer.training_prompts import PromptDraft, PromptRow

WINDOW = (1280, 800)
DRAFT = TrainingDraft(Path("moss %s.png"), (640, 480))
CLIPS = ("/models/clip %s", "openai/clip-vit-base-patch32")
PROMPTS = PromptDraft((PromptRow("coral %s"), PromptRow("fog %s", "%s", is_negative=True)))
PROMPT_DRAFT = replace(DRAFT, options=TrainingOptions(prompts=PROMPTS, clip=CLIPS[0]))
FORM_DRAFT = replace(DRAFT, options=FORM_OPTIONS)
LOSSES = LossCurve()
for iteration in range(1, 500):
    LOSSES.append(iteration, 10.0 / iteration)
RUN = RunState(
    name="moss %s",
    status="Learning",
    note="loss: ot",
    phase="training",
    has_ended=False,
    has_failed=False,
    can_resume=True,
    can_change=False,
    exemplar_texture=0,
    progress=Advanced(499, 0.02, 0.4, 60.0, 90.0, 8.3),
    check=None,
    losses=LOSSES,
    pool_textures=(1, 2, 3, 4, 5, 6, 7, 8),
    milestones=(100, 200, 300, 400),
    looked_back=None,
    is_shown=True,
)
PREPARING = replace(
    RUN, phase="preparing", progress=None, losses=LossCurve(), pool_textures=(), milestones=()
)
CHECKED = replace(RUN, phase="checking", check=CheckAdvanced(2, 3, "after a wound %s, 64x64", 0.57))
FAILED = replace(RUN, status="the disk is full.", has_ended=True, has_failed=True)
HOPELESS = replace(FAILED, can_resume=False, can_change=True, milestones=())
EARLIER = EarlierRun(TrainingOrder(Path("a.png"), Path("a.safetensors")), False, 0.4)
BACKGROUND = replace(EARLIER, is_training=True, is_learning=True)
EMPTY = TrainingState(tab="train")
STATE = replace(panel_hand.STATE, groups=(), automaton_path=None)


def draw(sidebar: Sidebar, training: TrainingState) -> list[Action]:
    return panel_hand.draw(sidebar, replace(STATE, training=training))


def drag(
    sidebar: Sidebar,
    training: TrainingState,
    start: tuple[float, float],
    end: tuple[float, float] | None = None,
) -> list[Action]:
    """Point, press, move and release; all that was asked for meanwhile."""
    inputs, asked = imgui.get_io(), []
    last = end or start
    for place, is_down in ((start, False), (start, True), (last, True), (last, False)):
        inputs.add_mouse_pos_event(*place)
        inputs.add_mouse_button_event(0, is_down)
        for _ in range(2):
            asked += draw(sidebar, training)
    return asked


def click_everything(sidebar: Sidebar, training: TrainingState) -> list[Action]:
    places = [(x, y) for x in (1030, 1120, 1215, 1252) for y in range(16, 760, 22)]
    train_tab = (1076, 28)
    return [action for place in (train_tab, *places) for action in drag(sidebar, training, place)]


@pytest.mark.parametrize(
    "training",
    [
        EMPTY,
        replace(EMPTY, complaint="moss.png is not a picture; use a PNG or JPEG."),
        replace(EMPTY, draft=DRAFT),
        replace(EMPTY, draft=FORM_DRAFT),
        replace(EMPTY, draft=PROMPT_DRAFT, clips=CLIPS),
        replace(EMPTY, draft=replace(DRAFT, crop=(0.25, 0.5, 0.3, 0.6)), run=RUN),
        replace(EMPTY, run=PREPARING),
        replace(EMPTY, run=RUN, waiting=("fern", "fern")),
        replace(EMPTY, run=replace(RUN, looked_back=1, phase="paused")),
        replace(EMPTY, run=replace(RUN, is_shown=False, phase="checking")),
        replace(EMPTY, run=CHECKED),
        replace(EMPTY, run=replace(CHECKED, status="stable", has_ended=True)),
        replace(EMPTY, run=CHECKED, asks_before_closing=True),
        replace(EMPTY, run=FAILED, earlier=(EARLIER, BACKGROUND)),
        replace(EMPTY, earlier=(replace(BACKGROUND, is_learning=False),)),
        replace(EMPTY, run=RUN, asks_before_closing=True),
        TrainingState(run=RUN),
    ],
)
def test_every_state_draws_and_asks_for_nothing(sidebar: Sidebar, training: TrainingState) -> None:
    for _ in range(3):
        assert draw(sidebar, training) == []


@pytest.mark.parametrize(
    ("training", "expected"),
    [
        (EMPTY, {BrowseForPicture(), ShowTab("play")}),
        (replace(EMPTY, draft=DRAFT), {StartTraining(), ChangeDraft(None)}),
        (replace(EMPTY, draft=DRAFT, complaint="choose another."), {BrowseForPicture()}),
        (
            replace(EMPTY, run=RUN, waiting=("fern" * 20, "fern")),
            {
                PauseTraining(),
                StopTraining(keep=True),
                StopTraining(keep=False),
                KeepShown(),
                BrowseForPicture(),
                RemoveWaiting(0),
                AdvanceWaiting(1),
            },
        ),
        (replace(EMPTY, run=replace(RUN, phase="paused")), {ContinueTraining()}),
        (replace(EMPTY, run=replace(RUN, is_shown=False)), {ShowTraining()}),
        (
            replace(EMPTY, run=FAILED, earlier=(EARLIER,)),
            {ContinueTraining(), KeepShown(), ForgetTraining(), ResumeRun(EARLIER)},
        ),
        (replace(EMPTY, run=HOPELESS), {ChangeTraining(), ContinueTraining(), ForgetTraining()}),
        (replace(EMPTY, earlier=(BACKGROUND,)), {StopRun(BACKGROUND)}),
        (TrainingState(run=RUN), {ShowTab("train")}),
    ],
)
def test_every_control_can_be_reached(
    sidebar: Sidebar, training: TrainingState, expected: set[Action]
) -> None:
    assert expected <= set(click_everything(sidebar, training))


def texts(sidebar: Sidebar, training: TrainingState) -> str:
    """All that the panel says."""
    for _ in range(2):
        draw(sidebar, training)
    imgui.new_frame()
    imgui.log_to_clipboard()
    sidebar.draw(replace(STATE, training=training), WINDOW, pixels_per_point=1.0)
    imgui.log_finish()
    imgui.render()
    return imgui.get_clipboard_text()


def test_a_check_shows_what_is_watched_and_the_share_that_is_done(sidebar: Sidebar) -> None:
    checked = texts(sidebar, replace(EMPTY, run=CHECKED))
    assert "after a wound %s, 64x64" in checked and "57%" in checked
    assert "499 iterations" not in checked
    ended = texts(sidebar, replace(EMPTY, run=replace(CHECKED, has_ended=True)))
    assert "57%" not in ended and "499 iterations" in ended


@pytest.mark.parametrize(("run", "told"), [(RUN, "still learning"), (CHECKED, "being checked")])
def test_closing_says_what_is_under_way(sidebar: Sidebar, run: RunState, told: str) -> None:
    assert f"moss %s is {told}." in texts(
        sidebar, replace(EMPTY, run=run, asks_before_closing=True)
    )


@pytest.mark.parametrize(
    ("waiting", "told"), [(("a",), "1 more waits"), (("a", "b"), "2 more wait")]
)
def test_closing_says_what_waits(sidebar: Sidebar, waiting: tuple[str, ...], told: str) -> None:
    training = replace(EMPTY, run=RUN, asks_before_closing=True)
    assert "more wait" not in texts(sidebar, training)
    assert told in texts(sidebar, replace(training, waiting=waiting))


def test_an_earlier_run_says_why_it_failed(sidebar: Sidebar) -> None:
    failed = replace(EARLIER, failure="flat.png has one colour only.")
    assert "flat.png has one colour only." in texts(sidebar, replace(EMPTY, earlier=(failed,)))


def test_the_history_slider_looks_back_and_follows_again(sidebar: Sidebar) -> None:
    training = replace(EMPTY, run=RUN)
    asked = {action for y in range(340, 400, 6) for action in drag(sidebar, training, (1020, y))}
    assert LookBack(0) in asked
    back = replace(EMPTY, run=replace(RUN, looked_back=0))
    asked = {action for y in range(340, 400, 6) for action in drag(sidebar, back, (1258, y))}
    assert LookBack(None) in asked


def test_the_crop_and_the_scale_are_dragged_on_the_picture(sidebar: Sidebar) -> None:
    training = replace(EMPTY, draft=DRAFT)
    draw(sidebar, training)
    # The picture begins below the name and is as tall as it may be: its lower right corner.
    for y in range(240, 340, 5):
        asked = drag(sidebar, training, (1250, y), (1190, y))
        crops = [a.draft.crop for a in asked if isinstance(a, ChangeDraft) and a.draft]
        if crops:
            break
    assert crops[-1][0] == 0 and 0.7 < crops[-1][2] < 0.8
    sizes = set()
    for x, y in ((x, y) for x in range(1076, 1110, 8) for y in range(180, 230, 8)):
        for action in drag(sidebar, training, (x, y), (x - 36, y - 36)):
            if isinstance(action, ChangeDraft) and action.draft:
                sizes.add(action.draft.options.size_cells)
    assert max(sizes) > 150


@pytest.mark.parametrize("clips", [CLIPS, ()])
def test_a_prompt_is_typed_where_something_can_read_it(
    sidebar: Sidebar, clips: tuple[str, ...]
) -> None:
    training = replace(EMPTY, draft=DRAFT, clips=clips)
    asked = []
    for y in range(500, 780, 8):
        asked += drag(sidebar, training, (1100, y))
        imgui.get_io().add_input_characters_utf8("q")
        asked += draw(sidebar, training)
        # A click into the view ends the typing.
        drag(sidebar, training, (400, 400))
    drafts = [action.draft for action in asked if isinstance(action, ChangeDraft) and action.draft]
    typed = PromptDraft((PromptRow("q"),))
    assert any(draft.options.prompts == typed for draft in drafts) == bool(clips)


def test_prompts_are_added_and_removed(sidebar: Sidebar) -> None:
    few = PromptDraft((PromptRow("coral"), PromptRow("fog", is_negative=True)))
    training = with_prompts(few)
    places = [(x, y) for x in (1120, 1200, 1252) for y in range(560, 760, 8)]
    asked = [action for place in places for action in drag(sidebar, training, place)]
    drafts = [action.draft for action in asked if isinstance(action, ChangeDraft) and action.draft]
    changes = {draft.options.prompts for draft in drafts}
    assert {few.with_new_row(False), few.with_new_row(True)} <= changes
    assert {few.without_row(0), few.without_row(1)} <= changes


def drawn_prompts(sidebar: Sidebar, prompts: PromptDraft, frames: int = 3) -> PromptDraft:
    """What becomes of them in a few frames, each of which shows what the one before changed."""
    for _ in range(frames):
        for action in draw(sidebar, with_prompts(prompts)):
            if isinstance(action, ChangeDraft) and action.draft:
                prompts = action.draft.options.prompts
    return prompts


@pytest.mark.parametrize(("x", "place"), [(1120, 1), (1190, 2)])
def test_a_row_that_was_added_can_be_typed_into_at_once(
    sidebar: Sidebar, x: float, place: int
) -> None:
    few = PromptDraft((PromptRow("coral"), PromptRow("fog", is_negative=True)))
    prompts, inputs = few, imgui.get_io()
    for y in range(560, 760, 8):
        inputs.add_mouse_pos_event(x, y)
        for is_down in (False, True, False):
            inputs.add_mouse_button_event(0, is_down)
            prompts = drawn_prompts(sidebar, prompts)
        if prompts != few:
            break
    added = few.with_new_row(is_negative=place == 2)
    assert prompts == added
    inputs.add_input_characters_utf8("q")
    row = replace(added.rows[place], text="q")
    assert drawn_prompts(sidebar, prompts) == added.with_row(place, row)


def with_prompts(prompts: PromptDraft) -> TrainingState:
    options = TrainingOptions(prompts=prompts, clip=CLIPS[0])
    return replace(EMPTY, draft=replace(DRAFT, options=options), clips=CLIPS)


def test_a_form_is_learnt_whole(sidebar: Sidebar) -> None:
    training = replace(EMPTY, draft=FORM_DRAFT)
    asked = [action for y in range(100, 300, 12) for action in drag(sidebar, training, (1130, y))]
    drafts = [action.draft for action in asked if isinstance(action, ChangeDraft) and action.draft]
    assert all(draft.crop == FORM_DRAFT.crop for draft in drafts)


def test_throwing_away_is_asked_once_more(sidebar: Sidebar) -> None:
    training = replace(EMPTY, run=RUN)
    # A click into the view puts away what a click on the panel has opened.
    places = [place for y in range(100, 180, 6) for place in ((1252, y), (400, 400))]
    asked = [action for place in places for action in drag(sidebar, training, place)]
    assert StopTraining(keep=False) not in asked


def test_closing_is_asked_over_everything_else(sidebar: Sidebar) -> None:
    training = replace(EMPTY, run=RUN, asks_before_closing=True)
    places = [(640, y) for y in range(300, 520, 8)]
    asked = {action for place in places for action in drag(sidebar, training, place)}
    answers = ("background", "keep", "discard", "stay")
    assert {CloseWindow(answer) for answer in answers} <= asked
    assert not {PauseTraining(), KeepShown()} & set(click_everything(sidebar, training))


def test_without_the_packages_it_offers_to_install_them(sidebar: Sidebar) -> None:
    state = replace(STATE, train=ExtraState(TRAIN, is_installed=False), training=EMPTY)
    asked = []
    for y in range(60, 220, 8):
        imgui.get_io().add_mouse_pos_event(1130, y)
        for is_down in (False, True, False):
            imgui.get_io().add_mouse_button_event(0, is_down)
            for _ in range(2):
                imgui.new_frame()
                asked += sidebar.draw(state, WINDOW, pixels_per_point=1.0)
                imgui.render()
    assert Install(TRAIN) in asked


def test_a_long_curve_is_thinned_out_and_smoothed_without_being_moved() -> None:
    x = np.arange(1.0, 5001.0)
    thin_x, thin_y = thinned_out(x, np.full(5000, 0.25))
    assert len(thin_x) <= 240 and thin_x[-1] == 5000
    np.testing.assert_allclose(thin_y, 0.25)
    zigzag = np.where(np.arange(200) % 2, 1.0, 4.0)
    np.testing.assert_allclose(smoothed(zigzag)[20:-20], 2.0, rtol=0.15)
