"""The loss over the iterations, on a logarithmic scale."""

import numpy as np
from imgui_bundle import ImVec2, ImVec4, implot
from numpy.typing import NDArray

from viewer.panels import theme
from viewer.panels.theme import em

MOST_POINTS = 240
SMOOTHED_SHARE = 0.06
SMALLEST_LOSS = 1e-9
PLOT_FLAGS = implot.Flags_.canvas_only | implot.Flags_.no_inputs
AXIS_FLAGS = (
    implot.AxisFlags_.no_label | implot.AxisFlags_.no_tick_marks | implot.AxisFlags_.no_highlight
)
Curve = NDArray[np.float64]


def draw_loss(iterations: Curve, losses: Curve, marked: int | None) -> None:
    """Draw the plot in the width that there is; a line marks the iteration looked at."""
    x, y = thinned_out(iterations, np.maximum(losses, SMALLEST_LOSS))
    _push_style()
    if implot.begin_plot("##loss", ImVec2(-1, em(8)), PLOT_FLAGS):
        axis = implot.ImAxis_
        implot.setup_axes("", "", AXIS_FLAGS, AXIS_FLAGS)
        implot.setup_axis_scale(axis.y1, implot.Scale_.log10)
        # A training that was resumed begins where it left off.
        first, last = float(x[0]) - 1, max(float(x[-1]), float(x[0]) + 9)
        low, high = _limits(y)
        implot.setup_axes_limits(first, last, low, high, implot.Cond_.always)
        implot.setup_axis_ticks(axis.x1, *_round_numbers(first, last), False)
        implot.setup_axis_ticks(axis.y1, *_decades(low, high), False)
        _plot("loss", x, y, theme.ACCENT_DIM, 1.0)
        _plot("smoothed", x, smoothed(y), theme.ACCENT, 2.0)
        if marked is not None:
            _plot_marker(float(marked))
        implot.end_plot()
    _pop_style()


def thinned_out(x: Curve, y: Curve) -> tuple[Curve, Curve]:
    """At most MOST_POINTS of a curve, each the geometric mean of its neighbours."""
    stride = -(-len(x) // MOST_POINTS)
    starts = np.arange(0, len(x), stride)
    counts = np.diff([*starts, len(x)])
    return x[starts + counts - 1], np.exp(np.add.reduceat(np.log(y), starts) / counts)


def smoothed(y: Curve) -> Curve:
    """Every value becomes the geometric mean of a window around it."""
    reach = max(int(len(y) * SMOOTHED_SHARE / 2), 1)
    sums = np.concatenate([[0.0], np.cumsum(np.log(y))])
    places = np.arange(len(y))
    first, last = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(y))
    curve: Curve = np.exp((sums[last] - sums[first]) / (last - first))
    return curve


def _limits(y: Curve) -> tuple[float, float]:
    """Low and high ends for the loss, with a little air, never nearer than a factor of two."""
    low, high = float(y.min()) / 1.2, float(y.max()) * 1.2
    return min(low, high / 2), high


def _round_numbers(first: float, last: float) -> tuple[list[float], list[str]]:
    """Two to six ticks, away from the right end, where they would be cut off."""
    width = last - first
    power = 10.0 ** np.floor(np.log10(width))
    step = next(factor * power for factor in (0.2, 0.5, 1, 2) if width / (factor * power) < 6)
    ticks = np.arange(np.ceil(first / step) * step, last - 0.05 * width, step).tolist()
    return ticks, [f"{tick:,.0f}" for tick in ticks]


def _decades(low: float, high: float) -> tuple[list[float], list[str]]:
    """One, two and five of every decade, as many as are easily read; more of a short range."""
    factors = (1, 2, 5) if high > 10 * low else (1, 1.5, 2, 3, 4, 5, 7)
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    ticks = [factor * 10.0**power for power in powers for factor in factors]
    ticks = [tick for tick in ticks if low <= tick <= high]
    ticks = ticks[:: -(-len(ticks) // 5)] if ticks else [low, high]
    return ticks, [f"{tick:g}" for tick in ticks]


def _plot(name: str, x: Curve, y: Curve, colour: ImVec4, weight: float) -> None:
    spec = implot.Spec()
    spec.line_color, spec.line_weight = colour, weight
    implot.plot_line(name, np.ascontiguousarray(x), np.ascontiguousarray(y), spec=spec)


def _plot_marker(iteration: float) -> None:
    spec = implot.Spec()
    spec.line_color, spec.line_weight = theme.TEXT, 1.0
    implot.plot_inf_lines("looked at", np.array([iteration]), spec=spec)


def _push_style() -> None:
    implot.push_style_color(implot.Col_.plot_bg, theme.RAISED)
    implot.push_style_color(implot.Col_.plot_border, theme.LINE)
    implot.push_style_color(implot.Col_.axis_text, theme.FAINT)
    implot.push_style_color(implot.Col_.axis_grid, theme.RAISED_ACTIVE)
    implot.push_style_var(implot.StyleVar_.plot_padding, ImVec2(0, em(0.3)))
    implot.push_style_var(implot.StyleVar_.label_padding, ImVec2(em(0.35), em(0.2)))


def _pop_style() -> None:
    implot.pop_style_color(4)
    implot.pop_style_var(2)
