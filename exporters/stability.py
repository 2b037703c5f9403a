"""Does an automaton hold? It is watched as it ages, from noise and after a wound.

Whoever asks brings a stepper, which runs the automaton on OpenGL, on torch or on anything else;
all the rest is numpy. Textures and growing forms are judged in modules of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.display import picture
from exporters.verdict import WORDS, Verdict, Word

State = NDArray[np.float32]
Picture = NDArray[np.uint8]

LARGEST_CLAMPED_SHARE = 0.01
# Beyond this a value has run away, where the automaton has no clamp.
LARGEST_VALUE = 100.0
STEPS_A_REPORT = 100
# One rollout's figure is off by chance: between these shares of its limit it says little. Above it
# the more, since of many looks the worst one tells.
NARROW_SHARES = (0.9, 1.25)
# What chance moves; an automaton that dies or blows up even once is unsound.
UNCERTAIN: tuple[Word, ...] = ("stable", "keeps scars", "drifts")


class Stepper(Protocol):
    """Runs one automaton on some backend."""

    def __call__(self, state: State, steps: int) -> State:
        """Advance a copy of a state [channels, h, w] by so many steps, with fresh masks."""
        ...


@dataclass(frozen=True)
class Watch:
    """How long to watch, on which grids; ages are counted in steps from the start.

    The first side is watched until it is old and wounded once it has settled; the others are
    watched until they have settled. Where a verdict is narrow, all of it is watched so many times
    as `rollouts_where_narrow` says.
    """

    sides_cells: tuple[int, ...]
    settled_steps: int
    old_steps: int
    healing_steps: int
    rollouts_where_narrow: int = 1

    def cell_updates(self, from_noise: bool) -> int:
        """What all rollouts cost together, in steps times cells; one may start from noise."""
        first, *others = (side * side for side in self.sides_cells)
        settling = sum(others) + (self.sides_cells[-1] ** 2 if from_noise else 0)
        return first * (self.old_steps + self.healing_steps) + settling * self.settled_steps

    @property
    def later_ages_steps(self) -> list[int]:
        """When the first side is looked at again: twice as old each time, until it is old."""
        ages: list[int] = []
        age = self.settled_steps
        while age < self.old_steps:
            age = min(2 * age, self.old_steps)
            ages.append(age)
        return ages


@dataclass(frozen=True)
class Moment:
    """What is under watch just now; `completed` is the share of the whole work, 0 to 1."""

    start: str
    side_cells: int
    steps: int
    completed: float

    def __str__(self) -> str:
        """Where it comes from, and how old it is."""
        return _place(self.start, self.side_cells, self.steps)


OnMoment = Callable[[Moment], None]


@dataclass(frozen=True)
class Finding:
    """One look at one rollout; a `share_of_limit` above 1, or none at all, is the symptom.

    Of several rollouts it is the middle one, by that share.
    """

    start: str
    side_cells: int
    steps: int
    symptom: Word
    share_of_limit: float
    figure: str
    rollouts: int = 1

    @property
    def is_sound(self) -> bool:
        """Whether it keeps within the limit; what is no number does not."""
        return self.share_of_limit <= 1

    def __str__(self) -> str:
        """The figure, and where and when it was taken."""
        middle = f", the middle of {self.rollouts} rollouts" if self.rollouts > 1 else ""
        return f"{self.figure} ({_place(self.start, self.side_cells, self.steps)}{middle})"


class NothingLeft(Exception):
    """A grid has blown up or died: nothing more can be learnt from it."""


@dataclass
class Examination:
    """What is found out about one automaton; `skipped` says what does not apply to it.

    `cell_updates` is the whole work, in steps times cells, and `updates_done` what is behind.
    `aged_states` are those of the longest rollout once it had settled, each [channels, h, w].
    """

    automaton: Automaton
    stepper: Stepper
    cell_updates: int
    on_moment: OnMoment = lambda moment: None
    updates_done: int = 0
    findings: list[Finding] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    aged_states: list[State] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """What the decisive finding says."""
        steps = max(finding.steps for finding in self.findings)
        decisive = self._decisive
        word = "stable" if decisive.is_sound else decisive.symptom
        return Verdict(word, str(decisive), steps)

    @property
    def is_narrow(self) -> bool:
        """Whether another rollout might well say otherwise."""
        low, high = NARROW_SHARES
        return self.verdict.word in UNCERTAIN and low <= self._decisive.share_of_limit <= high

    @property
    def _decisive(self) -> Finding:
        """The worst symptom, or else the figure that came closest to its limit."""
        unsound = [finding for finding in self.findings if not finding.is_sound]
        if unsound:
            return max(unsound, key=lambda each: (WORDS.index(each.symptom), each.share_of_limit))
        return max(self.findings, key=lambda finding: finding.share_of_limit)


def middle_of(examinations: list[Examination]) -> Examination:
    """The last of several examinations of one automaton, with the middle one of each finding.

    Where it died or blew up in any of them, that one tells.
    """
    for examination in examinations:
        if examination.verdict.word not in UNCERTAIN:
            return examination
    looks: dict[tuple[str, int, int, Word], list[Finding]] = {}
    for finding in (finding for each in examinations for finding in each.findings):
        look = finding.start, finding.side_cells, finding.steps, finding.symptom
        looks.setdefault(look, []).append(finding)
    middle = [
        replace(
            sorted(found, key=lambda each: each.share_of_limit)[len(found) // 2],
            rollouts=len(found),
        )
        for found in looks.values()
    ]
    return replace(examinations[-1], findings=middle)


@dataclass
class Rollout:
    """One grid under watch; `start` says in words where it comes from."""

    examination: Examination
    start: str
    state: State
    age: int = 0

    @property
    def picture(self) -> Picture:
        """What it shows now, [h, w, 3]."""
        return picture(self.examination.automaton, self.state)

    def branch(self, start: str, state: State) -> "Rollout":
        """Another rollout that goes on from a changed state, with an age of its own."""
        return Rollout(self.examination, start, state)

    def advance_to(self, age: int) -> None:
        """Run until it is so old, and look at its vital signs.

        Raises:
            NothingLeft: it has blown up; that is noted.
        """
        examination = self.examination
        _, height, width = self.state.shape
        while self.age < age:
            steps = min(STEPS_A_REPORT, age - self.age)
            share = examination.updates_done / examination.cell_updates
            examination.on_moment(Moment(self.start, width, self.age, share))
            self.state = examination.stepper(self.state, steps)
            self.age += steps
            examination.updates_done += steps * height * width
            self._check_finite()
        clamped = _clamped_share(self.examination.automaton, self.state)
        self.note(
            "blows up", clamped / LARGEST_CLAMPED_SHARE, f"{clamped:.1%} of cells at the clamp"
        )

    def note(self, symptom: Word, share_of_limit: float, figure: str) -> Finding:
        """Keep a figure, sound or not."""
        side = self.state.shape[2]
        finding = Finding(self.start, side, self.age, symptom, share_of_limit, figure)
        self.examination.findings.append(finding)
        return finding

    def _check_finite(self) -> None:
        largest = float(np.abs(self.state).max())
        share = largest / LARGEST_VALUE
        if not share <= 1:
            self.note("blows up", share, f"values reach {largest:.3g}")
            raise NothingLeft


def _place(start: str, side_cells: int, steps: int) -> str:
    return f"{start}, {side_cells}x{side_cells}, {steps:,} steps"


def _clamped_share(automaton: Automaton, state: State) -> float:
    """Share of cells with any channel at the clamp."""
    if automaton.clamp is None:
        return 0.0
    low, high = np.array(automaton.clamp, np.float32)
    return float(((state <= low) | (state >= high)).any(axis=0).mean())
