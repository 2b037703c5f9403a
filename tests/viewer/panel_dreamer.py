"""Somebody who dreams in the dream panel."""

from dataclasses import replace
from pathlib import Path

import moderngl
from panel_user import PanelUser, save_noise

from training.dream.dream_files import frame_path
from viewer.dream_actions import ChangeDream, StartDream
from viewer.dream_draft import DreamDraft
from viewer.journey_draft import JourneyDraft, Row
from viewer.panels.dream_state import DreamRunState, DreamState

SIZE = (32, 32)
# So short that it is over soon, and so long that it is not.
SHORT, LONG = 4, 3000


class Dreamer(PanelUser):
    """Has a picture to start from."""

    def __init__(self, context: moderngl.Context, folder: Path) -> None:
        super().__init__(context, folder, "dream")
        self.picture = save_noise(folder / "photo.png", 60, 60, random_seed=0)

    @property
    def panel(self) -> DreamState:
        self._textures.begin_frame(may_upload=True)
        return self.controller.dream.state(self._textures, self.shown.cross_pixels)

    @property
    def run(self) -> DreamRunState:
        assert self.panel.run is not None
        return self.panel.run

    def prepare(self, frames: int = SHORT, **changes: object) -> None:
        draft = DreamDraft(
            source="picture",
            picture=self.picture,
            journey=JourneyDraft((Row("start", frames),)),
            size_pixels=SIZE,
        )
        self.ask(ChangeDream(replace(draft, **changes)))  # type: ignore[arg-type]

    def dream(self, frames: int = SHORT) -> DreamRunState:
        """Start a dream, and wait for its first frames."""
        self.prepare(frames)
        self.ask(StartDream())
        self.poll_until(lambda: self.run.made_count >= min(frames, 3))
        return self.run


def frames_of(folder: Path, count: int) -> list[bytes]:
    return [frame_path(folder, index).read_bytes() for index in range(count)]
