"""Which frame of a dream shows."""

from viewer.dream_film import FRAMES_PER_SECOND
from viewer.dream_player import DreamPlayer


def test_the_newest_frame_is_followed_until_one_is_chosen() -> None:
    player = DreamPlayer()
    assert (player.index(0), player.index(1), player.index(9)) == (0, 0, 8)
    player.scrub(3)
    assert player.index(9) == player.index(20) == 3 and not player.follows
    assert player.index(2) == 1
    player.scrub(None)
    assert player.index(9) == 8 and player.follows


def test_it_plays_at_its_pace_and_begins_again() -> None:
    player = DreamPlayer()
    player.scrub(1)
    player.play(True, made_count=10)
    player.advance(3 / FRAMES_PER_SECOND + 1e-9, 10)
    assert player.index(10) == 4
    player.advance(7 / FRAMES_PER_SECOND, 10)
    assert player.index(10) == 1
    player.play(False, 10)
    player.advance(5.0, 10)
    assert player.index(10) == 1


def test_from_the_last_frame_it_plays_from_the_first() -> None:
    player = DreamPlayer()
    player.play(True, made_count=5)
    assert player.index(5) == 0 and player.plays and not player.follows
