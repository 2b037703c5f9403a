"""The prompts of a training as they are written, each in a row with its weight."""

from dataclasses import dataclass, replace

from exporters.errors import LichenError
from training.losses.prompt_wish import PromptWish

USUAL_WEIGHT = "1"


@dataclass(frozen=True)
class PromptRow:
    """What it is to look like, or with `is_negative` what not; an empty text counts for nothing."""

    text: str = ""
    weight: str = USUAL_WEIGHT
    is_negative: bool = False

    @property
    def written(self) -> str:
        """As the command takes it: the weight stands after the last equals sign, or nowhere."""
        needs_no_weight = self.weight.strip() == USUAL_WEIGHT and "=" not in self.text
        return self.text.strip() if needs_no_weight else f"{self.text.strip()}={self.weight}"


@dataclass(frozen=True)
class PromptDraft:
    """Becomes a wish once all its rows can be read."""

    rows: tuple[PromptRow, ...] = (PromptRow(),)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return not any(row.text.strip() for row in self.rows)

    @property
    def complaint(self) -> str:
        """What is wrong with the first row that cannot be used, or nothing."""
        try:
            self.wish(None)
        except LichenError as error:
            return str(error)
        return ""

    def wish(self, model: str | None) -> PromptWish:
        """The wish that a CLIP model is to read. Raises LichenError for its first mistake."""
        if self.is_empty:
            return PromptWish()
        texts, negative_texts = self._written(False), self._written(True)
        if not texts:
            raise LichenError("write also what it is to look like, not only what not.")
        return PromptWish(texts, negative_texts, model)

    def with_row(self, place: int, row: PromptRow) -> "PromptDraft":
        """With another row at a place."""
        return replace(self, rows=(*self.rows[:place], row, *self.rows[place + 1 :]))

    def without_row(self, place: int) -> "PromptDraft":
        """With one row less; where none is left, with an empty one."""
        return replace(self, rows=(*self.rows[:place], *self.rows[place + 1 :]) or (PromptRow(),))

    def with_new_row(self, is_negative: bool) -> "PromptDraft":
        """With an empty row; what it is not to look like stands last."""
        place = self.place_of_new_row(is_negative)
        row = PromptRow(is_negative=is_negative)
        return replace(self, rows=(*self.rows[:place], row, *self.rows[place:]))

    def place_of_new_row(self, is_negative: bool) -> int:
        """Behind all others of its kind."""
        return len([row for row in self.rows if is_negative or not row.is_negative])

    def _written(self, is_negative: bool) -> tuple[str, ...]:
        rows = (row for row in self.rows if row.is_negative == is_negative)
        return tuple(row.written for row in rows if row.text.strip())
