"""The question before the window closes on a training."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.panels import theme
from viewer.panels.overlay import FLOATING
from viewer.panels.theme import Fonts, em
from viewer.panels.widgets import button, main_button, quiet_text, title
from viewer.training_actions import CloseWindow, Closing

ANSWERS: tuple[tuple[Closing, str, str], ...] = (
    ("background", "Keep training in the background", "It ends by itself, into your gallery"),
    ("keep", "Keep the last snapshot", "What it has learnt so far goes into your gallery"),
    ("discard", "Discard it", "Nothing is kept"),
    ("stay", "Cancel", "The window stays open"),
)


def draw_closing(fonts: Fonts, name: str, window_points: tuple[int, int]) -> Iterator[Action]:
    """Ask over the darkened window; gives the answer."""
    width, height = window_points
    veil = imgui.get_color_u32(theme.VEIL)
    imgui.set_next_window_pos(ImVec2(width / 2, height / 2), pivot=ImVec2(0.5, 0.5))
    imgui.set_next_window_size(ImVec2(min(em(24), width), 0))
    imgui.push_style_var(imgui.StyleVar_.window_rounding, em(0.7))
    imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(em(1.8), em(1.4)))
    imgui.set_next_window_focus()
    imgui.begin("closing", None, FLOATING)
    imgui.get_background_draw_list().add_rect_filled((0, 0), (width, height), veil)
    title(fonts, "A training is under way")
    quiet_text(f"{name} is still learning. What shall become of it?")
    for index, (answer, text, hint) in enumerate(ANSWERS):
        if (button if index else main_button)(text, hint, -1):
            yield CloseWindow(answer)
    imgui.end()
    imgui.pop_style_var(2)
