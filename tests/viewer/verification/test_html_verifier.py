"""Verifying a web page: what was written is run on every kind of texture."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.html import page
from exporters.seed import Seed
from exporters.targets.target import ExportOptions
from support import random_automaton, random_filter
from viewer.context import create_headless_context
from viewer.verification import browser as verification_browser
from viewer.verification import html_page
from viewer.verification.verification import Export

MOSS = replace(random_automaton(5, 8), seed=Seed("uniform", -0.5, 0.5))
FILTER = random_filter(4, 8)
OPTIONS = ExportOptions((24, 17), random_seed=3)


def _written(automaton: Automaton, folder: Path, claimed: Automaton = MOSS) -> Export:
    """Write an automaton, and claim that it is another."""
    path = folder / "moss.html"
    path.write_text(page([automaton]), "utf-8")
    return Export(claimed, OPTIONS, path, create_headless_context)


@pytest.mark.parametrize("precision", html_page.BOUNDS)
def test_a_filters_page_runs_as_the_reference(
    precision: str, browser: Browser, tmp_path: Path
) -> None:
    verification = html_page.verify_in(browser, _written(FILTER, tmp_path, FILTER), precision)
    assert verification.passed


@pytest.mark.parametrize("precision", html_page.BOUNDS)
def test_a_page_runs_as_the_reference(precision: str, browser: Browser, tmp_path: Path) -> None:
    verification = html_page.verify_in(browser, _written(MOSS, tmp_path), precision)
    assert verification.passed and precision in verification.runtime


def test_another_automaton_differs(browser: Browser, tmp_path: Path) -> None:
    other = replace(MOSS, update_bias=MOSS.update_bias + MOSS.update_bias.max())
    for precision in html_page.BOUNDS:
        assert not html_page.verify_in(browser, _written(other, tmp_path), precision).passed


def test_what_the_page_cannot_do_is_told(browser: Browser, tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="cannot draw"):
        html_page.run_in(browser, _written(MOSS, tmp_path), "double", 1)


def test_a_missing_browser_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification_browser, "find_browser", lambda: None)
    with pytest.raises(LichenError, match="Chromium"):
        html_page.verify(_written(MOSS, tmp_path))


def test_a_browser_that_does_not_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(verification_browser, "find_browser", lambda: str(program))
    with pytest.raises(LichenError, match="browser.* failed"):
        html_page.verify(_written(MOSS, tmp_path))
