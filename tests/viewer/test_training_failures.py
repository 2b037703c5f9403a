"""A training that fails is heard of wherever one looks, and takes nothing along."""

from collections.abc import Callable

import pytest
from panel_trainee import Trainee

from exporters.gallery import user_entries
from viewer.panels.overlay import preview_label
from viewer.training_actions import (
    ChangeDraft,
    ChangeTraining,
    ContinueTraining,
    ForgetTraining,
    ShowTab,
    StartTraining,
    StopTraining,
)
from viewer.training_runs import find_runs


def look_elsewhere(trainee: Trainee) -> None:
    trainee.train("refuse")
    trainee.ask(ShowTab("play"))


def prepare_another(trainee: Trainee) -> None:
    trainee.train("refuse")
    trainee.prepare("obey")


def let_another_wait(trainee: Trainee) -> None:
    trainee.train("refuse", "obey")


@pytest.mark.parametrize("prepare", [look_elsewhere, prepare_another, let_another_wait])
def test_a_failure_out_of_sight_is_told_until_it_is_dismissed(
    trainee: Trainee, prepare: Callable[[Trainee], None]
) -> None:
    prepare(trainee)
    trainee.poll_until(lambda: bool(trainee.told))
    message = trainee.controller.messages.shown
    assert message is not None and message.is_error and message.ends_at_seconds is None
    assert message.text == "refuse: refuse is flat."


def test_nothing_newer_takes_the_place_of_a_failure(trainee: Trainee) -> None:
    trainee.train("refuse", "finish")
    trainee.poll_until(lambda: bool(user_entries()))
    messages = trainee.controller.messages
    told = []
    while messages.shown is not None:
        told.append(messages.shown.text)
        messages.dismiss()
    assert told == ["finish is in your gallery, as finish.", "refuse: refuse is flat."]


def test_a_failure_in_sight_is_told_there_alone(trainee: Trainee) -> None:
    trainee.train("refuse")
    trainee.poll_until(lambda: trainee.run.has_failed)
    assert trainee.run.status == "refuse is flat." and trainee.told == ""


def test_what_was_discarded_has_not_failed(trainee: Trainee) -> None:
    """A check is discarded by killing the worker."""
    trainee.train("check")
    trainee.poll_until(lambda: trainee.run.check is not None)
    trainee.ask(ShowTab("play"), StopTraining(keep=False))
    trainee.poll_until(lambda: trainee.panel.run is None)
    assert trainee.told == ""


@pytest.mark.parametrize(
    ("behaviour", "sentence"), [("refuse", "refuse is flat."), ("die", "ended by itself")]
)
def test_the_list_of_earlier_runs_says_why_one_failed(
    trainee: Trainee, behaviour: str, sentence: str
) -> None:
    trainee.train(behaviour, "obey")
    trainee.poll_until(lambda: bool(trainee.panel.earlier))
    (run,) = trainee.panel.earlier
    assert run.order.name == behaviour and sentence in run.failure
    assert "exemplar" not in run.failure


def test_what_was_learnt_outlives_a_failure_that_is_put_away(trainee: Trainee) -> None:
    trainee.train("die_young")
    trainee.poll_until(lambda: trainee.run.has_failed)
    assert trainee.run.milestones and not trainee.run.can_resume
    assert preview_label(trainee.run) == "Stopped: die_young, iteration 1"
    trainee.ask(ForgetTraining())
    trainee.poll_until(lambda: bool(trainee.panel.earlier))
    assert trainee.panel.run is None and len(find_runs()) == 1


def test_an_automaton_outlives_a_failure_that_is_put_away(trainee: Trainee) -> None:
    trainee.train("refuse")
    trainee.poll_until(lambda: trainee.run.has_failed)
    (run,) = find_runs()
    run.order.output.write_bytes(b"weights")
    trainee.ask(ForgetTraining())
    assert run.order.output.is_file()


def test_a_failure_that_learnt_nothing_leaves_nothing(trainee: Trainee) -> None:
    trainee.train("refuse")
    trainee.poll_until(lambda: trainee.run.has_failed)
    trainee.ask(ForgetTraining())
    assert trainee.panel.run is None and find_runs() == []


def test_the_choices_can_be_changed_where_nothing_was_learnt(trainee: Trainee) -> None:
    trainee.prepare("refuse")
    draft = trainee.panel.draft
    trainee.ask(StartTraining())
    trainee.poll_until(lambda: trainee.panel.run is not None and trainee.run.has_failed)
    trainee.ask(ContinueTraining())
    trainee.poll_until(lambda: trainee.run.has_failed)
    assert trainee.run.can_change
    trainee.ask(ChangeTraining())
    assert trainee.panel.draft == draft and trainee.panel.exemplar_texture > 0
    assert trainee.panel.run is None and find_runs() == []
    trainee.ask(ChangeDraft(None))


def test_the_choices_stay_where_something_was_learnt(trainee: Trainee) -> None:
    trainee.train("die_young")
    trainee.poll_until(lambda: trainee.run.has_failed)
    assert not trainee.run.can_change
    trainee.ask(ChangeTraining())
    assert trainee.panel.draft is None and trainee.panel.run is not None
