"""First pictures to choose from: one prompt, several seeds and guidances."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.dream.control import Control
from training.dream.diffusion.model_files import find_model
from training.dream.dream_files import sheet_path
from training.dream.dreaming import to_frame
from training.dream.protocol import SheetPictureMade, ToWindow
from training.dream.sheet_order import ContactSheetOrder
from training.frames import Log


def make_contact_sheet(
    order: ContactSheetOrder,
    send: Callable[[ToWindow], None],
    control: Control,
    unbroken: AbstractContextManager[object],
) -> None:
    """Make all pictures of a sheet, one after the other; files are written within `unbroken`.

    Raises:
        LichenError: the model cannot be used, or a picture cannot be written.
        Interrupted: the end was asked for.
    """
    control.enter("preparing")

    def tell(sentence: str) -> None:
        send(Log(sentence))

    # A mistaken name is told at once, not after the seconds that the libraries take.
    find_model(order.diffusers.model, order.diffusers.download, tell)
    from training.dream.first_pictures import FirstPictures

    pictures = FirstPictures(order.diffusers, order.size_pixels, control.should_stop, tell)
    send(Log(pictures.description))
    folder = sheet_path(order.folder, 0, 0).parent
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot make the folder {folder}: {error.strerror}.") from error
    control.enter("dreaming")
    for row, guidance in enumerate(order.guidances):
        for column, seed in enumerate(order.seeds):
            control.check()
            picture = pictures.imagine(order.prompt, order.negative_prompt, seed, guidance)
            with unbroken:
                save_picture(to_frame(picture), sheet_path(order.folder, row, column))
            send(SheetPictureMade(row, column, seed, guidance))
