"""A training that is being prepared: the picture, what of it to learn, and how."""

from dataclasses import dataclass, replace
from pathlib import Path

from exporters.gallery import SUFFIX
from training.budget import Budget
from training.order import WHOLE_PICTURE, Crop, TrainingOrder
from training.plan import GROWING_PLAN, TrainingPlan
from viewer.training_presets import PROMPT_LOSS, TrainingOptions

SMALLEST_CROP_PIXELS = 32


@dataclass(frozen=True)
class TrainingDraft:
    """Becomes an order once the user starts it; `picture_size` is (width, height) in pixels."""

    image: Path
    picture_size: tuple[int, int]
    random_seed: int = 0
    crop: Crop = WHOLE_PICTURE
    options: TrainingOptions = TrainingOptions()

    @property
    def name(self) -> str:
        """What the automaton will be called."""
        return self.image.stem

    @property
    def crop_pixels(self) -> tuple[int, int]:
        """The size of what the crop leaves, (width, height) in pixels."""
        left, top, right, bottom = self.crop
        width, height = self.picture_size
        return round((right - left) * width), round((bottom - top) * height)

    def order(self) -> TrainingOrder:
        """The order for it. Raises LichenError for what no training could use."""
        options = self.options
        usual = GROWING_PLAN if options.grow else TrainingPlan()
        is_prompt_alone = options.loss == PROMPT_LOSS
        return TrainingOrder(
            image=None if is_prompt_alone else self.image,
            output=Path(f"{self.name}{SUFFIX}"),
            grow=options.grow,
            plan=replace(
                usual,
                channels=options.channels,
                hidden=options.hidden,
                random_seed=self.random_seed,
            ),
            budget=Budget(minutes=options.minutes),
            loss=self._loss(),
            network=None if is_prompt_alone else options.network,
            layers=None if is_prompt_alone else options.layers,
            download=options.download,
            prompt=options.prompts.wish(options.clip),
            content=Path(options.content).expanduser() if options.content else None,
            crop=WHOLE_PICTURE if is_prompt_alone else self.crop,
            size_cells=options.size_cells,
            name=self.name,
        )

    def _loss(self) -> str | None:
        """The loss that is chosen, and the prompt beside it."""
        loss = self.options.loss
        has_prompt = not self.options.prompts.is_empty
        joins = has_prompt and loss is not None and loss != PROMPT_LOSS
        return f"{loss}+{PROMPT_LOSS}" if joins else loss
