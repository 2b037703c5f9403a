"""What every test shares: one thread, and folders of its own instead of the user's."""

import os
from pathlib import Path

import pytest

# Before any test imports torch or numpy, which read them once.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def _driver_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let all tests share the shaders that the driver compiled; the user's cache stays as it is."""
    os.environ["MESA_SHADER_CACHE_DIR"] = str(tmp_path_factory.mktemp("shaders"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder in place of the user's settings, data, cache and state."""
    folder = tmp_path_factory.mktemp("home")
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    return folder
