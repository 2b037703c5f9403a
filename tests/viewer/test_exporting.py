"""Exports from the panel: beside the window, under names that are free."""

import time
from pathlib import Path

import pytest

from exporters.automaton_file import save_automaton
from exporters.errors import LichenError
from exporters.targets.registry import TARGETS
from exporters.targets.target import ExportOptions
from support import random_automaton
from viewer.command import main
from viewer.exporting import PICTURES, ExportOrder, Exports, export_folder


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exports:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    return Exports()


@pytest.fixture
def moss(tmp_path: Path) -> Path:
    save_automaton(random_automaton(4, 8), tmp_path / "moss.safetensors")
    return tmp_path / "moss.safetensors"


def finish(exports: Exports) -> str | None:
    while exports.state.running:
        news = exports.poll()
        time.sleep(0.02)
    return news


def test_saves_among_the_users_documents(exports: Exports, moss: Path) -> None:
    exports.start(ExportOrder(moss, "html"))
    assert exports.state.running == "moss.html"
    assert finish(exports) == f"Saved {export_folder() / 'moss.html'}"
    assert exports.state.written == export_folder() / "moss.html"
    assert "<title>" in exports.state.written.read_text("utf-8")


def test_replaces_nothing(exports: Exports, moss: Path) -> None:
    export_folder().mkdir(parents=True)
    (export_folder() / "moss.html").write_text("mine")
    exports.start(ExportOrder(moss, "html"))
    finish(exports)
    assert exports.state.written == export_folder() / "moss 2.html"
    assert (export_folder() / "moss.html").read_text() == "mine"


def test_one_at_a_time(exports: Exports, moss: Path) -> None:
    exports.start(ExportOrder(moss, "html"))
    with pytest.raises(LichenError, match="moss.html is still being written"):
        exports.start(ExportOrder(moss, "html"))
    exports.cancel()
    assert not exports.state.running
    assert not list(export_folder().iterdir())


@pytest.mark.parametrize("target", ["glsl", ".png"])
def test_folders_and_pictures_get_there(target: str, exports: Exports, moss: Path) -> None:
    exports.start(ExportOrder(moss, target, ExportOptions((16, 16))))
    finish(exports)
    assert exports.state.written is not None and exports.state.written.exists()
    assert list(export_folder().iterdir()) == [exports.state.written]


def test_a_cancelled_film_leaves_nothing(exports: Exports, moss: Path) -> None:
    exports.start(ExportOrder(moss, ".mp4", ExportOptions((16, 16))))
    while not list(export_folder().glob("*/.moss.*")):
        assert exports.poll() is None
        time.sleep(0.01)
    exports.cancel()
    assert not list(export_folder().iterdir())


def test_tells_why_one_failed(exports: Exports, tmp_path: Path) -> None:
    exports.start(ExportOrder(tmp_path / "gone.safetensors", "html"))
    with pytest.raises(LichenError, match="gone.safetensors") as complaint:
        finish(exports)
    assert not str(complaint.value).startswith("lichen:")
    assert exports.state.written is None
    assert not list(export_folder().iterdir())


@pytest.mark.parametrize("target", [*TARGETS, *PICTURES.values()])
def test_every_button_is_a_command(
    target: str, moss: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ExportOrder(moss, target, ExportOptions((32, 48), 2, 7))
    place = order.place(tmp_path)
    assert place.stem.startswith("moss")
    assert main([*order.command(tmp_path / "nowhere" / place.name)]) == 2
    assert "nowhere does not exist" in capsys.readouterr().err
