"""A training that is being prepared: the picture, what of it to learn, and how."""

from dataclasses import dataclass, replace
from pathlib import Path

from exporters.errors import LichenError
from exporters.gallery import SUFFIX
from training.budget import Budget
from training.learnt_part import Size, box_size, learnt_box, learnt_size
from training.order import WHOLE_PICTURE, Crop, TrainingOrder
from training.plan import GROWING_PLAN, TrainingPlan
from viewer.crop import largest_crop
from viewer.training_beginning import Beginning, Kind
from viewer.training_presets import LARGEST_SIZE_CELLS, PROMPT_LOSS, TrainingOptions


@dataclass(frozen=True)
class TrainingDraft:
    """Becomes an order once the user starts it; `picture_size` is (width, height) in pixels.

    With a `beginning` it goes on from those weights, and has their sizes.
    """

    image: Path
    picture_size: Size
    random_seed: int = 0
    crop: Crop = WHOLE_PICTURE
    options: TrainingOptions = TrainingOptions()
    beginning: Beginning | None = None

    @property
    def name(self) -> str:
        """What the automaton will be called."""
        return self.image.stem

    @property
    def kind(self) -> Kind:
        """What it becomes."""
        if self.options.grow:
            return "a growing form"
        return "a living filter" if self.options.content else "a texture"

    @property
    def sizes(self) -> dict[str, int]:
        """The channels and hidden units that it will have."""
        decides = self.beginning or self.options
        return {"channels": decides.channels, "hidden": decides.hidden}

    @property
    def frame(self) -> Crop:
        """The crop without what is never learnt: the ends of a long picture."""
        return largest_crop(self.picture_size) if self.crop == WHOLE_PICTURE else self.crop

    @property
    def learnt_pixels(self) -> Size:
        """The size of the part of the picture that a texture learns, (width, height)."""
        return box_size(learnt_box(self.picture_size, self.crop))

    @property
    def learnt_cells(self) -> int:
        """How many cells the shorter side of that part becomes."""
        return min(learnt_size(self.learnt_pixels, self.options.size_cells))

    @property
    def most_cells(self) -> int:
        """How many it could become at most: pictures are never enlarged."""
        return min(*self.learnt_pixels, LARGEST_SIZE_CELLS)

    def order(self) -> TrainingOrder:
        """The order for it. Raises LichenError for what no training could use."""
        options, beginning = self.options, self.beginning
        if beginning is not None and beginning.misfit(self.kind):
            raise LichenError(beginning.misfit(self.kind))
        usual = GROWING_PLAN if options.grow else TrainingPlan()
        is_prompt_alone = options.loss == PROMPT_LOSS
        return TrainingOrder(
            image=None if is_prompt_alone else self.image,
            output=Path(f"{self.name}{SUFFIX}"),
            grow=options.grow,
            plan=replace(
                usual,
                channels=self.sizes["channels"],
                hidden=self.sizes["hidden"],
                random_seed=self.random_seed,
            ),
            budget=Budget(minutes=options.minutes),
            loss=self._loss(),
            network=None if is_prompt_alone else options.network,
            layers=None if is_prompt_alone else options.layers,
            # A leave that stays given is no mistake where nothing could be fetched.
            download=options.download and self._loss() != "patch",
            prompt=options.prompts.wish(options.clip),
            content=Path(options.content).expanduser() if options.content else None,
            crop=WHOLE_PICTURE if is_prompt_alone else self.crop,
            size_cells=options.size_cells,
            start_from=beginning.path if beginning else None,
            name=self.name,
        )

    def _loss(self) -> str | None:
        """The loss that is chosen, and the prompt beside it."""
        loss = self.options.loss
        has_prompt = not self.options.prompts.is_empty
        joins = has_prompt and loss is not None and loss != PROMPT_LOSS
        return f"{loss}+{PROMPT_LOSS}" if joins else loss
