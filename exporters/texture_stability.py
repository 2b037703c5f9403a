"""Does a texture hold? It is compared with its own settled self, and with its exemplar if known.

The unit of every distance is how unlike two halves of the settled texture are, so that large
structures, which differ a lot from place to place, are allowed for.
"""

import numpy as np

from exporters.patch_distance import (
    PatchQuantiles,
    patch_distance,
    patch_quantiles,
    quantile_distance,
)
from exporters.seed import Seed
from exporters.stability import Examination, Finding, NothingLeft, Picture, Rollout, Watch

QUICK_TEXTURE = Watch((64, 48), settled_steps=500, old_steps=2_000, healing_steps=400)
FULL_TEXTURE = Watch(
    (128, 96, 64),
    settled_steps=2_000,
    old_steps=20_000,
    healing_steps=1_000,
    rollouts_where_narrow=3,
)

# In the unit above: how far from its settled self on the same grid; the same on a grid of another
# size, where structures that do not fit are cut; and one half from the other after a wound.
LARGEST_DRIFT = 1.2
LARGEST_DRIFT_ELSEWHERE = 1.7
LARGEST_SCAR = 1.7
# The ratio of two distances to the exemplar.
LARGEST_AGEING = 1.2
# On grids from this size on, that ratio is reliable; on smaller ones chance moves it too much.
RELIABLE_SIDE_CELLS = 96
# Grey levels: a picture that varies less is flat, and a smaller distance is mere rounding.
FLAT_CONTRAST = 2.0
SMALLEST_UNIT = 1.0
NOISE = Seed("uniform", -0.5, 0.5)


def watch_texture(examination: Examination, watch: Watch, exemplar: Picture | None) -> None:
    """Watch a texture age, grow on other grids, come out of noise, and heal.

    `exemplar` is [h, w, 3] of any size, or None. The findings are in `examination`.

    Raises:
        NothingLeft: it has blown up or died; that is noted.
    """
    settled = _begin(examination, watch.sides_cells[0])
    settled.advance_to(watch.settled_steps)
    itself = SettledTexture(settled.picture, exemplar)
    if not _note_contrast(settled).is_sound:
        raise NothingLeft
    wounded = settled.branch("after a wound", _without_left_half(settled))
    for age in watch.later_ages_steps:
        settled.advance_to(age)
        examination.aged_states.append(settled.state)
        _compare(settled, itself)
    wounded.advance_to(watch.healing_steps)
    share, figure = itself.scar(wounded.picture)
    wounded.note("keeps scars", share, figure)
    for side in watch.sides_cells[1:]:
        other = _begin(examination, side)
        other.advance_to(watch.settled_steps)
        _compare(other, itself)
    side = watch.sides_cells[-1]
    noise = examination.automaton.start_state(side, side, seed=NOISE)
    noisy = Rollout(examination, "from noise", noise)
    noisy.advance_to(watch.settled_steps)
    _compare(noisy, itself)


class SettledTexture:
    """What a texture looked like once it had settled: the measure of everything later."""

    def __init__(self, picture: Picture, exemplar: Picture | None) -> None:
        self._side_cells = picture.shape[0]
        self._quantiles = patch_quantiles(picture)
        self._exemplar = None if exemplar is None else patch_quantiles(exemplar)
        left, right = _left_and_right(picture)
        top, bottom = _left_and_right(picture.swapaxes(0, 1))
        distances = patch_distance(left, right), patch_distance(top, bottom)
        self._unit = max(sum(distances) / 2, SMALLEST_UNIT)

    def drift(self, picture: Picture) -> tuple[float, str]:
        """How far a picture is from this, as a share of the limit and in words."""
        quantiles = patch_quantiles(picture)
        drift = quantile_distance(self._quantiles, quantiles) / self._unit
        is_same_grid = picture.shape[0] == self._side_cells
        limit = LARGEST_DRIFT if is_same_grid else LARGEST_DRIFT_ELSEWHERE
        own = drift / limit, f"drift {drift:.2f}, limit {limit}"
        if self._exemplar is None:
            return own
        ageing = self._ageing(quantiles, self._quantiles, self._exemplar)
        is_reliable = is_same_grid and self._side_cells >= RELIABLE_SIDE_CELLS
        return ageing if is_reliable else min(own, ageing)

    def scar(self, picture: Picture) -> tuple[float, str]:
        """The same for the left half of a picture, which was erased, and the right half."""
        healed, untouched = map(patch_quantiles, _left_and_right(picture))
        scar = quantile_distance(healed, untouched) / self._unit
        own = scar / LARGEST_SCAR, f"scar {scar:.2f}, limit {LARGEST_SCAR}"
        if self._exemplar is None:
            return own
        return min(own, self._ageing(healed, untouched, self._exemplar))

    def _ageing(
        self, changed: PatchQuantiles, before: PatchQuantiles, exemplar: PatchQuantiles
    ) -> tuple[float, str]:
        """How much further from the exemplar something has become: 1 where it is as near.

        Whatever is nearer than the unit counts as that far, for within it chance alone decides.
        """
        nearest = max(quantile_distance(before, exemplar), self._unit)
        ratio = quantile_distance(changed, exemplar) / nearest
        figure = f"{ratio:.2f} times as far from the exemplar, limit {LARGEST_AGEING}"
        return ratio / LARGEST_AGEING, figure


def _begin(examination: Examination, side: int) -> Rollout:
    automaton = examination.automaton
    return Rollout(examination, "from the seed", automaton.start_state(side, side))


def _compare(rollout: Rollout, itself: SettledTexture) -> None:
    _note_contrast(rollout)
    share, figure = itself.drift(rollout.picture)
    rollout.note("drifts", share, figure)


def _note_contrast(rollout: Rollout) -> Finding:
    contrast = float(rollout.picture.std(axis=(0, 1)).max())
    share = FLAT_CONTRAST / max(contrast, 1e-9)
    return rollout.note("dies", share, f"contrast {contrast:.1f} grey levels")


def _without_left_half(rollout: Rollout) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    state, automaton = rollout.state.copy(), rollout.examination.automaton
    state[: automaton.own_channels, :, : state.shape[2] // 2] = automaton.erase_value
    return state


def _left_and_right(picture: Picture) -> tuple[Picture, Picture]:
    half = picture.shape[1] // 2
    return picture[:, :half], picture[:, half:]
