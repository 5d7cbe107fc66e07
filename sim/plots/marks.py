"""What stands in several figures of a sweep: the target, the recommended point, a legend aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plots.canvas import ink
from sim.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.report.figures import Figure
    from sim.sweeps.answers import Estimate

DOTS = (0, (1.5, 2.0))  # of lines that nothing lies on: targets


def target_line(ax: Axes, axis: Literal["x", "y"], figure: Figure, target: float) -> Artist:
    """Draw the target of a metric across axes; give its entry in the legend."""
    draw = ax.axvline if axis == "x" else ax.axhline
    return draw(
        target * figure.factor,
        linestyle=DOTS,
        linewidth=1.2,
        color=ink(),
        label=f"target: {figure.show(target)}",
        gid="target",
    )


def ring(ax: Axes, x: float, y: float, best: Estimate) -> Artist:
    """Draw a ring around the recommended point; give its entry in the legend."""
    (drawn,) = ax.plot(
        x,
        y,
        linestyle="",
        marker="o",
        markersize=12.0,
        markerfacecolor="none",
        markeredgecolor=ink(),
        markeredgewidth=1.4,
        clip_on=False,
        label=f"recommended: point {best.point.number}",
        gid="recommended",
    )
    return drawn


def legend_right(ax: Axes, title: str, handles: Sequence[Artist]) -> None:
    """Say what lines are, right of the axes, where nothing is covered."""
    ax.legend(
        handles=[*handles],
        title=plain(title),
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        borderaxespad=0.0,
        handlelength=3.0,
        alignment="left",
    )
