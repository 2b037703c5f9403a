"""Stable Diffusion pipelines with random weights, of any size: real code, meaningless pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.dream.diffusion.quiet import quiet_libraries

VAE_BLOCKS = 4
LONGEST_PROMPT_TOKENS = 77
# What a safety checker is shown.
CHECKED_SIDE_PIXELS = 32


@dataclass(frozen=True)
class PipelineSize:
    """Channels of the networks' blocks; prompts become vectors of `text_features`.

    The decoder halves the number of pixels `VAE_BLOCKS` - 1 times, as Stable Diffusion's does.
    """

    unet_channels: tuple[int, ...] = (32, 64)
    vae_channels: int = 16
    text_features: int = 32
    sample_side: int = 8


def save_random_pipeline(
    folder: Path,
    size: PipelineSize = PipelineSize(),
    is_xl: bool = False,
    scheduler: Any = None,
    safety_checker: Any = None,
) -> None:
    """Build a pipeline and write it as diffusers does.

    `scheduler` is Stable Diffusion's own, PNDM, if nothing else is given; `safety_checker` is
    shown pictures of `CHECKED_SIDE_PIXELS`, and XL models have none.
    """
    import diffusers
    from transformers import CLIPImageProcessor, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    text = _text_settings(size)
    parts: dict[str, Any] = {
        "unet": _unet(size, is_xl),
        "vae": _vae(size),
        "text_encoder": CLIPTextModel(text),
        "tokenizer": byte_tokenizer(),
        "scheduler": scheduler
        or diffusers.PNDMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            skip_prk_steps=True,
            steps_offset=1,
        ),
    }
    pipeline: Any
    if is_xl:
        parts["text_encoder_2"] = CLIPTextModelWithProjection(text)
        parts["tokenizer_2"] = byte_tokenizer()
        pipeline = diffusers.StableDiffusionXLPipeline(**parts)
    else:
        crop = {"height": CHECKED_SIDE_PIXELS, "width": CHECKED_SIDE_PIXELS}
        pipeline = diffusers.StableDiffusionPipeline(
            **parts,
            safety_checker=safety_checker,
            feature_extractor=CLIPImageProcessor(
                size={"shortest_edge": CHECKED_SIDE_PIXELS}, crop_size=crop
            ),
            requires_safety_checker=safety_checker is not None,
        )
    with quiet_libraries():
        pipeline.save_pretrained(folder)


def _unet(size: PipelineSize, is_xl: bool) -> Any:
    from diffusers import UNet2DConditionModel

    blocks = len(size.unet_channels)
    xl_settings: dict[str, Any] = {
        # Six numbers about the size and the crop, and the summaries of the prompt.
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + size.text_features,
        "cross_attention_dim": 2 * size.text_features,
    }
    return UNet2DConditionModel(
        sample_size=size.sample_side,
        block_out_channels=size.unet_channels,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * (blocks - 1),
        up_block_types=("CrossAttnUpBlock2D",) * (blocks - 1) + ("UpBlock2D",),
        attention_head_dim=8,
        norm_num_groups=8,
        **{"cross_attention_dim": size.text_features, **(xl_settings if is_xl else {})},
    )


def _vae(size: PipelineSize) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=tuple(size.vae_channels << min(block, 2) for block in range(VAE_BLOCKS)),
        down_block_types=("DownEncoderBlock2D",) * VAE_BLOCKS,
        up_block_types=("UpDecoderBlock2D",) * VAE_BLOCKS,
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=8,
        sample_size=size.sample_side << (VAE_BLOCKS - 1),
    )


def _text_settings(size: PipelineSize) -> Any:
    from transformers import CLIPTextConfig

    vocabulary = _vocabulary()
    return CLIPTextConfig(
        vocab_size=len(vocabulary),
        hidden_size=size.text_features,
        projection_dim=size.text_features,
        intermediate_size=2 * size.text_features,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=LONGEST_PROMPT_TOKENS,
        bos_token_id=vocabulary["<|startoftext|>"],
        eos_token_id=vocabulary["<|endoftext|>"],
    )


def byte_tokenizer() -> Any:
    """A CLIP tokenizer that reads a prompt byte by byte."""
    from transformers import CLIPTokenizer

    return CLIPTokenizer(vocab=_vocabulary(), merges=[], model_max_length=LONGEST_PROMPT_TOKENS)


def _vocabulary() -> dict[str, int]:
    from tokenizers.pre_tokenizers import ByteLevel

    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    return {word: row for row, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
