"""A training that is ended before it has learnt anything leaves nothing, and says so."""

from panel_trainee import Trainee

from exporters.gallery import user_entries
from viewer.training_actions import StopTraining
from viewer.training_runs import find_runs


def test_finishing_before_anything_is_learnt_keeps_nothing_and_says_so(trainee: Trainee) -> None:
    trainee.train("linger")
    trainee.poll_until(lambda: trainee.run.phase == "training")
    assert not trainee.run.can_finish
    trainee.ask(StopTraining(keep=True))
    trainee.poll_until(lambda: trainee.panel.run is None)
    assert trainee.told == "linger had learnt nothing yet, so nothing was kept."
    assert user_entries() == [] and find_runs() == []


def test_the_next_training_follows_one_that_has_learnt_nothing(trainee: Trainee) -> None:
    trainee.train("linger", "finish")
    trainee.poll_until(lambda: trainee.run.phase == "training")
    trainee.ask(StopTraining(keep=True))
    trainee.poll_until(lambda: bool(user_entries()))
    trainee.poll_until(lambda: trainee.run.has_ended)
    assert [entry.name for entry in user_entries()] == ["finish"] and find_runs() == []


def test_discarding_before_anything_is_learnt_needs_no_words(trainee: Trainee) -> None:
    trainee.train("linger")
    trainee.ask(StopTraining(keep=False))
    trainee.poll_until(lambda: trainee.panel.run is None)
    assert trainee.told == "" and find_runs() == []
