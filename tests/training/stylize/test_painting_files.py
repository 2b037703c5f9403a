"""Orders of paintings: what they refuse, and on disk."""

import json
from pathlib import Path

import pytest
from painting_orders import new_painting_order

from exporters.errors import LichenError
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import load_order, order_path, save_order


def test_an_order_comes_back_from_its_folder_wherever_that_is(tmp_path: Path) -> None:
    order = new_painting_order(
        tmp_path / "painting",
        style_size_pixels=64,
        style_weight=0.5,
        style_layers="relu1_1,relu2_1=0.5",
        start="noise",
        bounds="clamp",
        random_seed=7,
        weights=Path("vgg.pth"),
    )
    save_order(order)
    assert str(tmp_path) not in order_path(order.folder).read_text("utf-8")
    assert load_order(order.folder) == order
    moved = order.folder.rename(tmp_path / "moved")
    assert load_order(moved).folder == moved


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        json.dumps({"size_pixels": "large"}),
        json.dumps({"iterations": 0}),
        json.dumps({"start": "anywhere"}),
        json.dumps({"speed": 3}),
    ],
)
def test_what_is_no_order_is_told(tmp_path: Path, text: str) -> None:
    order_path(tmp_path).write_text(text)
    with pytest.raises(LichenError, match=r"painting\.json is no painting's order: "):
        load_order(tmp_path)


def test_a_folder_without_an_order_is_told(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="cannot read .*painting.json: No such file"):
        load_order(tmp_path)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"size_pixels": 31}, "the size must be 32 to 8192 pixels, not 31"),
        ({"size_pixels": 8193}, "not 8,193"),
        ({"style_size_pixels": 0}, "the size of the style must be 32 to 8192 pixels, not 0"),
        ({"iterations": 0}, "takes 1 to 1,000,000 iterations, not 0"),
        ({"iterations": 1_000_001}, "not 1,000,001"),
        ({"learning_rate": 0.0}, "learning rate must be above 0 and up to 10"),
        ({"learning_rate": float("nan")}, "learning rate must be above 0 and up to 10"),
        ({"total_variation": -1.0}, "weight of total variation must be 0 or more"),
        ({"style_weight": float("inf")}, "weight of the style must be 0 or more"),
        ({"content_weight": -1.0}, "weight of the content must be 0 or more"),
        ({"random_seed": -1}, "the random seed -1 is outside 0 to 2^32 - 1"),
        ({"random_seed": 2**32}, "is outside"),
    ],
)
def test_what_no_painting_can_be_made_with_is_refused(
    tmp_path: Path, wishes: dict[str, float], words: str
) -> None:
    with pytest.raises(LichenError) as refused:
        StylizeOrder(tmp_path, **wishes)
    assert words in str(refused.value)
