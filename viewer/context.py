"""Get an OpenGL context, with or without a window."""

from typing import Any

import moderngl

from exporters.errors import LichenError

OPENGL_VERSION_CODE = 330


def create_headless_context() -> moderngl.Context:
    """Create a context that needs no display.

    Raises:
        LichenError: this machine offers no OpenGL 3.3.
    """
    for backend in ("egl", None):
        try:
            options: dict[str, Any] = {"backend": backend} if backend else {}
            return moderngl.create_context(require=OPENGL_VERSION_CODE, standalone=True, **options)
        except Exception as error:  # moderngl raises plain Exception, with many texts
            reason = error
    raise LichenError(
        f"OpenGL 3.3 is not available ({reason}); "
        "install its libraries (on Debian: apt install libegl1 libgl1-mesa-dri)."
    ) from reason


def wrap_window_context() -> moderngl.Context:
    """Wrap the context that the window made current.

    Raises:
        LichenError: the window's context is older than OpenGL 3.3.
    """
    try:
        return moderngl.create_context(require=OPENGL_VERSION_CODE)
    except Exception as error:  # moderngl raises plain Exception, with many texts
        raise LichenError(f"the window has no OpenGL 3.3 ({error}); update the driver.") from error


def renderer_name(context: moderngl.Context) -> str:
    """The driver's own name for what draws."""
    return str(context.info["GL_RENDERER"])


def is_software(context: moderngl.Context) -> bool:
    """Whether the processor draws, for want of a graphics card."""
    name = renderer_name(context).lower()
    return any(software in name for software in ("llvmpipe", "softpipe", "swiftshader", "swrast"))
