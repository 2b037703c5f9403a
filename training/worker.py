"""`python -m training.worker`: one training for a window, over the standard streams.

docs/PROTOCOL.md tells what the two say to each other.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from exporters.errors import LichenError
from training.control import Control
from training.order import TrainingOrder
from training.out_of_memory import out_of_memory_explained
from training.protocol import LANGUAGE, Begin, Failed, Finished, Stopped, ToWindow
from training.run_files import checkpoint_path, log_path
from training.run_status import claimed, note_phase
from training.serving import Window, explain, hear_window, serve_window

Ending = Finished | Stopped | Failed


def main() -> int:
    """Serve one order; everything that goes wrong is told to the window."""
    return serve_window(
        LANGUAGE, (Begin,), _serve, lambda sentence: Failed(sentence, checkpoint_kept=False)
    )


def _serve(begin: Begin, window: Window, commands: BinaryIO) -> Ending:
    def end_early() -> None:
        if control.wish == "finish" and begin.order.resume:
            return  # What it learnt before is checked and kept as soon as it is loaded.
        window.end(Stopped())
        os._exit(0)

    control = Control(window.leave, end_early)
    hear_window(control, commands, at_signals="finish")
    return carry_out(begin.order, window.send, control)


def carry_out(order: TrainingOrder, send: Callable[[ToWindow], None], control: Control) -> Ending:
    """Train as ordered and give the last message, whatever happens.

    Raises:
        LichenError: somebody else is at it.
    """
    with claimed(order.output):
        try:
            note_phase(order.output, "preparing")
            return _train(order, send, control)
        except Exception as error:
            sentence = explain(error, "training", log_path(order.output))
            with suppress(LichenError):  # The disk may be full.
                note_phase(order.output, "failed", sentence)
            return Failed(sentence, checkpoint_path(order.output).is_file())


def _train(order: TrainingOrder, send: Callable[[ToWindow], None], control: Control) -> Ending:
    with out_of_memory_explained():
        # PyTorch takes seconds to load, and reads the number of threads as it does.
        from training.session import Session

        return Session(order, send, control).run()


if __name__ == "__main__":
    sys.exit(main())
