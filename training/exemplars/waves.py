"""Textures drawn from one smooth field: Turing patterns and contour bands."""

import numpy as np

from training.exemplars.canvas import (
    GRID,
    SUPERSAMPLE,
    Field,
    Picture,
    finish,
    light,
    mix,
    noise,
    ramp,
    smoothstep,
)


def turing(generator: np.random.Generator, wavelength: float, bias: float) -> Field:
    """Stripes (bias 0) or spots of one wavelength in pixels, deviation 1, [GRID, GRID].

    A band-pass filter and a saturation take turns until the pattern settles: local activation
    with inhibition around it, as in Turing, The chemical basis of morphogenesis (1952).
    """
    frequency = np.fft.fftfreq(GRID, 1.0 / SUPERSAMPLE)
    cycles = np.hypot(frequency[:, None], frequency[None, :]) * wavelength
    band = np.exp(-(((cycles - 1.0) / 0.35) ** 2))
    pattern: Field = generator.random((GRID, GRID)) - 0.5
    for _ in range(12):
        saturated = np.tanh(2.0 * pattern / pattern.std() + bias)
        pattern = np.fft.ifft2(np.fft.fft2(saturated) * band).real
    deviation: float = pattern.std()
    return pattern / deviation


def coral() -> Picture:
    """A labyrinth of coral ridges with cream crests over teal valleys."""
    generator = np.random.default_rng(9)
    pattern = turing(generator, 11.0, 0.15)
    polyps, mottle = noise(generator, 3.5), noise(generator, 30)
    ridge = smoothstep(-1.7, 2.0, pattern)
    shade, gleam = light(4.5 * ridge + 0.06 * polyps * ridge, 24)
    tone = 0.02 + 0.86 * ridge + 0.03 * mottle + 0.22 * (shade - 1)
    depths, heights = "04121f 063a4a 0e8086 3fb3a4", "8a3a55 d63f49 ee6a55 f9a07c ffe2c0 fff6e4"
    return finish(ramp(tone, f"{depths} {heights}") + 0.12 * gleam[..., None])


def dart_frog() -> Picture:
    """Skin of a poison dart frog: ink islands on wet electric blue and yellow."""
    generator = np.random.default_rng(5)
    pattern = turing(generator, 14.0, 0.8)
    hue, bumps = noise(generator, 30), noise(generator, 3.5)
    skin = ramp(0.5 + 0.3 * hue, "0b3fa8 1276d8 22b4e0 b8e04a ffd21f")
    shade, gleam = light(1.6 * smoothstep(-0.6, 0.2, pattern) + 0.05 * bumps, 25)
    skin = skin * (0.55 + 0.45 * shade + 0.08 * smoothstep(0, 1.5, pattern))[..., None]
    ink = ramp(0.3 * shade + 0.5 * gleam, "04050a 10142a 3a4a78")
    picture = mix(skin, ink, smoothstep(-0.15, -0.45, pattern))
    return finish(picture + 0.25 * gleam[..., None] ** 2)


def agate() -> Picture:
    """Contour bands of a polished agate: plum, rose, cream and blue chalcedony."""
    generator = np.random.default_rng(14)
    level = 0.95 * (noise(generator, 52) + 0.1 * noise(generator, 12))
    place = level - np.floor(level) + 0.02 * np.sin(2 * np.pi * level * 5)
    fire, ice = "1d1233 4a1f5e 9c3a6e e0735f f7b98a fdeacb", "fffaf0 cfe3e2 7db4c4 357fa6 1f4a80"
    growth_rings = 1 + 0.07 * np.sin(2 * np.pi * level * 9)
    return finish(ramp(place, f"{fire} {ice} 1d1233") * growth_rings[..., None])
