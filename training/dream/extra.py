"""The optional part that diffusion and language models stand on, told of where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from exporters.errors import LichenError

# By the names under which Python imports them.
PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "gguf", "huggingface_hub")


@contextmanager
def extra_explained(
    needing: str = "diffusion and language models need", otherwise: str = "choose the patch dreamer"
) -> Iterator[None]:
    """Raises LichenError where the block lacks a package of the 'dream' extra.

    The sentence begins with what needs it, and ends with what can be done instead.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise LichenError(
            f"{needing} the 'dream' extra, of which {package} is missing; "
            f"install lichen[dream], or {otherwise}."
        ) from error
