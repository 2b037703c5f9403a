"""Videos, read back with a decoder."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.video import VIDEO_SUFFIXES, open_video

FRAMES = 9


def quarters(width: int, height: int, frame: int) -> NDArray[np.uint8]:
    """Red, green, blue and grey quarters; the grey one brightens from frame to frame."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (200, 30, 30)
    picture[: height // 2, width // 2 :] = (30, 200, 30)
    picture[height // 2 :, : width // 2] = (30, 30, 200)
    picture[height // 2 :, width // 2 :] = 10 + 20 * frame
    return picture


def write_video(path: Path, width: int, height: int) -> None:
    with open_video(path, width, height, 25) as add_picture:
        for frame in range(FRAMES):
            add_picture(quarters(width, height, frame))


def read_video(path: Path) -> tuple[list[NDArray[np.uint8]], float]:
    with av.open(path) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        return frames, float(container.streams.video[0].average_rate)


@pytest.mark.parametrize("suffix", VIDEO_SUFFIXES)
def test_every_frame_arrives_upright_and_in_order(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"quarters{suffix}"
    write_video(path, 32, 24)
    frames, rate = read_video(path)
    assert len(frames) == FRAMES and rate == pytest.approx(25, rel=0.01)
    for index, frame in enumerate(frames):
        assert frame.shape == (384, 512, 3)
        shrunk = frame[8::16, 8::16].astype(int)
        assert np.abs(shrunk - quarters(32, 24, index)).max() <= 12


@pytest.mark.parametrize(
    ("width", "height", "magnification"),
    [(37, 53, 10), (512, 512, 1), (600, 400, 1), (601, 401, 2), (1, 1, 512), (3, 2, 170)],
)
def test_small_and_odd_sizes_are_magnified_to_even_ones(
    tmp_path: Path, width: int, height: int, magnification: int
) -> None:
    path = tmp_path / "odd.mp4"
    write_video(path, width, height)
    frames, _ = read_video(path)
    assert frames[0].shape == (height * magnification, width * magnification, 3)


@pytest.mark.parametrize("suffix", VIDEO_SUFFIXES)
def test_the_same_pictures_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in ("one", "two")]
    for path in paths:
        write_video(path, 16, 16)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_codecs_play_everywhere(tmp_path: Path) -> None:
    for suffix, codec in ((".mp4", "h264"), (".webm", "vp9")):
        write_video(tmp_path / f"clip{suffix}", 16, 16)
        with av.open(tmp_path / f"clip{suffix}") as container:
            context = container.streams.video[0].codec_context
            assert (context.name, context.pix_fmt) == (codec, "yuv420p")


def test_unknown_endings_are_told(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="a video ends in .mp4, .webm, .gif"):
        write_video(tmp_path / "clip.avi", 16, 16)


@pytest.mark.parametrize("suffix", VIDEO_SUFFIXES)
def test_an_interrupted_video_leaves_nothing_behind(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"clip{suffix}"
    path.write_bytes(b"the one before")
    with pytest.raises(KeyboardInterrupt), open_video(path, 16, 16, 25) as add_picture:
        add_picture(quarters(16, 16, 0))
        raise KeyboardInterrupt
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"the one before"
