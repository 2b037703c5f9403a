"""The automaton file: safetensors with one versioned JSON entry, never pickle.

docs/AUTOMATON.md describes the format for other readers and writers.
"""

import json
import struct
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from exporters.atomic import atomic_path
from exporters.automaton import Automaton, Credits
from exporters.content import CONTENT_CHANNELS
from exporters.errors import LichenError
from exporters.seed import Seed
from exporters.verdict import WORDS, Verdict

FORMAT_VERSION = 1
METADATA_KEY = "lichen"
LARGEST_FILE_BYTES = 16 * 2**20
TENSOR_NAMES = ("hidden_weight", "hidden_bias", "update_weight", "update_bias")
# Features beyond the base format that this reader understands, by the name files use.
ALIVE_MASKING = "alive_masking"
CONTENT = "content_channels"
KNOWN_FEATURES = frozenset({ALIVE_MASKING, CONTENT})


def save_automaton(automaton: Automaton, path: Path | str) -> None:
    """Write the file whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    with atomic_path(path) as temporary:
        temporary.write_bytes(automaton_to_bytes(automaton))


def load_automaton(path: Path | str) -> Automaton:
    """Read and validate an automaton file.

    Raises:
        LichenError: there is no such file, it is too large, damaged, or no automaton.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise LichenError(f"cannot read {path}: {error.strerror or error}.") from error
    return automaton_from_bytes(data, str(path))


def automaton_to_bytes(automaton: Automaton) -> bytes:
    """Encode an automaton; the same automaton gives the same bytes."""
    tensors = {name: np.ascontiguousarray(getattr(automaton, name)) for name in TENSOR_NAMES}
    description = {
        "format_version": FORMAT_VERSION,
        "requires": _required_features(automaton),
        "name": automaton.name,
        "update_rate": automaton.update_rate,
        "filter_scales": list(automaton.filter_scales),
        "clamp": None if automaton.clamp is None else list(automaton.clamp),
        "seed": asdict(automaton.seed),
        "erase_value": automaton.erase_value,
        "display": automaton.display,
        "credits": asdict(automaton.credits),
        "verdict": None if automaton.verdict is None else asdict(automaton.verdict),
    }
    text = json.dumps(description, ensure_ascii=False)
    # Halved characters, which JSON can bring in and no file can hold, become question marks.
    metadata = {METADATA_KEY: text.encode("utf-8", "replace").decode()}
    return safetensors.numpy.save(tensors, metadata)


def automaton_from_bytes(data: bytes, source: str = "the snapshot") -> Automaton:
    """Decode and validate the bytes of an automaton file; `source` names it in errors.

    Raises:
        LichenError: the bytes are too many, damaged, or hold no automaton.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise LichenError(f"{source} is larger than {LARGEST_FILE_BYTES >> 20} MiB: no automaton.")
    description = _read_description(data, source)
    try:
        tensors = safetensors.numpy.load(data)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise LichenError(f"{source} is damaged or cut short ({error}).") from error
    if set(tensors) != set(TENSOR_NAMES):
        raise LichenError(
            f"{source} holds the tensors {sorted(tensors)}, "
            f"an automaton has exactly {sorted(TENSOR_NAMES)}."
        )
    try:
        return Automaton(**(tensors | _interpret(description)))
    except LichenError as error:
        raise LichenError(f"{source}: {error}") from error
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise LichenError(f"{source}: its metadata does not fit the format ({error}).") from error


def _required_features(automaton: Automaton) -> list[str]:
    features = {ALIVE_MASKING: automaton.alive_masking, CONTENT: automaton.content_channels}
    return [name for name, is_used in features.items() if is_used]


def _read_description(data: bytes, source: str) -> dict[str, Any]:
    """Take the JSON entry out of the safetensors header, without trusting its sizes."""
    no_automaton = (
        f"{source} is not an automaton file; 'lichen import' reads those of other programs."
    )
    if len(data) < 8:
        raise LichenError(no_automaton)
    (header_bytes,) = struct.unpack("<Q", data[:8])
    if header_bytes > len(data) - 8:
        raise LichenError(no_automaton)
    try:
        header = json.loads(data[8 : 8 + header_bytes])
        description = json.loads(header["__metadata__"][METADATA_KEY])
        version, required = description["format_version"], set(description.get("requires", ()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LichenError(no_automaton) from error
    if version != FORMAT_VERSION:
        raise LichenError(
            f"{source} has format version {version!r}, "
            f"this Lichen reads {FORMAT_VERSION}; update Lichen."
        )
    if unknown := required - KNOWN_FEATURES:
        names = ", ".join(sorted(map(repr, unknown)))
        raise LichenError(
            f"{source} needs {names:.200}, which this Lichen does not know; update Lichen."
        )
    return dict(description)


def _interpret(description: dict[str, Any]) -> dict[str, Any]:
    """Turn the JSON values into the dataclass's own types; absent fields keep defaults."""
    required = description.get("requires", ())
    values: dict[str, Any] = {
        "alive_masking": ALIVE_MASKING in required,
        "content_channels": CONTENT_CHANNELS if CONTENT in required else 0,
    }
    for key in ("name", "display"):
        if key in description:
            values[key] = _text(key, description[key])
    for key in ("update_rate", "erase_value"):
        if key in description:
            values[key] = _number(key, description[key])
    if "filter_scales" in description:
        values["filter_scales"] = _numbers("filter_scales", description["filter_scales"])
    if description.get("clamp") is not None:
        low, high = _numbers("clamp", description["clamp"])
        values["clamp"] = (low, high)
    if "seed" in description:
        seed = description["seed"]
        values["seed"] = Seed(
            _text("seed kind", seed["kind"]),  # type: ignore[arg-type]  # Seed validates it
            _number("seed low", seed.get("low", 0)),
            _number("seed high", seed.get("high", 0)),
        )
    credits = description.get("credits", {})
    known = {item.name for item in fields(Credits)}
    values["credits"] = Credits(
        **{key: _text(key, value) for key, value in credits.items() if key in known}
    )
    verdict = description.get("verdict")
    # A word of a later Lichen is passed over: the automaton runs all the same.
    if verdict is not None and verdict["word"] in WORDS:
        steps = int(_number("verdict steps", verdict["steps"]))
        values["verdict"] = Verdict(
            verdict["word"], _text("verdict reason", verdict["reason"]), steps
        )
    return values


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{key} is {value!r}, not a text")
    return value


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} is {value!r}, not a number")
    return float(value)


def _numbers(key: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{key} is {value!r}, not a list")
    return tuple(_number(key, item) for item in value)
