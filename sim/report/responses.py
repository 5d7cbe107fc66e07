"""A sweep, told to people: what is recommended, what each point gave, what drives it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.choices import are_same, brief, sweep_headline
from sim.report.drivers import drivers
from sim.report.figures import figure_of
from sim.report.outline import Cell, Column, Group, Outline, Paragraph, Section, Table
from sim.report.wording import counted, cut, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.report.figures import Figure
    from sim.report.outline import Block
    from sim.stats import Interval
    from sim.sweeps.answers import Answers, Estimate

POINTS = "All points"
"""The title of the section that has every point, which a page shows as a table of its own."""
_SHOWN_POINTS = 60


def responses(found: Answers) -> Outline:
    """Compose the report of a sweep."""
    study = found.study
    sections = (
        Section("Not dominated", _pareto(found)),
        Section("What drives it", drivers(found)),
        Section(POINTS, (*_points(found, found.estimates), *points_legend(found))),
        Section("Failed runs", _failures(found)),
    )
    runs = sum(estimate.runs for estimate in found.estimates)
    return Outline(
        title=study.sweep.name,
        subtitle=(
            f"{study.scenario.name}; {listed(found.free)} varied; "
            f"{counted(len(study.points), 'point')}, {counted(runs, 'run')}, "
            f"seed {study.sweep.seed}"
        ),
        headline=sweep_headline(found),
        sections=tuple(section for section in sections if section.blocks),
    )


def _pareto(found: Answers) -> tuple[Block, ...]:
    if not found.pareto:
        return ()
    names = "; ".join(figure_of(name).label for name in found.study.sweep.pareto)
    note = Paragraph(f"By means, no other point has less of one without more of another: {names}.")
    return (*_points(found, found.pareto), note)


def _points(found: Answers, estimates: Sequence[Estimate]) -> tuple[Block, ...]:
    shown, more = cut(estimates, _SHOWN_POINTS)
    rows = tuple(point_row(found, estimate) for estimate in shown)
    return (Table(point_columns(found), (Group("", rows),)), *more)


def point_columns(found: Answers) -> tuple[Column, ...]:
    """Title the columns of points: their factors, and the metrics that the study asks of."""
    return (
        Column("point", right=True),
        *(Column(name, right=True) for name in (*found.free, *found.key_metrics)),
        Column("runs", right=True),
    )


def point_row(found: Answers, estimate: Estimate) -> tuple[Cell, ...]:
    """Set one point under :func:`point_columns`."""
    values, numbers = estimate.point.values, estimate.point.numbers
    return (
        Cell(str(estimate.point.number), order=estimate.point.number),
        *(Cell(brief(values[name]), order=_order(numbers[name])) for name in found.free),
        *(
            Cell(_estimated(figure_of(name), one), order=_order(one.mean))
            for name, one in ((name, estimate.metrics[name]) for name in found.key_metrics)
        ),
        Cell(f"{estimate.runs:,}", order=estimate.runs),
    )


def _order(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _estimated(figure: Figure, found: Interval) -> str:
    if not found.n:
        return "-"
    if math.isinf(found.low):
        return f"{figure.show(found.mean)} (one value)"
    if are_same(found.low, found.high):
        return figure.show(found.mean)
    return f"{figure.show(found.mean)} ({figure.interval(found.low, found.high)})"


def points_legend(found: Answers) -> tuple[Block, ...]:
    """Say what the columns of :func:`point_columns` are."""
    names = [name for name in found.key_metrics if figure_of(name).label != name]
    meant = "; ".join(f"{name} is {figure_of(name).label}" for name in names)
    intervals = (
        "Means, with 95% intervals in parentheses; where there is none, all runs gave the same."
    )
    return (Paragraph(f"{intervals} {meant}." if meant else intervals),)


def _failures(found: Answers) -> tuple[Block, ...]:
    failed = [estimate for estimate in found.estimates if estimate.failed]
    if not failed:
        return ()
    count = sum(estimate.failed for estimate in failed)
    those = "was left out; its row" if count == 1 else "were left out; their rows"
    has = "has its error and its seed" if count == 1 else "have their errors and their seed"
    again = "it" if count == 1 else "them"
    points, more = cut([str(estimate.point.number) for estimate in failed], _SHOWN_POINTS)
    where = f"point{'s' * (len(failed) != 1)} {listed(points)}"
    return (
        Paragraph(
            f"{counted(count, 'run')} at {where} failed and {those} in runs.parquet {has}. "
            f"--resume --retry-failed runs {again} again."
        ),
        *more,
    )
