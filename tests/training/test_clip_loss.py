"""Automata trained from words, by a tiny CLIP that knows three colours."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from huggingface_hub import constants
from PIL import Image
from tiny_clip import COLOURS, save_tiny_clip
from torch import Tensor
from transformers import CLIPTextModel

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from training.dream.diffusion import hub
from training.losses.choose import choose_loss
from training.losses.clip import draw_cutouts, squared_angles
from training.losses.prompt_wish import PromptWish
from training.losses.style import StyleLoss
from training.losses.wish import LossWish
from training.networks.clip import USUAL_MODEL, find_clip
from training.plan import TrainingPlan
from training.targets.texture import TextureTarget, to_pictures
from training.trainer import Trainer
from viewer.command import main

SMALL = TrainingPlan(
    channels=8,
    hidden=24,
    fewest_steps=8,
    most_steps=12,
    grid_cells=16,
    batch=2,
    pool_size=4,
    learning_rate=4e-3,
)
TINY = "--no-check --channels 4 --hidden 8 --grid 16 --batch 1 --pool 4 --steps 4:6".split()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny_clip"
    save_tiny_clip(folder)
    return folder


@pytest.fixture(autouse=True)
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a hub that nobody answers for."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    return tmp_path / "hub"


def prompt_loss(clip: Path, *texts: str, negative: tuple[str, ...] = ()) -> StyleLoss:
    return choose_loss(LossWish(prompt=PromptWish(texts, negative, str(clip), 4)), None)


def plain(colour: str) -> Tensor:
    return torch.tensor(COLOURS[colour])[None, :, None, None].expand(1, 3, 24, 24)


def cost(loss: StyleLoss, colour: str) -> float:
    return float(loss(plain(colour), torch.Generator().manual_seed(0)))


def test_the_loss_falls_by_a_factor_and_the_colour_comes_out(clip: Path) -> None:
    trainer = Trainer(SMALL, TextureTarget(prompt_loss(clip, "red")), torch.device("cpu"))
    losses = [trainer.iterate(iteration / 80) for iteration in range(80)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) / 2
    red, green, blue = to_pictures(trainer.states).mean((0, 2, 3)).tolist()
    assert red > 0.15 + max(green, blue)


def test_gradients_reach_every_weight(clip: Path) -> None:
    trainer = Trainer(SMALL, TextureTarget(prompt_loss(clip, "blue")), torch.device("cpu"))
    trainer.iterate(0.0)
    trainer.predict()
    trainer.judge()
    trainer.backward()
    for parameter in trainer.trained_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0


def test_the_prompts_are_encoded_once(clip: Path) -> None:
    reads = []

    def note(module: torch.nn.Module, *_: object) -> None:
        reads.extend([module] if isinstance(module, CLIPTextModel) else [])

    hook = torch.nn.modules.module.register_module_forward_hook(note)
    try:
        loss = prompt_loss(clip, "red", "blue=2", negative=("green",))
        trainer = Trainer(SMALL, TextureTarget(loss), torch.device("cpu"))
        for _ in range(3):
            trainer.iterate(0.0)
    finally:
        hook.remove()
    assert len(reads) == 1


def test_weights_say_which_prompt_counts(clip: Path) -> None:
    assert cost(prompt_loss(clip, "red=9", "blue"), "red") < cost(
        prompt_loss(clip, "red=9", "blue"), "blue"
    )
    assert cost(prompt_loss(clip, "red", "blue=9"), "blue") < cost(
        prompt_loss(clip, "red", "blue=9"), "red"
    )
    # Weights are shares: one prompt's alone means nothing.
    assert cost(prompt_loss(clip, "red=9"), "blue") == cost(prompt_loss(clip, "red"), "blue")


def test_a_negative_prompt_keeps_away(clip: Path) -> None:
    alone, without_blue = prompt_loss(clip, "red"), prompt_loss(clip, "red", negative=("blue",))
    away = cost(without_blue, "blue") - cost(without_blue, "green")
    assert away > 0.3 + (cost(alone, "blue") - cost(alone, "green")) / 2
    assert "not 'blue'" in without_blue.description


def test_cutouts_come_from_the_whole_torus() -> None:
    columns = torch.arange(20.0).expand(1, 3, 20, 20)
    cutouts = draw_cutouts(columns, 40, 20, torch.Generator().manual_seed(0))
    assert cutouts.shape == (40, 3, 20, 20)
    assert {round(float(value)) for value in cutouts[:, 0, 0, 0]} >= set(range(0, 20, 4))
    # Where the last column is followed by the first, the picture goes on.
    crosses = (cutouts[..., 1:] < cutouts[..., :-1]).flatten(1).any(1)
    assert 5 < int(crosses.sum()) < 40


def test_angles_are_those_between_unit_vectors() -> None:
    angles = torch.tensor([0.0, 0.7, 1.6, 3.0])
    directions = torch.stack([angles.cos(), angles.sin()], 1)
    found = squared_angles(directions, directions[:1])
    torch.testing.assert_close(found[:, 0], angles.square() / 2, atol=1e-5, rtol=1e-4)


def test_a_prompt_beyond_what_is_read_is_refused(clip: Path) -> None:
    with pytest.raises(LichenError, match="tokens, and this CLIP model reads 77"):
        prompt_loss(clip, "moss " * 30)


def test_a_prompt_joins_a_picture(clip: Path) -> None:
    wish = LossWish("patch+0.5*clip", prompt=PromptWish(("red",), model=str(clip)))
    loss = choose_loss(wish, torch.rand(3, 48, 48, generator=torch.Generator().manual_seed(0)))
    assert loss.description == (
        "1 x sliced optimal transport on patches, which needs no network + "
        "0.5 x 'red' to CLIP (tiny_clip)"
    )
    with_default = choose_loss(LossWish(prompt=wish.prompt, network="eye"), torch.rand(3, 48, 48))
    assert with_default.description.startswith("1 x sliced optimal transport on features of")
    assert with_default.description.endswith("+ 1 x 'red' to CLIP (tiny_clip)")


def train(output: Path, clip: Path, *options: str) -> int:
    words = ["--clip", str(clip), "--cutouts", "2", "-o", str(output)]
    return main(["train", "--prompt", "red", *words, *TINY, *options])


def test_the_command_learns_from_a_prompt_alone(clip: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    report = tmp_path / "a.html"
    options = ("--iterations", "3", "--negative-prompt", "blue=0.5", "--name", "same")
    assert train(outputs[0], clip, *options, "--report", str(report)) == 0
    assert train(outputs[1], clip, *options) == 0
    first, second = map(load_automaton, outputs)
    np.testing.assert_array_equal(first.hidden_weight, second.hidden_weight)
    np.testing.assert_array_equal(first.update_weight, second.update_weight)
    assert first.update_weight.any() and first.credits.exemplar == ""
    page = report.read_text("utf-8")
    assert "&#x27;red&#x27; to CLIP" in page and "<b>exemplar</b>" not in page


def test_a_resumed_training_comes_to_the_same(clip: Path, tmp_path: Path) -> None:
    whole, parted = tmp_path / "whole.safetensors", tmp_path / "parted.safetensors"
    plainly = ("--schedule", "drops", "--steps-rise", "0")
    assert train(whole, clip, "--iterations", "4", *plainly) == 0
    assert train(parted, clip, "--iterations", "2", *plainly) == 0
    assert train(parted, clip, "--iterations", "4", *plainly, "--resume") == 0
    np.testing.assert_allclose(
        load_automaton(whole).update_weight, load_automaton(parted).update_weight, rtol=1e-6
    )


def test_a_prompt_makes_a_filter(clip: Path, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "teal").save(tmp_path / "content.png")
    output = tmp_path / "lens.safetensors"
    content = ("--content", str(tmp_path / "content.png"), "--iterations", "1")
    assert train(output, clip, *content) == 0
    assert load_automaton(output).content_channels == 3


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda folder: shutil.rmtree(folder), "there is no folder"),
        (lambda folder: (folder / "config.json").unlink(), "holds no model"),
        (lambda folder: set_kind(folder, "siglip"), "holds a siglip model"),
        (lambda folder: (folder / "model.safetensors").unlink(), "lacks its weights"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"no"), "cannot be loaded"),
    ],
)
def test_a_folder_without_a_model_is_one_sentence(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: object, word: str
) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(clip, spoilt)
    spoil(spoilt)
    assert train(tmp_path / "mine.safetensors", spoilt) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
    assert not (tmp_path / "mine.safetensors").exists()


def set_kind(folder: Path, kind: str) -> None:
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | {"model_type": kind}))


@pytest.mark.parametrize("package", ["transformers", "huggingface_hub"])
def test_a_missing_package_is_one_sentence(
    clip: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    wish = PromptWish(("red",), model=None if package == "huggingface_hub" else str(clip))
    with pytest.raises(LichenError, match=f"a prompt needs the 'dream' extra, of which {package}"):
        choose_loss(LossWish(prompt=wish), None)


def test_nothing_is_fetched_unasked() -> None:
    with pytest.raises(LichenError, match=r"allow with --download that openai/.* be fetched"):
        find_clip(None, download=False)
    with pytest.raises(LichenError, match="allow with --download that some/clip"):
        find_clip("some/clip", download=False)
    with pytest.raises(LichenError, match="could not be fetched"):
        find_clip("some/clip", download=True, tell=lambda text: None)


def test_what_was_fetched_before_is_found(clip: Path, hub_cache: Path) -> None:
    repository = hub_cache / f"models--{USUAL_MODEL.replace('/', '--')}"
    commit = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(clip, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    for name in (None, USUAL_MODEL):
        assert find_clip(name, download=False) == repository / "snapshots" / commit


def test_only_what_it_is_loaded_from_is_fetched() -> None:
    names = ["config.json", "merges.txt", "model.fp16.safetensors", "pytorch_model.bin"]
    others = ["tf_model.h5", "flax_model.msgpack", "README.md", "onnx/model.onnx"]
    assert hub.ONE_FOLDER.needed_files([*names, *others]) == [
        "config.json",
        "merges.txt",
        "pytorch_model.bin",
    ]
