"""What the window and the training process say to each other; docs/PROTOCOL.md tells the order.

Free of torch, like all that it imports.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from exporters.automaton import Automaton
from exporters.automaton_file import automaton_from_bytes
from exporters.errors import LichenError
from training.frames import Continue, Hello, Language, Log, Pause
from training.order import TrainingOrder

LARGEST_POOL_PICTURES = 16

Phase = Literal["preparing", "training", "paused", "checking"]


@dataclass(frozen=True)
class Begin:
    """To the worker: train this. Comes once."""

    order: TrainingOrder


@dataclass(frozen=True)
class Stop:
    """To the worker: end now, with the result checked and kept, or with nothing."""

    keep: bool


@dataclass(frozen=True)
class Detach:
    """To the worker: nobody will listen any more; train to the end all the same."""


@dataclass(frozen=True)
class State:
    """To the window: what the worker does from now on."""

    phase: Phase


@dataclass(frozen=True)
class Advanced:
    """To the window: how far the training is; `completed` runs from 0 to 1."""

    iteration: int
    loss: float
    completed: float
    elapsed_seconds: float
    remaining_seconds: float
    iterations_per_second: float


@dataclass(frozen=True)
class Snapshot:
    """To the window: the automaton as it stands; the payload is a whole automaton file."""

    iteration: int
    loss: float
    payload: bytes

    def automaton(self) -> Automaton:
        """Decode it. Raises LichenError where the payload is no automaton file."""
        return automaton_from_bytes(self.payload)


@dataclass(frozen=True)
class PoolPictures:
    """To the window: some states of the pool as pictures, in safetensors under "pictures"."""

    iteration: int
    payload: bytes

    @staticmethod
    def of(iteration: int, pictures: NDArray[np.uint8]) -> "PoolPictures":
        """Encode uint8 [n, h, w, 3], n at most LARGEST_POOL_PICTURES."""
        payload = safetensors.numpy.save({"pictures": np.ascontiguousarray(pictures)})
        return PoolPictures(iteration, payload)

    def pictures(self) -> NDArray[np.uint8]:
        """Decode to uint8 [n, h, w, 3]. Raises LichenError where the payload is something else."""
        try:
            pictures = safetensors.numpy.load(self.payload)["pictures"]
        except (SafetensorError, KeyError, ValueError, TypeError) as error:
            raise LichenError(f"the pool's pictures are damaged ({error}).") from error
        count, _, _, colours = pictures.shape if pictures.ndim == 4 else (0, 0, 0, 0)
        if pictures.dtype != np.uint8 or colours != 3 or not 1 <= count <= LARGEST_POOL_PICTURES:
            raise LichenError("the pool's pictures are no list of pictures.")
        return pictures


@dataclass(frozen=True)
class RolledBack:
    """To the window: the loss was no number, and this iteration's weights are back."""

    iteration: int


@dataclass(frozen=True)
class CheckAdvanced:
    """To the window: how far the check at the end is; `completed` runs from 0 to 1 over all of it.

    `candidate` counts from 1, and is 0 while the one that was chosen grows for its picture.
    """

    candidate: int
    candidates: int
    watching: str
    completed: float

    @property
    def headline(self) -> str:
        """What is done now, in a few words."""
        if not self.candidate:
            return "Drawing its picture"
        if self.candidates == 1:
            return "Checking that it holds"
        return f"Checking candidate {self.candidate} of {self.candidates}"


@dataclass(frozen=True)
class Finished:
    """To the window, as the last message: the automaton lies at `path`; `verdict` judges it."""

    path: Path
    verdict: str


@dataclass(frozen=True)
class Stopped:
    """To the window, as the last message: ended as asked, with nothing that was worth keeping."""


@dataclass(frozen=True)
class Failed:
    """To the window, as the last message: why it cannot go on, and whether it can resume."""

    sentence: str
    checkpoint_kept: bool


ToWorker = Hello | Begin | Pause | Continue | Stop | Detach
ToWindow = (
    Hello
    | Log
    | State
    | Advanced
    | Snapshot
    | PoolPictures
    | RolledBack
    | CheckAdvanced
    | Finished
    | Stopped
    | Failed
)
Message = ToWorker | ToWindow
LANGUAGE: Language[Message] = Language(Message)
encode_message, write_message, read_message = LANGUAGE.encode, LANGUAGE.write, LANGUAGE.read
