"""Read the GLSL files and expand their includes."""

import re
from pathlib import Path

from exporters.errors import LichenError
from shaders import SHADER_FOLDER

DESKTOP_VERSION = "330 core"
BROWSER_VERSION = "300 es"
INCLUDE = re.compile(r'^#include "([\w./]+)"$', re.MULTILINE)


def shader_source(name: str, version: str = DESKTOP_VERSION) -> str:
    """Read a shader with its includes in place, headed by the given GLSL version.

    Raises:
        LichenError: the shader or a file it includes cannot be read.
    """
    source = INCLUDE.sub(lambda match: _read(match[1]), _read(name))
    return source.replace(f"#version {DESKTOP_VERSION}", f"#version {version}", 1)


def shader_files(name: str) -> list[Path]:
    """The files that a shader is made of: itself, then what it includes."""
    return [SHADER_FOLDER / part for part in (name, *INCLUDE.findall(_read(name)))]


def _read(name: str) -> str:
    path = SHADER_FOLDER / name
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise LichenError(f"cannot read the shader {path}: {error.strerror}.") from error
