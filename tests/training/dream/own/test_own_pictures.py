"""What a dreamer's training cuts its patches from: photographs and IDX files."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from own_support import TINY, idx_bytes, save_stripes
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.dream.own.pictures import open_pictures

GENERATOR_SEED = 7


def test_patches_are_parts_of_the_pictures(tmp_path: Path) -> None:
    save_stripes(tmp_path)
    whole = load_picture(tmp_path / "stripes0.png")
    source = open_pictures(tmp_path, TINY)
    patch = source.draw_patch(np.random.default_rng(GENERATOR_SEED))
    parts = np.lib.stride_tricks.sliding_window_view(whole, (16, 16), axis=(0, 1))
    assert (parts.transpose(0, 1, 3, 4, 2) == patch).all(axis=(2, 3, 4)).any()
    assert source.description == f"1 picture of {tmp_path}"


def test_large_pictures_are_scaled_down_and_small_ones_are_not_enlarged(tmp_path: Path) -> None:
    Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (128, 1))).save(tmp_path / "ramp.png")
    plan = replace(TINY, patch_pixels=32)
    patch = open_pictures(tmp_path, plan).draw_patch(np.random.default_rng(0))
    # A shorter side of 32 pixels: a quarter of the picture, so that the ramp is 4 times as steep.
    assert 110 < int(patch[16, 31, 0]) - int(patch[16, 0, 0]) < 135
    wider = replace(plan, side_pixels=512)
    patch = open_pictures(tmp_path, wider).draw_patch(np.random.default_rng(0))
    assert int(patch[16, 31, 0]) - int(patch[16, 0, 0]) == 31


def test_flip_mirrors_half_of_the_patches(tmp_path: Path) -> None:
    Image.fromarray(np.tile(np.arange(0, 160, 5, dtype=np.uint8), (32, 1))).save(tmp_path / "r.png")
    rises = {}
    for flip in (False, True):
        source = open_pictures(tmp_path, replace(TINY, flip=flip))
        patches = [source.draw_patch(np.random.default_rng(seed))[0, :, 0] for seed in range(200)]
        rises[flip] = sum(int(patch[-1]) > int(patch[0]) for patch in patches)
    assert rises[False] == 200
    assert 70 < rises[True] < 130


@pytest.mark.parametrize("packed", [False, True])
def test_idx_files(tmp_path: Path, packed: bool) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (5, 20, 18), dtype=np.uint8)
    data = idx_bytes(pictures)
    name = "train-images-idx3-ubyte" + (".gz" if packed else "")
    (tmp_path / name).write_bytes(gzip.compress(data) if packed else data)
    source = open_pictures(tmp_path, TINY)
    assert source.description == f"5 pictures of {tmp_path}"
    patch = source.draw_patch(np.random.default_rng(GENERATOR_SEED))
    assert patch.shape == (16, 16, 3)
    assert (patch[..., 0] == patch[..., 2]).all()
    parts = np.lib.stride_tricks.sliding_window_view(pictures, (16, 16), axis=(1, 2))
    assert (parts == patch[..., 0]).all(axis=(3, 4)).any()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"short",
        idx_bytes(np.zeros((2, 20, 20), np.uint8))[:-1],
        idx_bytes(np.zeros((2, 20, 20), np.uint8), magic=0x0801),
        idx_bytes(np.zeros((0, 20, 20), np.uint8)),
    ],
)
def test_broken_idx_files_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "images-idx3-ubyte").write_bytes(data)
    with pytest.raises(LichenError, match="holds no pictures in the IDX format"):
        open_pictures(tmp_path, TINY)


def test_damaged_gzip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(1000))[:-9])
    with pytest.raises(LichenError, match="cannot read"):
        open_pictures(tmp_path, TINY)


def test_idx_pictures_smaller_than_a_patch(tmp_path: Path) -> None:
    (tmp_path / "i-idx3-ubyte").write_bytes(idx_bytes(np.zeros((1, 28, 28), np.uint8)))
    with pytest.raises(LichenError, match="--patch 28 or less"):
        open_pictures(tmp_path, replace(TINY, patch_pixels=32))


def test_folders_of_no_use(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="there is no folder"):
        open_pictures(tmp_path / "nowhere", TINY)
    with pytest.raises(LichenError, match="holds no pictures"):
        open_pictures(tmp_path, TINY)


@pytest.mark.parametrize(
    ("name", "picture", "complaint"),
    [
        ("small.png", Image.new("RGB", (15, 40)), "15x40 pixels; both sides need at least 16"),
        ("print.jpg", Image.new("CMYK", (40, 40)), "CMYK"),
        ("text.png", None, "not a picture"),
    ],
)
def test_unusable_pictures_are_named_before_the_training(
    tmp_path: Path, name: str, picture: Image.Image | None, complaint: str
) -> None:
    save_stripes(tmp_path)
    if picture is None:
        (tmp_path / name).write_text("no picture")
    else:
        picture.save(tmp_path / name)
    with pytest.raises(LichenError, match=f"{name}.*{complaint}"):
        open_pictures(tmp_path, TINY)


def test_a_picture_that_is_cut_short_is_told_when_it_is_read(tmp_path: Path) -> None:
    save_stripes(tmp_path)
    path = tmp_path / "stripes0.png"
    path.write_bytes(path.read_bytes()[:-40])
    source = open_pictures(tmp_path, TINY)
    with pytest.raises(LichenError, match="stripes0.png"):
        source.draw_patch(np.random.default_rng(0))


def test_fashion_mnist_is_not_fetched_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(LichenError, match="--download fetches it"):
        open_pictures(Path("fashion-mnist"), TINY)


def test_fashion_mnist_from_where_torchvision_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    raw = tmp_path / "hub" / "datasets" / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for kind, count in (("train", 3), ("t10k", 1)):
        pictures = np.full((count, 28, 28), 9, np.uint8)
        (raw / f"{kind}-images-idx3-ubyte").write_bytes(idx_bytes(pictures))
        labels = (0x0801).to_bytes(4, "big") + count.to_bytes(4, "big") + bytes(count)
        (raw / f"{kind}-labels-idx1-ubyte").write_bytes(labels)
    source = open_pictures(Path("fashion-mnist"), TINY)
    assert source.description == "3 pictures of fashion-mnist"
    assert (source.draw_patch(np.random.default_rng(0)) == 9).all()
