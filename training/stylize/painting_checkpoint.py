"""What a painting leaves on disk so that it can go on later, exactly."""

from pathlib import Path

from exporters.errors import LichenError
from training.checkpoint import reading_checkpoint, write_checkpoint
from training.stylize.painting import Painting
from training.stylize.recipe import differences


def save_painting(painting: Painting, path: Path) -> None:
    """Write canvas, optimiser and random state, whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    content = {"recipe": dict(painting.recipe), "painting": painting.state_dict()}
    write_checkpoint(content, path)


def load_painting(painting: Painting, path: Path, way_out: str) -> None:
    """Bring a painting of the same recipe to where the checkpoint was saved.

    `way_out` tells whoever cannot go on what to do instead.

    Raises:
        LichenError: there is no such checkpoint, it is damaged, or of another recipe.
    """
    with reading_checkpoint(path, way_out) as content:
        recipe = content["recipe"]
        changed = differences(recipe, painting.recipe)
        if not changed:
            painting.load_state_dict(content["painting"])
    if recipe.keys() != painting.recipe.keys():
        raise LichenError(f"{path} was left by another command, or another Lichen; {way_out}.")
    if changed:
        raise LichenError(
            f"{path} is of another painting: they differ in {', '.join(changed)}; use the same, "
            f"or {way_out}."
        )
