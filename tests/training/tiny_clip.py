"""A tiny CLIP model that has learnt a few words for plain colours and stripes."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from transformers import CLIPConfig, CLIPModel

from training.benchmarks.random_pipeline import LONGEST_PROMPT_TOKENS, byte_tokenizer

SIDE_PIXELS = 16
COLOURS = {"red": (0.8, 0.1, 0.1), "green": (0.1, 0.7, 0.1), "blue": (0.1, 0.1, 0.8)}
LESSONS = 120


def save_tiny_clip(folder: Path) -> None:
    """Teach it as CLIP is taught, each picture its caption, and write it as transformers does."""
    tokenizer = byte_tokenizer()
    torch.manual_seed(0)
    model = CLIPModel(_settings(tokenizer))
    tokens = tokenizer(list(COLOURS), padding=True, return_tensors="pt")
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(LESSONS):
        answer = model(**tokens, pixel_values=_pictures())
        captions = torch.arange(len(COLOURS))
        logits = answer.logits_per_image
        loss = functional.cross_entropy(logits, captions)
        loss = loss + functional.cross_entropy(logits.t(), captions)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _settings(tokenizer: object) -> CLIPConfig:
    tower = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
    }
    words = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    return CLIPConfig(
        text_config={
            **tower,
            **words,
            "vocab_size": len(tokenizer),
            "max_position_embeddings": LONGEST_PROMPT_TOKENS,
        },
        vision_config={**tower, "image_size": SIDE_PIXELS, "patch_size": 8},
        projection_dim=16,
    )


def _pictures() -> Tensor:
    """One of each colour, uneven, standardised about as CLIP does it."""
    colours = torch.tensor(list(COLOURS.values()))[:, :, None, None]
    uneven = colours + 0.15 * torch.randn(len(COLOURS), 3, SIDE_PIXELS, SIDE_PIXELS)
    return (uneven - 0.45) / 0.27
