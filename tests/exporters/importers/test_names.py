"""Names from other files become harmless file names."""

from pathlib import Path

import pytest

from exporters.importers.names import file_name, unique_file_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("texture/models/dots-mondrian", "dots-mondrian"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("Bricks + 7 (red)", "Bricks + 7 (red)"),
        ("Flechte", "Flechte"),
        ("地衣", "地衣"),
        ("", "automaton"),
        ("..", "automaton"),
        ("///", "automaton"),
        (".hidden", "hidden"),
        ("a\nb\0c\ud800", "a_b_c_"),
        ('<script>"*?|', "_script_____"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert file_name(name) == expected


@pytest.mark.parametrize("letter", ["x", "𠀀", "é", "/", "\ud800", "."])
def test_huge_names_fit_on_disk(letter: str, tmp_path: Path) -> None:
    name = file_name(letter * 10_000_000)
    (tmp_path / f".{name} 99.12345678.preview.safetensors").write_bytes(b"")
    assert len(list(tmp_path.iterdir())) == 1


def test_no_two_are_alike_on_any_disk() -> None:
    names = unique_file_names(["a/Dots", "b/dots", "dots 2", "DOTS"])
    assert names == ["Dots", "dots 2", "dots 2 2", "DOTS 3"]
    assert len({name.casefold() for name in names}) == 4
