"""One headless context for all tests that need OpenGL; without one they fail."""

import moderngl
import pytest

from viewer.context import create_headless_context


@pytest.fixture(scope="session")
def context() -> moderngl.Context:
    return create_headless_context()
