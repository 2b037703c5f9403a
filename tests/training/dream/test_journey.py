"""Journeys: which prompts a frame has, what moves, and what no dreamer could follow."""

from dataclasses import replace
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.dream.journey import Journey, Stage
from training.dream.journey_file import load_journey, save_journey, to_journey, to_values

ROAD = Journey((Stage("road", 4), Stage("sea", 6)), fade_frames=2)
NOT_ASCII = '風の道 🌊 \\ " طريق'


def test_a_prompt_fades_in_at_the_change() -> None:
    thirds = [dict(ROAD.prompt_weights(index)) for index in range(10)]
    assert thirds[:4] == [{"road": 1}] * 4
    assert thirds[4] == pytest.approx({"sea": 1 / 3, "road": 2 / 3})
    assert thirds[5] == pytest.approx({"sea": 2 / 3, "road": 1 / 3})
    assert thirds[6:] == [{"sea": 1}] * 4


def test_without_a_fade_prompts_change_at_once() -> None:
    sudden = replace(ROAD, fade_frames=0)
    assert sudden.prompt_weights(3) == (("road", 1.0),)
    assert sudden.prompt_weights(4) == (("sea", 1.0),)


@pytest.mark.parametrize("loop", ["portal", "mix"])
def test_a_loop_fades_back_to_its_first_prompt(loop: str) -> None:
    round_trip = replace(ROAD, loop=loop)
    assert dict(round_trip.prompt_weights(7)) == {"sea": 1}
    assert dict(round_trip.prompt_weights(8)) == pytest.approx({"sea": 2 / 3, "road": 1 / 3})
    assert dict(round_trip.prompt_weights(9)) == pytest.approx({"sea": 1 / 3, "road": 2 / 3})


@pytest.mark.parametrize("fade_frames", [0, 3, 50])
def test_weights_sum_to_one(fade_frames: int) -> None:
    stages = (Stage("a", 1), Stage("b", 2), Stage("a", 3), Stage("c", 9))
    journey = Journey(stages, fade_frames=fade_frames, loop="portal")
    for index in range(journey.frame_count):
        weights = journey.prompt_weights(index)
        assert sum(weight for _, weight in weights) == pytest.approx(1)
        assert len({prompt for prompt, _ in weights}) == len(weights)


def test_schedules_move_the_frame() -> None:
    journey = replace(ROAD, zoom="0: (1), 9: (1.9)", vanishing_y="0.6", strength="0: (t/10)")
    settings = journey.frame(3)
    assert settings.zoom == pytest.approx(1.3)
    assert settings.vanishing_point == (0.5, 0.6)
    assert settings.strength == pytest.approx(0.3)
    assert settings.guidance == 7


def test_seed_modes() -> None:
    def seeds(mode: str) -> list[int]:
        journey = replace(ROAD, seed_mode=mode, random_seed=5)
        return [journey.frame(index).random_seed for index in range(10)]

    assert seeds("fixed") == [5] * 10
    assert seeds("step") == list(range(5, 15))
    assert len(set(seeds("random"))) == 10 and seeds("random") == seeds("random")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stages": ()}, "at least one stage"),
        ({"stages": (Stage("a", 60_000),) * 2}, "120,000 frames"),
        ({"zoom": "0"}, "zoom of frame 0 is 0; it must be from 1 to 2"),
        ({"zoom": "-1.02"}, "zoom of frame 0 is -1.02"),
        ({"zoom": "10"}, "zoom of frame 0 is 10"),
        ({"zoom": "0: (1.02), 8: (3)"}, "zoom of frame 4 is"),
        ({"strength": "0: (t"}, "open at its end"),
        ({"guidance": "1/(2-t)"}, "at t = 2"),
        ({"fade_frames": -1}, "fade"),
        ({"random_seed": -1}, "random seed"),
        ({"seed_mode": "wild"}, "seed mode must be one of fixed, step, random"),
        ({"loop": "circle"}, "loop must be one of portal, mix, none"),
        ({"negative_prompt": "x" * 10_000}, "10,000 characters"),
    ],
)
def test_what_no_dreamer_could_follow(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(LichenError, match=sentence):
        replace(ROAD, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("frames", [0, -3, 10**9])
def test_a_stage_needs_a_sensible_number_of_frames(frames: int) -> None:
    with pytest.raises(LichenError, match="1 to 100,000 frames"):
        Stage("road", frames)


def test_files_keep_everything(tmp_path: Path) -> None:
    journey = replace(
        ROAD, stages=(Stage(NOT_ASCII, 3),), zoom="0: (1.0), 2: (1.1)", loop="mix", random_seed=9
    )
    save_journey(journey, tmp_path / "road.json")
    assert load_journey(tmp_path / "road.json") == journey
    assert to_journey(to_values(journey)) == journey


def test_toml_with_plain_numbers(tmp_path: Path) -> None:
    path = tmp_path / "road.toml"
    path.write_text('zoom = 1.05\nloop = "portal"\nstages = [["road", 4], ["sea", 6]]\n')
    journey = load_journey(path)
    assert journey.frame(2).zoom == 1.05
    assert journey.stages == ROAD.stages and journey.loop == "portal"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.json", "{", "cannot be read"),
        ("a.json", "[" * 100_000, "cannot be read"),
        ("a.toml", "= 3", "cannot be read"),
        ("a.txt", "road", ".json or .toml"),
        ("a.json", "3", "a table"),
        ("a.json", "{}", 'needs "stages"'),
        ("a.json", '{"stages": [["road"]]}', "stage 1 must be"),
        ("a.json", '{"stages": [["road", true]]}', "stage 1 must be"),
        ("a.json", '{"stages": "road"}', "stage 1 must be"),
        ("a.json", '{"stages": [["road", 3]], "zooom": 1.1}', "did you mean zoom"),
        ("a.json", '{"stages": [["road", 3]], "zoom": null}', "zoom must be"),
        ("a.json", '{"stages": [["road", 3]], "fade_frames": 1.5}', "whole number"),
        ("a.json", '{"stages": [["road", 3]], "zoom": "1.1 +"}', "no formula"),
    ],
)
def test_bad_files_are_one_sentence(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(LichenError, match=sentence) as complaint:
        load_journey(tmp_path / name)
    assert "\n" not in str(complaint.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="cannot read"):
        load_journey(tmp_path / "nowhere.json")
