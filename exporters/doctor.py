"""The stability check itself: the same for the viewer, the command and the end of a training."""

import contextlib

from exporters.automaton import Automaton
from exporters.form_stability import FULL_FORM, QUICK_FORM, watch_form
from exporters.stability import (
    Examination,
    NothingLeft,
    OnMoment,
    Picture,
    Stepper,
    Watch,
    middle_of,
)
from exporters.texture_stability import FULL_TEXTURE, QUICK_TEXTURE, watch_texture


def is_form(automaton: Automaton) -> bool:
    """Whether it grows a form on empty ground instead of covering the grid."""
    return automaton.alive_masking or automaton.display == "premultiplied rgba over white"


def quick_watch(automaton: Automaton) -> Watch:
    """2,000 steps; at most about ten seconds for 12 channels and 96 hidden units on one core."""
    return QUICK_FORM if is_form(automaton) else QUICK_TEXTURE


def full_watch(automaton: Automaton) -> Watch:
    """20,000 steps."""
    return FULL_FORM if is_form(automaton) else FULL_TEXTURE


def cell_updates(automaton: Automaton, watch: Watch) -> int:
    """What watching an automaton costs, in steps times cells; less where it dies early."""
    return watch.cell_updates(from_noise=not is_form(automaton))


def examine(
    automaton: Automaton,
    stepper: Stepper,
    watch: Watch,
    exemplar: Picture | None = None,
    on_moment: OnMoment = lambda moment: None,
) -> Examination:
    """Watch an automaton; `exemplar` [h, w, 3] is what a texture learnt from, where it is known.

    Where the verdict is narrow the watch may ask for more rollouts; each figure is then the middle
    one. `on_moment` is told again and again what is about to be watched.
    """
    work = cell_updates(automaton, watch)

    def rollout(number: int, of: int) -> Examination:
        updates_done = number * work
        examination = Examination(automaton, stepper, of * work, on_moment, updates_done)
        with contextlib.suppress(NothingLeft):
            if is_form(automaton):
                watch_form(examination, watch)
            else:
                watch_texture(examination, watch, exemplar)
        return examination

    first, rollouts = rollout(0, of=1), watch.rollouts_where_narrow
    if not first.is_narrow:
        return first
    return middle_of([first, *(rollout(number, rollouts) for number in range(1, rollouts))])
