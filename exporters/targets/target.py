"""What an export target is: its name, what it can hold, and the function that writes its files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.targets.plain_text import one_line

# Path within the export, with "/" between its parts, and what the file holds.
Files = dict[str, bytes]

SMALLEST_SIDE_CELLS, LARGEST_SIDE_CELLS = 16, 4096


@dataclass(frozen=True)
class ExportOptions:
    """What may be chosen about an export; a target reads those that it names in its `options`."""

    grid: tuple[int, int] = (256, 256)
    """Cells, width and height."""
    steps_per_frame: int = 1
    random_seed: int = 0

    def __post_init__(self) -> None:
        """Raises LichenError for a number that no host could use."""
        if not all(SMALLEST_SIDE_CELLS <= side <= LARGEST_SIDE_CELLS for side in self.grid):
            raise LichenError(
                f"a grid of {self.grid[0]}x{self.grid[1]} is out of range; "
                f"each side can be {SMALLEST_SIDE_CELLS} to {LARGEST_SIDE_CELLS} cells."
            )
        if not 1 <= self.steps_per_frame <= 64:
            raise LichenError(f"{self.steps_per_frame} steps a frame are outside 1 to 64.")
        if not 0 <= self.random_seed < 2**32:
            raise LichenError(f"the random seed {self.random_seed} is outside 0 to 2^32 - 1.")


@dataclass(frozen=True)
class Target:
    """A place that automata can be exported to; `docs/EXPORT.md` has a paragraph on each."""

    name: str
    title: str
    summary: str
    export: Callable[[Sequence[Automaton], ExportOptions], Files]
    """Pure and deterministic. One file, of any name, where there is a `suffix`."""
    suffix: str = ""
    """What the one file ends in; a target without it fills a folder."""
    opens: str = ""
    """Which file of a folder to show; empty for the folder itself."""
    largest_channels: int = 16
    alive_masking: bool = True
    several_automata: bool = False
    options: tuple[str, ...] = field(default=())
    """The fields of ExportOptions that make a difference."""

    def check(self, automata: Sequence[Automaton]) -> None:
        """Raises LichenError where the target cannot hold these automata."""
        if not automata:
            raise LichenError("name at least one automaton to export.")
        if len(automata) > 1 and not self.several_automata:
            raise LichenError(
                f"{self.title} holds one automaton, not {len(automata)}; export one at a time."
            )
        for automaton in automata:
            if automaton.channels > self.largest_channels:
                raise LichenError(
                    f"{self.title} holds at most {self.largest_channels} channels, "
                    f"{one_line(automaton.name)} has {automaton.channels}; train a smaller one."
                )
            if automaton.alive_masking and not self.alive_masking:
                raise LichenError(
                    f"{self.title} cannot hold alive masking, which {one_line(automaton.name)} "
                    "needs; choose another target."
                )
