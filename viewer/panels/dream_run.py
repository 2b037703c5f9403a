"""A dream under way, or one that has ended: how far it is, and what becomes of its frames."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, CancelExport, OpenExport
from viewer.dream_actions import (
    CloseDream,
    ContinueDream,
    DeleteDream,
    ExportDream,
    PauseDream,
    ShowDream,
    StopDream,
    UseFrame,
)
from viewer.exporting import ExportState
from viewer.panels import theme
from viewer.panels.dream_state import DreamRunState, DreamState
from viewer.panels.kept import draw_leaving, draw_uses
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    button,
    heading,
    main_button,
    quiet_text,
    same_line_right,
    shortened,
    text_colour,
    thirds,
    title,
)
from viewer.training_session import time_left

FILMS = (
    ("GIF", ".gif", "For chats and pages"),
    ("MP4", ".mp4", "A film that plays everywhere"),
    ("WebM", ".webm", "A film for web pages"),
    ("PNGs", "", "Every frame as a picture, in a folder"),
)


def draw_run(
    dream: DreamState, run: DreamRunState, export: ExportState, fonts: Fonts
) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    title(fonts, run.name)
    told = run.note or run.dreamer
    quiet_text(f"{told[0].upper()}{told[1:]}")
    _draw_progress(run)
    yield from _draw_ended(run) if run.has_ended else _draw_controls(run)
    if run.made_count and not dream.is_shown:
        if main_button(f"{Icon.EYE}  Back to the dream", "Show its frames", -1):
            yield ShowDream()
    elif run.is_whole:
        # What lies below does not move under the mouse as a dream ends.
        imgui.dummy(ImVec2(0, imgui.get_frame_height()))
    if run.made_count:
        yield from _draw_uses(run, fonts)
        yield from _draw_exports(run, export, fonts)
    yield from _draw_leaving(run)


def _draw_progress(run: DreamRunState) -> None:
    if run.has_failed:
        with text_colour(theme.ALARM):
            imgui.text_wrapped(run.status)
    else:
        imgui.text_wrapped(run.status)
    imgui.progress_bar(run.made_count / run.frame_count, ImVec2(-1, em(0.4)), "")
    imgui.text(f"{run.made_count:,} of {run.frame_count:,} frames")
    if not run.has_ended and run.phase == "dreaming" and run.seconds_per_frame:
        rate = f"{_speed(run.seconds_per_frame)},  {time_left(run.remaining_seconds)}"
        same_line_right(imgui.calc_text_size(rate).x)
        imgui.text_colored(theme.QUIET, rate)


def _speed(seconds_per_frame: float) -> str:
    if seconds_per_frame < 1:
        return f"{1 / seconds_per_frame:.1f}/s"
    return f"{seconds_per_frame:.1f} s each"


def _draw_controls(run: DreamRunState) -> Iterator[Action]:
    if run.phase == "paused":
        if main_button(f"{Icon.PLAY}  Go on", "Let it dream on", thirds(2)):
            yield ContinueDream()
    elif button(f"{Icon.PAUSE}  Pause", "Let it wait", thirds(2), enabled=run.phase == "dreaming"):
        yield PauseDream()
    imgui.same_line()
    if button(f"{Icon.STOP}  Stop", "End it here; the frames so far stay", -1):
        yield StopDream()


def _draw_ended(run: DreamRunState) -> Iterator[Action]:
    if not run.is_whole:
        hint = "Dream the missing frames, as if it had never stopped"
        if main_button(f"{Icon.PLAY}  Go on", hint, -1):
            yield ContinueDream()


def _draw_uses(run: DreamRunState, fonts: Fonts) -> Iterator[Action]:
    hint = "Begin the next dream with it" if run.has_ended else "Stop this dream first"
    use = draw_uses(fonts, "frame", ("Next start", hint), starts=run.has_ended)
    if use is not None:
        yield UseFrame(use)


def _draw_exports(run: DreamRunState, export: ExportState, fonts: Fonts) -> Iterator[Action]:
    heading(fonts, "Export")
    for place, (name, suffix, hint) in enumerate(FILMS):
        if place:
            imgui.same_line()
        width = thirds(len(FILMS) - place)
        if button(
            f"{name}##film",
            f"{hint}; with a file that says how to make it",
            width,
            enabled=not export.running,
        ):
            yield ExportDream(suffix)
    if export.running:
        quiet_text(f"Writing {export.running}")
        imgui.progress_bar(-float(imgui.get_time()) / 2, ImVec2(-1, em(0.4)), "")
        if button("Cancel##film", "Stop; nothing is left behind", -1):
            yield CancelExport()
    elif export.written is not None:
        imgui.text(shortened(export.written.name, imgui.get_content_region_avail().x))
        if button("Open it##film", "As a double click would", thirds(2)):
            yield OpenExport()
        imgui.same_line()
        if button("Show folder##film", "Where your exports lie", -1):
            yield OpenExport(folder=True)


def _draw_leaving(run: DreamRunState) -> Iterator[Action]:
    match draw_leaving("dream", run.has_ended, f"Delete all {run.made_count} frames"):
        case "new":
            yield CloseDream()
        case "delete":
            yield DeleteDream(run.folder)
