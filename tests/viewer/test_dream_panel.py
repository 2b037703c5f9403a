"""The dream panel draws every state it can be in, and its controls ask for what they say."""

from dataclasses import replace
from pathlib import Path

import panel_hand
import pytest
from imgui_bundle import imgui
from panel_hand import WINDOW, tap, tap_everything

from training.dream.journey import Journey, Stage
from training.dream.order import AutomatonTouch, DreamOrder
from viewer.actions import Action, CancelExport, Install, OpenExport
from viewer.dream_actions import (
    AimAt,
    BrowseForJourney,
    BrowseForModel,
    BrowseForSource,
    ChangeDream,
    ChooseFirst,
    CloseDream,
    ContinueDream,
    DeleteDream,
    ExportDream,
    ImagineFirst,
    LeaveDreaming,
    OpenDream,
    PauseDream,
    PlayDream,
    SaveJourney,
    Scrub,
    ShowDream,
    StartDream,
    StopDream,
    StopHelper,
    UseFrame,
    WritePrompts,
)
from viewer.dream_draft import DreamDraft
from viewer.dream_runs import KeptDream
from viewer.exporting import ExportState
from viewer.extras import DREAM
from viewer.journey_draft import JourneyDraft, Row
from viewer.panels.dream_film import FILM_TILES, film_places
from viewer.panels.dream_state import DreamRunState, DreamState, FilmTile, SheetTile
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import ExtraState, PanelState
from viewer.panels.training_state import TrainingState
from viewer.training_actions import ShowTab

STATE = replace(panel_hand.STATE, training=TrainingState(tab="dream"))
INSTALLED = replace(STATE, dream=ExtraState(DREAM, is_installed=True))
FOLDER = Path("/d/dreams/koi")
KEPT = KeptDream(DreamOrder(FOLDER, Journey((Stage("start", 60),))), 31)
DRAFT = DreamDraft()
ROWS = DreamDraft(journey=JourneyDraft((Row("start", 30), Row("koi %s", 40), Row("", 50))))
RUN = DreamRunState(
    name="koi %s",
    folder=FOLDER,
    dreamer="Patch dreamer, no diffusion model.",
    status="Dreaming",
    note="",
    phase="dreaming",
    has_ended=False,
    has_failed=False,
    made_count=31,
    frame_count=60,
    loops=True,
    seconds_per_frame=0.2,
    remaining_seconds=6.0,
    shown_index=30,
    follows=True,
    plays=False,
    film=tuple(FilmTile(index, 1 if index < 31 else 0) for index in film_places(60)),
)
STOPPED = replace(RUN, has_ended=True, status="Stopped after 31 of 60 frames")
WHOLE = replace(STOPPED, status="Finished", made_count=60)
FAILED = replace(STOPPED, has_failed=True, status="the disk is full %s.")
SHEET = tuple(SheetTile(row, column, column, 7.0, 1) for row in range(3) for column in range(4))
IMAGINING = DreamDraft(source="prompt", backend="diffusers", model="/m/tiny", first=(0, 1))


def with_dream(dream: DreamState, state: PanelState = STATE) -> PanelState:
    return replace(state, dreaming=dream)


def click_everything(sidebar: Sidebar, state: PanelState) -> list[Action]:
    """Click all over the panel."""
    return tap_everything(sidebar, state, (1030, 1100, 1170, 1215, 1252))


def drafts(asked: list[Action]) -> list[DreamDraft]:
    return [action.draft for action in asked if isinstance(action, ChangeDream)]


@pytest.mark.parametrize(
    "dream",
    [
        DreamState(),
        DreamState(ROWS, complaint="the zoom of frame 0 is 9 %s."),
        DreamState(DreamDraft(source="picture", picture=Path("/p/x %s.png")), source_texture=1),
        DreamState(DreamDraft(journey=JourneyDraft(zoom="0: (1.02), 9: (1.05"))),
        DreamState(DreamDraft(size_pixels=(512, 256), touch=AutomatonTouch(Path("koi")))),
        DreamState(IMAGINING, sheet=SHEET, helper="imagining", helper_note="Loading %s"),
        DreamState(replace(DRAFT, backend="own"), helper="writing"),
        DreamState(run=replace(RUN, phase="growing", made_count=0, film=()), is_shown=True),
        DreamState(run=RUN, is_shown=True),
        DreamState(run=replace(RUN, phase="paused", plays=True, follows=False), is_shown=True),
        DreamState(run=STOPPED),
        DreamState(run=WHOLE, is_shown=True, cross_pixels=(10.0, 10.0)),
        DreamState(run=FAILED),
        DreamState(run=RUN, asks_before_closing=True),
        DreamState(earlier=(KEPT, replace(KEPT, made_count=60))),
    ],
)
@pytest.mark.parametrize("state", [STATE, INSTALLED])
def test_every_state_draws_and_asks_for_nothing(
    sidebar: Sidebar, state: PanelState, dream: DreamState
) -> None:
    for _ in range(3):
        assert panel_hand.draw(sidebar, with_dream(dream, state)) == []


def test_a_dream_is_prepared_from_top_to_bottom(sidebar: Sidebar) -> None:
    asked = click_everything(sidebar, with_dream(DreamState(DRAFT, earlier=(KEPT,))))
    kinds = {StartDream(), BrowseForJourney(), SaveJourney(), AimAt(0.5, 0.5), OpenDream(FOLDER)}
    assert kinds <= set(asked) and ShowTab("play") in asked
    changed = drafts(asked)
    assert {draft.source for draft in changed} == {"grid", "picture", "prompt"}
    assert {draft.backend for draft in changed} == {"patch", "diffusers", "own"}
    assert {draft.journey.loop for draft in changed} == {"portal", "mix", "none"}
    assert {"1.04", "0.8"} < {
        text for d in changed for text in (d.journey.zoom, d.journey.strength)
    }
    assert any(len(draft.journey.rows) == 2 for draft in changed)


def test_a_slider_writes_one_number_and_keyframes_have_none(sidebar: Sidebar) -> None:
    def zooms(draft: DreamDraft) -> set[str]:
        asked = click_everything(sidebar, with_dream(DreamState(draft)))
        return {each.journey.zoom for each in drafts(asked)}

    written = zooms(DRAFT) - {"1.04"}
    assert written and all(1 <= float(zoom) <= 1.1 for zoom in written)
    keyframes = "0: (1.02), 9: (1.05)"
    moving = replace(DRAFT, journey=JourneyDraft(zoom=keyframes))
    assert zooms(moving) == {keyframes}


def test_rows_move_and_go(sidebar: Sidebar) -> None:
    """The menu of every row, entry by entry."""
    state = with_dream(DreamState(ROWS))
    panel_hand.draw(sidebar, state)
    reached: dict[tuple[int, ...], list[int]] = {}
    for y in range(200, 300, 8):
        for entry in range(4):
            tap(sidebar, state, 1252, y)
            asked = tap(sidebar, state, 1240, y + 24 + 22 * entry)
            for draft in drafts(asked):
                order = tuple(row.frames for row in draft.journey.rows)
                reached.setdefault(order, []).append(y)
            imgui.get_io().add_key_event(imgui.Key.escape, True)
            imgui.get_io().add_key_event(imgui.Key.escape, False)
            panel_hand.draw(sidebar, state)
    assert {(40, 50), (30, 50), (30, 40)} <= set(reached)
    # Up from the one row, down from the other.
    for order in ((40, 30, 50), (30, 50, 40)):
        assert max(reached[order]) - min(reached[order]) > 20


def test_a_picture_is_browsed_for(sidebar: Sidebar) -> None:
    draft = DreamDraft(source="picture")
    assert BrowseForSource() in click_everything(sidebar, with_dream(DreamState(draft)))


def test_diffusion_offers_its_installation_or_its_model(sidebar: Sidebar) -> None:
    dream = DreamState(replace(DRAFT, backend="diffusers"))
    asked = click_everything(sidebar, with_dream(dream))
    assert Install(DREAM) in asked and BrowseForModel() not in asked
    asked = click_everything(sidebar, with_dream(dream, INSTALLED))
    assert {BrowseForModel(folder=True), BrowseForModel(folder=False)} <= set(asked)
    assert Install(DREAM) not in asked
    assert any(draft.download for draft in drafts(asked))


def test_first_pictures_are_imagined_and_chosen(sidebar: Sidebar) -> None:
    prompted = replace(IMAGINING, journey=JourneyDraft((Row("a road", 30),)))
    dream = DreamState(prompted, sheet=SHEET)
    asked = set(click_everything(sidebar, with_dream(dream, INSTALLED)))
    assert ImagineFirst() in asked
    assert {ChooseFirst(row, column) for row in range(3) for column in range(4)} <= asked
    busy = replace(dream, helper="imagining")
    asked = set(click_everything(sidebar, with_dream(busy, INSTALLED)))
    assert StopHelper() in asked and not {ImagineFirst(), WritePrompts()} & asked


@pytest.mark.parametrize(
    ("run", "offered", "refused"),
    [
        (RUN, {PauseDream(), StopDream(), UseFrame("seed")}, {ContinueDream(), UseFrame("start")}),
        (replace(RUN, phase="paused"), {ContinueDream(), StopDream()}, {PauseDream()}),
        (STOPPED, {ContinueDream(), CloseDream(), UseFrame("start")}, {PauseDream(), StopDream()}),
        (WHOLE, {CloseDream(), UseFrame("exemplar")}, {ContinueDream(), StopDream()}),
        (FAILED, {ContinueDream(), CloseDream()}, {StopDream()}),
        (replace(STOPPED, made_count=0), {ContinueDream()}, {UseFrame("seed"), ExportDream("")}),
    ],
)
def test_a_dream_offers_what_can_be_done(
    sidebar: Sidebar, run: DreamRunState, offered: set[Action], refused: set[Action]
) -> None:
    asked = set(click_everything(sidebar, with_dream(DreamState(run=run, is_shown=True))))
    assert offered <= asked and not refused & asked


def test_frames_go_out_and_the_dream_comes_back_to_the_view(sidebar: Sidebar) -> None:
    asked = set(click_everything(sidebar, with_dream(DreamState(run=STOPPED))))
    assert {ExportDream(suffix) for suffix in (".gif", ".mp4", ".webm", "")} <= asked
    assert ShowDream() in asked
    busy = replace(with_dream(DreamState(run=STOPPED)), export=ExportState(running="koi.mp4"))
    asked = set(click_everything(sidebar, busy))
    assert CancelExport() in asked and ExportDream(".gif") not in asked
    done = replace(busy, export=ExportState(written=Path("/d/koi.mp4")))
    assert OpenExport() in click_everything(sidebar, done)


def test_deleting_asks_first(sidebar: Sidebar) -> None:
    state = with_dream(DreamState(run=WHOLE))
    panel_hand.draw(sidebar, state)
    for y in range(200, 420, 8):
        assert DeleteDream(FOLDER) not in tap(sidebar, state, 1200, y)
        if DeleteDream(FOLDER) in tap(sidebar, state, 1215, y + 22):
            return
    pytest.fail("nothing deleted the dream")


def test_the_film_strip_scrubs_and_plays(sidebar: Sidebar) -> None:
    state = with_dream(DreamState(run=RUN, is_shown=True))
    panel_hand.draw(sidebar, state)
    y = WINDOW[1] - 50
    assert PlayDream(True) in tap(sidebar, state, 30, y)
    scrubbed = [action for action in tap(sidebar, state, 300, y) if isinstance(action, Scrub)]
    assert scrubbed and all(0 < action.index < 31 for action in scrubbed if action.index)
    # Beyond what is there it follows the newest.
    assert Scrub(None) in tap(sidebar, state, 900, y)
    whole = with_dream(DreamState(run=WHOLE, is_shown=True))
    assert Scrub(59) in tap(sidebar, whole, 960, y)


def test_closing_on_a_dream_says_that_nothing_is_lost(sidebar: Sidebar) -> None:
    state = with_dream(DreamState(run=RUN, asks_before_closing=True))
    panel_hand.draw(sidebar, state)
    asked = [action for y in range(300, 520, 10) for action in tap(sidebar, state, 640, y)]
    assert {LeaveDreaming("leave"), LeaveDreaming("stay")} <= set(asked)


@pytest.mark.parametrize("frame_count", [1, 5, 60, 100_000])
def test_the_film_shows_frames_from_the_whole_dream(frame_count: int) -> None:
    places = film_places(frame_count)
    assert places[0] == 0 and list(places) == sorted(set(places))
    assert len(places) == min(FILM_TILES, frame_count)
    assert places[-1] < frame_count and frame_count - places[-1] <= -(-frame_count // len(places))
