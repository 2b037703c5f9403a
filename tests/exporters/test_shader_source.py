"""Reading shaders."""

from pathlib import Path

import pytest

from exporters import shader_source as reading
from exporters.errors import LichenError
from exporters.shader_source import BROWSER_VERSION, shader_files, shader_source


def test_includes_are_put_in_place() -> None:
    source = shader_source("step.frag")
    assert "uint pcg(uint value)" in source
    assert "#include" not in source


def test_the_version_can_be_chosen() -> None:
    assert shader_source("display.frag").startswith("#version 330 core\n")
    assert shader_source("display.frag", BROWSER_VERSION).startswith("#version 300 es\n")


def test_files_name_the_includes_too() -> None:
    names = [path.name for path in shader_files("step.frag")]
    assert names == ["step.frag", "pcg.glsl", "state_format.glsl"]


def test_a_missing_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.frag").write_text('#version 330 core\n#include "gone.glsl"\n')
    monkeypatch.setattr(reading, "SHADER_FOLDER", tmp_path)
    with pytest.raises(LichenError, match="gone.glsl"):
        shader_source("broken.frag")
