"""Somebody who paints in the style panel."""

from pathlib import Path

import moderngl
from fake_stylize_worker import FIRST_ITERATIONS, SIZE
from panel_user import PanelUser, save_noise

from viewer.panels.stylize_state import StylizeRunState, StylizeState
from viewer.picture_textures import PixelTextures
from viewer.stylize_actions import ChangePainting, FillSlot, StartPainting
from viewer.stylize_draft import StylizeDraft

ITERATIONS = 7


class Painter(PanelUser):
    """Has a photo and a weave to paint with."""

    def __init__(self, context: moderngl.Context, folder: Path) -> None:
        super().__init__(context, folder, "style")
        self.photo, self.weave = self.picture("photo", 0), self.picture("weave", 1)
        self._slots = PixelTextures(context)

    def picture(self, name: str, random_seed: int) -> Path:
        return save_noise(self.folder / f"{name}.png", 48, 36, random_seed)

    @property
    def panel(self) -> StylizeState:
        self._textures.begin_frame(may_upload=True)
        return self.controller.painting.state(self._slots, self._textures)

    @property
    def run(self) -> StylizeRunState:
        assert self.panel.run is not None
        return self.panel.run

    @property
    def names(self) -> tuple[str, str]:
        return self.panel.slot("content").name, self.panel.slot("style").name

    def fill(self) -> None:
        self.ask(FillSlot(self.photo, "content"), FillSlot(self.weave, "style"))
        self.poll_until(lambda: self.names == ("photo", "weave"))

    def paint(self, network: str = "", iterations: int = ITERATIONS) -> Path:
        """Start a painting, and wait until there is something to see."""
        self.fill()
        self.ask(ChangePainting(StylizeDraft(network=network, iterations=str(iterations))))
        self.ask(StartPainting())
        self.poll_until(lambda: self.panel.run is not None and self.shown.picture is not None)
        self.poll_until(lambda: self.run.has_ended or self.grey() >= FIRST_ITERATIONS)
        return self.run.folder

    def grey(self) -> int:
        """The iteration that the view shows, 0 for none."""
        picture = self.shown.picture
        is_plain = picture is not None and picture.shape == (*SIZE[::-1], 3)
        return int(picture[0, 0, 0]) if picture is not None and is_plain else 0
