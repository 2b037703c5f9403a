"""How a dream moves: schedules as sliders or as text, the way home, and the rest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from imgui_bundle import imgui

from training.dream.journey import Loop, SeedMode
from viewer.actions import Action
from viewer.dream_actions import AimAt, ChangeDream
from viewer.dream_draft import LARGEST_SIDE_PIXELS, SMALLEST_SIDE_PIXELS, DreamDraft
from viewer.journey_draft import JourneyDraft
from viewer.panels import theme
from viewer.panels.dream_state import DreamState
from viewer.panels.fields import Control, as_number, draw_number
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    button,
    field_tooltip,
    folding_heading,
    heading,
    label,
    segments,
    tooltip,
)

LARGEST_SEED = 2**32 - 1
KEYFRAMES_HINT = ". A number, or keyframes as 0: (1.02), 60: (1.05)"
LOOPS: tuple[Loop, ...] = get_args(Loop)
LOOP_HINT = (
    "How it comes home. Portal: the first picture appears far ahead and comes nearer. "
    "Mix: it is blended in. None: it does not."
)
SEED_MODES: tuple[SeedMode, ...] = get_args(SeedMode)


MAIN = (
    Control("zoom", "Zoom", "How many times larger each frame is than the one before", 1.0, 1.1),
    Control("strength", "Strength", "0 only moves forward, 1 keeps nothing", 0.0, 1.0),
)
GUIDANCE = Control("guidance", "Guidance", "How firmly the prompt is followed", 1.0, 15.0)
MORE = (
    Control("rotation_degrees", "Turn", "Degrees a frame, clockwise", -3.0, 3.0),
    Control("palette_match", "Colours", "How firmly they are held to the start's", 0.0, 1.0),
    Control("vanishing_x", "Aim x", "Where the camera moves towards, from the left", 0.0, 1.0),
    Control("vanishing_y", "Aim y", "Where the camera moves towards, from the top", 0.0, 1.0),
)


class MotionPart:
    """Draws the part; remembers whether the rarer controls are unfolded."""

    def __init__(self) -> None:
        self._unfolded = False

    def draw(self, dream: DreamState, fonts: Fonts) -> Iterator[Action]:
        """Draw it; gives what the user asked for."""
        heading(fonts, "Motion")
        draft = dream.draft
        journey = draft.journey
        controls = MAIN if draft.backend == "patch" else (*MAIN, GUIDANCE)
        for control in controls:
            journey = draw_schedule(control, journey)
        yield from _draw_aim(journey)
        journey = _draw_loop(journey)
        draft = _draw_size(replace(draft, journey=journey))
        if folding_heading(fonts, "More", self._unfolded):
            self._unfolded = not self._unfolded
        if self._unfolded:
            draft = replace(draft, journey=_draw_more(draft))
        if draft != dream.draft:
            yield ChangeDream(draft)


def draw_schedule(control: Control, journey: JourneyDraft) -> JourneyDraft:
    """A slider and its number; keyframes take the whole line as text, with what is wrong below."""
    text = getattr(journey, control.name)
    complaint = journey.complaint(control.name)
    changed = draw_number(control, text, complaint, KEYFRAMES_HINT)
    return journey if changed == text else journey.with_schedules({control.name: changed})


def _draw_aim(journey: JourneyDraft) -> Iterator[Action]:
    x, y = as_number(journey.vanishing_x), as_number(journey.vanishing_y)
    label("Aim")
    imgui.align_text_to_frame_padding()
    imgui.text("moves" if x is None or y is None else f"{x:.2f}, {y:.2f}")
    tooltip("What the camera moves towards: click on the picture to set it")
    side = imgui.get_frame_height()
    imgui.same_line()
    imgui.text_colored(theme.FAINT, "click to set")
    imgui.same_line()
    imgui.set_cursor_pos_x(imgui.get_cursor_pos_x() + imgui.get_content_region_avail().x - side)
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(f"{Icon.AIM}##aim", "Towards the middle", side):
        yield AimAt(0.5, 0.5)
    imgui.pop_style_var()


def _draw_loop(journey: JourneyDraft) -> JourneyDraft:
    label("Loop")
    names = tuple(loop.capitalize() for loop in LOOPS)
    chosen = segments("loop", names, LOOPS.index(journey.loop))
    tooltip(LOOP_HINT)
    return replace(journey, loop=LOOPS[chosen])


def _draw_size(draft: DreamDraft) -> DreamDraft:
    label("Size")
    sides = list(draft.size_pixels)
    width = (imgui.get_content_region_avail().x - em(1.6)) / 2
    for place in range(2):
        if place:
            imgui.same_line(0, em(0.5))
            imgui.text_colored(theme.QUIET, "x")
            imgui.same_line(0, em(0.5))
        imgui.set_next_item_width(width)
        flags = imgui.InputTextFlags_.enter_returns_true
        changed, side = imgui.input_int(f"##side {place}", sides[place], 0, 0, flags)
        field_tooltip(f"Pixels, {SMALLEST_SIDE_PIXELS} to {LARGEST_SIDE_PIXELS:,}; Enter sets it")
        if changed:
            sides[place] = min(max(side, SMALLEST_SIDE_PIXELS), LARGEST_SIDE_PIXELS)
    return replace(draft, size_pixels=(sides[0], sides[1]))


def _draw_more(draft: DreamDraft) -> JourneyDraft:
    journey = draft.journey
    for control in MORE:
        journey = draw_schedule(control, journey)
    label("Fade")
    changed, frames = imgui.input_int("##fade", journey.fade_frames, 0, 0)
    tooltip("Frames that a new prompt takes to come in")
    if changed:
        journey = replace(journey, fade_frames=min(max(frames, 0), 1000))
    label("Seed")
    changed, seed = imgui.input_int("##seed", journey.random_seed % 2**31, 0, 0)
    if changed:
        journey = replace(journey, random_seed=min(max(seed, 0), LARGEST_SEED))
    label("Seeds")
    names = tuple(mode.capitalize() for mode in SEED_MODES)
    chosen = segments("seed mode", names, SEED_MODES.index(journey.seed_mode))
    tooltip("The same seed for every frame, one more each frame, or any")
    journey = replace(journey, seed_mode=SEED_MODES[chosen])
    if draft.backend == "diffusers":
        label("Without")
        entered, text = imgui.input_text("##negative", journey.negative_prompt)
        tooltip("A negative prompt: what should not appear")
        if entered:
            journey = replace(journey, negative_prompt=text)
    return journey
