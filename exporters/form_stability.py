"""Does a growing form hold? It must reach its shape, keep it, and grow back what is cut off.

After the experiments of Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020).
"""

import numpy as np

from exporters.alive import ALIVE_THRESHOLD, ALPHA_CHANNEL
from exporters.stability import Examination, Finding, NothingLeft, Rollout, State, Watch

QUICK_FORM = Watch((64, 80), settled_steps=250, old_steps=2_000, healing_steps=400)
FULL_FORM = Watch(
    (64, 96, 128),
    settled_steps=1_000,
    old_steps=20_000,
    healing_steps=1_000,
    rollouts_where_narrow=3,
)

# The share of the form that may have changed, in colour and alpha together.
LARGEST_CHANGE = 0.35
# What is less than this has not grown, and later: what is left of the form has died.
SMALLEST_FORM_CELLS = 16.0
SMALLEST_REST = 0.25
# So many times the limit of cells at the clamp leave nothing to hope for.
CLEARLY_BLOWN_UP = 10.0
VISIBLE = ALPHA_CHANNEL + 1
# Nothing tells a cell where on the grid it is, so that a form may wander a little as it ages.
FARTHEST_WANDERED_CELLS = 6


def watch_form(examination: Examination, watch: Watch) -> None:
    """Watch a form grow, stay, grow on other grids, and heal; findings are in `examination`.

    Raises:
        NothingLeft: it has clearly blown up or never grown; that is noted.
    """
    examination.skipped.append("from noise: a form grows from its one seed cell")
    grown = _grow(examination, watch.sides_cells[0], watch.settled_steps)
    form = grown.state[:VISIBLE].clip(0, 1)
    if not _note_living(grown, SMALLEST_FORM_CELLS).is_sound:
        raise NothingLeft
    _check_not_blown_up(examination)
    rest = max(SMALLEST_FORM_CELLS, SMALLEST_REST * living_cells(grown.state))
    half = grown.state.copy()
    half[:, :, : half.shape[2] // 2] = examination.automaton.erase_value
    cut = grown.branch("after being cut in half", half)
    for age in watch.later_ages_steps:
        grown.advance_to(age)
        examination.aged_states.append(grown.state)
        _note_living(grown, rest)
        change = changed_share(form, grown.state)
        grown.note("drifts", change / LARGEST_CHANGE, _changed(change))
        _check_not_blown_up(examination)
    cut.advance_to(watch.healing_steps)
    _note_living(cut, rest)
    change = changed_share(form, cut.state)
    cut.note("keeps scars", change / LARGEST_CHANGE, _changed(change))
    for side in watch.sides_cells[1:]:
        if side < _extent_cells(form):
            examination.skipped.append(f"{side}x{side}: the form is larger")
            continue
        other = _grow(examination, side, watch.settled_steps)
        change = changed_share(form, other.state)
        other.note("drifts", change / LARGEST_CHANGE, _changed(change))


def living_cells(state: State) -> float:
    """The alpha of a state [channels, h, w], summed: how many whole cells live."""
    return float(state[ALPHA_CHANNEL].clip(0, 1).sum())


def changed_share(form: State, state: State) -> float:
    """What differs between two forms, each near the middle of a grid of its own, 0 for nothing.

    One of them may have wandered by FARTHEST_WANDERED_CELLS.
    """
    visible = state[:VISIBLE].clip(0, 1)
    height, width = np.maximum(form.shape[1:], visible.shape[1:])
    one, other = _centred(form, height, width), _centred(visible, height, width)
    way = range(-FARTHEST_WANDERED_CELLS, FARTHEST_WANDERED_CELLS + 1)
    difference = min(
        float(np.abs(one - np.roll(other, (down, right), (1, 2))).sum())
        for down in way
        for right in way
    )
    return difference / max(float(form.sum()), 1.0)


def _grow(examination: Examination, side: int, steps: int) -> Rollout:
    automaton = examination.automaton
    seed = automaton.start_state(side, side)
    rollout = Rollout(examination, "from the seed", seed)
    rollout.advance_to(steps)
    return rollout


def _check_not_blown_up(examination: Examination) -> None:
    found = (each for each in examination.findings if each.symptom == "blows up")
    if any(finding.share_of_limit > CLEARLY_BLOWN_UP for finding in found):
        raise NothingLeft


def _note_living(rollout: Rollout, fewest: float) -> Finding:
    living = living_cells(rollout.state)
    return rollout.note("dies", fewest / max(living, 1e-9), f"{living:.0f} living cells")


def _changed(share: float) -> str:
    return f"{share:.0%} of the form changed, limit {LARGEST_CHANGE:.0%}"


def _extent_cells(form: State) -> int:
    """How far the living cells reach from the middle to either side, doubled."""
    side = form.shape[1]
    rows, columns = np.nonzero(form[ALPHA_CHANNEL] > ALIVE_THRESHOLD)
    places = np.concatenate([rows, columns, [side // 2]])
    return int(2 * np.abs(places - side // 2).max())


def _centred(form: State, height: int, width: int) -> State:
    """Put a form's middle, where its seed was, into the middle of a larger grid."""
    placed = np.zeros((VISIBLE, height, width), np.float32)
    top, left = height // 2 - form.shape[1] // 2, width // 2 - form.shape[2] // 2
    placed[:, top : top + form.shape[1], left : left + form.shape[2]] = form
    return placed
