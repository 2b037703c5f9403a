"""One headless context for all tests that need OpenGL; without one they fail."""

import os
from collections.abc import Iterator
from pathlib import Path

import moderngl
import pytest
from imgui_bundle import ImVec2, imgui, implot
from panel_dreamer import Dreamer
from panel_hand import WINDOW
from panel_painter import Painter
from panel_trainee import Trainee

from viewer.context import create_headless_context
from viewer.panels.sidebar import Sidebar
from viewer.training_actions import CloseWindow
from virtual_screen import Screen, virtual_screen

CREATE_CONTEXT = moderngl.create_context


@pytest.fixture(scope="session")
def context() -> moderngl.Context:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moderngl, "create_context", CREATE_CONTEXT)
        return create_headless_context()


@pytest.fixture(autouse=True)
def _no_second_context(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give commands that run inside a test the same context.

    Python collects the objects of a second one whenever it likes, and OpenGL would then delete
    the objects of the same number in the first.
    """
    monkeypatch.setattr(
        moderngl, "create_context", lambda **options: request.getfixturevalue("context")
    )


@pytest.fixture
def importable_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that tests start find the fake workers in this folder."""
    here = Path(__file__).parent
    folders = [str(here), str(here.parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(folders))


@pytest.fixture
def fake_worker(importable_fakes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings run `fake_worker.py`, and do what the order's name says."""
    monkeypatch.setattr("viewer.training_client.WORKER_MODULE", "fake_worker")


@pytest.fixture
def trainee(context: moderngl.Context, tmp_path: Path, fake_worker: None) -> Iterator[Trainee]:
    """Its trainings run `fake_worker.py`."""
    trainee = Trainee(context, tmp_path)
    yield trainee
    trainee.ask(CloseWindow("discard"))
    trainee.controller.release()


@pytest.fixture
def painter(
    context: moderngl.Context,
    tmp_path: Path,
    importable_fakes: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Painter]:
    """Its paintings run `fake_stylize_worker.py`, and do what the order's network says."""
    monkeypatch.setattr("viewer.stylize_client.WORKER_MODULE", "fake_stylize_worker")
    painter = Painter(context, tmp_path)
    yield painter
    painter.controller.release()


@pytest.fixture
def dreamer(context: moderngl.Context, tmp_path: Path) -> Iterator[Dreamer]:
    """Its dreams are real ones of the patch dreamer."""
    dreamer = Dreamer(context, tmp_path)
    yield dreamer
    dreamer.controller.release()


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A virtual display for real windows."""
    with virtual_screen(tmp_path_factory.mktemp("display")) as screen:
        yield screen


@pytest.fixture
def sidebar() -> Iterator[Sidebar]:
    """A panel without a window: Dear ImGui lays everything out, and nobody draws it."""
    context = imgui.create_context()
    implot.create_context()
    inputs = imgui.get_io()
    inputs.set_ini_filename("")
    inputs.display_size = ImVec2(*WINDOW)
    inputs.backend_flags |= imgui.BackendFlags_.renderer_has_textures
    yield Sidebar(ui_scale=1.0)
    implot.destroy_context()
    imgui.destroy_context(context)
