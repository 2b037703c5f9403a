"""The few controls that all parts of the panel are made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imgui_bundle import ImVec2, ImVec4, imgui

from viewer.panels import theme
from viewer.panels.theme import Fonts, Icon, em

LABEL_EMS = 4.0
VALUE_EMS = 5.2


def display_name(path: Path) -> str:
    """What an automaton file is called on the screen."""
    return path.stem.replace("_", " ")


def heading(fonts: Fonts, text: str) -> None:
    """The title of a part, in small bold capitals."""
    imgui.dummy(ImVec2(0, em(0.35)))
    imgui.push_font(fonts.bold, theme.HEADING_POINTS)
    imgui.text_colored(theme.FAINT, text.upper())
    imgui.pop_font()


def folding_heading(fonts: Fonts, text: str, is_unfolded: bool) -> bool:
    """A title with an arrow, to fold and unfold its part by; whether it was clicked."""
    imgui.dummy(ImVec2(0, em(0.35)))
    top_left = imgui.get_cursor_screen_pos()
    width = imgui.get_content_region_avail().x
    clicked = imgui.invisible_button(text, ImVec2(width, em(1.1)))
    colour = imgui.get_color_u32(theme.TEXT if imgui.is_item_hovered() else theme.FAINT)
    size = em(theme.HEADING_POINTS / theme.TEXT_POINTS)
    canvas = imgui.get_window_draw_list()
    canvas.add_text(fonts.bold, size, top_left, colour, text.upper())
    arrow = Icon.UNFOLDED if is_unfolded else Icon.FOLDED
    right = ImVec2(top_left.x + width - em(0.8), top_left.y)
    canvas.add_text(fonts.regular, size, right, colour, arrow)
    return clicked


def title(fonts: Fonts, text: str) -> None:
    """What a panel is about, in large type."""
    imgui.push_font(fonts.bold, theme.TITLE_POINTS)
    imgui.text(shortened(text, imgui.get_content_region_avail().x))
    imgui.pop_font()


def shortened(text: str, width: float) -> str:
    """As much of a text as fits into a width, with dots for the rest."""
    if imgui.calc_text_size(text).x <= width:
        return text
    while text and imgui.calc_text_size(f"{text}...").x > width:
        text = text[:-1]
    return f"{text}..."


def quiet_text(text: str) -> None:
    """A wrapped explanation."""
    with text_colour(theme.QUIET):
        imgui.text_wrapped(text)


def label(text: str) -> None:
    """The name of the control that follows, in a column of its own."""
    imgui.align_text_to_frame_padding()
    imgui.text_colored(theme.QUIET, text)
    imgui.same_line(em(LABEL_EMS) + imgui.get_style().window_padding.x)
    imgui.set_next_item_width(-1)


def slider(
    name: str, value: float, low: float, high: float, shown: str, is_linear: bool = False
) -> float | None:
    """A logarithmic slider with its value at the right; gives the new value while it moves."""
    label(name)
    imgui.set_next_item_width(-em(VALUE_EMS))
    imgui.push_style_var_y(imgui.StyleVar_.frame_padding, em(0.05))
    imgui.set_cursor_pos_y(imgui.get_cursor_pos_y() + em(0.35))
    changed, value = imgui.slider_float(
        f"##{name}",
        value,
        low,
        high,
        "",
        imgui.SliderFlags_.always_clamp | (0 if is_linear else imgui.SliderFlags_.logarithmic),
    )
    imgui.pop_style_var()
    same_line_right(imgui.calc_text_size(shown).x)
    imgui.align_text_to_frame_padding()
    imgui.text(shown)
    return value if changed else None


def slim_slider(name: str, value: int, low: int, high: int) -> int | None:
    """A slider over whole numbers in the width that there is; gives the new value."""
    imgui.set_next_item_width(-1)
    imgui.push_style_var_y(imgui.StyleVar_.frame_padding, em(0.05))
    changed, value = imgui.slider_int(name, value, low, high, "", imgui.SliderFlags_.always_clamp)
    imgui.pop_style_var()
    return value if changed else None


def button(text: str, hint: str, width: float = 0.0, enabled: bool = True) -> bool:
    """A button that explains itself when the pointer rests on it."""
    imgui.begin_disabled(not enabled)
    pressed = imgui.button(text, ImVec2(width, 0))
    imgui.end_disabled()
    tooltip(hint)
    return pressed


def confirmed(name: str, loss: str) -> bool:
    """Whether the user really means it; `imgui.open_popup(name)` asks."""
    if not imgui.begin_popup(name):
        return False
    chosen = _filled_button(loss, theme.ALARM, theme.ALARM_HOVER)
    if imgui.button("Cancel", ImVec2(-1, 0)) or chosen:
        imgui.close_current_popup()
    imgui.end_popup()
    return chosen


def main_button(text: str, hint: str, width: float = 0.0) -> bool:
    """The button of a panel that is pressed most."""
    pressed = _filled_button(text, theme.ACCENT, theme.ACCENT_HOVER, width)
    tooltip(hint)
    return pressed


def _filled_button(text: str, colour: ImVec4, hover: ImVec4, width: float = 0.0) -> bool:
    for target, filling in (
        (imgui.Col_.text, theme.GROUND),
        (imgui.Col_.button, colour),
        (imgui.Col_.button_hovered, hover),
        (imgui.Col_.button_active, hover),
    ):
        imgui.push_style_color(target, filling)
    pressed = imgui.button(text, ImVec2(width, 0))
    imgui.pop_style_color(4)
    return pressed


def tooltip(hint: str) -> None:
    """Explain the control drawn last."""
    if imgui.is_item_hovered(
        imgui.HoveredFlags_.for_tooltip | imgui.HoveredFlags_.allow_when_disabled
    ):
        imgui.set_tooltip(hint)


def field_tooltip(hint: str) -> None:
    """Explain the field drawn last, but not over what is being typed."""
    if not imgui.is_item_active():
        tooltip(hint)


def segments(name: str, options: tuple[str, ...], chosen: int) -> int:
    """One choice out of a few, side by side; gives the index chosen now."""
    spacing = em(0.15)
    width = (imgui.get_content_region_avail().x - spacing * (len(options) - 1)) / len(options)
    # The text stands in the middle anyway; of many options the narrow ones have no room to spare.
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, em(0.1))
    for index, option in enumerate(options):
        if index:
            imgui.same_line(0, spacing)
        if _segment(f"{option}##{name}", ImVec2(width, 0), index == chosen):
            chosen = index
    imgui.pop_style_var()
    return chosen


def same_line_right(width: float) -> None:
    """Go on at the right end of the line, with room for `width` points."""
    imgui.same_line()
    room = imgui.get_content_region_avail().x - width
    imgui.set_cursor_pos_x(imgui.get_cursor_pos_x() + max(room, 0.0))


def thirds(count: int = 3) -> float:
    """The width of one of `count` buttons that share a line."""
    spacing = imgui.get_style().item_spacing.x
    return (imgui.get_content_region_avail().x - spacing * (count - 1)) / count


@contextmanager
def text_colour(colour: ImVec4) -> Iterator[None]:
    """Draw text in this colour."""
    imgui.push_style_color(imgui.Col_.text, colour)
    yield
    imgui.pop_style_color()


def _segment(text: str, size: ImVec2, is_chosen: bool) -> bool:
    colour = theme.ACCENT_DIM
    if is_chosen:
        imgui.push_style_color(imgui.Col_.button, colour)
        imgui.push_style_color(imgui.Col_.button_hovered, colour)
    pressed = imgui.button(text, size)
    if is_chosen:
        imgui.pop_style_color(2)
    return pressed
