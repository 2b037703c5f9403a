"""The dream panel: prepare a dream, follow it, and come back to earlier ones."""

from collections.abc import Iterator

from imgui_bundle import imgui

from viewer.actions import Action
from viewer.dream_actions import DeleteDream, OpenDream, StartDream
from viewer.dream_runs import KeptDream
from viewer.panels.dream_journey import draw_journey
from viewer.panels.dream_maker import draw_maker
from viewer.panels.dream_motion import MotionPart
from viewer.panels.dream_run import draw_run
from viewer.panels.dream_source import draw_source
from viewer.panels.dream_state import DreamState
from viewer.panels.dream_writer import WriterPart
from viewer.panels.fields import draw_complaint
from viewer.panels.kept import draw_kept
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import (
    heading,
    main_button,
    quiet_text,
    same_line_right,
    title,
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
            draw_complaint(dream.complaint)
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
        draw_complaint(dream.complaint)
        yield from draw_source(dream, fonts)
        yield from draw_journey(dream, fonts)
        yield from draw_maker(dream, state.dream, fonts)
        yield from self._writer.draw(dream, state.dream, fonts)
        yield from self._motion.draw(dream, fonts)


def _draw_earlier(dream: DreamState, fonts: Fonts) -> Iterator[Action]:
    if not dream.earlier:
        return
    heading(fonts, "Earlier dreams")
    for place, kept in enumerate(dream.earlier):
        imgui.push_id(f"earlier {place}")
        yield from _draw_kept(kept)
        imgui.pop_id()


def _draw_kept(kept: KeptDream) -> Iterator[Action]:
    frames = kept.order.journey.frame_count
    told = f"{frames:,} frames" if kept.is_whole else f"{kept.made_count:,} of {frames:,}"
    match draw_kept(kept.name, told, f"Delete all {kept.made_count} frames"):
        case "open":
            yield OpenDream(kept.order.folder)
        case "delete":
            yield DeleteDream(kept.order.folder)
