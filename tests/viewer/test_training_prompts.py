"""Prompts as the training panel has them written: what the command would be told."""

import pytest

from exporters.errors import LichenError
from training.losses.prompt_wish import PromptWish
from viewer.training_prompts import PromptDraft, PromptRow

ROWS = (
    PromptRow(" a coral reef ", "2"),
    PromptRow("deep water"),
    PromptRow("", "nonsense"),
    PromptRow("fog", " 0.5", is_negative=True),
)
DRAFT = PromptDraft(ROWS)


def test_rows_become_what_the_command_takes() -> None:
    wish = DRAFT.wish("/models/clip")
    assert wish == PromptWish(("a coral reef=2", "deep water"), ("fog= 0.5",), "/models/clip")
    assert wish.weights() == {"a coral reef": 2, "deep water": 1}
    assert wish.negative_weights() == {"fog": 0.5}


def test_an_equals_sign_in_the_words_is_no_weight() -> None:
    draft = PromptDraft((PromptRow("e = mc"), PromptRow("a=2", "3")))
    assert draft.complaint == ""
    assert draft.wish(None).weights() == {"e = mc": 1, "a=2": 3}


@pytest.mark.parametrize("rows", [(PromptRow(),), (PromptRow("  ", "x"), PromptRow())])
def test_without_words_there_is_no_wish(rows: tuple[PromptRow, ...]) -> None:
    draft = PromptDraft(rows)
    assert draft.is_empty and draft.complaint == ""
    assert draft.wish("/models/clip") == PromptWish()


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ((PromptRow("reef", "x"),), "the weight 'x' of reef must be a number above zero."),
        ((PromptRow("reef", ""),), "the weight '' of reef must be a number above zero."),
        ((PromptRow("reef"), PromptRow("fog", "-1", True)), "the weight '-1' of fog"),
        ((PromptRow("reef"), PromptRow("reef")), "reef is named twice"),
        ((PromptRow("fog", is_negative=True),), "write also what it is to look like"),
    ],
)
def test_a_mistake_is_one_sentence(rows: tuple[PromptRow, ...], complaint: str) -> None:
    draft = PromptDraft(rows)
    assert draft.complaint.startswith(complaint) and draft.complaint.count(".") == 1
    with pytest.raises(LichenError):
        draft.wish(None)


def test_rows_come_and_go() -> None:
    draft = PromptDraft().with_row(0, ROWS[0]).with_new_row(is_negative=True)
    assert [draft.place_of_new_row(is_negative) for is_negative in (False, True)] == [1, 2]
    draft = draft.with_new_row(is_negative=False)
    assert draft.rows == (ROWS[0], PromptRow(), PromptRow(is_negative=True))
    assert draft.without_row(1).rows == (ROWS[0], PromptRow(is_negative=True))
    assert PromptDraft(ROWS[:1]).without_row(0) == PromptDraft()
