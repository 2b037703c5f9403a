"""The patch dreamer's parts, and that flat areas stay as flat as the pictures it dreams of."""

import numpy as np
import pytest

from training.dream.atlas import Atlas, Corners
from training.dream.camera import Picture, look_ahead, move_forward
from training.dream.journey import FrameSettings
from training.dream.patch_dreamer import PatchDreamer
from training.dream.patch_search import follow, nearest
from training.dream.patches import PATCH_PIXELS, STRIDE_PIXELS, Grid, to_values
from training.dream.territories import Map

SIDE = 96
HORIZON = 56


def noise(side: int = SIDE, seed: int = 0) -> Picture:
    return np.random.default_rng(seed).random((side, side, 3), np.float32)


def landscape() -> Picture:
    """A sky that grows lighter downwards, with a sun, over rough ground."""
    rows, columns = np.indices((SIDE, SIDE)).astype(np.float32)
    sky = np.float32([0.4, 0.6, 0.9]) + 0.15 * (rows / SIDE)[..., None]
    ground = np.float32([0.2, 0.35, 0.15]) + 0.3 * (noise() - 0.5)
    picture = np.where((rows >= HORIZON)[..., None], ground, sky)
    sun = np.hypot(rows - 16, columns - 70) < 7
    picture[sun] = (1.0, 0.95, 0.7)
    return picture.astype(np.float32)


def stars() -> Picture:
    """Black, with a few small lights."""
    generator = np.random.default_rng(2)
    picture = np.zeros((SIDE, SIDE, 3), np.float32)
    for row, column in generator.integers(1, SIDE - 1, (40, 2)):
        picture[row - 1 : row + 1, column - 1 : column + 1] = 1
    return picture


def settings(
    *prompts: tuple[str, float], strength: float = 0.8, random_seed: int = 1
) -> FrameSettings:
    return FrameSettings(prompts, 1.0, (0.5, 0.5), 0.0, strength, 7.0, 0.0, random_seed)


def roughness(picture: Picture) -> float:
    """How far pixels differ from those beside them."""
    return float(np.abs(np.diff(picture, axis=1)).mean())


def comb(picture: Picture) -> float:
    """How far the rhythms of the patches' grids stand out of the spectrum; 1 is not at all."""
    light = picture.mean(2) - picture.mean()
    rhythms = []
    for axis in (0, 1):
        spectrum = np.abs(np.fft.rfft(light, axis=axis)).mean(1 - axis)
        for reduction in (1, 2, 4):
            place = SIDE // (STRIDE_PIXELS * reduction)
            around = np.r_[spectrum[place - 4 : place], spectrum[place + 1 : place + 5]]
            rhythms.append(spectrum[place] / np.median(around))
    return float(max(rhythms))


def test_a_picture_survives_its_own_patches() -> None:
    picture = noise(41)[:37]
    atlas = Atlas({"own": picture})
    for offset in ((0, 0), (2, 1)):
        grid = Grid(37, 41, offset)
        rows = grid.first_row + STRIDE_PIXELS * np.arange(grid.rows)
        columns = grid.first_column + STRIDE_PIXELS * np.arange(grid.columns)
        place = np.broadcast_arrays(np.zeros((1, 1), int), rows[:, None], columns[None, :])
        again = grid.put_together(atlas.texels, atlas.places(Corners(*place)), atlas.texels_a_row)
        inside = np.s_[PATCH_PIXELS:-PATCH_PIXELS, PATCH_PIXELS:-PATCH_PIXELS]
        np.testing.assert_allclose(again[inside], picture[inside], atol=1e-6)
        assert np.isfinite(again).all()


def test_an_atlas_finds_the_patch_at_a_place() -> None:
    first, second = noise(30, 1), noise(24, 2)[:, :20]
    atlas = Atlas({"first": first, "second": second})
    corner = Corners(np.array([atlas.sheets["second"][0]]), np.array([5]), np.array([9]))
    np.testing.assert_array_equal(
        atlas.values(atlas.places(corner)), second[5:12, 9:16].reshape(1, -1)
    )
    np.testing.assert_array_equal(atlas.picture("second"), second)
    outside = Corners(corner.sheets, np.array([500]), np.array([-3]))
    np.testing.assert_array_equal(
        atlas.values(atlas.places(outside)), second[-7:, :7].reshape(1, -1)
    )


def test_fine_patches_follow_the_coarse_ones() -> None:
    """Where every coarse patch stays in its place, so does every fine one."""
    picture = noise(64)
    atlas = Atlas({"own": picture})
    coarse_grid, grid = Grid(32, 32, (1, 2)), Grid(64, 64, (2, 0))
    rows = coarse_grid.first_row + STRIDE_PIXELS * np.arange(coarse_grid.rows)
    columns = coarse_grid.first_column + STRIDE_PIXELS * np.arange(coarse_grid.columns)
    stay = Corners(*np.broadcast_arrays(np.zeros((1, 1), int), rows[:, None], columns[None, :]))
    candidates = follow(coarse_grid, stay, grid, np.random.default_rng(0))
    chosen, differences = nearest(grid.take(picture), candidates, atlas)
    middle = np.s_[3:-3, 3:-3]
    assert differences[middle].max() < 1e-10
    np.testing.assert_array_equal(
        to_values(grid.take(picture)[middle]), atlas.values(atlas.places(chosen)[middle].ravel())
    )


def test_prompts_rule_as_much_as_they_weigh() -> None:
    part = Map(0).divide((("new", 0.25), ("old", 0.75)), 40, 50)
    assert part["new"].mean() == pytest.approx(0.25, abs=0.02)
    assert not (part["new"] & part["old"]).any() and (part["new"] | part["old"]).all()
    later = Map(0).divide((("new", 0.5), ("old", 0.5)), 40, 50)
    assert (later["new"] | ~part["new"]).all(), "what is conquered stays so"


def test_a_flat_sky_stays_flat() -> None:
    """No specks, no comb, no grain of the ground, however often it is dreamt."""
    picture = reference = landscape()
    dreamer = PatchDreamer({"land": reference})
    view = look_ahead((SIDE, SIDE), 1.04, (0.5, 0.6))
    for index in range(12):
        forward = move_forward(picture, view)
        picture = dreamer.dream(forward, settings(("land", 1.0), random_seed=index))
    sky = picture[4:24, 4:40]
    assert roughness(sky) < 0.004
    assert np.ptp(sky, axis=(0, 1)).max() < 0.12
    assert roughness(picture[-20:]) > 0.25 * roughness(reference[-20:]), "the ground stays rough"


def test_a_new_prompt_makes_no_comb_of_flat_parts() -> None:
    flat = np.full((SIDE, SIDE, 3), (0.15, 0.2, 0.4), np.float32)
    dreamer = PatchDreamer({"stars": stars(), "grain": noise()})
    for prompt in ("stars", "grain"):
        picture = flat
        for index in range(3):
            picture = dreamer.dream(picture, settings((prompt, 1.0), random_seed=index))
            assert picture.std() > 0.03
            assert comb(picture) < 1.4


def test_the_same_frame_and_seed_give_the_same_picture() -> None:
    frame, prompts = noise(48, 5), (("land", 0.5), ("stars", 0.5))
    references = {"land": landscape(), "stars": stars()}
    once = PatchDreamer(references, 3).dream(frame, settings(*prompts))
    again = PatchDreamer(references, 3).dream(frame, settings(*prompts))
    np.testing.assert_array_equal(once, again)
    other = PatchDreamer(references, 3).dream(frame, settings(*prompts, random_seed=2))
    assert np.abs(once - other).mean() > 1e-3


@pytest.mark.parametrize(("height", "width"), [(32, 32), (33, 70)])
def test_any_size_is_dreamt(height: int, width: int) -> None:
    dreamer = PatchDreamer({"small": noise(16), "long": np.tile(noise(40), (1, 4, 1))})
    frame = np.tile(noise(40), (1, 2, 1))[:height, :width]
    picture = dreamer.dream(frame, settings(("small", 0.5), ("long", 0.5)))
    assert picture.shape == frame.shape and picture.dtype == np.float32
    assert np.isfinite(picture).all()
