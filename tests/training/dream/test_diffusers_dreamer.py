"""Dreams with diffusion models: tiny ones with random weights, through the real code."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from huggingface_hub import constants
from PIL import Image

from checkpoint_file import save_checkpoint
from exporters.errors import LichenError
from training.benchmarks.random_pipeline import save_random_pipeline
from training.dream.camera import Picture
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.imagination import Imagination
from training.dream.diffusion.model_files import find_model
from training.dream.diffusion.picture_guidance import (
    StructureLoss,
    predict,
    signal_and_noise,
)
from training.dream.diffusion.prompts import slerp
from training.dream.diffusion.quiet import quiet_libraries
from training.dream.diffusion.scheduler_names import SCHEDULERS
from training.dream.dreamer import Interrupted, ShouldStop, Tell
from training.dream.first_pictures import FirstPictures
from training.dream.journey import FrameSettings
from training.eye.network import load_eye
from training.losses.ot import OptimalTransportLoss

SIDE = 32
STEPS = 4
FRAME: Picture = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)


def settings(**changes: Any) -> FrameSettings:
    values: dict[str, Any] = {
        "prompts": (("a pond of koi", 1.0),),
        "zoom": 1.02,
        "vanishing_point": (0.5, 0.5),
        "rotation_degrees": 0.0,
        "strength": 0.5,
        "guidance": 7.0,
        "palette_match": 0.0,
        "random_seed": 3,
    }
    return FrameSettings(**{**values, **changes})


def never() -> bool:
    return False


def open_dreamer(
    model: Path, should_stop: ShouldStop = never, tell: Tell = print, **options: Any
) -> DiffusersDreamer:
    return DiffusersDreamer(
        DiffusersOptions(model=str(model), **{"steps": STEPS, **options}),
        (SIDE, SIDE),
        should_stop,
        tell,
    )


def pipeline_of(dreamer: DiffusersDreamer | FirstPictures) -> Any:
    return dreamer._imagination.pipeline


def count_calls(module: torch.nn.Module) -> list[None]:
    calls: list[None] = []
    module.register_forward_hook(lambda *_: calls.append(None))
    return calls


@pytest.fixture(scope="module")
def dreamer(tiny_pipeline: Path) -> DiffusersDreamer:
    return open_dreamer(tiny_pipeline, scheduler="ddim")


@pytest.fixture(scope="module")
def xl_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-xl"
    save_random_pipeline(folder, is_xl=True)
    return folder


def difference(one: Picture, other: Picture) -> float:
    return float(np.abs(one - other).mean())


def test_the_same_frame_and_settings_give_the_same_picture(dreamer: DiffusersDreamer) -> None:
    first = dreamer.dream(FRAME, settings())
    assert first.shape == FRAME.shape and first.dtype == np.float32
    assert np.array_equal(dreamer.dream(FRAME, settings()), first)
    assert difference(dreamer.dream(FRAME, settings(random_seed=4)), first) > 1e-3
    assert difference(dreamer.dream(FRAME, settings(negative_prompt="fog")), first) > 1e-6


def test_a_strength_of_nothing_leaves_the_frame_alone(dreamer: DiffusersDreamer) -> None:
    assert dreamer.dream(FRAME, settings(strength=0.0)) is FRAME


def test_sides_that_no_decoder_can_make_come_back_as_they_were(dreamer: DiffusersDreamer) -> None:
    for height, width in ((33, 47), (SIDE + 7, SIDE + 1)):
        frame = np.random.default_rng(1).random((height, width, 3), np.float32)
        assert dreamer.dream(frame, settings()).shape == frame.shape


@pytest.mark.parametrize(
    ("strength", "real_steps"), [(0.001, 1), (0.1, 1), (0.5, 2), (0.7, 3), (0.99, 4), (1.0, 4)]
)
def test_any_strength_takes_at_least_one_step_from_its_own_noise(
    dreamer: DiffusersDreamer, strength: float, real_steps: int
) -> None:
    times: list[float] = []
    hook = pipeline_of(dreamer).unet.register_forward_pre_hook(
        lambda _, inputs: times.append(float(inputs[1]))
    )
    dreamer.dream(FRAME, settings(strength=strength))
    hook.remove()
    assert len(times) == real_steps
    # A fraction of a thousand levels of noise, met as nearly as the steps allow.
    assert times[0] / 1000 == pytest.approx(strength, abs=0.6 * strength / real_steps + 0.002)


def test_weights_mix_prompts_without_a_jump(dreamer: DiffusersDreamer) -> None:
    def mixed(share: float) -> Picture:
        prompts = (("a pond of koi", 1 - share), ("lichen on a stone", share))
        return dreamer.dream(FRAME, settings(prompts=prompts))

    ends = mixed(0.0), mixed(1.0)
    assert np.allclose(ends[0], dreamer.dream(FRAME, settings()), atol=1e-5)
    assert difference(*ends) > 1e-5
    way = [mixed(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    jumps = [difference(one, other) for one, other in zip(way, way[1:], strict=False)]
    assert max(jumps) < 0.6 * difference(*ends)
    assert difference(mixed(0.5), mixed(0.501)) < 0.01 * difference(*ends)


def test_the_order_of_prompts_means_nothing(dreamer: DiffusersDreamer) -> None:
    prompts = (("sea", 0.2), ("moss", 0.3), ("koi", 0.5))
    one = dreamer.dream(FRAME, settings(prompts=prompts))
    assert np.array_equal(dreamer.dream(FRAME, settings(prompts=prompts[::-1])), one)


def test_turning_keeps_lengths_and_meets_both_ends() -> None:
    one, other = torch.tensor([[2.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 2.0], [1.0, 0.0]])
    halfway = slerp(one, other, 0.5)
    assert halfway[0].tolist() == pytest.approx([math.sqrt(2), math.sqrt(2)])
    assert halfway[1].tolist() == pytest.approx([1.0, 0.0])
    assert torch.allclose(slerp(one, other, 0.0), one)
    assert torch.allclose(slerp(one, other, 1.0), other, atol=1e-6)


def test_a_prompt_is_encoded_once(tiny_pipeline: Path) -> None:
    dreamer = open_dreamer(tiny_pipeline)
    calls = count_calls(pipeline_of(dreamer).text_encoder)
    for share in (0.2, 0.5, 0.8):
        prompts = (("koi", 1 - share), ("lichen", share))
        dreamer.dream(FRAME, settings(prompts=prompts, negative_prompt="text"))
    assert len(calls) == 3


def test_a_prompt_too_long_for_the_model_is_told_of(tiny_pipeline: Path) -> None:
    told: list[str] = []
    dreamer = open_dreamer(tiny_pipeline, tell=told.append)
    for _ in range(2):
        dreamer.dream(FRAME, settings(prompts=(("苔" * 100, 1.0),)))
    assert len(told) == 1 and "77 tokens" in told[0]


@pytest.mark.parametrize("name", SCHEDULERS)
def test_every_scheduler_dreams_and_its_prediction_is_known(tiny_pipeline: Path, name: str) -> None:
    dreamer = open_dreamer(tiny_pipeline, scheduler=name)
    scheduler = pipeline_of(dreamer).scheduler
    assert type(scheduler).__name__ == SCHEDULERS[name].class_name
    for key, value in SCHEDULERS[name].changes.items():
        assert scheduler.config[key] == value
    # The noise of the model's own settings is kept.
    assert scheduler.config.beta_schedule == "scaled_linear"
    picture = dreamer.dream(FRAME, settings())
    assert np.isfinite(picture).all() and difference(picture, FRAME) > 1e-3
    check_prediction(scheduler)


def check_prediction(scheduler: Any) -> None:
    """Whoever knows the noise knows what lies under it, whatever the scheduler's scale is."""
    with quiet_libraries():
        scheduler.set_timesteps(STEPS)
    timestep = scheduler.timesteps[0]
    clean, noise = torch.randn(2, 1, 4, 4, 4, generator=torch.Generator().manual_seed(0))
    latents = scheduler.add_noise(clean, noise, timestep[None])
    signal, _ = signal_and_noise(scheduler, timestep)
    found = predict(scheduler, noise, timestep, latents)
    assert float((found - clean).abs().max()) < 0.02 / signal


def rename(folder: Path, name: str, part: str = "", **changes: Any) -> Path:
    """A copy of a model with another name and other settings in one of its files."""
    copy = folder.parent / name
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    if part:
        path = copy / part
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return copy


def test_a_turbo_model_takes_few_steps_and_no_guidance(tiny_pipeline: Path) -> None:
    told: list[str] = []
    model = rename(tiny_pipeline, "tiny-turbo")
    dreamer = open_dreamer(model, tell=told.append, steps=None)
    pipeline = pipeline_of(dreamer)
    assert type(pipeline.scheduler).__name__ == "EulerAncestralDiscreteScheduler"
    assert pipeline.scheduler.config.timestep_spacing == "trailing"
    batches: list[int] = []
    pipeline.unet.register_forward_pre_hook(lambda _, inputs: batches.append(len(inputs[0])))
    for _ in range(2):
        dreamer.dream(FRAME, settings(strength=1.0))
    # Guidance would run the network on two at a time.
    assert batches == [1] * 8
    assert len(told) == 1 and "guidance" in told[0]


def test_an_lcm_model_brings_its_scheduler(tiny_pipeline: Path) -> None:
    dreamer = open_dreamer(rename(tiny_pipeline, "tiny_LCM"), steps=None)
    assert type(pipeline_of(dreamer).scheduler).__name__ == "LCMScheduler"
    for strength in (0.01, 0.5, 1.0):
        picture = dreamer.dream(FRAME, settings(strength=strength, guidance=1.0))
        assert np.isfinite(picture).all()


def test_models_that_take_their_guidance_as_an_input(tmp_path: Path, tiny_pipeline: Path) -> None:
    import diffusers

    usual = diffusers.StableDiffusionPipeline.from_pretrained(
        tiny_pipeline, safety_checker=None, requires_safety_checker=False
    )
    unet = diffusers.UNet2DConditionModel.from_config(usual.unet.config, time_cond_proj_dim=16)
    diffusers.LatentConsistencyModelPipeline(
        usual.vae,
        usual.text_encoder,
        usual.tokenizer,
        unet.eval(),
        diffusers.LCMScheduler.from_config(usual.scheduler.config),
        None,
        None,
        requires_safety_checker=False,
    ).save_pretrained(tmp_path / "consistent")
    dreamer = open_dreamer(tmp_path / "consistent", steps=None)
    calls = count_calls(pipeline_of(dreamer).unet)
    for strength, real_steps in ((0.01, 1), (0.5, 2), (1.0, 4)):
        calls.clear()
        assert np.isfinite(dreamer.dream(FRAME, settings(strength=strength))).all()
        assert len(calls) == real_steps
    one, other = (dreamer.dream(FRAME, settings(guidance=value)) for value in (2.0, 12.0))
    assert difference(one, other) > 1e-6


def save(picture: Picture, path: Path) -> Path:
    Image.fromarray((255 * picture).astype(np.uint8)).save(path)
    return path


def as_batch(picture: Picture) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None]


def stripes(cells: int) -> Picture:
    rows = np.arange(SIDE) // cells % 2
    picture = np.broadcast_to(rows[:, None, None], (SIDE, SIDE, 3)) * (1.0, 0.6, 0.2)
    return picture.astype(np.float32)


@pytest.mark.parametrize(
    ("kind", "scheduler"),
    [
        ("content", "euler_a"),
        ("content", "unipc"),
        ("style", "ddim"),
        ("style", "dpm++"),
        ("style", "lcm"),
    ],
)
def test_guidance_by_a_picture_lowers_what_it_is_to_lower(
    tiny_pipeline: Path, tmp_path: Path, kind: str, scheduler: str
) -> None:
    path = save(stripes(8), tmp_path / "stripes.png")
    options: dict[str, Any] = {
        f"{kind}_image": path,
        # Nothing for frame 0, and firmly from frame 1 on.
        f"{kind}_guidance": "0: (0), 1: (3)",
        "scheduler": scheduler,
    }
    dreamer = open_dreamer(tiny_pipeline, **options)
    target = as_batch(stripes(8))[0]
    loss = (StructureLoss if kind == "content" else OptimalTransportLoss)(target, load_eye())

    def cost(index: int, random_seed: int) -> float:
        picture = dreamer.dream(
            FRAME, settings(index=index, frame_count=2, random_seed=random_seed)
        )
        return float(loss(as_batch(picture), torch.Generator().manual_seed(0)))

    pairs = [(cost(0, random_seed), cost(1, random_seed)) for random_seed in range(2)]
    assert all(guided < 0.98 * free for free, guided in pairs), pairs


def test_guiding_pictures_suit_frames_of_any_size(tiny_pipeline: Path, tmp_path: Path) -> None:
    path = save(stripes(8), tmp_path / "stripes.png")
    options = DiffusersOptions(
        str(tiny_pipeline),
        steps=2,
        content_image=path,
        content_guidance="1",
        style_image=path,
        style_guidance="0.5",
    )
    dreamer = DiffusersDreamer(options, (37, 42), never, print)
    frame = np.random.default_rng(1).random((42, 37, 3), np.float32)
    assert dreamer.dream(frame, settings()).shape == frame.shape


def test_guidance_repeats_itself_and_leaves_no_trace(tiny_pipeline: Path, tmp_path: Path) -> None:
    path = save(stripes(8), tmp_path / "stripes.png")
    guided = open_dreamer(tiny_pipeline, style_image=path, style_guidance="0: (0), 1: (2)")
    firm = settings(index=1, frame_count=2)
    first = guided.dream(FRAME, firm)
    assert np.array_equal(guided.dream(FRAME, firm), first)
    free = open_dreamer(tiny_pipeline).dream(FRAME, settings())
    assert np.array_equal(guided.dream(FRAME, settings()), free)
    assert difference(first, free) > 1e-4


def test_a_blanked_frame_stays_as_the_one_before(tmp_path: Path) -> None:
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig

    config = CLIPConfig(
        projection_dim=8,
        vision_config={
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 32,
            "patch_size": 16,
        },
    )
    checker = StableDiffusionSafetyChecker(config)
    # Everything is more alike than this, so that all pictures are blanked.
    torch.nn.init.constant_(checker.concept_embeds_weights, -2.0)
    save_random_pipeline(tmp_path / "prude", safety_checker=checker)
    told: list[str] = []
    dreamer = open_dreamer(tmp_path / "prude", tell=told.append)
    assert np.array_equal(dreamer.dream(FRAME, settings(index=12)), FRAME)
    assert len(told) == 1 and "frame 12" in told[0] and "safety checker" in told[0]
    options = DiffusersOptions(str(tmp_path / "prude"), steps=1)
    with pytest.raises(LichenError, match="another seed"):
        FirstPictures(options, (SIDE, SIDE), never).imagine("koi", "", 7, 1.0)


def test_a_frame_without_numbers_stays_as_the_one_before(tiny_pipeline: Path) -> None:
    told: list[str] = []
    dreamer = open_dreamer(tiny_pipeline, tell=told.append)
    torch.nn.init.constant_(pipeline_of(dreamer).unet.conv_out.bias, math.nan)
    assert np.array_equal(dreamer.dream(FRAME, settings()), FRAME)
    assert len(told) == 1 and "no numbers" in told[0]


def test_a_dream_is_given_up_within_a_step(tiny_pipeline: Path) -> None:
    asked = 0

    def countdown() -> bool:
        nonlocal asked
        asked += 1
        return asked > patience

    dreamer = open_dreamer(tiny_pipeline, should_stop=countdown)
    patience = 10**9
    whole = dreamer.dream(FRAME, settings())
    finished_steps = count_calls(pipeline_of(dreamer).unet)
    questions = asked
    dreamer.dream(FRAME, settings())
    steps, in_all = len(finished_steps), asked - questions
    assert in_all > 10 * steps
    for share in (0.0, 0.3, 0.6, 0.99):
        asked, patience = 0, int(share * in_all)
        finished_steps.clear()
        with pytest.raises(Interrupted):
            dreamer.dream(FRAME, settings())
        assert asked == patience + 1
        assert len(finished_steps) <= steps
    patience = 10**9
    assert np.array_equal(dreamer.dream(FRAME, settings()), whole)


def test_xl_models_dream(xl_pipeline: Path) -> None:
    dreamer = open_dreamer(xl_pipeline)
    encoded = count_calls(pipeline_of(dreamer).text_encoder_2)
    one = dreamer.dream(FRAME, settings())
    assert np.array_equal(dreamer.dream(FRAME, settings()), one)
    assert difference(dreamer.dream(FRAME, settings(prompts=(("sea", 1.0),))), one) > 1e-6
    half = (("a pond of koi", 0.5), ("sea", 0.5))
    assert np.isfinite(dreamer.dream(FRAME, settings(prompts=half))).all()
    # Two prompts and the empty negative one.
    assert len(encoded) == 3


def test_first_pictures(tiny_pipeline: Path, xl_pipeline: Path) -> None:
    for model in (tiny_pipeline, xl_pipeline):
        options = DiffusersOptions(model=str(model), steps=2)
        pictures = FirstPictures(options, (70, 50), never)
        one = pictures.imagine("koi", "text", 1, 7.0)
        assert one.shape == (50, 70, 3) and one.min() >= 0 and one.max() <= 1
        assert np.array_equal(pictures.imagine("koi", "text", 1, 7.0), one)
        assert difference(pictures.imagine("koi", "text", 2, 7.0), one) > 1e-3
        assert difference(pictures.imagine("koi", "text", 1, 1.0), one) > 1e-6


def test_a_first_picture_is_made_at_a_size_that_the_model_knows(tiny_pipeline: Path) -> None:
    options = DiffusersOptions(model=str(tiny_pipeline), steps=1)
    pictures = FirstPictures(options, (24, 12), never)
    sides: list[tuple[int, ...]] = []
    pipeline_of(pictures).unet.register_forward_pre_hook(
        lambda _, inputs: sides.append(tuple(inputs[0].shape[2:]))
    )
    assert pictures.imagine("koi").shape == (12, 24, 3)
    assert sides == [(4, 8)]


@pytest.fixture
def single_file(tiny_pipeline: Path, tmp_path: Path) -> Path:
    """All weights of the tiny pipeline, and nothing else."""
    import diffusers

    path = tmp_path / "koi.safetensors"
    with quiet_libraries():
        save_checkpoint(diffusers.DiffusionPipeline.from_pretrained(tiny_pipeline), path)
    return path


def test_a_single_file_dreams_as_its_folder_does(
    single_file: Path, tiny_pipeline: Path, dreamer: DiffusersDreamer
) -> None:
    settings_alone = shutil.ignore_patterns("*.safetensors")
    shutil.copytree(tiny_pipeline, single_file.with_suffix(""), ignore=settings_alone)
    from_file = open_dreamer(single_file, scheduler="ddim").dream(FRAME, settings())
    assert np.array_equal(from_file, dreamer.dream(FRAME, settings()))


def test_nothing_is_fetched_for_a_single_file_unasked(
    single_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(LichenError, match="settings of .*stable-diffusion-v1-5.*--download"):
        open_dreamer(single_file)
    assert not (tmp_path / "hub").exists()


def test_half_precision_weights_alone_are_enough(tiny_pipeline: Path, tmp_path: Path) -> None:
    import diffusers

    pipeline = diffusers.DiffusionPipeline.from_pretrained(tiny_pipeline, dtype=torch.float16)
    pipeline.save_pretrained(tmp_path / "half", variant="fp16")
    assert find_model(str(tmp_path / "half"), download=False).variant == "fp16"
    dreamer = open_dreamer(tmp_path / "half")
    assert pipeline_of(dreamer).unet.dtype == torch.float32
    assert np.isfinite(dreamer.dream(FRAME, settings())).all()


def test_large_pictures_are_decoded_in_tiles(tiny_pipeline: Path) -> None:
    options = DiffusersOptions(model=str(tiny_pipeline))
    for side, is_tiled in ((1024, False), (1032, True)):
        imagination = Imagination(options, (side, side), "image to image", never, print)
        assert imagination.pipeline.vae.use_tiling is is_tiled
        assert imagination.pipeline.vae.use_slicing


def test_a_damaged_model_is_told_in_a_sentence(tiny_pipeline: Path) -> None:
    model = rename(tiny_pipeline, "damaged")
    weights = model / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(LichenError, match="damaged cannot be loaded"):
        open_dreamer(model)


def test_no_library_floods_the_log(tiny_pipeline: Path, capfd: pytest.CaptureFixture[str]) -> None:
    dreamer = open_dreamer(tiny_pipeline)
    dreamer.dream(FRAME, settings(prompts=(("koi " * 100, 1.0),), strength=1.0))
    output = capfd.readouterr()
    assert output.err == "" and len(output.out.splitlines()) == 1


def test_a_guiding_picture_that_is_missing_is_told_of_at_once(
    tiny_pipeline: Path, tmp_path: Path
) -> None:
    with pytest.raises(LichenError, match="nothing.png"):
        open_dreamer(tiny_pipeline, content_image=tmp_path / "nothing.png", content_guidance="1")
