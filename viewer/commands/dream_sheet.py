"""`lichen dream --contact-sheet`: first pictures of a prompt, side by side to choose from."""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.progress import track

from exporters.atomic import check_writable
from exporters.errors import LichenError
from exporters.picture_file import load_picture, save_picture
from training.dream.dream_files import sheet_path
from training.dream.dreaming import Frame
from training.dream.order import DreamOrder
from training.dream.protocol import SheetPictureMade
from training.dream.sheet_order import ContactSheetOrder
from viewer.commands.dream_watching import events_of

SEEDS = 4
MARGIN_PIXELS = 8
LABEL_PIXELS = 20
PAPER = (255, 255, 255)
INK = (40, 40, 40)


def write_contact_sheet(order: DreamOrder, output: Path, force: bool, console: Console) -> int:
    """Imagine the first prompt with several seeds and guidances, and say how to choose.

    Raises:
        LichenError: there is something to start from already, or the model cannot be used.
    """
    _check(order, output, force)
    with tempfile.TemporaryDirectory(prefix="lichen-sheet-") as folder:
        sheet_order = _sheet_order(order, Path(folder))
        made = (event for event in events_of(sheet_order) if isinstance(event, SheetPictureMade))
        count = len(sheet_order.seeds) * len(sheet_order.guidances)
        silent = not console.is_terminal
        for _ in track(made, "imagining", count, console=console, transient=True, disable=silent):
            pass
        save_picture(compose_sheet(sheet_order), output)
    print(
        f"wrote {output}; choose a picture by its seed and guidance, as in "
        f"--first-seed {sheet_order.seeds[0]} --first-guidance {sheet_order.guidances[0]:g}"
    )
    return 0


def compose_sheet(order: ContactSheetOrder) -> Frame:
    """The pictures of a sheet in rows, each under its seed and guidance, [height, width, 3].

    Raises:
        LichenError: a picture cannot be read.
    """
    rows = [
        np.concatenate(
            [
                _labelled(
                    load_picture(sheet_path(order.folder, row, column)),
                    f"seed {seed}, guidance {guidance:g}",
                )
                for column, seed in enumerate(order.seeds)
            ],
            axis=1,
        )
        for row, guidance in enumerate(order.guidances)
    ]
    return np.concatenate(rows)


def _labelled(picture: Frame, label: str) -> Frame:
    height, width = picture.shape[:2]
    paper = Image.new("RGB", (width + MARGIN_PIXELS, height + LABEL_PIXELS + MARGIN_PIXELS), PAPER)
    paper.paste(Image.fromarray(picture), (MARGIN_PIXELS // 2, LABEL_PIXELS))
    font = ImageFont.load_default(size=12)
    ImageDraw.Draw(paper).text((MARGIN_PIXELS // 2, 3), label, INK, font)
    return np.asarray(paper)


def _sheet_order(order: DreamOrder, folder: Path) -> ContactSheetOrder:
    first_seed = order.diffusers.first_seed
    return ContactSheetOrder(
        folder,
        order.journey.stages[0].prompt,
        order.journey.negative_prompt,
        order.size_pixels,
        order.diffusers,
        seeds=tuple(range(first_seed, first_seed + SEEDS)),
    )


def _check(order: DreamOrder, output: Path, force: bool) -> None:
    if order.backend != "diffusers":
        raise LichenError(
            "a contact sheet takes a diffusion model; name one by --backend diffusers."
        )
    if order.source is not None:
        raise LichenError("with a source there is nothing to choose; leave out --contact-sheet.")
    if output.suffix.lower() != ".png":
        raise LichenError(f"cannot write {output}: a contact sheet is a .png.")
    check_writable(output)
    if output.exists() and not force:
        raise LichenError(f"{output} exists; choose another name, or --force to replace it.")
