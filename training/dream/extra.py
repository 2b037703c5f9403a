"""The optional part that diffusion and language models stand on, told of where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from exporters.errors import LichenError

# By the names under which Python imports them.
PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "gguf")


@contextmanager
def extra_explained() -> Iterator[None]:
    """Raises LichenError where the block lacks a package of the 'dream' extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise LichenError(
            f"diffusion and language models need the 'dream' extra, of which {package} is missing; "
            "install lichen[dream], or choose the patch dreamer."
        ) from error
