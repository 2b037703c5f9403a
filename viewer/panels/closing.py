"""The question before the window closes on a training, a dream or a painting."""

from collections.abc import Iterator
from contextlib import contextmanager

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.dream_actions import LeaveDreaming, Leaving
from viewer.panels import theme
from viewer.panels.dream_state import DreamRunState
from viewer.panels.overlay import FLOATING
from viewer.panels.stylize_state import StylizeRunState
from viewer.panels.theme import Fonts, em
from viewer.panels.training_state import RunState
from viewer.panels.widgets import button, main_button, quiet_text, title
from viewer.stylize_actions import LeavePainting
from viewer.training_actions import CloseWindow, Closing

ANSWERS: tuple[tuple[Closing, str, str], ...] = (
    (
        "background",
        "Keep training in the background",
        "It ends by itself, and is in your gallery next time",
    ),
    ("keep", "Keep the last snapshot", "What it has learnt so far goes into your gallery"),
    ("discard", "Discard it", "Nothing of it is kept"),
    ("stay", "Cancel", "The window stays open"),
)


def draw_closing(
    fonts: Fonts, run: RunState, waiting_count: int, window_points: tuple[int, int]
) -> Iterator[Action]:
    """Ask over the darkened window what becomes of the one under way; gives the answer."""
    with _question(window_points):
        title(fonts, "A training is under way")
        doing = "is being checked" if run.phase == "checking" else "is still learning"
        quiet_text(f"{run.name} {doing}. What shall become of it?")
        if waiting_count:
            waits = "1 more waits" if waiting_count == 1 else f"{waiting_count} more wait"
            quiet_text(f'{waits} next time under "From earlier".')
        for index, (answer, text, hint) in enumerate(ANSWERS):
            if (button if index else main_button)(text, hint, -1):
                yield CloseWindow(answer)


def draw_closing_on_dream(
    fonts: Fonts, run: DreamRunState, window_points: tuple[int, int]
) -> Iterator[Action]:
    """Say that nothing is lost; gives the answer."""
    told = (
        f"{run.made_count} of {run.frame_count} frames of {run.name} are there. They are kept, "
        "and the Dream panel goes on with them next time."
    )
    for answer in _draw_leaving(fonts, "dream", told, window_points):
        yield LeaveDreaming(answer)


def draw_closing_on_painting(
    fonts: Fonts, run: StylizeRunState, window_points: tuple[int, int]
) -> Iterator[Action]:
    """Say that nothing is lost; gives the answer."""
    told = f"{run.name} is kept as it is, and the Style panel goes on with it next time."
    for answer in _draw_leaving(fonts, "painting", told, window_points):
        yield LeavePainting(answer)


def _draw_leaving(
    fonts: Fonts, what: str, told: str, window_points: tuple[int, int]
) -> Iterator[Leaving]:
    with _question(window_points):
        title(fonts, f"A {what} is under way")
        quiet_text(told)
        if main_button("Close the window", f"The {what} waits among the earlier ones", -1):
            yield "leave"
        if button("Cancel", "The window stays open", -1):
            yield "stay"


@contextmanager
def _question(window_points: tuple[int, int]) -> Iterator[None]:
    """A card in the middle of the darkened window."""
    width, height = window_points
    veil = imgui.get_color_u32(theme.VEIL)
    imgui.set_next_window_pos(ImVec2(width / 2, height / 2), pivot=ImVec2(0.5, 0.5))
    imgui.set_next_window_size(ImVec2(min(em(24), width), 0))
    imgui.push_style_var(imgui.StyleVar_.window_rounding, em(0.7))
    imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(em(1.8), em(1.4)))
    imgui.set_next_window_focus()
    imgui.begin("closing", None, FLOATING)
    imgui.get_background_draw_list().add_rect_filled((0, 0), (width, height), veil)
    yield
    imgui.end()
    imgui.pop_style_var(2)
