"""What drives a metric of a sweep: bars of Sobol' indices, or of Morris' elementary effects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError
from sim.plots.asked import answers_of, beside, kept
from sim.plots.barred import BAR, ROW_IN, Row, draw_bar, from_zero, lay_rows, patch
from sim.plots.canvas import drawing, headline, ink, legend_below
from sim.plots.scales import STEEL, inches_for
from sim.report.drivers import driver_headline, is_driven, share_text
from sim.report.figures import figure_of
from sim.report.wording import counted
from sim.stats import CONFIDENCE, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.report.figures import Figure
    from sim.sweeps.answers import Answers
    from sim.sweeps.results import SweepResult
    from sim.sweeps.sensitivity import MorrisEffect, SobolIndex

_MOST = 24  # factors that are drawn
_APART = 0.12  # of a row, from its middle to each of two bars
_THIN = 0.2


class Driver(NamedTuple):
    """What a factor does to a metric: the size by which factors are ranked, and another beside."""

    factor: str
    size: Interval
    beside: Interval
    numbers: str


def sensitivity(
    subject: Answers | SweepResult, ax: Axes | None = None, *, metric: str | None = None
) -> Axes:
    """Draw what drives a metric, the strongest factor first.

    Of Saltelli's design these are Sobol' indices: the share of the variance that a factor
    has alone (first order), and in all (total). Of Morris' design they are elementary
    effects: the mean size of the change from one end of a factor's range to the other
    (mu*), and its spread (sigma), which tells of curvature and of interactions.

    Parameters
    ----------
    subject
        A sweep, or its answers.
    ax
        Where to draw; without it, on axes of a new figure.
    metric
        What is driven; without it, of the metrics that the study asks something of the
        first that anything drives.

    Raises
    ------
    InputError
        If the study has no such metric, or a design that tells of no sensitivities.
    """
    found = answers_of(subject)
    name = _metric(found, metric)
    drivers = drivers_of(found, name)
    shown = drivers[:_MOST]
    with drawing(ax, height=inches_for(len(shown), ROW_IN)) as axes:
        draw = _draw_effects if found.morris else _draw_indices
        handles = draw(axes, shown, figure_of(name))
        lay_rows(axes, [Row(one.factor, one.numbers) for one in shown])
        rest = len(drivers) - len(shown)
        more = f"{counted(rest, 'factor')} of less effect not shown" if rest else ""
        headline(axes, driver_headline(found, name), beside(found, _basis(found, name), more))
        legend_below(axes, handles)
    return axes


def drivers_of(found: Answers, name: str) -> list[Driver]:
    """Give what each factor does to a metric, the strongest first, those undefined last."""
    figure = figure_of(name)
    drivers = [_effect(one, figure) for one in found.morris.get(name, ())]
    drivers += [_index(one) for one in found.sobol.get(name, ())]
    return sorted(drivers, key=lambda one: -one.size.mean if one.size.mean > 0.0 else 0.0)


def _metric(found: Answers, metric: str | None) -> str:
    """Give the metric asked for; unasked, the first key metric that anything drives."""
    if not (found.sobol or found.morris):
        raise InputError(
            f"the design of this study, {found.study.sweep.design.kind}, tells of no sensitivities",
            hint="design: {saltelli: {points: 64}} gives Sobol' indices, and"
            " {morris: {trajectories: 20}} effects; sim.plots.responses shows any points",
        )
    if metric is not None:
        return kept(metric, found.metrics)
    names = found.key_metrics
    return next((name for name in names if is_driven(found, name)), names[0])


def _index(one: SobolIndex) -> Driver:
    total = Interval(one.total, one.total_low, one.total_high, CONFIDENCE, one.n)
    first = Interval(one.first, one.first_low, one.first_high, CONFIDENCE, one.n)
    numbers = f"alone {share_text(one.first)}, in all {share_text(one.total)}"
    numbers = "" if math.isnan(one.total) else numbers
    return Driver(one.factor, total, first, numbers)


def _effect(one: MorrisEffect, figure: Figure) -> Driver:
    size = Interval(one.mu_star, one.mu_star_low, one.mu_star_high, CONFIDENCE, one.n)
    spread = Interval(one.sigma, one.sigma, one.sigma, CONFIDENCE, one.n)
    numbers = (
        f"effect {figure.show(one.mu)}, its size {figure.show(one.mu_star)},"
        f" spread {figure.show(one.sigma)}"
    )
    return Driver(one.factor, size, spread, "" if math.isnan(one.mu) else numbers)


def _basis(found: Answers, name: str) -> str:
    """Say what the estimates come from."""
    if found.morris:
        count = found.morris[name][0].n
        return f"of {counted(count, 'trajectory', 'trajectories')}; 95% intervals"
    return f"from {counted(found.sobol[name][0].n, 'base point')}; 95% intervals"


def _draw_indices(ax: Axes, drivers: Sequence[Driver], _: Figure) -> list[Artist]:
    """Draw two bars a factor; give the legend's entries."""
    for place, one in enumerate(drivers):
        middle = place + BAR
        draw_bar(ax, middle - _APART, one.beside, STEEL, f"alone:{one.factor}", high=_THIN)
        draw_bar(ax, middle + _APART, one.size, "none", f"in all:{one.factor}", high=_THIN)
    from_zero(ax, range(len(drivers)))
    ax.set_xlabel("share of the variance")
    return [patch(STEEL, "alone (first order)"), patch("none", "in all (total)")]


def _draw_effects(ax: Axes, drivers: Sequence[Driver], figure: Figure) -> list[Artist]:
    """Draw a bar a factor, and a mark for the spread; give the legend's entries."""
    for place, one in enumerate(drivers):
        middle, factor = place + BAR, figure.factor
        draw_bar(ax, middle, one.size, STEEL, f"size:{one.factor}", factor=factor)
    (spread,) = ax.plot(
        [one.beside.mean * figure.factor for one in drivers],
        [place + BAR for place in range(len(drivers))],
        linestyle="",
        marker="d",
        markersize=7.0,
        markerfacecolor="none",
        markeredgecolor=ink(),
        clip_on=False,
        label="its spread (sigma)",
        gid="spread",
    )
    from_zero(ax, range(len(drivers)))
    ax.set_xlabel(f"change in {figure.heading}")
    return [patch(STEEL, "size of the effect (mu*)"), spread]
