"""The question before the window closes is about the training that it names, or is taken back."""

from panel_trainee import Trainee

from exporters.gallery import user_entries
from viewer.training_actions import CloseWindow, StopTraining


def test_the_question_goes_with_the_training_it_is_about(trainee: Trainee) -> None:
    trainee.train("check")
    trainee.poll_until(lambda: trainee.run.phase == "checking")
    trainee.desk.asks_before_closing = True
    trainee.controller.poll()
    assert trainee.panel.asks_before_closing
    trainee.ask(StopTraining(keep=True))
    trainee.poll_until(lambda: trainee.run.has_ended)
    assert not trainee.panel.asks_before_closing and not trainee.desk.may_close
    assert [entry.name for entry in user_entries()] == ["check"]


def test_the_question_never_passes_to_the_next_training(trainee: Trainee) -> None:
    trainee.train("check", "obey")
    trainee.poll_until(lambda: trainee.run.phase == "checking")
    trainee.desk.asks_before_closing = True
    trainee.ask(StopTraining(keep=True))
    trainee.poll_until(lambda: trainee.panel.run is not None and trainee.run.name == "obey")
    assert trainee.desk.is_training and not trainee.panel.asks_before_closing
    trainee.desk.asks_before_closing = True
    trainee.ask(CloseWindow("stay"))
    assert not trainee.panel.asks_before_closing
