"""What test_processes launches in two processes: one iteration looked at closely, then the command.

accelerate launch ... launched_training.py FOLDER
"""

import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.callbacks.callback import Callback
from training.loop import Training
from training.losses.patch import PatchLoss
from training.plan import TrainingPlan
from training.processes import Processes, join_processes
from training.targets.texture import TextureTarget
from training.trainer import Trainer
from viewer.command import main

PLAN = TrainingPlan(
    channels=4, hidden=8, fewest_steps=4, most_steps=6, grid_cells=16, batch=2, pool_size=8
)
COMMAND = (
    "--loss patch --channels 4 --hidden 8 --grid 16 --batch 1 --pool 4 --steps 4:6 "
    f"--iterations 3 --no-check --callback {__file__}:Turn"
).split()


class Turn(Callback):
    """Changes gradients, as a user's callback may, and tells what weights came of it."""

    def after_backward(self, training: Training) -> None:
        """Go up where it went down, in the last layer."""
        gradient = training.trainer.model.update_weight.grad
        assert gradient is not None
        gradient.neg_()

    def after_training(self, training: Training) -> None:
        """Write this process's weights."""
        rank = training.trainer.processes.rank
        weights = [parameter.detach() for parameter in training.trainer.trained_parameters()]
        torch.save(weights, Path(sys.argv[1]) / f"weights{rank}.pt")


def lively_trainer(processes: Processes | None = None) -> Trainer:
    """A trainer whose weights all matter."""
    field = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0))
    trainer = Trainer(PLAN, TextureTarget(PatchLoss(field)), torch.device("cpu"), processes)
    weight = trainer.model.update_weight.detach()
    weight.normal_(0, 0.05, generator=torch.Generator().manual_seed(1))
    trainer.iteration = 1  # nothing is reseeded then
    return trainer


def observed_iteration(processes: Processes) -> dict[str, Any]:
    """What one process put into an iteration, and the gradients that came of it."""
    trainer = lively_trainer(processes)
    trainer.pool.states.uniform_(
        -0.5, 0.5, generator=torch.Generator().manual_seed(2 + processes.rank)
    )
    borrowed: list[Tensor] = []
    masks: list[Tensor] = []
    borrow, draw_mask = trainer.pool.borrow, trainer.model.draw_mask

    def remember_borrowed(slots: Tensor, reseed: bool) -> Tensor:
        borrowed.append(borrow(slots, reseed))
        return borrowed[-1].clone()

    def remember_mask(state: Tensor, generator: torch.Generator) -> Tensor:
        masks.append(draw_mask(state, generator))
        return masks[-1]

    trainer.pool.borrow = remember_borrowed
    trainer.model.draw_mask = remember_mask
    trainer.predict()
    generator = trainer.state_dict()["generator"]
    trainer.judge()
    trainer.backward()
    mean_rank = torch.tensor(float(processes.rank))
    processes.average([mean_rank])
    return {
        "states": borrowed[0],
        "masks": torch.stack(masks),
        "generator": generator,
        "gradients": [parameter.grad for parameter in trainer.trained_parameters()],
        "pool_slots": len(trainer.pool.states),
        "mean_rank": mean_rank.item(),
        "in_bfloat16": processes.in_bfloat16,
        "agreed": processes.agree_on(lambda: 7.0 + processes.rank),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    company = join_processes("cpu")
    torch.save(observed_iteration(company), folder / f"observed{company.rank}.pt")
    sys.exit(
        main(["train", str(folder / "image.png"), "-o", str(folder / "it.safetensors"), *COMMAND])
    )
