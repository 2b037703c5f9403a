"""Prompts by a causal language model, which reads a list of them and writes the next line."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    StoppingCriteria,
    StoppingCriteriaList,
)

from exporters.errors import LichenError
from training.dream.diffusion.quiet import quiet_libraries
from training.dream.dreamer import Interrupted, ShouldStop
from training.dream.priming import clean, prime, whole_phrases
from training.dream.writing_order import WritingOrder, check_writer
from training.out_of_memory import out_of_memory_explained
from training.prepare import find_device

# So often a line may be of no use, for each that is asked for.
ATTEMPTS_A_SUGGESTION = 4
# What a model reads at once where its settings do not tell.
USUAL_CONTEXT_TOKENS = 1024
MEMORY_ADVICE = "choose a smaller language model"


def suggest(order: WritingOrder, should_stop: ShouldStop) -> Iterator[str]:
    """Write prompts, one after the other; none is empty, repeated, or one of those given.

    The same order gives the same suggestions. They are fewer than asked for where the model
    repeats itself too often.

    Raises:
        LichenError: there is no such model, or nothing that it writes can be a prompt.
        Interrupted: it should stop; asked at every token.
    """
    with out_of_memory_explained(MEMORY_ADVICE, "language model"):
        writer = _Writer(order, should_stop)
        written: list[str] = []
        known = {prompt.casefold() for prompt in map(clean, order.prompts)}
        for attempt in range(ATTEMPTS_A_SUGGESTION * order.count):
            text, begins = prime(order, written, attempt)
            ending = writer.write(text, order.random_seed << 16 | attempt)
            suggestion = clean(begins + ending) if ending.strip() else ""
            if suggestion and suggestion.casefold() not in known:
                known.add(suggestion.casefold())
                written.append(suggestion)
                yield suggestion
            if len(written) == order.count:
                return
    if not written:
        raise LichenError(
            "the language model wrote nothing that can be a prompt; try another seed, a higher "
            "temperature or another model."
        )


class _Writer:
    """An open model."""

    def __init__(self, order: WritingOrder, should_stop: ShouldStop) -> None:
        self._order = order
        self._should_stop = should_stop
        device = find_device(order.device)
        path = check_writer(order.model)
        self._tokenizer, self._model = _open(path)
        self._model.to(device)  # type: ignore[arg-type]
        settings = self._model.config.get_text_config()
        context = getattr(settings, "max_position_embeddings", None) or USUAL_CONTEXT_TOKENS
        if context <= order.longest_tokens:
            raise LichenError(
                f"{path} reads {context} tokens at once, which leaves no room for suggestions of "
                f"{order.longest_tokens}; ask for shorter ones."
            )
        self._most_tokens = context - order.longest_tokens

    def write(self, text: str, random_seed: int) -> str:
        """What follows a text on its line. Raises Interrupted."""
        tokens = self._tokenizer(text, return_tensors="pt").input_ids[:, -self._most_tokens :]
        tokens = tokens.to(self._model.device)
        line = _Line(self._tokenizer, tokens, self._should_stop)
        devices = [tokens.device] if tokens.device.type == "cuda" else []
        with torch.random.fork_rng(devices), quiet_libraries(("transformers",)):
            torch.manual_seed(random_seed)
            generate: Any = self._model.generate
            answer = generate(
                tokens,
                attention_mask=torch.ones_like(tokens),
                do_sample=True,
                temperature=self._order.temperature,
                top_p=self._order.top_p,
                top_k=0,
                max_length=None,
                max_new_tokens=self._order.longest_tokens,
                pad_token_id=0,
                stopping_criteria=StoppingCriteriaList([line]),
            )
        written, newline, _ = line.text(answer[0]).partition("\n")
        broke_off = not newline and answer.shape[1] - tokens.shape[1] == self._order.longest_tokens
        return whole_phrases(written) if broke_off else written


class _Line(StoppingCriteria):
    """Ends the writing after one line, and at once where it should stop."""

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, tokens: Tensor, should_stop: ShouldStop
    ) -> None:
        self._tokenizer = tokenizer
        self._should_stop = should_stop
        self._read_characters = len(self._decode(tokens[0]))

    def __call__(self, input_ids: Tensor, scores: Tensor, **arguments: Any) -> Tensor:
        """Whether each row [batch] has ended. Raises Interrupted."""
        if self._should_stop():
            raise Interrupted
        ended = ["\n" in self.text(tokens) for tokens in input_ids]
        return torch.tensor(ended, device=input_ids.device)

    def text(self, tokens: Tensor) -> str:
        """What was written after what was read; decoded as a whole, since spaces depend on it."""
        return self._decode(tokens)[self._read_characters :]

    def _decode(self, tokens: Tensor) -> str:
        return str(
            self._tokenizer.decode(
                tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        )


def _open(path: Path) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """A model and its tokenizer; nothing is fetched and no code of the folder is run."""
    where: dict[str, Any] = {"pretrained_model_name_or_path": str(path), "local_files_only": True}
    if path.is_file():
        where |= {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    try:
        # The bar that reads packed files cannot be switched off.
        with quiet_libraries(("transformers",)), redirect_stderr(io.StringIO()):
            tokenizer = AutoTokenizer.from_pretrained(**where)
            model = AutoModelForCausalLM.from_pretrained(dtype=torch.float32, **where)
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise whatever they stumble over
        reason = str(error).strip().partition("\n")[0][:200]
        raise LichenError(
            f"{path} holds no causal language model that can be loaded: "
            f"{reason or type(error).__name__}."
        ) from error
    return tokenizer, model
