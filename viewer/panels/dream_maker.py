"""Who dreams: the dreamers there are, the models that are here, and what is to be installed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from imgui_bundle import imgui

from training.dream.order import AutomatonTouch, Backend
from viewer.actions import Action
from viewer.dream_actions import BrowseForModel, ChangeDream
from viewer.dream_draft import DreamDraft
from viewer.panels.dream_state import DreamState
from viewer.panels.extras import draw_extra
from viewer.panels.fields import draw_typed_choice
from viewer.panels.state import ExtraState
from viewer.panels.theme import Fonts, em
from viewer.panels.widgets import button, heading, label, quiet_text, segments, thirds, tooltip

BACKENDS: tuple[Backend, ...] = ("patch", "diffusers", "own")
NAMES = ("Patches", "Diffusion", "My own")
DESCRIPTIONS: dict[Backend, str] = {
    "patch": "Patch dreamer, no diffusion model",
    "diffusers": "Diffusion model",
    "own": "Small diffusion model of your own",
}
MOST_TOUCH_STEPS = 32
USUAL_TOUCH_STEPS = 4


def draw_maker(dream: DreamState, extra: ExtraState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    heading(fonts, "Dreamer")
    draft = dream.draft
    chosen = BACKENDS[segments("dreamer", NAMES, BACKENDS.index(draft.backend))]
    if chosen != draft.backend:
        yield ChangeDream(draft.dreamt_by(chosen))
        return
    quiet_text(f"{DESCRIPTIONS[draft.backend]}.")
    changed = draft
    if draft.backend != "patch" and not extra.is_installed:
        yield from draw_extra(extra)
    elif draft.backend == "diffusers":
        changed = _draw_model(dream)
        yield from _draw_model_buttons()
    elif draft.backend == "own":
        changed = _draw_own_model(dream)
        label("")
        if button("File...", "A model that 'lichen train-dreamer' wrote", -1):
            yield BrowseForModel(folder=False)
    changed = _draw_touch(dream, changed)
    if changed != draft:
        yield ChangeDream(changed)


def _draw_model(dream: DreamState) -> DreamDraft:
    draft = dream.draft
    label("Model")
    explanation = "A folder, a .safetensors file, or a name on the hub as owner/name"
    shown = draft.model or explanation
    choices = [(name, name) for name in dream.models]
    model = draw_typed_choice("model", draft.model, "folder, file or hub name", shown, choices)
    draft = replace(draft, model=model.strip())
    label("Download")
    download = segments("download", ("never", "if missing"), int(draft.download)) == 1
    tooltip("Whether a model that is not on this disk may be fetched; some have many gigabytes")
    return replace(draft, download=download)


def _draw_model_buttons() -> Iterator[Action]:
    label("")
    width = thirds(2)
    if button("Folder...", "The folder of a model", width):
        yield BrowseForModel(folder=True)
    imgui.same_line()
    if button("File...", "A model in a single file", -1):
        yield BrowseForModel(folder=False)


def _draw_own_model(dream: DreamState) -> DreamDraft:
    draft = dream.draft
    if not dream.own_models and draft.own_model is None:
        quiet_text("There is none yet: 'lichen train-dreamer FOLDER' makes one of your pictures.")
    label("Model")
    shown = _model_name(draft.own_model) if draft.own_model else "choose one"
    if imgui.begin_combo("##own", shown):
        for path in dream.own_models:
            if imgui.selectable(_model_name(path), path == draft.own_model)[0]:
                draft = replace(draft, own_model=path)
        imgui.end_combo()
    return draft


def _draw_touch(dream: DreamState, draft: DreamDraft) -> DreamDraft:
    """An automaton that goes over every frame."""
    label("Overgrow")
    touch = draft.touch
    steps = touch.steps if touch else USUAL_TOUCH_STEPS
    imgui.set_next_item_width(-em(3.6) if touch else -1)
    if imgui.begin_combo("##touch", touch.automaton.stem if touch else "no automaton"):
        if imgui.selectable("no automaton", touch is None)[0]:
            touch = None
        for name in dream.automata:
            chosen = touch is not None and str(touch.automaton) == name
            if imgui.selectable(name, chosen)[0]:
                touch = AutomatonTouch(Path(name), steps)
        imgui.end_combo()
    tooltip("An automaton that grows over every frame for a few steps")
    if touch is not None:
        imgui.same_line()
        imgui.set_next_item_width(-1)
        changed, steps = imgui.input_int("##touch steps", touch.steps, 0, 0)
        tooltip("Its steps on each frame")
        if changed:
            touch = replace(touch, steps=min(max(steps, 1), MOST_TOUCH_STEPS))
    return replace(draft, touch=touch)


def _model_name(path: Path) -> str:
    return path.stem.replace("_", " ")
