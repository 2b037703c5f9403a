"""The project's namesake: crusty lichen on stone."""

import numpy as np

from training.exemplars.canvas import (
    SIZE,
    Field,
    Picture,
    coordinates,
    finish,
    light,
    mix,
    noise,
    ramp,
    scatter,
    smoothstep,
    voronoi,
    wrapped,
)

GOLDEN_ANGLE = 2.4  # radians; it spaces the discs of a rosette evenly


def lichen() -> Picture:
    """Pale grey-green rosettes with orange discs, crusting a dark stone."""
    generator = np.random.default_rng(3)
    x, y = coordinates()
    grain, mottle = noise(generator, 6, 4), noise(generator, 24, 2)
    shade, _ = light(0.5 * grain)
    stone = ramp(0.38 * shade + 0.06 * mottle, "0d0f13 23272d 3f434a 6d6f73")
    ragged_x, ragged_y = noise(generator, 7, 3), noise(generator, 7, 3)
    areoles = voronoi(scatter(generator, 1500, 1), x + 0.3 * ragged_x, y + 0.3 * ragged_y)
    depth, shadow, discs = rosettes(generator, x + 0.9 * ragged_x, y + 0.9 * ragged_y)
    rim = smoothstep(2.6, 0.4, depth)
    cracks = smoothstep(0.55, 0.05, areoles.edge_distance) * (1 - rim)
    shade, _ = light(1.6 * smoothstep(0, 2.0, depth) + 0.3 * grain - 0.7 * cracks)
    tone = 0.5 + 0.32 * rim + 0.07 * mottle + 0.25 * (shade - 1) - 0.3 * cracks
    crust = ramp(tone, "39463c 6f8070 a3b39a c9d3b6 eef0dc")
    picture = mix(stone, crust, smoothstep(-0.2, 0.5, depth)) * (1 - 0.6 * shadow)[..., None]
    return finish(with_apothecia(picture, discs, generator))


def rosettes(generator: np.random.Generator, x: Field, y: Field) -> tuple[Field, Field, Field]:
    """Lay lobed rosettes over one another.

    Returns how far inside the topmost outline each sample lies, in pixels; the shadow that it
    casts on those below, 0..1; and the centres of the fruiting discs, [count, 2] in pixels.
    """
    depth, shadow, discs = np.full(x.shape, -np.inf), np.zeros(x.shape), []
    for centre in scatter(generator, 34, 6):
        radius = 7.0 + 5.5 * generator.random()
        across, down = wrapped(x - centre[0]), wrapped(y - centre[1])
        angle, phase = np.arctan2(down, across), 2 * np.pi * generator.random()
        lobes = 0.06 * np.sin(5 * angle + phase) + 0.05 * np.sin(11 * angle - phase)
        inside = radius * (1 + lobes) - np.hypot(across, down)
        on_top = inside > -0.2
        shadow = np.where(on_top, 0.0, np.maximum(shadow, smoothstep(-1.8, -0.2, inside)))
        depth = np.where(on_top, inside, np.maximum(depth, inside))
        order = np.arange(int(radius * 0.8))
        turn = order * GOLDEN_ANGLE + generator.random()
        way = np.sqrt((order + 0.3) / len(order)) * 0.62 * radius
        discs.append(centre + (way * np.stack([np.cos(turn), np.sin(turn)])).T)
    return depth, shadow, np.concatenate(discs) % SIZE


def with_apothecia(picture: Field, centres: Field, generator: np.random.Generator) -> Field:
    """Lay orange fruiting discs with pale raised rims over a picture [GRID, GRID, 3]."""
    cells = voronoi(centres, *coordinates())
    radius = (0.9 + 1.0 * generator.random(len(centres)))[cells.owner]
    beyond = np.maximum(cells.centre_distance - radius, 0.6 - cells.edge_distance)
    shade, _ = light(0.5 * np.exp(-((beyond / 0.5) ** 2)))
    disc = ramp(0.62 * shade - 0.1 * cells.down / radius, "4d1c05 a8480c e8861c ffc04a")
    rim = ramp(0.6 * shade, "5d5a35 b3a95c f3e3a0")
    picture = picture * (1 - 0.45 * smoothstep(1.6, 0.4, beyond))[..., None]
    return mix(picture, mix(rim, disc, smoothstep(0, -0.5, beyond)), smoothstep(0.6, 0.2, beyond))
