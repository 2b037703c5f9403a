"""Preparing a dream in the window: its draft, first pictures, prompts, files, and its folder."""

import shutil
from dataclasses import replace
from pathlib import Path

from PIL import Image

from exporters.errors import LichenError
from training.dream.dream_files import frame_path, source_path
from training.dream.journey_file import load_journey, save_journey
from training.dream.order import DreamOrder
from training.dream.order_file import save_order
from viewer import dream_actions as asked
from viewer.dream_actions import DreamAction
from viewer.dream_draft import DreamDraft
from viewer.dream_helpers import DreamHelpers
from viewer.dream_runs import delete_dream, new_dream_folder
from viewer.exporting import export_folder, free_place
from viewer.file_dialogs import (
    JOURNEY_FILTERS,
    JOURNEY_SUFFIXES,
    MODEL_FILTERS,
    WRITER_FILTERS,
    FileDialogs,
)
from viewer.journey_draft import JourneyDraft
from viewer.stage import Stage
from viewer.training_runs import safe_name


class DreamPlanning:
    """Carries out what is asked of a dream before it begins.

    Attributes:
        draft: the choices so far.
        helpers: what imagines first pictures and writes prompts.
    """

    def __init__(self, stage: Stage) -> None:
        self.draft = DreamDraft()
        self.helpers = DreamHelpers()
        self._stage = stage
        self._dialogs: FileDialogs[DreamAction] = FileDialogs()

    @property
    def picture(self) -> Path | None:
        """The file that the dream would begin with; None for the grid, and before one is chosen."""
        draft = self.draft
        if draft.source == "prompt" and draft.first is not None:
            return self.helpers.sheet_picture(*draft.first)
        return draft.picture if draft.source == "picture" else None

    def apply(self, action: DreamAction) -> str | None:
        """Do what an action asks for; the text is to be told to the user.

        Raises:
            LichenError: it cannot be done.
        """
        match action:
            case asked.ChangeDream(draft):
                self.draft = draft
            case asked.AimAt(x, y):
                aim = {"vanishing_x": f"{x:.3f}", "vanishing_y": f"{y:.3f}"}
                self.draft = replace(self.draft, journey=self.draft.journey.with_schedules(aim))
            case asked.TakeFile(path):
                return self._take_file(path)
            case asked.SaveJourney():
                return self._save_journey()
            case asked.ImagineFirst():
                self.draft = replace(self.draft, first=None)
                self.helpers.imagine(self.draft)
            case asked.ChooseFirst(row, column):
                self.draft = replace(self.draft, first=(row, column))
            case asked.WritePrompts():
                self.helpers.write(self.draft)
            case asked.StopHelper():
                self.helpers.stop()
            case _:
                self._browse(action)
        return None

    def poll(self) -> str | None:
        """Follow dialogs and helpers; the text is to be told to the user.

        Raises:
            LichenError: what was chosen is of no use.
        """
        prompts = self.helpers.poll()
        if prompts:
            self.draft = replace(self.draft, journey=self.draft.journey.with_prompts(prompts))
        chosen = self._dialogs.poll()
        return self._take_chosen(*chosen) if chosen is not None else None

    def begin(self) -> DreamOrder:
        """Make the dream's folder, with its order in it.

        Raises:
            LichenError: something is missing or wrong, or the folder cannot be made.
        """
        order = self.draft.order(Path())
        name = self._stage.name if self.draft.source == "grid" else self.draft.name
        folder = new_dream_folder(name)
        try:
            order = self._keep_first_picture(replace(order, folder=folder))
            save_order(order)
        except OSError as error:
            delete_dream(folder)
            raise LichenError(
                f"no dream can start in {folder}: {error.strerror or error}."
            ) from error
        except LichenError:
            delete_dream(folder)
            raise
        self.helpers.stop()
        return order

    def _keep_first_picture(self, order: DreamOrder) -> DreamOrder:
        """Keep what exists nowhere else: the grid as it is, an imagined picture."""
        if self.draft.source == "grid":
            simulation = self._stage.simulation
            if simulation is None:
                raise LichenError("nothing grows on the grid yet; begin with a picture.")
            path = source_path(order.folder)
            # Not compressed, since the window waits for it.
            Image.fromarray(simulation.read_picture()).save(path, compress_level=0)
            return replace(order, source=str(path))
        first = self.helpers.first_picture(self.draft.first)
        if self.draft.source != "prompt" or first is None:
            return order
        picture = self.helpers.sheet_picture(first.row, first.column)
        with Image.open(picture) as image:
            fits = image.size == order.size_pixels
        if fits:
            shutil.copyfile(picture, frame_path(order.folder, 0))
        chosen = replace(order.diffusers, first_seed=first.seed, first_guidance=first.guidance)
        return replace(order, diffusers=chosen)

    def _browse(self, action: DreamAction) -> None:
        match action:
            case asked.BrowseForPrompt(_, True):
                self._dialogs.open_folder(action, "Choose a folder of pictures")
            case asked.BrowseForModel(True):
                self._dialogs.open_folder(action, "Choose the folder of a model")
            case asked.BrowseForModel(False):
                self._dialogs.open_file(action, "Choose a model", MODEL_FILTERS)
            case asked.BrowseForWriter(True):
                self._dialogs.open_folder(action, "Choose the folder of a language model")
            case asked.BrowseForWriter(False):
                self._dialogs.open_file(action, "Choose a language model", WRITER_FILTERS)
            case asked.BrowseForJourney():
                self._dialogs.open_file(action, "Choose a journey", JOURNEY_FILTERS)
            case _:
                self._dialogs.open_file(action, "Choose a picture")

    def _take_chosen(self, action: DreamAction, path: Path) -> str | None:
        journey = self.draft.journey
        match action:
            case asked.BrowseForPrompt(place) if place < len(journey.rows):
                row = replace(journey.rows[place], prompt=str(path))
                self.draft = replace(self.draft, journey=journey.with_row(place, row))
            case asked.BrowseForModel() if self.draft.backend == "own":
                self.draft = replace(self.draft, own_model=path)
            case asked.BrowseForModel():
                self.draft = replace(self.draft, model=str(path))
            case asked.BrowseForWriter():
                self.draft = replace(self.draft, writer=str(path))
            case _:
                return self._take_file(path)
        return None

    def _take_file(self, path: Path) -> str | None:
        """A journey, or else the picture to begin with."""
        if path.suffix.lower() in JOURNEY_SUFFIXES:
            self.draft = replace(self.draft, journey=JourneyDraft.of(load_journey(path)))
            return f"The journey of {path.name} is in the panel."
        self.draft = replace(self.draft, source="picture", picture=path.resolve())
        return None

    def _save_journey(self) -> str:
        journey, folder = self.draft.journey.journey(), export_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LichenError(f"cannot write to {folder}: {error.strerror}.") from error
        path = free_place(folder, safe_name(self.draft.name), ".json")
        save_journey(journey, path)
        return f"Saved {path}"
