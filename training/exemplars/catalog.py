"""Every exemplar of the gallery: how it is made, and the terms it is shared under.

EXEMPLARS are textures, FORMS are cut out and grow from one cell.
`python -m training.exemplars.catalog FOLDER` writes them all as PNG files.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.exemplars import emoji, lichen, mosaics, photos, scales, waves, wool
from training.exemplars.canvas import Picture

DRAWN_LICENCE = "CC0-1.0"
DRAWN_SOURCE = "drawn for Lichen by training.exemplars"
EMOJI_LICENCE = "Apache-2.0"
EMOJI_SOURCE = "by Google, from the Noto Color Emoji font 2.042"


@dataclass(frozen=True)
class Exemplar:
    """A picture to train from; `make` gives its sRGB bytes.

    A texture is [128, 128, 3], always the same; a form has alpha, [h, w, 4], as the font has it.
    """

    name: str
    make: Callable[[], Picture]
    licence: str = DRAWN_LICENCE
    source: str = DRAWN_SOURCE


EXEMPLARS = {
    exemplar.name: exemplar
    for exemplar in (
        Exemplar("lichen", lichen.lichen),
        Exemplar("coral", waves.coral),
        Exemplar("opal", mosaics.opal),
        Exemplar("ember", mosaics.ember),
        Exemplar("stained_glass", mosaics.stained_glass),
        Exemplar("dart_frog", waves.dart_frog),
        Exemplar("peacock", scales.peacock),
        Exemplar("koi", scales.koi),
        Exemplar("knit", wool.knit),
        Exemplar("honeycomb", mosaics.honeycomb),
        Exemplar("porcelain", mosaics.porcelain),
        Exemplar("agate", waves.agate),
        Exemplar(
            "pebbles",
            photos.pebbles,
            source="tinted crop of scikit-image's data.gravel, from CC0Textures, Gravel04",
        ),
    )
}

FORMS = {
    name: Exemplar(name, partial(emoji.render_emoji, sign), EMOJI_LICENCE, EMOJI_SOURCE)
    for name, sign in (("lizard", "🦎"), ("angelfish", "🐠"), ("mushroom", "🍄"))
}


def write_exemplars(folder: Path) -> None:
    """Write every exemplar to `folder` as NAME.png.

    Raises:
        LichenError: the folder is missing, read-only or full, or there is no emoji font.
    """
    for exemplar in (EXEMPLARS | FORMS).values():
        with atomic_path(folder / f"{exemplar.name}.png") as path:
            Image.fromarray(exemplar.make()).save(path, optimize=True)


def main(arguments: list[str]) -> int:
    """Write the exemplars to the folder named in `arguments`; the exit code."""
    try:
        if len(arguments) != 1:
            raise LichenError("name one folder: python -m training.exemplars.catalog FOLDER")
        write_exemplars(Path(arguments[0]))
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
