"""What prompts are to be written, and by which language model: free of torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exporters.errors import LichenError
from training.dream.diffusers_options import check_random_seed
from training.dream.journey import check_prompt

WritingMode = Literal["continue", "vary"]

GGUF_SUFFIX = ".gguf"
# The line before the prompts, from which a model guesses what it reads.
THEME = "Descriptions of the pictures along a journey, one a line:"
MOST_SUGGESTIONS = 100
MOST_TOKENS = 400
HIGHEST_TEMPERATURE = 5.0


@dataclass(frozen=True)
class WritingOrder:
    """How a language model is to go on with prompts, or to vary them; its log lies in `folder`.

    `model` is a folder with a model and its tokenizer as transformers saves them, or a .gguf file.
    `theme` is the line that it reads before the prompts. The higher the `temperature` and `top_p`
    (the share of likelihood that tokens are drawn from), the bolder it writes; no suggestion takes
    more than `longest_tokens`. The same seed gives the same suggestions.
    """

    folder: Path
    prompts: tuple[str, ...] = ()
    model: Path | None = None
    mode: WritingMode = "continue"
    count: int = 4
    theme: str = THEME
    random_seed: int = 0
    temperature: float = 0.8
    top_p: float = 0.9
    longest_tokens: int = 40
    device: str = "auto"

    def __post_init__(self) -> None:
        """Raises LichenError for what no model could carry out."""
        for text in (self.theme, *self.prompts):
            check_prompt(text)
        if not 1 <= self.count <= MOST_SUGGESTIONS:
            raise LichenError(
                f"a model suggests 1 to {MOST_SUGGESTIONS} prompts at a time, not {self.count:,}."
            )
        if not 1 <= self.longest_tokens <= MOST_TOKENS:
            raise LichenError(
                f"a suggestion takes 1 to {MOST_TOKENS} tokens, not {self.longest_tokens:,}."
            )
        if not 0 < self.temperature <= HIGHEST_TEMPERATURE:
            raise LichenError(
                f"the temperature must be above 0 and up to {HIGHEST_TEMPERATURE:g}, "
                f"not {self.temperature:g}."
            )
        if not 0 < self.top_p <= 1:
            raise LichenError(f"top-p must be above 0 and up to 1, not {self.top_p:g}.")
        if self.mode == "vary" and not any(map(str.strip, self.prompts)):
            raise LichenError("there is no prompt to vary; write one first.")
        check_random_seed(self.random_seed)


def check_writer(model: Path | None) -> Path:
    """The model, where it looks like one at first sight.

    Raises:
        LichenError: none is named, or nothing there can be a language model.
    """
    if model is None:
        raise LichenError(
            "writing prompts needs a causal language model: fetch one, as `hf download "
            "HuggingFaceTB/SmolLM2-360M --local-dir writer` does, and name its folder, or name a "
            f"{GGUF_SUFFIX} file."
        )
    if not model.exists():
        raise LichenError(
            f"there is no language model {model}; name a folder that transformers saved, or a "
            f"{GGUF_SUFFIX} file."
        )
    is_model = model.suffix == GGUF_SUFFIX if model.is_file() else (model / "config.json").exists()
    if not is_model:
        raise LichenError(
            f"{model} is no language model; name a folder that holds config.json, weights and a "
            f"tokenizer, as transformers saves them, or a {GGUF_SUFFIX} file."
        )
    return model
