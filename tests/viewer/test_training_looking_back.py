"""Somebody who looks at an earlier moment goes on looking at it, whatever the training does."""

from panel_trainee import Trainee

from exporters.gallery import user_entries
from viewer.panels.overlay import preview_label
from viewer.training_actions import KeepShown, LookBack, PauseTraining


def test_a_training_that_ends_leaves_one_at_the_moment_one_looks_at(trainee: Trainee) -> None:
    trainee.train("grow_older")
    trainee.poll_until(lambda: trainee.run.milestones == (1,))
    trainee.ask(PauseTraining())
    trainee.poll_until(lambda: trainee.run.milestones == (1, 2))
    assert preview_label(trainee.run) == "Learning grow_older, iteration 2"
    trainee.ask(LookBack(0), PauseTraining())
    trainee.poll_until(lambda: trainee.run.has_ended)
    assert trainee.run.looked_back == 0 and trainee.run.is_shown
    assert trainee.controller.stage.opening_path is None
    assert preview_label(trainee.run) == "Looking back: grow_older, iteration 1"
    trainee.ask(KeepShown())
    assert "Iteration 1 is in your gallery" in trainee.told and len(user_entries()) == 2
    trainee.ask(LookBack(None))
    assert preview_label(trainee.run) == "Learnt grow_older, iteration 2"


def test_a_result_that_is_being_compiled_does_not_take_one_from_the_moment_one_looks_at(
    trainee: Trainee,
) -> None:
    stage = trainee.controller.stage
    trainee.train("grow_old")
    trainee.poll_until(lambda: trainee.run.milestones == (1,))
    trainee.ask(PauseTraining())
    trainee.poll_until(lambda: trainee.run.has_ended)
    (entry,) = user_entries()
    trainee.ask(LookBack(1))
    assert stage.opening_path == entry.path, "the newest moment is the result's own"
    trainee.ask(LookBack(0))
    assert stage.opening_path is None
    trainee.controller.poll()
    assert trainee.run.is_shown and trainee.run.looked_back == 0
