"""Make the pictures of LESSON.md that stand nowhere else: python docs/make_lesson.py

lesson_noising.jpg    one batch of patches as the collate function hands it out, twice
lesson_dreamer.png    what a diffusion model imagines that has learnt for a few minutes
lesson_painting.jpg   pixels on their way from noise to a picture
lesson_pool.png       states of a pool, early and late in a training
lesson_gradients.png  how long the gradients are before they are scaled

The photographs come with scikit-image (the deep field: NASA, public domain; coffee: CC0). What was
trained is kept in out/lesson, and not trained again.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps
from skimage import data

from training.dream.own.noising import noised_batches
from training.dream.own.pictures import open_pictures
from training.dream.own.plan import DreamerPlan
from training.exemplar import load_exemplar
from training.losses.patch import PatchLoss
from training.plan import TrainingPlan
from training.targets.texture import TextureTarget
from training.trainer import Trainer
from viewer.command import main as lichen

FOLDER = Path(__file__).parent
CORAL = FOLDER.parent / "exporters/gallery/exemplars/coral.png"
KEPT = FOLDER.parent / "out" / "lesson"
JPEG_QUALITY = 88
GAP_PIXELS = 6
MAGNIFICATION = 2
PLOT_PIXELS = (640, 220)
MARGIN_PIXELS = 44

Pixels = NDArray[np.uint8]


def main() -> None:
    """Train what is missing, and write the pictures."""
    torch.set_num_threads(1)
    photos = KEPT / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    Image.fromarray(data.hubble_deep_field()).save(photos / "deep_field.png")
    Image.fromarray(data.coffee()).save(KEPT / "coffee.png")
    save(noising(photos), "noising.jpg")
    save(painting(), "painting.jpg")
    save(pool(), "pool.png")
    save(gradients(), "gradients.png")
    save(dreamer(photos), "dreamer.png")


def noising(photos: Path) -> Image.Image:
    """The same patches twice, each time with noise of its own."""
    plan = DreamerPlan(reuse=2)
    batches = noised_batches(open_pictures(photos, plan), plan)
    rows = [(next(batches).scaled.clamp(-1, 1) + 1) * 127.5 for _ in range(plan.reuse)]
    return stacked([side_by_side(row.byte().permute(0, 2, 3, 1).numpy()) for row in rows])


def painting() -> Image.Image:
    """`--check` from noise on."""
    log, output = KEPT / "painting", KEPT / "painting.png"
    if not output.exists():
        words = f"stylize {KEPT / 'coffee.png'} --check --size 160 --iterations 60 --every 1"
        lichen([*words.split(), "--log-images", f"{log}", "--output", f"{output}"])
    files = sorted(log.iterdir())
    return side_by_side([pixels(files[index]) for index in (0, 4, 12, 28, -1)])


def pool() -> Image.Image:
    """The picture log of a training."""
    log, output = KEPT / "pool", KEPT / "pool.safetensors"
    if not output.exists():
        words = f"train {CORAL} --network vgg16 --grid 32 --size 64 --iterations 400 --no-check"
        lichen([*words.split(), "--log-images", f"{log}", "--output", f"{output}"])
    files = sorted(log.iterdir())
    rows = [Image.open(files[index]).convert("RGB") for index in (0, 2, -1)]
    return stacked([ImageOps.scale(row, MAGNIFICATION, Image.Resampling.NEAREST) for row in rows])


def gradients() -> Image.Image:
    """The lengths of three gradients over the iterations, on a logarithmic scale."""
    exemplar = load_exemplar(CORAL, 48)
    plan = TrainingPlan(grid_cells=24, pool_size=16)
    trainer = Trainer(plan, TextureTarget(PatchLoss(exemplar)), torch.device("cpu"))
    names = ("first weights", "first biases", "second weights")
    lengths: dict[str, list[float]] = {name: [] for name in names}
    for name, parameter in zip(names, trainer.trained_parameters(), strict=True):
        # A hook hears the gradient before the trainer scales it.
        parameter.register_hook(
            lambda gradient, name=name: lengths[name].append(gradient.norm().item())
        )
    iterations = 200
    for iteration in range(iterations):
        trainer.iterate(iteration / iterations)
    return plot(lengths)


def dreamer(photos: Path) -> Image.Image:
    """The samples that lie beside a model."""
    output = KEPT / "dreamer.safetensors"
    if not output.exists():
        words = f"train-dreamer {photos} --size 384 --flip --iterations 500"
        lichen([*words.split(), "--output", f"{output}"])
    return Image.open(KEPT / "dreamer.samples.png").convert("RGB")


def plot(lines: dict[str, list[float]]) -> Image.Image:
    """Lines on a logarithmic scale, each with its name; zeros are left out."""
    width, height = PLOT_PIXELS
    canvas = Image.new("RGB", PLOT_PIXELS, "#14171a")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(13)
    values = np.concatenate([np.array(line) for line in lines.values()])
    low, high = np.log10(values[values > 0]).min(), np.log10(values.max())

    def y(value: float) -> float:
        share = (np.log10(value) - low) / (high - low)
        return float(height - 16 - share * (height - 48))

    for power in range(int(np.ceil(low)), int(high) + 1):
        draw.line([(MARGIN_PIXELS, y(10.0**power)), (width, y(10.0**power))], "#2c3338")
        draw.text((4, y(10.0**power) - 8), f"{10.0**power:g}", "#8b969d", font)
    for place, (name, line) in enumerate(lines.items()):
        colour = ("#9ccc7a", "#e0a458", "#6fb3d2")[place]
        step = (width - MARGIN_PIXELS) / len(line)
        points = [
            (MARGIN_PIXELS + index * step, y(value)) for index, value in enumerate(line) if value
        ]
        draw.line(points, colour, 2)
        draw.text((MARGIN_PIXELS + place * 150, 6), name, colour, font)
    return canvas


def side_by_side(panels: list[Pixels] | Pixels) -> Image.Image:
    """Pictures of one height in a row."""
    gap = np.full((panels[0].shape[0], GAP_PIXELS, 3), 255, np.uint8)
    row = [part for panel in panels for part in (panel, gap)][:-1]
    return Image.fromarray(np.concatenate(row, axis=1))


def stacked(rows: list[Image.Image]) -> Image.Image:
    """Pictures of one width below each other."""
    gap = np.full((GAP_PIXELS, rows[0].width, 3), 255, np.uint8)
    parts = [part for row in rows for part in (np.asarray(row), gap)][:-1]
    return Image.fromarray(np.concatenate(parts))


def pixels(path: Path) -> Pixels:
    """A picture file, uint8 [h, w, 3]."""
    return np.asarray(Image.open(path).convert("RGB"))


def save(picture: Image.Image, name: str) -> None:
    """Among the documents."""
    picture.save(FOLDER / f"lesson_{name}", quality=JPEG_QUALITY)


if __name__ == "__main__":
    main()
