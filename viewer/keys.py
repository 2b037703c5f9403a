"""Every key, in one table: what the window listens to and what its help shows cannot differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from viewer import actions
from viewer.actions import Action, ChangeSettings
from viewer.brush import resized_radius
from viewer.settings import LARGEST_STEPS_PER_SECOND, Settings

ZOOM_A_NOTCH = 1.15
PAN_PIXELS = 48
SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0, 500.0, LARGEST_STEPS_PER_SECOND)


@dataclass(frozen=True)
class KeyPress:
    """A key that went down: the character it is labelled with, or a name such as "page down"."""

    name: str
    with_ctrl: bool = False
    is_repeat: bool = False


@dataclass(frozen=True)
class Binding:
    """Any of `keys`, with Ctrl or without, gives the action; held down, `repeats` gives more."""

    label: str
    meaning: str
    keys: tuple[str, ...]
    action: Callable[[Settings], Action]
    with_ctrl: bool = False
    repeats: bool = False


@dataclass(frozen=True)
class Gesture:
    """Something the pointer does; `viewer.pointer` carries it out."""

    label: str
    meaning: str


def _resize_brush(settings: Settings, notches: int) -> Settings:
    radius = resized_radius(settings.brush_radius_cells, notches)
    return replace(settings, brush_radius_cells=radius)


def _faster(settings: Settings) -> Settings:
    faster = (speed for speed in SPEEDS if speed > settings.steps_per_second)
    return replace(settings, steps_per_second=next(faster, SPEEDS[-1]))


def _slower(settings: Settings) -> Settings:
    slower = (speed for speed in reversed(SPEEDS) if speed < settings.steps_per_second)
    return replace(settings, steps_per_second=next(slower, SPEEDS[0]))


def _change(change: Callable[[Settings], Settings]) -> Callable[[Settings], Action]:
    return lambda settings: ChangeSettings(change(settings))


def _give(action: Action) -> Callable[[Settings], Action]:
    return lambda _: action


def _pan(x_pixels: float, y_pixels: float) -> Callable[[Settings], Action]:
    return _give(actions.Pan(x_pixels, y_pixels))


SMALLER = _change(lambda s: _resize_brush(s, -1))
LARGER = _change(lambda s: _resize_brush(s, 1))
SMOOTH = _change(lambda s: replace(s, smooth=not s.smooth))
TILED = _change(lambda s: replace(s, tiled=not s.tiled))
PANEL = _change(lambda s: replace(s, panel_visible=not s.panel_visible))

GROUPS: dict[str, tuple[Binding | Gesture, ...]] = {
    "Brush": (
        Gesture("Left drag", "paint"),
        Gesture("Right drag, E + left drag", "erase"),
        Binding("[", "smaller brush", ("[",), SMALLER, repeats=True),
        Binding("]", "larger brush", ("]",), LARGER, repeats=True),
        Gesture("Ctrl + wheel", "size of the brush"),
        Binding("Ctrl + Z", "undo", ("z",), _give(actions.Undo()), True, repeats=True),
        Binding("C", "clear the grid", ("c",), _give(actions.Clear())),
        Binding("X", "fill with noise", ("x",), _give(actions.Scatter())),
    ),
    "Time": (
        Binding("Space", "pause or go on", ("space",), _give(actions.TogglePause())),
        Binding(".", "one step", (".",), _give(actions.StepOnce()), repeats=True),
        Binding("+", "faster", ("+", "="), _change(_faster)),
        Binding("-", "slower", ("-",), _change(_slower)),
        Binding("R", "restart", ("r",), _give(actions.Restart())),
        Binding("N", "restart with a new seed", ("n",), _give(actions.RestartWithNewSeed())),
    ),
    "View": (
        Gesture("Wheel", "zoom at the cursor"),
        Gesture("Middle drag, Shift + left drag", "move the picture"),
        Gesture("Hold on a painting", "show its original"),
        Binding("Left", "look left", ("left",), _pan(PAN_PIXELS, 0), repeats=True),
        Binding("Right", "look right", ("right",), _pan(-PAN_PIXELS, 0), repeats=True),
        Binding("Up", "look up", ("up",), _pan(0, PAN_PIXELS), repeats=True),
        Binding("Down", "look down", ("down",), _pan(0, -PAN_PIXELS), repeats=True),
        Binding("Home", "show the whole grid", ("home",), _give(actions.Fit())),
        Binding("D", "crisp or smooth display", ("d",), SMOOTH),
        Binding("T", "repeat the grid or show it once", ("t",), TILED),
    ),
    "Automata and window": (
        Binding("Page Down", "next automaton", ("page down",), _give(actions.OpenNeighbour(1))),
        Binding("Page Up", "previous automaton", ("page up",), _give(actions.OpenNeighbour(-1))),
        Gesture("Drop a file", "open an automaton, or learn a picture"),
        Binding("S, F12", "save a screenshot", ("s", "f12"), _give(actions.TakeScreenshot())),
        Binding("Tab", "hide or show the panel", ("tab",), PANEL),
        Binding("F11", "full screen", ("f11",), _give(actions.ToggleFullscreen())),
        Binding("F1", "this help", ("f1",), _give(actions.ToggleHelp())),
        Binding("Esc", "close a message, leave a picture", ("escape",), _give(actions.Dismiss())),
        Binding("Ctrl + Q", "quit", ("q",), _give(actions.Quit()), True),
    ),
}
BINDINGS = [item for group in GROUPS.values() for item in group if isinstance(item, Binding)]


def read_key(press: KeyPress, settings: Settings) -> Iterator[Action]:
    """The action that a key press asks for, if any."""
    for binding in BINDINGS:
        if press.name in binding.keys and press.with_ctrl == binding.with_ctrl:
            if binding.repeats or not press.is_repeat:
                yield binding.action(settings)
