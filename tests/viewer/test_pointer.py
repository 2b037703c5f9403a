"""What the pointer asks for: strokes on textures; on growing forms clicks plant and drags erase."""

from collections.abc import Iterator

import pytest
from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, Paint, Plant
from viewer.camera import Camera
from viewer.pointer import Pointer
from viewer.settings import Settings

VIEW = (400, 400)
GRID = (40, 40)
CAMERA = Camera.fit(GRID, VIEW)
SETTINGS = Settings(grid_width=40, grid_height=40, brush_radius_cells=3.0)
LEFT, RIGHT = 0, 1


@pytest.fixture
def pointer() -> Iterator[Pointer]:
    """A pointer without a window."""
    context = imgui.create_context()
    inputs = imgui.get_io()
    inputs.set_ini_filename("")
    inputs.display_size = ImVec2(*VIEW)
    inputs.backend_flags |= imgui.BackendFlags_.renderer_has_textures
    yield Pointer()
    imgui.destroy_context(context)


def frame(pointer: Pointer, grows: bool) -> list[Action]:
    imgui.get_io().delta_time = 1 / 60
    imgui.new_frame()
    asked = list(pointer.read(SETTINGS, GRID, CAMERA, VIEW, 1.0, grows))
    imgui.render()
    return asked


def drag(
    pointer: Pointer, places: list[tuple[float, float]], grows: bool, button: int = LEFT
) -> list[Action]:
    """Press at the first place, go through the others, release at the last; three frames each."""
    inputs, asked = imgui.get_io(), []
    inputs.add_mouse_pos_event(*places[0])
    asked += frame(pointer, grows)
    inputs.add_mouse_button_event(button, True)
    for place in places:
        inputs.add_mouse_pos_event(*place)
        for _ in range(3):
            asked += frame(pointer, grows)
    inputs.add_mouse_button_event(button, False)
    for _ in range(3):
        asked += frame(pointer, grows)
    return asked


def cells(x: float, y: float) -> tuple[float, float]:
    return CAMERA.screen_to_cells(x, y, VIEW)


def test_a_click_paints_on_textures(pointer: Pointer) -> None:
    first, *others = drag(pointer, [(100, 120)], grows=False)
    assert isinstance(first, Paint)
    assert first.begins and not first.erases
    assert first.stroke.end == cells(100, 120)
    assert not any(isinstance(action, Paint) and action.begins for action in others)


def test_a_click_plants_one_seed_and_erases_nothing(pointer: Pointer) -> None:
    assert drag(pointer, [(100, 120), (101, 121)], grows=True) == [Plant(*cells(100, 120))]


def test_a_drag_erases_from_where_it_began(pointer: Pointer) -> None:
    asked = drag(pointer, [(100, 120), (130, 120), (160, 140)], grows=True)
    strokes = [action for action in asked if isinstance(action, Paint)]
    assert len(strokes) == len(asked) > 2
    assert all(action.erases for action in strokes)
    assert [action.begins for action in strokes] == [True] + [False] * (len(strokes) - 1)
    assert strokes[0].stroke.start == cells(100, 120)
    assert strokes[-1].stroke.end == cells(160, 140)


def test_the_right_button_erases_at_once(pointer: Pointer) -> None:
    asked = drag(pointer, [(100, 120)], grows=True, button=RIGHT)
    assert asked
    assert all(isinstance(action, Paint) and action.erases for action in asked)


def test_a_click_after_a_drag_plants_again(pointer: Pointer) -> None:
    drag(pointer, [(100, 120), (160, 140)], grows=True)
    assert drag(pointer, [(200, 220)], grows=True) == [Plant(*cells(200, 220))]
