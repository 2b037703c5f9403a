"""Orders and messages survive JSON; what does not fit is refused."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from exporters.automaton import Credits
from exporters.errors import LichenError
from training.budget import Budget
from training.order import TrainingOrder
from training.plain_json import from_plain, to_plain
from training.plan import TrainingPlan


@dataclass(frozen=True)
class Sample:
    number: float
    count: int = 0
    is_on: bool = False
    word: Literal["a", "b"] = "a"
    maybe: Path | None = None
    pair: tuple[float, int] = (0.0, 0)
    names: tuple[str, ...] = ()


def through_json(value: Any) -> Any:
    return from_plain(type(value), json.loads(json.dumps(to_plain(value))))


@pytest.mark.parametrize(
    "sample",
    [
        Sample(0.5),
        Sample(-1e300, 2, True, "b", Path("a/b"), (1.5, 3), ("x", "y", "z")),
    ],
)
def test_every_kind_of_field_comes_back(sample: Sample) -> None:
    assert through_json(sample) == sample


def test_a_file_name_that_is_no_text_comes_back() -> None:
    sample = Sample(0.0, maybe=Path("moss\udcff.png"))
    assert through_json(sample) == sample


def test_orders_come_back() -> None:
    order = TrainingOrder(Path("moss.png"), Path("out/moss.safetensors"))
    assert through_json(order) == order
    order = replace(
        order,
        plan=TrainingPlan(damage_every_iterations=3),
        budget=Budget(minutes=1.5),
        loss="patch",
        weights=Path("vgg.pth"),
        crop=(0.1, 0.2, 0.3, 0.4),
        credits=Credits(author="somebody"),
    )
    assert through_json(order) == order


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"number": "1"},
        {"number": True},
        {"number": float("nan")},
        {"number": 10**400},
        {"number": 1, "count": 1.0},
        {"number": 1, "count": True},
        {"number": 1, "is_on": 1},
        {"number": 1, "word": "c"},
        {"number": 1, "word": []},
        {"number": 1, "maybe": 3},
        {"number": 1, "pair": [1.0]},
        {"number": 1, "pair": {"0": 1.0}},
        {"number": 1, "names": [1]},
        {"number": 1, "other": 1},
    ],
)
def test_what_does_not_fit_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        from_plain(Sample, value)


def test_a_dataclass_refuses_in_its_own_words() -> None:
    with pytest.raises(LichenError, match="above zero"):
        from_plain(Budget, {"iterations": 0})
