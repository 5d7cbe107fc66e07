"""What differs between two scenarios: paired differences, each on a scale of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.findings.causes import CAUSES
from sim.plots.asked import has_interval, kept
from sim.plots.barred import BAR, ROW_IN, Row, draw_interval, from_zero, lay_rows, no_rows
from sim.plots.canvas import drawing, headline, ink
from sim.plots.palette import CAUSE_COLOURS
from sim.plots.scales import STEEL, inches_for, set_ticks, shade
from sim.report.comparison import SHOWN, comparison_headline, metrics_told
from sim.report.differences import difference
from sim.report.figures import FIGURES, Figure
from sim.report.wording import counted, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sim.stats import Interval
    from sim.sweeps.comparing import Comparison

_MOST = 28  # differences that are drawn


class Change(NamedTuple):
    """A difference, in units in which its interval just fits from -1 to 1."""

    metric: str
    difference: Interval
    scale: float
    shows: bool
    row: Row


def differences(
    subject: Comparison, ax: Axes | None = None, *, metrics: Sequence[str] | None = None
) -> Axes:
    """Draw the paired differences of metrics between two scenarios, with their intervals.

    Each is drawn on a scale of its own, on which its interval just fits, so that all can
    be seen to leave out no difference or not; what they are stands over them in words.
    Differences that the pairs show, by :meth:`sim.Comparison.shows`, stand first, with
    filled marks.

    Parameters
    ----------
    subject
        What :func:`sim.compare` found.
    ax
        Where to draw; without it, on axes of a new figure.
    metrics
        Which, causes among them if wanted; without it, all of the report that differ in
        some pair.

    Raises
    ------
    InputError
        If there is no such metric.
    """
    names = _names(subject, metrics)
    rows = _rows(subject, names[:_MOST])
    with drawing(ax, height=inches_for(len(rows), ROW_IN)) as axes:
        for place, row in enumerate(rows):
            if isinstance(row, Change):
                _draw(axes, place + BAR, row)
        _scale(axes, [place for place, row in enumerate(rows) if isinstance(row, Change)])
        lay_rows(axes, [row.row if isinstance(row, Change) else row for row in rows])
        if not rows:
            no_rows(axes, "Nothing differs.")
        headline(axes, comparison_headline(subject), _about(subject, len(names[_MOST:])))
    return axes


def height(subject: Comparison, metrics: Sequence[str] | None = None) -> float:
    """Give the height of a figure of its own, in inches."""
    return inches_for(len(_rows(subject, _names(subject, metrics)[:_MOST])), ROW_IN)


def _names(subject: Comparison, metrics: Sequence[str] | None) -> list[str]:
    """Give the metrics that are asked for, or all that differ."""
    if metrics is None:
        return [name for name in metrics_told(subject) if subject.differing[name]]
    return [kept(name, subject.metrics) for name in metrics]


def _rows(subject: Comparison, names: Sequence[str]) -> list[Row | Change]:
    """Give the rows, those that show a difference first."""
    shown = [change_of(subject, name) for name in names]
    rows: list[Row | Change] = []
    for title, shows in SHOWN.items():
        group = [change for change in shown if change.shows is shows]
        rows += [Row(title, heading=True), *group] if group else []
    return rows


def change_of(subject: Comparison, name: str) -> Change:
    """Give what a figure shows of one metric's difference."""
    figure = FIGURES.get(name) or Figure(named(name))
    found = subject.metrics[name]
    change = found.difference
    ends = (change.low, change.high) if has_interval(change) else ()
    size = max((abs(end) for end in (change.mean, *ends) if np.isfinite(end)), default=0.0)
    said = difference(figure, found)
    numbers = f"{said.before} to {said.after}: {said.change} ({said.interval})"
    row = Row(figure.heading, numbers)
    return Change(name, change, 1.0 / size if size else 1.0, subject.shows(name), row)


def _draw(ax: Axes, place: float, change: Change) -> None:
    """Draw one difference: filled where it shows, else hollow."""
    colour = CAUSE_COLOURS.get(change.metric) or (shade(0.75) if change.shows else STEEL)
    key = f"difference:{change.metric}"
    draw_interval(ax, place, change.difference, key, colour=colour, factor=change.scale)
    ax.plot(
        change.difference.mean * change.scale,
        place,
        marker="o",
        markersize=7.0,
        markerfacecolor=colour if change.shows else ax.get_facecolor(),
        markeredgecolor=ink() if change.metric in CAUSES else colour,
        markeredgewidth=1.3,
        clip_on=False,
        gid=key,
    )


def _scale(ax: Axes, places: Sequence[int]) -> None:
    """Give the axis no numbers, as each row has its own, but its two directions."""
    from_zero(ax, places)
    ax.set_xlim(-1.05, 1.05)
    set_ticks(ax.xaxis, [(-1.0, "less after"), (0.0, "no difference"), (1.0, "more after")])
    ax.tick_params(axis="x", length=0)
    for label, where in zip(ax.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set_horizontalalignment(where)  # type: ignore[arg-type]  # one of three words


def _about(subject: Comparison, more: int) -> str:
    names = dict.fromkeys(side.scenario.name for side in (subject.before, subject.after))
    pairs = f"{counted(len(subject), 'pair')} of replications, seed {subject.seed}"
    rest = f"{counted(more, 'more', 'more')} not drawn" if more else ""
    parts = (", against ".join(names), pairs, "before to after: difference, 95% intervals", rest)
    return "; ".join(filter(None, parts))
