"""Time: pause, step, speed, restart and the random seed."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import imgui

from viewer.actions import (
    Action,
    ChangeSettings,
    Restart,
    RestartWithNewSeed,
    StepOnce,
    TogglePause,
)
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, Icon
from viewer.panels.widgets import button, heading, label, slider, thirds
from viewer.settings import LARGEST_STEPS_PER_SECOND

LARGEST_SEED = 2**31 - 1


def draw_playback(state: PanelState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    heading(fonts, "Time")
    yield from _draw_buttons(state)
    settings = state.settings
    speed = slider(
        "Speed",
        settings.steps_per_second,
        1,
        LARGEST_STEPS_PER_SECOND,
        f"{settings.steps_per_second:.0f} steps/s",
    )
    if speed is not None:
        yield ChangeSettings(replace(settings, steps_per_second=float(round(speed))))
    yield from _draw_seed(state)


def _draw_buttons(state: PanelState) -> Iterator[Action]:
    width = thirds()
    play = f"{Icon.PLAY}  Play" if state.is_paused else f"{Icon.PAUSE}  Pause"
    if button(f"{play}##play", "Stop time, or let it run on (Space)", width):
        yield TogglePause()
    imgui.same_line()
    if button(f"{Icon.STEP}  Step", "One step at a time (.)", width):
        yield StepOnce()
    imgui.same_line()
    if button(f"{Icon.RESTART}  Restart", "Begin again with the same seed (R)", width):
        yield Restart()


def _draw_seed(state: PanelState) -> Iterator[Action]:
    label("Seed")
    dice_width = imgui.get_frame_height()
    imgui.set_next_item_width(-dice_width - imgui.get_style().item_spacing.x)
    changed, seed = imgui.input_int(
        "##seed", state.random_seed, 0, 0, imgui.InputTextFlags_.enter_returns_true
    )
    if changed:
        yield Restart(min(max(seed, 0), LARGEST_SEED))
    imgui.same_line()
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.DICE, "Restart with a new seed (N)", dice_width):
        yield RestartWithNewSeed()
    imgui.pop_style_var()
