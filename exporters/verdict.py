"""What the stability check says of an automaton, in one word and one reason."""

from dataclasses import dataclass
from typing import Literal, get_args

from exporters.errors import LichenError

# From the best to the worst; docs/TRAINING.md says what each of them means.
Word = Literal["stable", "keeps scars", "drifts", "dies", "blows up"]
WORDS: tuple[Word, ...] = get_args(Word)


@dataclass(frozen=True)
class Verdict:
    """One of WORDS, the figure behind it as a phrase, and how many steps were watched."""

    word: Word
    reason: str
    steps: int

    def __post_init__(self) -> None:
        """Raises LichenError for a word that is none of WORDS."""
        if self.word not in WORDS:
            raise LichenError(f"the verdict {self.word!r} is unknown; use one of {WORDS}.")

    @property
    def is_sound(self) -> bool:
        """Whether the automaton can be left running."""
        return self.word == "stable"

    def __str__(self) -> str:
        return f"{self.word}: {self.reason}"
