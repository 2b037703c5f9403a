"""Dataclasses as plain JSON and back, strictly: what does not fit the annotations is refused."""

import math
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """Turn dataclasses into dictionaries, tuples into lists and paths into texts, all the way."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def from_plain(kind: Any, value: Any) -> Any:
    """Build a `kind` (a dataclass, or the annotation of a field) from what JSON gave.

    Fields that are absent keep their defaults.

    Raises:
        TypeError: the value is of another type, has an unknown field, or lacks one.
        ValueError: a number is not finite, or a text is none of those allowed.
        LichenError: the dataclass itself refuses its values.
    """
    if is_dataclass(kind):
        return _build(kind, value)
    if get_origin(kind) is UnionType:
        return _choose(get_args(kind), value)
    if get_origin(kind) is tuple:
        return _build_tuple(get_args(kind), value)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{value!r:.100} is none of {get_args(kind)}")
        return value
    if kind is Path:
        return Path(from_plain(str, value))
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r:.100} is no {kind.__name__}")
    if kind is float and not math.isfinite(value):
        raise ValueError(f"{value} is no finite number")
    return value


def _build(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r:.100} holds no {kind.__name__}")
    hints = get_type_hints(kind)
    if unknown := set(value) - {field.name for field in fields(kind)}:
        raise TypeError(f"a {kind.__name__} has no {sorted(unknown)!r:.100}")
    return kind(**{name: from_plain(hints[name], item) for name, item in value.items()})


def _choose(kinds: tuple[Any, ...], value: Any) -> Any:
    """Unions here are "this or nothing"."""
    if value is None and NoneType in kinds:
        return None
    (kind,) = (kind for kind in kinds if kind is not NoneType)
    return from_plain(kind, value)


def _build_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.100} is no list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    return tuple(from_plain(kind, item) for kind, item in zip(kinds, value, strict=True))
