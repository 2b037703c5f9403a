"""Everything around training in the window: preparing it, following it, keeping what it learns."""

import secrets
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from training.order import TrainingOrder
from training.protocol import Finished, Snapshot, State
from viewer import training_actions as asked
from viewer.dream_models import known_clips
from viewer.extras import DREAM, is_installed
from viewer.panels.training_state import RunState, TrainingState
from viewer.picture_dialog import PictureDialog
from viewer.stage import Stage
from viewer.training_actions import EarlierRun, Tab, TrainingAction
from viewer.training_client import Event, TrainingClient
from viewer.training_draft import SMALLEST_CROP_PIXELS, TrainingDraft
from viewer.training_exemplar import read_exemplar, read_what_is_learnt
from viewer.training_pictures import TrainingPictures
from viewer.training_presets import FORM_OPTIONS, TrainingOptions
from viewer.training_queue import TrainingQueue
from viewer.training_runs import Run, discard_run, find_runs, keep_run, keep_snapshot, stop_run
from viewer.training_session import TrainingSession

LARGEST_SEED = 2**31 - 1
# As much of the exemplar as any panel shows.
EXEMPLAR_SIDE_PIXELS = 1024
SECONDS_BETWEEN_SCANS = 2.0


class TrainingDesk:
    """Carries out the training panel's actions and follows the trainings.

    Attributes:
        tab: which panel shows.
        session: the training under way, or the last one until it is put away.
        may_close: whether all is done that the user asked for before the window closes.
    """

    def __init__(self, stage: Stage) -> None:
        self.tab: Tab = "play"
        self.session: TrainingSession | None = None
        self.asks_before_closing = False
        self.may_close = False
        self._stage = stage
        self._queue = TrainingQueue()
        self._dialog = PictureDialog()
        self._draft: TrainingDraft | None = None
        self._exemplar: NDArray[np.uint8] | None = None
        self._run_exemplar: NDArray[np.uint8] | None = None
        self._clips: tuple[str, ...] = ()
        self._complaint = ""
        self._client: TrainingClient | None = None
        self._order: TrainingOrder | None = None
        self._result: Path | None = None
        self._previewed: Snapshot | None = None
        self._earlier: tuple[EarlierRun, ...] = ()
        self._told_unkept: set[str] = set()
        self._last_scan = -SECONDS_BETWEEN_SCANS

    @property
    def is_training(self) -> bool:
        """Whether closing the window would end a training."""
        return self._queue.is_training

    def apply(self, action: TrainingAction) -> str | None:
        """Do what an action asks for; the text is to be told to the user.

        Raises:
            LichenError: the window cannot close as asked; the training goes on.
        """
        self._complaint = ""
        try:
            return self._apply(action)
        except LichenError as error:
            if isinstance(action, asked.CloseWindow):
                raise  # The panel may be out of sight.
            self._complaint = str(error)
            return None

    def poll(self, grid: tuple[int, int]) -> str | None:
        """Follow the trainings; an automaton that is done runs on `grid`.

        Gives a text that is to be told to the user.
        """
        text = None
        try:
            picture = self._dialog.poll()
            if picture is not None:
                self._prepare(picture)
            for event in self._queue.poll():
                text = self._take(event, grid) or text
            self._follow_queue()
            text = self._scan() or text
        except LichenError as error:
            self._complaint = str(error)
        return text

    def state(self, pictures: TrainingPictures) -> TrainingState:
        """What the panel shows."""
        return TrainingState(
            tab=self.tab,
            draft=self._draft,
            exemplar_texture=pictures.exemplar("draft", self._exemplar if self._draft else None),
            clips=self._clips,
            complaint=self._complaint,
            run=self._run_state(pictures),
            waiting=tuple(order.name for order in self._queue.waiting),
            earlier=self._earlier,
            asks_before_closing=self.asks_before_closing,
        )

    def _apply(self, action: TrainingAction) -> str | None:
        match action:
            case asked.ShowTab(tab):
                self.tab = tab
            case asked.BrowseForPicture():
                self._dialog.open()
            case asked.PrepareTraining(image):
                self._prepare(image)
            case asked.ChangeDraft(draft):
                self._draft = draft
            case asked.StartTraining():
                self._start()
            case asked.RemoveWaiting(place):
                self._queue.cancel(self._queue.waiting[place])
            case asked.AdvanceWaiting(place):
                self._queue.move(self._queue.waiting[place], max(place - 1, 0))
            case asked.ShowTraining():
                self._show()
            case asked.LookBack(place):
                if self.session is not None:
                    self.session.look_back(place)
                    self._show()
            case asked.KeepShown():
                return self._keep_shown()
            case asked.ForgetTraining():
                self._forget()
            case asked.ResumeRun(run):
                self._queue.resume(run.order)
                self._last_scan = -SECONDS_BETWEEN_SCANS
            case asked.StopRun(run):
                stop_run(run.order)
                return f"{run.order.name} is checked, and comes to your gallery."
            case asked.ForgetRun(run):
                discard_run(run.order)
                self._last_scan = -SECONDS_BETWEEN_SCANS
            case asked.CloseWindow(closing):
                self.asks_before_closing = False
                if closing != "stay":
                    self._queue.leave(closing)
                    self.may_close = True
            case _:
                self._command(action)
        return None

    def _command(
        self,
        action: asked.PauseTraining | asked.ContinueTraining | asked.StopTraining,
    ) -> None:
        """Pass on what the worker is to do."""
        if self._client is None or self.session is None:
            return
        match action:
            case asked.PauseTraining():
                self._client.pause()
            case asked.ContinueTraining():
                self.session.begin_again()
                self._client.resume()
            case asked.StopTraining(keep):
                self._client.stop(keep)

    def _prepare(self, image: Path) -> None:
        self.tab = "train"
        pixels, is_form = read_exemplar(image, SMALLEST_CROP_PIXELS)
        picture = Image.fromarray(pixels)
        picture.thumbnail((EXEMPLAR_SIDE_PIXELS, EXEMPLAR_SIDE_PIXELS))
        self._exemplar = np.asarray(picture)
        height, width, _ = pixels.shape
        self._clips = known_clips() if is_installed(DREAM) else ()
        usual_clip = self._clips[0] if self._clips else None
        options = FORM_OPTIONS if is_form else TrainingOptions(clip=usual_clip)
        if self._draft and self._draft.options.grow == is_form:
            options = self._draft.options
        seed = secrets.randbelow(LARGEST_SEED)
        self._draft = TrainingDraft(image.resolve(), (width, height), seed, options=options)

    def _start(self) -> None:
        if self._draft is not None:
            self._queue.add(self._draft.order())
            self._draft = None

    def _follow_queue(self) -> None:
        """Begin a new session with every new worker."""
        if self._queue.current is self._client:
            return
        self._client = self._queue.current
        self._previewed = self._result = None
        self._stage.end_preview()
        if self._client is None:
            self.session = None
        else:
            self.session = TrainingSession()
            self._order = self._client.order
            self._run_exemplar = read_what_is_learnt(self._order)

    def _take(self, event: Event, grid: tuple[int, int]) -> str | None:
        """What goes wrong with one event keeps none of the others from being heard."""
        assert self.session is not None and self._order is not None
        self.session.take(event)
        try:
            match event:
                case Snapshot():
                    self._follow_snapshots()
                case State("paused") if self._shows_newest():
                    self._stage.bake_preview(self._order.output)
                case Finished() if not (self._client and self._client.is_unwanted):
                    return self._keep_result(grid)
        except LichenError as error:
            self._complaint = str(error)
        return None

    def _shows_newest(self) -> bool:
        """Whether the preview runs the weights that the worker has kept last."""
        is_newest = self.session is not None and self.session.looked_back is None
        return self._stage.shows_preview and is_newest

    def _follow_snapshots(self) -> None:
        """Run the weights to look at; the first ones come to the view by themselves."""
        assert self.session is not None
        is_awaited = self.tab == "train" or self._stage.path is None
        if self._stage.shows_preview or (self._previewed is None and is_awaited):
            self._show()

    def _show(self) -> None:
        shown = self.session.shown if self.session else None
        if shown is not None and not (shown is self._previewed and self._stage.shows_preview):
            self._stage.preview(shown.automaton())
            self._previewed = shown

    def _keep_result(self, grid: tuple[int, int]) -> str:
        """Into the gallery, and onto the whole grid where the user was watching."""
        assert self._order is not None
        path = self._result = keep_run(self._order)
        # What is kept from here on goes beside it, with the same picture.
        if self._order.image is not None:
            self._order = replace(self._order, image=GalleryEntry(path).exemplar_path)
        if self._stage.shows_preview or self._stage.path == path:
            self._stage.open(path, grid, keep_state=True)
        return f"{self._order.name} is in your gallery, as {path.stem}."

    def _keep_shown(self) -> str | None:
        """Keep the weights to look at; what a training has come to is in the gallery but once."""
        shown = self.session.shown if self.session else None
        if self.session is None or shown is None or self._order is None:
            return None
        is_outcome = self.session.shows_outcome
        if is_outcome and self._result is not None and self._result.is_file():
            return f"{self._order.name} is in your gallery already, as {self._result.stem}."
        path = keep_snapshot(self._order, shown, stands_in=is_outcome and self._result is None)
        return f"Iteration {shown.iteration:,} is in your gallery, as {path.stem}."

    def _forget(self) -> None:
        if self._client is None or self._queue.is_training:
            return
        has_failed = self.session is not None and self.session.has_failed
        if has_failed and not self._client.can_resume:
            discard_run(self._client.order)
        self._queue.current = None
        self._last_scan = -SECONDS_BETWEEN_SCANS
        self._follow_queue()

    def _scan(self) -> str | None:
        """Look for runs of earlier windows; one that has finished meanwhile is kept."""
        if time.monotonic() - self._last_scan < SECONDS_BETWEEN_SCANS:
            return None
        self._last_scan = time.monotonic()
        clients = [*self._queue.ended, *([self._queue.current] if self._queue.current else [])]
        known = {client.order.output for client in clients if client.ending is None}
        known |= {order.output for order in self._queue.waiting}
        if self._client is not None:
            known.add(self._client.order.output)
        runs = [run for run in find_runs() if run.order.output not in known]
        names = ", ".join(path.stem for path in self._keep_finished(runs))
        self._earlier = tuple(
            EarlierRun(
                run.order,
                run.is_training,
                completed=run.status.completed if run.status else 0.0,
                is_checking=run.status is not None and run.status.phase == "checking",
            )
            for run in runs
        )
        return f"Learnt in the background and now in your gallery: {names}." if names else None

    def _keep_finished(self, runs: list[Run]) -> list[Path]:
        """Move what has finished from the list to the gallery; what cannot move is told once."""
        paths, complaints = [], set()
        for run in [run for run in runs if run.is_finished and not run.is_training]:
            try:
                paths.append(keep_run(run.order))
                runs.remove(run)
            except LichenError as error:
                complaints.add(str(error))
        for complaint in complaints - self._told_unkept:
            self._complaint = complaint
        self._told_unkept = complaints
        return paths

    def _run_state(self, pictures: TrainingPictures) -> RunState | None:
        session, client = self.session, self._client
        if session is None or client is None:
            return None
        return RunState(
            name=client.order.name,
            status=_without_path(session.status, client.order),
            note=session.note,
            phase=session.phase,
            has_ended=session.ending is not None,
            has_failed=session.has_failed,
            can_resume=client.can_resume,
            exemplar_texture=pictures.exemplar("run", self._run_exemplar),
            progress=session.progress,
            check=session.check,
            losses=client.losses,
            pool_textures=pictures.pool(session.pool_pictures),
            milestones=tuple(snapshot.iteration for snapshot in session.milestones),
            looked_back=session.looked_back,
            is_shown=self._stage.shows_preview,
        )


def _without_path(status: str, order: TrainingOrder) -> str:
    """The run's own copy of the picture is nobody's business."""
    return status if order.image is None else status.replace(str(order.image), order.name)
