"""What was made earlier, or is to be put away: the same for dreams and paintings."""

from typing import Literal

from imgui_bundle import ImVec2, imgui

from viewer.panels import theme
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    button,
    confirmed,
    heading,
    same_line_right,
    shortened,
    thirds,
    tooltip,
)
from viewer.picture_uses import PictureUse

OPEN_EMS = 4.4


def draw_kept(name: str, told: str, loss: str) -> Literal["", "open", "delete"]:
    """One line of what was made earlier; `loss` says what deleting would take."""
    side, spacing = imgui.get_frame_height(), imgui.get_style().item_spacing.x
    buttons = em(OPEN_EMS) + side + spacing
    room = imgui.get_content_region_avail().x - buttons - imgui.calc_text_size(told).x
    imgui.align_text_to_frame_padding()
    imgui.text(shortened(name, room - 3 * spacing))
    tooltip(name)
    imgui.same_line()
    imgui.text_colored(theme.QUIET, told)
    same_line_right(buttons)
    opens = button("Open", "Look at it, or go on with it", em(OPEN_EMS))
    imgui.same_line()
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.CLOSE, "Delete it", side):
        imgui.open_popup("delete")
    imgui.pop_style_var()
    if confirmed("delete", loss):
        return "delete"
    return "open" if opens else ""


def draw_uses(fonts: Fonts, what: str, start: tuple[str, str], starts: bool) -> PictureUse | None:
    """What else a picture is good for; `start` are name and hint of a dream that begins with it."""
    heading(fonts, f"Use this {what} as")
    chosen: PictureUse | None = None
    if button("Grid", "Its colours onto the automaton that runs; Ctrl + Z takes it back", thirds()):
        chosen = "seed"
    imgui.same_line()
    if button("Exemplar", "Let a new automaton learn it", thirds(2)):
        chosen = "exemplar"
    imgui.same_line()
    if button(*start, -1, enabled=starts):
        chosen = "start"
    return chosen


def draw_leaving(what: str, has_ended: bool, loss: str) -> Literal["", "new", "delete"]:
    """Put away what was made, or throw it away; only once it has ended."""
    imgui.dummy(ImVec2(0, em(0.4)))
    hint = "Put it away; it stays among the earlier ones" if has_ended else "Stop it first"
    if button(f"New {what}", hint, thirds(2), enabled=has_ended):
        return "new"
    imgui.same_line()
    if button(f"{Icon.DELETE}  Delete", f"Throw this {what} away", -1, enabled=has_ended):
        imgui.open_popup("delete")
    return "delete" if confirmed("delete", loss) else ""
