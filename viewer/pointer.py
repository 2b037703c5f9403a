"""The pointer over the view: drags paint, erase and move the picture; the wheel zooms."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import imgui

from viewer.actions import Action, ChangeSettings, Paint, Pan, Plant, Zoom
from viewer.brush import Drag, resized_radius
from viewer.camera import Camera
from viewer.keys import ZOOM_A_NOTCH
from viewer.settings import Settings

LEFT, RIGHT, MIDDLE = (
    int(imgui.MouseButton_.left),
    int(imgui.MouseButton_.right),
    int(imgui.MouseButton_.middle),
)


class Pointer:
    """Remembers a drag from the button's press to its release.

    A drag belongs to where it began: one that began on the panel never paints, and one that
    began on the picture goes on when it crosses the panel. On growing forms a left click plants
    a seed once the button is released, and a drag erases.
    """

    def __init__(self) -> None:
        self._drag: Drag | None = None
        self._button = LEFT
        self._begins = False
        self._erases = False
        self._plants = False
        self._pans = False

    def read(
        self,
        settings: Settings,
        grid: tuple[int, int],
        camera: Camera,
        view_size_pixels: tuple[int, int],
        pixels_per_point: float,
        grows: bool = False,
    ) -> Iterator[Action]:
        """The actions since the last frame; `pixels_per_point` turns the window's points, which
        the pointer is told in, into the framebuffer's pixels. `grows` says that forms grow here.
        """
        inputs = imgui.get_io()
        position = (inputs.mouse_pos.x * pixels_per_point, inputs.mouse_pos.y * pixels_per_point)
        if not inputs.want_capture_mouse:
            yield from _read_wheel(settings, position)
            place = camera.screen_to_cells(*position, view_size_pixels)
            self._begin(settings, grid, place, grows)
        if not imgui.is_mouse_down(self._button):
            if self._drag is not None and self._plants:
                yield Plant(*self._drag.place)
            self._drag, self._pans = None, False
        elif self._pans:
            moved = inputs.mouse_delta
            if moved.x or moved.y:
                yield Pan(moved.x * pixels_per_point, moved.y * pixels_per_point)
        elif self._drag is not None:
            self._plants &= not imgui.is_mouse_dragging(self._button)
            if not self._plants:
                place = camera.screen_to_cells(*position, view_size_pixels)
                stroke = self._drag.stroke_to(*place, settings.brush_radius_cells)
                yield Paint(stroke, self._erases, self._begins)
                self._begins = False

    def _begin(
        self, settings: Settings, grid: tuple[int, int], place: tuple[float, float], grows: bool
    ) -> None:
        if self._drag is not None or self._pans:
            return
        for button in (LEFT, RIGHT, MIDDLE):
            if not imgui.is_mouse_clicked(button):
                continue
            self._button = button
            shift_held = imgui.get_io().key_shift
            self._pans = button == MIDDLE or (button == LEFT and shift_held)
            if not self._pans and (settings.tiled or _is_inside(place, grid)):
                self._drag, self._begins = Drag(*place), True
                erases = button == RIGHT or imgui.is_key_down(imgui.Key.e)
                self._erases, self._plants = erases or grows, grows and not erases


def _read_wheel(settings: Settings, position: tuple[float, float]) -> Iterator[Action]:
    inputs = imgui.get_io()
    notches = inputs.mouse_wheel
    if notches and inputs.key_ctrl:
        radius = resized_radius(settings.brush_radius_cells, notches)
        yield ChangeSettings(replace(settings, brush_radius_cells=radius))
    elif notches:
        yield Zoom(ZOOM_A_NOTCH**notches, position)


def _is_inside(place: tuple[float, float], grid: tuple[int, int]) -> bool:
    return all(0 <= value < size for value, size in zip(place, grid, strict=True))
