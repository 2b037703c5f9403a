"""What suits a diffusion model, judged by its name and its settings; free of torch.

A distilled model takes a few large steps. It has learnt its guidance by heart, so that more of it
burns the colours: Turbo (Sauer et al., "Adversarial Diffusion Distillation", 2023) and LCM (Luo
et al., "Latent Consistency Models", 2023).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ModelKind:
    """Defaults for one kind of model; a journey's guidance above the most is not followed.

    `scheduler` is a name of `SCHEDULERS`, None for the model's own; `is_trailing` tells whether
    its few steps must begin at noise alone.
    """

    name: str
    steps: int = 20
    guidance: float = 7.0
    most_guidance: float = 50.0
    scheduler: str | None = None
    is_trailing: bool = False


USUAL = ModelKind("diffusion model")
TURBO = ModelKind("Turbo model", 4, 0.0, 1.0, scheduler="euler_a", is_trailing=True)
LCM = ModelKind("LCM model", 4, 1.0, 2.0, scheduler="lcm")
# The first of them take the guidance as an input; that costs no second run of the network.
GUIDED_LCM = ModelKind("LCM model", 4, 8.0, 14.0, scheduler="lcm")

TURBO_WORDS = frozenset({"turbo", "lightning", "hyper"})
# Zero-SNR models have trailing timesteps too, but take as many steps as any.
TURBO_SCHEDULERS = frozenset({"EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"})


def recognise(
    model: str, class_name: str, scheduler: Mapping[str, Any], unet: Mapping[str, Any]
) -> ModelKind:
    """The kind of a model from its name, its pipeline's class and its parts' settings.

    `model` is a path or a name on the hub; settings that are not known are empty.
    """
    words = set(re.split(r"[^a-z]+", re.split(r"[/\\]", model.lower())[-1]))
    if class_name.startswith("LatentConsistency") or unet.get("time_cond_proj_dim"):
        return GUIDED_LCM
    if "lcm" in words or scheduler.get("_class_name") == "LCMScheduler":
        return LCM
    is_trailing = (
        scheduler.get("_class_name") in TURBO_SCHEDULERS
        and scheduler.get("timestep_spacing") == "trailing"
        and not scheduler.get("rescale_betas_zero_snr")
    )
    return TURBO if is_trailing or words & TURBO_WORDS else USUAL
