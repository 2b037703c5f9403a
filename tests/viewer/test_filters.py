"""Living filters on the graphics card: the picture under them, and what may not touch it."""

import time
from pathlib import Path

import av
import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from exporters.automaton_file import save_automaton
from exporters.content import example_picture
from exporters.errors import LichenError
from exporters.video import open_video
from support import random_automaton, random_filter
from viewer.command import main
from viewer.content import Film, Still, open_content
from viewer.film_file import film_frames, film_rate
from viewer.filter_benchmark import edges
from viewer.painting import Erase, Stroke
from viewer.simulation import Simulation
from viewer.stage import Stage

FILTER = random_filter(4, 8)
OWN = slice(0, 4)
CONTENT = slice(4, 7)


@pytest.fixture
def simulation(context: moderngl.Context) -> Simulation:
    return Simulation(context, FILTER, 12, 8)


def colours(level: float, height: int = 8, width: int = 12) -> NDArray[np.float32]:
    return np.full((height, width, 3), level, np.float32)


def write_film_without_frames(path: Path) -> None:
    with av.open(str(path), "w") as container:
        container.add_stream("mpeg4", 10, width=32, height=24, pix_fmt="yuv420p")
        container.start_encoding()


def write_film(path: Path, levels: list[int]) -> Path:
    with open_video(path, 32, 24, 10, scale=1) as add:
        for level in levels:
            add(np.full((24, 32, 3), level, np.uint8))
    return path


def test_it_begins_with_the_example(simulation: Simulation) -> None:
    expected = example_picture(8, 12).transpose(2, 0, 1) - 0.5
    np.testing.assert_allclose(simulation.read_state()[CONTENT], expected, atol=1e-7)


def test_nothing_but_show_changes_the_picture(simulation: Simulation) -> None:
    simulation.show(colours(0.75))
    for change in (
        lambda: simulation.step(3),
        lambda: simulation.paint(Stroke((3, 3), (9, 3), 5.0), Erase()),
        simulation.clear,
        lambda: simulation.scatter(1),
        simulation.restart,
    ):
        change()
        assert (simulation.read_state()[CONTENT] == 0.25).all()
    simulation.show(colours(0.25))
    assert (simulation.read_state()[CONTENT] == -0.25).all()


def test_memory_is_what_stays_of_the_rest(simulation: Simulation) -> None:
    simulation.scatter(2)
    before = simulation.read_state()
    simulation.show(colours(1.0), memory=0.25)
    after = simulation.read_state()
    np.testing.assert_allclose(after[OWN], 0.25 * before[OWN], atol=1e-7)
    assert (after[CONTENT] == 0.5).all()
    simulation.show(colours(1.0))
    np.testing.assert_array_equal(simulation.read_state(), after)


def test_the_stage_shows_more_or_less_of_it(context: moderngl.Context) -> None:
    stage = Stage(context, 1)
    stage.simulation = Simulation(context, FILTER, 12, 8)
    stage.change_content(Still())
    for strength in (1.0, 0.5, 0.0):
        stage.look(strength, memory=0.0)
        expected = strength * (example_picture(8, 12).transpose(2, 0, 1) - 0.5)
        np.testing.assert_allclose(stage.simulation.read_state()[CONTENT], expected, atol=1e-6)


def test_a_slider_is_no_new_scene(context: moderngl.Context) -> None:
    stage = Stage(context, 1)
    stage.simulation = Simulation(context, FILTER, 12, 8)
    stage.look(1.0, memory=0.0)
    stage.simulation.scatter(2)
    before = stage.simulation.read_state()
    stage.look(0.5, memory=0.0)
    np.testing.assert_array_equal(stage.simulation.read_state()[OWN], before[OWN])


def test_a_still_is_given_once_a_size(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), (255, 0, 0)).save(tmp_path / "red.png")
    still = open_content(tmp_path / "red.png")
    seen = still.look(10, 8)
    assert seen is not None and seen.shape == (8, 10, 3)
    np.testing.assert_allclose(seen[0, 0], [1, 0, 0])
    assert still.look(10, 8) is None
    assert still.look(8, 8) is not None
    still.forget()
    assert still.look(8, 8) is not None


def test_a_film_goes_on_and_begins_again(tmp_path: Path) -> None:
    film = open_content(write_film(tmp_path / "grey.mp4", [40, 120, 200]))
    assert isinstance(film, Film)
    seen: list[int] = []
    patience = time.monotonic() + 60
    while time.monotonic() < patience and (set(seen) != {1, 3, 5} or 1 not in seen[-2:]):
        frame = film.look(8, 6)
        if frame is not None:
            assert frame.shape == (6, 8, 3)
            seen.append(round(255 * float(frame.mean()) / 40))
        time.sleep(0.002)
    film.close()
    assert set(seen) == {1, 3, 5} and 1 in seen[-2:], seen


def test_frames_come_with_their_times(tmp_path: Path) -> None:
    path = write_film(tmp_path / "grey.mp4", [40, 120, 200])
    times = [seconds for seconds, _ in film_frames(path)]
    np.testing.assert_allclose(times, [0, 0.1, 0.2])
    assert film_rate(path) == (10, 3)


@pytest.mark.parametrize(("degrees", "corner"), [(0, 0), (90, 3), (180, 2), (-90, 1)])
def test_a_film_stands_upright(tmp_path: Path, degrees: int, corner: int) -> None:
    """Its upper left corner is white; degrees are counter-clockwise, corners clockwise."""
    pixels = np.zeros((24, 32, 3), np.uint8)
    pixels[:12, :16] = 255
    with av.open(str(tmp_path / "held.mp4"), "w") as container:
        stream = container.add_stream("h264", 10, width=32, height=24, pix_fmt="yuv420p")
        stream.set_display_rotation(degrees)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        container.mux(stream.encode())
    frames = [frame for _, frame in film_frames(tmp_path / "held.mp4")]
    assert len(frames) == 2
    for frame in frames:
        assert frame.shape == ((24, 32, 3) if degrees % 180 == 0 else (32, 24, 3))
        corners = [frame[2, 2], frame[2, -3], frame[-3, -3], frame[-3, 2]]
        assert [colour.min() > 128 for colour in corners].index(True) == corner


def test_what_is_no_film_is_told(tmp_path: Path) -> None:
    (tmp_path / "no.mp4").write_bytes(b"nothing of the kind")
    with pytest.raises(LichenError, match="no film"):
        open_content(tmp_path / "no.mp4")
    for name, complaint in (("empty.avi", "holds no frame"), ("empty.mkv", "no film")):
        write_film_without_frames(tmp_path / name)
        with pytest.raises(LichenError, match=complaint):
            open_content(tmp_path / name)


@pytest.fixture
def lens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    save_automaton(FILTER, tmp_path / "lens.safetensors")
    save_automaton(random_automaton(4, 8), tmp_path / "moss.safetensors")
    Image.new("RGB", (40, 20), (200, 10, 90)).save("photo.png")
    write_film(tmp_path / "film.mp4", [40, 120, 200])
    write_film_without_frames(tmp_path / "empty.avi")
    return "lens.safetensors"


def test_pictures_and_films_are_filtered(lens: str) -> None:
    assert main(["filter", lens, "photo.png", "-o", "out.png", "--size", "48"]) == 0
    with Image.open("out.png") as picture:
        assert picture.size == (48, 24)
    options = ["--size", "32", "--memory", "0.5", "--steps-per-frame", "2"]
    assert main(["filter", lens, "film.mp4", "-o", "out.mp4", *options]) == 0
    frames = [frame for _, frame in film_frames(Path("out.mp4"))]
    assert len(frames) == 3
    assert frames[0].shape[1] / frames[0].shape[0] == 32 / 24


@pytest.mark.parametrize(
    "arguments",
    [
        "moss.safetensors photo.png -o out.png",
        "lens.safetensors gone.png -o out.png",
        "lens.safetensors gone.mp4 -o out.mp4",
        "lens.safetensors empty.avi -o out.mp4",
        "lens.safetensors photo.png -o out.mp4",
        "lens.safetensors film.mp4 -o out.png",
        "lens.safetensors photo.png -o photo.png",
        "lens.safetensors photo.png -o out.png --strength 3",
        "lens.safetensors photo.png -o out.png --memory 2",
    ],
)
def test_mistakes_are_one_sentence(
    lens: str, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["filter", *arguments.split()]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not Path("out.png").exists() and not Path("out.mp4").exists()


def test_edges_know_what_they_belong_to() -> None:
    pictures = [np.zeros((64, 64, 3), np.float32) for _ in range(2)]
    pictures[0][16:48, 16:48] = 1
    pictures[1][:, 32:] = 1
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, (64, 64, 3)).astype(np.float32)
    likenesses = np.stack([edges(picture) for picture in pictures]) @ edges(pictures[0] + noise)
    assert likenesses[0] > 0.8 > 0.4 > likenesses[1]
