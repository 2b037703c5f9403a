"""The exported Python file: it runs, it is importable, and it equals the reference."""

import ast
import subprocess
import sys
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters import reference
from exporters.automaton import Automaton, Credits
from exporters.display import picture
from exporters.export import export
from exporters.gallery import find_entry
from exporters.seed import Seed, seed_state
from exporters.targets.python_file import TARGET
from exporters.targets.target import ExportOptions
from support import HOSTILE_TEXT, random_automaton, statistics_error

LARGE_SEED = 2**32 - 5
AUTOMATA = [
    random_automaton(12, 96, filter_scales=(1.0, 0.125, 0.5, 0.0625), clamp=(-2.0, 2.0)),
    replace(
        random_automaton(9, 8, alive_masking=True),
        seed=Seed("uniform", -0.5, 0.2),
        display="premultiplied rgba over white",
    ),
    replace(random_automaton(2, 5, update_rate=0.3, clamp=(-0.4, 0.9)), seed=Seed("single cell")),
]


def source(automaton: Automaton) -> str:
    (content,) = TARGET.export([automaton], ExportOptions()).values()
    return content.decode()


def load(automaton: Automaton) -> types.ModuleType:
    module = types.ModuleType("automaton")
    exec(compile(source(automaton), "automaton.py", "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("automaton", AUTOMATA, ids=lambda automaton: automaton.seed.kind)
def test_eight_steps_and_the_picture_equal_the_reference(automaton: Automaton) -> None:
    module = load(automaton)
    expected = seed_state(automaton.seed, automaton.channels, 20, 33, LARGE_SEED)
    actual = module.seed(20, 33, LARGE_SEED)
    np.testing.assert_array_equal(actual, expected)
    expected = reference.run(automaton, expected, 8, LARGE_SEED)
    actual = module.run(module.run(actual, 5, random_seed=LARGE_SEED), 3, 5, LARGE_SEED)
    assert actual.dtype == np.float32
    np.testing.assert_allclose(actual, expected, atol=1e-5)
    np.testing.assert_array_equal(module.picture(expected), picture(automaton, expected))


def test_500_steps_have_the_statistics_of_the_reference() -> None:
    coral = find_entry("coral_small").automaton
    module = load(coral)
    state = module.run(module.seed(32, 32), 500)
    # Other random seeds are up to 0.042 away.
    assert statistics_error(coral, state, 500) < 0.05


def test_it_draws_a_picture_from_the_shell(tmp_path: Path) -> None:
    automaton = AUTOMATA[0]
    export([automaton], TARGET, tmp_path / "moss.py")
    options = "--grid 33x20 --steps 6 --seed 7 -o moss.png".split()
    command = [sys.executable, "-W", "error", "moss.py", *options]
    subprocess.run(command, cwd=tmp_path, check=True)
    state = seed_state(automaton.seed, automaton.channels, 20, 33, 7)
    expected = picture(automaton, reference.run(automaton, state, 6, 7)).astype(int)
    with Image.open(tmp_path / "moss.png") as image:
        assert image.size == (33, 20)
        # Rounding may tip a byte over.
        assert np.abs(np.asarray(image) - expected).max() <= 1


def test_it_needs_numpy_alone() -> None:
    tree = ast.parse(source(AUTOMATA[0]))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    names = {alias.name for node in imports for alias in node.names}
    assert "numpy" in names and names - {"numpy"} <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))


@pytest.mark.parametrize("automaton", AUTOMATA, ids=lambda automaton: automaton.seed.kind)
def test_its_style_is_ours(automaton: Automaton, tmp_path: Path) -> None:
    (tmp_path / "automaton.py").write_text(source(automaton), "utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    for action in (["check", "--select", "E,F,W,I,UP,B"], ["format", "--check"]):
        command = [ruff, *action, "--isolated", "--line-length", "100", "--no-cache", tmp_path]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("options", "complaint"),
    [("--grid 0x5", "--grid"), ("--grid moss", "--grid"), ("-o gone/moss.png", "cannot write")],
)
def test_mistakes_are_told(options: str, complaint: str, tmp_path: Path) -> None:
    export([AUTOMATA[2]], TARGET, tmp_path / "moss.py")
    command = [sys.executable, "moss.py", "--steps", "1", *options.split()]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert complaint in result.stderr and "Traceback" not in result.stderr


def test_names_and_credits_are_single_comments() -> None:
    hostile = Credits(author="moss\n" * 10**6, licence='"""\nimport os\n')
    text = source(replace(AUTOMATA[2], name=HOSTILE_TEXT, credits=hostile))
    usual = source(AUTOMATA[2]).splitlines()
    assert text.splitlines()[4:] == usual[2:]
    assert all(line.startswith("#") and len(line) < 120 for line in text.splitlines()[:4])


def test_the_same_automaton_gives_the_same_bytes() -> None:
    assert source(AUTOMATA[0]) == source(replace(AUTOMATA[0]))
