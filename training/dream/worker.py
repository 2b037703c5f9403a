"""`python -m training.dream.worker`: a dream for a window, over the standard streams.

Instead of a dream it may make a contact sheet of first pictures, or suggest prompts.
docs/PROTOCOL.md tells what the two say to each other.
"""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, get_args

from training.claim import claim
from training.dream.control import Control
from training.dream.dream_files import lock_path, log_path
from training.dream.dreamer import Interrupted
from training.dream.extra import extra_explained
from training.dream.protocol import (
    LANGUAGE,
    Begin,
    BeginContactSheet,
    BeginDream,
    BeginWriting,
    Suggestion,
    ToWindow,
)
from training.endings import Ending, Failed, Finished, Stopped
from training.out_of_memory import out_of_memory_explained
from training.serving import Window, explain, hear_window, serve_window

OUT_OF_MEMORY_ADVICE = "choose a smaller picture or a smaller model"


def main() -> int:
    """Serve one order; everything that goes wrong is told to the window."""
    return serve_window(LANGUAGE, get_args(Begin), _serve, Failed)


def _serve(begin: Begin, window: Window, commands: BinaryIO) -> Ending:
    unbroken = threading.Lock()

    def cut_off() -> None:
        with unbroken:
            window.end(_last_word(control))
            os._exit(0)

    control = Control(window.send, cut_off)
    hear_window(control, commands, at_signals="stop")
    return carry_out(begin, window.send, control, unbroken)


def carry_out(
    begin: Begin,
    send: Callable[[ToWindow], None],
    control: Control,
    unbroken: AbstractContextManager[object],
) -> Ending:
    """Do as ordered and give the last message, whatever happens.

    Files are written within `unbroken`.

    Raises:
        LichenError: somebody else is at it.
    """
    folder = begin.order.folder
    with claim(lock_path(folder), f"another dream is still writing to {folder}; stop that one."):
        try:
            with extra_explained(), out_of_memory_explained(OUT_OF_MEMORY_ADVICE, "dream"):
                _work(begin, send, control, unbroken)
        except Interrupted:
            return _last_word(control)
        except Exception as error:
            return Failed(explain(error, "dream", log_path(folder)))
    return Finished()


def _work(
    begin: Begin,
    send: Callable[[ToWindow], None],
    control: Control,
    unbroken: AbstractContextManager[object],
) -> None:
    # NumPy and PyTorch read the number of threads as they are loaded.
    match begin:
        case BeginDream(order):
            from training.dream.session import Session

            Session(order, send, control, unbroken).run()
        case BeginContactSheet(order):
            from training.dream.contact_sheet import make_contact_sheet

            make_contact_sheet(order, send, control, unbroken)
        case BeginWriting(order):
            from training.dream.prompt_writer import suggest

            control.enter("dreaming")
            for text in suggest(order, control.should_stop):
                send(Suggestion(text))
                control.check()


def _last_word(control: Control) -> Stopped | Failed:
    return Failed(str(control.complaint)) if control.complaint else Stopped()


if __name__ == "__main__":
    exit_code = main()
    sys.stderr.flush()
    # All is told and written; taking the libraries apart would go on for seconds.
    os._exit(exit_code)
