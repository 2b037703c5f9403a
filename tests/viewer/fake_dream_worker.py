"""Stands in for `training.dream.worker`: imagines and writes at once, and needs no model."""

import os
import sys

import numpy as np

from exporters.picture_file import save_picture
from training.dream.dream_files import sheet_path
from training.dream.protocol import (
    BeginContactSheet,
    BeginWriting,
    Message,
    SheetPictureMade,
    State,
    Suggestion,
    read_message,
    write_message,
)
from training.dream.sheet_order import ContactSheetOrder
from training.endings import Failed, Finished
from training.frames import Hello, Log


def say(*messages: Message) -> None:
    for message in messages:
        write_message(sys.stdout.buffer, message)


def imagine(order: ContactSheetOrder) -> None:
    """Every picture as grey as its seed and guidance say."""
    say(State("preparing"), Log("loading"), State("dreaming"))
    width, height = order.size_pixels
    for row, guidance in enumerate(order.guidances):
        for column, seed in enumerate(order.seeds):
            path = sheet_path(order.folder, row, column)
            path.parent.mkdir(exist_ok=True)
            save_picture(np.full((height, width, 3), 40 * row + column, np.uint8), path)
            say(SheetPictureMade(row, column, seed, guidance))
    say(Finished())


if __name__ == "__main__":
    read_message(sys.stdin.buffer)
    say(Hello(os.getpid()))
    begin = read_message(sys.stdin.buffer)
    match begin:
        case BeginContactSheet(sheet) if sheet.prompt == "fail":
            say(Failed("the model is broken."))
        case BeginContactSheet(sheet):
            imagine(sheet)
        case BeginWriting(writing):
            say(*(Suggestion(f"after {prompt}") for prompt in writing.prompts), Finished())
