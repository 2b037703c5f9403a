"""`python -m training.stylize.worker`: one painting for a window, over the standard streams.

docs/PROTOCOL.md tells what the two say to each other.
"""

import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from training.claim import claim
from training.endings import Ending, Failed, Stopped
from training.out_of_memory import out_of_memory_explained
from training.serving import Window, explain, hear_window, serve_window
from training.stylize.control import Control
from training.stylize.limits import MEMORY_ADVICE
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import lock_path, log_path
from training.stylize.protocol import LANGUAGE, BeginPainting, ToWindow


def main() -> int:
    """Serve one order; everything that goes wrong is told to the window."""
    return serve_window(LANGUAGE, (BeginPainting,), _serve, Failed)


def _serve(begin: BeginPainting, window: Window, commands: BinaryIO) -> Ending:
    def end_early() -> None:
        window.end(Failed(str(control.complaint)) if control.complaint else Stopped())
        os._exit(0)

    control = Control(end_early)
    hear_window(control, commands, at_signals="stop")
    return carry_out(begin.order, window.send, control)


def carry_out(order: StylizeOrder, send: Callable[[ToWindow], None], control: Control) -> Ending:
    """Paint as ordered and give the last message, whatever happens.

    Raises:
        LichenError: somebody else is at it, or the folder takes no files.
    """
    folder = order.folder
    with claim(lock_path(folder), f"another painting is still made in {folder}; stop that one."):
        try:
            with out_of_memory_explained(MEMORY_ADVICE, "painting"):
                # PyTorch takes seconds to load, and reads the number of threads as it does.
                from training.stylize.session import Session

                return Session(order, send, control).run()
        except Exception as error:
            return Failed(explain(error, "painting", log_path(folder)))


if __name__ == "__main__":
    sys.exit(main())
