"""A journey: prompts that follow each other, and how the camera and the dreamer move meanwhile.

Pure Python. Frames are counted from 0; the dreamer turns frame i - 1 into frame i with the
settings of frame i.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal, get_args

from exporters.errors import LichenError
from training.dream.schedule import Schedule

SeedMode = Literal["fixed", "step", "random"]
Loop = Literal["portal", "mix", "none"]

MOST_FRAMES = 100_000
LONGEST_PROMPT = 2_000
# What each schedule may give.
RANGES = {
    "zoom": (1.0, 2.0),
    "vanishing_x": (0.0, 1.0),
    "vanishing_y": (0.0, 1.0),
    "rotation_degrees": (-90.0, 90.0),
    "strength": (0.0, 1.0),
    "guidance": (0.0, 50.0),
    "palette_match": (0.0, 1.0),
}


@dataclass(frozen=True)
class Stage:
    """So many frames under one prompt."""

    prompt: str
    frames: int

    def __post_init__(self) -> None:
        """Raises LichenError for a prompt or a number that no journey could use."""
        if not 1 <= self.frames <= MOST_FRAMES:
            raise LichenError(
                f"a stage takes 1 to {MOST_FRAMES:,} frames, not {self.frames:,}; "
                f"change that of {_shown(self.prompt)}."
            )
        check_prompt(self.prompt)


@dataclass(frozen=True)
class FrameSettings:
    """All that one frame is made with.

    `prompts` are prompts with their weights, which sum to 1; `vanishing_point` is a share of width
    and height from the top left corner; `strength` is 0 for the zoomed frame itself and 1 for a
    new picture. `index` of `frame_count` frames is what a dreamer's own schedules are read at.
    """

    prompts: tuple[tuple[str, float], ...]
    zoom: float
    vanishing_point: tuple[float, float]
    rotation_degrees: float
    strength: float
    guidance: float
    palette_match: float
    random_seed: int
    negative_prompt: str = ""
    index: int = 0
    frame_count: int = 1


@dataclass(frozen=True)
class Journey:
    """Where a dream goes; what changes along the way is a schedule (`training.dream.schedule`)."""

    stages: tuple[Stage, ...]
    zoom: str = "1.02"
    vanishing_x: str = "0.5"
    vanishing_y: str = "0.5"
    rotation_degrees: str = "0"
    strength: str = "0.4"
    guidance: str = "7"
    palette_match: str = "0.3"
    fade_frames: int = 6
    negative_prompt: str = ""
    random_seed: int = 0
    seed_mode: SeedMode = "step"
    loop: Loop = "none"

    def __post_init__(self) -> None:
        """Raises LichenError for whatever no dreamer could follow, at any frame."""
        if not self.stages:
            raise LichenError("a journey needs at least one stage, as [prompt, frames].")
        if self.frame_count > MOST_FRAMES:
            raise LichenError(
                f"a journey has {self.frame_count:,} frames; {MOST_FRAMES:,} are the most."
            )
        if not 0 <= self.fade_frames <= MOST_FRAMES:
            raise LichenError(f"a fade takes 0 to {MOST_FRAMES:,} frames, not {self.fade_frames}.")
        if not 0 <= self.random_seed < 2**32:
            raise LichenError(f"the random seed {self.random_seed} is outside 0 to 2^32 - 1.")
        for name, kind in (("seed_mode", SeedMode), ("loop", Loop)):
            known = get_args(kind)
            if getattr(self, name) not in known:
                shown = name.replace("_", " ")
                raise LichenError(f"the {shown} must be one of {', '.join(known)}.")
        check_prompt(self.negative_prompt)
        for name in RANGES:
            self._check_schedule(name)

    @cached_property
    def frame_count(self) -> int:
        """Frames in all; frame 0, the picture that it starts from, is among them."""
        return sum(stage.frames for stage in self.stages)

    def frame(self, index: int) -> FrameSettings:
        """The settings of a frame, 0 to frame_count - 1."""
        values = {
            name: schedule.at(index, self.frame_count) for name, schedule in self._schedules.items()
        }
        vanishing_point = values.pop("vanishing_x"), values.pop("vanishing_y")
        return FrameSettings(
            prompts=self.prompt_weights(index),
            vanishing_point=vanishing_point,
            random_seed=self._seed(index),
            negative_prompt=self.negative_prompt,
            index=index,
            frame_count=self.frame_count,
            **values,
        )

    def prompt_weights(self, index: int) -> tuple[tuple[str, float], ...]:
        """The prompts of a frame with their weights, which sum to 1.

        A new prompt fades in over the first `fade_frames` of its stage. Where the journey loops,
        the last frames fade to the first prompt in the same way.
        """
        stages = self.stages
        starts = [0, *accumulate(stage.frames for stage in stages[:-1])]
        place = bisect_right(starts, index) - 1
        stage, into_stage = stages[place], index - starts[place]
        share = min(1.0, (into_stage + 1) / (self.fade_frames + 1)) if place else 1.0
        weights = {stage.prompt: share}
        if share < 1:
            _add(weights, stages[place - 1].prompt, 1 - share)
        homeward = self._homeward(index)
        if homeward:
            weights = {prompt: weight * (1 - homeward) for prompt, weight in weights.items()}
            _add(weights, stages[0].prompt, homeward)
        return tuple(weights.items())

    def _homeward(self, index: int) -> float:
        """How far a looping journey has faded back to its first prompt."""
        if self.loop == "none":
            return 0.0
        left = self.frame_count - index
        return max(0.0, 1 - left / (self.fade_frames + 1))

    def _seed(self, index: int) -> int:
        if self.seed_mode == "fixed":
            return self.random_seed
        if self.seed_mode == "step":
            return (self.random_seed + index) % 2**32
        return random.Random(f"{self.random_seed} {index}").randrange(2**32)

    @cached_property
    def _schedules(self) -> dict[str, Schedule]:
        return {name: _read(name, getattr(self, name)) for name in RANGES}

    def _check_schedule(self, name: str) -> None:
        low, high = RANGES[name]
        shown = name.replace("_", " ")
        for index in range(self.frame_count):
            value = self._schedules[name].at(index, self.frame_count)
            if not low <= value <= high:
                raise LichenError(
                    f"the {shown} of frame {index} is {value:g}; "
                    f"it must be from {low:g} to {high:g}."
                )


def check_prompt(prompt: str) -> None:
    """Raise LichenError for a prompt that is longer than any model reads."""
    if len(prompt) > LONGEST_PROMPT:
        raise LichenError(
            f"a prompt has {len(prompt):,} characters; {LONGEST_PROMPT:,} are the most: "
            f"shorten {_shown(prompt)}."
        )


def _read(name: str, text: str) -> Schedule:
    try:
        return Schedule(text)
    except LichenError as error:
        raise LichenError(f"the {name.replace('_', ' ')} cannot be read: {error}") from None


def _add(weights: dict[str, float], prompt: str, weight: float) -> None:
    weights[prompt] = weights.get(prompt, 0.0) + weight


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
