"""The journey of a dream as rows: what each names, and for how many frames."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import ImVec2, imgui

from training.dream.journey import MOST_FRAMES
from viewer.actions import Action
from viewer.dream_actions import BrowseForJourney, BrowseForPrompt, ChangeDream, SaveJourney
from viewer.dream_draft import USUAL_PROMPTS
from viewer.dream_film import FRAMES_PER_SECOND
from viewer.dream_pictures import START
from viewer.journey_draft import JourneyDraft, Row
from viewer.panels import theme
from viewer.panels.dream_state import DreamState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    button,
    field_tooltip,
    heading,
    same_line_right,
    text_colour,
    thirds,
)

FRAMES_EMS = 3.1
SPACING_EMS = 0.3


def draw_journey(dream: DreamState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    heading(fonts, "Journey")
    draft = dream.draft
    seconds = draft.journey.frame_count / FRAMES_PER_SECOND
    text = f"{draft.journey.frame_count:,} frames, {seconds:.1f} s"
    same_line_right(imgui.calc_text_size(text).x)
    imgui.text_colored(theme.FAINT, text)
    journey = draft.journey
    for place in range(len(draft.journey.rows)):
        imgui.push_id(f"row {place}")
        journey, asked = _draw_row(dream, journey, place)
        imgui.pop_id()
        yield from asked
    if button(f"{Icon.ADD}  Stage", "One more prompt at the end", thirds()):
        journey = journey.with_prompts((USUAL_PROMPTS[draft.backend],))
    imgui.same_line()
    if button("Load...", "Open a .json or .toml journey; or drop one on the window", thirds(2)):
        yield BrowseForJourney()
    imgui.same_line()
    if button("Save", "Keep this journey as a file among your documents", -1):
        yield SaveJourney()
    if journey != draft.journey:
        yield ChangeDream(replace(draft, journey=journey))


def _draw_row(
    dream: DreamState, journey: JourneyDraft, place: int
) -> tuple[JourneyDraft, list[Action]]:
    """One row; gives the journey as it was changed, and what else was asked for."""
    # A row above may have gone in this very frame.
    if place >= len(journey.rows):
        return journey, []
    row, asked = journey.rows[place], list[Action]()
    side, spacing = imgui.get_frame_height(), em(SPACING_EMS)
    names_pictures = dream.draft.backend == "patch"
    imgui.push_style_var_x(imgui.StyleVar_.item_spacing, spacing)
    fixed = em(FRAMES_EMS) + side + (2 + names_pictures) * spacing + names_pictures * side
    width = imgui.get_content_region_avail().x - fixed
    imgui.set_next_item_width(width)
    hint = "a picture or an automaton" if names_pictures else "what it dreams of"
    entered, prompt = imgui.input_text_with_hint("##prompt", hint, row.prompt)
    if imgui.calc_text_size(row.prompt).x > width - 2 * imgui.get_style().frame_padding.x:
        field_tooltip(row.prompt)
    if entered:
        row = replace(row, prompt=prompt)
    if names_pictures:
        imgui.same_line()
        row, asked = _draw_chooser(dream, row, place)
    imgui.same_line()
    imgui.set_next_item_width(em(FRAMES_EMS))
    counted, frames = imgui.input_int("##frames", row.frames, 0, 0)
    field_tooltip("For how many frames")
    if counted:
        row = replace(row, frames=min(max(frames, 1), MOST_FRAMES))
    imgui.same_line()
    if row != journey.rows[place]:
        journey = journey.with_row(place, row)
    journey = _draw_menu(journey, place, side)
    imgui.pop_style_var()
    # The names of automata are there a moment after the panel.
    is_known = bool(dream.automata) and place < len(dream.draft.journey.rows)
    if is_known and (text := dream.draft.row_complaint(place, dream.automata)):
        with text_colour(theme.ALARM):
            imgui.text_wrapped(text)
    return journey, asked


def _draw_chooser(dream: DreamState, row: Row, place: int) -> tuple[Row, list[Action]]:
    """The list of what the patch dreamer knows; picture files are looked for beside the window."""
    asked: list[Action] = []
    if not imgui.begin_combo("##choose", "", imgui.ComboFlags_.no_preview):
        return row, asked
    if imgui.selectable(f"{START}, where it begins", row.prompt == START)[0]:
        row = replace(row, prompt=START)
    if imgui.selectable("a picture...", False)[0]:
        asked.append(BrowseForPrompt(place))
    if imgui.selectable("a folder of pictures...", False)[0]:
        asked.append(BrowseForPrompt(place, folder=True))
    imgui.separator()
    for name in dream.automata:
        if imgui.selectable(name, row.prompt == name)[0]:
            row = replace(row, prompt=name)
    imgui.end_combo()
    return row, asked


def _draw_menu(journey: JourneyDraft, place: int, side: float) -> JourneyDraft:
    """What can be done with a row, behind one small button."""
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.MENU, "Move or remove this stage", side):
        imgui.open_popup("menu")
    imgui.pop_style_var()
    imgui.push_style_var(imgui.StyleVar_.item_spacing, ImVec2(em(0.5), em(0.45)))
    if imgui.begin_popup("menu"):
        last = len(journey.rows) - 1
        if imgui.menu_item("Move up", "", False, place > 0)[0]:
            journey = journey.moved_row(place, -1)
        if imgui.menu_item("Move down", "", False, place < last)[0]:
            journey = journey.moved_row(place, 1)
        if imgui.menu_item("Remove", "", False, last > 0)[0]:
            journey = journey.without_row(place)
        imgui.end_popup()
    imgui.pop_style_var()
    return journey
