"""Growing forms: what they are compared with, which states start over, and that it learns."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from exporters.alive import ALIVE_THRESHOLD
from exporters.automaton import Automaton
from exporters.errors import LichenError
from training.exemplars import emoji
from training.exemplars.emoji import is_emoji, render_emoji
from training.form import load_form
from training.plan import TrainingPlan
from training.pool import Pool
from training.targets.growing import GrowingTarget
from training.trainer import Trainer

CPU = torch.device("cpu")
SMALL = TrainingPlan(
    channels=8,
    hidden=24,
    fewest_steps=8,
    most_steps=12,
    grid_cells=16,
    batch=4,
    pool_size=8,
    reseed_every_iterations=1,
)


def disc_form() -> Tensor:
    """An orange disc in the middle of a grid of 16 cells."""
    rows, columns = torch.meshgrid(torch.arange(16.0) - 8, torch.arange(16.0) - 8, indexing="ij")
    alpha = (rows**2 + columns**2 < 12).float()
    return torch.stack([alpha, alpha * 0.5, alpha * 0.1, alpha], dim=2)


def trainer(plan: TrainingPlan = SMALL) -> Trainer:
    return Trainer(plan, GrowingTarget(disc_form()), CPU)


@pytest.fixture
def cutout(tmp_path: Path) -> Path:
    """A red bar, 60 x 30 pixels, half opaque at its right end, off the middle of a PNG."""
    pixels = np.zeros((80, 100, 4), np.uint8)
    pixels[10:40, 5:65] = (255, 0, 0, 255)
    pixels[10:40, 45:65, 3] = 128
    path = tmp_path / "bar.png"
    Image.fromarray(pixels).save(path)
    return path


def test_the_form_lies_in_the_middle_with_colours_premultiplied(cutout: Path) -> None:
    form = load_form(cutout, size_cells=20, grid_cells=32)
    inside = form[11:21, 6:26]
    assert form.shape == (32, 32, 4)
    assert form.count_nonzero() == inside.count_nonzero()
    torch.testing.assert_close(inside[5, 5], torch.tensor([1.0, 0, 0, 1]))
    torch.testing.assert_close(inside[5, 17], torch.tensor([128 / 255, 0, 0, 128 / 255]))


def test_a_form_needs_room(cutout: Path) -> None:
    with pytest.raises(LichenError, match="--size or --grid"):
        load_form(cutout, size_cells=30, grid_cells=32)


@pytest.mark.parametrize("alpha", [0, 255])
def test_a_form_needs_an_outside(tmp_path: Path, alpha: int) -> None:
    Image.new("RGBA", (32, 32), (255, 0, 0, alpha)).save(tmp_path / "flat.png")
    with pytest.raises(LichenError, match="cut it out"):
        load_form(tmp_path / "flat.png", 20, 32)


@pytest.mark.parametrize(("alpha", "lives"), [(3, False), (25, False), (26, True)])
def test_what_is_too_faint_to_live_is_refused(tmp_path: Path, alpha: int, lives: bool) -> None:
    form = Image.new("RGBA", (32, 32))
    form.paste((255, 0, 0, alpha), (8, 8, 24, 24))
    form.save(tmp_path / "faint.png")
    if lives:
        assert load_form(tmp_path / "faint.png", 20, 32)[..., 3].max() > ALIVE_THRESHOLD
    else:
        with pytest.raises(LichenError, match=r"faint\.png is so faint"):
            load_form(tmp_path / "faint.png", 20, 32)


def test_a_missing_picture_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="cannot read"):
        load_form(tmp_path / "nothing.png", 20, 32)


def test_emoji_are_told_from_files() -> None:
    assert is_emoji("🦎") and is_emoji("👩‍🌾")
    assert not any(map(is_emoji, ["", "lizard.png", "🦎.png", "eidechse"]))


def test_an_emoji_is_drawn_cut_out_and_in_colour() -> None:
    pixels = render_emoji("🦎")
    assert 90 < max(pixels.shape[:2]) <= 136
    opaque = pixels[pixels[..., 3] == 255][:, :3].mean(axis=0)
    assert opaque[1] > opaque[0] + 30 and opaque[1] > opaque[2] + 30  # it is green
    assert 0.2 < (pixels[..., 3] == 0).mean() < 0.8


@pytest.mark.parametrize("sign", ["\u0378", "🦎🦋"])
def test_what_the_font_cannot_draw_is_one_sentence(sign: str) -> None:
    with pytest.raises(LichenError, match="no single picture"):
        render_emoji(sign)


def test_no_font_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emoji, "FONT_FOLDERS", (str(tmp_path),))
    with pytest.raises(LichenError, match="fonts-noto-color-emoji"):
        render_emoji("🦎")


def test_the_loss_is_lowest_on_the_form_and_ranks_states() -> None:
    target = GrowingTarget(disc_form())
    states = torch.zeros(3, 16, 16, 8)
    states[1, ..., :4] = disc_form()
    states[2, ..., :4] = 0.5 * disc_form()
    ranking = target.rank(states)
    assert ranking.argsort().tolist() == [1, 2, 0]
    assert target.loss(states[1:2], torch.Generator()) == 0
    assert target.loss(states[:1], torch.Generator()) == pytest.approx(float(ranking[0]))


def test_hidden_channels_are_kept_small() -> None:
    target = GrowingTarget(disc_form())
    state = torch.zeros(1, 16, 16, 8)
    state[..., :4] = disc_form()
    state[..., 6] = 1.5
    assert target.loss(state, torch.Generator()) > 0


def test_a_new_automaton_grows_from_one_cell() -> None:
    automaton = trainer().to_automaton()
    assert automaton.alive_masking
    assert automaton.seed.kind == "single cell"
    assert automaton.display == "premultiplied rgba over white"


def test_the_worst_starts_over() -> None:
    one = trainer()
    one.pool.states[:, :, :, :4] = disc_form()
    one.pool.states[5] = 0.7
    slots = one.pool.sample(8, torch.Generator().manual_seed(0))
    plan = TrainingPlan(**{**SMALL.__dict__, "batch": 8, "fewest_steps": 1, "most_steps": 1})
    one.plan = plan
    one.predict()
    worst = one.states[one._slots == 5][0]
    assert set(slots.tolist()) == set(one._slots.tolist())
    assert (worst[..., 3] > 0).sum() == 1  # nothing has been learnt yet: the seed alone


def test_the_best_are_wounded() -> None:
    plan = TrainingPlan(
        **{
            **SMALL.__dict__,
            "batch": 8,
            "fewest_steps": 1,
            "most_steps": 1,
            "damage_every_iterations": 1,
            "damaged_states": 2,
        }
    )
    one = trainer(plan)
    one.pool.states[:, :, :, :4] = 0.5 * disc_form()
    one.pool.states[3, :, :, :4] = disc_form()
    one.pool.states[6, :, :, :4] = disc_form()
    alpha_before = one.pool.states[..., 3].sum(dim=(1, 2))
    one.predict()
    changed = {
        int(slot)
        for slot, state in zip(one._slots, one.states, strict=True)
        if state[..., 3].sum() < alpha_before[slot] - 0.5
    }
    assert changed - {int(one._slots[0])} <= {3, 6}
    assert changed & {3, 6}


def test_it_learns_to_grow() -> None:
    one = trainer()
    losses = [one.iterate(iteration / 120) for iteration in range(120)]
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])
    grown = one.settle(16, 12)
    assert (grown[..., 3] > 0.1).sum() > 20


def test_what_has_died_starts_over() -> None:
    one = trainer(TrainingPlan(**{**SMALL.__dict__, "reseed_every_iterations": 10**6}))
    seed = one.pool.states[0].clone()
    one.pool.states[:] = 0.5
    one.pool.states[2] = 0
    one.pool.states[3] = seed * 0.05  # too faint to live
    borrowed = one.pool.borrow(torch.arange(4), reseed=False)
    torch.testing.assert_close(borrowed[2:], torch.stack([seed, seed]))
    torch.testing.assert_close(borrowed[:2], one.pool.states[:2])


def test_a_texture_may_be_all_zero() -> None:
    automaton = Automaton(**vars(trainer().to_automaton()) | {"alive_masking": False})
    pool = Pool(automaton, 2, 16)
    pool.states[:] = 0
    assert not pool.borrow(torch.arange(2), reseed=False).any()


def test_reseeding_slows_down() -> None:
    plan = TrainingPlan(reseed_every_iterations=16, reseed_slows=True)
    assert [plan.reseed_interval(share) for share in (0, 0.25, 0.5, 1)] == [1, 2, 4, 16]
    assert TrainingPlan(reseed_every_iterations=16).reseed_interval(0) == 16
