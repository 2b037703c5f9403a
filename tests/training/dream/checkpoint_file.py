"""Writes a pipeline as one file, with the names that Stable Diffusion's own code gives weights."""

import re
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

LAYERS = 1
UNET_WORDS = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
RESNET_WORDS = ("norm1", "conv1", "time_emb_proj", "norm2", "conv2", "conv_shortcut")
VAE_WORDS = {
    "mid_block.resnets.0": "mid.block_1",
    "mid_block.resnets.1": "mid.block_2",
    "mid_block.attentions.0": "mid.attn_1",
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
    "conv_shortcut": "nin_shortcut",
    "conv_norm_out": "norm_out",
    "downsamplers.0": "downsample",
    "upsamplers.0": "upsample",
    "resnets": "block",
}
BLOCK_PART = re.compile(r"(down|up)_blocks\.(\d+)\.(resnets|attentions|\w+samplers)\.(\d+)\.(.*)")


def save_checkpoint(pipeline: Any, path: Path) -> None:
    """Write the weights of a pipeline whose blocks have `LAYERS` layers each."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in pipeline.unet.state_dict().items():
        tensors[f"model.diffusion_model.{_unet_name(name)}"] = tensor
    blocks = len(pipeline.vae.config.block_out_channels)
    for name, tensor in pipeline.vae.state_dict().items():
        vae_name = _vae_name(name, blocks)
        # Its attention is a convolution there.
        is_projection = "attn_1" in vae_name and tensor.ndim == 2
        tensors[f"first_stage_model.{vae_name}"] = (
            tensor[..., None, None] if is_projection else tensor
        )
    for name, tensor in pipeline.text_encoder.state_dict().items():
        inner = name.removeprefix("text_model.")
        tensors[f"cond_stage_model.transformer.text_model.{inner}"] = tensor
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)


def _unet_name(name: str) -> str:
    if name.startswith("conv_in"):
        return name.replace("conv_in", "input_blocks.0.0")
    match = re.match(
        r"(down|up)_blocks\.(\d+)\.(resnets|attentions|\w+samplers)\.(\d+)\.(.*)", name
    )
    prefix, rest = "", name
    if match:
        way, block, part, layer, rest = match.groups()
        place = int(block) * (LAYERS + 1) + int(layer)
        if part.endswith("samplers"):
            place = int(block) * (LAYERS + 1) + LAYERS
            rest = rest.replace("conv", "op" if way == "down" else "conv", 1)
        position = {"resnets": 0, "attentions": 1, "downsamplers": 0, "upsamplers": 2}[part]
        side = f"input_blocks.{place + 1}" if way == "down" else f"output_blocks.{place}"
        prefix = f"{side}.{position}."
    is_resnet = "resnets" in name
    for word, other in UNET_WORDS.items():
        if is_resnet or word not in RESNET_WORDS:
            rest = rest.replace(word, other) if word in rest else rest
    return prefix + rest


def _vae_name(name: str, blocks: int) -> str:
    for word, other in VAE_WORDS.items():
        name = name.replace(word, other)
    name = name.replace("encoder.down_blocks", "encoder.down")
    return re.sub(
        r"decoder\.up_blocks\.(\d+)", lambda match: f"decoder.up.{blocks - 1 - int(match[1])}", name
    )
