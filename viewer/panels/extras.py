"""Optional parts: what they need, and how to get it."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, CancelInstallation, Install
from viewer.installation import Installation, State
from viewer.panels import theme
from viewer.panels.state import ExtraState
from viewer.panels.theme import em
from viewer.panels.widgets import quiet_text, text_colour

LONGEST_LINE = 60


def draw_extra(state: ExtraState) -> Iterator[Action]:
    """The offer to install a part that is missing, or how its installation goes."""
    installation = state.installation
    imgui.push_id(state.extra.name)
    if installation is not None and installation.state is State.RUNNING:
        yield from _draw_progress(state, installation)
    elif not state.is_installed:
        purpose = state.extra.purpose.capitalize()
        quiet_text(f"{purpose} needs packages that are not installed: {state.extra.size}.")
        if installation is not None and installation.error:
            with text_colour(theme.ALARM):
                imgui.text_wrapped(installation.error)
        if imgui.button("Install", ImVec2(-1, 0)):
            yield Install(state.extra)
    imgui.pop_id()


def _draw_progress(state: ExtraState, installation: Installation) -> Iterator[Action]:
    imgui.progress_bar(installation.progress, ImVec2(-1, em(0.4)), "")
    latest = installation.lines[-1] if installation.lines else "Starting..."
    quiet_text(f"{installation.progress:.0%}  {latest[:LONGEST_LINE]}")
    if imgui.button("Cancel", ImVec2(-1, 0)):
        yield CancelInstallation(state.extra)
