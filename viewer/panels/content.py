"""What a living filter looks at, how strongly, and what it keeps from frame to frame."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import imgui

from viewer.actions import Action, BrowseForContent, ChangeSettings, ShowExample
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts
from viewer.panels.widgets import (
    button,
    heading,
    quiet_text,
    shortened,
    slider,
    thirds,
    tooltip,
)
from viewer.settings import LARGEST_CONTENT_STRENGTH


def draw_content(state: PanelState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part, where a filter runs; gives what the user asked for."""
    if state.automaton is None or not state.automaton.content_channels:
        return
    heading(fonts, "Picture")
    width = thirds(2)
    if button("Open...", "A picture or film to look at; or drop one on the window", width):
        yield BrowseForContent()
    imgui.same_line()
    if button("Example", "The picture that it began with", width):
        yield ShowExample()
    quiet_text(shortened(state.content_name, imgui.get_content_region_avail().x))
    settings = state.settings
    strength = _share("Strength", settings.content_strength, LARGEST_CONTENT_STRENGTH)
    tooltip("How strongly the picture shows")
    if strength is not None:
        yield ChangeSettings(replace(settings, content_strength=strength))
    memory = _share("Memory", settings.content_memory, 1.0)
    tooltip("What stays of it when a film shows its next frame")
    if memory is not None:
        yield ChangeSettings(replace(settings, content_memory=memory))


def _share(name: str, value: float, largest: float) -> float | None:
    return slider(name, value, 0, largest, f"{value:.0%}", is_linear=True)
