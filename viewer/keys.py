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
SPEEDS = (1, 2, 5, 10, 20, 30, 60, 120, 240, 500, LARGEST_STEPS_PER_SECOND)


@dataclass(frozen=True)
class Binding:
    """Keys with one meaning; any of `keys`, with exactly this modifier held, gives the action."""

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


def _resize_brush(notches: float) -> Callable[[Settings], Action]:
    def change(settings: Settings) -> Action:
        radius = resized_radius(settings.brush_radius_cells, notches)
        return ChangeSettings(replace(settings, brush_radius_cells=radius))

    return change


def _faster(settings: Settings) -> Action:
    speed = next((s for s in SPEEDS if s > settings.steps_per_second), SPEEDS[-1])
    return ChangeSettings(replace(settings, steps_per_second=float(speed)))


def _slower(settings: Settings) -> Action:
    speed = next((s for s in reversed(SPEEDS) if s < settings.steps_per_second), SPEEDS[0])
    return ChangeSettings(replace(settings, steps_per_second=float(speed)))


def _toggle(name: str) -> Callable[[Settings], Action]:
    return lambda settings: ChangeSettings(replace(settings, **{name: not getattr(settings, name)}))


def _give(action: Action) -> Callable[[Settings], Action]:
    return lambda _: action


GROUPS: dict[str, tuple[Binding | Gesture, ...]] = {
    "Brush": (
        Gesture("Left drag", "paint"),
        Gesture("Right drag, E + left drag", "erase"),
        Binding("[", "smaller brush", (Key.left_bracket,), _resize_brush(-1), repeats=True),
        Binding("]", "larger brush", (Key.right_bracket,), _resize_brush(1), repeats=True),
        Gesture("Ctrl + wheel", "size of the brush"),
        Binding("Ctrl + Z", "undo", (Key.z,), _give(actions.Undo()), CTRL, repeats=True),
        Binding("C", "clear the grid", (Key.c,), _give(actions.Clear())),
        Binding("X", "fill with noise", (Key.x,), _give(actions.Scatter())),
    ),
    "Time": (
        Binding("Space", "pause or go on", (Key.space,), _give(actions.TogglePause())),
        Binding(".", "one step", (Key.period,), _give(actions.StepOnce()), repeats=True),
        Binding("+", "faster", (Key.equal, Key.keypad_add), _faster),
        Binding("-", "slower", (Key.minus, Key.keypad_subtract), _slower),
        Binding("R", "restart", (Key.r,), _give(actions.Restart())),
        Binding("N", "restart with a new seed", (Key.n,), _give(actions.RestartWithNewSeed())),
    ),
    "View": (
        Gesture("Wheel", "zoom at the cursor"),
        Gesture("Middle drag, Shift + left drag", "move the picture"),
        Binding("Left", "look left", (Key.left_arrow,), _give(actions.Pan(PAN_PIXELS, 0)), repeats=True),
        Binding("Right", "look right", (Key.right_arrow,), _give(actions.Pan(-PAN_PIXELS, 0)), repeats=True),
        Binding("Up", "look up", (Key.up_arrow,), _give(actions.Pan(0, PAN_PIXELS)), repeats=True),
        Binding("Down", "look down", (Key.down_arrow,), _give(actions.Pan(0, -PAN_PIXELS)), repeats=True),
        Binding("Home", "show the whole grid", (Key.home, Key._0), _give(actions.Fit())),
        Binding("D", "crisp or smooth display", (Key.d,), _toggle("smooth")),
        Binding("T", "tile the window or show one grid", (Key.t,), _toggle("tiled")),
    ),
    "Automata and window": (
        Binding("Page Down", "next automaton", (Key.page_down,), _give(actions.OpenNeighbour(1))),
        Binding("Page Up", "previous automaton", (Key.page_up,), _give(actions.OpenNeighbour(-1))),
        Gesture("Drop a file", "open a .safetensors automaton"),
        Binding("S, F12", "save a screenshot", (Key.s, Key.f12), _give(actions.TakeScreenshot())),
        Binding("Tab", "hide or show the panel", (Key.tab,), _toggle("panel_visible")),
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
        if inputs.key_mods == binding.modifier and any(
            imgui.is_key_pressed(key, binding.repeats) for key in binding.keys
        ):
            yield binding.action(settings)
