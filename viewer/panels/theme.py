"""Colours, type and spacing: calm and dark, so that the texture is the brightest thing."""

from dataclasses import dataclass
from pathlib import Path

import imgui_bundle
from imgui_bundle import ImVec2, ImVec4, imgui

Col = imgui.Col_
FONT_FOLDER = Path(imgui_bundle.__file__).parent / "assets" / "fonts"
TEXT_POINTS, HEADING_POINTS, TITLE_POINTS = 15.0, 12.0, 22.0
PANEL_EMS = 20.0


def colour(hexadecimal: str, alpha: float = 1.0) -> ImVec4:
    """A colour from its six hexadecimal digits."""
    red, green, blue = (int(hexadecimal[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return ImVec4(red, green, blue, alpha)


GROUND = colour("17191a")
RAISED = colour("212526")
RAISED_HOVER = colour("2b3132")
RAISED_ACTIVE = colour("363d3e")
LINE = colour("2a2f30")
TEXT = colour("e4e7e1")
QUIET = colour("98a19b")
FAINT = colour("68706b")
ACCENT = colour("a3c585")
ACCENT_HOVER = colour("b5d398")
ACCENT_DIM = colour("4a5c3d")
ALARM = colour("e8957a")
ALARM_HOVER = colour("f0a78f")
VEIL = colour("0d0f10", 0.72)


@dataclass(frozen=True)
class Fonts:
    """The faces in use; sizes are given where text is drawn."""

    regular: imgui.ImFont
    bold: imgui.ImFont


class Icon:
    """Glyphs of Font Awesome 6, merged into the regular face."""

    PLAY = "\uf04b"
    PAUSE = "\uf04c"
    STEP = "\uf051"
    RESTART = "\uf0e2"
    DICE = "\uf522"
    UNDO = "\uf2ea"
    CLEAR = "\uf12d"
    NOISE = "\uf2a1"
    FIT = "\uf065"
    CAMERA = "\uf030"
    CLOSE = "\uf00d"
    HELP = "\uf11c"
    FOLDED = "\uf054"
    UNFOLDED = "\uf078"
    PICTURE = "\uf03e"
    EYE = "\uf06e"
    KEEP = "\uf02e"
    UP = "\uf077"
    ADD = "\uf067"
    MENU = "\uf142"
    AIM = "\uf05b"
    STOP = "\uf04d"
    FOLDER = "\uf07c"
    DELETE = "\uf1f8"
    SPARK = "\ue2ca"
    GRID = "\uf00a"
    PICTURES = "\uf302"
    SWAP = "\uf0ec"
    SAVE = "\uf0c7"


def apply_theme(ui_scale: float) -> Fonts:
    """Load the faces and set the style; `ui_scale` enlarges everything."""
    fonts = _load_fonts()
    style = imgui.get_style()
    style.font_size_base = TEXT_POINTS
    style.font_scale_dpi = ui_scale
    style.window_padding = ImVec2(16, 14)
    style.frame_padding = ImVec2(10, 5)
    style.item_spacing = ImVec2(8, 7)
    style.item_inner_spacing = ImVec2(8, 6)
    style.frame_rounding = style.grab_rounding = style.popup_rounding = 6
    style.window_rounding = style.child_rounding = 0
    style.image_rounding = 6
    style.scrollbar_size, style.scrollbar_rounding = 8, 4
    style.grab_min_size = 14
    style.window_border_size = style.frame_border_size = style.child_border_size = 0
    style.popup_border_size = 1
    style.scale_all_sizes(ui_scale)
    for target, value in _colours().items():
        style.set_color_(target, value)
    return fonts


def em(count: float) -> float:
    """A length in points, in widths of the usual text size."""
    style = imgui.get_style()
    return count * TEXT_POINTS * style.font_scale_dpi


def _load_fonts() -> Fonts:
    atlas = imgui.get_io().fonts
    regular = atlas.add_font_from_file_ttf(
        str(FONT_FOLDER / "Roboto" / "Roboto-Regular.ttf"), TEXT_POINTS
    )
    icons = imgui.ImFontConfig()
    icons.merge_mode = True
    icons.glyph_min_advance_x = TEXT_POINTS
    atlas.add_font_from_file_ttf(
        str(FONT_FOLDER / "Font_Awesome_6_Free-Solid-900.otf"), TEXT_POINTS * 0.86, icons
    )
    bold = atlas.add_font_from_file_ttf(
        str(FONT_FOLDER / "Roboto" / "Roboto-Bold.ttf"), TEXT_POINTS
    )
    return Fonts(regular, bold)


def _colours() -> dict[imgui.Col_, ImVec4]:
    clear = colour("000000", 0.0)
    return {
        Col.text: TEXT,
        Col.text_disabled: FAINT,
        Col.window_bg: GROUND,
        Col.child_bg: clear,
        Col.popup_bg: colour("1d2021"),
        Col.border: LINE,
        Col.frame_bg: RAISED,
        Col.frame_bg_hovered: RAISED_HOVER,
        Col.frame_bg_active: RAISED_ACTIVE,
        Col.button: RAISED,
        Col.button_hovered: RAISED_HOVER,
        Col.button_active: RAISED_ACTIVE,
        Col.header: RAISED_HOVER,
        Col.header_hovered: RAISED_ACTIVE,
        Col.header_active: RAISED_ACTIVE,
        Col.slider_grab: ACCENT,
        Col.slider_grab_active: ACCENT_HOVER,
        Col.check_mark: ACCENT,
        Col.separator: LINE,
        Col.scrollbar_bg: clear,
        Col.scrollbar_grab: RAISED_ACTIVE,
        Col.scrollbar_grab_hovered: FAINT,
        Col.scrollbar_grab_active: QUIET,
        Col.plot_histogram: ACCENT,
        Col.text_selected_bg: ACCENT_DIM,
        Col.text_link: ACCENT,
    }
