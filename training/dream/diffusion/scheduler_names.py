"""The schedulers that somebody may ask for by name; free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from exporters.errors import LichenError


@dataclass(frozen=True)
class SchedulerChoice:
    """A class of diffusers and what is changed in the model's own scheduler settings."""

    class_name: str
    changes: Mapping[str, object] = field(default_factory=dict)


SCHEDULERS: Mapping[str, SchedulerChoice] = {
    "ddim": SchedulerChoice("DDIMScheduler"),
    "ddpm": SchedulerChoice("DDPMScheduler"),
    "dpm++": SchedulerChoice("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++"}),
    "dpm++_karras": SchedulerChoice(
        "DPMSolverMultistepScheduler",
        {"algorithm_type": "dpmsolver++", "use_karras_sigmas": True},
    ),
    "dpm++_sde": SchedulerChoice(
        "DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}
    ),
    "euler": SchedulerChoice("EulerDiscreteScheduler"),
    "euler_a": SchedulerChoice("EulerAncestralDiscreteScheduler"),
    "heun": SchedulerChoice("HeunDiscreteScheduler"),
    "lcm": SchedulerChoice("LCMScheduler"),
    "pndm": SchedulerChoice("PNDMScheduler", {"skip_prk_steps": True}),
    "unipc": SchedulerChoice("UniPCMultistepScheduler"),
}


def find_scheduler(name: str) -> SchedulerChoice:
    """The scheduler of that name. Raises LichenError, with the names on offer, if there is none."""
    if name not in SCHEDULERS:
        raise LichenError(f"there is no scheduler {name!r}; choose from {', '.join(SCHEDULERS)}.")
    return SCHEDULERS[name]
