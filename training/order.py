"""All that somebody decides before a training begins: free of torch, so that a window may order.

The command line fills an order from its options, the training panel from its fields.
"""

from dataclasses import dataclass, field
from pathlib import Path

from exporters.automaton import Credits
from exporters.errors import LichenError
from training.budget import Budget
from training.losses.prompt_wish import PromptWish
from training.losses.wish import LossWish
from training.plan import TrainingPlan

# Left, top, right and bottom as shares of the picture's width and height, 0 to 1.
Crop = tuple[float, float, float, float]
WHOLE_PICTURE: Crop = (0.0, 0.0, 1.0, 1.0)
# So many take hours; more is a slip.
LONGEST_AGE_STEPS = 1_000_000


@dataclass(frozen=True)
class TrainingOrder:
    """What to learn, how, for how long, and where the result goes.

    Without an image the prompt is all that judges. Where the name is empty, it is the output's; a
    training that is resumed keeps the name and credits that are empty here.
    """

    image: Path | None
    output: Path
    grow: bool = False
    plan: TrainingPlan = field(default_factory=TrainingPlan)
    budget: Budget = field(default_factory=Budget)
    loss: str | None = None
    network: str | None = None
    layers: str | None = None
    weights: Path | None = None
    download: bool = False
    bfloat16: bool = False
    compile_step: bool = False
    prompt: PromptWish = PromptWish()
    crop: Crop = WHOLE_PICTURE
    content: Path | None = None
    content_weight: float = 1.0
    size_cells: int = 128
    age_steps: int = 0
    device: str = "auto"
    resume: bool = False
    start_from: Path | None = None
    check: bool = True
    name: str = "untitled"
    credits: Credits = field(default_factory=Credits)

    def __post_init__(self) -> None:
        """Raises LichenError for a crop, a size, an age or a loss that no training could use."""
        wish = self.loss_wish()
        self._check_aim(wish)
        if self.grow and (wish != LossWish() or self.crop != WHOLE_PICTURE):
            raise LichenError(
                "a form is compared whole and cell by cell; leave out what chooses a loss, "
                "a network, a prompt or a crop, or leave out --grow."
            )
        if self.grow and self.content is not None:
            raise LichenError("a form shows no other picture; leave out --grow or --content.")
        if self.content is None and self.content_weight != TrainingOrder.content_weight:
            raise LichenError(
                "there is no other picture to show; name one with --content, "
                "or leave out --content-weight."
            )
        if self.plan.damaged_states > self.plan.batch:
            raise LichenError(
                f"--damaged {self.plan.damaged_states} is more than the --batch of "
                f"{self.plan.batch} that there is to wound."
            )
        if not 0 < self.content_weight <= 1e6:
            raise LichenError(
                f"--content-weight must be above 0 and at most 1e6, not {self.content_weight}."
            )
        if not 16 <= self.size_cells <= 2048:
            raise LichenError(f"--size must be from 16 to 2048, not {self.size_cells}.")
        if not 0 <= self.age_steps <= LONGEST_AGE_STEPS:
            raise LichenError(
                f"--age must be from 0 to {LONGEST_AGE_STEPS:,} steps, not {self.age_steps}."
            )
        left, top, right, bottom = self.crop
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise LichenError("the crop must lie within the picture and hold some of it.")

    def loss_wish(self) -> LossWish:
        """What is to judge a texture."""
        return LossWish(
            self.loss,
            self.network,
            self.layers,
            self.weights,
            self.download,
            self.bfloat16,
            self.prompt,
        )

    def _check_aim(self, wish: LossWish) -> None:
        """Raise LichenError where there is nothing to aim at, or what nothing would look at."""
        if self.image is not None:
            if wish.is_prompt_alone:
                raise LichenError(
                    "the loss clip looks at no picture; leave out the IMAGE, or add another loss "
                    "to compare with it, as ot+clip."
                )
            return
        if not self.prompt.texts or self.grow:
            raise LichenError("name an IMAGE to learn, or say with --prompt what to become.")
        about_picture = (self.network, self.layers, self.weights)
        if any(about_picture) or self.crop != WHOLE_PICTURE or set(wish.loss_weights()) - {"clip"}:
            raise LichenError(
                "there is no picture to compare with; name an IMAGE, or leave out what chooses a "
                "crop, a network, or a loss other than clip."
            )
