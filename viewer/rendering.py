"""Pictures that tile and videos that loop, without a window.

A torus tiles by itself. A loop needs more: most automata never return to an earlier state. So the
last half of a loop is led back to where it began. A second run, the guide, starts so much before
the first picture that it arrives there when the loop ends. With the guide's own update masks, cells
are drawn towards the guide's, place by place along soft fronts, and the automaton heals the borders
as it heals a wound. Fading from picture to picture would show two patterns through each other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.display import picture
from exporters.errors import LichenError
from exporters.magnification import Picture, magnify
from exporters.picture_file import save_picture
from exporters.video import (
    SHORTEST_GIF_FRAME_MILLISECONDS,
    VIDEO_SUFFIXES,
    check_video_size,
    open_video,
)
from viewer.simulation import Simulation

STILL_SUFFIX = ".png"
RENDER_SUFFIXES = (STILL_SUFFIX, *VIDEO_SUFFIXES)
LARGEST_SIDE_PIXELS = 16_384
FEWEST_FRAMES = 2
LARGEST_FRAMES_PER_SECOND = 1000
LARGEST_GIF_FRAMES_PER_SECOND = 1000 // SHORTEST_GIF_FRAME_MILLISECONDS
# How many steps to make before a progress bar is told.
SLICE_STEPS = 10
# How large the places are that go over to the guide together.
PLACE_CELLS = 8
# The share of the way back in which one place goes over.
FRONT_SHARE = 0.3

State = NDArray[np.float32]
# Told each time how many more steps are done.
OnSteps = Callable[[int], None]


@dataclass(frozen=True)
class Rendering:
    """What to render: a still after the warm-up, or a loop of so many frames.

    `scale` is pixels a cell; without one, stills have one and videos are comfortably large.
    """

    path: Path
    warm_up_steps: int = 1000
    frames: int = 120
    steps_per_frame: int = 2
    frames_per_second: int = 30
    scale: int | None = None
    smooth: bool = False

    @property
    def is_still(self) -> bool:
        """Whether it is one picture rather than a video."""
        return self.path.suffix.lower() == STILL_SUFFIX

    @property
    def way_back_frames(self) -> int:
        """How many frames before its end a loop begins to turn back."""
        return self.frames // 2

    @property
    def steps(self) -> int:
        """All steps that rendering takes, those of the guide included."""
        if self.is_still:
            return self.warm_up_steps
        frames = self.frames + 2 * (self.way_back_frames - 1)
        return self.warm_up_steps + frames * self.steps_per_frame

    def check(self, width: int, height: int) -> None:
        """Find mistakes before any work is done. Raises LichenError."""
        suffix = self.path.suffix.lower()
        if suffix not in RENDER_SUFFIXES:
            endings = ", ".join(RENDER_SUFFIXES)
            raise LichenError(f"cannot write {self.path}: name a file that ends in {endings}.")
        if max(width, height) * (self.scale or 1) > LARGEST_SIDE_PIXELS:
            raise LichenError(
                f"{width}x{height} cells of {self.scale} pixels are too large; "
                f"a side can be {LARGEST_SIDE_PIXELS:,} pixels."
            )
        if self.scale is not None:
            check_video_size(self.path, width * self.scale, height * self.scale)
        if not self.is_still and self.frames < FEWEST_FRAMES:
            raise LichenError("a loop needs at least 2 frames; a still ends in .png.")
        if self.frames_per_second > LARGEST_FRAMES_PER_SECOND:
            raise LichenError(f"a video has at most {LARGEST_FRAMES_PER_SECOND:,} frames a second.")
        if suffix == ".gif" and self.frames_per_second > LARGEST_GIF_FRAMES_PER_SECOND:
            raise LichenError(
                f"browsers show a GIF at {LARGEST_GIF_FRAMES_PER_SECOND} frames a second at most."
            )


def render(simulation: Simulation, rendering: Rendering, on_steps: OnSteps) -> None:
    """Run a simulation and write the file, whole or not at all.

    Raises:
        LichenError: the rendering makes no sense, or the file cannot be written.
    """
    width, height, scale = simulation.width, simulation.height, rendering.scale
    rendering.check(width, height)
    if rendering.is_still:
        _advance(simulation, rendering.warm_up_steps, on_steps)
        still = magnify(simulation.read_picture(), scale or 1, rendering.smooth)
        save_picture(still, rendering.path)
        return
    rate, smooth = rendering.frames_per_second, rendering.smooth
    with open_video(rendering.path, width, height, rate, scale, smooth) as add_picture:
        _advance(simulation, rendering.warm_up_steps, on_steps)
        for frame in loop(simulation, rendering, on_steps):
            add_picture(frame)


def loop(simulation: Simulation, rendering: Rendering, on_steps: OnSteps) -> Iterator[Picture]:
    """The frames [h, w, 3] of a loop, from soon after the state that the simulation is in."""
    way_back, steps = rendering.way_back_frames, rendering.steps_per_frame
    guide, guide_step = simulation.read_state(), simulation.step_count
    _advance(simulation, way_back * steps, on_steps)
    yield simulation.read_picture()
    for _ in range(rendering.frames - way_back):
        _advance(simulation, steps, on_steps)
        yield simulation.read_picture()
    state = simulation.read_state()
    turns = _turns(simulation)
    for frame in range(1, way_back):
        guide = _resume(simulation, guide, guide_step, steps, on_steps)
        state = _resume(simulation, state, guide_step, steps, on_steps)
        guide_step += steps
        state += _pull(turns, frame / way_back) * (guide - state)
        yield picture(simulation.automaton, state)


def _advance(simulation: Simulation, steps: int, on_steps: OnSteps) -> None:
    for done in range(0, steps, SLICE_STEPS):
        count = min(SLICE_STEPS, steps - done)
        simulation.step(count)
        on_steps(count)


def _resume(
    simulation: Simulation, state: State, first_step: int, steps: int, on_steps: OnSteps
) -> State:
    """Advance a state [channels, h, w] with the update masks from `first_step` on."""
    simulation.write_state(state)
    simulation.step_count = first_step
    _advance(simulation, steps, on_steps)
    return simulation.read_state()


def _turns(simulation: Simulation) -> State:
    """When each cell's turn comes, from 0 to 1, alike in a place and its surroundings, [h, w]."""
    shape = (simulation.height, simulation.width)
    noise = np.random.default_rng(simulation.random_seed).standard_normal(shape)
    frequencies = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.fftfreq(shape[1])[None])
    blur = np.exp(-2 * (np.pi * PLACE_CELLS * frequencies) ** 2)
    blurred = np.fft.ifft2(np.fft.fft2(noise) * blur).real
    ranks = blurred.ravel().argsort().argsort().reshape(shape)
    turns: State = (ranks / max(1, ranks.max())).astype(np.float32)
    return turns


def _pull(turns: State, done: float) -> State:
    """How far each cell goes towards the guide in a frame, when so much of the way is done."""
    progress = (done * (1 + FRONT_SHARE) - turns) / FRONT_SHARE
    # A gentle start lets the automaton answer; a strong pull would show both patterns.
    pull: State = np.clip(progress, 0, 1) ** 3
    return pull
