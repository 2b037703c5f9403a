"""Dreams: they come home, they go on where they stopped, and they take what prompts name."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from training.dream.camera import Picture
from training.dream.dreaming import Dreaming, to_frame, to_picture
from training.dream.journey import FrameSettings, Journey, Stage
from training.dream.patch_dreamer import PatchDreamer

SIDE = 64


class Sleeper:
    """Dreams nothing: what comes out is the camera's and the loop's doing."""

    description = "nothing"

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        return frame


class Dusk(Sleeper):
    """Darkens every frame a little, as dreamers that drift do."""

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        return frame * np.float32(0.9)


def checks(colour: tuple[float, float, float], cells: int) -> Picture:
    field = np.indices((SIDE, SIDE)).sum(0) // (SIDE // cells) % 2
    picture: Picture = (field[..., None] * np.float32(colour)).astype(np.float32)
    return picture


START = to_frame(checks((1.0, 0.4, 0.1), 8) * 0.8 + 0.1)
SEA = checks((0.1, 0.3, 0.9), 16)
JOURNEY = Journey(
    (Stage("start", 6), Stage("sea", 6)),
    zoom="1.08",
    vanishing_y="0.6",
    rotation_degrees="0: (0), 11: (4)",
    strength="0.8",
    palette_match="0",
    fade_frames=2,
)


def dreamer() -> PatchDreamer:
    return PatchDreamer({"start": to_picture(START), "sea": SEA})


def motion_outwards(before: np.ndarray, after: np.ndarray) -> float:
    """How far a frame moved away from the vanishing point, by the brightness' own gradient."""
    light, later = (frame.mean(2) / 255 for frame in (before, after))
    down, right = np.gradient((light + later) / 2)
    rows, columns = np.indices(light.shape) + 0.5
    outwards = down * (rows - 0.6 * SIDE) + right * (columns - 0.5 * SIDE)
    return -float((outwards * (later - light)).sum() / (outwards**2).sum())


@pytest.mark.parametrize("loop", ["portal", "mix"])
def test_a_loop_ends_where_it_began(loop: str) -> None:
    journey = replace(JOURNEY, loop=loop, palette_match="0.3")
    frames = [*Dreaming(journey, START, dreamer()).frames(START, 1)]
    assert len(frames) == journey.frame_count
    assert np.abs(frames[-1].astype(int) - START).max() <= 1
    assert np.abs(frames[-3].astype(int) - START).mean() > 3


@pytest.mark.parametrize(
    ("palette_match", "lost"), [("0", 0.65), ("1", 0.1), ("0: (0), 6: (1)", 0.1)]
)
def test_colours_are_held_to_the_starts_as_firmly_as_asked(palette_match: str, lost: float) -> None:
    journey = replace(JOURNEY, palette_match=palette_match)
    frames = [*Dreaming(journey, START, Dusk()).frames(START, 1)]
    np.testing.assert_allclose(frames[-1].mean() / START.mean(), 1 - lost, atol=0.1)


def test_without_a_loop_it_goes_on() -> None:
    frames = [*Dreaming(JOURNEY, START, dreamer()).frames(START, 1)]
    assert np.abs(frames[-1].astype(int) - START).mean() > 20


def test_the_way_through_the_portal_never_reverses() -> None:
    journey = replace(JOURNEY, loop="portal", rotation_degrees="0", zoom="1.04")
    frames = [START, *Dreaming(journey, START, Sleeper()).frames(START, 1)]
    again = [*Dreaming(journey, START, Sleeper()).frames(frames[-1], 1)]
    motions = [
        motion_outwards(one, other)
        for one, other in zip(frames[5:], [*frames[6:], again[0]], strict=True)
    ]
    assert min(motions) > 0.01, motions


def test_a_dreamt_way_home_never_reverses_either() -> None:
    """Patches, glow and portal together, through the seam into the second round."""
    journey = replace(JOURNEY, loop="portal", rotation_degrees="0", zoom="1.06", strength="0.5")
    dreaming = Dreaming(journey, START, dreamer())
    frames = [START, *dreaming.frames(START, 1)]
    frames.append(dreaming.next_frame(frames[-1], 1))
    motions = [motion_outwards(one, other) for one, other in pairwise(frames)]
    assert min(motions) > 0, motions
    np.testing.assert_array_equal(frames[-2], START)
    np.testing.assert_array_equal(frames[-1], frames[1])


def test_goes_on_from_any_frame_to_the_same_dream() -> None:
    journey = replace(JOURNEY, loop="portal", seed_mode="random", random_seed=3)
    whole = [*Dreaming(journey, START, dreamer()).frames(START, 1)]
    rest = [*Dreaming(journey, START, dreamer()).frames(whole[4], 6)]
    for one, other in zip(whole[5:], rest, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_patches_are_the_prompts() -> None:
    def blue(index: int) -> float:
        settings = replace(JOURNEY.frame(index), strength=1.0)
        picture = dreamer().dream(np.full((SIDE, SIDE, 3), 0.4, np.float32), settings)
        return float((picture[..., 2] - picture[..., 0]).mean())

    assert blue(0) < -0.1 and blue(11) > 0.1


def test_strength_is_how_much_it_changes() -> None:
    frame = checks((0.4, 0.8, 0.3), 8)

    def change(strength: float) -> float:
        picture = dreamer().dream(frame, replace(JOURNEY.frame(11), strength=strength))
        return float(np.abs(picture - frame).mean())

    assert change(0.0) == 0
    assert 0 < change(0.3) < change(1.0)


def test_flat_parts_grow_no_comb() -> None:
    """A comb repeats with the stride of the patches; other periods must be as strong."""
    grain = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32) * 0.4 + 0.3
    flat = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    settings = replace(JOURNEY.frame(0), strength=1.0, prompts=(("grain", 1.0),))
    picture = PatchDreamer({"grain": grain}).dream(flat, settings)
    spectrum = np.abs(np.fft.fft(picture.mean(2) - picture.mean(), axis=1)).mean(0)
    comb = spectrum[round(SIDE / 3)]
    assert comb < 3 * np.median(spectrum[10:30])
