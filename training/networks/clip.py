"""CLIP as transformers has it: found as diffusion models are, and opened to read and to look."""

import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from exporters.errors import LichenError
from training.dream.diffusion import hub
from training.dream.diffusion.model_files import HUB_NAME, folder_on_hub, read_settings
from training.dream.diffusion.quiet import quiet_libraries
from training.dream.dreamer import Tell
from training.dream.extra import extra_explained

USUAL_MODEL = "openai/clip-vit-base-patch32"
USUAL_MODEL_MEGABYTES = 605


class Clip:
    """A frozen CLIP model and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any, name: str, bfloat16: bool) -> None:
        """What `open_clip` opens, called by its name."""
        from transformers.utils.constants import OPENAI_CLIP_MEAN, OPENAI_CLIP_STD

        self.description = f"CLIP ({name})"
        self.side_pixels = int(model.config.vision_config.image_size)
        self._model = model
        self._tokenizer = tokenizer
        self._bfloat16 = bfloat16
        self._mean, self._deviation = (
            torch.tensor(values, device=model.device)[:, None, None]
            for values in (OPENAI_CLIP_MEAN, OPENAI_CLIP_STD)
        )

    @torch.no_grad()
    def encode_texts(self, texts: list[str]) -> Tensor:
        """Unit vectors [texts, features]. Raises LichenError for a text that is too long."""
        most = self._model.config.text_config.max_position_embeddings
        for text in texts:
            count = len(self._tokenizer(text).input_ids)
            if count > most:
                raise LichenError(
                    f"the prompt '{text[:40]}...' has {count} tokens, and this CLIP model reads "
                    f"{most}; shorten it."
                )
        tokens = self._tokenizer(texts, padding=True, return_tensors="pt").to(self._model.device)
        return functional.normalize(self._model.get_text_features(**tokens).pooler_output)

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit vectors [batch, features] of pictures [batch, 3, side, side] in 0..1, float32."""
        standardised = (pictures - self._mean) / self._deviation
        with torch.autocast(pictures.device.type, torch.bfloat16, enabled=self._bfloat16):
            features = self._model.get_image_features(standardised).pooler_output
        return functional.normalize(features.float())


def open_clip(
    name: str | None, download: bool, device: torch.device, bfloat16: bool = False
) -> Clip:
    """Open a folder's model, the hub's of that name, or without a name the usual one.

    Raises:
        LichenError: it is not here and may not be fetched, or cannot be read.
    """
    with extra_explained("a prompt needs", "train from a picture alone"):
        return _open(name, download, device, bfloat16)


def _open(name: str | None, download: bool, device: torch.device, bfloat16: bool) -> Clip:
    folder = find_clip(name, download)
    # It takes seconds, so that mistakes are told before.
    from transformers import CLIPModel, CLIPTokenizer

    try:
        with quiet_libraries(("transformers",)):
            tokenizer = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
            model = CLIPModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    except (MemoryError, ModuleNotFoundError):
        raise
    except Exception as error:  # the library raises whatever it stumbles over
        reason = str(error).strip().partition("\n")[0][:200]
        raise LichenError(
            f"the CLIP model in {folder} cannot be loaded: {reason or type(error).__name__}."
        ) from error
    frozen: torch.nn.Module = model.requires_grad_(False)
    is_local = name is not None and folder == Path(os.path.expanduser(name))
    shown = folder.name if is_local else name or USUAL_MODEL
    return Clip(frozen.to(device), tokenizer, shown, bfloat16)


def find_clip(name: str | None, download: bool, tell: Tell = print) -> Path:
    """The folder of a CLIP model; what has to be fetched is told of first.

    Raises:
        LichenError: there is none, it is something else, or it would have to be fetched.
    """
    if name is None:
        if not download and _missing_weights(hub.cached_folder(USUAL_MODEL, hub.ONE_FOLDER)):
            raise LichenError(
                "a prompt is read by a CLIP model, and none is named; name its folder with "
                f"--clip, or allow with --download that {USUAL_MODEL} be fetched "
                f"({USUAL_MODEL_MEGABYTES} MB)."
            )
        name = USUAL_MODEL
    folder = Path(os.path.expanduser(name))
    if not os.path.isdir(folder):
        if not HUB_NAME.fullmatch(name):
            raise LichenError(
                f"there is no folder {name}; name one with a CLIP model, or a model of the hub as "
                "owner/name."
            )
        folder = folder_on_hub(name, hub.ONE_FOLDER, _missing_weights, download, tell)
    _check(folder)
    return folder


def _check(folder: Path) -> None:
    """Raise LichenError where a folder holds no whole CLIP model."""
    kind = read_settings(folder / hub.MODEL_SETTINGS).get("model_type")
    if kind != "clip":
        raise LichenError(
            f"the folder {folder} holds {f'a {kind} model' if kind else 'no model'}; name one with "
            "a CLIP model, as transformers saves them."
        )
    if missing := _missing_weights(folder):
        raise LichenError(f"the CLIP model in {folder} is not whole; it lacks {missing[0]}.")


def _missing_weights(folder: Path | None) -> list[str]:
    names = [] if folder is None else [path.name for path in folder.iterdir()]
    needed = hub.needed_of_one_folder(names)
    return [] if any(name.endswith(hub.WEIGHTS) for name in needed) else ["its weights"]
