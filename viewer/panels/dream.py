"""The dream panel: prepare a dream, follow it, and come back to earlier ones."""

from collections.abc import Iterator

from imgui_bundle import imgui

from viewer.actions import Action
from viewer.dream_actions import DeleteDream, OpenDream, StartDream
from viewer.dream_runs import KeptDream
from viewer.panels import theme
from viewer.panels.dream_journey import draw_journey
from viewer.panels.dream_maker import draw_maker
from viewer.panels.dream_motion import MotionPart
from viewer.panels.dream_run import draw_run
from viewer.panels.dream_source import draw_source
from viewer.panels.dream_state import DreamState
from viewer.panels.dream_writer import WriterPart
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    button,
    confirmed,
    heading,
    main_button,
    quiet_text,
    same_line_right,
    shortened,
    text_colour,
    title,
    tooltip,
)

BUTTON_EMS = 7.0


class DreamPart:
    """Draws the panel, in whichever of its states it is."""

    def __init__(self) -> None:
        self._motion = MotionPart()
        self._writer = WriterPart()

    def draw(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        """Draw the panel; gives what the user asked for."""
        dream = state.dreaming
        if dream.run is not None:
            _draw_complaint(dream)
            yield from draw_run(dream, dream.run, state.export, fonts)
            return
        yield from self._draw_draft(state, fonts)
        yield from _draw_earlier(dream, fonts)

    def _draw_draft(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        dream = state.dreaming
        title(fonts, "Dream")
        same_line_right(em(BUTTON_EMS))
        missing = dream.draft.complaint()
        if main_button(f"{Icon.PLAY}  Dream", missing or "Move into the picture", em(BUTTON_EMS)):
            yield StartDream()
        quiet_text("The picture moves forward for ever, re-imagined on the way, and comes home.")
        _draw_complaint(dream)
        yield from draw_source(dream, fonts)
        yield from draw_journey(dream, fonts)
        yield from draw_maker(dream, state.dream, fonts)
        yield from self._writer.draw(dream, state.dream, fonts)
        yield from self._motion.draw(dream, fonts)


def _draw_complaint(dream: DreamState) -> None:
    if dream.complaint:
        with text_colour(theme.ALARM):
            imgui.text_wrapped(dream.complaint)


def _draw_earlier(dream: DreamState, fonts: Fonts) -> Iterator[Action]:
    if not dream.earlier:
        return
    heading(fonts, "Earlier dreams")
    for place, kept in enumerate(dream.earlier):
        imgui.push_id(f"earlier {place}")
        yield from _draw_kept(kept)
        imgui.pop_id()


def _draw_kept(kept: KeptDream) -> Iterator[Action]:
    side, spacing = imgui.get_frame_height(), imgui.get_style().item_spacing.x
    buttons = em(4.4) + side + spacing
    frames = kept.order.journey.frame_count
    told = f"{frames:,} frames" if kept.is_whole else f"{kept.made_count:,} of {frames:,}"
    room = imgui.get_content_region_avail().x - buttons - imgui.calc_text_size(told).x
    imgui.align_text_to_frame_padding()
    imgui.text(shortened(kept.name, room - 3 * spacing))
    tooltip(kept.name)
    imgui.same_line()
    imgui.text_colored(theme.QUIET, told)
    same_line_right(buttons)
    if button("Open", "Look at it, or go on with it", em(4.4)):
        yield OpenDream(kept.order.folder)
    imgui.same_line()
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.CLOSE, "Delete it", side):
        imgui.open_popup("delete")
    imgui.pop_style_var()
    if confirmed("delete", f"Delete all {kept.made_count} frames"):
        yield DeleteDream(kept.order.folder)
