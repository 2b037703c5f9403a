"""A loss over its iterations, as an SVG to put into a page."""

import math
from collections.abc import Sequence
from statistics import median

WIDTH, HEIGHT = 960, 280
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 14, 30
LARGEST_POINTS = 600
TREND_POINTS = 20
TICKS = 5

# Iteration and loss.
Point = tuple[float, float]


def loss_plot(history: Sequence[Point], marks: Sequence[int]) -> str:
    """Draw the loss, its running median and the marked iterations.

    Colours come from the page: the classes are axis, raw, trend and mark. The loss has a
    logarithmic scale unless it falls to zero or below.
    """
    points = thinned(history, LARGEST_POINTS)
    losses = [loss for _, loss in points]
    log = min(losses) > 0
    low, high = _range([math.log10(loss) if log else loss for loss in losses])
    first, last = _range([history[0][0], history[-1][0]])

    def x(iteration: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (iteration - first) / (last - first)

    def y(loss: float) -> float:
        height = ((math.log10(loss) if log else loss) - low) / (high - low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * height

    def line(name: str, values: Sequence[Point]) -> str:
        places = " ".join(f"{x(iteration):.1f},{y(loss):.1f}" for iteration, loss in values)
        return f'<polyline class="{name}" points="{places}"/>'

    def level(loss: float) -> str:
        return (
            f'<path class="axis" d="M{LEFT} {y(loss):.1f}H{WIDTH - RIGHT}"/>'
            f'<text x="{LEFT - 8}" y="{y(loss) + 4:.1f}" text-anchor="end">{loss:.3g}</text>'
        )

    def moment(iteration: float) -> str:
        place = f'x="{x(iteration):.1f}" y="{HEIGHT - 9}"'
        return f'<text {place} text-anchor="middle">{iteration:g}</text>'

    levels = [low + (high - low) * index / (TICKS - 1) for index in range(TICKS)]
    parts = [
        *(level(10**value if log else value) for value in levels),
        *(moment(tick) for tick in _round_ticks(first, last)),
        *(f'<path class="mark" d="M{x(mark):.1f} {TOP}V{HEIGHT - BOTTOM}"/>' for mark in marks),
        line("raw", points),
        line("trend", _running_median(points)),
    ]
    scale = f'data-left="{LEFT}" data-right="{RIGHT}" data-first="{first}" data-last="{last}"'
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg id="loss" {box} {scale} role="img" aria-label="Loss">{"".join(parts)}</svg>'


def thinned(history: Sequence[Point], largest: int) -> list[Point]:
    """At most so many points: means over equally long stretches, at each one's end."""
    stretch = -(-len(history) // largest)
    groups = [history[index : index + stretch] for index in range(0, len(history), stretch)]
    return [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]


def _range(values: Sequence[float]) -> tuple[float, float]:
    """The least and the greatest, apart from each other even where there is but one value."""
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _round_ticks(first: float, last: float) -> list[float]:
    """Round numbers within the range, about as many as TICKS."""
    rough = (last - first) / TICKS
    magnitude = 10 ** math.floor(math.log10(rough))
    step = max(1.0, min((f * magnitude for f in (1, 2, 5, 10)), key=lambda s: abs(s - rough)))
    return [step * index for index in range(math.ceil(first / step), int(last / step) + 1)]


def _running_median(points: Sequence[Point]) -> list[Point]:
    """Untouched by the few iterations whose states happened to be wounded or new."""
    medians = []
    for index, (iteration, _) in enumerate(points):
        near = points[max(0, index - TREND_POINTS + 1) : index + 1]
        medians.append((iteration, median(loss for _, loss in near)))
    return medians
