"""The text of a web page: small, the same each time, and safe from what automata are called."""

from dataclasses import replace

import pytest

from exporters.errors import LichenError
from exporters.gallery import find_entry
from exporters.html import page
from support import HOSTILE_TEXT, random_automaton

LARGEST_PAGE_BYTES = 80_000


def test_a_page_is_small_and_the_same_each_time() -> None:
    koi = find_entry("koi").automaton
    assert (koi.channels, koi.hidden) == (12, 96)
    assert len(page([koi]).encode()) < LARGEST_PAGE_BYTES
    assert page([koi]) == page([find_entry("koi").automaton])


def test_automata_of_one_kind_share_their_shader() -> None:
    first, second = random_automaton(12, 96), random_automaton(12, 96, weight_seed=1)
    assert len(page([first, second])) - len(page([first])) < 32_000


def test_long_names_are_cut() -> None:
    text = page([replace(random_automaton(4, 8), name="moss " * 2_000_000)])
    assert len(text) < LARGEST_PAGE_BYTES


def test_hostile_names_close_nothing() -> None:
    harmless, hostile = (
        page([replace(random_automaton(4, 8), name=name)]) for name in ("moss", HOSTILE_TEXT)
    )
    hostile.encode()  # No halved character is left in it.
    for end in ("</script", "</title", "<!--", "\n"):
        assert hostile.count(end) == harmless.count(end)


def test_what_no_page_can_hold_is_refused() -> None:
    with pytest.raises(LichenError, match="20 channels"):
        page([random_automaton(20, 8)])
    with pytest.raises(LichenError, match="at least one"):
        page([])
