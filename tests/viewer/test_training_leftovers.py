"""What cannot be kept of a training stands in nothing's way, and is not lost unasked."""

import subprocess
import sys
from pathlib import Path

from panel_trainee import Trainee
from panel_user import save_noise

from exporters.automaton_file import save_automaton
from exporters.gallery import user_entries, user_folder
from support import random_automaton
from training.order import TrainingOrder
from training.run_status import note_phase
from viewer.training_actions import (
    CloseWindow,
    ForgetRun,
    PauseTraining,
    PrepareTraining,
    ShowTab,
    StartTraining,
    StopRun,
)
from viewer.training_runs import find_runs, new_run

# Trains without a window, until the system asks for its end.
BACKGROUND_WORKER = """
import signal, sys
from pathlib import Path
from exporters.automaton_file import save_automaton
from support import random_automaton
from training.run_status import claimed, note_phase

output = Path(sys.argv[1])
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
with claimed(output):
    note_phase(output, "training")
    signal.sigwait({signal.SIGTERM})
    save_automaton(random_automaton(4, 8), output)
    note_phase(output, "finished", "stable")
"""


def finished_run(name: str) -> TrainingOrder:
    """What a worker leaves that has ended in the background, but for its result."""
    order = new_run(TrainingOrder(Path("moss.png"), Path(), name=name))
    note_phase(order.output, "finished", "stable")
    return order


def test_a_result_that_is_gone_or_damaged_blocks_no_other(trainee: Trainee) -> None:
    finished_run("gone")
    save_automaton(random_automaton(4, 8), finished_run("sound").output)
    finished_run("damaged").output.write_text("no automaton")
    trainee.poll_until(lambda: bool(user_entries()))
    assert [entry.name for entry in user_entries()] == ["sound"]
    assert "sound" in trainee.told
    assert {run.order.name for run in trainee.panel.earlier} == {"gone", "damaged"}
    assert trainee.panel.complaint
    # Each is told once, and can be thrown away.
    trainee.ask(ForgetRun(trainee.panel.earlier[0]))
    trainee.poll_until(lambda: len(trainee.panel.earlier) == 1)
    assert trainee.panel.complaint == ""
    trainee.ask(ForgetRun(trainee.panel.earlier[0]))
    trainee.poll_until(lambda: not trainee.panel.earlier)
    assert find_runs() == []


def test_a_training_in_the_background_can_be_ended(trainee: Trainee) -> None:
    order = new_run(TrainingOrder(Path("moss.png"), Path(), name="moss"))
    worker = subprocess.Popen([sys.executable, "-c", BACKGROUND_WORKER, str(order.output)])
    try:
        trainee.poll_until(lambda: any(run.is_learning for run in trainee.panel.earlier))
        (run,) = trainee.panel.earlier
        assert run.is_training
        trainee.ask(StopRun(run))
        assert worker.wait(60) == 0
    finally:
        worker.kill()
    trainee.poll_until(lambda: bool(user_entries()))
    assert [entry.name for entry in user_entries()] == ["moss"]
    assert trainee.panel.earlier == () and find_runs() == []


def test_the_window_stays_where_the_snapshot_cannot_be_kept(trainee: Trainee) -> None:
    picture = save_noise(trainee.folder / "obey.png", 60, 40, random_seed=0)
    trainee.ask(PrepareTraining(picture), StartTraining())
    trainee.poll_until(lambda: trainee.desk.session is not None)
    trainee.poll_until(lambda: bool(trainee.desk.session and trainee.desk.session.milestones))
    trainee.ask(ShowTab("play"))
    user_folder().parent.mkdir(parents=True, exist_ok=True)
    user_folder().write_text("no folder")
    trainee.ask(CloseWindow("keep"))
    assert not trainee.desk.may_close and "cannot write to" in trainee.told
    assert trainee.desk.is_training and not trainee.desk.asks_before_closing
    # The worker has not been hung up on.
    trainee.ask(PauseTraining())
    trainee.poll_until(
        lambda: bool(trainee.desk.session and trainee.desk.session.phase == "paused")
    )
    user_folder().unlink()
    trainee.ask(CloseWindow("stay"))
    assert not trainee.desk.may_close
    trainee.ask(CloseWindow("keep"))
    assert trainee.desk.may_close
    assert [entry.name for entry in user_entries()] == ["obey"]
