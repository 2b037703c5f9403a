"""The check beside the window, and what is remembered of it."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from exporters.automaton import Credits
from exporters.automaton_file import load_automaton, save_automaton
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from exporters.verdict import Verdict
from support import random_automaton
from viewer.checking import Checks, load_verdict, verdict_path
from viewer.commands.check import find_exemplar

DRIFTS = Verdict("drifts", "drift 2.00, limit 1.3", 2000)
STABLE = Verdict("stable", "drift 0.50, limit 1.3", 2000)


@pytest.fixture
def moss(tmp_path: Path) -> Path:
    """An automaton that stays flat, so that its check is short."""
    automaton = random_automaton(4, 2)
    flat = replace(automaton, update_weight=0 * automaton.update_weight)
    path = tmp_path / "moss.safetensors"
    save_automaton(replace(flat, update_bias=0 * automaton.update_bias), path)
    return path


def keep_verdict(automaton_path: Path, text: str) -> None:
    path = verdict_path(automaton_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def wait_for(checks: Checks, path: Path) -> None:
    while checks.state(path).is_checking:
        checks.poll()
        time.sleep(0.02)


def test_a_check_beside_the_window_leaves_its_verdict(moss: Path) -> None:
    checks = Checks()
    assert checks.state(moss).verdict is None
    checks.start(moss)
    assert checks.state(moss).is_checking and not checks.state(None).is_checking
    with pytest.raises(LichenError, match="moss is still being checked"):
        checks.start(moss)
    wait_for(checks, moss)
    verdict = checks.state(moss).verdict
    assert verdict is not None and verdict.word == "dies"
    assert Checks().state(moss).verdict == verdict


def test_a_check_that_fails_says_why(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"nothing")
    checks = Checks()
    checks.start(wrong)
    with pytest.raises(LichenError, match="wrong could not be checked: .*not an automaton file"):
        wait_for(checks, wrong)
    assert not checks.state(wrong).is_checking


def test_a_check_can_be_stopped(moss: Path) -> None:
    checks = Checks()
    checks.start(moss)
    checks.stop()
    assert not verdict_path(moss).exists()
    Checks().stop()  # stops nothing, and does no harm


def test_the_training_s_verdict_counts_until_somebody_checks(moss: Path) -> None:
    save_automaton(replace(random_automaton(4, 2), verdict=DRIFTS), moss)
    assert load_verdict(moss) == DRIFTS
    keep_verdict(moss, json.dumps(asdict(STABLE)))
    assert load_verdict(moss) == STABLE


@pytest.mark.parametrize("text", ["", "[]", '{"word": "sleeps"}', '{"word": "dies"}'])
def test_a_damaged_verdict_counts_as_none(moss: Path, text: str) -> None:
    keep_verdict(moss, text)
    assert load_verdict(moss) is None


def test_a_retrained_automaton_is_looked_up_again(moss: Path) -> None:
    checks = Checks()
    assert checks.state(moss).verdict is None
    save_automaton(replace(random_automaton(4, 2, weight_seed=1), verdict=STABLE), moss)
    assert checks.state(moss).verdict == STABLE
    moss.unlink()
    assert checks.state(moss).verdict is None


def test_the_helper_ends_with_a_sentence(tmp_path: Path) -> None:
    # In a process of its own: the helper lowers the priority of whatever it runs in.
    command = [sys.executable, "-m", "viewer.checking", str(tmp_path / "gone")]
    ended = subprocess.run(
        [*command, "--output", str(tmp_path / "out.json")], capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert "cannot read" in ended.stderr


@pytest.mark.parametrize("exemplar", ["x" * 1_000_000, "a\0b", "\ud800", "..", "/etc/passwd", ""])
def test_no_name_of_an_exemplar_leads_astray(exemplar: str, moss: Path) -> None:
    hostile = replace(load_automaton(moss), credits=Credits(exemplar=exemplar))
    save_automaton(hostile, moss)
    assert find_exemplar(GalleryEntry(moss)) is None
