"""Every key, in one table: what the window listens to and what its help shows cannot differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from imgui_bundle import imgui

from viewer import actions
from viewer.actions import Action, ChangeSettings
from viewer.brush import resized_radius
from viewer.settings import LARGEST_STEPS_PER_SECOND, Settings

Key = imgui.Key
CTRL = int(Key.mod_ctrl)
NO_MODIFIER = int(Key.mod_none)
ZOOM_A_NOTCH = 1.15
PAN_PIXELS = 48
SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0, 500.0, LARGEST_STEPS_PER_SECOND)


@dataclass(frozen=True)
class Binding:
    """Keys with one meaning: any of `keys`, with this modifier alone held, gives the action."""

    label: str
    meaning: str
    keys: tuple[Key, ...]
    action: Callable[[Settings], Action]
    modifier: int = NO_MODIFIER
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
        Binding("[", "smaller brush", (Key.left_bracket,), SMALLER, repeats=True),
        Binding("]", "larger brush", (Key.right_bracket,), LARGER, repeats=True),
        Gesture("Ctrl + wheel", "size of the brush"),
        Binding("Ctrl + Z", "undo", (Key.z,), _give(actions.Undo()), CTRL, repeats=True),
        Binding("C", "clear the grid", (Key.c,), _give(actions.Clear())),
        Binding("X", "fill with noise", (Key.x,), _give(actions.Scatter())),
    ),
    "Time": (
        Binding("Space", "pause or go on", (Key.space,), _give(actions.TogglePause())),
        Binding(".", "one step", (Key.period,), _give(actions.StepOnce()), repeats=True),
        Binding("+", "faster", (Key.equal, Key.keypad_add), _change(_faster)),
        Binding("-", "slower", (Key.minus, Key.keypad_subtract), _change(_slower)),
        Binding("R", "restart", (Key.r,), _give(actions.Restart())),
        Binding("N", "restart with a new seed", (Key.n,), _give(actions.RestartWithNewSeed())),
    ),
    "View": (
        Gesture("Wheel", "zoom at the cursor"),
        Gesture("Middle drag, Shift + left drag", "move the picture"),
        Binding("Left", "look left", (Key.left_arrow,), _pan(PAN_PIXELS, 0), repeats=True),
        Binding("Right", "look right", (Key.right_arrow,), _pan(-PAN_PIXELS, 0), repeats=True),
        Binding("Up", "look up", (Key.up_arrow,), _pan(0, PAN_PIXELS), repeats=True),
        Binding("Down", "look down", (Key.down_arrow,), _pan(0, -PAN_PIXELS), repeats=True),
        Binding("Home", "show the whole grid", (Key.home,), _give(actions.Fit())),
        Binding("D", "crisp or smooth display", (Key.d,), SMOOTH),
        Binding("T", "repeat the grid or show it once", (Key.t,), TILED),
    ),
    "Automata and window": (
        Binding("Page Down", "next automaton", (Key.page_down,), _give(actions.OpenNeighbour(1))),
        Binding("Page Up", "previous automaton", (Key.page_up,), _give(actions.OpenNeighbour(-1))),
        Gesture("Drop a file", "open a .safetensors automaton"),
        Binding("S, F12", "save a screenshot", (Key.s, Key.f12), _give(actions.TakeScreenshot())),
        Binding("Tab", "hide or show the panel", (Key.tab,), PANEL),
        Binding("F11", "full screen", (Key.f11,), _give(actions.ToggleFullscreen())),
        Binding("F1", "this help", (Key.f1,), _give(actions.ToggleHelp())),
        Binding("Esc", "close the help or a message", (Key.escape,), _give(actions.Dismiss())),
        Binding("Ctrl + Q", "quit", (Key.q,), _give(actions.Quit()), CTRL),
    ),
}
BINDINGS = [item for group in GROUPS.values() for item in group if isinstance(item, Binding)]


def read_keys(settings: Settings) -> Iterator[Action]:
    """The actions of the keys pressed since the last frame; none while text is typed."""
    inputs = imgui.get_io()
    if inputs.want_text_input:
        return
    for binding in BINDINGS:
        # Shift is left out: on some keyboards it is needed to reach a character at all.
        if inputs.key_mods & ~int(Key.mod_shift) == binding.modifier and any(
            imgui.is_key_pressed(key, binding.repeats) for key in binding.keys
        ):
            yield binding.action(settings)
