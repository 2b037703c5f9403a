"""How a dream or a painting ends, since both lie in a folder: what the window and its worker say.

Free of torch, like all that it imports.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """To the worker: end, with all that was made kept in the folder."""


@dataclass(frozen=True)
class Finished:
    """To the window, as the last message: all that was ordered is there."""


@dataclass(frozen=True)
class Stopped:
    """To the window, as the last message: ended as asked; a new worker could go on."""


@dataclass(frozen=True)
class Failed:
    """To the window, as the last message: why it cannot go on."""

    sentence: str


Ending = Finished | Stopped | Failed
