"""A living filter: it reads a picture, and what it learns is judged by style and content."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from exporters.content import CONTENT_CHANNELS
from exporters.errors import LichenError
from training.checkpoint import load_checkpoint, save_checkpoint
from training.contents import Contents, load_contents
from training.eye.network import load_eye
from training.losses.content import ContentLoss
from training.losses.patch import PatchLoss
from training.plan import TrainingPlan
from training.targets.filter import FilterTarget, in_grey
from training.targets.texture import TextureTarget
from training.trainer import Trainer

SMALL = TrainingPlan(
    channels=12,
    hidden=32,
    fewest_steps=12,
    most_steps=20,
    grid_cells=24,
    batch=2,
    pool_size=8,
    learning_rate=2e-3,
)


def stripes(turned: bool) -> Tensor:
    """Wide bars [3, 48, 48] in 0..1."""
    bars = (torch.arange(48) // 8 % 2).float().expand(3, 48, 48)
    return bars.transpose(1, 2) if turned else bars


def small_trainer(content_weight: float = 4.0) -> Trainer:
    field = ((torch.arange(32)[:, None] // 2 + torch.arange(32) // 2) % 2).float()
    exemplar = torch.stack([field, 0.3 * field + 0.2, 1 - field])
    contents = Contents([stripes(False), stripes(True)])
    content = ContentLoss(load_eye(), in_grey(contents.draw_many(8, SMALL.grid_cells)))
    target = FilterTarget(PatchLoss(exemplar), content, contents, content_weight)
    return Trainer(SMALL, target, torch.device("cpu"))


def test_every_state_has_a_picture_and_keeps_it() -> None:
    trainer = small_trainer()
    contents = trainer.pool.states[..., -CONTENT_CHANNELS:].clone()
    assert (contents.flatten(1).std(1) > 0.1).all()
    assert contents.abs().max() <= 0.5
    advanced = trainer.advance(trainer.pool.states.clone(), 5)
    torch.testing.assert_close(advanced[..., -CONTENT_CHANNELS:], contents, rtol=0, atol=0)


def test_wounds_leave_the_picture() -> None:
    trainer = small_trainer()
    state = torch.ones_like(trainer.pool.states[0])
    trainer.pool.damage(state, torch.Generator().manual_seed(0))
    assert (state[..., :-CONTENT_CHANNELS] == 0).any()
    assert (state[..., -CONTENT_CHANNELS:] == 1).all()


def test_the_picture_is_exchanged_now_and_then() -> None:
    trainer = small_trainer()
    generator = torch.Generator().manual_seed(0)
    exchanged = 0
    for _ in range(20):
        states = trainer.pool.states[:2].clone()
        trainer.target.disturb(states, generator)
        assert torch.equal(states[..., :-CONTENT_CHANNELS], trainer.pool.states[:2, ..., :-3])
        exchanged += not torch.equal(states, trainer.pool.states[:2])
    assert 3 < exchanged < 17


def test_the_loss_falls_by_a_factor_and_the_picture_shows() -> None:
    trainer = small_trainer()
    before = _loss(trainer)
    for iteration in range(180):
        trainer.iterate(iteration / 180)
    assert _loss(trainer) < before / 3
    shown = [_likeness(trainer, picture) for picture in (stripes(False), stripes(True))]
    assert min(shown) > 0.7


@torch.no_grad()
def _loss(trainer: Trainer) -> float:
    """Of the same four pictures every time."""
    generator = torch.Generator().manual_seed(5)
    states = torch.zeros(4, 24, 24, trainer.model.template.channels)
    trainer.target.furnish(states, generator)
    return float(trainer.target.loss(trainer.advance(states, 24), generator))


def _likeness(trainer: Trainer, picture: Tensor) -> float:
    """How what the filter makes of a picture correlates with it, in grey."""
    content = torch.nn.functional.interpolate(picture[None], 24, mode="area")
    states = torch.zeros(1, 24, 24, trainer.model.template.channels)
    states[..., -CONTENT_CHANNELS:] = content.permute(0, 2, 3, 1) - 0.5
    with torch.no_grad():
        colours = trainer.advance(states, 30)[..., :3].permute(0, 3, 1, 2)
    both = torch.stack([in_grey(colours)[0, 0].flatten(), in_grey(content)[0, 0].flatten()])
    return float(torch.corrcoef(both)[0, 1].abs())


def test_content_is_judged_place_by_place() -> None:
    loss = ContentLoss(load_eye(), stripes(False)[None])
    aims = loss.features(stripes(False)[None])
    assert loss(aims, aims) == 0
    same_statistics = loss.features(stripes(False).roll(4, 2)[None])
    assert loss(same_statistics, aims) > 0.1


def test_pictures_come_from_a_folder(tmp_path: Path) -> None:
    for name, level in (("dark", 0), ("light", 255)):
        Image.fromarray(np.full((600, 300, 3), level, np.uint8)).save(tmp_path / f"{name}.png")
    contents = load_contents(tmp_path)
    generator = torch.Generator().manual_seed(0)
    drawn = torch.stack([contents.draw(32, generator) for _ in range(12)])
    assert drawn.shape == (12, 3, 32, 32)
    assert {round(float(crop.mean()), 3) for crop in drawn} == {0.0, 1.0}


def test_previews_of_automata_among_them_are_none(tmp_path: Path) -> None:
    for name, level in (("a.preview", 0), ("b.preview", 255)):
        Image.fromarray(np.full((40, 40, 3), level, np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "a.safetensors").touch()
    assert load_contents(tmp_path).draw_many(8, 16).min() > 0.99


def test_a_small_picture_is_shown_whole(tmp_path: Path) -> None:
    contents = Contents([torch.rand(3, 5, 9)])
    assert contents.draw(24, torch.Generator().manual_seed(0)).shape == (3, 24, 24)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="holds no pictures"):
        load_contents(tmp_path)


def test_a_training_without_its_pictures_cannot_go_on_from_it(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint.pt"
    save_checkpoint(small_trainer(), path)
    texture = TextureTarget(PatchLoss(torch.rand(3, 32, 32)))
    with pytest.raises(LichenError, match="content channels 3; resume with the same options"):
        load_checkpoint(Trainer(SMALL, texture, torch.device("cpu")), path)
