"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from exporters.atomic import atomic_path, check_writable
from exporters.errors import LichenError


def test_the_file_appears_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with atomic_path(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
        assert temporary.suffix == ".txt"
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_keeps_the_old_file_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="No space left"), atomic_path(tmp_path / "a") as half:
        half.write_bytes(b"half")
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("path", ["missing/a.txt", ".", "x" * 300, f"{'x' * 300}/a.txt"])
def test_unwritable_targets_are_told_early(tmp_path: Path, path: str) -> None:
    with pytest.raises(LichenError, match="cannot write"):
        check_writable(tmp_path / path)


def test_a_read_only_folder_is_told_early() -> None:
    # Not even the administrator can create files here; on systems without it, it is missing.
    with pytest.raises(LichenError, match="takes no files|does not exist"):
        check_writable("/proc/lichen.txt")
