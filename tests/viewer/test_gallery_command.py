"""`lichen gallery`: bare names in a pipe, a table on a terminal."""

import sys
from pathlib import Path

import pytest

from exporters.automaton_file import save_automaton
from exporters.gallery import shipped_entries, user_folder
from support import random_automaton
from viewer.command import main


@pytest.fixture(autouse=True)
def own_automata(home: Path) -> None:
    folder = user_folder()
    folder.mkdir(parents=True)
    save_automaton(random_automaton(4, 2), folder / "a [red] one.safetensors")
    (folder / "broken.safetensors").write_bytes(b"nothing")


def test_a_pipe_gets_bare_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gallery"]) == 0
    shipped = [entry.name for entry in shipped_entries()]
    assert capsys.readouterr().out.splitlines() == [*shipped, "a [red] one", "broken"]


def test_a_terminal_gets_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["gallery"]) == 0
    printed = capsys.readouterr().out
    assert "Name" in printed and "lichen view NAME" in printed
    assert "a [red] one" in printed and "4/2" in printed
    assert "not an automaton file" in printed


def test_imported_automata_are_named_with_their_folder(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (user_folder() / "models").mkdir()
    save_automaton(random_automaton(4, 2), user_folder() / "models" / "knit.safetensors")
    assert main(["gallery"]) == 0
    name = capsys.readouterr().out.splitlines()[-1]
    assert name == "models/knit"
    assert main(["view", name, "--headless", "--frames", "1", "--grid", "8x8"]) == 0
    assert capsys.readouterr().out.startswith("knit, 8x8")


def test_what_is_no_name_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x" * 300, "a\0b", "\ud800"):
        assert main(["view", name, "--headless"]) == 2
        assert capsys.readouterr().err.count("\n") == 1
