"""All export targets, which the command line, the panel and the tests read."""

from exporters.errors import LichenError
from exporters.targets import (
    glsl,
    glslviewer,
    html_page,
    isf,
    onnx_model,
    python_file,
    shadertoy,
    three_js,
    touchdesigner,
)
from exporters.targets.target import Target

MODULES = (
    html_page,
    glsl,
    shadertoy,
    isf,
    glslviewer,
    touchdesigner,
    three_js,
    onnx_model,
    python_file,
)
TARGETS: dict[str, Target] = {module.TARGET.name: module.TARGET for module in MODULES}


def find_target(name: str) -> Target:
    """The target of that name. Raises LichenError if there is none."""
    if name not in TARGETS:
        raise LichenError(
            f"there is no target {name!r}; choose from {', '.join(TARGETS)}, "
            "or make pictures and videos with 'lichen render'."
        )
    return TARGETS[name]
