"""What a dream stands on, put into its folder: the picture it starts from, and what prompts name.

    python -m viewer.dream_preparation FOLDER

Growing automata takes seconds, so the window has a process of its own do it.
"""

import sys
from functools import cache
from pathlib import Path

from exporters.errors import LichenError
from exporters.picture_file import load_picture, save_picture
from training.dream.diffusion.model_files import find_model
from training.dream.dream_files import frame_path, reference_path
from training.dream.order import DreamOrder
from training.dream.order_file import load_order
from viewer.context import create_headless_context
from viewer.dream_models import is_own_model
from viewer.dream_pictures import Frame, check_prompt, reference_picture, start_picture


def prepare_dream(order: DreamOrder) -> None:
    """Make the pictures that an order needs before its worker starts; what is there stays.

    Raises:
        LichenError: a source or a prompt names nothing, or the folder cannot be written.
    """
    _check_names(order)
    open_context = cache(create_headless_context)
    start_path = frame_path(order.folder, 0)
    if order.source is not None and not start_path.exists():
        save_picture(start_picture(order.source, order.size_pixels, open_context), start_path)
    if order.backend != "patch":
        return
    if not start_path.exists():
        raise LichenError(
            "the patch dreamer cannot begin with words: name a picture or an automaton to start "
            "from, or another backend."
        )
    start = load_picture(start_path)

    @cache
    def picture_of(prompt: str) -> Frame:
        return reference_picture(prompt, start, order.size_pixels, open_context)

    _make_folder(reference_path(order.folder, 0).parent)
    for place, stage in enumerate(order.journey.stages):
        path = reference_path(order.folder, place)
        if not path.exists():
            save_picture(picture_of(stage.prompt), path)


def _check_names(order: DreamOrder) -> None:
    """Raise LichenError for a mistaken name at once, not after what has to grow first."""
    match order.backend:
        case "patch":
            for stage in order.journey.stages:
                check_prompt(stage.prompt)
        case "diffusers" if not order.diffusers.download:
            find_model(order.diffusers.model, download=False)
        case "own" if order.own.model is not None and not is_own_model(order.own.model):
            raise LichenError(
                f"{order.own.model} is no model that `lichen train-dreamer` wrote; check the path."
            )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot make the folder {folder}: {error.strerror}.") from error


def main(arguments: list[str]) -> int:
    """The helper's own side of this module."""
    try:
        prepare_dream(load_order(Path(arguments[0])))
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
