"""Rows of bars: over each its name at the left and its numbers at the right, none on a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.plots.asked import has_interval
from sim.plots.canvas import ink, nothing
from sim.plots.levels import LETTER_IN
from sim.plots.scales import NUMBER, axes_inches
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.stats import Interval

ROW_IN = 0.42
BAR = 0.7  # of a row, from its top: where its bar is
_NAME = 0.28  # where its name is
_BAR_HIGH = 0.34
_FEWEST = 2  # rows that there is room for
_ZERO_HIGH = 0.56
_EDGE_PT = 0.6
_LINE_PT, _HALO_PT = 1.3, 2.9  # of intervals, which are seen on any colour
_ROOM = 0.04  # of the axes, beyond the longest
_GAP = 3  # letters between a name and its numbers
_LETTERS_PT = 9.0


class Row(NamedTuple):
    """What stands over a bar: a name and numbers; a ``heading`` has no bar."""

    name: str
    numbers: str = ""
    heading: bool = False


def lay_rows(ax: Axes, rows: Sequence[Row]) -> None:
    """Part axes into rows from top to bottom, and write what stands over their bars.

    Row k is from k to k + 1; its bar is at k + :data:`BAR`.
    """
    ax.set_ylim(max(len(rows), _FEWEST), 0.0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    across = ax.get_yaxis_transform()
    room = int(axes_inches(ax)[0] / LETTER_IN)
    for place, row in enumerate(rows):
        name, numbers = plain(row.name), plain(row.numbers)
        longest = max(_GAP + 1, room - len(numbers) - _GAP)
        name = name if len(name) <= longest else f"{name[: longest - 3]}..."
        weight = "bold" if row.heading else "normal"
        y = place + (BAR if row.heading else _NAME)
        written = ax.text(0.0, y, name, transform=across, va="center", fontweight=weight)
        written.set(gid=f"row:{row.name}", fontsize=_LETTERS_PT)
        if numbers:
            right = ax.text(1.0, y, numbers, transform=across, va="center", ha="right")
            right.set(gid=f"numbers:{row.name}", fontsize=_LETTERS_PT)


def no_rows(ax: Axes, why: str) -> None:
    """Say why there are no rows, on axes without scales, which would be of nothing."""
    nothing(ax, why)
    ax.set_xticks([])
    ax.set_xlabel("")
    ax.spines["bottom"].set_visible(False)


def draw_bar(
    ax: Axes,
    place: float,
    found: Interval,
    colour: str,
    key: str,
    *,
    high: float = _BAR_HIGH,
    factor: float = 1.0,
) -> None:
    """Draw a bar from zero to a mean, and its interval over it; ``place`` is its middle."""
    mean = found.mean * factor
    if not np.isfinite(mean):
        return
    bar = ax.barh(place, mean, height=high, facecolor=colour, edgecolor=ink(), linewidth=_EDGE_PT)
    bar.patches[0].set_gid(key)
    draw_interval(ax, place, found, key, factor=factor)


def from_zero(ax: Axes, rows: Iterable[int]) -> None:
    """Let the axis of bars have zero within, and mark it beside the bars of some rows."""
    low, high = ax.dataLim.xmin, ax.dataLim.xmax
    low, high = (min(low, 0.0), max(high, 0.0)) if np.isfinite(high) else (0.0, 0.0)
    room = _ROOM * (high - low) or 1.0
    ax.set_xlim(low - (room if low < 0.0 else 0.0), high + (room if high > 0.0 or not low else 0.0))
    tops = np.array([*rows]) + BAR - _ZERO_HIGH / 2
    ax.vlines(np.zeros(len(tops)), tops, tops + _ZERO_HIGH, color=ink(), linewidth=0.8, gid="zero")
    ax.xaxis.set_major_formatter(NUMBER)


def patch(colour: str, label: str) -> Artist:
    """Give the legend's entry of bars of a colour."""
    from matplotlib.patches import Patch  # noqa: PLC0415 - slow to import

    return Patch(facecolor=colour, edgecolor=ink(), linewidth=_EDGE_PT, label=label)


def draw_interval(
    ax: Axes, place: float, found: Interval, key: str, *, colour: str = "", factor: float = 1.0
) -> None:
    """Draw an interval with its ends, if there is one."""
    if has_interval(found):
        ends, at = [found.low * factor, found.high * factor], [place, place]
        ax.plot(ends, at, color=ax.get_facecolor(), linewidth=_HALO_PT, clip_on=False)
        (line,) = ax.plot(ends, at, color=colour or ink(), linewidth=_LINE_PT, clip_on=False)
        line.set(marker="|", markersize=6.0, markeredgewidth=_LINE_PT, gid=f"interval:{key}")
