"""What every test shares: one thread, and folders of its own instead of the user's."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from worker_follower import Follow

    from viewer.folder_client import FolderClient

# Before any test imports torch or numpy, which read them once.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# PyTorch's compiler and the software renderer bring an LLVM each. A process that loads the
# renderer's first dies of the other, so tests in an unusual order would.
if importlib.util.find_spec("triton"):
    importlib.import_module("triton")

# The files that take longest, of which most wait for processes that they start.
LONGEST = (
    "test_callback_options",
    "test_dream_command",
    "test_dream_from_words",
    "test_equivalence",
    "test_gallery",
    "test_html_page_in_browser",
    "test_own_processes",
    "test_players",
    "test_shader_hosts",
    "test_stylize_client",
    "test_stylize_window",
    "test_train_command",
    "test_training_window",
    "test_view_command",
    "test_window",
    "test_worker",
)


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest-xdist keep our order; its own begins with the files of the most tests."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that runs side by side end at about the same time."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


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


@pytest.fixture
def follow() -> Iterator["Follow"]:
    """Follows workers through their clients, and lets none of them outlive the test."""
    from worker_follower import Follower

    followers: list[Follower] = []

    def start(client: "FolderClient[Any]") -> Follower:
        followers.append(Follower(client))
        return followers[-1]

    yield start
    for follower in followers:
        follower.end()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The system's own Chromium, drawing in software."""
    from playwright.sync_api import sync_playwright

    from viewer.system_libraries import find_browser

    executable = find_browser()
    assert executable, "these tests need Chromium or Chrome; 'make test' says how to get it"
    software = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright:
        # Containers refuse the sandbox; only our own pages are opened.
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*software, "--no-sandbox"]
        )
        yield browser
        browser.close()
