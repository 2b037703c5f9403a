"""What a language model reads before it writes a prompt, and what is kept of its answer."""

import re

from exporters.targets.plain_text import one_line
from training.dream.journey import LONGEST_PROMPT
from training.dream.writing_order import WritingOrder

# More would take a small model long to read, and the last ones tell best what comes next.
MOST_EXAMPLES = 20
BULLET = "-"
NUMBERING = re.compile(r"(?:[-*•–—]+\s*|\(?\d{1,3}[.):]\s+)+")
QUOTES = "\"'`“”‘’«»"
LOOSE_ENDS = " -–—,;:"
# Where a text that was cut off may end, the best place first.
ENDINGS = (".!?。！？", ",;:、，；", " ")


def prime(order: WritingOrder, written: list[str], attempt: int) -> tuple[str, str]:
    """A list of prompts that breaks off where the model is to go on, and what it broke off at.

    Going on, that is an empty line after all prompts. For a variation it is the first half of one
    of them: a new ending is what even the smallest models write well, where asking for another
    wording takes one that follows instructions.
    """
    prompts = [one_line(prompt, LONGEST_PROMPT) for prompt in order.prompts if prompt.strip()]
    if order.mode == "vary":
        begins = _first_half(prompts[attempt % len(prompts)])
        examples = [prompt for prompt in prompts if not prompt.startswith(begins)]
    else:
        begins, examples = "", [*prompts, *written]
    lines = [one_line(order.theme, LONGEST_PROMPT), *examples[-MOST_EXAMPLES:], begins]
    return f"\n{BULLET} ".join(lines).rstrip(), begins


def whole_phrases(text: str) -> str:
    """A text that broke off, up to its last whole sentence, else phrase, else word."""
    for ends in ENDINGS:
        place = max(map(text.rfind, ends))
        if place > 0:
            return text[: place + 1]
    return text


def clean(text: str) -> str:
    """A suggestion on one line, without numbering, quotes and loose ends; may be empty."""
    line = one_line(text.replace("\ufffd", " "), LONGEST_PROMPT)
    line = line[match.end() :] if (match := NUMBERING.match(line)) else line
    line = line.strip(QUOTES + LOOSE_ENDS)
    return line if any(map(str.isalpha, line)) else ""


def _first_half(prompt: str) -> str:
    """Whole words, where there are any."""
    half = prompt[: (len(prompt) + 1) // 2]
    return half.rpartition(" ")[0] or half
