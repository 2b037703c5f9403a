"""Knitted wool."""

import numpy as np

from training.exemplars.canvas import SIZE, Picture, coordinates, finish, light, noise, ramp


def knit() -> Picture:
    """Stocking stitch in wool that changes from indigo over rose to saffron."""
    generator = np.random.default_rng(2)
    x, y = coordinates()
    x = x + 0.35 * noise(generator, 20)
    columns, rows = 12, 16
    leg = np.floor(x * 2 * columns / SIZE)
    side = 1.0 - 2.0 * (leg % 2)
    across = x * 2 * columns / SIZE - leg - 0.5
    slant = y * rows / SIZE - 0.95 * side * across
    row = np.floor(slant)
    along = slant - row - 0.5
    strand = np.sqrt(np.clip(1 - (1.75 * along) ** 2 - (1.2 * across) ** 2, 0, 1))
    ply = np.sin(2 * np.pi * 1.3 * (1.9 * across + along * side))
    shade, gleam = light(2.6 * strand + 0.12 * ply * strand, 10)
    dye = noise(generator, 28)
    dye = dye[:: len(dye) // rows, :: len(dye) // columns]
    stitch_dye = dye[(row % rows).astype(int), (leg // 2 % columns).astype(int)]
    wool = ramp(0.5 + 0.28 * stitch_dye, "1c2357 33408f 8a4a8f d9577a f58a5a f7c04a ffe9a8")
    fuzz = 1 + 0.05 * noise(generator, 1.5)
    glow = (0.18 + 0.82 * strand) * (0.55 + 0.45 * shade) * fuzz
    return finish(wool * glow[..., None] + 0.1 * gleam[..., None])
