"""A web page about the training of a diffusion model: its loss, its settings, what it imagines."""

from html import escape
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

import training.callbacks.report
from exporters.atomic import atomic_path, check_writable
from exporters.html import POLICY
from training.callbacks.loss_plot import loss_plot
from training.callbacks.page_parts import caption, data_address, printable, settings_rows
from training.callbacks.stages import STAGES
from training.dream.own.loop import Watcher
from training.dream.own.samples import sample_grid
from training.dream.own.trainer import DreamerTrainer
from training.loop import Progress
from training.report_file import GENERATOR

TEMPLATE = Path(__file__).with_name("report.html")
STYLE = Path(training.callbacks.report.__file__).with_name("report.css")

Stage = tuple[Progress, NDArray[np.uint8]]


class DreamerReport(Watcher):
    """Writes the page anew at each stage, so that it is there whatever happens later."""

    def __init__(self, path: Path, name: str, training_command: str) -> None:
        """Raises LichenError where the page could not be written."""
        check_writable(path)
        self._path = path
        self._name = name
        self._training_command = training_command
        self._history: list[tuple[float, float]] = []
        self._stages: list[Stage] = []
        self._ahead = list(STAGES)

    def watch(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Remember the loss; write where a stage is reached, several at once being one."""
        self._history.append((progress.iteration, progress.loss))
        if any(share <= progress.completed < 1 for share in self._ahead):
            self._ahead = [share for share in self._ahead if share > progress.completed]
            self._write(trainer, progress)

    def end(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """The end is a stage. Raises LichenError where the page cannot be written."""
        if self._history:
            self._write(trainer, progress)

    def _write(self, trainer: DreamerTrainer, progress: Progress) -> None:
        self._stages.append((progress, sample_grid(trainer.denoiser, trainer.plan)))
        weights = sum(parameter.numel() for parameter in trainer.denoiser.parameters())
        settings = {
            "pictures": trainer.source.description,
            **{name.replace("_", " "): value for name, value in vars(trainer.plan).items()},
            "command": self._training_command,
        }
        marks = [earlier.iteration for earlier, _ in self._stages[:-1]]
        values = {
            "policy": POLICY,
            "generator": GENERATOR,
            "title": escape(printable(self._name)),
            "summary": f"{caption(progress)} · {weights:,} parameters",
            "plot": loss_plot(self._history, marks),
            "stages": "".join(map(_stage_html, self._stages)),
            "settings": "".join(settings_rows(settings.items())),
            "style": STYLE.read_text("utf-8"),
        }
        with atomic_path(self._path) as temporary:
            page = Template(TEMPLATE.read_text("utf-8")).substitute(values)
            temporary.write_text(page, "utf-8", newline="\n")


def _stage_html(stage: Stage) -> str:
    progress, grid = stage
    return (
        f'<figure><img src="{data_address(grid)}" alt="Imagined patches">'
        f"<figcaption><b>{100 * progress.completed:.0f} %</b> {caption(progress)}</figcaption>"
        "</figure>"
    )
