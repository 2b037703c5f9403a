"""What lies over the view while a painting shows: its label, and the way to its original."""

from collections.abc import Iterator

from imgui_bundle import imgui

from viewer.actions import Action
from viewer.panels.overlay import draw_label
from viewer.panels.stylize_state import StylizeRunState, StylizeState
from viewer.stylize_actions import ShowOriginal


def draw_painting_view(
    painting: StylizeState, run: StylizeRunState, button_is_held: bool
) -> Iterator[Action]:
    """Draw it; the button of the panel or the mouse on the picture, held, show the original."""
    draw_label(painting_label(painting, run))
    mouse_is_held = imgui.is_mouse_down(imgui.MouseButton_.left)
    holds = button_is_held or (mouse_is_held and not imgui.get_io().want_capture_mouse)
    if holds != painting.shows_original:
        yield ShowOriginal(holds)


def painting_label(painting: StylizeState, run: StylizeRunState) -> str:
    """What the view shows of a painting."""
    if painting.shows_original or not run.has_picture:
        return "The original"
    progress = run.progress
    if run.has_ended or progress is None:
        return run.name
    doing = "Paused:" if run.phase == "paused" else "Painting"
    return f"{doing} {run.name}, iteration {progress.iteration:,}"
