"""Show what each loss makes of one texture: python docs/make_losses.py

losses.png  the exemplar, then an automaton for each loss, all trained for the same CPU time

Trained automata are kept in out/losses, and those that lie there are not trained again.
"""

import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from exporters.automaton_file import load_automaton, save_automaton
from exporters.display import picture
from exporters.picture_file import save_picture
from training.budget import Budget
from training.exemplar import load_exemplar
from training.loop import Training
from training.losses.choose import choose_loss
from training.losses.wish import LossWish
from training.plan import TrainingPlan
from training.targets.texture import TextureTarget
from training.trainer import Trainer

FOLDER = Path(__file__).parent
EXEMPLAR = FOLDER.parent / "exporters/gallery/exemplars/coral.png"
KEPT = FOLDER.parent / "out" / "losses"
# Small, so that a few CPU-minutes are enough for all.
PLAN = TrainingPlan(grid_cells=32, pool_size=64)
CPU_MINUTES = 0.5
WISHES = {
    "ot, vgg16": LossWish("ot", "vgg16"),
    "ot, eye": LossWish("ot", "eye"),
    "gram, vgg16": LossWish("gram", "vgg16"),
    "patch": LossWish("patch"),
    "ot+patch": LossWish("ot+0.5*patch", "vgg16"),
}
SIDE_CELLS = 64
MAGNIFICATION = 2
SETTLED_STEPS = 600
GAP_PIXELS = 8
LABEL_PIXELS = 20

Picture = NDArray[np.uint8]


def main() -> None:
    """Train what is missing and write the strip."""
    torch.set_num_threads(1)
    exemplar = load_exemplar(EXEMPLAR, SIDE_CELLS)
    panels = {"exemplar": (exemplar * 255).byte().permute(1, 2, 0).numpy()}
    for label, wish in WISHES.items():
        path = KEPT / f"{label.replace(', ', '_')}.safetensors"
        panels[label] = settled_picture(wish, exemplar, path)
    save_picture(strip(panels), FOLDER / "losses.png")


def settled_picture(wish: LossWish, exemplar: torch.Tensor, path: Path) -> Picture:
    """What the automaton of a loss grows, trained first where no file holds it."""
    trainer = Trainer(
        PLAN,
        TextureTarget(choose_loss(wish, exemplar)),
        torch.device("cpu"),
    )
    if path.exists():
        trainer.model = type(trainer.model)(load_automaton(path))
    else:
        Training(trainer, Budget(minutes=CPU_MINUTES), clock=time.process_time).run()
        path.parent.mkdir(parents=True, exist_ok=True)
        save_automaton(trainer.to_automaton(), path)
        print(f"{path.stem}: {trainer.iteration} iterations")
    state = trainer.settle(SIDE_CELLS, SETTLED_STEPS).permute(2, 0, 1).numpy()
    return picture(trainer.to_automaton(), state)


def strip(panels: dict[str, Picture]) -> Picture:
    """Pictures side by side, each with its name below."""
    side = SIDE_CELLS * MAGNIFICATION
    width = len(panels) * (side + GAP_PIXELS) - GAP_PIXELS
    sheet = Image.new("RGB", (width, side + LABEL_PIXELS), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=13)
    for index, (label, panel) in enumerate(panels.items()):
        left = index * (side + GAP_PIXELS)
        magnified = Image.fromarray(panel).resize((side, side), Image.Resampling.NEAREST)
        sheet.paste(magnified, (left, 0))
        draw.text((left, side + 3), label, fill="black", font=font)
    return np.array(sheet)


if __name__ == "__main__":
    main()
