"""One headless context for all tests that need OpenGL; without one they fail."""

from collections.abc import Iterator

import moderngl
import pytest

from viewer.context import create_headless_context


@pytest.fixture(scope="session")
def only_context() -> moderngl.Context:
    return create_headless_context()


@pytest.fixture
def context(only_context: moderngl.Context) -> Iterator[moderngl.Context]:
    """The one context, made current again: commands run inside a test create their own."""
    with only_context:
        yield only_context
