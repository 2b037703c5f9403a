"""How a painting is made: the few choices that matter, and all others folded away."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from imgui_bundle import imgui

from training.stylize.order import Bounds, Start
from viewer.actions import Action
from viewer.panels.fields import Control, draw_complaint, draw_number, draw_typed_choice
from viewer.panels.stylize_state import StylizeState
from viewer.panels.theme import Fonts, Icon
from viewer.panels.widgets import (
    button,
    field_tooltip,
    folding_heading,
    heading,
    label,
    segments,
    tooltip,
)
from viewer.stylize_actions import BrowseForWeights, ChangePainting
from viewer.stylize_draft import StylizeDraft
from viewer.training_presets import NETWORKS, PICTURE_LOSSES

MAIN = (
    Control(
        "style_weight",
        "Strength",
        "How much the style counts, against 1 for the picture",
        0.05,
        20.0,
        is_logarithmic=True,
    ),
    Control(
        "size_pixels",
        "Size",
        "Pixels of the longer side; the time grows with their number",
        64,
        1024,
        step=16,
        is_logarithmic=True,
    ),
    Control(
        "iterations",
        "Iterations",
        "How long it is painted; more make it finer",
        20,
        1000,
        step=10,
        is_logarithmic=True,
    ),
)
MORE = (
    Control("total_variation", "Smooth", "What restless pixels cost: more is calmer", 0.0, 20.0),
    Control("content_weight", "Picture", "How much the picture counts", 0.0, 5.0),
    Control(
        "learning_rate",
        "Rate",
        "The learning rate: how far each iteration may go",
        0.01,
        1.0,
        is_logarithmic=True,
    ),
)
STARTS: tuple[Start, ...] = get_args(Start)
START_NAMES = ("Picture", "Style", "Noise")
BOUNDS: tuple[Bounds, ...] = get_args(Bounds)
LOSSES = ("ot", "gram", "patch")
LOSS_NAMES = ("Transport", "Gram", "Patches")
LOSS_HINT = (
    "What compares it with the style. Transport: colours and features find their places. "
    "Gram: features that go together. Patches: small pieces, bare."
)
DEVICE_CHOICES = (("auto", "best at hand"), ("cpu", "processor"), ("cuda", "CUDA"), ("mps", "MPS"))
# A field of the draft, its label, what an empty one shows, what it is, what could stand in it.
TYPED = (
    ("loss", "Loss", "ot", "What judges the style, or a sum as ot+0.5*patch", PICTURE_LOSSES),
    (
        "network",
        "Network",
        "best at hand",
        "Who looks: vgg16, eye, or a convolutional network of torchvision by name",
        (("", "best at hand"), *NETWORKS),
    ),
    ("device", "Device", "auto", "Where it is computed", DEVICE_CHOICES),
)
TEXTS = (
    (
        "style_size_pixels",
        "Style size",
        "as the size",
        "How large the style's pattern becomes: pixels of its shorter side",
    ),
    (
        "style_layers",
        "Style by",
        "usual",
        "The network's layers that judge the style, with weights, as relu1_1,relu3_1=0.5",
    ),
    ("content_layers", "Picture by", "the deepest of these", "The layers that judge the picture"),
    ("weights", "Weights", "usual", "The file of the network's weights"),
    ("random_seed", "Seed", "0", "Of all random numbers: the same one gives the same picture"),
)


class StylizeOptionsPart:
    """Draws the part; remembers whether the rarer controls are unfolded."""

    def __init__(self) -> None:
        self._unfolded = False

    def draw(self, painting: StylizeState, fonts: Fonts) -> Iterator[Action]:
        """Draw it; gives what the user asked for."""
        heading(fonts, "How")
        draft = _draw_numbers(painting.draft, MAIN)
        draft = _draw_start(draft)
        draft = _draw_judge(draft)
        if folding_heading(fonts, "More", self._unfolded):
            self._unfolded = not self._unfolded
        if self._unfolded:
            draft = _draw_more(draft)
            label("")
            if button(f"{Icon.FOLDER}  Weights file...", "The network's, .pth or .safetensors", -1):
                yield BrowseForWeights()
        if draft != painting.draft:
            yield ChangePainting(draft)


def _draw_numbers(draft: StylizeDraft, controls: tuple[Control, ...]) -> StylizeDraft:
    for control in controls:
        text = getattr(draft, control.name)
        draft = _changed(
            draft, control.name, draw_number(control, text, draft.complaint(control.name))
        )
    return draft


def _draw_start(draft: StylizeDraft) -> StylizeDraft:
    label("Start")
    chosen = STARTS[segments("start", START_NAMES, STARTS.index(draft.start))]
    tooltip("What the painting begins as; noise leaves most to the style")
    return replace(draft, start=chosen)


def _draw_judge(draft: StylizeDraft) -> StylizeDraft:
    label("Judge")
    before = LOSSES.index(draft.loss) if draft.loss in LOSSES else -1
    chosen = segments("loss", LOSS_NAMES, before)
    tooltip(LOSS_HINT)
    return draft if chosen == before else replace(draft, loss=LOSSES[chosen])


def _draw_more(draft: StylizeDraft) -> StylizeDraft:
    draft = _draw_numbers(draft, MORE)
    for name, title, hint, explanation, choices in TYPED:
        label(title)
        text = draw_typed_choice(
            name, getattr(draft, name), hint, explanation, choices, draft.complaint(name)
        )
        draft = _changed(draft, name, text)
    for name, title, hint, explanation in TEXTS:
        label(title)
        text = imgui.input_text_with_hint(f"##{name}", hint, getattr(draft, name))[1]
        field_tooltip(explanation)
        draw_complaint(draft.complaint(name))
        draft = _changed(draft, name, text)
    label("Bounds")
    chosen = BOUNDS[segments("bounds", ("Sigmoid", "Clamp"), BOUNDS.index(draft.bounds))]
    tooltip("How pixels are kept in range: as sigmoids, or put back after each iteration")
    return replace(draft, bounds=chosen)


def _changed(draft: StylizeDraft, name: str, text: str) -> StylizeDraft:
    changes: dict[str, Any] = {name: text}
    return replace(draft, **changes)
