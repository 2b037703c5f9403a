"""From an order to a trainer that is ready to go."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from exporters.errors import LichenError
from exporters.gallery import find_entry
from training.automaton_step import TrainableAutomaton
from training.checkpoint import load_checkpoint
from training.compiled_step import compile_whole_step
from training.contents import load_contents
from training.digest import file_digest
from training.exemplar import load_exemplar
from training.eye.network import load_eye
from training.form import load_form
from training.losses.choose import choose_loss
from training.losses.content import ContentLoss
from training.order import TrainingOrder
from training.processes import Processes
from training.run_files import checkpoint_path
from training.targets.filter import FilterTarget, in_grey
from training.targets.growing import GrowingTarget
from training.targets.target import Target
from training.targets.texture import TextureTarget
from training.trainer import Trainer

# So many say how strong features usually are.
TYPICAL_PICTURES = 32


def prepare_trainer(
    order: TrainingOrder,
    processes: Processes | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Trainer:
    """Read the exemplar, choose the loss, and go back to the checkpoint where the order says so.

    With `processes` the trainer is one of theirs. `tell` hears of an exemplar that is another than
    the checkpoint's, and of a pool that ages first.

    Raises:
        LichenError: the picture, the network, the device or the checkpoint cannot be used.
    """
    processes = processes or Processes()
    device = processes.device or find_device(order.device)
    if processes.in_bfloat16 and not order.grow and order.loss_wish().looks_through_a_network:
        order = replace(order, bfloat16=True)
    trainer = Trainer(order.plan, _target(order, device), device, processes)
    if order.compile_step:
        trainer.model.train_with(compile_whole_step(), order.bfloat16)
    if order.start_from is not None and not order.resume:
        _take_over_weights(trainer, order.start_from)
    trainer.model.template = replace(trainer.model.template, name=order.output.stem)
    if order.resume:
        load_checkpoint(trainer, checkpoint_path(order.output))
    _note_exemplar(trainer, order, tell)
    _sign(trainer, order)
    if order.age_steps:
        tell(f"a quarter of the pool first ages by {order.age_steps:,} steps")
        trainer.age_pool(len(trainer.pool.states) // 4, order.age_steps)
    return trainer


def find_device(name: str) -> torch.device:
    """The named device, or the best at hand for "auto". Raises LichenError if it is not there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
        torch.Generator(device)
    except (RuntimeError, AssertionError) as error:
        raise LichenError(f"the device {name} cannot be used here; try --device cpu.") from error
    return device


def _note_exemplar(trainer: Trainer, order: TrainingOrder, tell: Callable[[str], None]) -> None:
    """Forget what belongs to another exemplar: its licence, and weights still to be judged by it.

    It is known by its content; where there is none to compare, by its name.
    """
    known, digest = trainer.exemplar_digest, _exemplar_digest(order.image)
    trainer.exemplar_digest = known if order.image is None else digest
    template, name = trainer.model.template, order.credits.exemplar
    earlier_name = template.credits.exemplar
    is_the_same = known == digest if known and digest else name == earlier_name
    if is_the_same:
        return
    trainer.forget_candidates()
    trainer.forget_average()
    if name:
        credits = replace(template.credits, exemplar_licence="")
        trainer.model.template = replace(template, credits=credits)
    if name and earlier_name:
        tell(
            f"{name} is not the picture that this training has learnt so far; it goes on with the "
            "new one, without the old one's licence."
        )


def _exemplar_digest(image: Path | None) -> str:
    """Empty for a prompt alone and for an emoji, which no file holds."""
    return file_digest(image) if image is not None and os.path.isfile(image) else ""


def _sign(trainer: Trainer, order: TrainingOrder) -> None:
    """Give the automaton its name and credits; what the order leaves open stays as it is."""
    template, newer = trainer.model.template, order.credits
    older = template.credits
    given = {key: text for key, text in vars(newer).items() if text}
    command = joined_commands(older.training_command, newer.training_command)
    credits = replace(older, **given | {"training_command": command})
    trainer.model.template = replace(template, name=order.name or template.name, credits=credits)


def joined_commands(earlier: str, newest: str) -> str:
    """Both commands in a line, unless the newest is the last of the earlier ones already."""
    if f" && {earlier}".endswith(f" && {newest}"):
        return earlier
    return f"{earlier} && {newest}" if earlier and newest else earlier or newest


def _take_over_weights(trainer: Trainer, path: Path) -> None:
    """Begin with the weights of an automaton that has learnt before, by name or path."""
    older, template = find_entry(path.as_posix()).automaton, trainer.model.template
    for name in ("content_channels", "channels", "hidden", "filter_scales", "alive_masking"):
        its, mine = getattr(older, name), getattr(template, name)
        if its != mine:
            raise LichenError(
                f"{path} cannot be gone on from: its {name.replace('_', ' ')} is {its}, "
                f"this training's {mine}."
            )
    trainer.model.load_state_dict(TrainableAutomaton(older).state_dict())


def _target(order: TrainingOrder, device: torch.device) -> Target:
    if order.grow:
        assert order.image is not None
        form = load_form(order.image, order.size_cells, order.plan.grid_cells)
        return GrowingTarget(form.to(device))
    exemplar = None
    if order.image is not None:
        exemplar = load_exemplar(order.image, order.size_cells, order.crop).to(device)
    style = choose_loss(order.loss_wish(), exemplar, device)
    if order.content is None:
        return TextureTarget(style)
    # The eye comes with Lichen, so that it is there whatever judges the style.
    contents = load_contents(order.content)
    typical = contents.draw_many(TYPICAL_PICTURES, order.plan.grid_cells).to(device)
    content = ContentLoss(load_eye().to(device), in_grey(typical))
    return FilterTarget(style, content, contents, order.content_weight)
