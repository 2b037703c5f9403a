"""First pictures to choose from, all of one prompt: free of torch."""

from dataclasses import dataclass, field
from pathlib import Path

from exporters.errors import LichenError
from training.dream.diffusers_options import DiffusersOptions, check_guidance, check_random_seed
from training.dream.journey import check_prompt

MOST_PICTURES = 100


@dataclass(frozen=True)
class ContactSheetOrder:
    """A picture for every seed, one a column, with every guidance, one a row.

    They lie in the folder as `training.dream.dream_files.sheet_path` says.
    """

    folder: Path
    prompt: str
    negative_prompt: str = ""
    size_pixels: tuple[int, int] = (512, 512)
    diffusers: DiffusersOptions = field(default_factory=DiffusersOptions)
    seeds: tuple[int, ...] = (0, 1, 2, 3)
    guidances: tuple[float, ...] = (4.0, 7.0, 10.0)

    def __post_init__(self) -> None:
        """Raises LichenError for a sheet that could not be made."""
        check_prompt(self.prompt)
        check_prompt(self.negative_prompt)
        if not 1 <= len(self.seeds) * len(self.guidances) <= MOST_PICTURES:
            raise LichenError(
                f"a contact sheet takes 1 to {MOST_PICTURES} pictures, seeds times guidances."
            )
        for random_seed in self.seeds:
            check_random_seed(random_seed)
        for guidance in self.guidances:
            check_guidance(guidance)
