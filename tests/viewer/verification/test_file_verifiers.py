"""Verifying ONNX, Python and three.js exports: what was written is run, and mistakes are found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.export import export
from exporters.seed import Seed
from exporters.targets.registry import find_target
from exporters.targets.target import ExportOptions
from support import random_automaton, random_filter
from viewer.context import create_headless_context
from viewer.verification import onnx_model, python_file, three_js
from viewer.verification.verification import Export

MOSS = replace(random_automaton(5, 8), seed=Seed("uniform", -0.5, 0.5))
FILTER = random_filter(4, 8)
OPTIONS = ExportOptions((24, 17), random_seed=3)
LIBRARY = Path(__file__).parents[2] / "hosts" / "node_modules"
VERIFIERS = {"onnx": onnx_model.verify, "python": python_file.verify}

WriteExport = Callable[[str, Automaton], Export]


@pytest.fixture
def written(tmp_path: Path) -> WriteExport:
    """Write an automaton for a target, and claim that it is MOSS."""

    def write(name: str, automaton: Automaton) -> Export:
        target = find_target(name)
        path = tmp_path / f"moss{target.suffix}"
        export([automaton], target, path, OPTIONS)
        return Export(MOSS, OPTIONS, path, create_headless_context)

    return write


@pytest.mark.parametrize("name", VERIFIERS)
def test_exports_are_as_the_reference(name: str, written: WriteExport) -> None:
    found = VERIFIERS[name](written(name, MOSS))
    assert len(found) == {"onnx": 2, "python": 1}[name]
    assert all(verification.passed and verification.error < 1e-5 for verification in found)


@pytest.mark.parametrize("name", VERIFIERS)
def test_a_wrong_weight_is_found(name: str, written: WriteExport) -> None:
    wrong = replace(MOSS, update_bias=MOSS.update_bias + 0.001)
    assert not any(verification.passed for verification in VERIFIERS[name](written(name, wrong)))


def test_a_python_file_that_does_not_run_is_told_in_one_sentence(written: WriteExport) -> None:
    made = written("python", MOSS)
    made.path.write_text("import no_such_moss\n")
    with pytest.raises(LichenError, match="does not run: .*no_such_moss"):
        python_file.verify(made)


def test_three_js_runs_what_was_written(written: WriteExport, browser: Browser) -> None:
    made = written("three", MOSS)
    state = three_js.run_in(browser, made, LIBRARY, steps=8)
    assert made.compare("", state).passed
    wrong = replace(made, automaton=replace(MOSS, update_bias=MOSS.update_bias + 0.001))
    assert not wrong.compare("", state).passed


def test_three_js_shows_a_filter_the_example(written: WriteExport, browser: Browser) -> None:
    made = replace(written("three", FILTER), automaton=FILTER)
    assert made.compare("", three_js.run_in(browser, made, LIBRARY, steps=8)).passed


def test_three_js_is_looked_for_in_the_export_and_here(
    written: WriteExport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = written("three", MOSS)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LichenError, match=r"npm install --prefix \. three"):
        three_js.verify(made)
    monkeypatch.chdir(LIBRARY.parent)
    assert three_js.find_library(made.path).resolve() == LIBRARY
    (made.path / "node_modules").symlink_to(LIBRARY)
    monkeypatch.chdir(tmp_path)
    assert three_js.find_library(made.path) == made.path / "node_modules"


def test_a_model_that_the_runtime_cannot_open_is_one_sentence(written: WriteExport) -> None:
    moss = written("onnx", MOSS)
    (moss.path / onnx_model.STEP_FILE).write_bytes(b"no model")
    with pytest.raises(LichenError, match="cannot open step.onnx"):
        onnx_model.verify(moss)
