"""What helps while a dream is prepared: first pictures to choose from, and prompts that go on."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

from exporters.errors import LichenError
from training.dream.diffusers_options import DiffusersOptions
from training.dream.dream_files import sheet_path
from training.dream.protocol import SheetPictureMade, State, Suggestion
from training.dream.sheet_order import ContactSheetOrder
from training.dream.writing_order import WritingOrder, check_writer
from training.endings import Failed
from training.frames import Log
from viewer.dream_client import DreamClient, Event
from viewer.dream_draft import DreamDraft
from viewer.worker_client import WorkerDied

SHEET_SEEDS = (0, 1, 2, 3)
SHEET_GUIDANCES = (4.0, 7.0, 10.0)

Activity = Literal["", "imagining", "writing"]


class DreamHelpers:
    """At most one helper at a time, in a worker of its own. Call `poll` every frame.

    Attributes:
        activity: what is under way.
        note: the newest that the helper said of itself.
        complaint: why the last one failed, or nothing.
        sheet: the first pictures that are there.
    """

    def __init__(self) -> None:
        self.activity: Activity = ""
        self.note = ""
        self.complaint = ""
        self.sheet: tuple[SheetPictureMade, ...] = ()
        self._client: DreamClient | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def imagine(self, draft: DreamDraft) -> None:
        """Make first pictures of the first prompt, in the dream's size.

        Raises:
            LichenError: no worker can start, or the order is no good.
        """
        order = ContactSheetOrder(
            folder=Path(),
            prompt=draft.journey.rows[0].prompt,
            negative_prompt=draft.journey.negative_prompt,
            size_pixels=draft.size_pixels,
            diffusers=DiffusersOptions(model=draft.model, download=draft.download),
            seeds=SHEET_SEEDS,
            guidances=SHEET_GUIDANCES,
        )
        # The older sheet goes only now that the order is known to be good.
        self.sheet = ()
        self._start(replace(order, folder=self._new_folder()), "imagining")

    def write(self, draft: DreamDraft) -> None:
        """Let a language model go on with the prompts.

        Raises:
            LichenError: as `imagine`.
        """
        order = WritingOrder(
            folder=self._kept_folder(),
            prompts=tuple(row.prompt for row in draft.journey.rows if row.prompt),
            model=check_writer(Path(draft.writer) if draft.writer else None),
            mode=draft.writing_mode,
            # Other suggestions every time, and the same ones from the same rows.
            random_seed=len(draft.journey.rows),
        )
        self._start(order, "writing")

    def poll(self) -> tuple[str, ...]:
        """Follow the helper; gives the prompts that it has just written."""
        prompts = []
        for event in self._client.poll() if self._client else ():
            if isinstance(event, Suggestion):
                prompts.append(event.text)
            self._take(event)
        return tuple(prompts)

    def first_picture(self, place: tuple[int, int] | None) -> SheetPictureMade | None:
        """What is known of the picture at a place of the sheet, row and column."""
        return next((made for made in self.sheet if (made.row, made.column) == place), None)

    def sheet_picture(self, row: int, column: int) -> Path:
        """The file of a first picture."""
        return sheet_path(self._kept_folder(), row, column)

    def stop(self) -> None:
        """End what is under way; the pictures that are there stay."""
        if self._client is not None:
            self._client.kill()
        self._client, self.activity = None, ""

    def release(self) -> None:
        """The window closes: nothing of it stays."""
        self.stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self, order: ContactSheetOrder | WritingOrder, activity: Activity) -> None:
        self.stop()
        self.complaint = self.note = ""
        self._client = DreamClient(order)
        self.activity = activity

    def _take(self, event: Event) -> None:
        match event:
            case SheetPictureMade():
                self.sheet = (*self.sheet, event)
            case State("preparing"):
                self.note = "Loading the model..."
            case State():
                self.note = ""
            case Log(text):
                self.note = text
            case Failed(sentence) | WorkerDied(sentence):
                self.complaint = sentence
        if self._client is not None and self._client.ending is not None:
            self._client, self.activity = None, ""

    def _new_folder(self) -> Path:
        """An empty folder, so that no picture of an older sheet is taken for a new one."""
        if self._folder is not None:
            self.stop()
            self._folder.cleanup()
            self._folder = None
        return self._kept_folder()

    def _kept_folder(self) -> Path:
        if self._folder is None:
            try:
                self._folder = tempfile.TemporaryDirectory(
                    prefix="lichen-dream-", ignore_cleanup_errors=True
                )
            except OSError as error:
                raise LichenError(f"no pictures can be made: {error.strerror or error}.") from error
        return Path(self._folder.name)
