"""PyTorch's files as safetensors, for importers that do without PyTorch and unpickle nothing."""

import io
from pathlib import Path

import numpy as np
import safetensors.numpy
import torch

from exporters.errors import LichenError
from exporters.importers.foreign_file import LARGEST_FILE_BYTES, read_bytes


def state_dict_to_safetensors(path: Path) -> bytes:
    """The tensors of a state dict; anything in the file beside plain tensors is refused.

    Raises:
        LichenError: the file cannot be read, is too large, or is no state dict.
    """
    data = io.BytesIO(read_bytes(path))
    try:
        content = torch.load(data, map_location="cpu", weights_only=True)
        # A tensor may claim any size and repeat one number.
        if sum(4 * tensor.numel() for tensor in content.values()) > LARGEST_FILE_BYTES:
            raise ValueError("its tensors are larger than the file")
        tensors = {
            str(name): np.ascontiguousarray(tensor.detach().float().numpy())
            for name, tensor in content.items()
        }
        return safetensors.numpy.save(tensors)
    except Exception as error:  # the unpickler raises types of its own
        raise LichenError(
            f"{path} is no plain state dict; save it with torch.save(model.state_dict(), ...)."
        ) from error
