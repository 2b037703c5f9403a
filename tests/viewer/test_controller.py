"""Whatever the user asks for happens, or becomes a message; nothing ends the program."""

import json
import time
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import load_automaton, save_automaton
from exporters.gallery import user_folder
from exporters.seed import Seed
from foreign_files import distill_json
from support import random_automaton
from viewer import actions, messages, screenshots
from viewer.controller import Controller
from viewer.opening import Opening
from viewer.painting import Stroke
from viewer.settings import Settings
from viewer.settling import load_settled
from viewer.stage import Stage

SETTINGS = Settings(grid_width=32, grid_height=24, brush_radius_cells=4.0)
STROKE = Stroke((10.0, 12.0), (10.0, 12.0), 4.0)
ERASE_VALUE = 0.75


def save(path: Path, weight_seed: int = 0) -> Path:
    automaton = random_automaton(4, 3, weight_seed=weight_seed)
    noise = Seed("uniform", -0.5, 0.5)
    save_automaton(replace(automaton, seed=noise, erase_value=ERASE_VALUE), path)
    return path


@pytest.fixture
def moss(tmp_path: Path) -> Path:
    return save(tmp_path / "moss.safetensors")


@pytest.fixture
def desk(context: moderngl.Context, moss: Path) -> Controller:
    """A controller with an automaton that runs."""
    made = Controller(SETTINGS, Stage(context, random_seed=1), (640, 480))
    made.stage.expect(Opening.prepare(moss, SETTINGS.grid, compile_ahead=False))
    made.poll()
    return made


def wait_for_opening(desk: Controller) -> None:
    while desk.stage.opening_path is not None:
        desk.poll()
        time.sleep(0.01)


def state_of(desk: Controller) -> np.ndarray:
    assert desk.stage.simulation is not None
    return desk.stage.simulation.read_state()


def test_an_opened_automaton_runs_and_is_remembered(desk: Controller, moss: Path) -> None:
    assert desk.stage.path == moss
    assert desk.settings.automaton == str(moss)
    assert desk.stage.grid == (32, 24)
    assert moss in [entry.path for entry in desk.library.entries]
    assert desk.messages.shown is None


def test_the_old_automaton_lives_on_while_the_next_one_compiles(
    desk: Controller, moss: Path, tmp_path: Path
) -> None:
    fern = save(tmp_path / "fern.safetensors", weight_seed=7)
    desk.apply(actions.OpenFile(fern))
    assert desk.stage.path == moss and desk.stage.opening_path == fern
    assert desk.stage.advance(1 / 60, 60.0) >= 0
    wait_for_opening(desk)
    assert desk.stage.path == fern


def test_planting_can_be_undone(desk: Controller) -> None:
    before = state_of(desk)
    desk.apply(actions.Plant(3.5, 4.5))
    assert (state_of(desk) != before).any(axis=0).sum() == 1
    desk.apply(actions.Undo())
    np.testing.assert_allclose(state_of(desk), before, atol=1e-3)


def test_the_last_of_two_wishes_wins(desk: Controller, tmp_path: Path) -> None:
    fern, reed = (save(tmp_path / f"{n}.safetensors", i) for i, n in enumerate(("fern", "reed"), 8))
    desk.apply(actions.OpenFile(fern))
    desk.apply(actions.OpenFile(reed))
    wait_for_opening(desk)
    assert desk.stage.path == reed


@pytest.mark.parametrize("content", [b"", b"not an automaton", None])
def test_a_wrong_file_is_a_message_and_changes_nothing(
    content: bytes | None, desk: Controller, moss: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.safetensors"
    if content is not None:
        wrong.write_bytes(content)
    desk.apply(actions.OpenFile(wrong))
    assert desk.messages.shown is not None and desk.messages.shown.is_error
    assert "wrong.safetensors" in desk.messages.shown.text and "\n" not in desk.messages.shown.text
    assert desk.stage.path == moss and desk.stage.opening_path is None
    desk.apply(actions.Dismiss())
    assert desk.messages.shown is None


def test_an_automaton_that_no_shader_can_run_changes_nothing(
    desk: Controller, moss: Path, tmp_path: Path
) -> None:
    path = tmp_path / "wide.safetensors"
    save_automaton(random_automaton(20, 2), path)
    desk.apply(actions.Clear())
    desk.apply(actions.OpenFile(path))
    assert desk.messages.shown is not None and "20 channels" in desk.messages.shown.text
    assert desk.stage.path == moss and len(desk.stage.history) == 1


def test_a_folder_is_a_message_too(desk: Controller, tmp_path: Path) -> None:
    desk.apply(actions.OpenFile(tmp_path))
    assert desk.messages.shown is not None and desk.messages.shown.is_error


def test_a_dropped_picture_opens_the_training_panel(desk: Controller, tmp_path: Path) -> None:
    assert desk.training.tab == "play"
    desk.apply(actions.OpenFile(tmp_path / "my photo.JPG"))
    assert desk.training.tab == "train"


def wait_for_import(desk: Controller) -> None:
    while desk.imports.is_busy:
        desk.poll()
        time.sleep(0.01)


def test_dropped_files_of_other_programs_are_imported_and_shown(
    desk: Controller, moss: Path, tmp_path: Path
) -> None:
    for name, automata in (("first", ["a/dots"]), ("second", ["a/knit", "a/opal"])):
        (tmp_path / f"{name}.json").write_text(json.dumps(distill_json(automata)[0]))
        desk.apply(actions.OpenFile(tmp_path / f"{name}.json"))
    assert (
        desk.messages.shown is not None and desk.messages.shown.text == "Importing second.json..."
    )
    assert desk.stage.path == moss
    wait_for_import(desk)
    assert "Imported 2 automata from second.json." in desk.messages.shown.text
    assert "8 bits" in desk.messages.shown.text and not desk.messages.shown.is_error
    wait_for_opening(desk)
    knit = user_folder() / "second" / "knit.safetensors"
    assert desk.stage.path == knit
    shown = [entry.path for entry in desk.library.entries]
    assert shown.count(knit) == 1
    assert {user_folder() / "first" / "dots.safetensors", knit.with_stem("opal")} < set(shown)


def test_another_file_of_the_same_name_replaces_nothing(desk: Controller, tmp_path: Path) -> None:
    for channels in (6, 5, 5):
        content, _ = distill_json(["a/dots"], channels)
        (tmp_path / "models.json").write_text(json.dumps(content))
        desk.apply(actions.OpenFile(tmp_path / "models.json"))
        wait_for_import(desk)
        wait_for_opening(desk)
    assert sorted(path.name for path in user_folder().iterdir()) == ["models", "models 2"]
    kept = load_automaton(user_folder() / "models" / "dots.safetensors")
    assert kept.channels == 6


def test_a_file_that_cannot_be_imported_is_a_message(
    desk: Controller, moss: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.json").write_text('{"milk": 1}')
    desk.apply(actions.OpenFile(tmp_path / "notes.json"))
    wait_for_import(desk)
    assert desk.messages.shown is not None and desk.messages.shown.is_error
    assert "notes.json" in desk.messages.shown.text and "lichen:" not in desk.messages.shown.text
    assert desk.stage.path == moss and not user_folder().exists()


def test_an_import_ends_with_the_window(desk: Controller, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(json.dumps(distill_json(["a/dots"])[0]))
    desk.apply(actions.OpenFile(tmp_path / "models.json"))
    desk.poll()
    desk.release()
    assert not desk.imports.is_busy


def test_a_colour_stroke_paints_and_is_undone(desk: Controller) -> None:
    before = state_of(desk)
    red, green, blue = desk.settings.brush_colour
    desk.apply(actions.Paint(STROKE, erases=False, begins=True))
    desk.apply(actions.Paint(STROKE, erases=False, begins=False))
    np.testing.assert_allclose(
        state_of(desk)[:, 12, 10], [red - 0.5, green - 0.5, blue - 0.5, 0.0], atol=1e-6
    )
    assert len(desk.stage.history) == 1
    desk.apply(actions.Undo())
    np.testing.assert_allclose(state_of(desk), before, atol=1e-3)


def test_erasing_writes_the_automatons_own_value(desk: Controller) -> None:
    desk.apply(actions.Paint(STROKE, erases=True, begins=True))
    assert (state_of(desk)[:, 12, 10] == ERASE_VALUE).all()
    assert (state_of(desk)[:, 0, 31] != ERASE_VALUE).all()


@pytest.mark.parametrize("action", [actions.Clear(), actions.Scatter(), actions.Restart(5)])
def test_what_replaces_everything_can_be_undone(action: actions.Action, desk: Controller) -> None:
    assert desk.stage.simulation is not None
    desk.stage.simulation.step(3)
    before = state_of(desk)
    desk.apply(action)
    assert np.abs(state_of(desk) - before).max() > 0.1
    desk.apply(actions.Undo())
    np.testing.assert_allclose(state_of(desk), before, atol=1e-3)


def test_a_seed_gives_the_same_grid_again(desk: Controller) -> None:
    desk.apply(actions.Restart(9))
    first = state_of(desk)
    desk.apply(actions.RestartWithNewSeed())
    assert desk.stage.random_seed != 9
    assert np.abs(state_of(desk) - first).max() > 0.1
    desk.apply(actions.Restart(9))
    np.testing.assert_array_equal(state_of(desk), first)


def test_a_stamp_is_grown_first_and_then_paints(desk: Controller, tmp_path: Path) -> None:
    fern = save(tmp_path / "fern.safetensors", weight_seed=7)
    desk.apply(actions.UseStamp(fern))
    assert desk.stamp_is_growing
    before = state_of(desk)
    desk.apply(actions.Paint(STROKE, erases=False, begins=True))
    np.testing.assert_array_equal(state_of(desk), before)
    while desk.stamp_is_growing:
        desk.poll()
        time.sleep(0.01)
    desk.apply(actions.Paint(STROKE, erases=False, begins=True))
    stamp = load_settled(fern)
    assert stamp is not None
    np.testing.assert_array_equal(state_of(desk)[:, 12, 10], stamp[:, 12, 10])


def test_a_stamp_that_cannot_grow_is_a_message(desk: Controller, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"nothing")
    desk.apply(actions.UseStamp(wrong))
    while desk.stamp_is_growing:
        desk.poll()
        time.sleep(0.01)
    desk.apply(actions.Paint(STROKE, erases=False, begins=True))
    assert desk.messages.shown is not None and "wrong cannot be grown" in desk.messages.shown.text


def test_another_grid_goes_on_with_the_same_texture(desk: Controller) -> None:
    before = state_of(desk)
    desk.apply(actions.ChangeSettings(replace(desk.settings, grid_width=50, grid_height=20)))
    wait_for_opening(desk)
    after = state_of(desk)
    assert after.shape == (4, 20, 50)
    np.testing.assert_array_equal(after[:, :, :32], before[:, :20])
    np.testing.assert_array_equal(after[:, :, 32:], before[:, :20, :18])


def test_pause_stops_time_and_a_step_keeps_it_stopped(desk: Controller) -> None:
    simulation = desk.stage.simulation
    assert simulation is not None
    desk.apply(actions.StepOnce())
    assert desk.stage.is_paused and simulation.step_count == 1
    assert desk.stage.advance(1.0, 60.0) == 0
    desk.apply(actions.TogglePause())
    assert desk.stage.advance(1 / 30, 60.0) > 0


def test_the_view_zooms_pans_and_fits(desk: Controller) -> None:
    fitted = desk.camera
    desk.apply(actions.Zoom(2.0, (10.0, 10.0)))
    assert desk.camera.pixels_per_cell == 2 * fitted.pixels_per_cell
    desk.apply(actions.Pan(5000.0, -5000.0))
    assert 0 <= desk.camera.centre_x_cells < 32 and 0 <= desk.camera.centre_y_cells < 24
    desk.apply(actions.Fit())
    assert desk.camera == fitted


def test_a_screenshot_is_the_grid_itself(
    desk: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshots.platformdirs, "user_pictures_path", lambda: tmp_path / "p")
    desk.apply(actions.TakeScreenshot())
    (path,) = (tmp_path / "p" / "Lichen").iterdir()
    assert desk.messages.shown is not None and str(path) in desk.messages.shown.text
    with Image.open(path) as image:
        np.testing.assert_array_equal(
            np.asarray(image),
            desk.stage.simulation.read_picture(),  # type: ignore[union-attr]
        )


def test_a_screenshot_that_cannot_be_saved_is_a_message(
    desk: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(screenshots.platformdirs, "user_pictures_path", lambda: blocked)
    desk.apply(actions.TakeScreenshot())
    assert desk.messages.shown is not None and desk.messages.shown.is_error


def test_escape_closes_the_help_before_the_message(desk: Controller) -> None:
    desk.messages.complain("something")
    desk.apply(actions.ToggleHelp())
    desk.apply(actions.Dismiss())
    assert not desk.help_is_open and desk.messages.shown is not None
    desk.apply(actions.Dismiss())
    assert desk.messages.shown is None


def test_notes_end_by_themselves(desk: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "NOTE_SECONDS", -9.0)
    desk.messages.note("done")
    desk.poll()
    assert desk.messages.shown is None


def test_nothing_happens_before_there_is_an_automaton(context: moderngl.Context) -> None:
    desk = Controller(SETTINGS, Stage(context, random_seed=1), (640, 480))
    for action in (
        actions.Clear(),
        actions.Scatter(),
        actions.Restart(),
        actions.Undo(),
        actions.StepOnce(),
        actions.TakeScreenshot(),
        actions.Fit(),
        actions.Paint(STROKE, erases=True, begins=True),
    ):
        desk.apply(action)
    assert desk.messages.shown is None


def test_a_check_that_cannot_begin_is_a_message(desk: Controller, tmp_path: Path) -> None:
    desk.apply(actions.CheckStability(tmp_path / "gone.safetensors"))
    assert desk.messages.shown is not None and "cannot read" in desk.messages.shown.text
