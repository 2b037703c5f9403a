"""How much noise there is at a time: sigma, on pictures in -1..1 to which it is simply added.

Every schedule is told as sigma over time, 0 to 1, as Karras et al., "Elucidating the Design Space
of Diffusion-Based Generative Models" (2022), do; so one network and one sampler serve them all.
"""

import math

import numpy as np
import torch
from torch import Tensor

from training.dream.own.plan import NoiseSchedule, TimeSampling

# The linear schedule ends at 152; the cosine one would have no end.
LEAST_SIGMA, MOST_SIGMA = 0.002, 160.0
# The spread of pictures in -1..1, about.
SIGMA_DATA = 0.5
# By Karras et al.: mean and deviation of ln(sigma) in training, the first sigma of a denoising,
# and the exponent of its steps.
MEAN_LOG_SIGMA, SPREAD_LOG_SIGMA = -1.2, 1.2
FIRST_SIGMA = 80.0
RHO = 7.0
# How fast noise grows at both ends of the linear schedule.
LEAST_BETA, MOST_BETA = 0.1, 20.0


def training_levels(schedule: NoiseSchedule, times: Tensor) -> Tensor:
    """Sigma at times in 0..1, of the same shape, as a training meets it.

    - "linear": Ho et al., "Denoising Diffusion Probabilistic Models" (2020), in the continuous
      form of Song et al., "Score-Based Generative Modeling" (2021);
    - "cosine": Nichol and Dhariwal, "Improved Denoising Diffusion Probabilistic Models" (2021),
      where the signal is cos² of a quarter turn;
    - "karras": ln(sigma) is normally distributed.
    """
    if schedule == "karras":
        quantiles = math.sqrt(2) * torch.erfinv(2 * times - 1)
        levels = (MEAN_LOG_SIGMA + SPREAD_LOG_SIGMA * quantiles).exp()
    elif schedule == "cosine":
        levels = torch.tan(times * (math.pi / 2))
    else:
        exponent = LEAST_BETA * times + (MOST_BETA - LEAST_BETA) * times.square() / 2
        levels = torch.expm1(exponent).sqrt()
    return levels.clamp(LEAST_SIGMA, MOST_SIGMA)


def denoising_levels(schedule: NoiseSchedule, steps: int, strength: float) -> Tensor:
    """Sigmas [n + 1] to go down by, from that of `strength`, above 0 to 1, to 0.

    A whole denoising takes `steps`, a weaker one its share of them, but at least one. Karras et
    al. space sigma's root evenly, the others time.
    """
    count = max(1, math.ceil(steps * strength))
    times = torch.linspace(strength, 0, count + 1, dtype=torch.float64)[:-1]
    if schedule == "karras":
        low, high = LEAST_SIGMA ** (1 / RHO), FIRST_SIGMA ** (1 / RHO)
        levels = (low + times * (high - low)) ** RHO
    else:
        levels = training_levels(schedule, times)
    return torch.cat([levels, torch.zeros(1, dtype=torch.float64)]).float()


def draw_times(sampling: TimeSampling, count: int, generator: np.random.Generator) -> Tensor:
    """Times [count] in 0..1, both ends excluded.

    - "uniform": each by itself;
    - "stratified": one in each of `count` equal stretches, which steadies the loss (Kingma et al.,
      "Variational Diffusion Models", 2021);
    - "central": more often in the middle, the logistic function of normal numbers (Esser et al.,
      "Scaling Rectified Flow Transformers", 2024).
    """
    if sampling == "central":
        times = 1 / (1 + np.exp(-generator.standard_normal(count)))
    elif sampling == "stratified":
        times = (generator.permutation(count) + generator.random(count)) / count
    else:
        times = generator.random(count)
    return torch.from_numpy(times.astype(np.float32)).clamp(1e-5, 1 - 1e-5)


def scalings(levels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What skips the network, what its output and its input are multiplied by.

    Each [n, 1, 1, 1] for sigmas [n]: the network sees and gives signals of about unit spread
    whatever the noise (Karras et al. 2022, table 1).
    """
    sigma = levels[:, None, None, None]
    total = sigma.square() + SIGMA_DATA**2
    return SIGMA_DATA**2 / total, SIGMA_DATA * sigma / total.sqrt(), 1 / total.sqrt()
