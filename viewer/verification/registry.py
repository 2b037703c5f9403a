"""Which exports can be run on the user's own machine, and compared with the reference."""

from viewer.verification import (
    glsl,
    glslviewer,
    html_page,
    isf,
    onnx_model,
    python_file,
    shadertoy,
    three_js,
)
from viewer.verification.verification import Verifier

VERIFIERS: dict[str, Verifier] = {
    "html": html_page.verify,
    "glsl": glsl.verify,
    "shadertoy": shadertoy.verify,
    "isf": isf.verify,
    "glslviewer": glslviewer.verify,
    "three": three_js.verify,
    "onnx": onnx_model.verify,
    "python": python_file.verify,
}
