"""The end of every training: see whether the automaton holds, and leave the best there is.

The last weights are not always those that age best. So those of an earlier moment and the mean over
the last part are rolled out as well, and the loss after a long rollout decides among those that
hold, as in Mordvintsev and Niklasson, "µNCA: Texture Generation with Ultra-Compact Neural Cellular
Automata" (2021).
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from exporters.automaton import Automaton
from exporters.automaton_file import save_automaton
from exporters.content import furnished_state
from exporters.display import picture
from exporters.doctor import examine, is_form, quick_watch
from exporters.gallery import preview_path
from exporters.picture_file import save_picture
from exporters.stability import Examination, Watch
from exporters.verdict import WORDS, Verdict
from training.torch_stepper import TorchStepper
from training.trainer import Trainer

PREVIEW_SIDE_CELLS = 128
FORM_PREVIEW_SIDE_CELLS = 64
PREVIEW_STEPS = 600


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
    trainer: Trainer, output: Path, check: bool = True
) -> tuple[Automaton, Verdict | None]:
    """Choose among the last weights and the trainer's candidates; write automaton and preview.

    The automaton carries its verdict. Without `check` the last weights are taken unseen, and there
    is no verdict. The trainer and its checkpoint keep the last weights, so that they can go on.

    Raises:
        LichenError: a file cannot be written.
    """
    automaton = trainer.to_automaton()
    if check:
        average = trainer.average()
        contenders = [*trainer.candidates().values(), *([average] if average else []), automaton]
        automaton = choose_automaton(trainer, contenders, training_watch(trainer))
    save_automaton(automaton, output)
    save_preview(automaton, output, _device(trainer))
    return automaton, automaton.verdict


def choose_automaton(trainer: Trainer, contenders: list[Automaton], watch: Watch) -> Automaton:
    """Judge all, the oldest first, and give the best with its verdict; of two equals the later."""
    judged = [_judge(trainer, automaton, watch) for automaton in reversed(contenders)]
    best = min(judged, key=lambda contender: contender.rank)
    return replace(best.automaton, verdict=best.verdict)


def training_watch(trainer: Trainer) -> Watch:
    """The quick form; a form's loss needs the grid that the form was drawn on."""
    watch = quick_watch(trainer.model.template)
    if not is_form(trainer.model.template):
        return watch
    side = trainer.plan.grid_cells
    return replace(watch, sides_cells=(side, side + side // 4))


def save_preview(automaton: Automaton, output: Path, device: torch.device) -> None:
    """Write what the automaton grows into as a picture beside it.

    Raises:
        LichenError: the picture cannot be written.
    """
    side = FORM_PREVIEW_SIDE_CELLS if is_form(automaton) else PREVIEW_SIDE_CELLS
    seed = furnished_state(automaton, side, side)
    state = TorchStepper(automaton, device)(seed, PREVIEW_STEPS)
    save_picture(picture(automaton, np.nan_to_num(state)), preview_path(output))


def _judge(trainer: Trainer, automaton: Automaton, watch: Watch) -> Judged:
    examination = examine(automaton, TorchStepper(automaton, _device(trainer)), watch)
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
