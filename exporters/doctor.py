"""The stability check itself: the same for the viewer, the command and the end of a training."""

import contextlib
from collections.abc import Callable

from exporters.automaton import Automaton
from exporters.form_stability import FULL_FORM, QUICK_FORM, watch_form
from exporters.stability import Examination, NothingLeft, Picture, Stepper, Watch
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


def examine(
    automaton: Automaton,
    stepper: Stepper,
    watch: Watch,
    exemplar: Picture | None = None,
    on_step: Callable[[int], None] = lambda steps: None,
) -> Examination:
    """Watch an automaton; `exemplar` [h, w, 3] is what a texture learnt from, where it is known.

    `on_step` is told now and then how many steps all rollouts have made.
    """
    examination = Examination(automaton, stepper, on_step)
    with contextlib.suppress(NothingLeft):
        if is_form(automaton):
            watch_form(examination, watch)
        else:
            watch_texture(examination, watch, exemplar)
    return examination
