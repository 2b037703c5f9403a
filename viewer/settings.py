"""What the window remembers from one day to the next; also its live controls."""

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from viewer.simulation import LARGEST_GRID_CELLS

log = logging.getLogger(__name__)

LARGEST_WINDOW_SIDE = 32_768
LARGEST_STEPS_PER_SECOND = 1000.0
LARGEST_BRUSH_RADIUS_CELLS = 256.0
SMALLEST_BRUSH_RADIUS_CELLS = 0.5
LARGEST_CONTENT_STRENGTH = 2.0

BrushKind = Literal["colour", "stamp"]


@dataclass(frozen=True)
class Settings:
    """Every control that outlives the window; values outside their range raise ValueError.

    `automaton` and `stamp` are paths of automaton files, empty where none was chosen.
    """

    window_width: int = 1280
    window_height: int = 800
    panel_visible: bool = True
    automaton: str = ""
    grid_width: int = 256
    grid_height: int = 256
    steps_per_second: float = 60.0
    smooth: bool = False
    tiled: bool = True
    brush_kind: BrushKind = "colour"
    brush_colour: tuple[float, float, float] = (0.95, 0.55, 0.2)
    brush_radius_cells: float = 12.0
    stamp: str = ""
    content_strength: float = 1.0
    content_memory: float = 1.0

    @property
    def grid(self) -> tuple[int, int]:
        """Width and height in cells."""
        return self.grid_width, self.grid_height

    def __post_init__(self) -> None:
        for side in (self.window_width, self.window_height):
            _check_range("window size", side, 1, LARGEST_WINDOW_SIDE)
        for side in self.grid:
            _check_range("grid size", side, 1, LARGEST_GRID_CELLS)
        _check_range("steps per second", self.steps_per_second, 0, LARGEST_STEPS_PER_SECOND)
        _check_range(
            "brush radius",
            self.brush_radius_cells,
            SMALLEST_BRUSH_RADIUS_CELLS,
            LARGEST_BRUSH_RADIUS_CELLS,
        )
        _check_range("content strength", self.content_strength, 0, LARGEST_CONTENT_STRENGTH)
        _check_range("content memory", self.content_memory, 0, 1)
        if self.brush_kind not in get_args(BrushKind):
            raise ValueError(f"the brush {self.brush_kind!r} is unknown")
        if len(self.brush_colour) != 3:
            raise ValueError("the brush colour needs three numbers")
        for level in self.brush_colour:
            _check_range("brush colour", level, 0, 1)


def settings_path() -> Path:
    """Where the settings live; neither the file nor its folder may exist yet."""
    return platformdirs.user_config_path("lichen", appauthor=False) / "settings.json"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; no file gives the defaults, so does a damaged one with a log line."""
    path = path or settings_path()
    try:
        return _settings_from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        log.warning("ignoring the settings in %s: %s", path, error)
        return Settings()


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the settings whole; where that fails, a log line says so and nothing is lost."""
    path = path or settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(asdict(settings), indent=2), encoding="utf-8")
    except (OSError, LichenError) as error:
        log.warning("the settings were not saved: %s", error)


def _settings_from_json(stored: Any) -> Settings:
    """Take the fields we know; a value of another type than the default raises TypeError."""
    if not isinstance(stored, dict):
        raise TypeError("it holds no JSON object")
    defaults = asdict(Settings())
    known = {field.name for field in fields(Settings)} & set(stored)
    values = {name: _convert(name, stored[name], defaults[name]) for name in known}
    return Settings(**values)


def _convert(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        return tuple(_convert(name, item, 0.0) for item in value)
    if isinstance(default, float) and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        raise TypeError(f"{name} is {value!r}")
    return value


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"the {name} {value} is outside {low} to {high}")
