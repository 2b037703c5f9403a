"""What the view shows: the automaton through its camera, or a dream or painting in its place."""

from dataclasses import dataclass, replace

from exporters.magnification import Picture
from viewer.camera import Camera
from viewer.dream_aim import to_cells
from viewer.dream_desk import DreamDesk
from viewer.stylize_desk import StylizeDesk


@dataclass(frozen=True)
class Shown:
    """One frame's view: `size` counts cells, or the pixels of a picture, which `name` belongs to.

    `moves` says that a picture changes so often that the window should not rest in between.
    `is_aimed_at` says that a click tells where a dream moves towards, and paints nothing;
    `cross_pixels` is where in the view that place is, None where there is none to see.
    """

    size: tuple[int, int]
    camera: Camera
    picture: Picture | None = None
    name: str = ""
    moves: bool = False
    is_aimed_at: bool = False
    cross_pixels: tuple[float, float] | None = None


def show_dream(
    dream: DreamDesk,
    automaton: Shown,
    has_automaton: bool,
    view_size_pixels: tuple[int, int],
    film_pixels: int,
) -> Shown:
    """The view while the dream panel is open: its picture, or else the automaton.

    The picture is seen as a whole, above a film strip that covers `film_pixels` of the view.
    """
    shown, picture = automaton, dream.pixels
    if picture is not None:
        covered_pixels = film_pixels if dream.has_frames else 0
        shown = _whole(picture, dream.name, view_size_pixels, covered_pixels)
        shown = replace(shown, moves=dream.moves)
    shown = replace(shown, is_aimed_at=dream.aims or picture is not None)
    aim = dream.aim
    if aim is None or not (has_automaton or picture is not None) or not all(view_size_pixels):
        return shown
    cells = to_cells(aim, dream.size_pixels, shown.size)
    return replace(shown, cross_pixels=shown.camera.cells_to_screen(*cells, view_size_pixels))


def show_painting(
    painting: StylizeDesk, automaton: Shown, view_size_pixels: tuple[int, int]
) -> Shown:
    """The view while the style panel is open: the painting as a whole, or else the automaton.

    It changes a few times a second at most, which leaves the processor to the painter.
    """
    if painting.pixels is None:
        return automaton
    return _whole(painting.pixels, painting.name, view_size_pixels)


def _whole(
    picture: Picture, name: str, view_size_pixels: tuple[int, int], covered_pixels: int = 0
) -> Shown:
    size = picture.shape[1], picture.shape[0]
    return Shown(size, Camera.fill(size, view_size_pixels, covered_pixels), picture, name)
