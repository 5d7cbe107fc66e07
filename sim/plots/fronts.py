"""Pareto fronts: points by two metrics with their intervals, and which of them none beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.plots.asked import answers_of, beside, kept
from sim.plots.canvas import drawing, headline, ink, legend_below
from sim.plots.labels import Label, place_labels
from sim.plots.marks import ring, target_line
from sim.plots.scales import STEEL, columns, label_cost
from sim.report.choices import brief, sweep_headline
from sim.report.figures import figure_of
from sim.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.sweeps.answers import Answers, Estimate
    from sim.sweeps.results import SweepResult

    Floats = NDArray[np.float64]

_NAMED = 8  # places of a front that are named
_LONGEST = 36  # letters of a name
_ALONG, _ALONG_STEPS = 9, 60  # places of an interval, and of a step, that names keep free
_TWO = 2


def pareto(
    subject: Answers | SweepResult,
    ax: Axes | None = None,
    *,
    metrics: Sequence[str] | None = None,
) -> Axes:
    """Draw all points of a sweep by two metrics of which smaller is better, and their front.

    Points are compared by their means; their intervals show how sure that is. The
    recommended point is named, and those of the front where there is room.

    Parameters
    ----------
    subject
        A sweep, or its answers.
    ax
        Where to draw; without it, on axes of a new figure.
    metrics
        Which go up and across; without them, the first two of the study's ``pareto``, or
        the metric and the cost of its ``recommend``.

    Raises
    ------
    InputError
        If the study keeps no such metrics, or says of none that smaller is better.
    """
    found = answers_of(subject)
    up, across = names = _metrics(found, metrics)
    asked = found.study.sweep.pareto
    front = found.pareto if metrics is None and len(asked) > _TWO else found.front(names)
    with drawing(ax) as axes:
        label_cost(axes, "y", figure_of(up), [e.metrics[up] for e in found.estimates])
        label_cost(axes, "x", figure_of(across), [e.metrics[across] for e in found.estimates])
        handles = [*_points(axes, found, names), *_front(axes, front, names)]
        handles += _asked(axes, found, names)
        _name(axes, found, front, names)
        headline(axes, _finding(found, front, names), beside(found, _note(found, metrics)))
        legend_below(axes, handles)
    return axes


def _metrics(found: Answers, metrics: Sequence[str] | None) -> tuple[str, str]:
    """Give the metrics to draw."""
    sweep = found.study.sweep
    if metrics is not None:
        names = [kept(name, found.metrics) for name in metrics]
    elif sweep.pareto:
        names = [*sweep.pareto[:_TWO]]
    elif sweep.recommend is not None:
        names = [sweep.recommend.metric, sweep.recommend.cost]
    else:
        raise InputError(
            "this study does not say of which metrics smaller is better",
            hint='ask for two, as metrics=("p_uninformed", "denied_km2_h"),'
            " or write pareto: [p_uninformed, denied_km2_h] in the sweep",
        )
    if len({*names}) != _TWO or len(names) != _TWO:
        raise InputError(f"{len(names)} metrics; a front is drawn of two that differ")
    return names[0], names[1]


def _finding(found: Answers, front: Sequence[Estimate], names: tuple[str, str]) -> str:
    asked = found.study.sweep.recommend
    if asked is not None and {asked.metric, asked.cost} == {*names}:
        return sweep_headline(found)
    points = counted(len(found.estimates), "point")
    labels = " without more of ".join(figure_of(name).label for name in names)
    are = "is" if len(front) == 1 else "are"
    return f"{len(front):,} of {points} {are} not dominated: no other has less of {labels}."


def _note(found: Answers, metrics: Sequence[str] | None) -> str:
    asked = found.study.sweep.pareto
    if metrics is None and len(asked) > _TWO:
        return f"the front is of {len(asked)} metrics, of which two are drawn; 95% intervals"
    return "95% intervals"


def _points(ax: Axes, found: Answers, names: tuple[str, str]) -> Sequence[Artist]:
    """Draw all points with their intervals; give the legend's entry."""
    y, low, high = _columns(found.estimates, names[0])
    x, left, right = _columns(found.estimates, names[1])
    ax.vlines(x, low, high, color=STEEL, linewidth=0.9, alpha=0.6, gid="intervals:up")
    ax.hlines(y, left, right, color=STEEL, linewidth=0.9, alpha=0.6, gid="intervals:across")
    return ax.plot(
        x,
        y,
        linestyle="",
        marker="o",
        markersize=4.5,
        color=STEEL,
        clip_on=False,
        label="a point of the design",
        gid="points",
    )


def _front(ax: Axes, front: Sequence[Estimate], names: tuple[str, str]) -> Sequence[Artist]:
    """Draw the front, joined by steps where it is of two metrics; give the legend's entry."""
    if not front:
        return []
    x, y = _ordered(front, names).T
    return ax.plot(
        x,
        y,
        drawstyle="steps-post",
        linestyle="-" if _descends(y) else "",
        linewidth=1.2,
        marker="o",
        markersize=6.0,
        color=ink(),
        clip_on=False,
        label="not dominated",
        gid="front",
    )


def _ordered(front: Sequence[Estimate], names: tuple[str, str]) -> Floats:
    """Give the points of a front from left to right, shape (n, 2)."""
    ordered = sorted(front, key=lambda e: (e.metrics[names[1]].mean, -e.metrics[names[0]].mean))
    return np.column_stack([_columns(ordered, name)[0] for name in names[::-1]])


def _descends(y: Floats) -> bool:
    """Tell whether a front is one of the two metrics drawn, so that steps join it."""
    return bool((np.diff(y) <= 0.0).all())


def _asked(ax: Axes, found: Answers, names: tuple[str, str]) -> list[Artist]:
    """Mark the target and the recommended point, and name it; give the legend's entries."""
    asked, best = found.study.sweep.recommend, found.recommended
    handles: list[Artist] = []
    if asked is not None and asked.metric in names:
        axis: Literal["x", "y"] = "y" if asked.metric == names[0] else "x"
        handles.append(target_line(ax, axis, figure_of(asked.metric), asked.target))
    if best is not None:
        x, y = (best.metrics[name].mean * figure_of(name).factor for name in names[::-1])
        handles.append(ring(ax, x, y, best))
    return handles


def _name(ax: Axes, found: Answers, front: Sequence[Estimate], names: tuple[str, str]) -> None:
    """Name the recommended point, and those of the front where there is room."""
    across, up = (_columns(found.estimates, name) for name in names[::-1])
    obstacles = np.concatenate(
        [_along(across, up), _along(up, across)[:, ::-1], _stairs(_ordered(front, names))]
    )
    groups: dict[tuple[float, float], list[Estimate]] = {}
    best = found.recommended
    for one in [*([] if best is None else [best]), *front]:
        x, y = (one.metrics[name].mean * figure_of(name).factor for name in names[::-1])
        groups.setdefault((float(f"{x:.6g}"), float(f"{y:.6g}")), []).append(one)
    labels = [
        Label(x, y, _said(found, alike), needed=alike[0] is best)
        for (x, y), alike in groups.items()
    ]
    place_labels(ax, labels[:_NAMED], obstacles)


def _along(across: tuple[Floats, Floats, Floats], up: tuple[Floats, Floats, Floats]) -> Floats:
    """Give points along the intervals that go up, in data, shape (n, 2)."""
    (x, _, _), (y, low, high) = across, up
    low, high = np.where(np.isnan(low), y, low), np.where(np.isnan(high), y, high)
    shares = np.linspace(0.0, 1.0, _ALONG)
    heights = low[:, None] + (high - low)[:, None] * shares
    return np.column_stack([np.repeat(x, _ALONG), heights.ravel()])


def _stairs(front: Floats) -> Floats:
    """Give points along the steps that join a front, in data, shape (n, 2)."""
    x, y = front.T
    if not _descends(y):
        return front
    shares = np.linspace(0.0, 1.0, _ALONG_STEPS)[:, None]
    across = x[:-1] + (x[1:] - x[:-1]) * shares, y[:-1] + 0.0 * shares
    down = x[1:] + 0.0 * shares, y[:-1] + (y[1:] - y[:-1]) * shares
    return np.column_stack(
        [np.concatenate([a.ravel(), d.ravel()]) for a, d in zip(across, down, strict=True)]
    )


def _said(found: Answers, alike: Sequence[Estimate]) -> str:
    """Name a point by its values, or if they are many by its number; and count those alike."""
    first, more = alike[0], len({one.point.number for one in alike}) - 1
    values = ", ".join(f"{name} {brief(first.point.values[name])}" for name in found.free)
    said = values if len(values) <= _LONGEST else f"point {first.point.number}"
    return f"{said} (and {more} alike)" if more else said


def _columns(estimates: Sequence[Estimate], name: str) -> tuple[Floats, Floats, Floats]:
    return columns([one.metrics[name] for one in estimates], figure_of(name).factor)
