"""Write what the documentation shows of the gallery: python docs/make_gallery.py

first-light.webp  four automata grow from their seeds, lose a piece, and heal
gallery.png       every automaton of the gallery, settled
GALLERY.md        where each of them comes from
"""

from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.gallery import GalleryEntry, find_entry, shipped_entries
from exporters.picture_file import save_picture
from training.exemplars.catalog import EXEMPLARS, FORMS
from viewer.context import create_headless_context
from viewer.painting import Erase, Stroke
from viewer.simulation import Simulation

FOLDER = Path(__file__).parent
ACTORS = ("ember", "koi", "stained_glass", "opal")
SIDE_CELLS = 128
# A form fills a part of its grid alone.
FORM_SIDE_CELLS = 48
FRAMES = 110
ERASE_AT_FRAME = 60
FRAME_MILLISECONDS = 60
SETTLED_STEPS = 1_000
COLUMNS = 7
GAP_PIXELS = 8

INTRODUCTION = """# The gallery

Written by `python docs/make_gallery.py` from the automata themselves. Left, what the automaton
grows; right, what it learnt from. The exemplars lie in `exporters/gallery/exemplars/`; the
commands are to be run there. Living filters (`coral_lens`, `glass_lens`) are shown over the example
that they begin with: NASA's portrait of Eileen Collins (public domain), which comes with
scikit-image. `photos` in their commands was a folder of six of scikit-image's pictures: astronaut,
camera, chelsea, coffee, retina and rocket, so the example is one that they have learnt on.
"""

Picture = NDArray[np.uint8]


def first_light(context: moderngl.Context) -> list[Picture]:
    """Frames of all actors side by side."""
    simulations = [
        Simulation(context, find_entry(name).automaton, SIDE_CELLS, SIDE_CELLS) for name in ACTORS
    ]
    hole = Stroke((44.0, 84.0), (84.0, 44.0), 20.0)
    frames: list[Picture] = []
    for frame in range(FRAMES):
        for simulation in simulations:
            if frame == ERASE_AT_FRAME:
                simulation.paint(hole, Erase())
            else:
                simulation.step(3)
        pictures = [simulation.read_picture() for simulation in simulations]
        frames.append(contact_sheet(pictures, len(ACTORS)))
    return frames


def settled(context: moderngl.Context) -> list[Picture]:
    """Every automaton of the gallery after a while."""
    pictures: list[Picture] = []
    for entry in shipped_entries():
        side = FORM_SIDE_CELLS if entry.automaton.alive_masking else SIDE_CELLS
        simulation = Simulation(context, entry.automaton, side, side)
        simulation.step(SETTLED_STEPS)
        picture = Image.fromarray(simulation.read_picture())
        pictures.append(np.asarray(picture.resize((SIDE_CELLS, SIDE_CELLS))))
    return pictures


def contact_sheet(pictures: list[Picture], columns: int) -> Picture:
    """Lay pictures out in rows on white, [h, w, 3]."""
    cell = SIDE_CELLS + GAP_PIXELS
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * cell - GAP_PIXELS, columns * cell - GAP_PIXELS, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * cell, index % columns * cell
        sheet[top : top + SIDE_CELLS, left : left + SIDE_CELLS] = picture
    return sheet


def description(entry: GalleryEntry) -> str:
    """What is known about one automaton, as Markdown."""
    automaton, credits = entry.automaton, entry.automaton.credits
    picture = entry.path.relative_to(FOLDER.parent).with_name(entry.thumbnail_path.name)
    exemplar = entry.exemplar_path.relative_to(FOLDER.parent)
    commands = credits.training_command.replace(" && ", "\n")
    source = (EXEMPLARS | FORMS)[entry.exemplar_path.stem].source
    return f"""
## {entry.name}

![{entry.name}](../{picture.as_posix()}) ![its exemplar](../{exemplar.as_posix()})

{automaton.channels} channels, {automaton.hidden} hidden units,
{automaton.parameter_count:,} parameters. By {credits.author}, {credits.licence}. The exemplar
(right), {credits.exemplar_licence}: {source}.

```
{commands}
```
"""


def main() -> None:
    """Write all three beside this file."""
    entries = shipped_entries()
    text = INTRODUCTION + "".join(map(description, entries))
    (FOLDER / "GALLERY.md").write_text(text, "utf-8")
    context = create_headless_context()
    save_picture(contact_sheet(settled(context), COLUMNS), FOLDER / "gallery.png")
    first, *rest = map(Image.fromarray, first_light(context))
    first.save(
        FOLDER / "first-light.webp",
        save_all=True,
        append_images=rest,
        duration=FRAME_MILLISECONDS,
        loop=0,
        quality=40,
        method=4,
    )


if __name__ == "__main__":
    main()
