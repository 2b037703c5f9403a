"""The prompts of a training: what it is to look like, what not, and the model that reads them."""

from dataclasses import replace
from pathlib import Path

from imgui_bundle import imgui

from viewer.panels.fields import GAP_EMS, draw_complaint
from viewer.panels.theme import Icon, em
from viewer.panels.widgets import button, field_tooltip, label, tooltip
from viewer.training_presets import TrainingOptions
from viewer.training_prompts import PromptDraft, PromptRow

WEIGHT_EMS = 2.6
HINT = "What it is to look like in words, beside the picture or alone, as the loss says"
NEGATIVE_HINT = "What it is not to look like"
WEIGHT_HINT = "How much it counts beside the others, a number above zero"
NO_CLIP_HINT = (
    "Prompts need the packages for dreaming, and a CLIP model in the folder models beside your "
    "automata or fetched from the hub before."
)


class PromptsPart:
    """Draws the part; a row that was added can be typed into at once."""

    def __init__(self) -> None:
        self._added_place: int | None = None

    def draw(self, options: TrainingOptions, clips: tuple[str, ...]) -> TrainingOptions:
        """Draw it; gives the options as they were changed. `clips` are models that can read."""
        imgui.begin_disabled(not clips)
        prompts = options.prompts
        for place in range(len(prompts.rows)):
            imgui.push_id(f"prompt {place}")
            prompts = _draw_row(prompts, place, bool(clips), place == self._added_place)
            imgui.pop_id()
        self._added_place = None
        clip = options.clip
        if prompts != PromptDraft():
            label("")
            prompts = self._draw_adding(prompts)
            imgui.same_line(0, em(GAP_EMS))
            clip = _draw_reader(clip, clips)
        imgui.end_disabled()
        draw_complaint(prompts.complaint)
        return replace(options, prompts=prompts, clip=clip)

    def _draw_adding(self, prompts: PromptDraft) -> PromptDraft:
        """The buttons for one more row."""
        room = imgui.get_content_region_avail().x
        width = (room - imgui.get_frame_height() - 2 * em(GAP_EMS)) / 2
        if button(f"{Icon.ADD}  And", "One more thing that it is to look like", width):
            self._added_place = prompts.place_of_new_row(is_negative=False)
            prompts = prompts.with_new_row(is_negative=False)
        imgui.same_line(0, em(GAP_EMS))
        if button(f"{Icon.ADD}  Not", "Something that it is not to look like", width):
            self._added_place = prompts.place_of_new_row(is_negative=True)
            prompts = prompts.with_new_row(is_negative=True)
        return prompts


def _draw_row(
    prompts: PromptDraft, place: int, can_be_read: bool, takes_keyboard: bool
) -> PromptDraft:
    """A text, and where there are several, its weight and a button to remove it."""
    # A row above may have gone in this very frame.
    if place >= len(prompts.rows):
        return prompts
    row = prompts.rows[place]
    is_alone = len(prompts.rows) == 1 and not row.is_negative
    label(_name(row, place))
    side, gap = imgui.get_frame_height(), em(GAP_EMS)
    if not is_alone:
        imgui.set_next_item_width(-em(WEIGHT_EMS) - side - 2 * gap)
    if takes_keyboard:
        imgui.set_keyboard_focus_here()
    hint = "none" if can_be_read else "needs a CLIP model"
    text = imgui.input_text_with_hint("##text", hint, row.text)[1]
    explanation = NEGATIVE_HINT if row.is_negative else HINT
    field_tooltip(explanation if can_be_read else NO_CLIP_HINT)
    row = replace(row, text=text)
    if is_alone:
        return prompts.with_row(place, row)
    imgui.same_line(0, gap)
    imgui.set_next_item_width(em(WEIGHT_EMS))
    row = replace(row, weight=imgui.input_text("##weight", row.weight)[1])
    field_tooltip(WEIGHT_HINT)
    imgui.same_line(0, gap)
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    removed = button(Icon.CLOSE, "Remove these words", side)
    imgui.pop_style_var()
    return prompts.without_row(place) if removed else prompts.with_row(place, row)


def _name(row: PromptRow, place: int) -> str:
    if row.is_negative:
        return "but not"
    return "and" if place else "Prompt"


def _draw_reader(clip: str | None, clips: tuple[str, ...]) -> str | None:
    """The list of the models; gives the one that is chosen."""
    if imgui.begin_combo("##clips", "", imgui.ComboFlags_.no_preview):
        for name in clips:
            if imgui.selectable(Path(name).name, name == clip)[0]:
                clip = name
        imgui.end_combo()
    tooltip(f"Read by {Path(clip).name}" if clip else NO_CLIP_HINT)
    return clip
