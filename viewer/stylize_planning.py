"""Preparing a painting in the window: its two pictures, and the choices."""

from concurrent.futures import Executor, Future
from pathlib import Path

from PIL import Image

from exporters.errors import LichenError
from exporters.gallery import GALLERY_FOLDER, user_folder
from exporters.picture_file import pictures_in
from training.stylize.order import StylizeOrder
from viewer import stylize_actions as asked
from viewer.panels.stylize_state import SlotState
from viewer.picture_textures import PixelTextures
from viewer.stage import Stage
from viewer.stylize_actions import StylizeAction
from viewer.stylize_draft import MISSING, SLOTS, SlotName, StylizeDraft, painting_name
from viewer.stylize_pictures import DAMAGED_PICTURE, SMALLEST_SIDE_PIXELS, SlotPicture
from viewer.stylize_runs import make_painting

TRANSPARENT_MODES = ("RGBA", "LA", "PA")


class StylizePlanning:
    """Carries out what is asked of a painting before it begins.

    Attributes:
        draft: the choices so far.
        pointed_slot: where the pointer rests, if on a slot: that one takes what is dropped.
    """

    def __init__(self, stage: Stage, thread: Executor) -> None:
        """Pictures are read in that thread."""
        self.draft = StylizeDraft()
        self.pointed_slot: SlotName | None = None
        self._stage = stage
        self._thread = thread
        self._pictures: dict[SlotName, SlotPicture] = {}
        self._reading: dict[SlotName, Future[SlotPicture]] = {}
        self._aimed: SlotName | None = None

    @property
    def next_slot(self) -> SlotName:
        """What the next dropped picture fills: the content first, else the style."""
        is_empty = "content" not in self._pictures and "content" not in self._reading
        return self._aimed or ("content" if is_empty else "style")

    def apply(self, action: StylizeAction) -> None:
        """Do what an action asks for. Raises LichenError where that cannot be done."""
        match action:
            case asked.ChangePainting(draft):
                self.draft = draft
            case asked.AimDrop(slot):
                self._aimed = slot
            case asked.FillSlot(path, slot):
                slot = slot or self.pointed_slot or self.next_slot
                self._aimed = None
                self._reading[slot] = self._thread.submit(SlotPicture.read, path)
            case asked.FillFromView(slot):
                self._fill_from_view(slot)
            case asked.SwapSlots():
                first, second = SLOTS
                swapped = {first: second, second: first}
                self._pictures = {swapped[slot]: each for slot, each in self._pictures.items()}
                self._reading = {swapped[slot]: each for slot, each in self._reading.items()}

    def poll(self) -> None:
        """Take in what has been read. Raises LichenError for what is no picture to paint with.

        The slot then keeps what it had.
        """
        for slot in [slot for slot, reading in self._reading.items() if reading.done()]:
            self._pictures[slot] = self._reading.pop(slot).result()

    def begin(self) -> Future[StylizeOrder]:
        """Make the painting's folder, in the thread.

        Raises:
            LichenError: a picture is missing, or one of the choices is wrong.
        """
        for slot in SLOTS:
            if slot not in self._pictures:
                raise LichenError(MISSING[slot])
        order = self.draft.order(Path())
        content, style = (self._pictures[slot] for slot in SLOTS)
        name = painting_name(content.name, style.name)
        return self._thread.submit(make_painting, name, order, content.pixels, style.pixels)

    def slots(self, textures: PixelTextures) -> dict[SlotName, SlotState]:
        """What the panel shows of the pictures."""
        return {slot: self._slot(slot, textures) for slot in SLOTS}

    def _slot(self, slot: SlotName, textures: PixelTextures) -> SlotState:
        picture, is_loading = self._pictures.get(slot), slot in self._reading
        texture = textures.texture(slot, picture.thumbnail if picture else None)
        if picture is None:
            return SlotState(is_loading=is_loading)
        height, width, _ = picture.thumbnail.shape
        return SlotState(picture.name, (width, height), texture, is_loading)

    def _fill_from_view(self, slot: SlotName) -> None:
        simulation = self._stage.simulation
        if simulation is None:
            raise LichenError("nothing grows on the grid yet; choose a picture.")
        pixels = simulation.read_picture()
        if min(pixels.shape[:2]) < SMALLEST_SIDE_PIXELS:
            raise LichenError(
                f"the grid is too small for a painting; it needs {SMALLEST_SIDE_PIXELS} cells a "
                "side."
            )
        self._reading.pop(slot, None)
        self._pictures[slot] = SlotPicture.of(self._stage.name, pixels)


def find_exemplars() -> tuple[Path, ...]:
    """What the automata of the gallery and the user's own learnt from, but for cut-out forms."""
    folders = (GALLERY_FOLDER / "exemplars", user_folder() / "exemplars")
    return tuple(path for folder in folders for path in _pictures_in(folder) if _is_opaque(path))


def _pictures_in(folder: Path) -> list[Path]:
    """None of a folder that is not there, or cannot be read."""
    try:
        return pictures_in(folder)
    except LichenError:
        return []


def _is_opaque(path: Path) -> bool:
    """By its header alone; what cannot be read is left out too."""
    try:
        with Image.open(path) as image:
            return image.mode not in TRANSPARENT_MODES and "transparency" not in image.info
    except DAMAGED_PICTURE:
        return False
