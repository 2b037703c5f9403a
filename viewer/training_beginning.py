"""An automaton whose weights a training can begin with, as `lichen train --from` does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exporters.automaton import Automaton
from training.plan import FORM_FILTER_SCALES

# What a training makes; an automaton of another making may be none of these.
Kind = Literal["a texture", "a living filter", "a growing form"]


@dataclass(frozen=True)
class Beginning:
    """What of an automaton file decides which trainings can go on from it.

    `channels` are those that it writes, `kind` is None where no training makes the like.
    """

    path: Path
    channels: int
    hidden: int
    kind: Kind | None

    @staticmethod
    def of(path: Path, automaton: Automaton) -> "Beginning":
        """The automaton that lies at a path."""
        return Beginning(path, automaton.own_channels, automaton.hidden, _kind(automaton))

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.stem

    def misfit(self, kind: Kind) -> str:
        """Why a training that makes this cannot go on from it, or nothing where it can."""
        if self.kind is None:
            return f"{self.name} sees with other filters than what is trained here."
        if self.kind != kind:
            return f"{self.name} is {self.kind}, and what is learnt here becomes {kind}."
        return ""


def _kind(automaton: Automaton) -> Kind | None:
    if automaton.alive_masking:
        is_usual = automaton.filter_scales == FORM_FILTER_SCALES and not automaton.content_channels
        return "a growing form" if is_usual else None
    if automaton.filter_scales != (1.0, 1.0, 1.0, 1.0):
        return None
    return "a living filter" if automaton.content_channels else "a texture"
