"""A dream that is being prepared: where it begins, its journey, and who dreams it."""

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from exporters.errors import LichenError
from exporters.gallery import find_entry, named_entries
from training.dream.diffusers_options import DiffusersOptions
from training.dream.dream_files import order_path
from training.dream.order import AutomatonTouch, Backend, DreamOrder
from training.dream.own_options import OwnOptions
from training.dream.writing_order import WritingMode
from viewer.dream_pictures import START
from viewer.journey_draft import MODEL_VALUES, PATCH_VALUES, JourneyDraft

SMALLEST_SIDE_PIXELS, LARGEST_SIDE_PIXELS = 32, 2048
SUITING = {"patch": PATCH_VALUES, "diffusers": MODEL_VALUES, "own": MODEL_VALUES}

USUAL_SIZES: dict[Backend, tuple[int, int]] = {
    "patch": (256, 256),
    # What most models were trained on.
    "diffusers": (512, 512),
    "own": (256, 256),
}
# What a new stage begins with: only the patch dreamer knows what "start" is.
USUAL_PROMPTS: dict[Backend, str] = {"patch": START, "diffusers": "", "own": ""}

SourceKind = Literal["grid", "picture", "prompt"]


@dataclass(frozen=True)
class DreamDraft:
    """Becomes an order once the user starts it.

    `picture` is the file to begin with where `source` says so. `first` is the place, row and
    column, of the picture chosen from the contact sheet. `writer` is a language model that goes on
    with the prompts, or varies them.
    """

    source: SourceKind = "grid"
    picture: Path | None = None
    first: tuple[int, int] | None = None
    journey: JourneyDraft = JourneyDraft()
    size_pixels: tuple[int, int] = USUAL_SIZES["patch"]
    backend: Backend = "patch"
    model: str = ""
    download: bool = False
    own_model: Path | None = None
    touch: AutomatonTouch | None = None
    writer: str = ""
    writing_mode: WritingMode = "continue"

    @property
    def name(self) -> str:
        """What the dream will be called: by its picture, or by its first prompt.

        Where the picture is the frame of another dream, by that one.
        """
        if self.source == "picture" and self.picture is not None:
            folder = self.picture.parent
            return folder.name if order_path(folder).exists() else self.picture.stem
        return Path(self.journey.rows[0].prompt).stem

    @property
    def can_imagine(self) -> bool:
        """Whether the dreamer can begin with words alone."""
        return self.backend != "patch"

    def complaint(self) -> str:
        """Why it cannot start yet, or nothing."""
        if self.source == "picture" and self.picture is None:
            return "choose the picture to begin with."
        if self.source == "prompt" and not self.can_imagine:
            return "the patch dreamer cannot begin with words; choose a picture or the grid."
        if self.backend == "diffusers" and not self.model:
            return "choose a diffusion model: a folder, a file or a name on the hub."
        if self.backend == "own" and self.own_model is None:
            return "choose a model of yours; 'lichen train-dreamer FOLDER' makes one."
        return ""

    def row_complaint(self, place: int, automata: Collection[str]) -> str:
        """What is wrong with one row of the journey, or nothing; `automata` are their names."""
        row = self.journey.rows[place]
        try:
            row.stage()
        except LichenError as error:
            return str(error)
        if self.backend == "patch" and not names_a_picture(row.prompt, automata):
            return "names no picture file, folder or automaton; choose one from the list."
        return ""

    def order(self, folder: Path) -> DreamOrder:
        """The order for it. Raises LichenError for what no dreamer could follow."""
        complaint = self.complaint()
        if complaint:
            raise LichenError(complaint)
        for place in range(len(self.journey.rows)):
            if complaint := self.row_complaint(place, named_entries()):
                raise LichenError(f"row {place + 1} {complaint}")
        return DreamOrder(
            folder=folder,
            journey=self.journey.journey(),
            source=str(self.picture) if self.source == "picture" else None,
            size_pixels=self.size_pixels,
            backend=self.backend,
            diffusers=DiffusersOptions(model=self.model, download=self.download),
            own=OwnOptions(model=self.own_model),
            touch=self.touch and _with_file(self.touch),
        )

    def dreamt_by(self, backend: Backend) -> "DreamDraft":
        """The same dream by another dreamer, with what suits that one."""
        journey = self.journey.suited(SUITING[self.backend], SUITING[backend])
        before, after = USUAL_PROMPTS[self.backend], USUAL_PROMPTS[backend]
        rows = tuple(
            replace(row, prompt=after) if row.prompt == before else row for row in journey.rows
        )
        is_usual = self.size_pixels == USUAL_SIZES[self.backend]
        return replace(
            self,
            backend=backend,
            journey=replace(journey, rows=rows),
            size_pixels=USUAL_SIZES[backend] if is_usual else self.size_pixels,
        )


def names_a_picture(prompt: str, automata: Collection[str]) -> bool:
    """Whether the patch dreamer knows what a prompt names; nothing is opened to find out."""
    if prompt == START or prompt in automata:
        return True
    return os.path.isdir(prompt) or os.path.isfile(prompt)


def _with_file(touch: AutomatonTouch) -> AutomatonTouch:
    """The worker knows files, not names."""
    return replace(touch, automaton=find_entry(str(touch.automaton)).path)
