"""Wounds: where they lie, how large they are, and that nothing else is touched."""

from dataclasses import replace

import torch

from exporters.automaton import Automaton
from exporters.seed import Seed
from support import random_automaton
from training.damage import draw_heavy_wounds, draw_wound
from training.pool import Pool

SIDE = 32


def shares(draw, count: int = 200) -> torch.Tensor:
    """The part of the grid that each of many wounds takes."""
    generator = torch.Generator().manual_seed(0)
    return torch.stack([draw(SIDE, generator).float().mean() for _ in range(count)])


def test_a_disc_has_an_eighth_to_half_of_the_side_for_radius() -> None:
    taken = shares(draw_wound)
    assert 3.14 / 64 * 0.9 <= taken.min() < 0.1
    assert 0.6 < taken.max() <= 3.15 / 4


def test_discs_lie_anywhere_and_wrap_around() -> None:
    generator = torch.Generator().manual_seed(0)
    wounds = torch.stack([draw_wound(SIDE, generator) for _ in range(300)])
    touched = wounds.float().mean(dim=0)
    assert touched.min() > touched.max() / 2
    across = wounds[:, 0] & wounds[:, -1] & ~wounds[:, SIDE // 2]
    assert across.any()


def test_heavy_wounds_take_more_and_differ_in_kind() -> None:
    light, heavy = shares(draw_wound), shares(draw_heavy_wounds)
    assert heavy.mean() > light.mean()
    assert heavy.min() < 0.15  # a single swipe
    assert heavy.max() > 0.8


def pool_of(automaton: Automaton) -> Pool:
    return Pool(automaton, 4, SIDE)


def test_damage_erases_the_wound_and_no_more() -> None:
    pool = pool_of(random_automaton(4, 8))
    state = torch.ones(SIDE, SIDE, 4)
    pool.damage(state, torch.Generator().manual_seed(3))
    wound = draw_wound(SIDE, torch.Generator().manual_seed(3))
    assert (state[wound] == 0).all()
    assert (state[~wound] == 1).all()


def test_heavy_damage_is_heavy() -> None:
    state = torch.ones(SIDE, SIDE, 4)
    pool_of(random_automaton(4, 8)).damage(state, torch.Generator().manual_seed(3), heavily=True)
    wound = draw_heavy_wounds(SIDE, torch.Generator().manual_seed(3))
    torch.testing.assert_close(state[..., 0] == 0, wound)


def test_a_wound_holds_no_new_seed() -> None:
    pool = pool_of(replace(random_automaton(4, 8), seed=Seed("single cell")))
    state = torch.ones(SIDE, SIDE, 4)
    for seed in range(20):
        pool.damage(state, torch.Generator().manual_seed(seed))
    assert not state[SIDE // 2, SIDE // 2].any()
