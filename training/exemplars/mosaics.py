"""Textures made of cells with borders: glass, crust, gems, wax and glaze."""

import numpy as np

from training.exemplars.canvas import (
    SIZE,
    Field,
    Picture,
    colour,
    coordinates,
    finish,
    light,
    mix,
    noise,
    ramp,
    scatter,
    smoothstep,
    voronoi,
)


def stained_glass() -> Picture:
    """Jewel-coloured panes, glowing in the middle, between rounded lead lines."""
    generator = np.random.default_rng(11)
    cells = voronoi(scatter(generator, 80, 4), *coordinates())
    hue = (generator.permutation(80) / 79)[cells.owner]
    pane = ramp(hue, "7a1230 c8312e e8862c f2c14e 2f8f6b 12718c 1f3f8f 4a2a86")
    streaks = noise(generator, 10, 3)
    glow = np.exp(-((cells.centre_distance / 8) ** 2))
    pane = pane * (0.72 + 0.1 * streaks + 0.5 * glow)[..., None]
    pane = mix(pane, ramp(hue, "ffd9c0 fff2c0 e0fff0 d8e8ff"), 0.3 * glow)
    shade, gleam = light(1.2 * np.sqrt(np.clip(1.7 - cells.edge_distance, 0, None)))
    lead = ramp(0.25 * shade + 0.9 * gleam, "08080c 2c2d35 9a9ca8")
    return finish(mix(pane, lead, smoothstep(1.7, 1.3, cells.edge_distance)))


def ember() -> Picture:
    """Black cooling crust, cracked open over glowing magma."""
    generator = np.random.default_rng(5)
    x, y = coordinates()
    warp_x, warp_y = noise(generator, 9, 3), noise(generator, 9, 3)
    cells = voronoi(scatter(generator, 90, 2), x + 0.6 * warp_x, y + 0.6 * warp_y)
    warmth, rough = noise(generator, 30, 2), noise(generator, 5, 4)
    inside = cells.edge_distance - (0.6 + 0.2 * warmth)
    shade, gleam = light(2.2 * smoothstep(0.2, 1, inside / 3) + 0.35 * rough, 12)
    crust = ramp(0.35 * shade + 0.25 * gleam, "050406 1d1719 4a4143 8d8380")
    heat = np.clip(1.0 - cells.edge_distance / 2.4 + 0.16 * warmth + 0.08 * rough, 0, 1.2)
    magma = ramp(heat / 1.2, "1a0505 4a0a06 a31d08 e8500e ff9a1f ffd75e fff6c8")
    glow = np.exp(-cells.edge_distance / 2.6) * (0.9 + 0.3 * warmth)
    crust = crust + glow[..., None] * np.array([0.55, 0.13, 0.02])
    return finish(mix(magma, crust, smoothstep(-0.4, 0.6, inside)))


def opal() -> Picture:
    """Cut opals side by side, each turning through its own run of colours."""
    generator = np.random.default_rng(17)
    x, y = coordinates()
    warp_x, warp_y = noise(generator, 30), noise(generator, 30)
    cells = voronoi(scatter(generator, 72, 3), x + 0.8 * warp_x, y + 0.8 * warp_y)
    angle = 2 * np.pi * generator.random(72)[cells.owner]
    tilt = (cells.across * np.cos(angle) + cells.down * np.sin(angle)) / 26
    phase = generator.random(72)[cells.owner] + tilt
    spectrum = "2348c8 1f9ee0 2bd8c8 62e898 c8f070 ffc050 ff7a70 e05ac0 7a48e0 2348c8"
    fire = ramp(phase - np.floor(phase), spectrum)
    dome = np.sqrt(smoothstep(0, 7.0, cells.edge_distance))
    shade, gleam = light(5.0 * dome, 40)
    matrix = smoothstep(1.5, 0.3, cells.edge_distance)
    picture = fire * (0.3 + 0.75 * shade * dome)[..., None]
    picture = mix(picture, ramp(0.5 + 0.2 * warp_x, "0b1030 1a2252 39447f"), matrix)
    return finish(picture + 0.8 * (gleam * (1 - matrix))[..., None])


def honeycomb() -> Picture:
    """Wax cells in staggered rows, some brimming with honey, some nearly empty."""
    generator = np.random.default_rng(19)
    x, y = coordinates()
    columns, rows = 9, 10
    row, column = np.divmod(np.arange(columns * rows), columns)
    centres = np.stack([(column + 0.5 * (row % 2)) / columns, (row + 0.5) / rows], -1) * SIZE
    centres = centres + 0.5 * (generator.random(centres.shape) - 0.5)
    cells = voronoi(centres, x + 0.5 * noise(generator, 30), y + 0.5 * noise(generator, 30))
    fill = generator.random(columns * rows)[cells.owner]
    depth = smoothstep(0.7, 3.2, cells.edge_distance)
    bowl = cells.down / 7 + cells.across / 14
    amber = "2e0f02 7a3206 c4690a f2a516 ffd75a fff2b8"
    honey = ramp(0.3 + 0.5 * fill + 0.28 * bowl * depth, amber) * (0.55 + 0.45 * depth)[..., None]
    shade, gleam = light(0.2 * noise(generator, 3) - 2.2 * depth, 20)
    wax = ramp(0.25 + 0.4 * shade, "6b3a0a c07a1a f0b84a fde7a8") + 0.15 * gleam[..., None]
    picture = mix(honey, wax, smoothstep(1.5, 0.8, cells.edge_distance))
    glint = smoothstep(1.5, 0.8, np.hypot(cells.across + 2.2, cells.down + 2.4)) * (fill > 0.3)
    return finish(picture + 0.5 * glint[..., None])


def porcelain() -> Picture:
    """Plum blossom on cracked ice, painted in cobalt under the glaze."""
    generator = np.random.default_rng(8)
    x, y = coordinates()
    x, y = x + 0.5 * noise(generator, 14), y + 0.5 * noise(generator, 14)
    ice = voronoi(scatter(generator, 230, 1), x, y)
    shard = generator.random(230)[ice.owner]
    wash = 0.35 + 0.3 * shard + 0.1 * noise(generator, 6, 3)
    wash += 0.2 * smoothstep(3, 0, ice.edge_distance)
    ground = ramp(wash, "3a6cc4 1f4aa8 12318c 0b1f66")
    ground = mix(ground, colour("a9c8ee"), 0.75 * smoothstep(0.55, 0.2, ice.edge_distance))
    return finish(with_blossoms(ground, generator, x, y))


def with_blossoms(ground: Field, generator: np.random.Generator, x: Field, y: Field) -> Field:
    """Lay white five-petalled flowers with cobalt stamens over a picture [GRID, GRID, 3]."""
    count = 40
    cells = voronoi(scatter(generator, count, 5), x, y)
    turn = 2 * np.pi * generator.random(count)[cells.owner]
    angle = np.arctan2(cells.down, cells.across) + turn
    petal = np.abs(np.cos(2.5 * angle))
    size = (6.2 + 1.6 * generator.random(count))[cells.owner]
    way = cells.centre_distance / (size * (0.62 + 0.38 * petal**0.7))
    white = 0.95 - 0.55 * smoothstep(0.6, 0.1, way) - 0.45 * smoothstep(0.4, 0.0, petal) * way
    blossom = ramp(white + 0.04 * noise(generator, 4), "3a66b8 9dbce6 dce9f6 ffffff fffdf6")
    stamens = smoothstep(0.4, 0.8, np.cos(10 * angle)) * smoothstep(0.09, 0.03, np.abs(way - 0.42))
    marks = np.maximum(0.7 * stamens, smoothstep(0.2, 0.12, way))
    blossom = mix(blossom, colour("1a3c94"), marks)
    ground = mix(ground, colour("081650"), smoothstep(1.22, 1.12, way))
    return mix(ground, blossom, smoothstep(1.02, 0.94, way))
