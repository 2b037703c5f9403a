"""What pages about trainings have in common."""

import base64
import io
from collections.abc import Iterable
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.callbacks.terminal import format_duration
from training.loop import Progress


def caption(progress: Progress) -> str:
    """How far a training was, in a line."""
    return (
        f"iteration {progress.iteration:,} · {format_duration(progress.elapsed_seconds)} min"
        f" · loss {progress.loss:.4g}"
    )


def settings_rows(settings: Iterable[tuple[str, object]]) -> Iterable[str]:
    """Rows of a table, by name and value."""
    for name, value in settings:
        shown = "none" if value is None else printable(str(value))
        yield f"<tr><th>{escape(name)}</th><td>{escape(shown)}</td></tr>"


def printable(text: str) -> str:
    """Without halved characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def data_address(pixels: NDArray[np.uint8]) -> str:
    """A picture [h, w, 3] as an address that holds all of it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
