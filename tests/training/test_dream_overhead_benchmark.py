"""The benchmark of our loop around a diffusion pipeline: both do the same, and it tells so."""

from pathlib import Path

import numpy as np
import pytest

from training.benchmarks.dream_overhead import (
    FRAME_INDEX,
    JOURNEY,
    STEPS,
    WORKS,
    Figures,
    PipelineAlone,
    Work,
    main,
    measure,
    to_table,
)
from training.benchmarks.random_pipeline import PipelineSize, save_random_pipeline
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.dreaming import to_picture

SIDE = 32


def test_the_pipeline_alone_does_the_same_work(tmp_path: Path) -> None:
    save_random_pipeline(tmp_path)
    options = DiffusersOptions(str(tmp_path), steps=STEPS, device="cpu")
    start = np.full((SIDE, SIDE, 3), 128, np.uint8)
    dreamer = DiffusersDreamer(options, (SIDE, SIDE), lambda: False, print)
    alone = PipelineAlone(options, start)
    calls: list[tuple[float, int]] = []
    for pipeline in (dreamer._imagination.pipeline, alone._pipeline):
        pipeline.unet.register_forward_pre_hook(
            lambda _, inputs: calls.append((float(inputs[1]), len(inputs[0])))
        )
    alone()
    expected, calls[:] = list(calls), []
    dreamer.dream(to_picture(start), JOURNEY.frame(FRAME_INDEX))
    assert len(expected) >= 8 and calls == expected


def test_both_take_turns() -> None:
    figures = measure(Work(PipelineSize(), SIDE), range(1))
    assert figures.parameters > 10**6 and figures.pipeline_seconds > 0
    assert figures.overhead > -1 and 0 < figures.loop_overhead < 1


def test_the_table_tells_shares() -> None:
    table = to_table({name: Figures(2_000_000, 3.0, 0.012, 0.02) for name in WORKS})
    assert [list(column.cells)[0] for column in table.columns] == [
        "tiny, 256x256",
        "2.0 million",
        "3.00 CPU s a frame",
        "1.2 %",
        "2.0 %",
    ]


def test_mistakes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--turns", "0"])
    assert "1 or more" in capsys.readouterr().err
