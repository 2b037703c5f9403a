"""The exemplar with its crop and its scale, both to be dragged."""

from dataclasses import replace

from imgui_bundle import ImVec2, ImVec4, imgui

from training.plan import TrainingPlan
from viewer.crop import SCALE, Grip, dragged, find_grip
from viewer.panels import theme
from viewer.panels.theme import em
from viewer.panels.widgets import tooltip
from viewer.training_draft import SMALLEST_CROP_PIXELS, TrainingDraft
from viewer.training_presets import LARGEST_SIZE_CELLS, SMALLEST_SIZE_CELLS

TALLEST_EMS = 13.0
# Room around the picture for the handles on its edges.
MARGIN_EMS = 0.4
REACH_EMS = 0.6
GRID_CELLS = TrainingPlan().grid_cells
CURSORS = {
    (True, False): imgui.MouseCursor_.resize_ew,
    (False, True): imgui.MouseCursor_.resize_ns,
}


class CropPart:
    """Draws the picture and remembers what is being dragged.

    The square in the crop's corner is as large as the grids that train; dragging its own corner
    sets the scale. A form that grows is learnt whole, so that there is nothing to drag.
    """

    def __init__(self) -> None:
        self._grip: Grip | None = None

    def draw(self, draft: TrainingDraft, texture: int) -> TrainingDraft:
        """Draw it in the width that there is; gives the draft as it was dragged."""
        width, height = draft.picture_size
        room = imgui.get_content_region_avail().x
        scale = min((room - 2 * em(MARGIN_EMS)) / width, em(TALLEST_EMS) / height)
        size = ImVec2(width * scale, height * scale)
        margin = em(MARGIN_EMS)
        imgui.set_cursor_pos_x(imgui.get_cursor_pos_x() + (room - size.x) / 2 - margin)
        imgui.invisible_button("exemplar", ImVec2(size.x + 2 * margin, size.y + 2 * margin))
        corner = imgui.get_item_rect_min()
        low = ImVec2(corner.x + margin, corner.y + margin)
        if draft.options.grow:
            _draw_picture(texture, low, size)
            return draft
        draft = self._drag(draft, low, size)
        _draw_picture(texture, low, size)
        _draw_crop(draft, low, size)
        return draft

    def _drag(self, draft: TrainingDraft, low: ImVec2, size: ImVec2) -> TrainingDraft:
        mouse, reach = imgui.get_io().mouse_pos, em(REACH_EMS)
        if imgui.is_item_hovered() and not imgui.is_mouse_down(imgui.MouseButton_.left):
            self._grip = _grip_at(draft, mouse, low, size, reach)
        if self._grip is None or not (imgui.is_item_active() or imgui.is_item_hovered()):
            return draft
        _show_cursor(self._grip)
        if self._grip == SCALE:
            tooltip(f"As large as the {GRID_CELLS} x {GRID_CELLS} cells that learn; drag to scale")
        moved = imgui.get_io().mouse_delta
        if not imgui.is_item_active() or not (moved.x or moved.y):
            return draft
        if self._grip == SCALE:
            return _scaled(draft, mouse, low, size)
        width, height = draft.picture_size
        smallest = SMALLEST_CROP_PIXELS / width, SMALLEST_CROP_PIXELS / height
        move = moved.x / size.x, moved.y / size.y
        return replace(draft, crop=dragged(draft.crop, self._grip, move, smallest))


def _grip_at(
    draft: TrainingDraft, mouse: ImVec2, low: ImVec2, size: ImVec2, reach: float
) -> Grip | None:
    corner = _grid_corner(draft, low, size)
    if max(abs(mouse.x - corner.x), abs(mouse.y - corner.y)) <= reach:
        return SCALE
    point = (mouse.x - low.x) / size.x, (mouse.y - low.y) / size.y
    return find_grip(draft.crop, point, (reach / size.x, reach / size.y))


def _corners(draft: TrainingDraft, low: ImVec2, size: ImVec2) -> tuple[ImVec2, ImVec2]:
    """The crop's upper left and lower right corner on the screen."""
    left, top, right, bottom = draft.crop
    return (
        ImVec2(low.x + left * size.x, low.y + top * size.y),
        ImVec2(low.x + right * size.x, low.y + bottom * size.y),
    )


def _grid_corner(draft: TrainingDraft, low: ImVec2, size: ImVec2) -> ImVec2:
    """The lower right corner of the square that stands for a training grid."""
    first, last = _corners(draft, low, size)
    shorter = min(last.x - first.x, last.y - first.y)
    side = shorter * min(GRID_CELLS / draft.options.size_cells, 1.0)
    return ImVec2(first.x + side, first.y + side)


def _scaled(draft: TrainingDraft, mouse: ImVec2, low: ImVec2, size: ImVec2) -> TrainingDraft:
    first, last = _corners(draft, low, size)
    shorter = min(last.x - first.x, last.y - first.y)
    side = max((mouse.x - first.x + mouse.y - first.y) / 2, 1.0)
    cells = min(max(round(GRID_CELLS * shorter / side), GRID_CELLS), LARGEST_SIZE_CELLS)
    cells = max(cells, SMALLEST_SIZE_CELLS)
    return replace(draft, options=replace(draft.options, size_cells=cells))


def _draw_picture(texture: int, low: ImVec2, size: ImVec2) -> None:
    high = ImVec2(low.x + size.x, low.y + size.y)
    imgui.get_window_draw_list().add_image(imgui.ImTextureRef(texture), low, high)


def _draw_crop(draft: TrainingDraft, low: ImVec2, size: ImVec2) -> None:
    canvas = imgui.get_window_draw_list()
    high = ImVec2(low.x + size.x, low.y + size.y)
    first, last = _corners(draft, low, size)
    veil = imgui.get_color_u32(theme.VEIL)
    canvas.add_rect_filled(low, ImVec2(high.x, first.y), veil)
    canvas.add_rect_filled(ImVec2(low.x, last.y), high, veil)
    canvas.add_rect_filled(ImVec2(low.x, first.y), ImVec2(first.x, last.y), veil)
    canvas.add_rect_filled(ImVec2(last.x, first.y), ImVec2(high.x, last.y), veil)
    corner = _grid_corner(draft, low, size)
    _draw_frame(first, corner, theme.TEXT, em(0.06))
    _draw_frame(first, last, theme.ACCENT, em(0.12))
    for x in (first.x, (first.x + last.x) / 2, last.x):
        for y in (first.y, (first.y + last.y) / 2, last.y):
            if (x, y) != ((first.x + last.x) / 2, (first.y + last.y) / 2):
                _draw_handle(ImVec2(x, y), theme.ACCENT)
    _draw_handle(corner, theme.TEXT)


def _draw_frame(first: ImVec2, last: ImVec2, colour: ImVec4, thickness: float) -> None:
    """A line with a dark edge, so that it shows on any picture."""
    canvas = imgui.get_window_draw_list()
    dark = imgui.get_color_u32(theme.VEIL)
    canvas.add_rect(first, last, dark, thickness=thickness + em(0.14))
    canvas.add_rect(first, last, imgui.get_color_u32(colour), thickness=thickness)


def _draw_handle(place: ImVec2, colour: ImVec4) -> None:
    canvas = imgui.get_window_draw_list()
    canvas.add_circle_filled(place, em(0.34), imgui.get_color_u32(theme.GROUND))
    canvas.add_circle_filled(place, em(0.25), imgui.get_color_u32(colour))


def _show_cursor(grip: Grip) -> None:
    sideways, upright = grip.left != grip.right, grip.top != grip.bottom
    cursor = CURSORS.get((sideways, upright))
    if cursor is None:
        falls = grip == SCALE or grip.left == grip.top
        diagonal = imgui.MouseCursor_.resize_nwse if falls else imgui.MouseCursor_.resize_nesw
        cursor = diagonal if sideways or grip == SCALE else imgui.MouseCursor_.resize_all
    imgui.set_mouse_cursor(cursor)
