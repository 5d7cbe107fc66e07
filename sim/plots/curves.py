"""Response curves: a metric along a factor, with its intervals, a line for each of another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plots.asked import answers_of, beside, factor_of, metric_of
from sim.plots.canvas import drawing, headline, legend_below
from sim.plots.marks import legend_right, ring, target_line
from sim.plots.scales import axes_inches, columns, label_factor, label_metric, shade
from sim.plots.slices import curves_of
from sim.report.choices import brief, range_headline
from sim.report.figures import figure_of
from sim.report.wording import listed, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from sim.plots.slices import Curve, Curves
    from sim.report.figures import Figure
    from sim.sweeps.answers import Answers
    from sim.sweeps.results import SweepResult

    Floats = NDArray[np.float64]

_DASHES = ("-", (0, (6, 1.5)), (0, (1.2, 1.2)), (0, (7, 1.5, 1.2, 1.5)), (0, (3, 1.5)), (0, (9, 2)))
_MANY = 40  # points of one curve, whose dots are smaller
_BAND = 0.5  # how dense all bands are together where they lie on each other
_FAINTEST = 0.12  # of one band
_BESIDE = 0.12  # of the way from one word to the next, between curves


def responses(
    subject: Answers | SweepResult,
    ax: Axes | None = None,
    *,
    metric: str | None = None,
    factor: str | None = None,
    by: str | None = None,
) -> Axes:
    """Draw a metric along a factor of a sweep, with bands of its intervals.

    Of a grid there is a line for each value of a second factor, and further factors are
    held at the recommended point, or in their middle. Of designs that sample, the points
    are shown without lines, as they differ in other factors too.

    Parameters
    ----------
    subject
        A sweep, or its answers.
    ax
        Where to draw; without it, on axes of a new figure.
    metric
        What is drawn; without it, the first metric that the study asks something of.
    factor
        What goes across, by its name or path; without it, the one of most values.
    by
        Of which factor each line has a value; without it, of a grid, the next.

    Raises
    ------
    InputError
        If the study has no such metric or factor.
    """
    found = answers_of(subject)
    name = metric_of(found, metric)
    along, lines = (one and factor_of(found, one) for one in (factor, by))
    curves = curves_of(found, along, lines)
    figure = figure_of(name)
    with drawing(ax) as axes:
        lines_drawn = [
            _draw(axes, curves, number, name, figure) for number in range(len(curves.curves))
        ]
        handles = _marks(axes, found, curves, name, figure)
        label_factor(axes, curves.along, axes_inches(axes)[0])
        label_metric(axes, "y", figure, (one.metrics[name] for one in curves.estimates))
        if curves.by is not None:
            legend_right(axes, curves.by, _told_apart(lines_drawn)[::-1])
        shown = tuple(filter(None, (curves.along.name, curves.by)))
        headline(
            axes,
            range_headline(found, name, curves.estimates, shown),
            beside(found, curves.note, "95% intervals"),
        )
        legend_below(axes, handles)
    return axes


def _told_apart(lines: Sequence[Line2D]) -> list[Line2D]:
    """Give the lines that are seen, lines that lie on each other by the names of all."""
    alike: dict[bytes, list[Line2D]] = {}
    for line in lines:
        alike.setdefault(np.array(line.get_data()).tobytes(), []).append(line)
    for together in alike.values():
        together[-1].set_label(listed([str(line.get_label()) for line in together]))
    return [together[-1] for together in alike.values()]


def _draw(ax: Axes, curves: Curves, number: int, name: str, figure: Figure) -> Line2D:
    """Draw one curve with its intervals; give its entry in the legend."""
    curve, count = curves.curves[number], len(curves.curves)
    colour = shade(number / (count - 1) if count > 1 else 0.6)
    means, low, high = columns([one.metrics[name] for one in curve.estimates], figure.factor)
    places = _places(curves, number)
    if curves.is_joined and len(places) > 1:
        alpha = max(_FAINTEST, _BAND / max(count, 3))
        ax.fill_between(
            places, low, high, color=colour, alpha=alpha, linewidth=0, gid=_gid("band", curve)
        )
    else:
        ax.vlines(places, low, high, color=colour, linewidth=1.0, gid=_gid("intervals", curve))
    (line,) = ax.plot(
        places,
        means,
        linestyle=_DASHES[number % len(_DASHES)] if curves.is_joined else "",
        linewidth=1.6,
        marker="o",
        markersize=3.0 if len(means) > _MANY else 4.5,
        color=colour,
        clip_on=False,
        label=plain(brief(curve.level)),
        gid=_gid("curve", curve),
    )
    return line


def _places(curves: Curves, number: int) -> Floats:
    """Give where the points of a curve stand; words stand side by side."""
    along = curves.along
    estimates = curves.curves[number].estimates
    places = np.array([along.place(one.point.values[along.name]) for one in estimates])
    apart = _BESIDE if along.scale == "named" else 0.0
    return places + apart * (number - (len(curves.curves) - 1) / 2)


def _marks(ax: Axes, found: Answers, curves: Curves, name: str, figure: Figure) -> list[Artist]:
    """Mark the target of the metric, and the recommended point; give the legend's entries."""
    asked, best = found.study.sweep.recommend, found.recommended
    handles: list[Artist] = []
    if asked is not None and asked.metric == name:
        handles.append(target_line(ax, "y", figure, asked.target))
    for number, curve in enumerate(curves.curves):
        if best is not None and best in curve.estimates:
            at = _places(curves, number)[curve.estimates.index(best)]
            handles.append(ring(ax, at, best.metrics[name].mean * figure.factor, best))
    return handles


def _gid(what: str, curve: Curve) -> str:
    return f"{what}:{curve.level}" if curve.level else what
