"""The weights that a training begins with: new ones, or those of the automaton in view."""

from dataclasses import replace

from imgui_bundle import imgui

from viewer.panels.fields import draw_complaint
from viewer.panels.widgets import label, tooltip
from viewer.training_beginning import Beginning
from viewer.training_draft import TrainingDraft

FRESH = "fresh weights"


def draw_beginning(draft: TrainingDraft, in_view: Beginning | None) -> TrainingDraft:
    """Draw the choice where there is one; gives the draft with what was chosen."""
    chosen = draft.beginning
    offered = [each for each in dict.fromkeys((in_view, chosen)) if each is not None]
    if not offered:
        return draft
    fitting = [each for each in offered if each == chosen or not each.misfit(draft.kind)]
    label("From")
    imgui.begin_disabled(not fitting)
    if imgui.begin_combo("##from", chosen.name if chosen else FRESH):
        for each in (None, *fitting):
            if imgui.selectable(each.name if each else FRESH, each == chosen)[0]:
                draft = replace(draft, beginning=each)
        imgui.end_combo()
    imgui.end_disabled()
    tooltip(
        "The weights it begins with: new ones, or those of the automaton in view"
        if fitting
        else offered[0].misfit(draft.kind)
    )
    if chosen is not None:
        draw_complaint(chosen.misfit(draft.kind))
    return draft
