"""Opening a diffusion pipeline, on the best device, in the precision that it has."""

from pathlib import Path
from typing import Any, Literal

import torch

from exporters.errors import LichenError
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion import hub
from training.dream.diffusion.model_files import ModelFiles, check_pipeline, read_settings
from training.dream.diffusion.model_kinds import ModelKind
from training.dream.diffusion.quiet import quiet_libraries
from training.dream.diffusion.scheduler_names import SchedulerChoice, find_scheduler
from training.out_of_memory import out_of_memory_explained
from training.prepare import find_device

Task = Literal["image to image", "text to image"]
# A pipeline of diffusers; the library's own classes have no common call.
Pipeline = Any

# Larger pictures are decoded in tiles, which would otherwise take all memory at once.
LARGEST_UNTILED_PIXELS = 1024 * 1024
MEMORY_ADVICE = (
    "there is not enough memory for this model at this size; choose smaller pictures or a smaller "
    "model."
)


def open_pipeline(
    files: ModelFiles, options: DiffusersOptions, size_pixels: tuple[int, int], task: Task
) -> Pipeline:
    """Load a model for a task; `size_pixels` is width and height.

    Raises:
        LichenError: it cannot be loaded, or the device is not there.
    """
    device = find_device(options.device)
    with quiet_libraries():
        try:
            with out_of_memory_explained(MEMORY_ADVICE):
                pipeline = _load(files, options.download, task, choose_precision(device))
                pipeline.to(device)
        except (LichenError, ModuleNotFoundError):
            raise
        except Exception as error:  # each library has types of its own for damaged files
            reason = str(error).strip().split("\n")[0][:200]
            raise LichenError(
                f"the model {files.name} cannot be loaded: {reason or type(error).__name__}."
            ) from error
        pipeline.scheduler = _scheduler(pipeline.scheduler, options.scheduler, files.kind, task)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.vae.enable_slicing()
    if size_pixels[0] * size_pixels[1] > LARGEST_UNTILED_PIXELS:
        pipeline.vae.enable_tiling()
    return pipeline


def choose_precision(device: torch.device) -> torch.dtype:
    """Half precision where the device computes in it; bfloat16 cannot overflow."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float16 if device.type == "mps" else torch.float32


def _scheduler(own: Any, name: str | None, kind: ModelKind, task: Task) -> Any:
    """The named scheduler with the settings of the model's own; without a name what suits it.

    From another picture on, steps trail: the first one then stands at the very noise that was
    added, where some models' own steps would begin a whole step later and a single step at none.
    Lin et al., "Common Diffusion Noise Schedules and Sample Steps Are Flawed" (WACV 2024).
    """
    import diffusers

    wanted = name or kind.scheduler
    choice = find_scheduler(wanted) if wanted else SchedulerChoice(type(own).__name__)
    settings = {**own.config, **choice.changes}
    if task == "image to image" or kind.is_trailing:
        settings["timestep_spacing"] = "trailing"
    return getattr(diffusers, choice.class_name).from_config(settings)


def _load(files: ModelFiles, download: bool, task: Task, precision: torch.dtype) -> Pipeline:
    import diffusers

    auto = {
        "image to image": diffusers.AutoPipelineForImage2Image,
        "text to image": diffusers.AutoPipelineForText2Image,
    }[task]
    if not files.is_single_file:
        return auto.from_pretrained(
            files.path, dtype=precision, variant=files.variant, local_files_only=True
        )
    settings = files.settings or _settings_for(files.path, download)
    loader = getattr(diffusers, str(read_settings(settings / hub.MODEL_INDEX)["_class_name"]))
    return auto.from_pipe(
        loader.from_single_file(
            files.path, config=str(settings), dtype=precision, local_files_only=True
        )
    )


def _settings_for(path: Path, download: bool) -> Path:
    """The folder with the settings of such models as a single file's weights belong to.

    The library would fetch them unasked.
    """
    from diffusers.loaders.single_file_utils import (
        fetch_diffusers_config,
        load_single_file_checkpoint,
    )

    checkpoint = load_single_file_checkpoint(path, local_files_only=True)
    name = fetch_diffusers_config(checkpoint)["pretrained_model_name_or_path"]
    folder = hub.cached_folder(name)
    if folder is None:
        if not download:
            raise LichenError(
                f"{path} holds weights alone; put the settings of {name}, without its weights, "
                f"into the folder {path.with_suffix('')}, or allow that they be fetched (a few "
                "megabytes) with --download."
            )
        folder = hub.download_settings(name)
    check_pipeline(folder)
    return folder
