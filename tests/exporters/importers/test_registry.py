"""Whatever file is given, it is read as what it is, or refused in one sentence."""

import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from exporters.automaton_file import save_automaton
from exporters.errors import LichenError
from exporters.importers import foreign_file
from exporters.importers.foreign_file import is_foreign
from exporters.importers.registry import read_foreign
from foreign_files import distill_json
from support import random_automaton


class Trap:
    """Leaves a trace where it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.trace,)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b""),
        ("a.json", b"\xff\xfe"),
        ("a.json", b"[" * 100_000),
        ("a.json", b"1" * 5000),
        ("a.json", b"null"),
        ("a.json", b"[1, 2]"),
        ("a.json", b"{}"),
        ("a.json", b'{"layers": 3, "model_names": []}'),
        ("a.json", b'{"layers": [], "model_names": ["x"]}'),
        ("a.json", b'{"layers": [{"data_flatten": []}], "model_names": ["x"]}'),
        ("a.json", b'{"x": {"nca.w1.weight": 3}}'),
        ("a.json", b'{"format": "graph-model", "modelTopology": {}}'),
        ("a.safetensors", b""),
        ("a.safetensors", struct.pack("<Q", 2**60)),
        ("a.safetensors", struct.pack("<Q", 2) + b"{}"),
        ("a.npy", b"\x93NUMPY"),
        ("a.h5", b"\x89HDF"),
        ("a", b"{}"),
    ],
)
def test_what_is_no_automaton_is_one_sentence(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LichenError) as caught:
        read_foreign(path, Path.read_bytes)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    for name in ("none.json", "folder.json", "none.safetensors"):
        with pytest.raises(LichenError, match=name):
            read_foreign(tmp_path / name, Path.read_bytes)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(foreign_file.LARGEST_FILE_BYTES + 1)
    with pytest.raises(LichenError, match="larger"):
        read_foreign(path, Path.read_bytes)


@pytest.mark.parametrize("suffix", [".json", ".safetensors", ".pkl", ".npy"])
def test_nothing_is_unpickled(suffix: str, tmp_path: Path) -> None:
    trace, path = tmp_path / "trace", tmp_path / f"trap{suffix}"
    path.write_bytes(pickle.dumps(Trap(trace)))
    with pytest.raises(LichenError):
        read_foreign(path, Path.read_bytes)
    assert not trace.exists()
    pickle.loads(path.read_bytes())
    assert trace.exists()


def test_hostile_names_do_no_harm(tmp_path: Path) -> None:
    names = ["</script>", "../../up", "x" * 10_000_000, "a\nb", "\ud800", ""]
    path = tmp_path / "models.json"
    path.write_text(json.dumps(distill_json(names)[0]))
    found = [item.automaton.name for item in read_foreign(path, Path.read_bytes)]
    assert found[:2] == ["script_", "up"] and found[3:] == ["a_b", "_", "automaton"]
    assert len(found[2]) <= 50


def test_our_own_files_need_no_import(tmp_path: Path) -> None:
    save_automaton(random_automaton(4, 2), tmp_path / "moss.safetensors")
    with pytest.raises(LichenError, match="already"):
        read_foreign(tmp_path / "moss.safetensors", Path.read_bytes)


def test_foreign_files_are_told_from_our_own(tmp_path: Path) -> None:
    ours, theirs, broken = (tmp_path / f"{name}.safetensors" for name in "abc")
    save_automaton(random_automaton(4, 2), ours)
    theirs.write_bytes(safetensors.numpy.save({"w": np.zeros(2, np.float32)}))
    broken.write_bytes(b"not an automaton")
    assert [is_foreign(path) for path in (ours, theirs, broken)] == [False, True, False]
    assert not is_foreign(tmp_path / "none.safetensors") and not is_foreign(tmp_path)
    assert all(is_foreign(Path(f"x{suffix}")) for suffix in (".json", ".PT", ".pth"))
    assert not is_foreign(Path("picture.png"))
