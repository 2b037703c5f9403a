"""What a training leaves on disk so that it can go on later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from exporters.atomic import atomic_path
from exporters.automaton import Credits
from exporters.errors import LichenError
from training.plan import TrainingPlan
from training.trainer import Trainer

# What the saved tensors' shapes depend on; everything else may change from run to run.
SIZES = ("channels", "hidden", "grid_cells", "pool_size")


def save_checkpoint(trainer: Trainer, path: Path) -> None:
    """Write weights, optimizer, pool and random states, whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    content = {
        "plan": asdict(trainer.plan),
        "automaton": _kind(trainer),
        "name": trainer.model.template.name,
        "credits": asdict(trainer.model.template.credits),
        "exemplar_digest": trainer.exemplar_digest,
        "trainer": trainer.state_dict(),
    }
    write_checkpoint(content, path)


def load_checkpoint(trainer: Trainer, path: Path) -> None:
    """Bring a trainer of the same sizes to where the checkpoint was saved.

    Its name, its credits and the exemplar's digest are those of the checkpoint then.

    Under another learning rate than before, what rollbacks took off the old one is forgotten.

    Raises:
        LichenError: there is no such checkpoint, it is damaged, or of other sizes.
    """
    with reading_checkpoint(path) as content:
        plan = TrainingPlan(**content["plan"])
        saved = _sizes(plan) | content.get("automaton", {})
        ours = _sizes(trainer.plan) | _kind(trainer)
        changed = [f"{name} {value}" for name, value in saved.items() if value != ours[name]]
        if changed:
            raise LichenError(
                f"{path} was trained with {', '.join(changed)}; resume with the same options."
            )
        trainer.load_state_dict(_own_part(trainer, content["trainer"]))
        if plan.learning_rate != trainer.plan.learning_rate:
            trainer.learning_rate_scale = 1.0
        trainer.exemplar_digest = content.get("exemplar_digest", "")
        if "credits" in content:  # older checkpoints have none
            trainer.model.template = replace(
                trainer.model.template, name=content["name"], credits=Credits(**content["credits"])
            )


def write_checkpoint(content: dict[str, Any], path: Path) -> None:
    """Write tensors and plain values, whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    with atomic_path(path) as temporary:
        try:
            # Into an open file: PyTorch's own writer takes a backslash in a name for a folder.
            with temporary.open("wb") as file:
                torch.save(content, file)
        except RuntimeError as error:
            # What the disk refuses lies below PyTorch's complaint that its archive is cut short.
            if isinstance(error.__context__, OSError):
                raise error.__context__ from error
            raise LichenError(f"cannot write {path}: {error}.") from error


def check_checkpoint(path: Path) -> None:
    """Raises LichenError where no run has left anything to go on from."""
    if not path.is_file():
        raise LichenError(f"there is nothing to resume: no checkpoint {path}.")


@contextmanager
def reading_checkpoint(
    path: Path, way_out: str = "start again with --force"
) -> Iterator[dict[str, Any]]:
    """What `write_checkpoint` wrote; a block that can make nothing of it blames the file.

    `way_out` tells whoever cannot go on what to do instead.

    Raises:
        LichenError: there is no such checkpoint, or it is damaged.
    """
    check_checkpoint(path)
    try:
        yield torch.load(path, map_location="cpu", weights_only=True)
    except LichenError:
        raise
    except Exception as error:  # the unpickler raises types of its own
        raise LichenError(f"the checkpoint {path} is damaged; {way_out}.") from error


def _sizes(plan: TrainingPlan) -> dict[str, int]:
    return {name.replace("_", " "): getattr(plan, name) for name in SIZES}


def _kind(trainer: Trainer) -> dict[str, int | bool]:
    """What a target decides about its automaton."""
    template = trainer.model.template
    return {
        "content channels": template.content_channels,
        "alive masking": template.alive_masking,
    }


def _own_part(trainer: Trainer, state: dict[str, Any]) -> dict[str, Any]:
    """What one of several processes takes of the state that the first of them wrote.

    That holds the first one's share of the pool. The others start from copies of it, and go their
    own ways by masks of their own; so does a training that was begun on another kind of device,
    whose random states are of another kind.
    """
    rank, slots = trainer.processes.rank, len(trainer.pool.states)
    pool, masks = state["pool"], trainer.state_dict()["mask_generator"]
    if rank == 0 and len(state["mask_generator"]) == len(masks):
        masks = state["mask_generator"]
    own_slots = (rank * slots + torch.arange(slots)) % len(pool)
    return state | {"pool": pool[own_slots], "mask_generator": masks}
