"""A sweep, told to people: what is recommended, what each point gave, what drives it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

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
    from sim.sweeps.schema import Recommendation

_SHOWN_POINTS = 60
_LONGEST_VALUE = 40  # characters
_MANY_DIGITS = re.compile(r"\d+\.\d{6,}")  # of a value that a design made, not a person


def responses(found: Answers) -> Outline:
    """Compose the report of a sweep."""
    study = found.study
    sections = (
        Section("Not dominated", _pareto(found)),
        Section("What drives it", drivers(found)),
        Section("All points", (*_points(found, found.estimates), *_legend(found))),
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
        headline=_headline(found),
        sections=tuple(section for section in sections if section.blocks),
    )


def _headline(found: Answers) -> str:
    asked, best = found.study.sweep.recommend, found.recommended
    if asked is None:
        return _range(found)
    return _nearest(found, asked) if best is None else _recommended(found, asked, best)


def _recommended(found: Answers, asked: Recommendation, best: Estimate) -> str:
    figure, cost = figure_of(asked.metric), figure_of(asked.cost)
    chosen = best.metrics[asked.metric]
    return (
        f"Recommended: {_place(found, best)}. It keeps {figure.label} within the target of "
        f"{figure.show(asked.target)}: {figure.show(chosen.mean)}, and with "
        f"{chosen.confidence:.0%} confidence at most {figure.show(chosen.high)}. Of the points "
        f"that surely do, it is the cheapest by {cost.label}: "
        f"{cost.show(best.metrics[asked.cost].mean)}."
    )


def _nearest(found: Answers, asked: Recommendation) -> str:
    figure = figure_of(asked.metric)
    known = [e for e in found.estimates if not math.isnan(e.metrics[asked.metric].high)]
    if not known:
        return f"No point can be recommended: no run gave a value of {figure.label}."
    nearest = min(known, key=lambda estimate: estimate.metrics[asked.metric].high)
    high = nearest.metrics[asked.metric].high
    if math.isinf(high):
        return (
            f"No point can be recommended: one value of {figure.label} at each says nothing of "
            "how sure it is; more replications would."
        )
    if high <= asked.target:
        return (
            f"No point can be recommended: where {figure.label} surely meets the target, no run "
            f"gave a value of {figure_of(asked.cost).label}."
        )
    target, bound = figure.show(asked.target), figure.show(high)
    return (
        f"No point surely keeps {figure.label} within {target}. The nearest is "
        f"{_place(found, nearest)}, with at most {'a little more' if bound == target else bound}; "
        "more replications, or other values of the factors, may find one."
    )


def _range(found: Answers) -> str:
    name = found.key_metrics[0]
    figure = figure_of(name)
    known = [e for e in found.estimates if not math.isnan(e.metrics[name].mean)]
    if not known:
        return f"No run gave a value of {figure.label}."
    ends = [pick(known, key=lambda e: e.metrics[name].mean) for pick in (min, max)]
    means = [estimate.metrics[name].mean for estimate in ends]
    least, most = map(figure.show, means)
    label = f"{figure.label[0].upper()}{figure.label[1:]}"
    if least == most or _are_same(*means):
        everywhere = "every point" if len(known) == len(found.estimates) else "all that have any"
        return f"{label}: {least} at {everywhere}."
    first, last = (_place(found, estimate) for estimate in ends)
    return f"{label}: from {least}, at {first}, to {most}, at {last}."


def _place(found: Answers, estimate: Estimate) -> str:
    """Say which point it is: ``point 3 (lead 2 h, buffer 20 km)``."""
    values = ", ".join(f"{name} {_brief(estimate.point.values[name])}" for name in found.free)
    return f"point {estimate.point.number} ({values})"


def _brief(value: str) -> str:
    """Give a value with as many digits and letters as people read."""
    value = _MANY_DIGITS.sub(lambda digits: f"{float(digits.group()):.6g}", value)
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 3]}..."


def _pareto(found: Answers) -> tuple[Block, ...]:
    if not found.pareto:
        return ()
    names = "; ".join(figure_of(name).label for name in found.study.sweep.pareto)
    note = Paragraph(f"By means, no other point has less of one without more of another: {names}.")
    return (*_points(found, found.pareto), note)


def _points(found: Answers, estimates: Sequence[Estimate]) -> tuple[Block, ...]:
    shown, more = cut(estimates, _SHOWN_POINTS)
    free, shown_metrics = found.free, found.key_metrics
    columns = (
        Column("point", right=True),
        *(Column(name, right=True) for name in (*free, *shown_metrics)),
        Column("runs", right=True),
    )
    rows = tuple(
        (
            Cell(str(estimate.point.number)),
            *(Cell(_brief(estimate.point.values[name])) for name in free),
            *(Cell(_estimated(figure_of(name), estimate.metrics[name])) for name in shown_metrics),
            Cell(f"{estimate.runs:,}"),
        )
        for estimate in shown
    )
    return (Table(columns, (Group("", rows),)), *more)


def _estimated(figure: Figure, found: Interval) -> str:
    if not found.n:
        return "-"
    if math.isinf(found.low):
        return f"{figure.show(found.mean)} (one value)"
    if _are_same(found.low, found.high):
        return figure.show(found.mean)
    return f"{figure.show(found.mean)} ({figure.interval(found.low, found.high)})"


def _are_same(one: float, other: float) -> bool:
    """Tell whether values differ by no more than how they were summed."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _legend(found: Answers) -> tuple[Block, ...]:
    """Say what the columns of metrics are."""
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
