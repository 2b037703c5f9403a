"""One painting in a process of its own, as the window sees it."""

from typing import get_args

from exporters.errors import LichenError
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import log_path
from training.stylize.protocol import LANGUAGE, BeginPainting, PictureMade, ToWindow
from viewer.extras import TRAIN, is_installed, missing_extra_sentence
from viewer.folder_client import Ending, FolderClient
from viewer.worker_client import WorkerDied
from viewer.worker_process import Dialect

WORKER_MODULE = "training.stylize.worker"

Event = ToWindow | WorkerDied
DIALECT = Dialect("painting", LANGUAGE, get_args(ToWindow), get_args(Ending))


class StylizeClient(FolderClient[ToWindow]):
    """A worker that paints; of `PictureMade` its `poll` gives the newest alone.

    The order's folder must be there, with the two pictures (see
    `training.stylize.painting_files`). After a `stop` the iteration under way still counts. A new
    worker goes on from the checkpoint.

    Raises:
        LichenError: the 'train' extra is missing, or the process cannot be started.
    """

    def __init__(self, order: StylizeOrder) -> None:
        self.order = order
        super().__init__()

    def _start(self) -> None:
        if not is_installed(TRAIN):
            raise LichenError(missing_extra_sentence(TRAIN, "style transfer"))
        log = log_path(self.order.folder)
        self._launch(WORKER_MODULE, log, DIALECT, (PictureMade,), BeginPainting(self.order))
