"""The style panel: choose two pictures, follow the painting, and come back to earlier ones."""

from collections.abc import Iterator

from imgui_bundle import imgui

from viewer.actions import Action
from viewer.panels.extras import draw_extra
from viewer.panels.kept import draw_kept
from viewer.panels.state import PanelState
from viewer.panels.stylize_options import StylizeOptionsPart
from viewer.panels.stylize_run import StylizeRunPart
from viewer.panels.stylize_slots import SlotsPart
from viewer.panels.stylize_state import StylizeState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import heading, main_button, quiet_text, same_line_right, title
from viewer.stylize_actions import DeletePainting, OpenPainting, StartPainting

BUTTON_EMS = 7.0


class StylizePart:
    """Draws the panel, in whichever of its states it is."""

    def __init__(self) -> None:
        self.slots = SlotsPart()
        self.run = StylizeRunPart()
        self._options = StylizeOptionsPart()

    def draw(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        """Draw the panel; gives what the user asked for."""
        painting = state.stylizing
        if painting.run is not None:
            yield from self.run.draw(painting, painting.run, fonts)
            return
        title(fonts, "Style")
        if not state.train.is_installed:
            quiet_text("One picture in the manner of another, painted by what training needs too.")
            yield from draw_extra(state.train)
            return
        same_line_right(em(BUTTON_EMS))
        hint = painting.missing or "Paint the picture in that manner"
        if main_button(f"{Icon.PLAY}  Paint", hint, em(BUTTON_EMS)):
            yield StartPainting()
        quiet_text("One picture in the manner of another.")
        yield from self.slots.draw(painting, fonts)
        yield from self._options.draw(painting, fonts)
        yield from _draw_earlier(painting, fonts)


def _draw_earlier(painting: StylizeState, fonts: Fonts) -> Iterator[Action]:
    if not painting.earlier:
        return
    heading(fonts, "Earlier paintings")
    for place, kept in enumerate(painting.earlier):
        imgui.push_id(f"earlier {place}")
        told = "" if kept.is_finished else "unfinished"
        match draw_kept(kept.name, told, "Delete the painting"):
            case "open":
                yield OpenPainting(kept.order.folder)
            case "delete":
                yield DeletePainting(kept.order.folder)
        imgui.pop_id()
