"""What the dream worker makes of an order: missing and damaged frames, a full disk, mistakes."""

import resource
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from patch_dreams import FRAMES, carry_out, frames_of, new_patch_dream
from PIL import Image

from exporters.errors import LichenError
from training.claim import claim
from training.dream import worker
from training.dream.control import Control
from training.dream.dream_files import frame_path, lock_path
from training.dream.protocol import BeginDream, FrameMade
from training.endings import Failed, Finished


@pytest.mark.parametrize("damage", ["gone", "empty", "half", "another size"])
def test_a_damaged_frame_is_dreamt_again(
    tmp_path: Path, whole_dream: list[bytes], damage: str
) -> None:
    order = new_patch_dream(tmp_path / "dream")
    for index in range(1, FRAMES):
        frame_path(order.folder, index).write_bytes(whole_dream[index])
    path = frame_path(order.folder, 5)
    match damage:
        case "gone":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "half":
            path.write_bytes(whole_dream[5][: len(whole_dream[5]) // 2])
        case "another size":
            Image.new("RGB", (40, 32)).save(path)
    told = carry_out(order)
    made = [message.index for message in told if isinstance(message, FrameMade)]
    assert made == list(range(4, FRAMES))
    assert frames_of(order) == whole_dream


def test_a_whole_dream_is_told_and_left_alone(tmp_path: Path, whole_dream: list[bytes]) -> None:
    order = new_patch_dream(tmp_path / "dream")
    for index in range(1, FRAMES):
        frame_path(order.folder, index).write_bytes(whole_dream[index])
    _, made, finished = carry_out(order)
    assert made == FrameMade(FRAMES - 1, FRAMES, 0.0, 0.0) and finished == Finished()


def test_without_its_first_frame_a_dream_says_so(tmp_path: Path) -> None:
    order = new_patch_dream(tmp_path / "dream")
    frame_path(order.folder, 0).write_bytes(b"")
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and "missing or damaged" in failed.sentence
    failed = carry_out(replace(order, source=None))[-1]
    assert isinstance(failed, Failed) and "cannot begin with words" in failed.sentence


def test_a_full_disk_keeps_the_frames_so_far(tmp_path: Path, whole_dream: list[bytes]) -> None:
    """Files of more than so many bytes cannot be written; which the fourth frame is."""
    order = new_patch_dream(tmp_path / "dream")
    for index in range(1, 4):
        frame_path(order.folder, index).write_bytes(whole_dream[index])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        failed = carry_out(order)[-1]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(failed, Failed)
    assert failed.sentence.startswith(f"cannot write {frame_path(order.folder, 4)}: File too large")
    assert frames_of(order)[:5] == [*whole_dream[:4], b""]
    assert sorted(path.name for path in order.folder.glob(".*")) == []
    assert carry_out(order)[-1] == Finished()
    assert frames_of(order) == whole_dream


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TypeError("a mistake of ours"), "unexpected error (TypeError('a mistake of ours'))"),
        (MemoryError(), "not enough memory for this dream; choose a smaller picture"),
        (RuntimeError("CUDA out of memory"), "not enough memory for this dream"),
        (ModuleNotFoundError(name="diffusers.models"), "the 'dream' extra, of which diffusers is"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(
    tmp_path: Path, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("training.dream.session.build_dreamer", fail)
    failed = carry_out(new_patch_dream(tmp_path / "dream"))[-1]
    assert isinstance(failed, Failed) and words in failed.sentence


def test_two_workers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.claim.CLAIM_SECONDS", 0.1)
    order = new_patch_dream(tmp_path / "dream")
    with claim(lock_path(order.folder), ""), pytest.raises(LichenError, match="still writing"):
        carry_out(order)
    assert not frame_path(order.folder, 1).exists()


def test_frames_are_written_where_nobody_may_cut_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbroken = threading.Lock()
    held: list[bool] = []
    monkeypatch.setattr(
        "training.dream.session.save_picture", lambda *given: held.append(unbroken.locked())
    )
    order = new_patch_dream(tmp_path / "dream", frames=3)
    control = Control(lambda message: held.append(not unbroken.locked()), lambda: None)
    worker.carry_out(BeginDream(order), lambda message: None, control, unbroken)
    assert len(held) == 4 and all(held)
