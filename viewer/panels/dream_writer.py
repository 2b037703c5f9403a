"""The prompt writer: a language model that goes on with a journey's prompts, or varies them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from imgui_bundle import imgui

from exporters.errors import LichenError
from training.dream.writing_order import WritingMode, check_writer
from viewer.actions import Action
from viewer.dream_actions import BrowseForWriter, ChangeDream, StopHelper, WritePrompts
from viewer.panels.dream_state import DreamState
from viewer.panels.state import ExtraState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    button,
    folding_heading,
    label,
    quiet_text,
    segments,
    thirds,
    tooltip,
)

MODES: tuple[WritingMode, ...] = get_args(WritingMode)


class WriterPart:
    """Draws the part, folded until it is wanted; other dreamers do not read sentences."""

    def __init__(self) -> None:
        self._unfolded = False

    def draw(self, dream: DreamState, extra: ExtraState, fonts: Fonts) -> Iterator[Action]:
        """Draw it; gives what the user asked for."""
        if dream.draft.backend != "diffusers" or not extra.is_installed:
            return
        if folding_heading(fonts, "Prompt writer", self._unfolded):
            self._unfolded = not self._unfolded
        if self._unfolded:
            yield from _draw_model(dream)
            yield from _draw_buttons(dream)


def _draw_model(dream: DreamState) -> Iterator[Action]:
    draft = dream.draft
    label("Writer")
    imgui.set_next_item_width(-imgui.get_frame_height() - em(0.3))
    entered, writer = imgui.input_text_with_hint("##writer", "folder or .gguf file", draft.writer)
    tooltip(draft.writer or "A causal language model, as transformers saves it or as a .gguf file")
    if entered:
        draft = replace(draft, writer=writer.strip())
    imgui.same_line(0, em(0.3))
    if imgui.begin_combo("##writers", "", imgui.ComboFlags_.no_preview):
        for name in dream.writers:
            if imgui.selectable(Path(name).stem, name == draft.writer)[0]:
                draft = replace(draft, writer=name)
        if imgui.selectable("a folder...", False)[0]:
            yield BrowseForWriter(folder=True)
        if imgui.selectable("a .gguf file...", False)[0]:
            yield BrowseForWriter(folder=False)
        imgui.end_combo()
    label("Let it")
    names = tuple(mode.capitalize() for mode in MODES)
    mode = MODES[segments("writing mode", names, MODES.index(draft.writing_mode))]
    tooltip("Go on with the prompts, or vary them; what it writes becomes new stages")
    draft = replace(draft, writing_mode=mode)
    if draft != dream.draft:
        yield ChangeDream(draft)


def _draw_buttons(dream: DreamState) -> Iterator[Action]:
    if dream.helper == "writing":
        quiet_text(dream.helper_note or "Writing prompts...")
        if button("Stop writing", "Keep the stages that are there", -1):
            yield StopHelper()
        return
    missing = _missing(dream.draft.writer)
    if missing:
        quiet_text(missing)
    if button(
        f"{Icon.SPARK}  Write stages",
        missing or "As new stages at the end",
        thirds(1),
        enabled=not (missing or dream.helper),
    ):
        yield WritePrompts()


def _missing(writer: str) -> str:
    """What is to be installed or named first, or nothing."""
    try:
        check_writer(Path(writer) if writer else None)
    except LichenError as error:
        return f"{error}"
    return ""
