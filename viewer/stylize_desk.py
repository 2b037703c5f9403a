"""Everything around painting in the window: preparing it, following it, using what it made."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import content_path, picture_path
from training.stylize.protocol import IterationDone
from viewer import stylize_actions as asked
from viewer.file_dialogs import PNG_FILTERS, WEIGHTS_FILTERS, FileDialogs
from viewer.panels.stylize_state import ExemplarTile, StylizeRunState, StylizeState
from viewer.picture_reader import PictureReader
from viewer.picture_textures import PictureTextures, Pixels, PixelTextures
from viewer.picture_uses import save_under_name
from viewer.screenshots import pictures_folder, save_screenshot
from viewer.stage import Stage
from viewer.stylize_actions import StylizeAction
from viewer.stylize_draft import SlotName
from viewer.stylize_pictures import NewestPicture
from viewer.stylize_planning import StylizePlanning, find_exemplars
from viewer.stylize_run import StylizeRun
from viewer.stylize_runs import (
    KeptPainting,
    copy_painting,
    delete_painting,
    find_paintings,
    read_painting,
)

Surroundings = tuple[tuple[KeptPainting, ...], tuple[Path, ...]]


class StylizeDesk:
    """Carries out the style panel's actions and follows the painting.

    Attributes:
        is_shown: whether the view is to show the painting.
        asks_before_closing: whether the user closed the window on a painting.
    """

    def __init__(self, stage: Stage) -> None:
        self.is_shown = False
        self.asks_before_closing = False
        self._stage = stage
        # Photos and folders can be large: whatever reads or writes them must not stop the window.
        self._thread = ThreadPoolExecutor(1, "paintings")
        self._planning = StylizePlanning(stage, self._thread)
        self._dialogs: FileDialogs[StylizeAction] = FileDialogs()
        self._reader = PictureReader()
        self._making: Future[StylizeOrder] | None = None
        self._run: StylizeRun | None = None
        self._painted = NewestPicture(self._thread)
        self._original = NewestPicture(self._thread)
        self._shows_original = False
        self._look: Future[Surroundings] | None = None
        self._surroundings: Surroundings = ((), ())

    @property
    def is_painting(self) -> bool:
        """Whether closing the window would end a painting."""
        return self._run is not None and self._run.is_under_way

    @property
    def progress(self) -> IterationDone | None:
        """How far the painting is, as far as anything was heard of it."""
        return self._run.progress if self._run else None

    @property
    def name(self) -> str:
        """What the painting is called."""
        return self._run.name if self._run else ""

    @property
    def pixels(self) -> Pixels | None:
        """What the view shows in place of the automaton, [height, width, 3]; None is nothing.

        Until there is a painting its content stands for it.
        """
        if self._run is None or not self.is_shown:
            return None
        if self._painted.pixels is None or self._shows_original:
            return self._original.pixels
        return self._painted.pixels

    def point_at(self, slot: SlotName | None) -> None:
        """Let what is dropped go to the slot under the pointer."""
        self._planning.pointed_slot = slot

    def apply(self, action: StylizeAction) -> str | None:
        """Do what an action asks for; the text is to be told to the user.

        Raises:
            LichenError: it cannot be done.
        """
        match action:
            case asked.StartPainting() if self._making is None:
                self._making = self._planning.begin()
            case asked.OpenPainting(folder):
                self._open(folder)
            case asked.DeletePainting(folder):
                if self._run is not None and self._run.order.folder == folder:
                    self._put_away()
                self._thread.submit(delete_painting, folder)
                self.look_around()
            case asked.LeavePainting():
                self.asks_before_closing = False
            case asked.BrowseForSlot():
                self._dialogs.open_file(action, "Choose a picture")
            case asked.BrowseForWeights():
                self._dialogs.open_file(action, "Choose a network's weights", WEIGHTS_FILTERS)
            case asked.FillSlot() if self._run is not None:
                if self.is_painting:
                    raise LichenError("a painting is under way; stop it before you choose another.")
                self._put_away()
                self._planning.apply(action)
            case _ if self._run is not None:
                return self._command(self._run, action)
            case _:
                self._planning.apply(action)
        return None

    def poll(self) -> str | None:
        """Follow what goes on beside the window; the text is to be told to the user.

        Raises:
            LichenError: what was chosen is of no use, or no painting can start.
        """
        for picture in (self._painted, self._original):
            picture.poll()
        news = self._follow_run()
        self.asks_before_closing &= self.is_painting  # It may have ended under the question.
        if self._look is not None and self._look.done():
            self._surroundings, self._look = self._look.result(), None
        if self._making is not None and self._making.done():
            making, self._making = self._making, None
            run = StylizeRun(making.result())
            self._take_up(run)
            run.go_on()
        chosen = self._dialogs.poll()
        if chosen is not None:
            news = self._take_chosen(*chosen)
        self._planning.poll()
        return news

    def look_around(self) -> None:
        """See which paintings and exemplars there are; what is found turns up a little later."""
        self._look = self._thread.submit(_look_around)

    def state(self, slots: PixelTextures, textures: PictureTextures) -> StylizeState:
        """What the panel shows."""
        planning = self._planning
        earlier, exemplars = self._surroundings
        return StylizeState(
            draft=planning.draft,
            slots=planning.slots(slots),
            next_slot=planning.next_slot,
            exemplars=tuple(
                ExemplarTile(path, textures.thumbnail(self._reader, path)) for path in exemplars
            ),
            is_starting=self._making is not None,
            run=self._run_state(),
            earlier=earlier,
            is_shown=self.is_shown,
            shows_original=self._shows_original,
            asks_before_closing=self.asks_before_closing,
        )

    def picture_as_file(self) -> Path:
        """The picture so far with a name of its own, for a training or a dream.

        Raises:
            LichenError: there is none, or it cannot be written.
        """
        run, pixels = self._result()
        return save_under_name(pixels, run.order.folder, run.order.folder.name)

    def release(self) -> None:
        """Stop what runs beside the window; the painting is kept."""
        self._reader.stop()
        self._thread.shutdown(wait=False)
        if self._run is not None:
            self._run.close()

    def _command(self, run: StylizeRun, action: StylizeAction) -> str | None:
        """What is asked of the painting that is there."""
        match action:
            case asked.PausePainting():
                run.pause()
            case asked.ContinuePainting():
                run.go_on()
                self.is_shown = True
            case asked.StopPainting():
                run.stop()
            case asked.RestartPainting() if self._making is None:
                self._making = self._thread.submit(copy_painting, run.order)
            case asked.ClosePainting():
                self._put_away()
            case asked.ShowPainting(shown):
                self.is_shown = shown
            case asked.ShowOriginal(shown):
                self._shows_original = shown
            case asked.SavePainting(asks):
                return self._save(asks)
            case asked.UsePainting("seed"):
                self._stage.sow(self._result()[1])
                self.is_shown = False
                return "The picture is on the grid; Ctrl + Z takes it back."
        return None

    def _follow_run(self) -> str | None:
        """Show what the worker has painted; tells once that it is finished."""
        run = self._run
        if run is None:
            return None
        was_under_way, stood_still = run.is_under_way, run.stands_still
        pictures = run.poll()
        for picture in pictures:
            self._painted.put(picture.payload)
        if run.stands_still and (pictures or not stood_still):
            # A large painting is sent smaller than it is.
            self._painted.read(picture_path(run.order.folder))
        ends = was_under_way and run.is_finished
        return f"{run.name} is finished." if ends else None

    def _take_up(self, run: StylizeRun) -> None:
        """Show this painting from now on, as far as it is."""
        if self._run is not None:
            self._run.close()
        self._run, self.is_shown, self._shows_original = run, True, False
        self._painted = NewestPicture(self._thread)
        self._original = NewestPicture(self._thread)
        folder = run.order.folder
        self._painted.read(picture_path(folder))
        self._original.read(content_path(folder), run.order.size_pixels)

    def _open(self, folder: Path) -> None:
        kept = read_painting(folder)
        if kept is None:
            self.look_around()
            raise LichenError(f"the painting in {folder} cannot be read.")
        self._take_up(StylizeRun(kept.order, kept.is_finished))

    def _put_away(self) -> None:
        if self._run is not None:
            self._run.close()
        self._run, self.is_shown = None, False
        self.look_around()

    def _result(self) -> tuple[StylizeRun, Pixels]:
        """The painting and its picture so far. Raises LichenError where there is none."""
        self._painted.settle()
        if self._run is None or self._painted.pixels is None:
            raise LichenError("there is no picture yet.")
        return self._run, self._painted.pixels

    def _save(self, asks: bool) -> str | None:
        run, pixels = self._result()
        if not asks:
            return f"Saved {save_screenshot(pixels, run.name)}"
        place = pictures_folder() / f"{run.order.folder.name}.png"
        self._dialogs.save_file(asked.SavePainting(asks), "Save the picture", place, PNG_FILTERS)
        return None

    def _take_chosen(self, action: StylizeAction, path: Path) -> str | None:
        match action:
            case asked.BrowseForSlot(slot):
                self._planning.apply(asked.FillSlot(path, slot))
            case asked.BrowseForWeights():
                draft = replace(self._planning.draft, weights=str(path))
                self._planning.apply(asked.ChangePainting(draft))
            case asked.SavePainting():
                place = (
                    path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
                )
                if place != path and place.exists():
                    # The dialog has asked about another name.
                    raise LichenError(f"{place} is there already; choose another name.")
                save_picture(self._result()[1], place)
                return f"Saved {place}"
        return None

    def _run_state(self) -> StylizeRunState | None:
        run = self._run
        if run is None:
            return None
        return StylizeRunState(
            name=run.name,
            folder=run.order.folder,
            status=run.status,
            notes=run.notes,
            phase=run.phase,
            has_ended=not run.is_under_way,
            is_finished=run.is_finished,
            has_failed=run.has_failed,
            has_picture=self._painted.pixels is not None,
            progress=run.progress,
            losses=run.losses,
        )


def _look_around() -> Surroundings:
    return tuple(find_paintings()), find_exemplars()
