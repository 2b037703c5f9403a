"""Textures of overlapping rounded scales: koi and peacock."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.exemplars.canvas import (
    SIZE,
    Field,
    Picture,
    coordinates,
    finish,
    mix,
    noise,
    ramp,
    smoothstep,
)


@dataclass(frozen=True)
class Scales:
    """Overlapping round scales, every field [GRID, GRID]; a radius of 1 is a scale's edge."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    across: Field  # offset from the scale's centre, in radii
    down: Field
    radius: Field  # distance from the scale's centre, in radii


def overlap(x: Field, y: Field, columns: int, rows: int) -> Scales:
    """Lay scales in staggered rows, the upper over the lower; `rows` must be even."""
    width, height = SIZE / columns, SIZE / rows
    scale_radius = 0.51 * np.hypot(width, height)
    row, column = (np.zeros(x.shape, dtype=np.int64) for _ in range(2))
    across, down = np.zeros(x.shape), np.zeros(x.shape)
    free = np.ones(x.shape, dtype=bool)
    for back in range(3, -2, -1):
        here = np.floor(y / height).astype(np.int64) - back
        stagger = 0.5 * (here % 2)
        place = np.floor(x / width - stagger + 0.5).astype(np.int64)
        right, below = x - (place + stagger) * width, y - here * height
        visible = free & (right**2 + below**2 < scale_radius**2)
        row[visible], column[visible] = here[visible] % rows, place[visible] % columns
        across[visible], down[visible] = right[visible], below[visible]
        free &= ~visible
    across, down = across / scale_radius, down / scale_radius
    return Scales(row, column, across, down, np.hypot(across, down))


def koi() -> Picture:
    """Carp scales in vermilion, cream and ink, each with a pale margin and a dark root."""
    generator = np.random.default_rng(21)
    x, y = coordinates()
    x, y = x + 0.8 * noise(generator, 40), y + 0.6 * noise(generator, 40)
    columns, rows = 10, 18
    scales = overlap(x, y, columns, rows)
    kind = generator.random((rows, columns))[scales.row, scales.column]
    root = smoothstep(1.0, 0.1, scales.radius)
    rays = np.sin(np.arctan2(scales.across, scales.down) * 14)
    tone = 1 - 0.75 * root + 0.04 * rays * root
    vermilion = ramp(tone, "4a0a08 a81d10 e8452a ff7d4c ffc9a0")
    cream = ramp(tone, "7a4a3c c08a68 ecc9a0 fbe9cf fffaf0")
    ink = ramp(tone, "05060c 10131f 232a3f 48546f 9fb0c4")
    picture = np.where((kind > 0.5)[..., None], cream, vermilion)
    picture = np.where((kind > 0.8)[..., None], ink, picture)
    outline = picture * np.array([0.42, 0.3, 0.3])
    return finish(mix(picture, outline, smoothstep(0.86, 0.99, scales.radius)))


def peacock() -> Picture:
    """Overlapping feather eyes: violet heart, turquoise ring, bronze halo, green barbs."""
    generator = np.random.default_rng(4)
    x, y = coordinates()
    scales = overlap(x + 0.6 * noise(generator, 40), y + 0.6 * noise(generator, 40), 6, 10)
    fan = np.arctan2(scales.across, scales.down + 1.1)
    barbs = np.sin(fan * 40 + 3.0 * scales.radius)
    eye = np.hypot(scales.across * 1.05, scales.down - 0.5)
    heart = smoothstep(0.3, 0.0, np.abs(scales.across)) * smoothstep(0.5, 0.2, scales.down)
    gem, feather = "12082e 24147a 2a3fb8 1590d8 22d0d4 48e0a0", "8a5a1c e8a030 b87a24 3f9a4a 128a6a"
    tone = (eye + 0.12 * heart + 0.03 * barbs * eye) / 0.85
    picture = ramp(tone, f"{gem} {feather} 0c7a70 0a5a68 083a50")
    sheen = 1 + 0.3 * barbs * smoothstep(0.36, 0.6, eye) + 0.08 * noise(generator, 20)
    return finish(picture * (sheen * (1 - 0.75 * smoothstep(0.78, 1.0, scales.radius)))[..., None])
