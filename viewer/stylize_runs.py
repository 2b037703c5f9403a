"""The folders that the window's paintings live in, until the user deletes them."""

import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import (
    checkpoint_path,
    content_path,
    load_order,
    order_path,
    picture_path,
    save_order,
    style_path,
)
from viewer.kept_folders import (
    delete_kept_folder,
    folder_title,
    kept_folder,
    make_kept_folder,
    newest_folders,
)
from viewer.picture_textures import Pixels

log = logging.getLogger(__name__)

PAINTINGS = "paintings"
# Photos are large, and compressing them as well as can be takes seconds.
QUICK_COMPRESSION = 1


@dataclass(frozen=True)
class KeptPainting:
    """A painting's folder, as it was when somebody looked."""

    order: StylizeOrder
    is_finished: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return folder_title(self.order.folder)


def paintings_folder() -> Path:
    """Where all paintings lie; it may not exist yet."""
    return kept_folder(PAINTINGS)


def make_painting(name: str, order: StylizeOrder, content: Pixels, style: Pixels) -> StylizeOrder:
    """Make a painting's folder with the two pictures; gives the order, which lies there too.

    Raises:
        LichenError: it cannot be written; nothing is left behind.
    """
    folder = make_kept_folder(PAINTINGS, name, "painting")
    order = replace(order, folder=folder)
    try:
        for pixels, path in ((content, content_path(folder)), (style, style_path(folder))):
            with atomic_path(path) as temporary:
                image = Image.fromarray(pixels)
                image.save(temporary, format="PNG", compress_level=QUICK_COMPRESSION)
        save_order(order)
    except LichenError:
        delete_painting(folder)
        raise
    return order


def copy_painting(order: StylizeOrder) -> StylizeOrder:
    """The same painting before its first iteration, in a folder of its own.

    Raises:
        LichenError: it cannot be written, or the pictures are gone; nothing is left behind.
    """
    folder = make_kept_folder(PAINTINGS, order.folder.name, "painting")
    again = replace(order, folder=folder)
    try:
        for path in (content_path, style_path):
            shutil.copyfile(path(order.folder), path(folder))
        save_order(again)
    except OSError as error:
        delete_painting(folder)
        raise LichenError(
            f"no painting can start in {folder}: {error.strerror or error}."
        ) from error
    except LichenError:
        delete_painting(folder)
        raise
    return again


def find_paintings() -> list[KeptPainting]:
    """All paintings, the newest first; one without a readable order is left out with a log line."""
    found = map(read_painting, newest_folders(PAINTINGS, order_path(Path()).name))
    return [painting for painting in found if painting is not None]


def read_painting(folder: Path) -> KeptPainting | None:
    """A painting by its folder; None, with a log line, where there is none."""
    try:
        order = load_order(folder)
    except LichenError as error:
        log.warning("ignoring the painting in %s: %s", folder, error)
        return None
    is_finished = picture_path(folder).is_file() and not checkpoint_path(folder).exists()
    return KeptPainting(order, is_finished)


def delete_painting(folder: Path) -> None:
    """Remove a painting; nobody may be at work on it."""
    delete_kept_folder(PAINTINGS, folder)
