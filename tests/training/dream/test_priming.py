"""What a language model reads, and what is kept of its answer; no model takes part."""

from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.dream.journey import LONGEST_PROMPT
from training.dream.priming import MOST_EXAMPLES, clean, prime, whole_phrases
from training.dream.writing_order import WritingOrder, check_writer

FOLDER = Path()
PROMPTS = ("a lake at dawn, oil painting", "a road\nbetween olive trees")


def test_a_model_that_goes_on_reads_all_prompts_and_what_it_wrote() -> None:
    text, begins = prime(WritingOrder(FOLDER, PROMPTS, theme="A journey:"), ["the sea"], 0)
    assert text.splitlines() == [
        "A journey:",
        "- a lake at dawn, oil painting",
        "- a road between olive trees",
        "- the sea",
        "-",
    ]
    assert begins == ""


def test_a_variation_keeps_the_first_half_of_each_prompt_in_turn() -> None:
    order = WritingOrder(FOLDER, PROMPTS, mode="vary", theme="A journey:")
    text, begins = prime(order, ["the sea"], 0)
    assert begins == "a lake at"
    assert text.splitlines() == ["A journey:", "- a road between olive trees", "- a lake at"]
    assert prime(order, [], 1)[1] == "a road"
    assert prime(order, [], 2)[1] == "a lake at"


def test_a_variation_of_a_script_without_spaces_keeps_half_its_characters() -> None:
    assert prime(WritingOrder(FOLDER, ("夜明けの湖",), mode="vary"), [], 0)[1] == "夜明け"


def test_of_many_prompts_the_last_ones_are_read() -> None:
    prompts = tuple(f"place {number}" for number in range(100))
    lines = prime(WritingOrder(FOLDER, prompts), [], 0)[0].splitlines()
    assert len(lines) == MOST_EXAMPLES + 2
    assert lines[-2] == "- place 99"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" a lake at dawn", "a lake at dawn"),
        (" 12. a lake", "a lake"),
        ("- 3) “a lake”,", "a lake"),
        (" 3D render of a lake", "3D render of a lake"),
        ("a\tlake\x07 \ufffd", "a lake"),
        (" -- ,,", ""),
        (" 1234", ""),
        ("湖と山", "湖と山"),
    ],
)
def test_a_suggestion_is_one_clean_line(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_a_suggestion_is_no_longer_than_a_prompt_may_be() -> None:
    assert len(clean("lake " * LONGEST_PROMPT)) <= LONGEST_PROMPT


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" a lake. The shore, wi", " a lake."),
        (" a lake, wi", " a lake,"),
        (" a lake wi", " a lake "),
        (" lakewi", " lakewi"),
    ],
)
def test_what_broke_off_ends_at_a_whole_phrase(written: str, kept: str) -> None:
    assert whole_phrases(written) == kept


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"count": 0}, "1 to 100 prompts at a time, not 0"),
        ({"count": 10**9}, "1 to 100 prompts at a time"),
        ({"temperature": 0.0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_p": 1.5}, "top-p"),
        ({"longest_tokens": 10**6}, "tokens"),
        ({"random_seed": -1}, "random seed"),
        ({"mode": "vary", "prompts": (" ",)}, "no prompt to vary"),
        ({"prompts": ("x" * 10_000,)}, "10,000 characters"),
        ({"theme": "x" * 10_000}, "10,000 characters"),
    ],
)
def test_an_order_that_nobody_can_carry_out_is_refused(
    values: dict[str, object], complaint: str
) -> None:
    with pytest.raises(LichenError, match=complaint):
        WritingOrder(FOLDER, **values)  # type: ignore[arg-type]


def test_without_a_model_the_sentence_says_how_to_come_by_one() -> None:
    with pytest.raises(LichenError, match="hf download .* --local-dir .* name its folder"):
        check_writer(None)


def test_what_cannot_be_a_model_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="there is no language model"):
        check_writer(tmp_path / "absent")
    with pytest.raises(LichenError, match="is no language model"):
        check_writer(tmp_path)
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"")
    with pytest.raises(LichenError, match="is no language model"):
        check_writer(picture)
