"""Orders as journey files: a journey that also says where it starts, how large, and who dreams it.

`dream.json` in a dream's folder is such a file, and so is what lies beside an output.
"""

import json
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.dream.dream_files import order_path
from training.dream.journey_file import ORDER_NAMES, read_values, to_journey, to_values
from training.dream.order import DreamOrder
from training.plain_json import from_plain, to_plain


def save_order(order: DreamOrder) -> None:
    """Write an order to its folder. Raises LichenError where that fails."""
    write_order(order, order_path(order.folder))


def load_order(folder: Path) -> DreamOrder:
    """The order of a dream by its folder, which may have been moved.

    Raises:
        LichenError: there is none, or it cannot be read.
    """
    return read_order(order_path(folder), folder)


def write_order(order: DreamOrder, path: Path) -> None:
    """Write an order as a journey file. Raises LichenError where that fails."""
    with atomic_path(path) as temporary:
        temporary.write_text(
            f"{json.dumps(order_values(order), indent=2, ensure_ascii=False)}\n", "utf-8"
        )


def read_order(path: Path, folder: Path) -> DreamOrder:
    """The order that a journey file makes for a folder; what it does not say is as usual.

    A picture that lies beside the file may be called by its name alone.

    Raises:
        LichenError: it cannot be read, or is no journey; the sentence says why.
    """
    values = read_values(path)
    try:
        order = to_order(values, folder)
    except LichenError as error:
        raise LichenError(f"{path}: {error}") from error
    beside = path.parent / (order.source or "")
    # A name without a suffix means an automaton; what is no path at all is told of later.
    is_picture = bool(beside.suffix) and os.path.isfile(beside)
    return replace(order, source=str(beside)) if is_picture else order


def order_values(order: DreamOrder) -> dict[str, Any]:
    """An order as plain values, without its folder and the options of other backends."""
    plain = to_plain(order)
    others = {"diffusers", "own"} - {order.backend}
    told = {
        name: plain[name] for name in ORDER_NAMES if name not in others and plain[name] is not None
    }
    return {**told, **to_values(order.journey)}


def to_order(values: dict[str, Any], folder: Path) -> DreamOrder:
    """The opposite of `order_values`. Raises LichenError where a value has no place there."""
    journey = to_journey({name: values[name] for name in values if name not in ORDER_NAMES})
    hints = get_type_hints(DreamOrder)
    told: dict[str, Any] = {}
    for name in (field.name for field in fields(DreamOrder) if field.name in ORDER_NAMES):
        if name in values:
            try:
                told[name] = from_plain(hints[name], values[name])
            except (TypeError, ValueError) as error:
                raise LichenError(f"{name} cannot be used: {error}.") from error
    return DreamOrder(folder, journey, **told)
