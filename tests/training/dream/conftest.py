"""What is built once for all tests of dreams."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from training.dream.diffusers_dreamer import DiffusersDreamer


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diffusion pipeline with random weights, in a folder; a prompt is read byte by byte."""
    from training.benchmarks.random_pipeline import save_random_pipeline

    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_random_pipeline(folder)
    return folder


@pytest.fixture(scope="session")
def whole_dream(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The frames of a small dream that nothing interrupted."""
    from patch_dreams import FRAMES, carry_out, frames_of, new_patch_dream

    order = new_patch_dream(tmp_path_factory.mktemp("whole") / "dream")
    carry_out(order)
    frames = frames_of(order)
    assert all(frames) and len(set(frames)) == FRAMES
    return frames


@pytest.fixture(scope="session")
def tiny_dreamer(tiny_pipeline: Path) -> "DiffusersDreamer":
    """Dreams with that pipeline, by a scheduler that adds no noise of its own."""
    from tiny_dreams import open_dreamer

    return open_dreamer(tiny_pipeline, scheduler="ddim")


@pytest.fixture(scope="session")
def xl_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `tiny_pipeline`, of the larger kind with two text encoders."""
    from training.benchmarks.random_pipeline import save_random_pipeline

    folder = tmp_path_factory.mktemp("models") / "tiny-xl"
    save_random_pipeline(folder, is_xl=True)
    return folder
