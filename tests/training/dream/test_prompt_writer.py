"""The prompt writer, on a tiny random language model that reads bytes."""

from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    GenerationConfig,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from exporters.errors import LichenError
from training.dream.dreamer import Interrupted
from training.dream.journey_file import load_journey
from training.dream.prompt_writer import suggest
from training.dream.writing_order import WritingOrder
from viewer.command import EXIT_USER_MISTAKE, main

CONTEXT_TOKENS = 256
PROMPTS = ("a lake at dawn", "風の道 🌊", 'quotes " and \\ backslashes')


def never() -> bool:
    return False


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token for each byte, so that it reads every script."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {character: index for index, character in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


@pytest.fixture(scope="session")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as transformers saves it; the model writes random letters, spaces and lines."""
    folder = tmp_path_factory.mktemp("writer")
    tokenizer = byte_tokenizer()
    allowed = tokenizer.encode(f"{ascii_lowercase} \n") + 6 * tokenizer.encode(" ")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=256,
                hidden_size=16,
                intermediate_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                max_position_embeddings=CONTEXT_TOKENS,
                bos_token_id=None,
                eos_token_id=None,
            )
        )
    refused = [token for token in range(256) if token not in allowed]
    model.generation_config = GenerationConfig(suppress_tokens=refused)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture()
def order(writer: Path, tmp_path: Path) -> WritingOrder:
    return WritingOrder(tmp_path, PROMPTS, writer, count=5, temperature=1.0, top_p=1.0)


def test_it_writes_as_many_different_lines_as_were_asked_for(order: WritingOrder) -> None:
    suggestions = list(suggest(order, never))
    assert len(set(suggestions)) == order.count
    for suggestion in suggestions:
        assert suggestion == suggestion.strip() != ""
        assert "\n" not in suggestion
        assert len(suggestion) <= order.longest_tokens


def test_a_seed_repeats_its_suggestions_whatever_else_draws_numbers(order: WritingOrder) -> None:
    first = list(suggest(order, never))
    again = []
    for suggestion in suggest(order, never):
        torch.rand(3)
        again.append(suggestion)
    assert again == first
    assert not set(first) & set(suggest(replace(order, random_seed=1), never))


def test_it_leaves_the_random_numbers_of_others_alone(order: WritingOrder) -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    list(suggest(order, never))
    assert torch.equal(torch.rand(3), expected)


def test_a_variation_keeps_how_its_prompt_begins(order: WritingOrder) -> None:
    suggestions = list(suggest(replace(order, mode="vary", count=3), never))
    beginnings = ("a lake", "風", "quotes")
    for suggestion, begins in zip(suggestions, beginnings, strict=True):
        assert suggestion.startswith(begins)
    assert not set(suggestions) & set(PROMPTS)


def test_no_prompt_is_suggested_again(order: WritingOrder) -> None:
    first = list(suggest(order, never))
    known = replace(order, prompts=(*PROMPTS, first[0].upper()))
    assert first[0] not in list(suggest(known, never))


def test_it_stops_within_a_token(order: WritingOrder) -> None:
    asked = 0

    def stop_at_the_third_token() -> bool:
        nonlocal asked
        asked += 1
        return asked >= 3

    with pytest.raises(Interrupted):
        list(suggest(order, stop_at_the_third_token))
    assert asked == 3


def test_more_prompts_than_the_model_can_read_are_cut(order: WritingOrder) -> None:
    long = replace(order, prompts=("lake " * 300, *PROMPTS), count=1)
    assert len(list(suggest(long, never))) == 1


def test_a_suggestion_must_fit_into_what_the_model_reads(order: WritingOrder) -> None:
    with pytest.raises(LichenError, match="ask for shorter ones"):
        list(suggest(replace(order, longest_tokens=CONTEXT_TOKENS), never))


def test_a_model_that_writes_nothing_of_use_says_so(
    order: WritingOrder, writer: Path, tmp_path: Path
) -> None:
    blank = tmp_path / "blank"
    model = LlamaForCausalLM.from_pretrained(writer)
    tokenizer = byte_tokenizer()
    space = tokenizer.encode(" ")[0]
    model.generation_config = GenerationConfig(
        suppress_tokens=[*range(space), *range(space + 1, 256)]
    )
    model.save_pretrained(blank)
    tokenizer.save_pretrained(blank)
    with pytest.raises(LichenError, match="nothing that can be a prompt"):
        list(suggest(replace(order, model=blank, count=1), never))


def copied(writer: Path, folder: Path, without: str) -> Path:
    folder.mkdir()
    for file in writer.iterdir():
        if file.name != without:
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json"])
def test_a_folder_that_lacks_a_part_is_refused(
    order: WritingOrder, writer: Path, tmp_path: Path, missing: str
) -> None:
    folder = copied(writer, tmp_path / "part", missing)
    with pytest.raises(LichenError, match="holds no causal language model that can be loaded"):
        list(suggest(replace(order, model=folder), never))


def test_damaged_files_are_refused(order: WritingOrder, writer: Path, tmp_path: Path) -> None:
    damaged = copied(writer, tmp_path / "damaged", "model.safetensors")
    (damaged / "model.safetensors").write_bytes(b"no weights")
    packed = tmp_path / "model.gguf"
    packed.write_bytes(b"GGUF and no more")
    for path in (damaged, packed):
        with pytest.raises(LichenError, match="holds no causal language model"):
            list(suggest(replace(order, model=path), never))


def test_the_command_prints_suggestions_and_writes_them_as_new_stages(
    order: WritingOrder, writer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journey, output = tmp_path / "journey.toml", tmp_path / "longer.json"
    journey.write_text('stages = [["a lake at dawn", 12], ["the sea", 8]]\nzoom = "1.03"\n')
    words = ["suggest-prompts", "--journey", f"{journey}", "--writer", f"{writer}", "--count", "2"]
    words += ["--temperature", "1", "--top-p", "1"]
    assert main([*words, "-o", f"{output}"]) == 0
    printed = capsys.readouterr().out.splitlines()
    longer = load_journey(output)
    assert [stage.prompt for stage in longer.stages] == ["a lake at dawn", "the sea", *printed]
    assert [stage.frames for stage in longer.stages] == [12, 8, 8, 8]
    assert longer.zoom == "1.03"
    same = replace(order, prompts=("a lake at dawn", "the sea"), count=2)
    assert printed == list(suggest(same, never))
    assert main([*words, "-o", f"{output}"]) == EXIT_USER_MISTAKE
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--prompt", "a lake"], "needs a causal language model"),
        (["--prompt", "a lake", "--writer", "absent"], "there is no language model absent"),
        (["--prompt", "a lake", "-o", "more.json"], "need a --journey"),
        (["--prompt", "a lake", "--journey", "journey.toml"], "leave out the others"),
        (["--journey", "journey.toml", "-o", "more.txt"], "must end in .json"),
        (["--count", "none"], "invalid int value"),
    ],
)
def test_mistakes_on_the_command_line_are_one_sentence(
    words: list[str],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["suggest-prompts", *words]) == EXIT_USER_MISTAKE
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
