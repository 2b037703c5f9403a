"""The training benchmark: costs in turns, a table of scores, and baselines as they are written."""

from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import torch
from PIL import Image
from rich.console import Console
from torch import Tensor

from exporters.errors import LichenError
from training.automaton_step import TrainableAutomaton, new_automaton
from training.benchmarks.costs import kept_costs, measure_costs
from training.benchmarks.plain_losses import PlainTransportLoss
from training.benchmarks.plain_step import plain_step
from training.benchmarks.quality import Entry, main, to_table
from training.benchmarks.recipes import Recipe
from training.losses.patch import PatchLoss
from training.networks.vgg16 import Vgg16
from training.plan import TrainingPlan

TINY = TrainingPlan(
    channels=4, hidden=8, fewest_steps=2, most_steps=2, grid_cells=16, batch=1, pool_size=2
)


def test_plain_step_is_our_step() -> None:
    generator = torch.Generator().manual_seed(0)
    model = TrainableAutomaton(replace(new_automaton(4, 8, generator), clamp=None))
    with torch.no_grad():
        model.update_weight.normal_(0, 0.1, generator=generator)
    state = torch.rand(2, 4, 12, 10, generator=generator)
    fires = torch.rand(2, 1, 12, 10, generator=generator) < 0.5
    ours = model(state.permute(0, 2, 3, 1).contiguous(), fires[:, 0]).permute(0, 3, 1, 2)
    torch.testing.assert_close(plain_step(model, state, fires.float()), ours)


def test_more_work_costs_more(tmp_path: Path) -> None:
    path = tmp_path / "noise.png"
    Image.effect_noise((64, 64), 60).convert("RGB").save(path)
    light = Recipe("light", TINY, PatchLoss, exemplar_cells=64)
    heavy = Recipe("heavy", replace(TINY, fewest_steps=100, most_steps=100), PatchLoss, 64)
    costs = measure_costs({"light": light, "heavy": heavy}, path, rounds=1)
    assert 0 < 2 * costs["light"] < costs["heavy"]


def test_costs_that_are_missing_are_measured_at_the_pace_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "costs.json"
    asked: list[set[str]] = []

    def measure(pace: float, wanted: dict[str, Recipe]) -> dict[str, float]:
        asked.append(set(wanted))
        return {name: pace * len(name) for name in wanted}

    known = {name: Recipe(name, TINY, PatchLoss, 64) for name in ("a", "bb", "ccc")}
    assert kept_costs(["a", "bb"], known, path, partial(measure, 1)) == {"a": 1, "bb": 2}
    # The machine is ten times slower by now.
    costs = kept_costs(["bb", "ccc"], known, path, partial(measure, 10))
    assert costs == pytest.approx({"a": 1, "bb": 2, "ccc": 3})
    assert kept_costs(["ccc"], known, path, partial(measure, 10)) == costs
    assert asked == [{"a", "bb"}, {"a", "ccc"}]
    path.write_text("{")
    with pytest.raises(LichenError, match="damaged"):
        kept_costs(["a"], known, path, partial(measure, 1))


def test_table_has_means_and_the_median() -> None:
    scores = {
        Entry("transport", 6, exemplar, seed, 10): score
        for exemplar, seed, score in [("koi", 0, 0.1), ("koi", 1, 0.3), ("knit", 0, 0.9)]
    }
    page = StringIO()
    Console(file=page, width=100).print(to_table(scores, {"transport": 1.5}))
    assert "0.200 ± 0.141" in page.getvalue()
    assert "0.900" in page.getvalue()
    assert "0.300" in page.getvalue().splitlines()[-2]


@pytest.fixture(scope="module")
def network() -> Vgg16:
    generator = torch.Generator().manual_seed(0)
    widths = [(3, 64), (64, 64), (64, 128), (128, 128), (128, 256)]
    convolutions = [
        (torch.randn(b, a, 3, 3, generator=generator) / (3 * a**0.5), torch.zeros(b))
        for a, b in widths
    ]
    return Vgg16(convolutions, "a test")


def test_plain_transport_prefers_the_exemplar(network: Vgg16) -> None:
    generator = torch.Generator().manual_seed(1)
    exemplar: Tensor = torch.rand(3, 32, 32, generator=generator)
    loss = PlainTransportLoss(exemplar, network)
    alike = loss(exemplar[None], torch.Generator().manual_seed(2))
    unlike = loss(exemplar[None] * 0.5, torch.Generator().manual_seed(2))
    assert 10 * alike < unlike


def test_an_unknown_exemplar_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["-o", str(tmp_path / "runs"), "--exemplars", "moss"])
    assert "the gallery has no exemplar moss" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--recipes", "moss"], "invalid choice: 'moss'"),
        (["--seeds", "0"], "at least 1, not 0"),
        (["--seeds", "two"], "at least 1, not two"),
        (["-o", __file__], "cannot make the folder"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["-o", str(tmp_path), *words])
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
