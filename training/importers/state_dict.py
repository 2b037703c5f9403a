"""PyTorch's files as safetensors, for importers that do without PyTorch and unpickle nothing."""

from pathlib import Path

import numpy as np
import safetensors.numpy
import torch

from exporters.errors import LichenError

LARGEST_FILE_BYTES = 32 * 2**20


def state_dict_to_safetensors(path: Path) -> bytes:
    """The tensors of a state dict; anything in the file beside plain tensors is refused.

    Raises:
        LichenError: the file cannot be read, is too large, or is no state dict.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise LichenError(f"cannot read {path}: {error.strerror or error}.") from error
    if size > LARGEST_FILE_BYTES:
        raise LichenError(
            f"{path} is larger than {LARGEST_FILE_BYTES >> 20} MiB; no known automata are that big."
        )
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        tensors = {
            str(name): np.ascontiguousarray(tensor.detach().float().numpy())
            for name, tensor in content.items()
        }
        return safetensors.numpy.save(tensors)
    except Exception as error:  # the unpickler raises types of its own
        raise LichenError(
            f"{path} is no plain state dict; save it with torch.save(model.state_dict(), ...)."
        ) from error
