"""The camera: what stays, what moves outwards, and that one resample loses little."""

import numpy as np
import pytest

from training.dream.camera import look_ahead, magnification, move_forward
from training.dream.palette import Palette, match_palette


def dot(x: int, y: int, width: int = 64, height: int = 48) -> np.ndarray:
    picture = np.zeros((height, width, 3), np.float32)
    picture[y - 1 : y + 2, x - 1 : x + 2] = 1
    return picture


def middle_of(picture: np.ndarray) -> tuple[float, float]:
    """Where the brightness lies, (x, y) in pixels."""
    light = picture.sum(2)
    rows, columns = np.indices(light.shape) + 0.5
    return float((light * columns).sum() / light.sum()), float((light * rows).sum() / light.sum())


@pytest.mark.parametrize("vanishing_point", [(0.5, 0.5), (0.25, 0.75)])
def test_the_vanishing_point_stays(vanishing_point: tuple[float, float]) -> None:
    x, y = vanishing_point[0] * 64, vanishing_point[1] * 48
    view = look_ahead((64, 48), 1.5, vanishing_point, rotation_degrees=20)
    assert view @ [x, y, 1] == pytest.approx([x, y, 1])
    assert magnification(view) == pytest.approx(1.5)


def test_everything_else_moves_away_from_it() -> None:
    moved = move_forward(dot(40, 24), look_ahead((64, 48), 1.5, (0.5, 0.5)))
    assert middle_of(moved) == pytest.approx((32 + 1.5 * 8.5, 24.5 + 0.25), abs=0.1)


def test_turns_clockwise() -> None:
    moved = move_forward(dot(48, 24), look_ahead((64, 48), 1.0, (0.5, 0.5), rotation_degrees=30))
    x, y = middle_of(moved)
    assert x < 47 and y > 30


def test_standing_still_changes_nothing() -> None:
    picture = np.random.default_rng(0).random((24, 32, 3), np.float32)
    still = move_forward(picture, look_ahead((32, 24), 1.0))
    np.testing.assert_allclose(still, picture, atol=1e-5)


def test_no_border_comes_in_when_it_turns() -> None:
    white = np.ones((24, 32, 3), np.float32)
    turned = move_forward(white, look_ahead((32, 24), 1.01, (0.1, 0.1), 45), (0.5, -0.5))
    assert turned.min() > 0.99


def test_a_palette_is_matched_by_so_much() -> None:
    generator = np.random.default_rng(0)
    warm = generator.random((16, 16, 3), np.float32) * np.float32([0.5, 0.3, 0.2]) + 0.4
    cold = generator.random((16, 16, 3), np.float32) * np.float32([0.1, 0.3, 0.4]) + 0.2
    wanted = Palette.of(warm)
    whole, half = (Palette.of(match_palette(cold, wanted, share)) for share in (1.0, 0.5))
    np.testing.assert_allclose(whole.mean, wanted.mean, atol=0.01)
    np.testing.assert_allclose(whole.spread, wanted.spread, atol=0.01)
    between = (np.add(wanted.mean, Palette.of(cold).mean)) / 2
    np.testing.assert_allclose(half.mean, between, atol=0.01)
    assert match_palette(cold, wanted, 0.0) is cold
    np.testing.assert_allclose(match_palette(warm, wanted, 1.0), warm, atol=1e-4)
