"""Keyframe schedules in Deforum's syntax: `0: (1.02), 60: (1.02+0.02*sin(2*pi*t/30))`."""

import re
from bisect import bisect_right

from exporters.errors import LichenError
from training.dream.formula import Formula

# The frame that is asked for, and how many there are in all.
NAMES = ("t", "max_f")
LONGEST_TEXT = 20_000
KEYFRAME = re.compile(r"\s*(\d{1,9})\s*:\s*")


class Schedule:
    """One number for every frame.

    As in Deforum, frames between two plain numbers are interpolated, and a formula holds from its
    keyframe to the next; before the first keyframe and after the last its value counts.
    """

    def __init__(self, text: str | float) -> None:
        """Read a schedule, or take one number for all frames.

        Raises:
            LichenError: it is no schedule; the sentence says where it goes wrong.
        """
        self.text = f"{text}"
        if len(self.text) > LONGEST_TEXT:
            raise LichenError(
                f"a schedule has {len(self.text)} characters; {LONGEST_TEXT:,} are the most."
            )
        self._formulas = _read(self.text)
        self._keyframes = sorted(self._formulas)

    def at(self, frame: int, frame_count: int) -> float:
        """The value at a frame, counted from 0. Raises LichenError where it is not finite."""
        place = max(bisect_right(self._keyframes, frame) - 1, 0)
        here = self._keyframes[place]
        formula = self._formulas[here]
        value = formula({"t": frame, "max_f": frame_count})
        if place + 1 == len(self._keyframes) or frame <= here or not formula.is_number:
            return value
        following = self._keyframes[place + 1]
        end = self._formulas[following]({"t": following, "max_f": frame_count})
        return value + (end - value) * (frame - here) / (following - here)


def _read(text: str) -> dict[int, Formula]:
    if ":" not in text:
        return {0: Formula(text, NAMES)}
    formulas: dict[int, Formula] = {}
    end = 0
    while end < len(text):
        match = KEYFRAME.match(text, end)
        if match is None:
            raise LichenError(
                f"the schedule {_shown(text)} should go on with a frame and a colon, "
                f"as in '0: (1.02), 60: (1.05)' (at character {end + 1})."
            )
        keyframe = int(match[1])
        if keyframe in formulas:
            raise LichenError(f"the schedule {_shown(text)} names frame {keyframe} twice.")
        formula, end = _formula_until_comma(text, match.end())
        formulas[keyframe] = formula
    return formulas


def _formula_until_comma(text: str, start: int) -> tuple[Formula, int]:
    """The formula that begins at `start`, and where the next keyframe does."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth < 0:
            raise LichenError(
                f"the schedule {_shown(text)} closes a bracket that was never opened "
                f"(at character {place + 1})."
            )
        if text[place] == "," and depth == 0:
            return Formula(text[start:place], NAMES), place + 1
    if depth:
        raise LichenError(f"the schedule {_shown(text)} leaves a bracket open at its end.")
    return Formula(text[start:], NAMES), len(text)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
