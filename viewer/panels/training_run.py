"""A training under way, or one that has ended."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from training.protocol import CheckAdvanced
from viewer.actions import Action
from viewer.panels import theme
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.training_plot import draw_loss
from viewer.panels.training_state import RunState
from viewer.panels.widgets import (
    button,
    confirmed,
    heading,
    main_button,
    quiet_text,
    same_line_right,
    shortened,
    slim_slider,
    text_colour,
    thirds,
    title,
    tooltip,
)
from viewer.training_actions import (
    ChangeTraining,
    ContinueTraining,
    ForgetTraining,
    KeepShown,
    LookBack,
    PauseTraining,
    ShowTraining,
    StopTraining,
)
from viewer.training_session import time_left

EXEMPLAR_EMS = 3.6
POOL_TILES_A_ROW, POOL_TILES = 4, 8
POOL_SPACING = 4.0


def exemplar_points() -> float:
    """The side of the exemplar beside the run's name."""
    return float(int(em(EXEMPLAR_EMS)))


def draw_run(run: RunState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    _draw_head(run, fonts)
    if run.check is not None and not run.has_ended:
        _draw_check(run.check)
    else:
        _draw_progress(run)
    yield from _draw_ended(run) if run.has_ended else _draw_controls(run)
    if run.milestones and not run.is_shown:
        if main_button(f"{Icon.EYE}  Back to the preview", "Show what it has learnt", -1):
            yield ShowTraining()
    if len(run.losses.iterations):
        heading(fonts, "Loss")
        marked = run.shown_iteration if run.looked_back is not None else None
        draw_loss(run.losses.iterations, run.losses.losses, marked)
    if run.milestones:
        yield from _draw_history(run, fonts)
    if run.pool_textures and not run.has_ended:
        heading(fonts, "Pool")
        _draw_pool(run.pool_textures)
    if run.note:
        quiet_text(run.note)


def _draw_head(run: RunState, fonts: Fonts) -> None:
    """What is learnt, beside its name and how it stands."""
    if run.exemplar_texture:
        side = exemplar_points()
        imgui.image(imgui.ImTextureRef(run.exemplar_texture), ImVec2(side, side))
        tooltip("What it learns")
        imgui.same_line()
    imgui.begin_group()
    title(fonts, run.name)
    if not run.has_failed:
        quiet_text(run.status)
    imgui.end_group()
    if run.has_failed:
        with text_colour(theme.ALARM):
            imgui.text_wrapped(run.status)


def _draw_progress(run: RunState) -> None:
    progress = run.progress
    if progress is None:
        return
    imgui.progress_bar(progress.completed, ImVec2(-1, em(0.4)), "")
    imgui.text(f"{progress.iteration:,} iterations")
    if not run.has_ended and run.phase == "training":
        rate = f"{progress.iterations_per_second:.1f}/s,  {time_left(progress.remaining_seconds)}"
        same_line_right(imgui.calc_text_size(rate).x)
        imgui.text_colored(theme.QUIET, rate)


def _draw_check(check: CheckAdvanced) -> None:
    """How far the check at the end is, and what is under watch."""
    imgui.progress_bar(check.completed, ImVec2(-1, em(0.4)), "")
    share = f"{check.completed:.0%}"
    width = imgui.calc_text_size(share).x
    room = imgui.get_content_region_avail().x - width - imgui.get_style().item_spacing.x
    imgui.text(shortened(check.watching, room))
    same_line_right(width)
    imgui.text_colored(theme.QUIET, share)


def _draw_history(run: RunState, fonts: Fonts) -> Iterator[Action]:
    """A slider over all snapshots; the newest one is followed while it stands at the end."""
    heading(fonts, "History")
    newest = len(run.milestones) - 1
    place = newest if run.looked_back is None else run.looked_back
    changed = slim_slider("##history", place, 0, max(newest, 1))
    if changed is not None and newest:
        yield LookBack(changed if changed < newest else None)
    imgui.align_text_to_frame_padding()
    imgui.text(f"iteration {run.milestones[place]:,}")
    keep = f"{Icon.KEEP}  Keep this"
    same_line_right(em(7))
    if button(keep, "Save these weights as an automaton of yours; the training goes on", em(7)):
        yield KeepShown()


def _draw_pool(textures: tuple[int, ...]) -> None:
    """Some states of the pool, one pixel a cell where they fit."""
    room = imgui.get_content_region_avail().x
    side = float(int((room - (POOL_TILES_A_ROW - 1) * POOL_SPACING) / POOL_TILES_A_ROW))
    imgui.push_style_var(imgui.StyleVar_.item_spacing, ImVec2(POOL_SPACING, POOL_SPACING))
    for index, texture in enumerate(textures[:POOL_TILES]):
        if index % POOL_TILES_A_ROW:
            imgui.same_line()
        imgui.image(imgui.ImTextureRef(texture), ImVec2(side, side))
    imgui.pop_style_var()


def _draw_controls(run: RunState) -> Iterator[Action]:
    width = thirds()
    can_pause = run.phase in ("training", "paused")
    if run.phase == "paused":
        if main_button(f"{Icon.PLAY}  Go on", "Let it learn on", width):
            yield ContinueTraining()
    elif button(f"{Icon.PAUSE}  Pause", "Let it wait", width, enabled=can_pause):
        yield PauseTraining()
    imgui.same_line()
    if button(f"{Icon.KEEP}  Finish", finish_hint(run), width, run.can_finish):
        yield StopTraining(keep=True)
    imgui.same_line()
    if button(f"{Icon.CLOSE}  Discard", "Stop and throw it away", width):
        imgui.open_popup("discard")
    if confirmed("discard", "Throw away all it has learnt"):
        yield StopTraining(keep=False)


def finish_hint(run: RunState) -> str:
    """What finishing does, or why there is nothing to finish and what to do instead."""
    if run.can_finish:
        return "Stop now and keep what it has learnt"
    if run.phase == "checking":
        return "It is finishing: what it has learnt is checked and kept"
    return "Nothing is learnt yet: wait for its first iteration, or discard it"


def _draw_ended(run: RunState) -> Iterator[Action]:
    if run.has_failed and run.can_resume:
        if main_button(f"{Icon.RESTART}  Resume", "Go on from the last checkpoint", -1):
            yield ContinueTraining()
    elif run.has_failed:
        if run.can_change:
            if main_button("Change...", "Back to the picture and its options", thirds(2)):
                yield ChangeTraining()
            imgui.same_line()
        if button(f"{Icon.RESTART}  Try again", "Begin anew", -1):
            yield ContinueTraining()
    if button(f"{Icon.CLOSE}  Close", "Put this training away", -1):
        yield ForgetTraining()
