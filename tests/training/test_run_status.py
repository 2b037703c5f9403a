"""What a worker leaves on disk of itself."""

import os
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.run_files import status_path
from training.run_status import (
    RunStatus,
    claimed,
    is_claimed,
    note_phase,
    read_status,
    write_status,
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "moss.safetensors"


def test_a_status_comes_back(output: Path) -> None:
    assert read_status(output) is None
    status = RunStatus(7, "paused", 12, 0.5, 3.25, "so far so good")
    write_status(output, status)
    assert read_status(output) == status


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"process_id": 1, "phase": "lost"}'])
def test_a_damaged_status_counts_as_none(output: Path, content: bytes) -> None:
    status_path(output).write_bytes(content)
    assert read_status(output) is None


def test_a_new_phase_keeps_how_far_it_was(output: Path) -> None:
    write_status(output, RunStatus(7, "training", 12, 0.5, 3.25))
    note_phase(output, "failed", "the disk is full.")
    expected = RunStatus(os.getpid(), "failed", 12, 0.5, 3.25, "the disk is full.")
    assert read_status(output) == expected


def test_the_first_phase_needs_no_status(output: Path) -> None:
    note_phase(output, "preparing")
    assert read_status(output) == RunStatus(os.getpid(), "preparing")


def test_a_claim_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(LichenError, match="cannot write"),
        claimed(tmp_path / "file" / "a.safetensors"),
    ):
        pass


def test_a_claim_keeps_others_away(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.claim.CLAIM_SECONDS", 0.1)
    assert not is_claimed(output)
    with claimed(output):
        assert is_claimed(output)
        with pytest.raises(LichenError, match="still writing"), claimed(output):
            pass
        assert is_claimed(output)
    assert not is_claimed(output)
