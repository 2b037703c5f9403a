"""A callback of your own: it writes the loss, and how far the states go, into a table.

lichen train photo.jpg -o mine.safetensors --callback examples/loss_table.py:LossTable

The table is loss_table.csv in the present folder. docs/CALLBACKS.md lists the hooks.
"""

import csv
import os

from training.callbacks.callback import Callback
from training.loop import Training


class LossTable(Callback):
    """One row an iteration; a callback with a lower order comes first at each hook."""

    order = 20

    def before_training(self, training: Training) -> None:
        """Open the table; of several processes the first alone has one."""
        is_first = training.trainer.processes.rank == 0
        self.file = open("loss_table.csv" if is_first else os.devnull, "w", newline="")
        self.table = csv.writer(self.file)
        self.table.writerow(["iteration", "loss", "largest value"])

    def after_predict(self, training: Training) -> None:
        """Look at the states [batch, height, width, channels] as the loss will see them."""
        self.largest_value = training.trainer.states.abs().max().item()

    def after_step(self, training: Training) -> None:
        """Write a row."""
        progress = training.progress
        self.table.writerow([progress.iteration, progress.loss, self.largest_value])

    def after_training(self, training: Training) -> None:
        """Close the table, also where the training was stopped."""
        self.file.close()
