"""Dreaming in the real window: start it, close the window on it, find it again."""

from pathlib import Path

from exporters.automaton_file import save_automaton
from support import still_automaton
from viewer.dream_runs import dreams_folder, find_dreams
from viewer.panels import theme
from virtual_screen import PATIENCE_SECONDS, Screen, open_window, wait_until

ACCENT = tuple(round(level * 255) for level in (theme.ACCENT.x, theme.ACCENT.y, theme.ACCENT.z))
# Places on the screen: a tab, and buttons beside their texts.
DREAM_TAB, DREAM, CLOSE_THE_WINDOW = (1184, 28), (1170, 58), (500, 415)


def test_a_dream_outlives_its_window(screen: Screen, tmp_path: Path) -> None:
    automaton = tmp_path / "quiet.safetensors"
    save_automaton(still_automaton(), automaton)
    with open_window(screen, automaton) as window:
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
    (dream,) = find_dreams()
    assert dream.made_count >= 2 and not dream.is_whole
