"""Drawing tools on a torus: noise, Voronoi cells, colour ramps, light and down-sampling.

Pictures are drawn `SUPERSAMPLE` times too large, as sRGB values in 0..1, and averaged down once
at the end. Lengths are in pixels of the finished picture, and every field wraps around.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]
Picture = NDArray[np.uint8]

SIZE = 128
SUPERSAMPLE = 4
GRID = SIZE * SUPERSAMPLE
LIGHT = np.array([-0.45, -0.6, 0.66])  # x, y, z: from the upper left, towards the viewer


def coordinates() -> tuple[Field, Field]:
    """The x and y of every sample's centre, each [GRID, GRID], in pixels."""
    axis = (np.arange(GRID) + 0.5) / SUPERSAMPLE
    y, x = np.meshgrid(axis, axis, indexing="ij")
    return x, y


def wrapped(offset: Field) -> Field:
    """The shortest signed way around the torus for an offset in pixels."""
    return offset - SIZE * np.round(offset / SIZE)


def smoothstep(low: float | Field, high: float | Field, values: Field) -> Field:
    """0 at low and 1 at high, a smooth S between; low may be the larger of the two."""
    t: Field = np.clip((values - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def colour(code: str) -> Field:
    """An "rrggbb" code as three values in 0..1."""
    return np.frombuffer(bytes.fromhex(code), dtype=np.uint8) / 255.0


def ramp(values: Field, codes: str) -> Field:
    """Map 0..1 through evenly spaced colours ("rrggbb rrggbb ..."): [...] to [..., 3]."""
    stops = np.stack([colour(code) for code in codes.split()])
    position = np.clip(values, 0.0, 1.0) * (len(stops) - 1)
    channels = [np.interp(position, np.arange(len(stops)), channel) for channel in stops.T]
    return np.stack(channels, axis=-1)


def mix(below: Field, above: Field, amount: Field) -> Field:
    """Lay a colour [3] or picture [..., 3] over another by an amount [...] in 0..1."""
    return below + (above - below) * amount[..., None]


def noise(generator: np.random.Generator, wavelength: float, octaves: int = 1) -> Field:
    """Smooth periodic noise, mean 0 and deviation 1, with waves of about one wavelength.

    Each further octave halves both the wavelength and the height of the waves.
    """
    frequency = np.fft.fftfreq(GRID, 1.0 / SUPERSAMPLE)
    squared = frequency[:, None] ** 2 + frequency[None, :] ** 2
    total = np.zeros((GRID, GRID))
    for octave in range(octaves):
        cycles = squared * (wavelength * 0.5**octave) ** 2
        spectrum = np.fft.fft2(generator.random((GRID, GRID)) - 0.5)
        layer = np.fft.ifft2(spectrum * cycles * np.exp(-cycles)).real
        total += layer / layer.std() * 0.5**octave
    deviation: float = total.std()
    return total / deviation


def slopes(height: Field) -> tuple[Field, Field]:
    """The rise of a height field towards the right and downwards, pixels per pixel."""
    across = np.roll(height, -1, axis=1) - np.roll(height, 1, axis=1)
    down = np.roll(height, -1, axis=0) - np.roll(height, 1, axis=0)
    return across * SUPERSAMPLE / 2, down * SUPERSAMPLE / 2


def light(height: Field, shininess: float = 30.0) -> tuple[Field, Field]:
    """Light a height field in pixels: (diffuse, 1 where flat; highlight, 0..1).

    The highlight is Blinn's: Models of light reflection for computer synthesized pictures (1977).
    """
    across, down = slopes(height)
    length = np.sqrt(across**2 + down**2 + 1.0)
    towards = LIGHT / np.linalg.norm(LIGHT)
    half = towards + np.array([0.0, 0.0, 1.0])
    half /= np.linalg.norm(half)
    facing = (towards[2] - towards[0] * across - towards[1] * down) / length
    mirrored = (half[2] - half[0] * across - half[1] * down) / length
    return np.maximum(facing, 0.0) / towards[2], np.maximum(mirrored, 0.0) ** shininess


def scatter(generator: np.random.Generator, count: int, relaxation: int) -> Field:
    """Points [count, 2] as x, y in pixels: random, then spread evenly by Lloyd's algorithm."""
    points = generator.random((count, 2)) * SIZE
    axis = np.arange(0.5, SIZE)
    y, x = (part.ravel() for part in np.meshgrid(axis, axis, indexing="ij"))
    pixel = np.arange(SIZE * SIZE)
    for _ in range(relaxation):
        across, down = wrapped(x - points[:, :1]), wrapped(y - points[:, 1:])
        owner = np.argmin(across**2 + down**2, axis=0)
        samples = np.maximum(np.bincount(owner, minlength=count), 1)
        points[:, 0] += np.bincount(owner, across[owner, pixel], count) / samples
        points[:, 1] += np.bincount(owner, down[owner, pixel], count) / samples
    return points % SIZE


@dataclass(frozen=True)
class Cells:
    """A Voronoi diagram, every field [GRID, GRID]; lengths in pixels."""

    owner: NDArray[np.int64]  # index of the nearest point
    across: Field  # offset from that point
    down: Field
    centre_distance: Field
    edge_distance: Field  # to the nearest border


def voronoi(points: Field, x: Field, y: Field) -> Cells:
    """The Voronoi diagram of evenly scattered points [count, 2], looked up at x, y.

    Each point is only tried on the samples around it, so x and y may differ from the samples'
    own coordinates by 4 pixels at most.
    """
    owner = np.zeros(x.shape, dtype=np.int64)
    nearest, edge = np.full(x.shape, np.inf), np.full(x.shape, np.inf)
    reach = int((2.0 * SIZE / np.sqrt(len(points)) + 4.0) * SUPERSAMPLE)
    span = np.arange(-min(reach, GRID // 2), min(reach, GRID // 2))
    corners = (points * SUPERSAMPLE).astype(int)
    windows = [np.ix_((row + span) % GRID, (column + span) % GRID) for column, row in corners]
    for index, (window, point) in enumerate(zip(windows, points, strict=True)):
        squared = wrapped(x[window] - point[0]) ** 2 + wrapped(y[window] - point[1]) ** 2
        owner[window] = np.where(squared < nearest[window], index, owner[window])
        nearest[window] = np.minimum(squared, nearest[window])
    across, down = wrapped(x - points[owner, 0]), wrapped(y - points[owner, 1])
    for index, (window, point) in enumerate(zip(windows, points, strict=True)):
        right, below = wrapped(x[window] - point[0]), wrapped(y[window] - point[1])
        own = owner[window] == index
        between = np.where(own, 1.0, np.hypot(right - across[window], below - down[window]))
        border = (right**2 + below**2 - nearest[window]) / (2.0 * between)
        edge[window] = np.where(own, edge[window], np.minimum(edge[window], border))
    return Cells(owner, across, down, np.sqrt(nearest), edge)


def finish(picture: Field) -> Picture:
    """Average a drawing [GRID, GRID, 3] down to [SIZE, SIZE, 3] in linear light; sRGB bytes."""
    encoded = np.clip(picture, 0.0, 1.0)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    blocks = linear.reshape(SIZE, SUPERSAMPLE, SIZE, SUPERSAMPLE, 3).mean(axis=(1, 3))
    curve = 1.055 * np.maximum(blocks, 0.0031308) ** (1 / 2.4) - 0.055
    shown: Field = np.where(blocks <= 0.0031308, blocks * 12.92, curve)
    return np.round(shown * 255.0).astype(np.uint8)
