"""The benchmark of dreams measures every source in every turn."""

import numpy as np
import pytest

from training.benchmarks import dream


def test_every_source_has_its_turns() -> None:
    sources = {"koi": dream.exemplar("koi")[:32, :32], "photo": dream.photo(None)[:32, :32]}
    seconds = dream.measure(sources, frames=1, turns=range(2))
    assert {name: len(turns) for name, turns in seconds.items()} == {"koi": 2, "photo": 2}
    assert min(min(turns) for turns in seconds.values()) > 0
    assert dream.to_table(seconds).row_count == 2


def test_a_dream_goes_on_through_its_journey() -> None:
    start = dream.exemplar("koi")[:32, :32]
    frames = dream.dream_on(start)
    first = next(frames)
    for _ in range(dream.FRAMES - 1):
        last = next(frames)
    np.testing.assert_array_equal(last, start)
    np.testing.assert_array_equal(next(frames), first)


def test_what_is_no_picture_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        dream.main(["--photo", "nowhere.png"])
    assert "nowhere.png" in capsys.readouterr().err
