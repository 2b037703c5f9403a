"""The examples do what they say."""

import subprocess
import sys
from pathlib import Path

from exporters.gallery import shipped_entries
from exporters.picture_file import load_picture

EXAMPLES = Path(__file__).parent.parent / "examples"


def run_example(name: str, *arguments: str) -> str:
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_run_in_numpy(tmp_path: Path) -> None:
    output = tmp_path / "grown.png"
    name = shipped_entries()[0].name
    assert name in run_example("run_in_numpy.py", name, str(output), "20")
    assert load_picture(output).std() > 5


def test_print_shader() -> None:
    source = run_example("print_shader.py")
    assert source.startswith("#version 330 core")
    assert source.count("mat4(") >= 10
