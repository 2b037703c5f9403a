"""Dreaming in the real window: start it, close the window on it, find it again."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from exporters.automaton_file import save_automaton
from support import random_automaton
from viewer.dream_runs import dreams_folder, find_dreams
from viewer.panels import theme
from virtual_screen import PATIENCE_SECONDS, Screen, wait_until

ACCENT = tuple(round(level * 255) for level in (theme.ACCENT.x, theme.ACCENT.y, theme.ACCENT.z))
# Places on the screen: a tab, and buttons beside their texts.
DREAM_TAB, DREAM, CLOSE_THE_WINDOW = (1184, 28), (1170, 58), (500, 415)


def test_a_dream_outlives_its_window(screen: Screen, tmp_path: Path) -> None:
    automaton = tmp_path / "quiet.safetensors"
    moves = random_automaton(4, 1)
    still = replace(moves, update_weight=0 * moves.update_weight, update_bias=0 * moves.update_bias)
    save_automaton(still, automaton)
    window = subprocess.Popen(
        [sys.executable, "-m", "viewer", "view", str(automaton), "--grid", "64x64"],
        env=screen.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # What zeros look like.
        screen.wait_for((128, 128, 128), (400, 300))
        screen.click(DREAM_TAB)
        screen.wait_for(ACCENT, DREAM)
        screen.click(DREAM)
        second_frame = dreams_folder() / "quiet" / "frame_000001.png"
        wait_until(second_frame.is_file, lambda: "nothing was dreamt")
        screen.do("key", "ctrl+q")
        screen.wait_for(ACCENT, CLOSE_THE_WINDOW)
        screen.click(CLOSE_THE_WINDOW)
        _, complaints = window.communicate(timeout=PATIENCE_SECONDS)
        assert (window.returncode, complaints) == (0, "")
    finally:
        window.kill()
        window.communicate()
    (dream,) = find_dreams()
    assert dream.made_count >= 2 and not dream.is_whole
