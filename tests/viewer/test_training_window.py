"""Training in the real window: start it, paint on what learns, keep it, lose it, resume it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exporters.automaton_file import save_automaton
from exporters.gallery import user_entries, user_folder
from exporters.picture_file import save_picture
from support import random_automaton
from training.run_files import checkpoint_path
from viewer.panels import theme
from viewer.settings import Settings
from viewer.training_presets import PRESETS
from viewer.training_runs import Run, find_runs
from virtual_screen import PATIENCE_SECONDS, Screen, open_window, wait_until

GROUND, ACCENT = (
    tuple(round(level * 255) for level in (colour.x, colour.y, colour.z))
    for colour in (theme.GROUND, theme.ACCENT)
)
ERASED = (128, 128, 128)
PAINTED = tuple(round(level * 255) for level in Settings().brush_colour)
# Places on the screen: buttons beside their texts, and a spot of the picture.
SKETCH, START, PAUSE, KEEP = (1010, 372), (1010, 734), (1010, 154), (1170, 398)
RESUME = (1010, 192)
PREVIEW_LABEL, IN_THE_BACKGROUND = (20, 19), (500, 377)
KEEP_THE_SNAPSHOT, DISCARD = (500, 409), (500, 441)
PLACE, BESIDE = (400, 300), (400, 270)


@pytest.fixture
def window(screen: Screen, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`lichen view --train PICTURE`, once its panel is there."""
    automaton, picture = tmp_path / "quiet.safetensors", tmp_path / "moss.png"
    save_automaton(random_automaton(4, 1), automaton)
    noise = np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8)
    save_picture(noise.repeat(8, 0).repeat(8, 1), picture)
    with open_window(screen, automaton, "--train", str(picture)) as process:
        screen.wait_for(ACCENT, START)
        yield process


def the_run() -> Run:
    (run,) = find_runs()
    return run


def test_a_picture_is_learnt_played_with_kept_and_resumed(
    screen: Screen, window: subprocess.Popen[str]
) -> None:
    screen.click(SKETCH)
    screen.click(START)
    screen.wait_for(GROUND, PREVIEW_LABEL)
    screen.do("mousemove", *PLACE, "key", "space", "sleep", 0.3)
    screen.drag(1, PLACE, PLACE)
    screen.wait_for(PAINTED, BESIDE)
    screen.drag(3, PLACE, PLACE)
    screen.wait_for(ERASED, BESIDE)

    screen.click(KEEP)
    wait_until(lambda: bool(user_entries()), lambda: "nothing was kept")
    (entry,) = user_entries()
    sketch = PRESETS[0].values
    assert entry.name == "moss"
    assert entry.automaton.channels == sketch["channels"]
    assert entry.automaton.hidden == sketch["hidden"]
    assert "--seed" in entry.automaton.credits.training_command
    assert entry.exemplar_path.is_file()

    screen.click(PAUSE)
    checkpoint = checkpoint_path(the_run().order.output)
    wait_until(checkpoint.is_file, lambda: "there is no checkpoint")
    status = the_run().status
    assert status is not None
    os.kill(status.process_id, signal.SIGKILL)
    screen.wait_for(ACCENT, RESUME)
    screen.click(RESUME)
    wait_until(lambda: the_run().is_training, lambda: "the training did not go on")

    # A snapshot that cannot be kept leaves the window open.
    user_folder().rename(user_folder().with_name("aside"))
    user_folder().write_text("no folder")
    for answer in (KEEP_THE_SNAPSHOT, DISCARD):
        screen.do("key", "ctrl+q")
        screen.wait_for(ACCENT, IN_THE_BACKGROUND)
        screen.click(answer)
        screen.do("sleep", 1)
    _, complaints = window.communicate(timeout=PATIENCE_SECONDS)
    assert (window.returncode, complaints) == (0, "")
    assert find_runs() == []
