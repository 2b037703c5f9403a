"""Preparing a training in the window: its picture, and the choices."""

import secrets
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.learnt_part import SMALLEST_SIDE_PIXELS
from training.order import TrainingOrder
from viewer.dream_models import known_clips
from viewer.extras import DREAM, is_installed
from viewer.picture_dialog import PictureDialog
from viewer.training_draft import TrainingDraft
from viewer.training_exemplar import read_exemplar
from viewer.training_presets import FORM_OPTIONS, TrainingOptions
from viewer.training_queue import TrainingQueue

LARGEST_SEED = 2**31 - 1
# As much of the exemplar as any panel shows.
EXEMPLAR_SIDE_PIXELS = 1024


class TrainingPlanning:
    """What is decided before a training waits for its turn.

    Attributes:
        draft: the choices for the picture that is being prepared, if there is one.
        clips: the CLIP models that could read a prompt.
    """

    def __init__(self) -> None:
        self.draft: TrainingDraft | None = None
        self.clips: tuple[str, ...] = ()
        self._dialog = PictureDialog()
        self._exemplar: NDArray[np.uint8] | None = None
        # The last choices for textures and for forms: the next picture begins with them.
        self._options = {False: TrainingOptions(), True: FORM_OPTIONS}
        self._begun: dict[Path, TrainingDraft] = {}

    @property
    def exemplar(self) -> NDArray[np.uint8] | None:
        """The picture that is being prepared, uint8 sRGB [h, w, 3]."""
        return self._exemplar if self.draft else None

    def browse(self) -> None:
        """Let the user look for a picture. Raises LichenError where there is no dialog."""
        self._dialog.open()

    def poll(self) -> Path | None:
        """The picture that the user found, once."""
        return self._dialog.poll()

    def prepare(self, image: Path) -> None:
        """Begin with a picture. Raises LichenError where it is none to learn from."""
        size, is_form = self._look_at(image)
        options = self._options[is_form]
        if not is_form and options.clip is None and self.clips:
            options = replace(options, clip=self.clips[0])
        seed = secrets.randbelow(LARGEST_SEED)
        self.draft = TrainingDraft(image.resolve(), size, seed, options=options)

    def change(self, draft: TrainingDraft | None) -> None:
        """Use these choices from now on; None puts the picture away."""
        self.draft = draft
        if draft is not None:
            self._options[draft.options.grow] = draft.options

    def begin(self, queue: TrainingQueue) -> None:
        """Let it wait for its turn. Raises LichenError where no training could use the choices."""
        if self.draft is not None:
            order = queue.add(self.draft.order())
            self._begun[order.output] = self.draft
            self.draft = None

    def can_reopen(self, order: TrainingOrder) -> bool:
        """Whether the choices for this order were made in this window."""
        return order.output in self._begun

    def reopen(self, order: TrainingOrder) -> None:
        """Go back to the choices for an order. Raises LichenError where the picture is gone."""
        draft = self._begun[order.output]
        self._look_at(draft.image)
        self.draft = draft

    def _look_at(self, image: Path) -> tuple[tuple[int, int], bool]:
        """Its size as (width, height) in pixels, and whether it is a form."""
        pixels, is_form = read_exemplar(image, SMALLEST_SIDE_PIXELS)
        picture = Image.fromarray(pixels)
        picture.thumbnail((EXEMPLAR_SIDE_PIXELS, EXEMPLAR_SIDE_PIXELS))
        self._exemplar = np.asarray(picture)
        self.clips = known_clips() if is_installed(DREAM) else ()
        height, width, _ = pixels.shape
        return (width, height), is_form
