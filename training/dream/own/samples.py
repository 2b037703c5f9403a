"""What a model imagines so far, as a grid of pictures."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from training.dream.dreaming import to_frame
from training.dream.own.denoiser import Denoiser
from training.dream.own.noise import denoising_levels
from training.dream.own.plan import DreamerPlan
from training.dream.own.precision import in_precision
from training.dream.own.sampler import draw_noise, go_down, to_pictures
from training.dream.own_options import Sampler

ROWS, COLUMNS = 2, 4
USUAL_STEPS = 20
GAP_PIXELS = 2


def imagine_patches(
    denoiser: Denoiser,
    plan: DreamerPlan,
    count: int,
    steps: int = USUAL_STEPS,
    sampler: Sampler = "ddim",
) -> Tensor:
    """Patches [n, 3, side, side] in -1..1 out of noise, the same for the same weights."""
    device = next(denoiser.parameters()).device
    levels = denoising_levels(plan.schedule, steps, 1.0).to(device)
    noise = draw_noise((count, 3, plan.patch_pixels, plan.patch_pixels), plan.random_seed)
    with in_precision("auto", device):
        return go_down(denoiser.denoise, levels[0] * noise.to(device), levels, sampler)


def sample_grid(denoiser: Denoiser, plan: DreamerPlan) -> NDArray[np.uint8]:
    """Two rows of four patches that the model imagines, uint8 [h, w, 3], with dark gaps."""
    patches = to_frame(to_pictures(imagine_patches(denoiser, plan, ROWS * COLUMNS)))
    gaps = ((0, 0), (0, GAP_PIXELS), (0, GAP_PIXELS), (0, 0))
    cells = np.pad(patches, gaps).reshape(ROWS, COLUMNS, *np.pad(patches[:1], gaps).shape[1:])
    rows = [np.concatenate(list(row), axis=1) for row in cells]
    grid: NDArray[np.uint8] = np.concatenate(rows, axis=0)[:-GAP_PIXELS, :-GAP_PIXELS]
    return grid
