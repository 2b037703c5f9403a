"""An order comes back from its file; a journey file makes one with what is usual."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.dream.diffusers_options import DiffusersOptions
from training.dream.journey import Journey, Stage
from training.dream.journey_file import load_journey, save_journey
from training.dream.order import AutomatonTouch, DreamOrder
from training.dream.order_file import load_order, read_order, save_order, write_order
from training.dream.own_options import OwnOptions

JOURNEY = Journey((Stage("start", 4), Stage("eine Straße", 5)), loop="mix", random_seed=9)
ORDERS = {
    "plain": DreamOrder(Path(), JOURNEY),
    "patch": DreamOrder(Path(), JOURNEY, source="koi", size_pixels=(64, 48)),
    "diffusers": DreamOrder(
        Path(),
        JOURNEY,
        backend="diffusers",
        diffusers=DiffusersOptions("folder", steps=4, style_image=Path("a.png"), first_seed=3),
        touch=AutomatonTouch(Path("moss.safetensors"), 7),
    ),
    "own": DreamOrder(Path(), JOURNEY, backend="own", own=OwnOptions(Path("mine"), steps=12)),
}


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_comes_back_from_its_folder_and_from_elsewhere(name: str, tmp_path: Path) -> None:
    order = replace(ORDERS[name], folder=tmp_path)
    save_order(order)
    assert load_order(tmp_path) == order
    write_order(order, tmp_path / "film.mp4.json")
    elsewhere = tmp_path / "elsewhere"
    assert read_order(tmp_path / "film.mp4.json", elsewhere) == replace(order, folder=elsewhere)
    assert load_journey(tmp_path / "film.mp4.json") == JOURNEY


def test_a_journey_alone_is_dreamt_as_usual(tmp_path: Path) -> None:
    save_journey(JOURNEY, tmp_path / "way.json")
    assert read_order(tmp_path / "way.json", tmp_path) == DreamOrder(tmp_path, JOURNEY)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("size_pixels = 5", "size_pixels cannot be used"),
        ("size_pixels = [1, 1]", "32 to 2048 pixels"),
        ('backend = "magic"', "backend cannot be used"),
        ("source = 3", "source cannot be used"),
        ("[diffusers]\nmodell = 'x'", "diffusers cannot be used.*modell"),
        ("[diffusers]\nsteps = 0", "1 to 1,000 steps"),
        ("[touch]\nsteps = 3", "touch cannot be used"),
        ("nonsense = 3", "nothing called 'nonsense'"),
        ("zoom = '1.02+'", "is no formula"),
    ],
)
def test_mistakes_are_told_with_the_file(line: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "way.toml"
    path.write_text(f'stages = [["start", 4]]\n{line}\n')
    with pytest.raises(LichenError, match=words) as caught:
        read_order(path, tmp_path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_picture_beside_the_file_may_be_called_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("photo.png", "koi"):
        (folder / name).touch()
    file = folder / "dream.json"
    sources = {"photo.png": str(folder / "photo.png"), "koi": "koi", "a.b" * 200: "a.b" * 200}
    for source, expected in sources.items():
        file.write_text(json.dumps({"stages": [["start", 4]], "source": source}), "utf-8")
        assert read_order(file, tmp_path).source == expected
