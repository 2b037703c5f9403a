"""Everything around training in the window: preparing it, following it, keeping what it learns."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from training.order import TrainingOrder
from training.protocol import Failed, Finished, Snapshot, State, Stopped
from training.run_status import note_phase
from viewer import training_actions as asked
from viewer.panels.training_state import RunState, TrainingState
from viewer.stage import Stage
from viewer.training_actions import Tab, TrainingAction
from viewer.training_client import Event, TrainingClient, WorkerDied
from viewer.training_exemplar import read_what_is_learnt
from viewer.training_leftovers import TrainingLeftovers
from viewer.training_pictures import TrainingPictures
from viewer.training_planning import TrainingPlanning
from viewer.training_queue import TrainingQueue
from viewer.training_runs import discard_run, keep_run, keep_snapshot, stop_run
from viewer.training_session import TrainingSession, without_path


class TrainingDesk:
    """Carries out the training panel's actions and follows the trainings.

    Attributes:
        tab: which panel shows.
        session: the training under way, or the last one until it is put away.
        asks_before_closing: whether the user closed the window on a training; taken back when that
            training ends.
        may_close: whether all is done that the user asked for before the window closes.
    """

    def __init__(self, stage: Stage) -> None:
        self.tab: Tab = "play"
        self.session: TrainingSession | None = None
        self.asks_before_closing = False
        self.may_close = False
        self._stage = stage
        self._queue = TrainingQueue()
        self._planning = TrainingPlanning()
        self._leftovers = TrainingLeftovers()
        self._run_exemplar: NDArray[np.uint8] | None = None
        self._complaint = ""
        self._failure = ""
        self._untold: str | None = None
        self._client: TrainingClient | None = None
        self._order: TrainingOrder | None = None
        self._result: Path | None = None
        self._previewed: Snapshot | None = None

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

        Raises:
            LichenError: a training has failed out of sight; all else was followed.
        """
        text, self._untold = self._untold, None
        try:
            picture = self._planning.poll()
            if picture is not None:
                self._prepare(picture)
            for event in self._queue.poll():
                text = self._take(event, grid) or text
            self._follow_queue()
            text = self._look_around() or text
        except LichenError as error:
            self._complaint = str(error)
        if self._failure:
            failure, self._failure, self._untold = self._failure, "", text
            raise LichenError(failure)
        return text

    def state(self, pictures: TrainingPictures) -> TrainingState:
        """What the panel shows."""
        return TrainingState(
            tab=self.tab,
            draft=self._planning.draft,
            exemplar_texture=pictures.exemplar("draft", self._planning.exemplar),
            clips=self._planning.clips,
            complaint=self._complaint,
            run=self._run_state(pictures),
            waiting=tuple(order.name for order in self._queue.waiting),
            earlier=self._leftovers.runs,
            asks_before_closing=self.asks_before_closing,
        )

    def _apply(self, action: TrainingAction) -> str | None:
        match action:
            case asked.ShowTab(tab):
                self.tab = tab
            case asked.BrowseForPicture():
                self._planning.browse()
            case asked.PrepareTraining(image):
                self._prepare(image)
            case asked.ChangeDraft(draft):
                self._planning.change(draft)
            case asked.StartTraining():
                self._planning.begin(self._queue)
            case asked.RemoveWaiting(place):
                self._queue.cancel(self._queue.waiting[place])
            case asked.AdvanceWaiting(place):
                self._queue.move(self._queue.waiting[place], max(place - 1, 0))
            case asked.ShowTraining():
                self._show()
            case asked.LookBack(place):
                if self.session is not None:
                    self.session.look_back(place)
                    if self.session.looked_back is not None:
                        self._stage.stop_opening()
                    self._show()
            case asked.KeepShown():
                return self._keep_shown()
            case asked.ForgetTraining():
                self._forget()
            case asked.ChangeTraining():
                if self._client is not None and self._can_change:
                    self._planning.reopen(self._client.order)
                    self._forget()
            case asked.ResumeRun(run):
                self._queue.resume(run.order)
                self._leftovers.look_soon()
            case asked.StopRun(run):
                if stop_run(run.order):
                    return f"{run.order.name} is checked, and comes to your gallery."
            case asked.ForgetRun(run):
                discard_run(run.order)
                self._leftovers.look_soon()
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
                self._client.resume()
                self.session.begin_again()
            case asked.StopTraining(keep):
                self._client.stop(keep)

    def _prepare(self, image: Path) -> None:
        self.tab = "train"
        self._planning.prepare(image)

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
        if self.session.ending is not None:
            # What was asked about has ended, and another question is the next one's.
            self.asks_before_closing = False
        try:
            match event:
                case Snapshot():
                    self._follow_snapshots()
                case State("paused") if self._shows_newest():
                    self._stage.bake_preview(self._order.output)
                case Stopped() if self._client is not None and self._client.was_to_be_kept:
                    return f"{self._order.name} had learnt nothing yet, so nothing was kept."
                case _ if self._client is not None and self._client.is_unwanted:
                    pass
                case Finished():
                    return self._keep_result(grid)
                case Failed() | WorkerDied():
                    self._follow_failure(event)
        except LichenError as error:
            self._complaint = str(error)
        return None

    def _follow_failure(self, event: Failed | WorkerDied) -> None:
        """Nobody may miss it: not where the panel shows something else, nor in a later window."""
        assert self._order is not None
        stays = self._queue.current is self._client and not self._queue.waiting
        if not (stays and self.tab == "train" and self._planning.draft is None):
            sentence = without_path(event.sentence, self._order)
            self._failure = f"{self._order.name}: {sentence}"
        if isinstance(event, WorkerDied):
            with suppress(LichenError):  # The disk may be full.
                note_phase(self._order.output, "failed", event.sentence)

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
        """Into the gallery, and onto the whole grid where the user was watching its newest."""
        assert self._order is not None
        path = self._result = keep_run(self._order)
        # What is kept from here on goes beside it, with the same picture.
        if self._order.image is not None:
            self._order = replace(self._order, image=GalleryEntry(path).exemplar_path)
        if self._shows_newest() or self._stage.path == path:
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

    @property
    def _can_change(self) -> bool:
        """Whether a training has failed before it learnt anything that was decided here."""
        client = self._client
        if client is None or self.session is None or not self.session.has_failed:
            return False
        return not self._holds_work and self._planning.can_reopen(client.order)

    @property
    def _holds_work(self) -> bool:
        """Whether the training has anything that would be lost with its folder."""
        client, session = self._client, self.session
        if client is None or session is None:
            return False
        return bool(session.milestones) or client.can_resume or client.order.output.is_file()

    def _forget(self) -> None:
        """Put away what has ended; only what has failed before it learnt anything is discarded."""
        if self._client is None or self._queue.is_training:
            return
        if self.session is not None and self.session.has_failed and not self._holds_work:
            discard_run(self._client.order)
        self._queue.current = None
        self._leftovers.look_soon()
        self._follow_queue()

    def _look_around(self) -> str:
        """Look for trainings that are not followed here; one that has finished is kept."""
        clients = [*self._queue.ended, *([self._queue.current] if self._queue.current else [])]
        followed = {client.order.output for client in clients if client.ending is None}
        followed |= {order.output for order in self._queue.waiting}
        if self._client is not None:
            followed.add(self._client.order.output)
        news, complaint = self._leftovers.poll(followed)
        self._complaint = complaint or self._complaint
        return news

    def _run_state(self, pictures: TrainingPictures) -> RunState | None:
        session, client = self.session, self._client
        if session is None or client is None:
            return None
        return RunState(
            name=client.order.name,
            status=without_path(session.status, client.order),
            note=session.note,
            phase=session.phase,
            has_ended=session.ending is not None,
            has_failed=session.has_failed,
            can_resume=client.can_resume,
            can_change=self._can_change,
            exemplar_texture=pictures.exemplar("run", self._run_exemplar),
            progress=session.progress,
            check=session.check,
            losses=client.losses,
            pool_textures=pictures.pool(session.pool_pictures),
            milestones=tuple(snapshot.iteration for snapshot in session.milestones),
            looked_back=session.looked_back,
            is_shown=self._stage.shows_preview,
        )
