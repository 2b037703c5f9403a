"""The ONNX models in ONNX Runtime, held to the reference."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from PIL import Image

from exporters import reference
from exporters.automaton import Automaton, Credits
from exporters.export import export
from exporters.gallery import find_entry
from exporters.seed import Seed, seed_state
from exporters.targets.onnx_model import TARGET
from exporters.targets.target import ExportOptions
from exporters.update_mask import update_mask
from support import HOSTILE_TEXT, random_automaton, random_filter, random_state, statistics_error

LARGE_SEED = 2**32 - 5
AUTOMATA = [
    random_automaton(12, 96, filter_scales=(1.0, 0.125, 0.5, 0.0625), clamp=(-2.0, 2.0)),
    random_automaton(9, 8, alive_masking=True),
    random_automaton(2, 5, update_rate=0.3, clamp=(-0.4, 0.3)),
    random_filter(4, 8),
]


def open_model(automaton: Automaton, name: str) -> onnxruntime.InferenceSession:
    content = TARGET.export([automaton], ExportOptions())[name]
    onnx.checker.check_model(content, full_check=True)
    return onnxruntime.InferenceSession(content)


@pytest.mark.parametrize("size", [(16, 16), (20, 33), (1, 7)], ids=str)
@pytest.mark.parametrize("automaton", AUTOMATA, ids=lambda automaton: str(automaton.channels))
def test_eight_steps_equal_the_reference(automaton: Automaton, size: tuple[int, int]) -> None:
    height, width = size
    expected = random_state(automaton.channels, height, width) * np.float32(0.3)
    masked, hashed = open_model(automaton, "step.onnx"), open_model(automaton, "step_hashed.onnx")
    told, own = expected[None], expected[None]
    for step in range(8):
        fires = update_mask(width, height, step, LARGE_SEED, automaton.update_rate)
        expected = reference.step(automaton, expected, fires)
        (told,) = masked.run(None, {"state": told, "fires": fires[None, None]})
        inputs = {"step_index": np.array(step), "random_seed": np.array([LARGE_SEED])}
        (own,) = hashed.run(None, {"state": own, **inputs})
    np.testing.assert_allclose(told[0], expected, atol=1e-5)
    np.testing.assert_allclose(own[0], expected, atol=1e-5)


def test_each_of_a_batch_has_its_own_seed_and_numbers_wrap() -> None:
    automaton = random_automaton(4, 8)
    states = np.stack([random_state(4, 12, 9), random_state(4, 12, 9, random_seed=1)])
    session = open_model(automaton, "step_hashed.onnx")
    inputs = {
        "state": states,
        "step_index": np.array(2**32 + 7),
        "random_seed": np.array([3, 2**40 + 42]),
    }
    (actual,) = session.run(None, inputs)
    for index, random_seed in enumerate((3, 42)):
        expected = reference.run(automaton, states[index], 1, random_seed, first_step=7)
        np.testing.assert_allclose(actual[index], expected, atol=1e-6)


def test_500_steps_have_the_statistics_of_the_reference() -> None:
    coral = find_entry("coral_small").automaton
    session = open_model(coral, "step_hashed.onnx")
    states = seed_state(coral.seed, coral.channels, 32, 32)[None]
    for step in range(500):
        inputs = {"step_index": np.array(step), "random_seed": np.array([0])}
        (states,) = session.run(None, {"state": states, **inputs})
    # Other random seeds are up to 0.042 away.
    assert statistics_error(coral, states[0], 500) < 0.05


@pytest.mark.parametrize(
    ("seed", "display"),
    [
        (Seed(), "rgb+0.5"),
        (Seed("uniform", -0.25, 0.25), "grey"),
        (Seed("single cell"), "premultiplied rgba over white"),
    ],
)
def test_the_read_mes_program_runs(seed: Seed, display: str, tmp_path: Path) -> None:
    automaton = replace(random_automaton(4, 8), seed=seed, display=display)
    export([automaton], TARGET, tmp_path / "moss")
    read_me = (tmp_path / "moss" / "README.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", read_me, re.DOTALL)
    command = [sys.executable, "-c", program.replace("500", "3")]
    subprocess.run(command, cwd=tmp_path / "moss", check=True)
    with Image.open(tmp_path / "moss" / "picture.png") as image:
        assert image.size == (128, 128) and image.mode == "RGB"


def test_the_same_automaton_gives_the_same_bytes() -> None:
    assert TARGET.export(AUTOMATA[:1], ExportOptions()) == TARGET.export(
        [replace(AUTOMATA[0])], ExportOptions()
    )


def test_names_and_credits_are_single_lines() -> None:
    automaton = replace(
        random_automaton(4, 8), name=HOSTILE_TEXT, credits=Credits(author="moss\n" * 10**6)
    )
    files = TARGET.export([automaton], ExportOptions())
    usual = TARGET.export([random_automaton(4, 8)], ExportOptions())
    assert files.keys() == usual.keys()
    lines = files["README.md"].decode().splitlines()
    assert len(lines) == len(usual["README.md"].splitlines()) + 1
    assert all(len(line) < 200 for line in lines)
    model = onnx.load_from_string(files["step.onnx"])
    assert len(model.doc_string.splitlines()) == 2
    assert all(len(entry.value) <= 80 for entry in model.metadata_props)
