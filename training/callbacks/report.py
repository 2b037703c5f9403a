"""A web page about one training: its loss, its settings, and the automaton alive at each stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporters.atomic import atomic_path, check_writable
from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.html import POLICY, runtime, runtime_data, to_script_data
from training.callbacks.image_log import pool_strip
from training.callbacks.loss_plot import loss_plot, thinned
from training.callbacks.page_parts import caption, data_address, printable, settings_rows
from training.callbacks.stages import StageCallback
from training.exemplar import load_exemplar
from training.form import load_form
from training.loop import Progress, Training
from training.order import TrainingOrder
from training.report_file import GENERATOR

FOLDER = Path(__file__).parent
TEXTURE_SIDE_CELLS = 96
STRIP_STATES = 4
LARGEST_HISTORY = 4000


@dataclass(frozen=True, eq=False)
class Stage:
    """What a training had come to at one point."""

    progress: Progress
    automaton: Automaton
    strip: NDArray[np.uint8]


class Report(StageCallback):
    """Writes the page anew at each stage, so that it is there whatever happens later."""

    def __init__(self, path: Path, order: TrainingOrder) -> None:
        """Raises LichenError where the page could not be written, or without an exemplar."""
        super().__init__()
        check_writable(path)
        self._path = path
        self._order = order
        self._exemplar = None if order.image is None else exemplar_picture(order, order.image)
        self._history: list[tuple[int, float]] = []
        self._stages: list[Stage] = []

    def after_step(self, training: Training) -> None:
        """Remember the loss."""
        self._history.append((training.progress.iteration, training.progress.loss))
        super().after_step(training)

    def after_rollback(self, training: Training) -> None:
        """Forget what no longer counts."""
        super().after_rollback(training)
        iteration = training.trainer.iteration
        self._history = [point for point in self._history if point[0] <= iteration]
        self._stages = [stage for stage in self._stages if stage.progress.iteration <= iteration]

    def at_stage(self, training: Training) -> None:
        """Write the page. Raises LichenError where it cannot be written."""
        trainer = training.trainer
        strip = pool_strip(trainer, STRIP_STATES)
        self._stages.append(Stage(training.progress, trainer.to_automaton(), strip))
        with atomic_path(self._path) as temporary:
            temporary.write_text(self._page(training), "utf-8", newline="\n")

    def _page(self, training: Training) -> str:
        automata = [stage.automaton for stage in self._stages]
        live: dict[str, Any] = {"automata": [], "shaders": {}}
        note = "Each picture is alive: drag to wound it, double-click to grow it anew."
        try:
            live = runtime_data(automata)
        except LichenError as error:
            note = str(error)
        order, progress = self._order, training.progress
        grid_cells = order.plan.grid_cells
        data = live | {
            "side": grid_cells if order.grow else max(TEXTURE_SIDE_CELLS, grid_cells),
            "history": thinned(self._history, LARGEST_HISTORY),
        }
        parameters = f"{automata[-1].parameter_count:,} parameters"
        values = {
            "policy": POLICY,
            "generator": GENERATOR,
            "title": escape(printable(training.trainer.model.template.name)),
            "summary": f"{caption(progress)} · {parameters}",
            "exemplar": self._exemplar_html(),
            "last": len(automata) - 1,
            "note": escape(note),
            "plot": loss_plot(
                self._history, [stage.progress.iteration for stage in self._stages[:-1]]
            ),
            "stages": "".join(
                _stage_html(index, stage) for index, stage in enumerate(self._stages)
            ),
            "settings": "".join(settings_rows(self._settings(training))),
            "data": to_script_data(data),
            "style": (FOLDER / "report.css").read_text("utf-8"),
            "script": runtime() + (FOLDER / "report.js").read_text("utf-8"),
        }
        return Template((FOLDER / "report.html").read_text("utf-8")).substitute(values)

    def _exemplar_html(self) -> str:
        """Nothing where a prompt is all that is learnt from; the settings tell it."""
        if self._exemplar is None:
            return ""
        name = escape(printable(self._order.credits.exemplar))
        return (
            f'<figure><img src="{data_address(self._exemplar)}" alt="">'
            f"<figcaption><b>exemplar</b> {name}</figcaption></figure>"
        )

    def _settings(self, training: Training) -> Iterable[tuple[str, object]]:
        order = self._order
        yield "loss", training.trainer.target.description
        yield from ((name.replace("_", " "), value) for name, value in vars(order.plan).items())
        yield "size cells", order.size_cells
        yield "rollbacks", training.rollbacks
        yield "command", training.trainer.model.template.credits.training_command


def exemplar_picture(order: TrainingOrder, image: Path) -> NDArray[np.uint8]:
    """What the training aims at, uint8 [h, w, 3]; a form stands on white.

    Raises:
        LichenError: no usable picture.
    """
    if order.grow:
        form = load_form(image, order.size_cells, order.plan.grid_cells).numpy()
        shown = form[..., :3] + 1 - form[..., 3:]
    else:
        shown = load_exemplar(image, order.size_cells, order.crop).permute(1, 2, 0).numpy()
    return np.asarray(shown * 255 + 0.5, np.uint8)


def _stage_html(index: int, stage: Stage) -> str:
    share = f"{100 * stage.progress.completed:.0f} %"
    return (
        f'<figure><canvas data-automaton="{index}"></canvas>'
        f'<img src="{data_address(stage.strip)}" alt="States of the pool">'
        f"<figcaption><b>{share}</b> {caption(stage.progress)}</figcaption></figure>"
    )
