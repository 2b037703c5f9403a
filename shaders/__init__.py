"""The GLSL files, and where they are; `exporters.shader_source` reads them."""

from pathlib import Path

SHADER_FOLDER = Path(__file__).parent
