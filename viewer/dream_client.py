"""One dream in a process of its own, as the window sees it."""

from typing import get_args

from exporters.errors import LichenError
from training.dream.dream_files import log_path
from training.dream.order import DreamOrder
from training.dream.protocol import (
    LANGUAGE,
    Begin,
    BeginContactSheet,
    BeginDream,
    BeginWriting,
    FrameMade,
    ToWindow,
)
from training.dream.sheet_order import ContactSheetOrder
from training.dream.writing_order import WritingOrder
from viewer.extras import DREAM, is_installed, missing_extra_sentence
from viewer.folder_client import Ending, FolderClient
from viewer.worker_client import WorkerDied
from viewer.worker_process import Dialect

WORKER_MODULE = "training.dream.worker"

Order = DreamOrder | ContactSheetOrder | WritingOrder
Event = ToWindow | WorkerDied
DIALECT = Dialect("dream", LANGUAGE, get_args(ToWindow), get_args(Ending))


class DreamClient(FolderClient[ToWindow]):
    """A worker that dreams; of `FrameMade` its `poll` gives the newest alone.

    All frames up to that one lie in the folder. The order's folder must be there; of a dream it
    holds the first frame, unless a model is to imagine it, and the pictures that prompts name
    (`viewer.dream_preparation` makes all that). After a `stop` the frame under way is lost. A new
    worker goes on from the frames that were kept.

    Attributes:
        order: what is made: a dream, a contact sheet of first pictures, or prompts.

    Raises:
        LichenError: the 'dream' extra is missing, or the process cannot be started.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        super().__init__()

    def _start(self) -> None:
        if _needs_the_extra(self.order) and not is_installed(DREAM):
            raise LichenError(missing_extra_sentence(DREAM))
        log = log_path(self.order.folder)
        self._launch(WORKER_MODULE, log, DIALECT, (FrameMade,), _begin(self.order))


def _begin(order: Order) -> Begin:
    match order:
        case DreamOrder():
            return BeginDream(order)
        case ContactSheetOrder():
            return BeginContactSheet(order)
        case WritingOrder():
            return BeginWriting(order)


def _needs_the_extra(order: Order) -> bool:
    return not (isinstance(order, DreamOrder) and order.backend == "patch")
