"""The exemplar with its crop and its scale, both to be dragged."""

from dataclasses import replace

from imgui_bundle import ImVec2, ImVec4, imgui

from training.plan import TrainingPlan
from viewer.crop import SCALE, Grip, dragged, find_grip
from viewer.panels import theme
from viewer.panels.theme import em
from viewer.panels.widgets import tooltip
from viewer.training_draft import TrainingDraft

TALLEST_EMS = 12.0
# Room around the picture for the handles on its edges.
MARGIN_EMS = 0.4
REACH_EMS = 0.6
# A crop narrower than this would be hidden by its handles.
ROOMY_EMS = 2.0
GRID_CELLS = TrainingPlan().grid_cells
CURSORS = {
    (True, False): imgui.MouseCursor_.resize_ew,
    (False, True): imgui.MouseCursor_.resize_ns,
}


class CropPart:
    """Draws the picture and remembers what is being dragged.

    The square in the crop's corner is as large as the grids that train; dragging its own corner
    sets the scale, where the crop has more pixels than a grid has cells. A form that grows is
    learnt whole, so that there is nothing to drag.
    """

    def __init__(self) -> None:
        self._grip: Grip | None = None
        # From the mouse to the square's side, so that it does not jump when it is taken hold of.
        self._side_offset = 0.0

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
        mouse = imgui.get_io().mouse_pos
        first, last = _corners(draft, low, size)
        side = ((mouse.x - first.x) + (mouse.y - first.y)) / 2
        if imgui.is_item_hovered() and not imgui.is_mouse_down(imgui.MouseButton_.left):
            self._grip = _grip_at(draft, mouse, low, size)
            self._side_offset = _grid_side(draft, first, last) - side
        if self._grip is None or not (imgui.is_item_active() or imgui.is_item_hovered()):
            return draft
        _show_cursor(self._grip)
        if self._grip == SCALE:
            compared = "As large as" if _fits_grid(draft) else "Smaller than"
            tooltip(f"{compared} the {GRID_CELLS} x {GRID_CELLS} cells that learn; drag to scale")
        moved = imgui.get_io().mouse_delta
        if not imgui.is_item_active() or not (moved.x or moved.y):
            return draft
        if self._grip == SCALE:
            return _scaled(draft, side + self._side_offset, _shorter(first, last))
        move = moved.x / size.x, moved.y / size.y
        return replace(draft, crop=dragged(draft.frame, self._grip, move, draft.picture_size))


def _grip_at(draft: TrainingDraft, mouse: ImVec2, low: ImVec2, size: ImVec2) -> Grip | None:
    reach = em(REACH_EMS)
    point = (mouse.x - low.x) / size.x, (mouse.y - low.y) / size.y
    grip = find_grip(draft.frame, point, (reach / size.x, reach / size.y))
    if not _can_scale(draft) or (grip is not None and grip.is_corner):
        return grip
    first, last = _corners(draft, low, size)
    handle, distance = _scale_handle(draft, first, last), min(reach, _shorter(first, last) / 4)
    is_near = max(abs(mouse.x - handle.x), abs(mouse.y - handle.y)) <= distance
    return SCALE if is_near else grip


def _can_scale(draft: TrainingDraft) -> bool:
    """Whether the crop has the pixels for more cells than a grid."""
    return draft.most_cells > GRID_CELLS


def _fits_grid(draft: TrainingDraft) -> bool:
    return draft.learnt_cells >= GRID_CELLS


def _corners(draft: TrainingDraft, low: ImVec2, size: ImVec2) -> tuple[ImVec2, ImVec2]:
    """The crop's upper left and lower right corner on the screen."""
    left, top, right, bottom = draft.frame
    return (
        ImVec2(low.x + left * size.x, low.y + top * size.y),
        ImVec2(low.x + right * size.x, low.y + bottom * size.y),
    )


def _shorter(first: ImVec2, last: ImVec2) -> float:
    return min(last.x - first.x, last.y - first.y)


def _grid_side(draft: TrainingDraft, first: ImVec2, last: ImVec2) -> float:
    """The side of the square that stands for a training grid, as far as the crop holds it."""
    return _shorter(first, last) * min(GRID_CELLS / draft.learnt_cells, 1.0)


def _scale_handle(draft: TrainingDraft, first: ImVec2, last: ImVec2) -> ImVec2:
    """The square's lower right corner, or further in where the crop's own would cover it."""
    shorter = _shorter(first, last)
    furthest = max(shorter - em(2 * REACH_EMS), shorter / 2)
    side = min(_grid_side(draft, first, last), furthest)
    return ImVec2(first.x + side, first.y + side)


def _scaled(draft: TrainingDraft, side: float, shorter: float) -> TrainingDraft:
    cells = round(GRID_CELLS * shorter / max(side, 1.0))
    cells = min(max(cells, GRID_CELLS), draft.most_cells)
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
    if _fits_grid(draft):
        side = _grid_side(draft, first, last)
        _draw_frame(first, ImVec2(first.x + side, first.y + side), theme.TEXT, em(0.06))
    _draw_frame(first, last, theme.ACCENT, em(0.12))
    if _shorter(first, last) >= em(ROOMY_EMS):
        _draw_handles(draft, first, last)


def _draw_handles(draft: TrainingDraft, first: ImVec2, last: ImVec2) -> None:
    for x in (first.x, (first.x + last.x) / 2, last.x):
        for y in (first.y, (first.y + last.y) / 2, last.y):
            if (x, y) != ((first.x + last.x) / 2, (first.y + last.y) / 2):
                _draw_handle(ImVec2(x, y), theme.ACCENT)
    if _can_scale(draft):
        _draw_handle(_scale_handle(draft, first, last), theme.TEXT)


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
