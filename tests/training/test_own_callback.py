"""The mistakes in a user's own callback: one sentence each, and nothing of the work is lost."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import load_automaton
from exporters.gallery import preview_path
from exporters.stability import Watch
from training import finish
from training.run_files import checkpoint_path
from viewer.command import main

TINY = "--loss patch --channels 4 --hidden 4 --grid 16 --batch 1 --pool 4 --steps 2:4".split()

CALLBACKS = """from training.callbacks.callback import Callback

class Divides(Callback):
    def after_step(self, training):
        if training.progress.iteration == 2:
            self.share = 1 / 0

class EndsBadly(Callback):
    order = -1

    def after_training(self, training):
        raise ValueError("first line\\nsecond line.")

class Deaf(Callback):
    def before_training(self):
        pass

class Wordless(Callback):
    def after_loss(self, training):
        assert training is None

class Unsorted(Callback):
    order = "last"
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a picture and callbacks; checks and previews take longer than these trainings."""
    monkeypatch.chdir(tmp_path)
    brief = Watch((32, 24), settled_steps=4, old_steps=16, healing_steps=4)
    monkeypatch.setattr(finish, "training_watch", lambda trainer: brief)
    monkeypatch.setattr(finish, "PREVIEW_STEPS", 2)
    pixels = (np.indices((48, 40)).sum(0) // 4 % 2 * 255).astype(np.uint8)
    Image.fromarray(pixels).convert("RGB").save("photo.png")
    Path("own.py").write_text(CALLBACKS)


def train(callback: str) -> int:
    words = ["train", "photo.png", "-o", "mine.safetensors", *TINY, "--iterations", "3"]
    return main([*words, "--callback", f"own.py:{callback}"])


@pytest.mark.parametrize(
    ("callback", "sentence"),
    [
        (
            "Divides",
            "the callback Divides failed in after_step (own.py:6): "
            "ZeroDivisionError: division by zero.",
        ),
        ("Deaf", "the callback Deaf failed in before_training (own.py): TypeError: "),
        ("Wordless", "the callback Wordless failed in after_loss (own.py:20): AssertionError."),
        ("Unsorted", "its order must be a number, not 'last'."),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    callback: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(callback) == 2
    told = capsys.readouterr().err
    assert sentence in told and "Traceback" not in told
    learnt_something = callback == "Divides"
    assert Path("mine.safetensors").exists() == learnt_something
    assert checkpoint_path(Path("mine.safetensors")).exists() == learnt_something


def test_a_mistake_at_the_end_costs_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert train("EndsBadly") == 2
    output = Path("mine.safetensors")
    verdict = load_automaton(output).verdict
    assert verdict is not None
    assert preview_path(output).exists() and checkpoint_path(output).exists()
    told = capsys.readouterr().err
    assert told.index(str(verdict)) < told.index("the callback EndsBadly failed in after_training")
    assert "(own.py:12): ValueError: first line second line." in told
