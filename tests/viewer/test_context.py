"""Contexts: there is one here, and where there is none one sentence says so."""

import os
import subprocess
import sys
from pathlib import Path

import moderngl

from viewer.context import is_software, renderer_name

CREATE = """
from exporters.errors import LichenError
from viewer.context import create_headless_context
try:
    create_headless_context()
except LichenError as error:
    print(error)
"""


def test_the_renderer_has_a_name(context: moderngl.Context) -> None:
    assert renderer_name(context)
    assert is_software(context) == ("llvmpipe" in renderer_name(context))


def test_no_opengl_is_told_in_one_sentence(tmp_path: Path) -> None:
    nowhere = {"__EGL_VENDOR_LIBRARY_DIRS": str(tmp_path), "DISPLAY": ""}
    result = subprocess.run(
        [sys.executable, "-c", CREATE],
        env=os.environ | nowhere,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.startswith("OpenGL 3.3 is not available")
    assert result.stdout.count("\n") == 1
