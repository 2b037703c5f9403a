"""The options of `lichen train` that watch a training, from the command line to their files."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from exporters import reference
from exporters.automaton_file import load_automaton
from exporters.display import picture
from exporters.html import page, runtime_data
from exporters.picture_file import load_picture
from exporters.seed import seed_state
from viewer.command import main

CHECKOUT = Path(__file__).parents[2]
TINY = "--loss patch --hidden 8 --grid 16 --batch 1 --pool 4 --steps 4:6 --no-check".split()
# Fast enough to leave the seed's grey within a few iterations.
QUICK = ["--learning-rate", "0.05"]

REMEMBER_LOSSES = """
import json
from pathlib import Path
from training.callbacks.callback import Callback

class Remember(Callback):
    losses = []

    def after_step(self, training):
        self.losses.append((training.progress.iteration, training.progress.loss))

    def after_training(self, training):
        Path(__file__).with_suffix(".json").write_text(json.dumps(self.losses))
"""


@pytest.fixture
def image(tmp_path: Path) -> Path:
    rows, columns = np.indices((48, 40)) // 4
    pixels = np.zeros((48, 40, 3), np.uint8)
    pixels[..., 0] = 155 + (rows + columns) % 2 * 100
    Image.fromarray(pixels).save(tmp_path / "checks.png")
    return tmp_path / "checks.png"


def command(image: Path, channels: int, iterations: int, *options: str) -> list[str]:
    """Train, and remember all losses in losses.json beside the image."""
    remember = image.with_name("losses.py")
    remember.write_text(REMEMBER_LOSSES)
    return [
        *("train", str(image), "-o", str(image.with_name("mine.safetensors")), *TINY, *QUICK),
        *("--channels", str(channels), "--iterations", str(iterations)),
        *("--callback", f"{remember}:Remember", *options),
    ]


def losses_of(image: Path) -> list[list[float]]:
    return list(json.loads(image.with_name("losses.json").read_text()))


def data_of(text: str) -> dict[str, object]:
    (data,) = re.findall(r'<script type="application/json" id="data">(.*)</script>', text)
    return dict(json.loads(data))


def test_the_report_tells_what_happened(image: Path) -> None:
    report = image.with_name("report.html")
    title = "</title><script>bad()</script>"
    options = ["--report", str(report), "--name", title]
    assert main(command(image, 4, 20, *options)) == 0
    text = report.read_text("utf-8")
    data = data_of(text)
    assert data["history"] == losses_of(image)
    assert re.findall(r"<figcaption><b>(\d+ %)</b> iteration (\d+)", text) == [
        *(("5 %", "1"), ("10 %", "2"), ("25 %", "5"), ("50 %", "10"), ("75 %", "15")),
        ("100 %", "20"),
    ]
    automaton = load_automaton(image.with_name("mine.safetensors"))
    final = runtime_data([automaton])
    assert isinstance(data["automata"], list)
    assert data["automata"][-1] == final["automata"][0]
    assert len({automaton["weights"] for automaton in data["automata"]}) == 6
    assert "<script>bad" not in text and title in unescape(text)
    assert f"<td>{automaton.credits.training_command}</td>" in unescape(text)
    assert re.search(r"<th>hidden</th><td>8</td>", text)


NAN_ONCE = """
import math
from training.callbacks.callback import Callback

class NaNOnce(Callback):
    has_come = False

    def after_loss(self, training):
        if training.trainer.iteration == 12 and not self.has_come:
            self.has_come = True
            training.trainer.loss = training.trainer.loss * math.nan
"""


def test_the_report_has_all_stages_after_a_rollback(image: Path) -> None:
    report, broken = image.with_name("report.html"), image.with_name("broken.py")
    broken.write_text(NAN_ONCE)
    options = ["--report", str(report), "--callback", f"{broken}:NaNOnce"]
    assert main(command(image, 4, 20, *options)) == 0
    text = report.read_text("utf-8")
    assert "<th>rollbacks</th><td>1</td>" in text
    stages = re.findall(r"<figcaption><b>(\d+) %</b> iteration", text)
    assert stages == ["5", "10", "25", "50", "75", "100"]


def start_over(opened: Page, index: int) -> tuple[NDArray[np.float32], int, NDArray[np.float64]]:
    """Bring a preview into sight; its state after a few steps, how many, and its mean colour."""
    opened.evaluate("(i) => lichen.previews[i].canvas.scrollIntoView()", index)
    while not opened.evaluate("(i) => lichen.previews[i].simulation?.stepCount > 2", index):
        opened.wait_for_timeout(20)
    values, steps, colour = opened.evaluate(
        """(i) => {
            const { canvas, simulation } = lichen.previews[i];
            simulation.restart(20, 16);
            simulation.step(7);
            lichen.previews[i].advance();
            const { width, height } = canvas;
            const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            const sums = [0, 0, 0];
            pixels.forEach((value, k) => { if (k % 4 < 3) sums[k % 4] += value; });
            const means = sums.map((sum) => sum / (width * height));
            return [[...simulation.readState()], simulation.stepCount, means];
        }""",
        index,
    )
    return np.array(values, np.float32), steps, np.array(colour)


def test_the_report_is_alive(image: Path, browser: Browser, tmp_path: Path) -> None:
    report = image.with_name("report.html")
    assert main(command(image, 4, 2, "--report", str(report))) == 0
    asked: list[str] = []
    opened = browser.new_page(viewport={"width": 800, "height": 600})
    opened.set_default_timeout(0)  # a busy machine may take its time
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: asked.append(str(error)))
    opened.goto(report.as_uri())
    automaton = load_automaton(image.with_name("mine.safetensors"))
    seed = seed_state(automaton.seed, 4, 16, 20)
    state, steps, colour = start_over(opened, 0)
    assert steps == 8
    expected = reference.run(automaton, seed, 8)
    assert np.abs(state - expected.ravel()).max() < 1e-3
    shown = picture(automaton, expected)
    # Else the colour would tell nothing.
    assert np.abs(shown.mean(axis=(0, 1)) - 127.5).max() > 5
    assert np.abs(colour - shown.mean(axis=(0, 1))).max() < 2
    earlier_state, _, _ = start_over(opened, 1)
    assert np.abs(earlier_state - state).max() > 0.01, "both stages show the same automaton"
    opened.locator("canvas").nth(1).screenshot(path=tmp_path / "shot.png")
    assert load_picture(tmp_path / "shot.png").std() > 1
    assert asked[0] == report.as_uri()
    assert all(url.startswith("data:image/png;base64,") for url in asked[1:])
    opened.close()


def test_what_browsers_cannot_run_is_told_in_the_report(image: Path, browser: Browser) -> None:
    report = image.with_name("report.html")
    assert main(command(image, 20, 1, "--report", str(report))) == 0
    opened = browser.new_page()
    opened.set_default_timeout(0)
    opened.goto(report.as_uri())
    assert "20 channels" in opened.inner_text("#note")
    assert opened.locator("canvas").count() == 0
    assert opened.locator("img").count() == 2
    opened.close()


def test_a_report_that_cannot_be_written_is_told_at_once(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(image, 4, 1, "--report", str(image.parent / "no" / "report.html"))) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not image.with_name("losses.json").exists()


def test_a_page_that_is_there_already_is_kept(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image.with_name("report.html").write_text("precious")
    assert main(command(image, 4, 1, "--report", str(image.with_name("report.html")))) == 2
    assert "--force" in capsys.readouterr().err
    assert image.with_name("report.html").read_text() == "precious"


def test_resuming_replaces_no_page_but_a_report(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, precious = image.with_name("report.html"), image.with_name("diary.html")
    assert main(command(image, 4, 1, "--report", str(report))) == 0
    first = report.read_text("utf-8")
    assert main(command(image, 4, 2, "--resume", "--report", str(report))) == 0
    assert report.read_text("utf-8") != first
    precious.write_text("precious")
    assert main(command(image, 4, 3, "--resume", "--report", str(precious))) == 2
    assert "--force" in capsys.readouterr().err
    assert precious.read_text() == "precious"


def train_with_wandb(
    image: Path, channels: int, project: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    words = command(image, channels, 3, "--wandb", project)
    home = {"HOME": str(image.parent), "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(
        [sys.executable, "-m", "viewer", *words],
        cwd=image.parent,
        env={**os.environ, **home, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def wandb_run(image: Path, channels: int) -> tuple[Path, list[str]]:
    """The folder that three iterations leave for Weights & Biases, and the pages in it."""
    result = train_with_wandb(image, channels, "moss", WANDB_MODE="offline")
    assert result.returncode == 0, result.stderr
    (run,) = (image.parent / "wandb").glob("offline-run-*")
    return run, [path.read_text("utf-8") for path in run.glob("files/media/html/automaton*.html")]


@pytest.mark.parametrize(
    ("project", "environment", "reason", "is_about_account"),
    [
        ("moss/fern", {"WANDB_MODE": "offline"}, "Invalid project name 'moss/fern'", False),
        ("moss", {"WANDB_MODE": "aloft"}, "'online', 'offline'", False),
        ("moss", {"WANDB_MODE": "online", "WANDB_API_KEY": "short"}, "API key", True),
    ],
)
def test_weights_and_biases_say_themselves_why_there_is_no_run(
    image: Path, project: str, environment: dict[str, str], reason: str, is_about_account: bool
) -> None:
    result = train_with_wandb(image, 4, project, **environment)
    (sentence,) = (line for line in result.stderr.splitlines() if line.startswith("lichen: "))
    assert result.returncode == 2
    assert "Weights & Biases began no run: " in sentence and reason in sentence
    assert ("sign in with 'wandb login'" in sentence) == is_about_account
    assert not image.with_name("mine.safetensors").exists()


def test_a_project_without_a_name_is_refused(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(image, 4, 3, "--wandb", "")) == 2
    assert "the name of the project is empty" in capsys.readouterr().err


def test_weights_and_biases_hear_once_what_browsers_cannot_run(image: Path) -> None:
    run, pages = wandb_run(image, 20)
    (sentence,) = pages
    assert "20 channels" in sentence
    assert len(list(run.glob("files/media/videos/growth*.mp4"))) == 3


def test_weights_and_biases_offline(image: Path) -> None:
    run, pages = wandb_run(image, 4)
    assert len(pages) == 3
    assert page([load_automaton(image.with_name("mine.safetensors"))]) in pages
    assert len(list(run.glob("files/media/videos/growth*.mp4"))) == 3
    (history,) = (path.read_bytes() for path in run.glob("run-*.wandb"))
    losses = [json.dumps(loss).encode() for _, loss in losses_of(image)]
    assert len(losses) == 3
    assert [loss for loss in losses if loss not in history] == []


def test_images_and_tensorboard(image: Path) -> None:
    images, log = image.with_name("images"), image.with_name("log")
    options = ["--log-images", str(images), "--tensorboard", str(log)]
    assert main(command(image, 4, 50, *options)) == 0
    assert [path.name for path in images.iterdir()] == ["0000050.png"]
    assert len(list(log.glob("events.out.tfevents.*"))) == 1


def test_the_images_of_an_earlier_training_are_kept(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = image.with_name("images")
    images.mkdir()
    (images / "0000050.png").write_text("precious")
    assert main(command(image, 4, 50, "--log-images", str(images))) == 2
    assert f"{images} holds the pictures of an earlier training" in capsys.readouterr().err
    assert (images / "0000050.png").read_text() == "precious"
    assert not image.with_name("losses.json").exists()
    assert main(command(image, 4, 50, "--log-images", str(images), "--force")) == 0
    assert load_picture(images / "0000050.png").shape[0] == 16


def test_the_numbers_of_images_go_on_with_a_resumed_training(image: Path) -> None:
    images = image.with_name("images")
    assert main(command(image, 4, 60, "--log-images", str(images))) == 0
    first = (images / "0000050.png").read_bytes()
    (images / "notes.png").write_text("no picture of a training")
    assert main(command(image, 4, 100, "--resume", "--log-images", str(images))) == 0
    assert (images / "0000050.png").read_bytes() == first
    names = sorted(path.name for path in images.iterdir())
    assert names == ["0000050.png", "0000100.png", "notes.png"]
