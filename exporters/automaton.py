"""The automaton: two layers of weights and what a reader must know to run them."""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from exporters.alive import ALIVE_THRESHOLD, ALPHA_CHANNEL
from exporters.content import CONTENT_CHANNELS, OWN_CHANNELS_MULTIPLE
from exporters.errors import LichenError
from exporters.float32 import all_fit_float32
from exporters.seed import Seed, UnitNoise, hashed_unit_noise, seed_state
from exporters.verdict import Verdict

FILTERS = ("identity", "sobel-x", "sobel-y", "laplacian")
LARGEST_CHANNELS = 64
LARGEST_HIDDEN = 4096

Display = Literal["rgb+0.5", "premultiplied rgba over white", "grey"]


@dataclass(frozen=True)
class Credits:
    """Where an automaton comes from; every field is free text and may be empty."""

    author: str = ""
    licence: str = ""
    exemplar: str = ""
    exemplar_licence: str = ""
    training_command: str = ""


@dataclass(frozen=True, eq=False)
class Automaton:
    """A neural cellular automaton with fixed perception (Niklasson et al., Distill 2021).

    The perceived vector of a cell lists all four filters of channel 0, then of channel 1, and
    so on. Weights are float32:

    hidden_weight [hidden, 4 * channels], hidden_bias [hidden],
    update_weight [channels, hidden], update_bias [channels].

    The last `content_channels` hold a picture that is only read (`exporters.content`).

    Raises LichenError where a shape, type or value does not fit.
    """

    hidden_weight: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    update_weight: NDArray[np.float32]
    update_bias: NDArray[np.float32]
    name: str = "untitled"
    update_rate: float = 0.5
    filter_scales: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    clamp: tuple[float, float] | None = None
    alive_masking: bool = False
    content_channels: int = 0
    seed: Seed = field(default_factory=Seed)
    erase_value: float = 0.0
    display: Display = "rgb+0.5"
    credits: Credits = field(default_factory=Credits)
    verdict: Verdict | None = None

    @property
    def channels(self) -> int:
        """How many numbers a cell holds."""
        return int(self.update_weight.shape[0])

    @property
    def own_channels(self) -> int:
        """How many of them the automaton writes: all but those that hold a picture."""
        return self.channels - self.content_channels

    @property
    def hidden(self) -> int:
        """How many units the hidden layer has."""
        return int(self.update_weight.shape[1])

    @property
    def parameter_count(self) -> int:
        """Trainable numbers; a last bias that is all zero counts as absent, as in the lesson."""
        weights = self.hidden_weight.size + self.hidden_bias.size + self.update_weight.size
        return weights + (self.update_bias.size if self.update_bias.any() else 0)

    def start_state(
        self,
        height: int,
        width: int,
        random_seed: int = 0,
        seed: Seed | None = None,
        unit_noise: UnitNoise = hashed_unit_noise,
    ) -> NDArray[np.float32]:
        """What a grid holds before step 0, [channels, height, width], from its own or a `seed`.

        A picture that is to be read is not there yet: its channels are zero.
        """
        state = np.zeros((self.channels, height, width), np.float32)
        state[: self.own_channels] = seed_state(
            seed or self.seed, self.own_channels, height, width, random_seed, unit_noise=unit_noise
        )
        return state

    def __post_init__(self) -> None:
        _check_weights(self)
        _check_numbers(self)
        if self.content_channels:
            _check_content(self)
        if self.alive_masking:
            _check_alive_masking(self)
        if self.display not in get_args(Display):
            known = ", ".join(get_args(Display))
            raise LichenError(f"the display {self.display!r} is unknown; use one of {known}.")
        if self.display == "premultiplied rgba over white" and self.own_channels < 4:
            raise LichenError(f"an rgba display needs 4 channels, this has {self.own_channels}.")
        if self.display == "rgb+0.5" and self.own_channels < 3:
            raise LichenError(f"an rgb display needs 3 channels, this has {self.own_channels}.")


def _check_weights(automaton: Automaton) -> None:
    if np.ndim(automaton.update_weight) != 2:
        raise LichenError("update_weight must have two axes, [channels, hidden].")
    channels, hidden = automaton.channels, automaton.hidden
    if not 1 <= channels <= LARGEST_CHANNELS:
        raise LichenError(f"{channels} channels are outside 1 to {LARGEST_CHANNELS}.")
    if not 1 <= hidden <= LARGEST_HIDDEN:
        raise LichenError(f"{hidden} hidden units are outside 1 to {LARGEST_HIDDEN}.")
    expected_shapes = {
        "hidden_weight": (hidden, channels * len(FILTERS)),
        "hidden_bias": (hidden,),
        "update_weight": (channels, hidden),
        "update_bias": (channels,),
    }
    for name, expected in expected_shapes.items():
        weight = getattr(automaton, name)
        if weight.shape != expected:
            raise LichenError(f"{name} has shape {weight.shape}, it should be {expected}.")
        if weight.dtype != np.float32:
            raise LichenError(f"{name} holds {weight.dtype}, it should be float32.")
        if not np.isfinite(weight).all():
            raise LichenError(f"{name} holds a value that is not finite; train it again.")


def _check_numbers(automaton: Automaton) -> None:
    if not 0 < automaton.update_rate <= 1:
        raise LichenError(f"the update rate {automaton.update_rate} is outside (0, 1].")
    scales = automaton.filter_scales
    if len(scales) != len(FILTERS) or not all_fit_float32(scales):
        raise LichenError(f"the filter scales {scales} are not four finite numbers.")
    if not all_fit_float32([automaton.erase_value]):
        raise LichenError(f"the erase value {automaton.erase_value} is not finite.")
    if automaton.clamp is not None:
        low, high = automaton.clamp
        if not (all_fit_float32([low, high]) and low < high):
            raise LichenError(f"the clamp [{low}, {high}] is not a finite, rising interval.")


def _check_content(automaton: Automaton) -> None:
    if automaton.content_channels != CONTENT_CHANNELS:
        raise LichenError(
            f"{automaton.content_channels} content channels are no picture; it has "
            f"{CONTENT_CHANNELS}."
        )
    if automaton.seed.kind != "zeros":
        raise LichenError(f"a filter begins with zeros, not with the seed {automaton.seed.kind}.")
    own = automaton.own_channels
    if own <= 0 or own % OWN_CHANNELS_MULTIPLE:
        raise LichenError(
            f"beside content there must be a multiple of {OWN_CHANNELS_MULTIPLE} channels, "
            f"not {own}."
        )
    if automaton.update_weight[own:].any() or automaton.update_bias[own:].any():
        raise LichenError("a weight leads to a content channel, which must only be read.")
    if automaton.alive_masking:
        raise LichenError("alive masking would wipe out the content; leave out one of the two.")
    if automaton.clamp is not None and not automaton.clamp[0] <= -0.5 < 0.5 <= automaton.clamp[1]:
        raise LichenError(f"the clamp {list(automaton.clamp)} must hold content, -0.5 to 0.5.")


def _check_alive_masking(automaton: Automaton) -> None:
    if automaton.channels <= ALPHA_CHANNEL:
        raise LichenError(f"alive masking needs 4 channels, this has {automaton.channels}.")
    if automaton.clamp is not None:
        low, high = automaton.clamp
        # Only then may a backend clamp before it masks, or after.
        if not low <= 0 <= ALIVE_THRESHOLD < high:
            raise LichenError(
                f"the clamp [{low}, {high}] must hold 0 and {ALIVE_THRESHOLD} for alive masking."
            )
