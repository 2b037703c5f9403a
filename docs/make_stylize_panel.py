"""Take the screenshot of STYLIZE.md, where there is a display: python docs/make_stylize_panel.py

It opens the window on a folder of its own and paints the coffee of scikit-image in it, which takes
some minutes.
"""

import os
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

FOLDER = Path(__file__).parent
STYLE = FOLDER.parent / "exporters/gallery/exemplars/agate.png"
SIZE = (1280, 800)
ITERATIONS, SHOWN_ITERATION = 100, 80
# In which both pictures are read.
FRAMES_BEFORE = 120
JPEG_QUALITY = 85


def main() -> None:
    """Paint, and write the JPEG."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for kind in ("CONFIG", "DATA"):
            os.environ[f"XDG_{kind}_HOME"] = folder
        photo = Path(folder, "coffee.png")
        Image.fromarray(data.coffee()).save(photo)
        screenshot(photo).save(FOLDER / "stylize_panel.jpg", quality=JPEG_QUALITY)


def screenshot(photo: Path) -> Image.Image:
    """The window with a painting that is nearly done."""
    from viewer import stylize_actions as ask
    from viewer.app import App
    from viewer.settings import Settings
    from viewer.stylize_draft import StylizeDraft
    from viewer.training_actions import ShowTab
    from viewer.window import Window

    draft = StylizeDraft(
        loss="gram", iterations=str(ITERATIONS), style_size_pixels="160", content_weight="0.5"
    )
    with Window(*SIZE) as window:
        app = App(window, Settings(*SIZE), random_seed=1)
        painting = app.controller.painting
        for action in (
            ShowTab("style"),
            ask.FillSlot(photo, "content"),
            ask.FillSlot(STYLE, "style"),
            ask.ChangePainting(draft),
        ):
            app.controller.apply(action)
        for _ in range(FRAMES_BEFORE):
            app.frame()
        app.controller.apply(ask.StartPainting())
        while painting.progress is None or painting.progress.iteration < SHOWN_ITERATION:
            app.frame()
        pixels = np.frombuffer(window.context.screen.read(viewport=SIZE), np.uint8)
        app.controller.release()
    return Image.fromarray(pixels.reshape(SIZE[1], SIZE[0], 3)[::-1])


if __name__ == "__main__":
    main()
