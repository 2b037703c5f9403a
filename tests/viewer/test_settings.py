"""Settings survive a restart; a damaged file never stops the window."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from viewer.settings import Settings, load_settings, save_settings


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "settings.json"
    settings = replace(
        Settings(), automaton="/a/moss.safetensors", brush_colour=(0.1, 0.2, 1.0), grid_width=64
    )
    save_settings(settings, path)
    assert load_settings(path) == settings


def test_a_missing_file_gives_defaults_silently(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_settings(tmp_path / "none.json") == Settings()
    assert not caplog.records


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"grid_width": "wide"}',
        '{"grid_width": 0}',
        '{"grid_width": 1e99}',
        '{"steps_per_second": NaN}',
        '{"brush_colour": [1, 2]}',
        '{"brush_colour": [1, 2, "x"]}',
        '{"brush_colour": [0, 0, 3]}',
        '{"brush_kind": "spoon"}',
        '{"tiled": 1}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_ignored_with_a_log_line(
    text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with caplog.at_level(logging.WARNING):
        assert load_settings(path) == Settings()
    assert len(caplog.records) == 1 and str(path) in caplog.text


def test_bytes_that_are_no_text_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"\xff\xfe\x00\x80")
    assert load_settings(path) == Settings()


def test_fields_of_another_version_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"smooth": True, "of_the_future": 3}))
    assert load_settings(path) == Settings(smooth=True)


def test_a_folder_that_cannot_be_written_only_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    save_settings(Settings(), blocked / "settings.json")
    assert "not saved" in caplog.text
