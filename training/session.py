"""A training at a window's command, from the order to the last message."""

import os
import time
from collections.abc import Callable

from training.callbacks.candidates import Candidates
from training.callbacks.keeper import FolderKeeper
from training.callbacks.messenger import Messenger
from training.control import Control
from training.finish import finish_training
from training.frames import Log
from training.loop import Training
from training.order import TrainingOrder
from training.prepare import prepare_trainer
from training.protocol import Finished, Phase, State, Stopped, ToWindow
from training.run_status import RunStatus, note_phase, spent_seconds, write_status

KEEP_SECONDS = 30.0
NOTHING_LEARNT = "it was ended before it had learnt anything."


class Session:
    """Trains, pauses and ends as `control` wishes, and says so through `send`."""

    def __init__(
        self, order: TrainingOrder, send: Callable[[ToWindow], None], control: Control
    ) -> None:
        self._order = order
        self._send = send
        self._control = control
        self._paused_seconds = 0.0
        self._messenger = Messenger(send)
        self._keeper = RunKeeper(order.output, KEEP_SECONDS)

    def run(self) -> Finished | Stopped:
        """Train to the end, and give the last message.

        Raises:
            LichenError: the order cannot be carried out, or a file cannot be written.
        """
        self._enter("preparing")
        trainer = prepare_trainer(self._order, tell=lambda sentence: self._send(Log(sentence)))
        self._control.begin()
        self._send(Log(f"loss: {trainer.target.description}"))
        if self._order.resume:
            self._send(Log(f"resumed at iteration {trainer.iteration}"))
        training = Training(
            trainer,
            self._order.budget,
            [self._messenger, Candidates(), self._keeper],
            lambda: time.monotonic() - self._paused_seconds,
            spent_seconds(self._order.output) if self._order.resume else 0.0,
        )
        self._enter("training")
        training.run(lambda: self._should_stop(training))
        return self._end(training)

    def _should_stop(self, training: Training) -> bool:
        if self._control.wish == "pause":
            self._pause(training)
        return self._control.wish != "train"

    def _pause(self, training: Training) -> None:
        paused_at_seconds = time.monotonic()
        if training.trainer.iteration:
            self._keeper.keep(training)
        self._messenger.send_snapshot(training, training.trainer.to_automaton())
        self._enter("paused")
        self._control.wait_while_paused()
        self._paused_seconds += time.monotonic() - paused_at_seconds
        if self._control.wish == "train":
            self._enter("training")

    def _end(self, training: Training) -> Finished | Stopped:
        if self._control.complaint is not None:
            raise self._control.complaint
        if self._control.wish in ("discard", "leave"):
            return Stopped()
        if not training.trainer.iteration:
            note_phase(self._order.output, "failed", NOTHING_LEARNT)
            return Stopped()
        self._enter("checking")
        order = self._order
        automaton, verdict = finish_training(
            training.trainer, order.output, order.check, self._send
        )
        self._messenger.send_snapshot(training, automaton)
        note_phase(order.output, "finished", str(verdict or ""))
        return Finished(order.output, str(verdict or ""))

    def _enter(self, phase: Phase) -> None:
        self._send(State(phase))
        note_phase(self._order.output, phase)


class RunKeeper(FolderKeeper):
    """Also writes down how far the training is, as of the checkpoint."""

    def keep(self, training: Training) -> None:
        """Write automaton, checkpoint and status. Raises LichenError where one cannot be."""
        super().keep(training)
        progress = training.progress
        write_status(
            self._output,
            RunStatus(
                os.getpid(),
                "training",
                progress.iteration,
                progress.completed,
                progress.elapsed_seconds,
            ),
        )
