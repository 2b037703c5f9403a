"""Where the files of a painting lie, all in its folder; free of torch, like all that it imports."""

import json
from pathlib import Path

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.plain_json import from_plain, to_plain
from training.stylize.order import StylizeOrder


def order_path(folder: Path) -> Path:
    """The order, as JSON."""
    return folder / "painting.json"


def content_path(folder: Path) -> Path:
    """What the picture shows."""
    return folder / "content.png"


def style_path(folder: Path) -> Path:
    """What gives the manner."""
    return folder / "style.png"


def picture_path(folder: Path) -> Path:
    """The picture so far, or finished."""
    return folder / "picture.png"


def checkpoint_path(folder: Path) -> Path:
    """What a painting goes on from; a finished one has none."""
    return folder / "checkpoint.pt"


def log_path(folder: Path) -> Path:
    """What the worker and the libraries in it had to say."""
    return folder / "worker.log"


def lock_path(folder: Path) -> Path:
    """What a worker holds locked as long as it lives."""
    return folder / "worker.lock"


def save_order(order: StylizeOrder) -> None:
    """Write an order to its folder, which may be moved. Raises LichenError where that fails."""
    values = to_plain(order)
    del values["folder"]
    with atomic_path(order_path(order.folder)) as temporary:
        temporary.write_text(f"{json.dumps(values, indent=2, ensure_ascii=False)}\n", "utf-8")


def load_order(folder: Path) -> StylizeOrder:
    """The order of a painting by its folder.

    Raises:
        LichenError: there is none, or it cannot be read.
    """
    path = order_path(folder)
    try:
        values = json.loads(path.read_text("utf-8"))
        order: StylizeOrder = from_plain(StylizeOrder, {**values, "folder": str(folder)})
    except OSError as error:
        raise LichenError(f"cannot read {path}: {error.strerror or error}.") from error
    except (LichenError, TypeError, ValueError, RecursionError) as error:
        raise LichenError(f"{path} is no painting's order: {error}") from error
    return order
