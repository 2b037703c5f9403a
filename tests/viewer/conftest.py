"""One headless context for all tests that need OpenGL; without one they fail."""

import moderngl
import pytest

from viewer.context import create_headless_context

CREATE_CONTEXT = moderngl.create_context


@pytest.fixture(scope="session")
def context() -> moderngl.Context:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moderngl, "create_context", CREATE_CONTEXT)
        return create_headless_context()


@pytest.fixture(autouse=True)
def _no_second_context(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give commands that run inside a test the same context.

    Python collects the objects of a second one whenever it likes, and OpenGL would then delete
    the objects of the same number in the first.
    """
    monkeypatch.setattr(
        moderngl, "create_context", lambda **options: request.getfixturevalue("context")
    )
