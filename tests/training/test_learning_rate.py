"""The search for a learning rate: it sees the valley, and stops where the loss runs away."""

from pathlib import Path

import numpy as np
import pytest

from exporters.picture_file import save_picture
from training.learning_rate import SAFETY, suggest_learning_rate, try_learning_rates
from training.trainer import LossNotFinite
from viewer.command import main

TINY = "--loss patch --channels 4 --hidden 8 --grid 16 --batch 1 --pool 4 --steps 2:3".split()


class Bowl:
    """Stands for a trainer: a parabola descended by gradient steps, unstable above a rate."""

    class plan:
        learning_rate = 1.0

    def __init__(self, curvature: float) -> None:
        self.learning_rate_scale = 1.0
        self._curvature = curvature
        self._place = 1.0

    def iterate(self, completed: float) -> float:
        loss = self._curvature * self._place**2 / 2
        if not np.isfinite(loss):
            raise LossNotFinite("away")
        # The kick stands for the noise of a batch: the place never is the bottom exactly.
        self._place += 0.01 - self.learning_rate_scale * self._curvature * self._place
        return loss + 1e-3


def test_the_search_ends_where_the_loss_runs_away() -> None:
    rates, losses = try_learning_rates(Bowl(curvature=100.0), 200)
    assert len(rates) == len(losses) < 200
    # Steps on a parabola of this curvature are unstable above 2 / 100.
    assert 0.02 < rates[-1] < 0.1


def test_a_loss_that_never_is_a_number_is_told() -> None:
    with pytest.raises(LossNotFinite):
        try_learning_rates(Bowl(curvature=float("nan")), 10)


def test_the_suggestion_lies_a_decade_below_the_lowest_loss() -> None:
    rates, losses = np.array([0.01, 0.1, 1.0]), np.array([3.0, 1.0, 2.0])
    assert suggest_learning_rate(rates, losses) == pytest.approx(0.1 / SAFETY)


def test_the_command_names_a_rate_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    save_picture(noise, tmp_path / "noise.png")
    monkeypatch.chdir(tmp_path)
    assert main(["train", "noise.png", "--find-learning-rate", *TINY]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("try --learning-rate 0.0")
    assert told.err.count("rate 0.") >= 5
    assert [path.name for path in tmp_path.iterdir()] == ["noise.png"]
    assert main(["train", ".", "--find-learning-rate", *TINY]) == 2
    assert ". is a folder; name one of its pictures" in capsys.readouterr().err
    assert main(["train", "noise.png", *TINY]) == 2
    assert "with -o FILE" in capsys.readouterr().err
