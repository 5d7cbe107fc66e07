"""Axes of metrics and of factors, in the units and words of reports, and shades of one hue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plots.asked import has_interval
from sim.plots.canvas import ink
from sim.plots.levels import round_ratios
from sim.plots.palette import ZONE
from sim.report.wording import number_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from numpy.typing import NDArray

    from sim.plots.levels import Levels
    from sim.report.figures import Figure
    from sim.stats import Interval

    Floats = NDArray[np.float64]

STEEL = ZONE  # what is no cause and needs a hue
NUMBER = "{x:,.10g}"  # how axes show a number, as a format of matplotlib's
HIGHEST_IN = 14.0  # of a figure
_LOWEST_IN = 4.0
_AROUND_IN = 1.8  # of a figure's height, above and below its axes
_WIDE = 30.0  # times the least: from where on ratios are shown
_ROOM = 0.05  # of an axis, beyond what is shown
FROM_ZERO = 0.4  # of the most: what begins below it is seen from zero


def inches_for(rows: int, row_in: float) -> float:
    """Give the height of a figure of so many rows, within what can be looked at."""
    return min(max(_LOWEST_IN, _AROUND_IN + row_in * rows), HIGHEST_IN)


def shade(share: float) -> str:
    """Mix the steel of figures with the colour of text, of which the share is."""
    from matplotlib.colors import to_hex, to_rgb  # noqa: PLC0415 - slow to import

    steel, text = np.array(to_rgb(STEEL)), np.array(to_rgb(ink()))
    red, green, blue = ((1.0 - share) * steel + share * text).tolist()
    return to_hex((red, green, blue))


def columns(found: Sequence[Interval], factor: float) -> tuple[Floats, Floats, Floats]:
    """Give means and the ends of intervals, in a figure's unit; NaN where there are none."""
    means = np.array([one.mean for one in found])
    ends = [(one.low, one.high) if has_interval(one) else (np.nan, np.nan) for one in found]
    low, high = np.array(ends).reshape(-1, 2).T
    return means * factor, low * factor, high * factor


def label_metric(
    ax: Axes, axis: Literal["x", "y"], figure: Figure, found: Iterable[Interval]
) -> None:
    """Name an axis after a metric, and let it hold some intervals, and zero if it is near."""
    low, high = _ends(figure, found)
    if 0.0 <= low <= FROM_ZERO * high or low == high:
        low = min(low, 0.0)
    room = _ROOM * (high - low) or 1.0
    drawn = _axis(ax, axis, figure, low - (room if low else 0.0), high + room)
    drawn.set_major_formatter(NUMBER)


def label_cost(
    ax: Axes, axis: Literal["x", "y"], figure: Figure, found: Sequence[Interval]
) -> None:
    """Name an axis likewise; where values differ by many times, it is even by ratio."""
    from matplotlib.ticker import NullLocator  # noqa: PLC0415 - slow to import

    low, high = _ends(figure, found)
    if not (low > 0.0 and high >= _WIDE * low):
        label_metric(ax, axis, figure, found)
        return
    room = (high / low) ** _ROOM
    (ax.set_xscale if axis == "x" else ax.set_yscale)("log")
    drawn = _axis(ax, axis, figure, low / room, high * room)
    drawn.set_minor_locator(NullLocator())
    set_ticks(drawn, [(tick, number_text(tick)) for tick in round_ratios(low, high)])


def _axis(ax: Axes, axis: Literal["x", "y"], figure: Figure, low: float, high: float) -> Axis:
    """Set an axis' name and limits, and give it."""
    if axis == "x":
        ax.set_xlabel(plain(figure.heading))
        ax.set_xlim(low, high)
        return ax.xaxis
    ax.set_ylabel(plain(figure.heading))
    ax.set_ylim(low, high)
    return ax.yaxis


def _ends(figure: Figure, found: Iterable[Interval]) -> tuple[float, float]:
    shown = np.concatenate(columns([*found], figure.factor))
    shown = shown[np.isfinite(shown)]
    return (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 0.0)


def label_factor(ax: Axes, levels: Levels, inches: float) -> None:
    """Make the x-axis that of a factor, whose values or round numbers have ticks."""
    from matplotlib.ticker import NullLocator  # noqa: PLC0415 - slow to import

    if levels.scale == "log":
        ax.set_xscale("log")
        ax.xaxis.set_minor_locator(NullLocator())
    set_ticks(ax.xaxis, levels.ticks(inches))
    ax.set_xlim(*levels.ends)
    ax.set_xlabel(plain(levels.name))


def set_ticks(axis: Axis, ticks: Sequence[tuple[float, str]]) -> None:
    """Give an axis its ticks, whose labels stand as they are, whatever is in them."""
    axis.set_ticks(
        [place for place, _ in ticks], labels=[_line_by_line(label) for _, label in ticks]
    )


def axes_inches(ax: Axes) -> tuple[float, float]:
    """Give about how wide and high axes are, before they are laid out."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes have a figure"
    place = ax.get_position()
    return figure.get_figwidth() * place.width, figure.get_figheight() * place.height


def _line_by_line(label: str) -> str:
    return "\n".join(plain(line) for line in label.split("\n"))
