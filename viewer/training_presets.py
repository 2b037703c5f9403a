"""What somebody can choose before a training, and three good choices each."""

from dataclasses import dataclass, field, replace
from typing import Any

from viewer.training_prompts import PromptDraft

# The loss by which a prompt judges; where it is the only one, the picture is not looked at.
PROMPT_LOSS = "clip"
# What compares with a picture, and whose features are compared.
PICTURE_LOSSES = (
    ("ot", "sliced transport"),
    ("gram", "Gram matrices"),
    ("patch", "patches"),
    ("ot+0.5*patch", "transport and patches"),
)
NETWORKS = (
    ("eye", "Lichen's own eye"),
    ("vgg16", "VGG16"),
    ("resnet50", "ResNet-50"),
    ("convnext_tiny", "ConvNeXt"),
)
SMALLEST_SIZE_CELLS, LARGEST_SIZE_CELLS = 32, 512
# The grid that a form is trained on is 64 cells wide, and some of them stay empty around it.
SMALLEST_FORM_CELLS, LARGEST_FORM_CELLS = 16, 56


@dataclass(frozen=True)
class TrainingOptions:
    """The choices of a training; None leaves it to what is best and at hand.

    A texture has a loss, a network and its layers, and prompts that the CLIP model `clip` reads;
    with `content`, a picture or a folder of them, it becomes a living filter. A form that grows has
    none of these.
    """

    grow: bool = False
    channels: int = 12
    hidden: int = 96
    size_cells: int = 128
    minutes: float = 6.0
    loss: str | None = None
    network: str | None = None
    layers: str | None = None
    download: bool = False
    prompts: PromptDraft = PromptDraft()
    content: str = ""
    clip: str | None = None


FORM_OPTIONS = TrainingOptions(grow=True, channels=16, size_cells=40, minutes=20.0)


@dataclass(frozen=True)
class Preset:
    """Values that go well together; what it does not name it leaves as it is."""

    name: str
    hint: str
    values: dict[str, Any] = field(hash=False)

    def is_chosen(self, options: TrainingOptions) -> bool:
        """Whether the options hold all its values."""
        return all(getattr(options, name) == value for name, value in self.values.items())

    def apply(self, options: TrainingOptions) -> TrainingOptions:
        """The options with its values."""
        return replace(options, **self.values)


@dataclass(frozen=True)
class Choice:
    """One option as the panel shows it: the values to choose from, each with its text."""

    field: str
    label: str
    hint: str
    values: tuple[tuple[Any, str], ...]

    def chosen(self, options: TrainingOptions) -> int | None:
        """Which of the values the options hold, if any."""
        value = getattr(options, self.field)
        return next((place for place, (each, _) in enumerate(self.values) if each == value), None)

    def choose(self, options: TrainingOptions, place: int) -> TrainingOptions:
        """The options with another value."""
        return replace(options, **{self.field: self.values[place][0]})


PRESETS = (
    Preset("Sketch", "about a minute", {"channels": 8, "hidden": 48, "minutes": 1.0}),
    Preset("Good", "what most pictures need", {"channels": 12, "hidden": 96, "minutes": 6.0}),
    Preset("Best", "the last bit of detail", {"channels": 12, "hidden": 96, "minutes": 20.0}),
)

FORM_PRESETS = (
    Preset("Sketch", "a rough form", {"channels": 16, "hidden": 96, "minutes": 6.0}),
    Preset("Good", "a form that heals", {"channels": 16, "hidden": 96, "minutes": 20.0}),
    Preset("Best", "the last bit of detail", {"channels": 16, "hidden": 96, "minutes": 60.0}),
)

SIZE_CHOICES = (
    Choice(
        "minutes",
        "Time",
        "How long it may learn",
        tuple((minutes, f"{minutes:.0f} min") for minutes in (1.0, 3.0, 6.0, 10.0, 20.0, 60.0)),
    ),
    Choice(
        "channels",
        "Channels",
        "Numbers that a cell holds; three of them are its colour",
        tuple((count, str(count)) for count in (4, 8, 12, 16)),
    ),
    Choice(
        "hidden",
        "Hidden",
        "Units of the hidden layer",
        tuple((count, str(count)) for count in (8, 32, 48, 64, 96, 128)),
    ),
)

LOSS_CHOICES = (
    Choice(
        "loss",
        "Loss",
        "What compares the automaton with the picture",
        (
            (None, "best at hand"),
            *PICTURE_LOSSES,
            (PROMPT_LOSS, "the prompt alone"),
        ),
    ),
    Choice(
        "network",
        "Network",
        "Whose features are compared; patches need none",
        ((None, "best at hand"), *NETWORKS),
    ),
    Choice(
        "download",
        "Weights",
        "Whether a network's weights may be fetched where they are missing; VGG16's are 528 MB",
        ((False, "only what is here"), (True, "may be downloaded")),
    ),
)
