"""Contexts: there is one here, and where there is none one sentence says so."""

from collections.abc import Callable

import moderngl
import pytest

from exporters.errors import LichenError
from viewer.context import (
    create_headless_context,
    is_software,
    renderer_name,
    wrap_window_context,
)


def test_the_renderer_has_a_name(context: moderngl.Context) -> None:
    assert renderer_name(context)
    assert is_software(context) == ("llvmpipe" in renderer_name(context))


@pytest.mark.parametrize("create", [create_headless_context, wrap_window_context])
def test_no_opengl_is_told_in_one_sentence(
    create: Callable[[], moderngl.Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**options: object) -> None:
        raise Exception("libGL.so.1 not loaded")

    monkeypatch.setattr(moderngl, "create_context", fail)
    with pytest.raises(LichenError, match="OpenGL 3.3 .*libGL.so.1 not loaded") as failed:
        create()
    assert "\n" not in str(failed.value)
