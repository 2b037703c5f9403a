"""Training and dreaming: what they need, how to get it, and what this version does with it."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, CancelInstallation, Install
from viewer.installation import Installation, State
from viewer.panels import theme
from viewer.panels.state import ExtraState, PanelState
from viewer.panels.theme import Fonts, em
from viewer.panels.widgets import quiet_text, text_colour

TRAINING_COMMAND = "lichen train photo.jpg -o mine.safetensors"
LONGEST_LINE = 60


def draw_extras(state: PanelState, fonts: Fonts) -> Iterator[Action]:
    """Draw both parts, closed until they are wanted."""
    imgui.dummy(ImVec2(0, em(0.35)))
    if _folding_heading(fonts, "Train"):
        yield from _draw_extra(state.train)
        if state.train.is_installed:
            _draw_training()
    if _folding_heading(fonts, "Dream"):
        yield from _draw_extra(state.dream)
        if state.dream.is_installed:
            quiet_text(
                "What diffusion models need is installed. This version does not dream yet; "
                "zooming dreams come in a later one."
            )


def _draw_training() -> None:
    quiet_text("Teach an automaton the texture of a photo; in a terminal:")
    imgui.set_next_item_width(-1)
    imgui.input_text("##command", TRAINING_COMMAND, imgui.InputTextFlags_.read_only)
    if imgui.button("Copy the command", ImVec2(-1, 0)):
        imgui.set_clipboard_text(TRAINING_COMMAND)
    quiet_text(
        "Then drop mine.safetensors onto this window. "
        "Training from this panel comes in a later version."
    )


def _draw_extra(state: ExtraState) -> Iterator[Action]:
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


def _folding_heading(fonts: Fonts, text: str) -> bool:
    imgui.push_font(fonts.bold, theme.HEADING_POINTS)
    with text_colour(theme.FAINT):
        is_open = imgui.tree_node_ex(
            text.upper(),
            imgui.TreeNodeFlags_.no_tree_push_on_open | imgui.TreeNodeFlags_.span_avail_width,
        )
    imgui.pop_font()
    return is_open
