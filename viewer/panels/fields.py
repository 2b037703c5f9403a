"""Fields to type into, each with a slider or a list beside it, and with what is wrong below."""

from collections.abc import Sequence
from typing import NamedTuple

from imgui_bundle import imgui

from viewer.panels import theme
from viewer.panels.theme import em
from viewer.panels.widgets import field_tooltip, label, text_colour, tooltip

NUMBER_EMS = 4.2
GAP_EMS = 0.3


class Control(NamedTuple):
    """A number as a panel shows it, with what its slider can reach.

    A `step` of 0 means three decimals.
    """

    name: str
    label: str
    hint: str
    low: float
    high: float
    step: int = 0
    is_logarithmic: bool = False


def draw_number(control: Control, text: str, complaint: str, more_hint: str = "") -> str:
    """A slider and its number; a text that is no number takes the whole line. Gives the text."""
    number = as_number(text)
    label(control.label)
    if number is not None:
        text = _draw_slider(control, number, text)
        imgui.same_line()
    imgui.set_next_item_width(em(NUMBER_EMS) if number is not None else -1)
    text = imgui.input_text(f"##{control.name} text", text)[1]
    field_tooltip(f"{control.hint}{more_hint}")
    draw_complaint(complaint)
    return text


def draw_typed_choice(
    name: str,
    text: str,
    hint: str,
    explanation: str,
    choices: Sequence[tuple[str, str]],
    complaint: str = "",
) -> str:
    """A field with a list of what could stand in it, (value, its text); gives the text."""
    imgui.set_next_item_width(-imgui.get_frame_height() - em(GAP_EMS))
    end_shows = imgui.InputTextFlags_.elide_left
    text = imgui.input_text_with_hint(f"##{name}", hint, text, end_shows)[1]
    field_tooltip(explanation)
    imgui.same_line(0, em(GAP_EMS))
    if imgui.begin_combo(f"##{name} choices", "", imgui.ComboFlags_.no_preview):
        for value, shown in choices:
            if imgui.selectable(shown, value == text)[0]:
                text = value
        if not choices:
            imgui.text_disabled("None is here yet")
        imgui.end_combo()
    draw_complaint(complaint)
    return text


def draw_complaint(complaint: str) -> None:
    """What is wrong, if anything."""
    if complaint:
        with text_colour(theme.ALARM):
            imgui.text_wrapped(complaint)


def as_number(text: str) -> float | None:
    """The number that a text is, or None where it is something else."""
    try:
        return float(text)
    except ValueError:
        return None


def _draw_slider(control: Control, number: float, text: str) -> str:
    """The text after the slider was moved, or as it was."""
    spacing = imgui.get_style().item_spacing.x
    imgui.set_next_item_width(-em(NUMBER_EMS) - spacing)
    imgui.push_style_var_y(imgui.StyleVar_.frame_padding, em(0.05))
    imgui.set_cursor_pos_y(imgui.get_cursor_pos_y() + em(0.35))
    flags = imgui.SliderFlags_.always_clamp
    if control.is_logarithmic:
        flags |= imgui.SliderFlags_.logarithmic
    moved, value = imgui.slider_float(
        f"##{control.name} slider", number, control.low, control.high, "", flags
    )
    imgui.pop_style_var()
    tooltip(control.hint)
    if not moved:
        return text
    if control.step:
        return str(round(value / control.step) * control.step)
    # Three decimals: a zoom of 1.015 and one of 1.02 are worlds apart after a hundred frames.
    return f"{value:.3f}".rstrip("0").rstrip(".")
