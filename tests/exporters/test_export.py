"""Exports are whole or absent, the same every time, and hostile texts do no harm in any of them."""

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exporters.automaton import Automaton, Credits
from exporters.errors import LichenError
from exporters.export import MARK, export
from exporters.targets import html_page
from exporters.targets.registry import TARGETS
from exporters.targets.target import ExportOptions, Files, Target
from support import HOSTILE_TEXT, random_automaton

SHADERS_AND_SCRIPTS = {".frag", ".vert", ".glsl", ".fs", ".vs", ".js", ".mjs"}
# What would end the place that a text stands in, by the kind of file.
CLOSING = {
    ".html": ("</script", "<script", "<!--", "</title", "</style"),
} | {suffix: ("*/", "/*", "`", "${") for suffix in SHADERS_AND_SCRIPTS}
# Characters that no text of an export has use for, but for line ends and tabs.
CONTROLS = ["\0", "\x1b", "\r", "\u2028", "\u2029", "\u202e", "\ufeff"]
LARGEST_GROWTH_BYTES = 20_000
MEGABYTES = "moss " * 2_000_000
HOSTILE_TEXTS = {
    "everything": HOSTILE_TEXT,
    "script": "</script><script>alert(1)</script>",
    "comment": "*/ #error hacked /*",
    "lines": "a\nb\r\nc\u2028d\x85e\x0bf",
    "quotes": "\"'`\"\"\"'''${x}",
    "path": "../../../hacked",
    "backslash": "moss\\",
    "surrogates": "\ud800\udfff",
    "escape": "\x1b[31mred\x1b]0;hacked\x07",
    "markup": "[/red] %s {0} $title",
    "empty": "",
    "huge": MEGABYTES,
    "huge hostile": "*/</script>\n" * 900_000,
}
FINGERPRINT = "from test_export import print_fingerprint; print_fingerprint()"


@pytest.fixture
def _quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page takes seconds to find out whether 8 bits are enough, which no text can change."""
    monkeypatch.setattr(html_page, "needs_float", lambda automaton: False)


def described(text: str) -> Automaton:
    """An automaton with the text everywhere that people can write."""
    credits = Credits(text, text, text, text, text)
    return replace(random_automaton(4, 6), name=text, credits=credits)


def written(target: Target, automaton: Automaton, folder: Path) -> Files:
    """What an export leaves on disk, once it is certain that it left nothing elsewhere."""
    place = folder / "in" / "here" / f"it{target.suffix}"
    place.parent.mkdir(parents=True)
    export([automaton], target, place)
    everything = [path for path in folder.rglob("*") if path.is_file()]
    outside = [path for path in everything if path != place and place not in path.parents]
    assert everything and not outside
    return {str(path.relative_to(place.parent)): path.read_bytes() for path in everything}


def texts(files: Files) -> dict[Path, str]:
    """The files that people read."""
    return {Path(name): content.decode() for name, content in files.items() if ".onnx" not in name}


@pytest.mark.usefixtures("_quick_pages")
@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_hostile_texts_do_no_harm(target: Target, text: str, tmp_path: Path) -> None:
    plain = written(target, described("moss"), tmp_path / "plain")
    hostile = written(target, described(text), tmp_path / "hostile")
    assert set(hostile) == set(plain)
    for name, content in hostile.items():
        assert len(content) < len(plain[name]) + LARGEST_GROWTH_BYTES
    harmless = texts(plain)
    for path, content in texts(hostile).items():
        for closing in CLOSING.get(path.suffix, ()):
            assert content.count(closing) == harmless[path].count(closing), path
        found = [mark for mark in CONTROLS if mark in content]
        assert found == []
        if path.suffix == ".html":
            assert _tags(content) == _tags(harmless[path])
        if path.suffix == ".json":
            assert json.loads(content).keys() == json.loads(harmless[path]).keys()
        if path.suffix == ".py":
            assert _shape(content) == _shape(harmless[path])
        if path.suffix in SHADERS_AND_SCRIPTS:
            assert _code_lines(content) == _code_lines(harmless[path])


def _shape(program: str) -> list[str]:
    """The statements of a Python file, whatever their texts say."""
    return [type(statement).__name__ for statement in ast.parse(program).body]


def _code_lines(source: str) -> list[str]:
    """Lines that a compiler sees; a backslash would hide the line after a comment from it."""
    lines = source.splitlines()
    assert not [line for line in lines if line.endswith("\\")]
    return [line for line in lines if not line.lstrip().startswith(("//", "*", "/*", '"'))]


def _tags(page: str) -> list[tuple[str, list[str]]]:
    """Every element of a page in order, with the names of its attributes."""
    found: list[tuple[str, list[str]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append(  # type: ignore[method-assign]
        (tag, [name for name, _ in attributes])
    )
    parser.feed(page)
    return found


@pytest.mark.usefixtures("_quick_pages")
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_the_same_texts_give_the_same_bytes(target: Target) -> None:
    first, second = (target.export([described(HOSTILE_TEXT)], ExportOptions()) for _ in range(2))
    assert first == second and all(first.values())


def print_fingerprint() -> None:
    """Name every file of every target, and what it holds."""
    for name, target in TARGETS.items():
        for path, content in target.export([random_automaton(4, 6)], ExportOptions()).items():
            print(name, path, hashlib.sha256(content).hexdigest())


def test_a_fresh_interpreter_writes_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever order it keeps its sets in."""
    print_fingerprint()
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": "tests/exporters:tests:."}
    command = [sys.executable, "-c", FINGERPRINT]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.stdout == capsys.readouterr().out, result.stderr


def one_file(content: bytes = b"new", name: str = "a.txt") -> Target:
    def write(automata: Sequence[Automaton], options: ExportOptions) -> Files:
        return {name: content}

    return Target("one", "One file", "a file", write, suffix=".txt")


def a_folder(content: bytes = b"new", name: str = "a.txt") -> Target:
    def write(automata: Sequence[Automaton], options: ExportOptions) -> Files:
        return {"first.txt": b"new", f"deep/{name}": content}

    return Target("many", "Many files", "a folder", write)


def snapshot(folder: Path) -> dict[str, str]:
    """Every file and folder with what it holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
    }


def refusal(target: Target, place: Path, replace_it: bool = False) -> str:
    """The sentence that an export is refused with; it must change nothing."""
    root = place.absolute().parent
    root = root if root.is_dir() else root.parent
    before = snapshot(root) if root.is_dir() and root != Path("/proc") else {}
    with pytest.raises(LichenError) as caught:
        export([random_automaton(4, 2)], target, place, replace=replace_it)
    if before:
        assert snapshot(root) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that is not empty."""
    (tmp_path / "other.txt").write_text("somebody's own")
    return tmp_path


@pytest.mark.parametrize("target", [one_file(), a_folder()], ids=["file", "folder"])
class TestPlaces:
    def test_a_missing_folder(self, target: Target, place: Path) -> None:
        assert "does not exist" in refusal(target, place / "none" / f"x{target.suffix}")

    def test_a_file_in_place_of_the_folder(self, target: Target, place: Path) -> None:
        assert "cannot write" in refusal(target, place / "other.txt" / f"x{target.suffix}")

    def test_a_folder_that_takes_no_files(self, target: Target, place: Path) -> None:
        assert "cannot write" in refusal(target, Path("/proc") / f"x{target.suffix}")

    def test_a_name_that_no_disk_takes(self, target: Target, place: Path) -> None:
        assert "cannot write" in refusal(target, place / ("x" * 300 + target.suffix))

    def test_what_is_there_is_replaced_by_force_alone(self, target: Target, place: Path) -> None:
        path, automata = place / f"x{target.suffix}", [random_automaton(4, 2)]
        export(automata, target, path)
        assert "--force" in refusal(target, path)
        older = snapshot(place)
        newer = one_file(b"newer") if target.suffix else a_folder(b"newer")
        export(automata, newer, path, replace=True)
        assert set(snapshot(place)) == set(older) and snapshot(place) != older

    def test_an_older_export_survives_a_target_that_refuses(
        self, target: Target, place: Path
    ) -> None:
        path = place / f"x{target.suffix}"
        export([random_automaton(4, 2)], target, path)

        def fail(automata: Sequence[Automaton], options: ExportOptions) -> Files:
            raise LichenError("it has too many legs.")

        assert "legs" in refusal(replace(target, export=fail), path, replace_it=True)

    def test_a_full_disk_leaves_the_older_export(self, target: Target, place: Path) -> None:
        """No file may grow beyond a kilobyte in the process that exports: as on a full disk."""
        path = place / f"x{target.suffix}"
        export([random_automaton(4, 2)], target, path)
        before = snapshot(place)
        function = "one_file" if target.suffix else "a_folder"
        program = (
            "import resource, sys\nfrom pathlib import Path\n"
            "from exporters.errors import LichenError\nfrom exporters.export import export\n"
            f"from test_export import {function}\nfrom support import random_automaton\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "try:\n"
            f"    export([random_automaton(4, 2)], {function}(b'x' * 5000), Path(sys.argv[1]),"
            " replace=True)\n"
            "except LichenError as error:\n    sys.exit(f'sentence: {error}')\n"
        )
        environment = {**os.environ, "PYTHONPATH": "tests/exporters:tests:."}
        command = [sys.executable, "-c", program, str(path)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert result.stderr.startswith("sentence: cannot write") and result.returncode == 1
        assert result.stderr.count("\n") == 1
        assert snapshot(place) == before


def test_a_file_that_cannot_be_named_leaves_the_older_folder(place: Path) -> None:
    export([random_automaton(4, 2)], a_folder(), place / "x")
    assert "cannot write" in refusal(a_folder(name="y" * 300), place / "x", replace_it=True)


def test_files_and_folders_are_not_mistaken_for_each_other(place: Path) -> None:
    (place / "folder.txt").mkdir()
    assert "it is a folder" in refusal(one_file(), place / "folder.txt", replace_it=True)
    assert "it is a file" in refusal(a_folder(), place / "other.txt", replace_it=True)
    assert "ends in .txt" in refusal(one_file(), place / "x.html")


def test_force_never_removes_somebodys_own_folder(place: Path) -> None:
    (place / "mine").mkdir()
    (place / "mine" / "letter.txt").write_text("dear")
    assert "no export" in refusal(a_folder(), place / "mine", replace_it=True)
    (place / "empty").mkdir()
    export([random_automaton(4, 2)], a_folder(), place / "empty", replace=True)
    assert (place / "empty" / MARK).is_file()


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_what_a_target_cannot_hold_is_one_short_sentence(target: Target) -> None:
    wide = replace(random_automaton(4, 2), name=MEGABYTES)
    with pytest.raises(LichenError) as caught:
        replace(target, largest_channels=3).check([wide])
    assert len(str(caught.value)) < 300 and "at most 3 channels" in str(caught.value)
    with pytest.raises(LichenError, match="at least one"):
        target.check([])
