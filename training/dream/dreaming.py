"""The loop of a dream: move forward, keep the colours, re-imagine, and find the way home."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.dream.camera import Picture, View, look_ahead, move_forward
from training.dream.dreamer import Dreamer
from training.dream.journey import FrameSettings, Journey
from training.dream.loops import Portal, homeward_strength, mix_weight
from training.dream.palette import Palette, match_palette

JITTER_PIXELS = 0.5

# As they are shown and kept: [height, width, 3].
Frame = NDArray[np.uint8]


class Dreaming:
    """Makes frame after frame; each depends on the one before and on nothing else that was.

    Frames are rounded to bytes as they are made, so that whoever has kept one as a picture can go
    on from it to the same dream.
    """

    def __init__(self, journey: Journey, start: Frame, dreamer: Dreamer) -> None:
        """`start` is frame 0, [height, width, 3]."""
        self.journey = journey
        self._start = to_picture(start)
        self._dreamer = dreamer
        self._palette = Palette.of(self._start)
        self._size = start.shape[1], start.shape[0]
        self._portal = Portal(self._start, journey.random_seed)
        self._views = [self._view(index) for index in range(1, journey.frame_count + 1)]
        self._ways_home = _ways_home(self._views)

    def frames(self, previous: Frame, index: int) -> Iterator[Frame]:
        """The frames from `index` on, `previous` being the one before.

        The last has the index `journey.frame_count`; of a loop it is frame 0 again.
        """
        for later in range(index, self.journey.frame_count + 1):
            previous = self.next_frame(previous, later)
            yield previous

    def next_frame(self, previous: Frame, index: int) -> Frame:
        """Frame `index`, 1 to frame_count, from the one before."""
        settings = self._settings(index)
        jitter = np.random.default_rng((settings.random_seed, index)).uniform(-1, 1, 2)
        picture = move_forward(
            to_picture(previous), self._views[index - 1], tuple((JITTER_PIXELS * jitter).tolist())
        )
        completed = index / self.journey.frame_count
        if self.journey.loop == "mix":
            weight = np.float32(mix_weight(completed))
            picture = picture + weight * (self._start - picture)
            settings = replace(settings, strength=homeward_strength(settings.strength, completed))
        picture = match_palette(picture, self._palette, settings.palette_match)
        if self.journey.loop == "portal":
            picture = self._portal.foreshadow(picture, self._ways_home[index], completed)
        picture = self._dreamer.dream(picture, settings)
        if self.journey.loop == "portal":
            picture = self._portal.place(picture, self._ways_home[index], completed)
        return to_frame(picture)

    def _settings(self, index: int) -> FrameSettings:
        return self.journey.frame(min(index, self.journey.frame_count - 1))

    def _view(self, index: int) -> View:
        settings = self._settings(index)
        return look_ahead(
            self._size, settings.zoom, settings.vanishing_point, settings.rotation_degrees
        )


def to_picture(frame: Frame) -> Picture:
    """Bytes [h, w, 3] as numbers from 0 to 1."""
    return frame.astype(np.float32) / np.float32(255)


def to_frame(picture: Picture) -> Frame:
    """The opposite, rounded."""
    return np.asarray(np.clip(picture, 0, 1) * 255 + 0.5, np.uint8)


def _ways_home(views: list[View]) -> list[View]:
    """For each frame, from 0 on, the map from its places to those of the last one."""
    ways: list[View] = [np.eye(3)]
    for view in reversed(views):
        ways.append(ways[-1] @ np.linalg.inv(view))
    return ways[::-1]
