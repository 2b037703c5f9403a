"""The end of every training: see whether the automaton holds, and leave the best there is.

The last weights are not always those that age best. So those of an earlier moment and the mean over
the last part are rolled out as well, and the loss after a long rollout decides among those that
hold, as in Mordvintsev and Niklasson, "µNCA: Texture Generation with Ultra-Compact Neural Cellular
Automata" (2021).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from exporters.automaton import Automaton
from exporters.automaton_file import save_automaton
from exporters.content import furnished_state
from exporters.display import picture
from exporters.doctor import cell_updates, examine, is_form, quick_watch
from exporters.gallery import preview_path
from exporters.picture_file import save_picture
from exporters.stability import Examination, Moment, OnMoment, Watch
from exporters.verdict import WORDS, Verdict
from training.protocol import CheckAdvanced
from training.torch_stepper import TorchStepper
from training.trainer import Trainer

PREVIEW_SIDE_CELLS = 128
FORM_PREVIEW_SIDE_CELLS = 64
PREVIEW_STEPS = 600
# As much work as the doctor does between two reports, on a grid of four times as many cells.
PREVIEW_STEPS_A_REPORT = 25


@dataclass(frozen=True)
class Judged:
    """A candidate's verdict, and the target's loss after a long rollout."""

    automaton: Automaton
    verdict: Verdict
    loss: float

    @property
    def rank(self) -> tuple[int, float]:
        """The lower the better: first by the verdict, then by the loss."""
        return WORDS.index(self.verdict.word), self.loss


def finish_training(
    trainer: Trainer,
    output: Path,
    check: bool = True,
    tell: Callable[[CheckAdvanced], None] = lambda advanced: None,
) -> tuple[Automaton, Verdict | None]:
    """Choose among the last weights and the trainer's candidates; write automaton and preview.

    The automaton carries its verdict. Without `check` the last weights are taken unseen, and there
    is no verdict. The trainer and its checkpoint keep the last weights, so that they can go on.
    `tell` hears again and again how far this is.

    Raises:
        LichenError: a file cannot be written.
    """
    automaton, watch = trainer.to_automaton(), training_watch(trainer)
    contenders = _contenders(trainer, automaton) if check else []
    progress = FinishProgress(tell, len(contenders), cell_updates(automaton, watch), automaton)
    if contenders:
        automaton = choose_automaton(trainer, contenders, watch, progress.of_candidate)
    save_automaton(automaton, output)
    save_preview(automaton, output, _device(trainer), progress.of_preview)
    return automaton, automaton.verdict


class FinishProgress:
    """How far a check is, its candidates and the preview after them weighed by their work."""

    def __init__(
        self,
        tell: Callable[[CheckAdvanced], None],
        candidates: int,
        candidate_updates: int,
        automaton: Automaton,
    ) -> None:
        self._tell = tell
        self._candidates = candidates
        self._candidate_updates = candidate_updates
        self._preview_updates = PREVIEW_STEPS * _preview_side_cells(automaton) ** 2

    def of_candidate(self, candidate: int, moment: Moment) -> None:
        """Tell of a candidate, the first of which is 1."""
        behind = (candidate - 1 + moment.completed) * self._candidate_updates
        self._advance(candidate, moment, behind)

    def of_preview(self, moment: Moment) -> None:
        """Tell of the preview."""
        candidates = self._candidates * self._candidate_updates
        self._advance(0, moment, candidates + moment.completed * self._preview_updates)

    def _advance(self, candidate: int, moment: Moment, behind: float) -> None:
        total = self._candidates * self._candidate_updates + self._preview_updates
        self._tell(CheckAdvanced(candidate, self._candidates, str(moment), behind / total))


def choose_automaton(
    trainer: Trainer,
    contenders: list[Automaton],
    watch: Watch,
    on_moment: Callable[[int, Moment], None] = lambda candidate, moment: None,
) -> Automaton:
    """Judge all, the oldest last, and give the best with its verdict; of two equals the later.

    `on_moment` hears which of them is watched, from 1, and what is about to be watched of it.
    """
    judged = [
        _judge(trainer, automaton, watch, partial(on_moment, candidate))
        for candidate, automaton in enumerate(reversed(contenders), start=1)
    ]
    best = min(judged, key=lambda contender: contender.rank)
    return replace(best.automaton, verdict=best.verdict)


def training_watch(trainer: Trainer) -> Watch:
    """The quick form; a form's loss needs the grid that the form was drawn on."""
    watch = quick_watch(trainer.model.template)
    if not is_form(trainer.model.template):
        return watch
    side = trainer.plan.grid_cells
    return replace(watch, sides_cells=(side, side + side // 4))


def save_preview(
    automaton: Automaton,
    output: Path,
    device: torch.device,
    on_moment: OnMoment = lambda moment: None,
) -> None:
    """Write what the automaton grows into as a picture beside it.

    Raises:
        LichenError: the picture cannot be written.
    """
    side = _preview_side_cells(automaton)
    state, stepper = furnished_state(automaton, side, side), TorchStepper(automaton, device)
    for age in range(0, PREVIEW_STEPS, PREVIEW_STEPS_A_REPORT):
        on_moment(Moment("from the seed", side, age, age / PREVIEW_STEPS))
        state = stepper(state, min(PREVIEW_STEPS_A_REPORT, PREVIEW_STEPS - age))
    save_picture(picture(automaton, np.nan_to_num(state)), preview_path(output))


def _contenders(trainer: Trainer, last: Automaton) -> list[Automaton]:
    average = trainer.average()
    return [*trainer.candidates().values(), *([average] if average else []), last]


def _preview_side_cells(automaton: Automaton) -> int:
    return FORM_PREVIEW_SIDE_CELLS if is_form(automaton) else PREVIEW_SIDE_CELLS


def _judge(trainer: Trainer, automaton: Automaton, watch: Watch, on_moment: OnMoment) -> Judged:
    stepper = TorchStepper(automaton, _device(trainer))
    examination = examine(automaton, stepper, watch, on_moment=on_moment)
    return Judged(automaton, examination.verdict, _long_rollout_loss(trainer, examination))


@torch.no_grad()
def _long_rollout_loss(trainer: Trainer, examination: Examination) -> float:
    """The target's loss on the aged states; infinite where there are none or it is no number."""
    if not examination.aged_states:
        return math.inf
    states = torch.from_numpy(np.stack(examination.aged_states)).permute(0, 2, 3, 1).contiguous()
    # The same random numbers for every contender.
    generator = torch.Generator().manual_seed(trainer.plan.random_seed)
    loss = trainer.target.loss(states.to(_device(trainer)), generator).item()
    return loss if math.isfinite(loss) else math.inf


def _device(trainer: Trainer) -> torch.device:
    return trainer.model.hidden_weight.device
