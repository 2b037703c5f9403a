"""A diffusion model at work: pictures from prompts, checked, and given up at any moment."""

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from training.dream.camera import Picture
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.model_files import find_model
from training.dream.diffusion.pipelines import MEMORY_ADVICE, Task, open_pipeline
from training.dream.diffusion.prompts import Prompts
from training.dream.diffusion.quiet import quiet_libraries
from training.dream.dreamer import Interrupted, ShouldStop, Tell
from training.out_of_memory import out_of_memory_explained

# A schedule of noise has no finer levels.
MOST_STEPS = 1000


class SpoiltPicture(Exception):
    """What came out of the model cannot be shown; the message says why, as part of a sentence."""


class Imagination:
    """An open model, its defaults and its prompts.

    `description` says which model this is, `kind` what suits it, `steps` how many a whole picture
    takes. It can make sides that are multiples of `side_multiple_pixels`, and has learnt from
    pictures of `learnt_side_pixels`.
    """

    def __init__(
        self,
        options: DiffusersOptions,
        size_pixels: tuple[int, int],
        task: Task,
        should_stop: ShouldStop,
        tell: Tell,
    ) -> None:
        """Raises LichenError where there is no such model, or it cannot be opened."""
        # Checked before diffusers is imported, which takes ten seconds.
        files = find_model(options.model, options.download, tell)
        self.pipeline = open_pipeline(files, options, size_pixels, task)
        self.kind = files.kind
        self.steps = options.steps or self.kind.steps
        self.side_multiple_pixels = int(self.pipeline.vae_scale_factor)
        learnt_side = self.pipeline.unet.config.sample_size
        self.learnt_side_pixels = int(learnt_side or 0) * self.side_multiple_pixels
        self.description = (
            f"{self.kind.name} {files.name} on {self.pipeline.device}, "
            f"{type(self.pipeline.scheduler).__name__}"
        )
        self._prompts = Prompts(self.pipeline, tell)
        self._should_stop = should_stop
        self._tell = tell
        self._told_of_guidance = False
        self._takes = set(inspect.signature(self.pipeline.__call__).parameters)
        self._watch_the_clock()

    def picture(
        self,
        prompts: Sequence[tuple[str, float]],
        negative_prompt: str,
        guidance: float,
        random_seed: int,
        **arguments: Any,
    ) -> Picture:
        """One picture [h, w, 3]; `arguments` are those of the pipeline's task.

        Raises:
            Interrupted: it should stop.
            SpoiltPicture: the safety checker blanked it, or it holds what is no number.
            LichenError: the memory does not suffice.
        """
        self._go_on()
        with torch.no_grad(), quiet_libraries(), out_of_memory_explained(MEMORY_ADVICE):
            wish = self._prompts.mix(prompts)
            refusal = self._prompts.encode_negative(negative_prompt)
            arguments |= {
                "prompt_embeds": wish.tokens,
                "pooled_prompt_embeds": wish.summary,
                "negative_prompt_embeds": refusal.tokens,
                "negative_pooled_prompt_embeds": refusal.summary,
                "guidance_scale": self._suitable(guidance),
                # On the processor, so that a seed means the same on every device.
                "generator": torch.Generator().manual_seed(random_seed),
                "callback_on_step_end": self._step_ended,
                "output_type": "np",
            }
            taken = {name: value for name, value in arguments.items() if name in self._takes}
            result = self.pipeline(**taken)
        if any(getattr(result, "nsfw_content_detected", None) or ()):
            raise SpoiltPicture("the model's safety checker blanked it")
        picture: Picture = np.asarray(result.images[0], np.float32)
        if not np.isfinite(picture).all():
            raise SpoiltPicture("the model gave no numbers")
        return picture

    def split_steps(self, strength: float) -> tuple[int, float]:
        """Steps and strength for a pipeline, so that it does as many real steps as it should.

        Most pipelines cut steps * strength down to a whole number, which may be 0, and begin at
        the noise of that step. Here at least one step is left, and the noise is that of the
        strength (above 0), however few steps there are.
        """
        real_steps = max(1, round(self.steps * strength))
        most_steps = self.pipeline.scheduler.config.get("original_inference_steps", MOST_STEPS)
        if "original_inference_steps" in self._takes:
            # These take all of their steps from the noise of the strength on.
            return real_steps, max(strength, real_steps / most_steps)
        all_steps = min(max(real_steps, round(real_steps / strength)), most_steps)
        return all_steps, min(1.0, (real_steps + 0.5) / all_steps)

    def _suitable(self, guidance: float) -> float:
        if guidance <= self.kind.most_guidance:
            return guidance
        if not self._told_of_guidance:
            self._told_of_guidance = True
            self._tell(
                f"a {self.kind.name} takes a guidance of {self.kind.most_guidance:g} at most; "
                f"{self.kind.guidance:g} is used instead of {guidance:g}."
            )
        return self.kind.guidance

    def _watch_the_clock(self) -> None:
        """Ask before every block of every network whether to go on: a step may take seconds."""
        for part in self.pipeline.components.values():
            if isinstance(part, nn.Module):
                for blocks in part.modules():
                    if isinstance(blocks, nn.ModuleList):
                        for block in blocks:
                            block.register_forward_pre_hook(self._block_begins)

    def _block_begins(self, block: nn.Module, inputs: Any) -> None:
        self._go_on()

    def _step_ended(
        self, pipeline: Any, step: int, timestep: Any, tensors: dict[str, Any]
    ) -> dict[str, Any]:
        self._go_on()
        return tensors

    def _go_on(self) -> None:
        if self._should_stop():
            raise Interrupted
