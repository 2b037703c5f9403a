"""A painting under way, or one that has ended: how far it is, and what becomes of it."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.panels import theme
from viewer.panels.fields import draw_complaint
from viewer.panels.kept import draw_leaving, draw_uses
from viewer.panels.stylize_state import StylizeRunState, StylizeState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.training_plot import draw_loss
from viewer.panels.widgets import (
    button,
    heading,
    main_button,
    quiet_text,
    same_line_right,
    thirds,
    title,
)
from viewer.stylize_actions import (
    ClosePainting,
    ContinuePainting,
    DeletePainting,
    PausePainting,
    RestartPainting,
    SavePainting,
    ShowPainting,
    StopPainting,
    UsePainting,
)
from viewer.training_session import time_left


class StylizeRunPart:
    """Draws the part; `holds_original` says that the button is held that shows the original."""

    def __init__(self) -> None:
        self.holds_original = False

    def draw(self, painting: StylizeState, run: StylizeRunState, fonts: Fonts) -> Iterator[Action]:
        """Draw it; gives what the user asked for."""
        title(fonts, run.name)
        _draw_progress(run)
        yield from _draw_ended(painting, run) if run.has_ended else _draw_controls(run)
        self.holds_original = False
        if painting.is_shown:
            hint = "As long as this is held, or the mouse on the picture"
            button(f"{Icon.EYE}  Hold to see the original", hint, -1, enabled=run.has_picture)
            self.holds_original = imgui.is_item_active()
        elif main_button(f"{Icon.EYE}  Back to the painting", "Show it in the view", -1):
            yield ShowPainting()
        if len(run.losses.iterations):
            heading(fonts, "Loss")
            draw_loss(run.losses.iterations, run.losses.losses, None)
        if run.has_picture:
            yield from _draw_uses(run, fonts)
        match draw_leaving("painting", run.has_ended, "Delete the painting"):
            case "new":
                yield ClosePainting()
            case "delete":
                yield DeletePainting(run.folder)
        if run.notes:
            heading(fonts, "Notes")
            for note in run.notes:
                quiet_text(f"{note[0].upper()}{note[1:]}")


def _draw_progress(run: StylizeRunState) -> None:
    if run.has_failed:
        draw_complaint(run.status)
    else:
        quiet_text(run.status)
    progress = run.progress
    if progress is None:
        return
    imgui.progress_bar(progress.iteration / progress.iterations, ImVec2(-1, em(0.4)), "")
    imgui.text(f"{progress.iteration:,} of {progress.iterations:,} iterations")
    if not run.has_ended and run.phase == "painting":
        left = time_left(progress.remaining_seconds)
        same_line_right(imgui.calc_text_size(left).x)
        imgui.text_colored(theme.QUIET, left)


def _draw_controls(run: StylizeRunState) -> Iterator[Action]:
    if run.phase == "paused":
        if main_button(f"{Icon.PLAY}  Go on", "Let it paint on", thirds(2)):
            yield ContinuePainting()
    elif button(f"{Icon.PAUSE}  Pause", "Let it wait", thirds(2), enabled=run.phase == "painting"):
        yield PausePainting()
    imgui.same_line()
    if button(f"{Icon.STOP}  Stop", "End it here; the picture stays, and it can go on later", -1):
        yield StopPainting()


def _draw_ended(painting: StylizeState, run: StylizeRunState) -> Iterator[Action]:
    if not run.is_finished:
        hint = "Paint the missing iterations, as if it had never stopped"
        if main_button(f"{Icon.PLAY}  Go on", hint, thirds(2)):
            yield ContinuePainting()
        imgui.same_line()
    hint = "Paint the same from the beginning; this one stays among the earlier ones"
    if button(f"{Icon.RESTART}  Start over", hint, -1, enabled=not painting.is_starting):
        yield RestartPainting()


def _draw_uses(run: StylizeRunState, fonts: Fonts) -> Iterator[Action]:
    heading(fonts, "Keep it")
    if button(f"{Icon.SAVE}  Save", "As a PNG among your pictures (S)", thirds(2)):
        yield SavePainting()
    imgui.same_line()
    if button("Save as...", "As a PNG wherever you say", -1):
        yield SavePainting(asks=True)
    use = draw_uses(fonts, "picture", ("Dream", "Begin a dream with it"), starts=True)
    if use is not None:
        yield UsePainting(use)
