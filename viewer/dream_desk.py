"""Everything around dreaming in the window: preparing it, following it, using what it made."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.gallery import named_entries
from exporters.picture_file import load_picture
from training.dream.dream_files import frame_path
from viewer import dream_actions as asked
from viewer.dream_actions import DreamAction
from viewer.dream_models import known_models, known_writers, own_models
from viewer.dream_planning import DreamPlanning
from viewer.dream_player import DreamPlayer
from viewer.dream_run import DreamRun
from viewer.dream_runs import KeptDream, delete_dream, find_dreams, read_dream
from viewer.dream_session import DreamSession
from viewer.dream_telling import film_tiles, run_state, sheet_tiles
from viewer.exporting import DreamExport
from viewer.panels.dream_state import DreamRunState, DreamState
from viewer.picture_reader import PictureReader
from viewer.picture_textures import PictureTextures
from viewer.picture_uses import copy_under_name
from viewer.stage import Stage

# While the frames play, so many are read ahead.
FRAMES_AHEAD = 4

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Surroundings:
    """What was there when somebody looked."""

    dreams: tuple[KeptDream, ...] = ()
    models: tuple[str, ...] = ()
    own_models: tuple[Path, ...] = ()
    writers: tuple[str, ...] = ()
    automata: tuple[str, ...] = ()


class DreamDesk:
    """Carries out the dream panel's actions and follows the dream.

    Attributes:
        is_shown: whether the view is to show the dream's pictures.
        asks_before_closing: whether the user closed the window on a dream.
    """

    def __init__(self, stage: Stage) -> None:
        self.is_shown = False
        self.asks_before_closing = False
        self._stage = stage
        self._planning = DreamPlanning(stage)
        self._complaint = ""
        self._run: DreamRun | None = None
        self._player = DreamPlayer()
        self._reader = PictureReader()
        self._pixels: Pixels | None = None
        # Folders can be large: looking at them and deleting them must not stop the window.
        self._thread = ThreadPoolExecutor(1, "dreams")
        self._look: Future[Surroundings] | None = None
        self._surroundings = Surroundings()
        self._last_poll = time.perf_counter()

    @property
    def session(self) -> DreamSession | None:
        """How the dream stands that is there, under way or ended."""
        return self._run.session if self._run else None

    @property
    def name(self) -> str:
        """What the dream is called, or will be."""
        return self._run.name if self._run else self._planning.draft.name

    @property
    def is_dreaming(self) -> bool:
        """Whether closing the window would end a dream."""
        return self._run is not None and self._run.is_under_way

    @property
    def has_frames(self) -> bool:
        """Whether there is a dream with frames to look at."""
        return self._run is not None and self._run.session.made_count > 0

    @property
    def moves(self) -> bool:
        """Whether what the view shows changes by itself."""
        return self._player.plays or self.is_dreaming

    @property
    def aim(self) -> tuple[float, float] | None:
        """Where a dream that is prepared would move towards at first, shares of the picture.

        None where there is no telling, or where a dream is looked at, whose way is made.
        """
        return None if self._run else self._planning.draft.journey.aim

    @property
    def aims(self) -> bool:
        """Whether a click on the picture says where the camera moves towards."""
        return self._run is None

    @property
    def size_pixels(self) -> tuple[int, int]:
        """The size of the dream's frames, width and height."""
        return self._run.order.size_pixels if self._run else self._planning.draft.size_pixels

    @property
    def pixels(self) -> Pixels | None:
        """What the view shows in place of the automaton, [height, width, 3]; None is nothing."""
        path = self._shown_path() if self.is_shown else None
        if path is None:
            return None
        fitted_to = None if self._run else self.size_pixels
        pixels = self._reader.picture(path, fitted_to)
        # While one is on its way the one before stays, so that nothing flickers.
        if pixels is not None or self._reader.is_broken(path, fitted_to):
            self._pixels = pixels
        return self._pixels

    def apply(self, action: DreamAction) -> str | None:
        """Do what an action asks for; the text is to be told to the user."""
        self._complaint = ""
        try:
            return self._apply(action)
        except LichenError as error:
            self._complaint = str(error)
            return None

    def poll(self) -> str | None:
        """Follow what goes on beside the window; the text is to be told to the user."""
        now, news = time.perf_counter(), None
        seconds, self._last_poll = now - self._last_poll, now
        if self._look is not None and self._look.done():
            self._surroundings, self._look = self._look.result(), None
        try:
            news = self._plan()
        except LichenError as error:
            self._complaint = str(error)
        if self._run is not None:
            self._player.advance(seconds, self._run.session.made_count)
            if self._run.poll():
                news = f"{self._run.name} has come to its end: all frames are there."
        self.asks_before_closing &= self.is_dreaming  # It may have ended under the question.
        return news

    def look_around(self) -> None:
        """See which dreams and models there are; what is found turns up a little later."""
        self._look = self._thread.submit(_look_around)

    def state(
        self, textures: PictureTextures, cross_pixels: tuple[float, float] | None = None
    ) -> DreamState:
        """What the panel shows."""
        planning, is_preparing = self._planning, self._run is None
        picture = planning.draft.picture if planning.draft.source == "picture" else None
        return DreamState(
            draft=planning.draft,
            complaint=self._complaint or planning.helpers.complaint,
            source_texture=textures.thumbnail(self._reader, picture) if picture else 0,
            sheet=sheet_tiles(planning.helpers, self._reader, textures) if is_preparing else (),
            helper=planning.helpers.activity,
            helper_note=planning.helpers.note,
            run=self._run_state(textures),
            earlier=self._surroundings.dreams,
            models=self._surroundings.models,
            own_models=self._surroundings.own_models,
            writers=self._surroundings.writers,
            automata=self._surroundings.automata,
            is_shown=self.is_shown,
            cross_pixels=cross_pixels,
            asks_before_closing=self.asks_before_closing,
        )

    def export(self, suffix: str) -> DreamExport:
        """What `ExportDream` asks for. Raises LichenError where there is nothing to export."""
        return DreamExport(self._frame().parent, suffix)

    def frame_as_exemplar(self) -> Path:
        """The frame that shows as a picture with a name of its own, for a training.

        Raises:
            LichenError: there is none, or it cannot be copied.
        """
        frame = self._frame()
        number = int(frame.stem.rpartition("_")[2])
        return copy_under_name(frame, f"{frame.parent.name}_{number}")

    def begin_with(self, picture: Path) -> None:
        """Prepare a dream of a picture. Raises LichenError while another is dreamt."""
        if self.is_dreaming:
            raise LichenError("a dream is under way; stop it before you begin another.")
        if self._run is not None:
            self._put_away()
        self._plan(asked.TakeFile(picture))

    def release(self) -> None:
        """Stop what runs beside the window; the frames stay."""
        self._reader.stop()
        self._thread.shutdown(wait=False)
        self._planning.helpers.release()
        if self._run is not None:
            self._run.close()

    def _run_state(self, textures: PictureTextures) -> DreamRunState | None:
        if self._run is None:
            return None
        shows_film = self.is_shown and self.has_frames
        film = film_tiles(self._run, self._reader, textures) if shows_film else ()
        return run_state(self._run, self._player, film)

    def _apply(self, action: DreamAction) -> str | None:
        match action:
            case asked.StartDream():
                self._take_up(DreamRun(self._planning.begin()))
                self._command(asked.ContinueDream())
            case asked.OpenDream(folder):
                self._open(folder)
            case asked.DeleteDream(folder):
                if self._run is not None and self._run.order.folder == folder:
                    self._put_away()
                self._thread.submit(delete_dream, folder)
                self.look_around()
            case asked.ShowDream(shown):
                self.is_shown = shown
            case asked.LeaveDreaming():
                self.asks_before_closing = False
            case _ if self._run is not None:
                return self._command(action)
            case _:
                return self._plan(action)
        return None

    def _plan(self, action: DreamAction | None = None) -> str | None:
        """Prepare a dream; a picture that was just chosen comes to the view."""
        before = self._planning.picture
        text = self._planning.apply(action) if action else self._planning.poll()
        if isinstance(action, asked.ImagineFirst):
            self._reader.forget()
        if self._planning.picture != before:
            self._pixels = None
            self.is_shown = self._planning.picture is not None
        return text

    def _command(self, action: DreamAction) -> str | None:
        """What is asked of the dream that is there."""
        assert self._run is not None
        match action:
            case asked.PauseDream():
                self._run.pause()
            case asked.ContinueDream():
                self._run.go_on()
                self._player.scrub(None)
                self.is_shown = True
            case asked.StopDream():
                self._run.stop()
            case asked.CloseDream():
                self._put_away()
            case asked.Scrub(index):
                self._player.scrub(index)
                self.is_shown = True
            case asked.PlayDream(plays):
                self._player.play(plays, self._run.session.made_count)
                self.is_shown = True
            case asked.UseFrame("seed"):
                return self._sow()
            case asked.UseFrame("start"):
                self.begin_with(self._frame())
        return None

    def _take_up(self, run: DreamRun) -> None:
        self._run, self._player, self._pixels = run, DreamPlayer(), None
        self._reader.forget()
        self.is_shown = True

    def _open(self, folder: Path) -> None:
        kept = read_dream(folder)
        if kept is None:
            self.look_around()
            raise LichenError(f"the dream in {folder} cannot be read.")
        self._take_up(DreamRun(kept.order, kept.made_count))
        self._player.scrub(0)

    def _put_away(self) -> None:
        assert self._run is not None
        self._run.close()
        self._run, self._player, self._pixels = None, DreamPlayer(), None
        self.is_shown = self._planning.picture is not None
        self.look_around()

    def _frame(self) -> Path:
        """The frame that shows. Raises LichenError where there is none."""
        made_count = self._run.session.made_count if self._run else 0
        if self._run is None or not made_count:
            raise LichenError("there is no frame yet.")
        return frame_path(self._run.order.folder, self._player.index(made_count))

    def _sow(self) -> str:
        """Put the frame onto the grid."""
        self._stage.sow(load_picture(self._frame()))
        self.is_shown = False
        return "The frame is on the grid; Ctrl + Z takes it back."

    def _shown_path(self) -> Path | None:
        """The file of what the view shows; the frames that will be played next are asked for."""
        if self._run is None:
            return self._planning.picture
        folder, made_count = self._run.order.folder, self._run.session.made_count
        if not made_count:
            return None
        index = self._player.index(made_count)
        if self._player.plays:
            for ahead in range(1, FRAMES_AHEAD + 1):
                self._reader.picture(frame_path(folder, (index + ahead) % made_count))
        return frame_path(folder, index)


def _look_around() -> Surroundings:
    return Surroundings(
        dreams=tuple(find_dreams()),
        models=known_models(),
        own_models=own_models(),
        writers=known_writers(),
        automata=tuple(named_entries()),
    )
