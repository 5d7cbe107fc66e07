"""How an interval narrows with replications, beside the precision that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.plots.asked import has_interval, kept, metric_of
from sim.plots.canvas import drawing, headline, ink, legend_below
from sim.plots.marks import DOTS
from sim.plots.scales import NUMBER, STEEL, columns, label_metric
from sim.report.choices import place
from sim.report.figures import figure_of
from sim.report.wording import counted
from sim.sweeps.answers import Answers
from sim.sweeps.estimates import estimate
from sim.sweeps.runner import Replications
from sim.sweeps.schema import Precision

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.report.figures import Figure
    from sim.stats import Interval
    from sim.sweeps.answers import Estimate
    from sim.sweeps.results import SweepResult

    Floats = NDArray[np.float64]

_STEPS = 400  # at which the interval is computed
_SETTLED = 0.1  # of the replications: from there on the axis holds all intervals


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How an interval narrows.

    Attributes
    ----------
    metric
        Whose interval it is.
    of
        Of which point it is, in words; empty where there is one scenario only.
    counts
        After how many replications each of ``intervals`` is taken; failed ones count.
    asked
        The precision that was asked for of the metric, if it was.
    """

    metric: str
    of: str
    counts: tuple[int, ...]
    intervals: tuple[Interval, ...]
    asked: Precision | None

    @property
    def last(self) -> Interval:
        """The interval of all replications."""
        return self.intervals[-1]

    @property
    def looks(self) -> tuple[int, ...]:
        """After how many replications it was looked at whether the interval is narrow."""
        if self.asked is None:
            return ()
        asked, last = self.asked, self.counts[-1]
        looks = range(asked.min, min(last, asked.max) + 1, asked.batch)
        return tuple(dict.fromkeys([*looks, *([last] if last == asked.max else [])]))


def convergence(
    subject: SweepResult | Replications,
    ax: Axes | None = None,
    *,
    metric: str | None = None,
    point: int | None = None,
) -> Axes:
    """Draw how a metric's mean settles and its interval narrows with replications.

    Where the study asks for a precision of the metric, two lines as far apart as its
    interval may be stand about the last mean, and the looks at it are marked.

    Parameters
    ----------
    subject
        A sweep, whose runs are read; or many replications of one scenario.
    ax
        Where to draw; without it, on axes of a new figure.
    metric
        Whose interval; without it, that of the precision asked for, or the first that the
        study asks something of, or ``p_uninformed`` of many replications.
    point
        The number of a sweep's point; without it, the recommended one, or the one of the
        widest interval.

    Raises
    ------
    InputError
        If there is no such metric or point, or the subject has no runs to read.
    """
    found = _narrowing(subject, metric, point)
    with drawing(ax) as axes:
        handles = _draw(axes, found, figure_of(found.metric))
        headline(axes, _finding(found), _about(subject))
        legend_below(axes, handles)
    return axes


def narrowing_of(
    metric: str, values: Floats, of: str = "", asked: Precision | None = None
) -> Narrowing:
    """Compute the interval of a metric after ever more of its values, NaN where undefined.

    Precision asked for of another metric says nothing of this one.
    """
    count = len(values)
    steps = np.unique(np.geomspace(min(2, count), count, _STEPS).round().astype(int))
    asked = asked if asked is not None and asked.metric == metric else None
    looks = range(asked.min, count, asked.batch) if asked is not None else ()
    counts = tuple(sorted({*steps.tolist(), *looks}))
    intervals = tuple(estimate(metric, values[:number]) for number in counts)
    return Narrowing(metric, of, counts, intervals, asked)


def _narrowing(
    subject: SweepResult | Replications, metric: str | None, point: int | None
) -> Narrowing:
    if isinstance(subject, Answers):
        raise InputError(
            "answers have no runs, by which an interval narrows",
            hint="give the sweep itself: what sim.sweep or sim.open_sweep gave",
        )
    if isinstance(subject, Replications):
        if point is not None:
            raise InputError("replications of one scenario have no points", hint="leave out point")
        name = "p_uninformed" if metric is None else kept(metric, subject.metrics)
        return narrowing_of(name, np.array([row[name] for row in subject.rows]))
    answers, often = subject.answers, subject.study.sweep.replications
    asked = often if isinstance(often, Precision) else None
    name = asked.metric if asked is not None and metric is None else metric_of(answers, metric)
    chosen = _chosen(answers, name, point)
    frame = subject.to_frame(["point", name])
    values = frame.loc[frame["point"] == chosen.point.number, name].to_numpy(dtype=np.float64)
    return narrowing_of(name, values, place(answers, chosen), asked)


def _chosen(found: Answers, name: str, point: int | None) -> Estimate:
    """Give the point asked for; unasked, the recommended one, or that of the widest interval."""
    if point is not None:
        by_number = {one.point.number: one for one in found.estimates}
        if point not in by_number:
            raise InputError(
                f"there is no point {point}: expected one from 0 to {len(by_number) - 1}"
            )
        return by_number[point]
    if found.recommended is not None:
        return found.recommended

    def width(one: Estimate) -> float:
        interval = one.metrics[name]
        return interval.high - interval.low if has_interval(interval) else -1.0

    return max(found.estimates, key=width)


def _finding(found: Narrowing) -> str:
    """Say what is known of the metric after all replications, and whether that was asked for."""
    figure, last = figure_of(found.metric), found.last
    label = f"{figure.label[0].upper()}{figure.label[1:]}{' at ' if found.of else ''}{found.of}"
    after = f"after {counted(found.counts[-1], 'replication')}"
    if not last.n:
        return f"{label}: no value {after}."
    if not has_interval(last):
        return f"{label}: {figure.show(last.mean)} {after}, of one value, and so without interval."
    said = f"{label}: {figure.show(last.mean)} ({figure.interval(last.low, last.high)}) {after}"
    if found.asked is None:
        return f"{said}."
    half, limit = (last.high - last.low) / 2, found.asked.half_width
    verdict = "no more than" if half <= limit else "more than"
    return (
        f"{said}. Half of the interval is {figure.show(half)}, {verdict} the"
        f" {figure.show(limit)} asked for."
    )


def _about(subject: SweepResult | Replications) -> str:
    if isinstance(subject, Replications):
        return f"{subject.scenario.name}; seed {subject.seed}; mean and 95% interval so far"
    return f"{subject.study.sweep.name}; seed {subject.seed}; mean and 95% interval so far"


def _draw(ax: Axes, found: Narrowing, figure: Figure) -> list[Artist]:
    """Draw the mean, its interval and what was asked for; give the legend's entries."""
    means, low, high = columns(found.intervals, figure.factor)
    ax.fill_between(found.counts, low, high, color=STEEL, alpha=0.35, linewidth=0, gid="band")
    ax.plot(found.counts, means, color=ink(), linewidth=1.4, gid="mean")
    end = found.counts[-1]
    ax.set_xlim(0, end * 1.02)
    ax.set_xlabel("replications")
    ax.xaxis.set_major_formatter(NUMBER)
    settled = [
        one
        for count, one in zip(found.counts, found.intervals, strict=True)
        if count >= _SETTLED * end
    ]
    label_metric(ax, "y", figure, settled)
    if found.asked is None or not found.last.n:
        return []
    half = found.asked.half_width * figure.factor
    lines = ax.hlines(
        [means[-1] - half, means[-1] + half],
        0,
        end,
        color=ink(),
        linestyle=DOTS,
        linewidth=1.2,
        label=f"asked for: within {figure.show(found.asked.half_width)} of the mean",
        gid="asked",
    )
    at = [found.counts.index(look) for look in found.looks]
    (looks,) = ax.plot(
        [found.counts[k] for k in at],
        means[at],
        linestyle="",
        marker="|",
        markersize=9.0,
        markeredgewidth=1.4,
        color=ink(),
        clip_on=False,
        label="a look whether it is narrow enough",
        gid="looks",
    )
    return [lines, looks]
