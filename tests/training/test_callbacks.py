"""What the callbacks leave behind, on tiny trainings."""

import io
import math
import resource
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from rich.console import Console

from exporters.display import picture
from exporters.errors import LichenError
from training.budget import Budget
from training.callbacks.callback import Callback
from training.callbacks.choose import load_callback
from training.callbacks.film import FRAMES, STEPS_A_FRAME, save_growth
from training.callbacks.image_log import ImageLog
from training.callbacks.loss_plot import loss_plot, thinned
from training.callbacks.stages import StageCallback
from training.callbacks.terminal import TerminalProgress, check_bar
from training.loop import LARGEST_ROLLBACKS, Training
from training.losses.patch import PatchLoss
from training.plan import TrainingPlan
from training.protocol import CheckAdvanced
from training.targets.texture import TextureTarget
from training.trainer import Trainer
from viewer.command import main

PLAN = TrainingPlan(
    channels=4, hidden=8, fewest_steps=2, most_steps=3, grid_cells=16, batch=1, pool_size=3
)


def tiny_trainer() -> Trainer:
    exemplar = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0))
    return Trainer(PLAN, TextureTarget(PatchLoss(exemplar)), torch.device("cpu"))


class Losses(Callback):
    """Remembers them all."""

    def __init__(self) -> None:
        self.of: dict[int, float] = {}

    def after_step(self, training: Training) -> None:
        self.of[training.progress.iteration] = training.progress.loss


class Stages(StageCallback):
    """Remembers where it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.iterations: list[int] = []

    def at_stage(self, training: Training) -> None:
        self.iterations.append(training.trainer.iteration)


def test_stages_are_met_once_each_and_the_end_is_one() -> None:
    stages = Stages()
    Training(tiny_trainer(), Budget(iterations=100), [stages]).run()
    assert stages.iterations == [2, 10, 25, 50, 75, 100]


def test_several_stages_in_one_iteration_are_one() -> None:
    stages = Stages()
    Training(tiny_trainer(), Budget(iterations=4), [stages]).run()
    assert stages.iterations == [1, 2, 3, 4]


def test_a_training_that_is_stopped_ends_with_a_stage() -> None:
    stages, trainer = Stages(), tiny_trainer()
    Training(trainer, Budget(iterations=100), [stages]).run(lambda: trainer.iteration == 12)
    assert stages.iterations == [2, 10, 12]


def test_a_resumed_training_has_its_early_stages_behind_it() -> None:
    stages, trainer = Stages(), tiny_trainer()
    for _ in range(3):
        trainer.iterate(0)
    Training(trainer, Budget(iterations=8), [stages]).run()
    assert stages.iterations == [4, 6, 8]
    Training(trainer, Budget(iterations=8), [stages]).run()
    assert stages.iterations == [4, 6, 8], "nothing was trained, and yet there was a stage"


class NaNOnce(Callback):
    """Lets the loss be no number in one iteration, once."""

    def __init__(self, iteration: int) -> None:
        self._iterations = [iteration]

    def after_loss(self, training: Training) -> None:
        if training.trainer.iteration in self._iterations:
            self._iterations.clear()
            training.trainer.loss = training.trainer.loss * math.nan


def test_stages_that_were_taken_back_are_met_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.loop.GOOD_STATE_EVERY_ITERATIONS", 20)
    stages = Stages()
    Training(tiny_trainer(), Budget(iterations=60), [stages, NaNOnce(38)]).run()
    assert stages.iterations == [2, 6, 15, 30, 30, 45, 60]


def test_a_training_that_is_stopped_where_it_was_taken_back_to_ends_with_no_stage() -> None:
    stages, trainer = Stages(), tiny_trainer()
    training = Training(trainer, Budget(iterations=60), [stages, NaNOnce(8)])
    training.run(lambda: training.rollbacks > 0)
    assert (stages.iterations, trainer.iteration) == ([2, 6], 0)


def test_images_show_the_pool(tmp_path: Path) -> None:
    trainer = tiny_trainer()
    Training(trainer, Budget(iterations=6), [ImageLog(tmp_path / "a" / "b", 3)]).run()
    names = sorted(path.name for path in (tmp_path / "a" / "b").iterdir())
    assert names == ["0000003.png", "0000006.png"]
    shown = np.asarray(Image.open(tmp_path / "a" / "b" / names[-1]))
    assert shown.shape == (16, 3 * 16, 3)
    state = trainer.pool.states[1].permute(2, 0, 1).numpy()
    np.testing.assert_array_equal(shown[:, 16:32], picture(trainer.to_automaton(), state))


def test_images_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LichenError, match="cannot make the folder"):
        ImageLog(tmp_path / "file")


def test_tensorboard_gets_every_loss_and_the_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from training.callbacks import tensorboard

    monkeypatch.setattr(tensorboard, "EVERY_ITERATIONS", 2)
    losses = Losses()
    log = tensorboard.TensorBoardLog(tmp_path)
    Training(tiny_trainer(), Budget(iterations=3), [log, losses]).run()
    read = EventAccumulator(str(tmp_path)).Reload()
    logged = {event.step: event.value for event in read.Scalars("loss")}
    assert logged == pytest.approx(losses.of)
    (image,) = read.Images("pool")
    assert (image.step, image.width, image.height) == (2, 48, 16)
    assert "patch" in str(read.Tensors("training/text_summary"))


def test_a_full_disk_under_tensorboard_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from training.callbacks.tensorboard import TensorBoardLog

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    class FullDisk(Callback):
        def after_step(self, training: Training) -> None:
            (log,) = tmp_path.iterdir()
            resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, limits[1]))

    training = Training(tiny_trainer(), Budget(10**6), [FullDisk(), TensorBoardLog(tmp_path)])
    try:
        with pytest.raises(LichenError, match=f"cannot write to {tmp_path}"):
            training.run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert 0 < training.trainer.iteration
    assert "Traceback" not in capfd.readouterr().err


def test_a_film_shows_the_growth_and_leaves_the_training_alone(tmp_path: Path) -> None:
    import av

    trainer, twin = tiny_trainer(), tiny_trainer()
    with torch.no_grad():
        trainer.model.update_weight += 0.05
        twin.model.update_weight += 0.05
    save_growth(trainer, tmp_path / "growth.mp4")
    with av.open(tmp_path / "growth.mp4") as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == FRAMES
    last = twin.settle(16, (FRAMES - 1) * STEPS_A_FRAME).permute(2, 0, 1).numpy()
    for state, frame in ((np.zeros((4, 16, 16), np.float32), frames[0]), (last, frames[-1])):
        expected = picture(twin.to_automaton(), state).mean(axis=(0, 1))
        assert np.abs(frame.mean(axis=(0, 1)) - expected).max() < 6
    assert np.abs(frames[0].mean() - frames[-1].mean()) > 6
    assert trainer.iterate(0) == twin.iterate(0)


def test_the_plot_shows_where_the_loss_went() -> None:
    history = [(i, 100.0 * 0.9**i) for i in range(1, 51)]
    plot = loss_plot(history, marks=[5])
    (raw,) = (part for part in plot.split("<polyline ") if part.startswith('class="raw"'))
    points = [tuple(map(float, point.split(","))) for point in raw.split('"')[3].split()]
    assert len(points) == 50
    slopes = np.diff([y for _, y in points]) / np.diff([x for x, _ in points])
    # Falling at a constant factor is a straight line on a logarithmic scale.
    assert slopes.min() > 0 and np.ptp(slopes) < 0.1
    assert plot.count('class="mark"') == 1
    assert ">90<" in plot and ">50</text>" in plot


@pytest.mark.parametrize("history", [[(7, 0.5)], [(1, -1.0), (2, 0.0)], [(1, 2.0), (9, 2.0)]])
def test_the_plot_takes_any_history(history: list[tuple[int, float]]) -> None:
    assert "nan" not in loss_plot(history, []).replace("nance", "")


def test_a_long_history_is_thinned_to_means() -> None:
    assert thinned([(1, 2.0), (2, 4.0), (3, 6.0), (4, 8.0), (5, 9.0)], 3) == [
        (2, 3.0),
        (4, 7.0),
        (5, 9.0),
    ]


@pytest.mark.parametrize(
    ("source", "name", "word"),
    [
        (None, "Mine", "name a file and a class"),
        ("class Mine: pass", "Mine", "does not derive from Callback"),
        ("", "Mine", "KeyError: 'Mine'"),
        ("1 / 0", "Mine", "ZeroDivisionError"),
        ("def (", "Mine", "SyntaxError"),
    ],
)
def test_what_is_no_callback_is_refused(
    source: str | None, name: str, word: str, tmp_path: Path
) -> None:
    if source is not None:
        (tmp_path / "mine.py").write_text(source)
    with pytest.raises(LichenError, match=word):
        load_callback(f"{tmp_path / 'mine.py'}:{name}")


@pytest.mark.parametrize(
    ("option", "package"), [("--tensorboard", "tensorboard"), ("--wandb", "wandb")]
)
def test_a_missing_extra_is_named_before_anything_is_trained(
    option: str,
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in [n for n in sys.modules if n.endswith(f".{package}")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    output = tmp_path / "mine.safetensors"
    assert main(["train", "nothing.png", "-o", str(output), option, str(tmp_path / "log")]) == 2
    assert "needs the 'log' extra" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


class Broken(Callback):
    """Finds no place to write to."""

    order = 1

    def before_training(self, training: Training) -> None:
        raise LichenError("no place to write to.")


def test_the_terminal_is_left_as_it_was_where_a_training_cannot_begin() -> None:
    printed = io.StringIO()
    terminal = TerminalProgress(Console(file=printed, force_terminal=True, width=100))
    stages = Stages()  # After the broken one, so that it never hears of a beginning.
    trainer = tiny_trainer()
    trainer.iterate(0)
    with pytest.raises(LichenError, match="no place"):
        Training(trainer, Budget(iterations=5), [terminal, Broken(), stages]).run()
    hidden, shown = (printed.getvalue().count(f"\x1b[?25{letter}") for letter in "lh")
    assert hidden == shown == 1
    assert stages.iterations == []


class NaNAlways(Callback):
    """Lets the loss be no number from the second iteration on."""

    def after_loss(self, training: Training) -> None:
        if training.trainer.iteration > 0:
            training.trainer.loss = training.trainer.loss * math.nan


def test_the_terminal_tells_of_a_rollback_only_where_it_goes_on() -> None:
    printed = io.StringIO()
    terminal = TerminalProgress(Console(file=printed, width=100))
    with pytest.raises(LichenError, match="no longer a number"):
        Training(tiny_trainer(), Budget(iterations=5), [terminal, NaNAlways()]).run()
    assert printed.getvalue().count("half the learning rate") == LARGEST_ROLLBACKS


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_terminal_tells_how_far_the_check_at_the_end_is(is_terminal: bool) -> None:
    printed = io.StringIO()
    console = Console(file=printed, force_terminal=is_terminal, width=100)
    with check_bar(console) as tell:
        tell(CheckAdvanced(2, 3, "after a wound, 64x64, 100 steps", 0.57))
    words = ("checking candidate 2 of 3: after a wound, 64x64, 100 steps", "57%")
    assert all((word in printed.getvalue()) == is_terminal for word in words)
