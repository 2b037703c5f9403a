"""The painting worker in this process: what it says of an order, and what it paints."""

from collections.abc import Callable

from training.stylize import worker
from training.stylize.control import Control
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import picture_path
from training.stylize.protocol import IterationDone, Message

React = Callable[[Message, Control], object]


def carry_out(order: StylizeOrder, react: React = lambda message, control: None) -> list[Message]:
    """What the worker says of an order, in this process; `react` answers each message."""
    told: list[Message] = []
    control = Control(lambda: None)

    def send(message: Message) -> None:
        told.append(message)
        react(message, control)

    told.append(worker.carry_out(order, send, control))
    return told


def at_iteration(iteration: int, *wishes: str) -> React:
    """Has those wishes when so many iterations are done, one at each further message."""
    left = list(wishes)

    def react(message: Message, control: Control) -> None:
        is_there = isinstance(message, IterationDone) and message.iteration >= iteration
        if left and (is_there or len(left) < len(wishes)):
            control.ask(left.pop(0))

    return react


def iterations(told: list[Message]) -> list[int]:
    return [message.iteration for message in told if isinstance(message, IterationDone)]


def painted(order: StylizeOrder) -> bytes:
    return picture_path(order.folder).read_bytes()
