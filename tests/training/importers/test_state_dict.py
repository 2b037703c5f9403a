"""PyTorch's files give their tensors and nothing else; what else they hold is never run."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as functional

from exporters import reference
from exporters.errors import LichenError
from exporters.importers.foreign_file import LARGEST_FILE_BYTES
from exporters.importers.registry import read_foreign
from support import random_state
from training.importers.state_dict import state_dict_to_safetensors

CHANNELS, HIDDEN = 4, 8


class Lesson(torch.nn.Module):
    """The automaton as the lesson has it: a circular perception and two convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.w1 = torch.nn.Conv2d(4 * CHANNELS, HIDDEN, 1)
        self.w2 = torch.nn.Conv2d(HIDDEN, CHANNELS, 1, bias=False)
        torch.nn.init.normal_(self.w1.weight, std=0.02)

    def forward(self, state: torch.Tensor, fires: torch.Tensor) -> torch.Tensor:
        sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
        identity = torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])
        laplacian = torch.tensor([[1.0, 2, 1], [2, -12, 2], [1, 2, 1]])
        kernels = torch.stack([identity, sobel, sobel.T, laplacian])
        padded = functional.pad(state[:, None], [1, 1, 1, 1], "circular")
        perceived = functional.conv2d(padded, kernels[:, None])
        seen = perceived.reshape(1, 4 * CHANNELS, *state.shape[-2:])
        change = self.w2(torch.relu(self.w1(seen)))
        return state + change[0] * fires


class Trap:
    """Leaves a trace where it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.trace,)


@pytest.mark.parametrize("suffix", [".pt", ".pth"])
def test_the_lessons_file_steps_as_the_lesson(suffix: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    lesson, path = Lesson(), tmp_path / f"lesson{suffix}"
    torch.save(lesson.state_dict(), path)
    (item,) = read_foreign(path, state_dict_to_safetensors)
    generator = np.random.default_rng(3)
    ours = random_state(CHANNELS, 9, 12)
    theirs = torch.from_numpy(ours)
    with torch.no_grad():
        for _ in range(8):
            fires = generator.random((9, 12)) < 0.5
            theirs = lesson(theirs, torch.from_numpy(fires))
            ours = reference.step(item.automaton, ours, fires)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-4)
    assert item.automaton.name == "lesson" and item.notes == ()


def test_nothing_in_the_file_is_run(tmp_path: Path) -> None:
    trace, path = tmp_path / "trace", tmp_path / "trap.pt"
    torch.save({"w1.weight": Trap(trace)}, path)
    with pytest.raises(LichenError, match="state dict"):
        state_dict_to_safetensors(path)
    assert not trace.exists()
    torch.load(path, weights_only=False)
    assert trace.exists()


@pytest.mark.parametrize(
    "content",
    [
        [1, 2],
        {"a": 1},
        {"a": {"b": torch.zeros(2)}},
        {"a": torch.zeros(1).expand(10_000, 1000)},
        torch.zeros(3),
        None,
    ],
)
def test_other_content_is_one_sentence(content: object, tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    torch.save(content, path)
    with pytest.raises(LichenError, match="model.pth.*state_dict"):
        state_dict_to_safetensors(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no pickle at all"])
def test_damaged_files_are_one_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    path.write_bytes(content)
    with pytest.raises(LichenError, match="model.pth"):
        state_dict_to_safetensors(path)


def test_a_missing_and_a_huge_file_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="cannot read"):
        state_dict_to_safetensors(tmp_path / "none.pt")
    with (tmp_path / "huge.pt").open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)
    with pytest.raises(LichenError, match="larger"):
        state_dict_to_safetensors(tmp_path / "huge.pt")
