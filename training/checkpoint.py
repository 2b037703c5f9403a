"""What a training leaves on disk so that it can go on later."""

from dataclasses import asdict
from pathlib import Path

import torch

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.plan import TrainingPlan
from training.trainer import Trainer

# What the saved tensors' shapes depend on; everything else may change from run to run.
SIZES = ("channels", "hidden", "grid_cells", "pool_size")


def checkpoint_path(automaton_path: Path) -> Path:
    """The checkpoint that goes with an automaton file."""
    return automaton_path.with_name(f"{automaton_path.stem}.checkpoint.pt")


def save_checkpoint(trainer: Trainer, path: Path) -> None:
    """Write weights, optimizer, pool and random states, whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    with atomic_path(path) as temporary:
        torch.save({"plan": asdict(trainer.plan), "trainer": trainer.state_dict()}, temporary)


def load_checkpoint(trainer: Trainer, path: Path) -> None:
    """Bring a trainer of the same sizes to where the checkpoint was saved.

    Raises:
        LichenError: there is no such checkpoint, it is damaged, or of other sizes.
    """
    if not path.is_file():
        raise LichenError(f"there is nothing to resume: no checkpoint {path}.")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        saved_plan = TrainingPlan(**content["plan"])
        changed = [
            name for name in SIZES if getattr(trainer.plan, name) != getattr(saved_plan, name)
        ]
        if not changed:
            trainer.load_state_dict(content["trainer"])
    except LichenError:
        raise
    except Exception as error:  # the unpickler raises types of its own
        raise LichenError(f"the checkpoint {path} is damaged; start again with --force.") from error
    if changed:
        names = ", ".join(
            f"{name.replace('_', ' ')} {getattr(saved_plan, name)}" for name in changed
        )
        raise LichenError(f"{path} was trained with {names}; resume with the same options.")
