"""What lies over the view while a dream shows: its film strip, its label, the vanishing point."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.dream_actions import PlayDream, Scrub
from viewer.panels import theme
from viewer.panels.dream_state import DreamRunState
from viewer.panels.overlay import FLOATING
from viewer.panels.theme import Icon, em
from viewer.panels.widgets import tooltip

FILM_TILES = 12
TILE_EMS = 4.0
HEIGHT_EMS = 6.2


def film_tile_points() -> float:
    """The side of a picture of the strip."""
    return float(int(em(TILE_EMS)))


def film_points() -> float:
    """How much of the view's height the strip takes."""
    return em(HEIGHT_EMS)


def film_places(frame_count: int) -> tuple[int, ...]:
    """The frames that the strip shows, evenly over the whole dream."""
    tiles = min(FILM_TILES, frame_count)
    return tuple(tile * frame_count // tiles for tile in range(tiles))


def draw_film(run: DreamRunState, view_points: tuple[float, float]) -> Iterator[Action]:
    """The strip along the lower edge of the view; gives what the user asked for."""
    width, height = view_points
    imgui.set_next_window_pos(ImVec2(0, height - film_points()))
    imgui.set_next_window_size(ImVec2(width, film_points()))
    imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(em(0.8), em(0.6)))
    imgui.begin("film", None, FLOATING & ~imgui.WindowFlags_.always_auto_resize)
    yield from _draw_buttons(run)
    imgui.same_line()
    index = _draw_strip(run)
    if index is not None:
        is_newest = not run.has_ended and index >= run.made_count - 1
        yield Scrub(None if is_newest else index)
    imgui.end()
    imgui.pop_style_var()


def draw_cross(x: float, y: float) -> None:
    """Where the camera moves towards, in points."""
    canvas = imgui.get_background_draw_list()
    reach, gap = em(1.1), em(0.35)
    for colour, thickness in ((theme.colour("000000", 0.6), em(0.26)), (theme.TEXT, em(0.1))):
        paint = imgui.get_color_u32(colour)
        canvas.add_circle(ImVec2(x, y), em(0.7), paint, thickness=thickness)
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            start = ImVec2(x + across * gap, y + down * gap)
            canvas.add_line(start, ImVec2(x + across * reach, y + down * reach), paint, thickness)


def dream_label(run: DreamRunState) -> str:
    """What of a dream the view shows."""
    if not run.made_count:
        return run.status
    doing = {"dreaming": "Dreaming", "paused": "Paused:"}.get(run.phase, "")
    shown = "" if run.follows and not run.has_ended else "Looking at"
    start = shown or doing
    return f"{start} {run.name}, frame {run.shown_index + 1} of {run.frame_count}".strip()


def _draw_buttons(run: DreamRunState) -> Iterator[Action]:
    side = film_tile_points()
    icon = Icon.PAUSE if run.plays else Icon.PLAY
    kind = "as a loop" if run.loops and run.is_whole else "over and over"
    hint = "Stand still" if run.plays else f"Play the frames there are, {kind}"
    if imgui.button(f"{icon}##play film", ImVec2(em(2.6), side)):
        yield PlayDream(not run.plays)
    tooltip(hint)


def _draw_strip(run: DreamRunState) -> int | None:
    """The pictures with a mark where one looks; gives the frame under a press or a drag."""
    size = ImVec2(imgui.get_content_region_avail().x, film_tile_points())
    imgui.invisible_button("strip", size)
    low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
    canvas = imgui.get_window_draw_list()
    canvas.add_rect_filled(low, high, imgui.get_color_u32(theme.RAISED), em(0.25))
    tile_width = size.x / max(len(run.film), 1)
    for place, tile in enumerate(run.film):
        if tile.texture:
            _draw_tile(tile.texture, low.x + place * tile_width, low.y, tile_width, size.y)
    made_x = low.x + size.x * run.made_count / run.frame_count
    bar_y = high.y + em(0.3)
    canvas.add_rect_filled(
        ImVec2(low.x, bar_y), ImVec2(made_x, bar_y + em(0.2)), imgui.get_color_u32(theme.ACCENT)
    )
    here_x = low.x + size.x * (run.shown_index + 0.5) / run.frame_count
    for colour, half in ((theme.GROUND, em(0.24)), (theme.TEXT, em(0.12))):
        canvas.add_rect_filled(
            ImVec2(here_x - half, low.y), ImVec2(here_x + half, high.y), imgui.get_color_u32(colour)
        )
    if not imgui.is_item_active():
        return None
    share = (imgui.get_io().mouse_pos.x - low.x) / max(size.x, 1)
    return min(max(int(share * run.frame_count), 0), max(run.made_count - 1, 0))


def _draw_tile(texture: int, x: float, y: float, width: float, height: float) -> None:
    """The middle of a square picture, so that the strip has no gaps."""
    canvas = imgui.get_window_draw_list()
    inset = max(0.0, (1 - width / height) / 2) if height else 0.0
    inset_y = max(0.0, (1 - height / width) / 2) if width else 0.0
    canvas.add_image(
        imgui.ImTextureRef(texture),
        ImVec2(x, y),
        ImVec2(x + width, y + height),
        ImVec2(inset, inset_y),
        ImVec2(1 - inset, 1 - inset_y),
    )
