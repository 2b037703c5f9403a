"""The training panel: choose a picture, prepare it, and follow what is learnt."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.panels import theme
from viewer.panels.crop import CropPart
from viewer.panels.extras import draw_extra
from viewer.panels.fields import draw_complaint
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.training_beginning import draw_beginning
from viewer.panels.training_prompts import PromptsPart
from viewer.panels.training_run import draw_run
from viewer.panels.training_state import TrainingState
from viewer.panels.widgets import (
    button,
    confirmed,
    heading,
    label,
    main_button,
    quiet_text,
    same_line_right,
    segments,
    shortened,
    slider,
    thirds,
    title,
    tooltip,
)
from viewer.training_actions import (
    AdvanceWaiting,
    BrowseForPicture,
    ChangeDraft,
    EarlierRun,
    ForgetRun,
    RemoveWaiting,
    ResumeRun,
    StartTraining,
    StopRun,
)
from viewer.training_beginning import Beginning
from viewer.training_draft import TrainingDraft
from viewer.training_presets import (
    FORM_PRESETS,
    LARGEST_FORM_CELLS,
    LOSS_CHOICES,
    PRESETS,
    SIZE_CHOICES,
    SMALLEST_FORM_CELLS,
    SMALLEST_SIZE_CELLS,
    Choice,
    TrainingOptions,
)


class TrainingPart:
    """Draws the panel, in whichever of its states it is."""

    def __init__(self) -> None:
        self._crop = CropPart()
        self._prompts = PromptsPart()

    def draw(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        """Draw the panel; gives what the user asked for."""
        training = state.training
        if not state.train.is_installed:
            title(fonts, "Train")
            yield from draw_extra(state.train)
            return
        if training.draft is not None:
            yield from self._draw_draft(training, training.draft, _in_view(state), fonts)
        elif training.run is not None:
            yield from draw_run(training.run, fonts)
            yield from _draw_next_picture(training)
        else:
            title(fonts, "Train")
            yield from _draw_invitation(training)
        yield from _draw_waiting(training, fonts)
        yield from _draw_earlier(training, fonts)

    def _draw_draft(
        self,
        training: TrainingState,
        draft: TrainingDraft,
        in_view: Beginning | None,
        fonts: Fonts,
    ) -> Iterator[Action]:
        title(fonts, draft.name)
        width, height = draft.learnt_pixels
        learns = f"learns {width} x {height} pixels of it"
        imgui.text_colored(theme.QUIET, "grows this form" if draft.options.grow else learns)
        if training.complaint:
            yield from _draw_next_picture(training)
        changed = self._crop.draw(draft, training.exemplar_texture)
        changed = _draw_scale(changed)
        changed = _draw_options(changed, in_view, fonts)
        if not changed.options.grow:
            options = self._prompts.draw(changed.options, training.clips)
            changed = replace(changed, options=options)
            changed = _draw_content(changed)
        if changed != draft:
            yield ChangeDraft(changed)
        imgui.dummy(ImVec2(0, em(0.2)))
        text = "Add to queue" if training.run and not training.run.has_ended else "Start"
        if main_button(f"{Icon.PLAY}  {text}", "Learn this picture", thirds(2)):
            yield StartTraining()
        imgui.same_line()
        if button("Cancel", "Put this picture away", thirds(1)):
            yield ChangeDraft(None)


def _draw_scale(draft: TrainingDraft) -> TrainingDraft:
    if draft.options.grow:
        cells, low, high = draft.options.size_cells, SMALLEST_FORM_CELLS, LARGEST_FORM_CELLS
        hint = "How many cells the longer side of the form grows to"
    else:
        cells, low, high = draft.learnt_cells, SMALLEST_SIZE_CELLS, draft.most_cells
        hint = "How many cells the shorter side of the crop becomes; pictures are never enlarged"
    changed = slider("Scale", cells, low, high, f"{cells} cells")
    tooltip(hint)
    if changed is None:
        return draft
    return replace(draft, options=replace(draft.options, size_cells=round(changed)))


def _in_view(state: PanelState) -> Beginning | None:
    """The automaton in view, where it is one that lies in a file."""
    if state.automaton_path is None or state.automaton is None:
        return None
    return Beginning.of(state.automaton_path, state.automaton)


def _draw_options(draft: TrainingDraft, in_view: Beginning | None, fonts: Fonts) -> TrainingDraft:
    """The presets, and below them what they stand for."""
    heading(fonts, "Options")
    options = draft.options
    presets = FORM_PRESETS if options.grow else PRESETS
    names = tuple(preset.name for preset in presets)
    fitting = [preset.is_chosen(options) for preset in presets]
    before = fitting.index(True) if any(fitting) else -1
    chosen = segments("preset", names, before)
    tooltip("  ".join(f"{preset.name}: {preset.hint}." for preset in presets))
    if chosen != before:
        options = presets[chosen].apply(options)
    draft = draw_beginning(replace(draft, options=options), in_view)
    for choice in SIZE_CHOICES if options.grow else SIZE_CHOICES + LOSS_CHOICES:
        label(choice.label)
        if draft.beginning is not None and choice.field in draft.sizes:
            _draw_given(choice, draft.sizes[choice.field])
            tooltip(f"{choice.hint}; as many as {draft.beginning.name} has")
        else:
            options = _draw_choice(choice, options)
            tooltip(choice.hint)
    if not options.grow:
        options = _draw_layers(options)
    return replace(draft, options=options)


def _draw_choice(choice: Choice, options: TrainingOptions) -> TrainingOptions:
    place = choice.chosen(options)
    shown = choice.values[place][1] if place is not None else "custom"
    if imgui.begin_combo(f"##{choice.field}", shown):
        for index, (_, text) in enumerate(choice.values):
            if imgui.selectable(text, index == place)[0]:
                options = choice.choose(options, index)
        imgui.end_combo()
    return options


def _draw_given(choice: Choice, value: int) -> None:
    """What the automaton decides that the training begins with."""
    imgui.begin_disabled()
    if imgui.begin_combo(f"##{choice.field}", str(value)):
        imgui.end_combo()
    imgui.end_disabled()


def _draw_layers(options: TrainingOptions) -> TrainingOptions:
    label("Layers")
    entered, layers = imgui.input_text_with_hint("##layers", "usual", options.layers or "")
    tooltip("The network's layers that judge, with weights, as relu1_1,relu2_1=0.5")
    if entered:
        options = replace(options, layers=layers.strip() or None)
    return options


def _draw_content(draft: TrainingDraft) -> TrainingDraft:
    """What a living filter learns to show."""
    label("Shows")
    entered, content = imgui.input_text_with_hint("##content", "nothing", draft.options.content)
    tooltip("A folder of pictures: it becomes a filter, which shows others in its texture")
    if not entered:
        return draft
    return replace(draft, options=replace(draft.options, content=content.strip()))


def _draw_invitation(training: TrainingState) -> Iterator[Action]:
    """Where a picture can be dropped, or looked for."""
    quiet_text("An automaton learns the texture of a photo while you watch and play with it.")
    quiet_text("A picture on transparent ground becomes a form that grows.")
    imgui.dummy(ImVec2(0, em(0.2)))
    if _draw_drop_area():
        yield BrowseForPicture()
    draw_complaint(training.complaint)


def _draw_next_picture(training: TrainingState) -> Iterator[Action]:
    draw_complaint(training.complaint)
    if button(f"{Icon.PICTURE}  Another picture...", "Or drop one on the window", -1):
        yield BrowseForPicture()


def _draw_drop_area() -> bool:
    """A dashed field; whether it was clicked."""
    size = ImVec2(imgui.get_content_region_avail().x, em(9))
    clicked = imgui.invisible_button("drop", size)
    low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
    bright = imgui.is_item_hovered()
    canvas = imgui.get_window_draw_list()
    canvas.add_rect_filled(
        low, high, imgui.get_color_u32(theme.RAISED_HOVER if bright else theme.RAISED), em(0.5)
    )
    lines = (
        (Icon.PICTURE, theme.ACCENT),
        ("Drop a picture here", theme.TEXT),
        ("or click to browse", theme.QUIET),
    )
    y = low.y + (size.y - len(lines) * em(1.6)) / 2
    for text, colour in lines:
        width = imgui.calc_text_size(text).x
        canvas.add_text(ImVec2(low.x + (size.x - width) / 2, y), imgui.get_color_u32(colour), text)
        y += em(1.6)
    return clicked


def _draw_waiting(training: TrainingState, fonts: Fonts) -> Iterator[Action]:
    if not training.waiting:
        return
    heading(fonts, "Next in the queue")
    side = imgui.get_frame_height()
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    for place, name in enumerate(training.waiting):
        imgui.push_id(place)
        imgui.align_text_to_frame_padding()
        buttons = 2 * side + imgui.get_style().item_spacing.x
        imgui.text(shortened(name, imgui.get_content_region_avail().x - buttons - em(0.5)))
        same_line_right(buttons)
        if button(Icon.UP, "Let it come earlier", side, enabled=place > 0):
            yield AdvanceWaiting(place)
        imgui.same_line()
        if button(Icon.CLOSE, "Take it out of the queue", side):
            yield RemoveWaiting(place)
        imgui.pop_id()
    imgui.pop_style_var()


def _draw_earlier(training: TrainingState, fonts: Fonts) -> Iterator[Action]:
    if not training.earlier:
        return
    heading(fonts, "From earlier")
    for place, run in enumerate(training.earlier):
        imgui.push_id(f"earlier {place}")
        yield from _draw_earlier_run(run)
        imgui.pop_id()


def _draw_earlier_run(run: EarlierRun) -> Iterator[Action]:
    imgui.align_text_to_frame_padding()
    imgui.text(shortened(run.order.name, em(6.5)))
    imgui.same_line()
    imgui.text_colored(theme.QUIET, f"{run.completed:.0%}")
    if run.is_training:
        yield from _draw_background_run(run)
        return
    yield from _draw_unfinished_run(run)
    if run.failure:
        quiet_text(run.failure)


def _draw_unfinished_run(run: EarlierRun) -> Iterator[Action]:
    side = imgui.get_frame_height()
    same_line_right(em(5) + side + imgui.get_style().item_spacing.x)
    if button("Resume", "Go on with it", em(5)):
        yield ResumeRun(run)
    imgui.same_line()
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.CLOSE, "Throw it away", side):
        imgui.open_popup("discard")
    imgui.pop_style_var()
    if confirmed("discard", "Throw away all it has learnt"):
        yield ForgetRun(run)


def _draw_background_run(run: EarlierRun) -> Iterator[Action]:
    if not run.is_learning:
        text = "being checked" if run.completed else "begins"
        same_line_right(imgui.calc_text_size(text).x)
        imgui.text_colored(theme.QUIET, text)
        return
    same_line_right(em(5))
    if button("Finish", "It trains in the background: end it now, check and keep it", em(5)):
        yield StopRun(run)
