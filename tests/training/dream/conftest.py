"""A tiny diffusion pipeline with random weights, built once for all tests."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as diffusers writes it; a prompt is read byte by byte."""
    from training.benchmarks.random_pipeline import save_random_pipeline

    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_random_pipeline(folder)
    return folder
