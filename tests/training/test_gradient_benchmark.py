"""The gradient benchmark: its contenders compute the same, and its table tells who is faster."""

import pytest

from training.benchmarks.gradient import CONTENDERS, Figures, Work, main, measure, to_table


@pytest.mark.parametrize(("channels", "hidden"), [(12, 96), (4, 8)])
def test_contenders_have_the_lessons_gradient(channels: int, hidden: int) -> None:
    figures = measure(channels, hidden, Work(side_cells=16, batch=2, steps=4), CONTENDERS, range(1))
    assert figures["ours"].gradient_error <= 1e-4
    assert figures["lesson, depthwise"].gradient_error <= 1e-4
    assert 1e-4 < figures["lesson, depthwise, bfloat16"].gradient_error
    assert figures["lesson, depthwise, bfloat16"].gradient_cosine >= 0.999


def test_the_table_says_how_many_times_as_fast_each_is() -> None:
    figures = {"lesson": Figures(30, 40, 0, 1), "ours": Figures(10, 8, 1e-6, 1)}
    ratios = [list(column.cells)[1] for column in to_table({(12, 96): figures}).columns[4:6]]
    assert ratios == ["3.00", "5.00"]


def test_the_command_prints_every_size(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--side", "8", "--batch", "1", "--steps", "2", "--turns", "1"])
    printed = capsys.readouterr().out
    assert "12/96" in printed and "4/8" in printed


def test_mistakes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--turns", "0"])
    assert "1 or more" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["--device", "abacus"])
    assert "the device abacus cannot be used here" in capsys.readouterr().err
