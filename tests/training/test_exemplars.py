"""The exemplars are repeatable, tileable, colourful, and the committed files are theirs."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import exporters.gallery
from training.exemplars import canvas
from training.exemplars.canvas import GRID, SIZE, SUPERSAMPLE, Picture
from training.exemplars.catalog import DRAWN_SOURCE, EXEMPLARS, FORMS, main

FOLDER = Path(exporters.gallery.__file__).parent / "exemplars"
DRAWN = [name for name, exemplar in EXEMPLARS.items() if exemplar.source == DRAWN_SOURCE]


@cache
def picture(name: str) -> Picture:
    return EXEMPLARS[name].make()


def seam_excess(pixels: Picture) -> float:
    """The step across the picture's borders, relative to the largest step inside it."""
    values = pixels.astype(float)
    excess = []
    for axis in (0, 1):
        others = tuple(other for other in range(3) if other != axis)
        steps = np.abs(np.roll(values, -1, axis) - values).mean(axis=others)
        excess.append(steps[-1] / steps[:-1].max())
    return max(excess)


@pytest.mark.parametrize("name", EXEMPLARS)
def test_exemplar_is_the_committed_file(name):
    made = picture(name)
    assert made.shape == (SIZE, SIZE, 3)
    assert made.dtype == np.uint8
    with Image.open(FOLDER / f"{name}.png") as file:
        committed = np.asarray(file.convert("RGB"))
    # The last bit of a sine or a power differs between processors.
    assert np.abs(made.astype(int) - committed).max() <= 1
    assert (FOLDER / f"{name}.png").stat().st_size < 45_000


@pytest.mark.parametrize("name", ["coral", "honeycomb", "koi", "knit", "pebbles"])
def test_exemplar_is_the_same_twice(name):
    assert np.array_equal(EXEMPLARS[name].make(), picture(name))


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_exemplar_tiles(name):
    assert seam_excess(picture(name)) < 1.1


@pytest.mark.parametrize("name", DRAWN)
def test_seam_measure_sees_a_cut(name):
    stretched = Image.fromarray(picture(name)).resize((SIZE + 30, SIZE + 30))
    assert seam_excess(np.asarray(stretched)[:SIZE, :SIZE]) > 1.1


@pytest.mark.parametrize("name", EXEMPLARS)
def test_exemplar_is_colourful(name):
    values = picture(name).astype(float)
    chroma = values.max(axis=2) - values.min(axis=2)
    assert np.percentile(chroma, 90) > 60
    assert np.ptp(np.percentile(values.mean(axis=2), (5, 95))) > 60


@pytest.mark.parametrize("name", EXEMPLARS)
def test_exemplar_is_stationary(name):
    """Each quarter has about the mean colour of the whole."""
    values = picture(name).astype(float)
    quarters = values.reshape(2, SIZE // 2, 2, SIZE // 2, 3).mean(axis=(1, 3))
    assert np.abs(quarters - values.mean(axis=(0, 1))).max() < 0.5 * values.std(axis=(0, 1)).max()


def test_folder_holds_the_catalogue_and_nothing_else():
    assert {path.stem for path in FOLDER.glob("*.png")} == set(EXEMPLARS) | set(FORMS)
    assert all(exemplar.licence == "CC0-1.0" for exemplar in EXEMPLARS.values())
    assert all(form.licence == "Apache-2.0" for form in FORMS.values())


@pytest.mark.parametrize("name", FORMS)
def test_form_is_cut_out_and_drawn_like_the_committed_file(name):
    with Image.open(FOLDER / f"{name}.png") as file:
        committed = np.asarray(file.convert("RGBA")).astype(int)
    assert 90 < max(committed.shape[:2]) <= 136
    assert 0.2 < (committed[..., 3] == 0).mean() < 0.7
    # Another version of the font may draw it a little otherwise.
    made = Image.fromarray(FORMS[name].make()).resize((8, 8), Image.Resampling.BOX)
    coarse = Image.fromarray(committed.astype(np.uint8)).resize((8, 8), Image.Resampling.BOX)
    assert np.abs(np.asarray(made).astype(int) - np.asarray(coarse)).mean() < 16


def test_catalogue_writes_into_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("training.exemplars.catalog.EXEMPLARS", {"koi": EXEMPLARS["koi"]})
    monkeypatch.setattr("training.exemplars.catalog.FORMS", {})
    assert main([str(tmp_path)]) == 0
    with Image.open(tmp_path / "koi.png") as file:
        assert np.array_equal(np.asarray(file), picture("koi"))


@pytest.mark.parametrize("arguments", [[], ["one", "two"], ["/no/such/folder"]])
def test_catalogue_refuses_in_one_sentence(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_finish_averages_in_linear_light():
    checks = np.indices((GRID, GRID)).sum(axis=0) % 2
    grey = canvas.finish(np.repeat(checks[..., None].astype(float), 3, axis=2))
    assert np.all(grey == 188)  # the sRGB code of half the light


def test_finish_keeps_a_flat_colour():
    flat = np.broadcast_to(canvas.colour("0a80f0"), (GRID, GRID, 3))
    assert np.all(canvas.finish(flat) == (0x0A, 0x80, 0xF0))


def test_ramp_passes_through_its_stops():
    stops = canvas.ramp(np.array([-1.0, 0.0, 0.25, 0.5, 1.0, 2.0]), "000000 ff0000 ffffff")
    expected = [[0, 0, 0], [0, 0, 0], [0.5, 0, 0], [1, 0, 0], [1, 1, 1], [1, 1, 1]]
    assert np.allclose(stops, expected)


def test_noise_is_normalised_and_has_the_wavelength_asked_for():
    field = canvas.noise(np.random.default_rng(0), 16.0)
    assert abs(field.mean()) < 1e-9
    assert field.std() == pytest.approx(1.0)
    power = np.abs(np.fft.fft2(field)) ** 2
    cycles = np.fft.fftfreq(GRID, 1.0 / SUPERSAMPLE)
    frequency = np.hypot(cycles[:, None], cycles[None, :])
    assert 1.0 / np.average(frequency, weights=power) == pytest.approx(16.0, rel=0.3)


def test_light_is_one_on_the_flat_and_brighter_towards_the_upper_left():
    flat, _ = canvas.light(np.zeros((GRID, GRID)))
    assert np.allclose(flat, 1.0)
    x, y = canvas.coordinates()
    mound = 5.0 * np.exp(-((x - 64) ** 2 + (y - 64) ** 2) / 200)
    shade, _ = canvas.light(mound)
    near, far = 58 * SUPERSAMPLE, 70 * SUPERSAMPLE
    assert shade[near, near] > 1.0 > shade[far, far]


def test_voronoi_agrees_with_every_point_tried_on_every_sample():
    points = canvas.scatter(np.random.default_rng(1), 60, 2)
    x, y = canvas.coordinates()
    cells = canvas.voronoi(points, x, y)
    columns, rows = x[::16, ::16, None], y[::16, ::16, None]
    distance = np.hypot(canvas.wrapped(columns - points[:, 0]), canvas.wrapped(rows - points[:, 1]))
    assert np.array_equal(cells.owner[::16, ::16], distance.argmin(axis=2))
    assert np.allclose(cells.centre_distance[::16, ::16], distance.min(axis=2))


def test_voronoi_edge_lies_halfway_between_two_points():
    points = np.array([[32.0, 64.0], [96.0, 64.0]])
    x, y = canvas.coordinates()
    cells = canvas.voronoi(points, x, y)
    halfway = np.minimum(np.abs(canvas.wrapped(x)), np.abs(x - 64.0))
    assert np.allclose(cells.edge_distance, halfway)
