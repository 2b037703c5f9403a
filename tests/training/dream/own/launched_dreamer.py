"""What test_own_processes runs in two processes: one iteration looked at, then the command.

They are forked here, where the libraries are loaded once: python launched_dreamer.py FOLDER
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from accelerate import debug_launcher
from own_support import tiny_trainer
from torch import Tensor, nn

from viewer.command import main

COMMAND = (
    "--patch 16 --size 32 --widths 16 --batch 2 --iterations 2 --precision float32 --device cpu"
).split()


def observed_iteration(folder: Path) -> dict[str, Any]:
    """The gradients that one process went by, and where they led."""
    trainer = tiny_trainer(folder)
    accelerator = trainer._accelerator
    gradients: list[Tensor] = []
    clip = accelerator.clip_grad_norm_

    def remember(parameters: Iterable[nn.Parameter], longest: float) -> Tensor | None:
        chosen = list(parameters)
        gradients.extend(each.grad.clone() for each in chosen if each.grad is not None)
        return clip(chosen, longest)

    accelerator.clip_grad_norm_ = remember
    trainer.iterate()
    return {
        "rank": accelerator.process_index,
        "gradients": gradients,
        "loss": trainer.loss,
        "weights": list(trainer.denoiser.parameters()),
    }


def train(place: Path) -> None:
    """Look at an iteration, and train as a user would."""
    observed = observed_iteration(place / "pictures")
    torch.save(observed, place / f"observed{observed['rank']}.pt")
    output = str(place / "it.safetensors")
    sys.exit(main(["train-dreamer", str(place / "pictures"), "-o", output, *COMMAND]))


if __name__ == "__main__":
    debug_launcher(train, (Path(sys.argv[1]),))
