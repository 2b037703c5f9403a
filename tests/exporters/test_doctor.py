"""Each verdict, on processes whose fate is known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from exporters.automaton import Automaton
from exporters.doctor import examine
from exporters.errors import LichenError
from exporters.reference import run
from exporters.seed import Seed
from exporters.stability import Examination, Moment, Picture, State, Stepper, Watch
from exporters.texture_stability import SettledTexture
from exporters.verdict import Verdict
from support import random_automaton

BRIEF = Watch((32, 24), settled_steps=20, old_steps=80, healing_steps=20)
TEXTURE = replace(random_automaton(4, 3), seed=Seed("uniform", -0.4, 0.4))
FORM = replace(
    random_automaton(4, 3), seed=Seed("single cell"), display="premultiplied rgba over white"
)
RANDOM = np.random.default_rng(0)


def noise_like(state: State, contrast: float) -> State:
    return RANDOM.uniform(-contrast, contrast, state.shape).astype(np.float32)


def lively(state: State, steps: int) -> State:
    """Never the same, always alike, whatever it came from."""
    return noise_like(state, 0.4)


def disc(state: State, radius_cells: float) -> State:
    """A form in the middle, brighter to the right."""
    side = state.shape[1]
    rows, columns = np.indices((side, side)) - side // 2
    form = np.zeros_like(state)
    form[3] = rows**2 + columns**2 < radius_cells**2
    form[:3] = form[3] * (0.5 + columns / side)
    return form


def regrows(state: State, steps: int) -> State:
    return disc(state, 6 if state[3].any() else 0)


def word(examination: Examination) -> str:
    return examination.verdict.word


def test_a_texture_that_stays_alike_is_stable_and_the_figure_is_its_nearest_to_a_limit() -> None:
    examination = examine(TEXTURE, lively, BRIEF)
    assert word(examination) == "stable" and examination.verdict.is_sound
    assert examination.verdict.steps == 80
    figures = {str(finding): finding.share_of_limit for finding in examination.findings}
    assert figures[examination.verdict.reason] == max(figures.values()) <= 1
    starts = {(finding.start, finding.side_cells) for finding in examination.findings}
    assert starts == {
        ("from the seed", 32),
        ("from the seed", 24),
        ("from noise", 24),
        ("after a wound", 32),
    }


def test_what_turns_pale_drifts() -> None:
    examination = examine(TEXTURE, lambda state, steps: state + np.float32(steps * 0.002), BRIEF)
    assert word(examination) == "drifts"
    assert "drift" in examination.verdict.reason


def test_what_comes_nearer_to_its_exemplar_does_not_drift() -> None:
    settled, changed = (
        np.full((32, 32, 3), level, np.uint8) + RANDOM.integers(0, 9, (32, 32, 3), dtype=np.uint8)
        for level in (80, 120)
    )
    assert SettledTexture(settled, None).drift(changed)[0] > 1
    assert SettledTexture(settled, exemplar=changed).drift(changed)[0] < 1
    assert SettledTexture(settled, exemplar=settled).drift(changed)[0] > 1


def test_what_chance_moves_beside_a_near_exemplar_is_no_drift() -> None:
    random = np.random.default_rng(0)

    def patchwork() -> Picture:
        return random.integers(60, 160, (4, 4, 3)).astype(np.uint8).repeat(24, 0).repeat(24, 1)

    settled, later = patchwork(), patchwork()
    texture = SettledTexture(settled, exemplar=np.roll(settled, 48, axis=0))
    assert texture.drift(later)[0] < 1
    assert texture.drift(later + np.uint8(60))[0] > 1


def test_what_never_finds_back_from_noise_drifts() -> None:
    def keeps_its_contrast(state: State, steps: int) -> State:
        return noise_like(state, 0.2 if np.abs(state).max() <= 0.21 else 0.5)

    examination = examine(replace(TEXTURE, seed=Seed()), keeps_its_contrast, BRIEF)
    assert word(examination) == "drifts"
    assert "from noise" in examination.verdict.reason


def test_what_depends_on_the_grid_drifts() -> None:
    def brighter_on_large_grids(state: State, steps: int) -> State:
        return noise_like(state, 0.3) + np.float32(0.15 * (state.shape[1] > 24))

    watch = replace(BRIEF, sides_cells=(24, 32, 24))
    examination = examine(TEXTURE, brighter_on_large_grids, watch)
    assert word(examination) == "drifts" and "32x32" in examination.verdict.reason


def test_an_automaton_that_does_nothing_keeps_scars() -> None:
    still = replace(
        TEXTURE,
        update_weight=np.zeros_like(TEXTURE.update_weight),
        update_bias=np.zeros_like(TEXTURE.update_bias),
    )
    examination = examine(still, lambda state, steps: run(still, state, steps), BRIEF)
    assert word(examination) == "keeps scars"
    assert "after a wound" in examination.verdict.reason


def test_what_fades_dies() -> None:
    examination = examine(TEXTURE, lambda state, steps: state * np.float32(0.95**steps), BRIEF)
    assert word(examination) == "dies"


def test_nothing_more_is_watched_of_what_never_lived() -> None:
    examination = examine(replace(TEXTURE, seed=Seed()), lambda state, steps: state, BRIEF)
    assert word(examination) == "dies"
    assert examination.updates_done == BRIEF.settled_steps * 32 * 32
    assert "contrast 0.0" in examination.verdict.reason


@pytest.mark.parametrize("factor", [1.2, np.nan, np.inf])
def test_what_grows_without_end_blows_up(factor: float) -> None:
    def multiply(state: State, steps: int) -> State:
        return state * np.float32(factor**steps)

    examination = examine(TEXTURE, multiply, BRIEF)
    assert word(examination) == "blows up"
    assert examination.aged_states == []


def test_what_sits_at_its_clamp_blows_up() -> None:
    clamped = replace(TEXTURE, clamp=(-2.0, 2.0))

    def some_cells_run_away(state: State, steps: int) -> State:
        state = noise_like(state, 0.4)
        state[0, 0] = 2
        return state

    examination = examine(clamped, some_cells_run_away, BRIEF)
    assert word(examination) == "blows up"
    assert "4.2% of cells at the clamp" in examination.verdict.reason


def test_a_form_that_grows_and_grows_back_is_stable_and_noise_does_not_apply() -> None:
    examination = examine(FORM, regrows, BRIEF)
    assert word(examination) == "stable"
    assert [text for text in examination.skipped if "noise" in text]
    assert len(examination.aged_states) == 2


def test_a_form_that_does_not_grow_back_keeps_scars() -> None:
    def only_grows_from_one_cell(state: State, steps: int) -> State:
        return disc(state, 6) if state[3].sum() == 1 else state

    examination = examine(FORM, only_grows_from_one_cell, BRIEF)
    assert word(examination) == "keeps scars"
    assert "cut in half" in examination.verdict.reason


def test_a_form_that_spreads_drifts() -> None:
    def grows_on(state: State, steps: int) -> State:
        return disc(state, (state[3].sum() / np.pi) ** 0.5 + steps / 20 + 4)

    assert word(examine(FORM, grows_on, BRIEF)) == "drifts"


def test_a_form_that_vanishes_dies() -> None:
    def shrinks(state: State, steps: int) -> State:
        cells = state[3].sum()
        return disc(state, 7 if cells == 1 else max(0, (cells / np.pi) ** 0.5 - steps / 10))

    examination = examine(FORM, shrinks, BRIEF)
    assert word(examination) == "dies"
    assert "living cells" in examination.verdict.reason


@pytest.mark.parametrize(("age", "updates"), [(20, 20), (40, 40)])
def test_a_form_that_has_clearly_blown_up_is_watched_no_longer(age: int, updates: int) -> None:
    behind = 0

    def fills_its_grid(state: State, steps: int) -> State:
        nonlocal behind
        behind += steps
        return np.full_like(state, 2) if behind >= age else disc(state, 6)

    examination = examine(replace(FORM, clamp=(-2.0, 2.0)), fills_its_grid, BRIEF)
    assert word(examination) == "blows up"
    assert "100.0% of cells at the clamp" in examination.verdict.reason
    assert examination.updates_done == updates * 32 * 32


def test_a_form_at_its_clamp_in_a_few_cells_is_watched_to_the_end() -> None:
    def runs_away_in_some_cells(state: State, steps: int) -> State:
        state = disc(state, 6)
        state[0, 0] = 2
        return state

    examination = examine(replace(FORM, clamp=(-2.0, 2.0)), runs_away_in_some_cells, BRIEF)
    assert word(examination) == "blows up"
    assert examination.updates_done == examination.cell_updates


def test_a_grid_that_is_too_small_for_a_form_is_left_out() -> None:
    def large(state: State, steps: int) -> State:
        return disc(state, 14)

    examination = examine(FORM, large, BRIEF)
    assert word(examination) == "stable"
    assert any("24x24" in text for text in examination.skipped)


@pytest.mark.parametrize(
    ("automaton", "stepper", "cell_updates"),
    [
        (TEXTURE, lively, 100 * 32 * 32 + 2 * 20 * 24 * 24),
        (FORM, regrows, 100 * 32 * 32 + 20 * 24 * 24),
    ],
)
def test_every_update_of_a_cell_is_counted(
    automaton: Automaton, stepper: Stepper, cell_updates: int
) -> None:
    moments: list[Moment] = []
    examination = examine(automaton, stepper, BRIEF, on_moment=moments.append)
    assert examination.updates_done == examination.cell_updates == cell_updates
    shares = [moment.completed for moment in moments]
    assert shares[0] == 0 and shares == sorted(set(shares)) and shares[-1] < 1


def test_what_is_about_to_be_watched_is_told() -> None:
    moments: list[Moment] = []
    examine(TEXTURE, lively, BRIEF, on_moment=moments.append)
    assert [str(moment) for moment in moments] == [
        "from the seed, 32x32, 0 steps",
        "from the seed, 32x32, 20 steps",
        "from the seed, 32x32, 40 steps",
        "after a wound, 32x32, 0 steps",
        "from the seed, 24x24, 0 steps",
        "from noise, 24x24, 0 steps",
    ]
    wounded = (80 * 32 * 32) / (100 * 32 * 32 + 2 * 20 * 24 * 24)
    assert moments[3].completed == pytest.approx(wounded)


def fades_by(*shares: float) -> Stepper:
    """A form whose every rollout keeps its shape and loses so much once it has grown."""
    to_come, fading = iter(shares), 0.0

    def step(state: State, steps: int) -> State:
        nonlocal fading
        grown = disc(state, 6)
        if state.shape[1] == BRIEF.sides_cells[0] and state[3].sum() == 1:
            fading = next(to_come)
        elif np.array_equal(state[3] > 0, grown[3] > 0):
            return grown * np.float32(1 - fading)
        return grown

    return step


THRICE = replace(BRIEF, rollouts_where_narrow=3)


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [((0.36, 0.1, 0.33), "stable: 33%"), ((0.34, 0.36, 0.6), "drifts: 36%")],
)
def test_of_a_narrow_verdict_the_middle_of_three_rollouts_counts(
    shares: tuple[float, ...], verdict: str
) -> None:
    moments: list[Moment] = []
    examination = examine(FORM, fades_by(*shares), THRICE, on_moment=moments.append)
    assert str(examination.verdict).startswith(verdict)
    assert "the middle of 3 rollouts" in examination.verdict.reason
    once = examine(FORM, fades_by(0.1), BRIEF)
    assert examination.updates_done == examination.cell_updates == 3 * once.cell_updates
    assert [finding.steps for finding in examination.findings] == [
        finding.steps for finding in once.findings
    ]
    second = len(moments) // 3
    assert [moments[second].completed, moments[2 * second].completed] == pytest.approx(
        [1 / 3, 2 / 3]
    )


def test_a_verdict_that_is_not_narrow_takes_one_rollout() -> None:
    for share, expected in ((0.5, "drifts"), (0.2, "stable")):
        examination = examine(FORM, fades_by(share), THRICE)
        assert word(examination) == expected
        assert "rollouts" not in examination.verdict.reason


def test_who_does_not_ask_for_more_gets_one_rollout_however_narrow_it_is() -> None:
    assert word(examine(FORM, fades_by(0.36), BRIEF)) == "drifts"


def test_what_dies_in_one_of_three_rollouts_dies() -> None:
    assert word(examine(FORM, fades_by(0.34, 1.0, 0.3), THRICE)) == "dies"


def test_the_watch_doubles_its_ages() -> None:
    assert BRIEF.later_ages_steps == [40, 80]
    assert replace(BRIEF, old_steps=100).later_ages_steps == [40, 80, 100]


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(LichenError, match="sleeps"):
        Verdict("sleeps", "", 0)  # type: ignore[arg-type]


def test_automata_of_both_kinds_are_told_apart() -> None:
    masked: Automaton = replace(TEXTURE, alive_masking=True)
    assert examine(masked, regrows, BRIEF).skipped
    assert not examine(TEXTURE, lively, BRIEF).skipped
