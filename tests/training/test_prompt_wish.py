"""What a user writes about prompts, read and checked before anything is loaded."""

from dataclasses import replace
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.losses.prompt_wish import PromptWish
from training.losses.wish import LossWish
from training.order import TrainingOrder
from training.plain_json import from_plain, to_plain

SCALES = PromptWish(("glowing dragon scales",))
ORDER = TrainingOrder(Path("moss.png"), Path("moss.safetensors"))


def test_prompts_are_read_with_their_weights() -> None:
    wish = PromptWish(("glowing scales", " a reef = 2", "a=b=0.5"), ("fog=0.25",))
    assert wish.weights() == {"glowing scales": 1, "a reef": 2, "a=b": 0.5}
    assert wish.negative_weights() == {"fog": 0.25}


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"texts": ("",)}, "a prompt is empty"),
        ({"texts": ("=2",)}, "a prompt is empty"),
        ({"texts": ("moss=much",)}, "weight 'much' of moss"),
        ({"texts": ("moss=0",)}, "weight '0'"),
        ({"texts": ("moss", "moss=2")}, "named twice"),
        ({"texts": ("moss" * 5000,)}, "characters"),
        ({"negative_texts": ("fog",)}, "there is no prompt"),
        ({"model": "some/clip"}, "there is no prompt"),
        ({"texts": ("moss",), "cutouts": 0}, "--cutouts"),
    ],
)
def test_prompts_that_cannot_be_followed_are_refused(
    values: dict[str, object], complaint: str
) -> None:
    with pytest.raises(LichenError, match=complaint):
        PromptWish(**values)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"loss": "clip"}, "there is none"),
        ({"loss": "ot", "prompt": SCALES}, r"leaves the prompt out; add it, as ot\+clip"),
        ({"loss": "clip", "prompt": SCALES}, "looks at no picture"),
        ({"image": None}, "name an IMAGE"),
        ({"image": None, "prompt": SCALES, "grow": True}, "name an IMAGE"),
        ({"prompt": SCALES, "grow": True}, "leave out --grow"),
        ({"image": None, "prompt": SCALES, "loss": "ot+clip"}, "no picture to compare with"),
        ({"image": None, "prompt": SCALES, "network": "eye"}, "no picture to compare with"),
        ({"image": None, "prompt": SCALES, "crop": (0.0, 0.0, 0.5, 1.0)}, "no picture"),
    ],
)
def test_orders_that_contradict_themselves_are_refused(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(LichenError, match=complaint):
        replace(ORDER, **changes)


@pytest.mark.parametrize("changes", [{}, {"image": None}, {"image": None, "loss": "clip"}])
def test_an_order_with_a_prompt_survives_the_way_to_the_worker(changes: dict[str, object]) -> None:
    order = replace(ORDER, prompt=PromptWish(("coral=2",), ("fog",), "some/clip"), **changes)
    assert from_plain(TrainingOrder, to_plain(order)) == order


def test_only_the_prompt_alone_looks_at_no_picture() -> None:
    assert LossWish("clip", prompt=SCALES).is_prompt_alone
    assert not LossWish("patch+clip", prompt=SCALES).is_prompt_alone
    assert not LossWish(prompt=SCALES).is_prompt_alone
