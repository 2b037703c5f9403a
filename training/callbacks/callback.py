"""What may happen at the hooks of a training: the base of all callbacks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.loop import Training


class Callback:
    """Does nothing at every hook; override those that you need.

    Callbacks run in rising `order`, those of the same order as they were given. Each hook is told
    the training: its `trainer` (weights, pool, `states`, `loss`) and its `progress`. A hook that
    raises LichenError ends the training with that sentence.
    """

    order = 0

    def before_training(self, training: "Training") -> None:
        """Called once, before the first iteration."""

    def after_predict(self, training: "Training") -> None:
        """`trainer.states` holds the batch after its steps."""

    def after_loss(self, training: "Training") -> None:
        """`trainer.loss` is known and finite."""

    def after_backward(self, training: "Training") -> None:
        """The gradients are known and normalised; the weights have not moved yet."""

    def after_step(self, training: "Training") -> None:
        """The weights have moved, and `progress` counts the iteration."""

    def after_rollback(self, training: "Training") -> None:
        """The loss was no number, and the last good weights and pool are back."""

    def after_training(self, training: "Training") -> None:
        """Called once at the end, also of a training that was stopped early or ended by an error.

        Not called where `before_training` of this one, or of one before it, has raised.
        """
