"""Moving pictures: MP4 and WebM through PyAV, GIF through Pillow."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from exporters.magnification import Picture, magnify

# Smaller pictures are magnified by a whole number, so that their cells stay crisp squares.
COMFORTABLE_SIDE_PIXELS = 512
GIF_PALETTE_PICTURES = 32
# Browsers slow down a GIF that claims to be faster.
SHORTEST_GIF_FRAME_MILLISECONDS = 20

# Appends one picture [height, width, 3].
AddPicture = Callable[[Picture], None]
Enlarge = Callable[[Picture], Picture]

ENCODERS = {
    # One thread: left to itself, the encoder cuts each frame into a slice a core, which makes
    # larger files, and other bytes on another machine. No macroblock tree: with it, the same
    # pictures now and then make other bytes. Without it, 15 looks and weighs as 18 did.
    ".mp4": ("h264", {"crf": "15", "preset": "fast", "threads": "1", "mbtree": "0"}),
    ".webm": ("vp9", {"crf": "24", "b": "0", "cpu-used": "5", "row-mt": "1"}),
}
VIDEO_SUFFIXES = (*ENCODERS, ".gif")


def check_video_suffix(path: Path) -> None:
    """Raise LichenError where the file's ending is none that Lichen can write."""
    if path.suffix.lower() not in VIDEO_SUFFIXES:
        raise LichenError(f"cannot write {path}: a video ends in {', '.join(VIDEO_SUFFIXES)}.")


def check_video_size(path: Path, width: int, height: int) -> None:
    """Raise LichenError where a video of that kind cannot have these sides, in pixels."""
    if path.suffix.lower() in ENCODERS and (width % 2 or height % 2):
        raise LichenError(
            f"{path.suffix} needs even sides, not {width}x{height}; choose an even scale."
        )


@contextmanager
def open_video(
    path: Path,
    width: int,
    height: int,
    frames_per_second: int,
    scale: int | None = None,
    smooth: bool = False,
) -> Iterator[AddPicture]:
    """Give a function that appends pictures of width x height; the file appears at the end.

    Pictures are magnified by `scale`. Without one, small ones are, and both sides become even, as
    the encoders of streams ask.

    Raises:
        LichenError: the ending is unknown, the sides are odd, or the file cannot be written.
    """
    check_video_suffix(path)
    is_gif = path.suffix.lower() == ".gif"
    if scale is None:
        scale = _magnification(width, height)
    check_video_size(path, width * scale, height * scale)
    enlarge = partial(magnify, scale=scale, smooth=smooth)
    open_writer = _open_gif if is_gif else _open_stream
    with atomic_path(path) as temporary, open_writer(temporary, enlarge, frames_per_second) as add:
        yield add


def _magnification(width: int, height: int) -> int:
    """The whole number that makes a small picture comfortable and both sides even."""
    scale = max(1, COMFORTABLE_SIDE_PIXELS // max(width, height))
    both_even = width * scale % 2 == 0 and height * scale % 2 == 0
    return scale if both_even else scale + 1


@contextmanager
def _open_stream(path: Path, enlarge: Enlarge, frames_per_second: int) -> Iterator[AddPicture]:
    import av
    from av.video.reformatter import ColorRange, Colorspace

    encoder, options = ENCODERS[path.suffix.lower()]
    try:
        # Without bitexact, WebM would hold a random number: the same film, other bytes.
        with av.open(path, "w", options={"fflags": "bitexact"}) as container:
            stream = container.add_stream(encoder, frames_per_second, options=options)
            assert isinstance(stream, av.VideoStream)
            stream.pix_fmt = "yuv420p"
            stream.codec_context.colorspace = Colorspace.ITU709
            stream.codec_context.color_range = ColorRange.MPEG

            def add(picture: Picture) -> None:
                frame = av.VideoFrame.from_ndarray(enlarge(picture), format="rgb24")
                if not stream.codec_context.is_open:
                    stream.width, stream.height = frame.width, frame.height
                frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
                container.mux(stream.encode(frame))

            yield add
            container.mux(stream.encode())
    except av.FFmpegError as error:
        raise LichenError(f"cannot write the video: {error.strerror or error}.") from error


@contextmanager
def _open_gif(path: Path, enlarge: Enlarge, frames_per_second: int) -> Iterator[AddPicture]:
    """All pictures share the palette of a sample of them, so that cells at rest do not flicker."""
    pictures: list[Picture] = []
    yield pictures.append
    sample = np.concatenate(pictures[:: len(pictures) // GIF_PALETTE_PICTURES + 1])
    palette = Image.fromarray(sample).quantize(dither=Image.Dither.NONE)
    frames = (
        Image.fromarray(enlarge(picture)).quantize(palette=palette, dither=Image.Dither.NONE)
        for picture in pictures
    )
    milliseconds = max(SHORTEST_GIF_FRAME_MILLISECONDS, round(1000 / frames_per_second))
    next(frames).save(path, save_all=True, append_images=frames, duration=milliseconds, loop=0)
