"""A journey that is being written: any field may hold a mistake, which is told beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from exporters.errors import LichenError
from training.dream.journey import MOST_FRAMES, Journey, Loop, SeedMode, Stage
from training.dream.schedule import Schedule

USUAL_FRAMES = 60
# What suits each dreamer, until the user says otherwise.
PATCH_VALUES = {"zoom": "1.04", "strength": "0.8", "palette_match": "0"}
MODEL_VALUES = {"zoom": "1.02", "strength": "0.4", "palette_match": "0.3"}


@dataclass(frozen=True)
class Row:
    """One stage as it is written."""

    prompt: str = ""
    frames: int = USUAL_FRAMES

    def stage(self) -> Stage:
        """The stage for it. Raises LichenError for what no journey could use."""
        return Stage(self.prompt, self.frames)


@dataclass(frozen=True)
class JourneyDraft:
    """Becomes a journey once all its fields can be read; they mean what a Journey's do."""

    rows: tuple[Row, ...] = (Row("start"),)
    zoom: str = PATCH_VALUES["zoom"]
    vanishing_x: str = "0.5"
    vanishing_y: str = "0.5"
    rotation_degrees: str = "0"
    strength: str = PATCH_VALUES["strength"]
    guidance: str = "7"
    palette_match: str = PATCH_VALUES["palette_match"]
    fade_frames: int = 6
    negative_prompt: str = ""
    random_seed: int = 0
    seed_mode: SeedMode = "step"
    loop: Loop = "portal"

    @staticmethod
    def of(journey: Journey) -> "JourneyDraft":
        """A journey to write on."""
        names = {field.name for field in fields(JourneyDraft)} - {"rows"}
        rows = tuple(Row(stage.prompt, stage.frames) for stage in journey.stages)
        return JourneyDraft(rows, **{name: getattr(journey, name) for name in names})

    @property
    def frame_count(self) -> int:
        """Frames in all."""
        return sum(row.frames for row in self.rows)

    @property
    def aim(self) -> tuple[float, float] | None:
        """Where the first frame moves towards; None where that cannot be read."""
        try:
            x, y = (
                Schedule(text).at(0, self.frame_count)
                for text in (self.vanishing_x, self.vanishing_y)
            )
        except LichenError:
            return None
        return x, y

    def journey(self) -> Journey:
        """The journey. Raises LichenError for the first of its mistakes."""
        values: dict[str, Any] = asdict(self)
        del values["rows"]
        return Journey(tuple(row.stage() for row in self.rows), **values)

    def complaint(self, name: str) -> str:
        """What is wrong with one field, or nothing."""
        return _complaint(name, getattr(self, name), self.frame_count)

    def suited(self, before: dict[str, str], after: dict[str, str]) -> "JourneyDraft":
        """For another dreamer: what still is as suited the one becomes what suits the other."""
        still = (name for name, value in before.items() if getattr(self, name) == value)
        return self.with_schedules({name: after[name] for name in still})

    def with_schedules(self, texts: Mapping[str, str]) -> "JourneyDraft":
        """With other texts for some of its schedules, by name."""
        changes: dict[str, Any] = dict(texts)
        return replace(self, **changes)

    def with_row(self, place: int, row: Row) -> "JourneyDraft":
        """With another row at a place."""
        return replace(self, rows=(*self.rows[:place], row, *self.rows[place + 1 :]))

    def without_row(self, place: int) -> "JourneyDraft":
        """With one row less; the last one stays, since a journey has at least one."""
        rows = (*self.rows[:place], *self.rows[place + 1 :])
        return replace(self, rows=rows or self.rows)

    def moved_row(self, place: int, offset: int) -> "JourneyDraft":
        """With a row so many places further."""
        rows = list(self.rows)
        row = rows.pop(place)
        rows.insert(max(place + offset, 0), row)
        return replace(self, rows=tuple(rows))

    def with_prompts(self, prompts: tuple[str, ...]) -> "JourneyDraft":
        """With new rows at the end, each as long as the last one is now."""
        frames = self.rows[-1].frames
        return replace(self, rows=(*self.rows, *(Row(prompt, frames) for prompt in prompts)))


@lru_cache(maxsize=256)
def _complaint(name: str, value: Any, frame_count: int) -> str:
    """Kept, since a panel asks in every frame and a long journey takes a while to be read."""
    values: dict[str, Any] = {name: value}
    try:
        Journey((Stage("", min(max(frame_count, 1), MOST_FRAMES)),), **values)
    except LichenError as error:
        return str(error)
    return ""
