"""One table of keys: complete, without clashes, and shown whole by the help."""

from dataclasses import replace
from itertools import combinations

import pytest

from viewer.actions import Action, ChangeSettings, Clear, TogglePause, Undo
from viewer.keys import BINDINGS, GROUPS, SPEEDS, Binding, KeyPress, read_key
from viewer.panels.overlay import HELP_COLUMNS
from viewer.settings import Settings


def binding(label: str) -> Binding:
    return next(binding for binding in BINDINGS if binding.label == label)


def test_no_key_means_two_things() -> None:
    for one, other in combinations(BINDINGS, 2):
        if one.with_ctrl == other.with_ctrl:
            assert not set(one.keys) & set(other.keys), (one.label, other.label)


def test_the_help_shows_every_group_once() -> None:
    shown = [name for column in HELP_COLUMNS for name in column]
    assert sorted(shown) == sorted(GROUPS)


def test_every_binding_gives_an_action() -> None:
    for each in BINDINGS:
        assert each.action(Settings()) is not None


@pytest.mark.parametrize(
    "field, label", [("smooth", "D"), ("tiled", "T"), ("panel_visible", "Tab")]
)
def test_switches_turn_back_and_forth(field: str, label: str) -> None:
    for value in (False, True):
        action = binding(label).action(replace(Settings(), **{field: value}))
        assert action == ChangeSettings(replace(Settings(), **{field: not value}))


def test_speed_keys_reach_both_ends_and_stay_there() -> None:
    settings = Settings(steps_per_second=42.0)
    for label, end in (("+", SPEEDS[-1]), ("-", SPEEDS[0])):
        for _ in range(2 * len(SPEEDS)):
            action = binding(label).action(settings)
            assert isinstance(action, ChangeSettings)
            settings = action.settings
        assert settings.steps_per_second == end


@pytest.mark.parametrize(
    "press, expected",
    [
        (KeyPress("c"), [Clear()]),
        (KeyPress("z", with_ctrl=True), [Undo()]),
        (KeyPress("z"), []),
        (KeyPress("c", with_ctrl=True), []),
        (KeyPress("space"), [TogglePause()]),
        (KeyPress("space", is_repeat=True), []),
        (KeyPress("z", with_ctrl=True, is_repeat=True), [Undo()]),
        (KeyPress("ß"), []),
    ],
)
def test_presses_become_actions(press: KeyPress, expected: list[Action]) -> None:
    assert list(read_key(press, Settings())) == expected
