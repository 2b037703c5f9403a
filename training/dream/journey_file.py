"""Journeys as JSON and TOML files."""

import json
import tomllib
from dataclasses import asdict, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.dream.journey import Journey, Stage

LARGEST_BYTES = 10_000_000
# What a journey file may also tell, for `training.dream.order_file`.
ORDER_NAMES = ("source", "size_pixels", "backend", "diffusers", "own", "touch")


def load_journey(path: Path) -> Journey:
    """Read a journey from a `.json` or `.toml` file, and nothing else that it tells.

    Raises:
        LichenError: it cannot be read, or is no journey; the sentence says why.
    """
    values = read_values(path)
    try:
        return to_journey({name: values[name] for name in values if name not in ORDER_NAMES})
    except LichenError as error:
        raise LichenError(f"{path}: {error}") from error


def read_values(path: Path) -> dict[str, Any]:
    """What a `.json` or `.toml` file holds, which may be no journey yet.

    Raises:
        LichenError: it cannot be read, or holds no table.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise LichenError(f"{path} is too large for a journey.")
        text = path.read_text("utf-8")
    except OSError as error:
        raise LichenError(f"cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise LichenError(f"{path} is no text in UTF-8; save it as such.") from error
    read = {".json": json.loads, ".toml": tomllib.loads}.get(path.suffix.lower())
    if read is None:
        raise LichenError(f"a journey is a .json or .toml file, and {path} is neither.")
    try:
        values = read(text)
    except (ValueError, RecursionError) as error:
        raise LichenError(f"{path} cannot be read: {error}.") from error
    if not isinstance(values, dict):
        raise LichenError(f'{path}: a journey is a table that holds at least "stages".')
    return values


def save_journey(journey: Journey, path: Path) -> None:
    """Write a journey as JSON, whole or not at all. Raises LichenError where that fails."""
    with atomic_path(path) as temporary:
        text = json.dumps(to_values(journey), indent=2, ensure_ascii=False)
        temporary.write_text(f"{text}\n", "utf-8")


def to_values(journey: Journey) -> dict[str, Any]:
    """A journey as plain values, stages as [prompt, frames]."""
    stages = [[stage.prompt, stage.frames] for stage in journey.stages]
    return {**asdict(journey), "stages": stages}


def to_journey(values: object) -> Journey:
    """The opposite of `to_values`; schedules may be plain numbers.

    Raises:
        LichenError: a name is unknown, a value has another type, or no dreamer could follow it.
    """
    if not isinstance(values, dict):
        raise LichenError('a journey is a table that holds at least "stages".')
    types = {field.name: type(field.default) for field in fields(Journey)}
    journey: dict[str, Any] = {}
    for name, value in values.items():
        if name not in types:
            near = get_close_matches(str(name), types, n=1)
            hint = f"did you mean {near[0]}" if near else f"known are {', '.join(types)}"
            raise LichenError(f"there is nothing called {name!r} in a journey; {hint}?")
        journey[name] = _to_stages(value) if name == "stages" else value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if types[name] is str and is_number:
            journey[name] = f"{value}"
        elif name != "stages" and (type(value) is not types[name]):
            kind = "a whole number" if types[name] is int else "a text or a number"
            raise LichenError(f"{name} must be {kind}.")
    if "stages" not in journey:
        raise LichenError('a journey needs "stages", a list of [prompt, frames].')
    return Journey(**journey)


def _to_stages(value: object) -> tuple[Stage, ...]:
    stages = []
    for place, stage in enumerate(value if isinstance(value, list) else [value], start=1):
        match stage:
            case [str(prompt), int(frames)] if not isinstance(frames, bool):
                stages.append(Stage(prompt, frames))
            case _:
                raise LichenError(f"stage {place} must be [prompt, frames], a text and a number.")
    return tuple(stages)
