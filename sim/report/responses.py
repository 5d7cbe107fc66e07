"""A sweep, told to people: what is recommended, what each point gave, what drives it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.figures import figure_of
from sim.report.outline import Cell, Column, Group, Outline, Paragraph, Section, Table
from sim.report.wording import counted, cut, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.report.figures import Figure
    from sim.report.outline import Block
    from sim.stats import Interval
    from sim.sweeps.answers import Answers, Estimate
    from sim.sweeps.sensitivity import MorrisEffect, SobolIndex

_SHOWN_POINTS = 60
_SOBOL_COLUMNS = (
    Column("factor"),
    Column("alone", right=True),
    Column("95% interval", right=True),
    Column("in all", right=True),
    Column("95% interval", right=True),
)
_MORRIS_COLUMNS = (
    Column("factor"),
    Column("effect", right=True),
    Column("its size", right=True),
    Column("95% interval", right=True),
    Column("spread", right=True),
)


def responses(found: Answers) -> Outline:
    """Compose the report of a sweep."""
    study = found.study
    sections = (
        Section("Not dominated", _pareto(found)),
        Section("What drives it", _drivers(found)),
        Section("All points", _points(found, found.estimates)),
        Section("Failed runs", _failures(found)),
    )
    runs = sum(estimate.runs for estimate in found.estimates)
    varied = listed(found.free) or "nothing"
    return Outline(
        title=study.sweep.name,
        subtitle=(
            f"{study.scenario.name}; {varied} varied; {counted(len(study.points), 'point')}, "
            f"{runs:,} runs, seed {study.sweep.seed}"
        ),
        headline=_headline(found),
        sections=tuple(section for section in sections if section.blocks),
    )


def _headline(found: Answers) -> str:
    asked = found.study.sweep.recommend
    if asked is None:
        return _range(found)
    figure, cost = figure_of(asked.metric), figure_of(asked.cost)
    target = figure.show(asked.target)
    best = found.recommended
    if best is not None:
        chosen = best.metrics[asked.metric]
        return (
            f"Recommended: {_place(found, best)}. "
            f"There the {figure.label} is {figure.show(chosen.mean)}, with "
            f"{chosen.confidence:.0%} confidence at most {figure.show(chosen.high)}, within "
            f"the target of {target}; of the points of which that is sure it has the least "
            f"{cost.label}, {cost.show(best.metrics[asked.cost].mean)}."
        )
    known = [e for e in found.estimates if not math.isnan(e.metrics[asked.metric].high)]
    if not known:
        return f"No point can be recommended: the {figure.label} is defined in none."
    nearest = min(known, key=lambda estimate: estimate.metrics[asked.metric].high)
    bound = figure.show(nearest.metrics[asked.metric].high)
    return (
        f"No point is sure to keep the {figure.label} within {target}. The nearest is "
        f"{_place(found, nearest)}, with at most {bound}; "
        "more replications, or other values of the factors, may find one."
    )


def _range(found: Answers) -> str:
    name = found.key_metrics[0]
    figure = figure_of(name)
    known = [e for e in found.estimates if not math.isnan(e.metrics[name].mean)]
    if not known:
        return f"The {figure.label} is defined at no point."
    ends = (pick(known, key=lambda e: e.metrics[name].mean) for pick in (min, max))
    least, most = (f"{figure.show(e.metrics[name].mean)} ({_place(found, e)})" for e in ends)
    if len({e.metrics[name].mean for e in known}) == 1:
        return f"The {figure.label} is {figure.show(known[0].metrics[name].mean)} at every point."
    return f"The {figure.label} goes from {least} to {most}."


def _place(found: Answers, estimate: Estimate) -> str:
    """Say which point it is: ``lead 2 h, buffer 20 km``."""
    return ", ".join(f"{name} {estimate.point.values[name]}" for name in found.free) or "as it is"


def _pareto(found: Answers) -> tuple[Block, ...]:
    if not found.pareto:
        return ()
    names = listed([figure_of(name).label for name in found.study.sweep.pareto])
    note = Paragraph(f"No other point has less of one of {names} without more of another.")
    return (*_points(found, found.pareto), note)


def _points(found: Answers, estimates: Iterable[Estimate]) -> tuple[Block, ...]:
    shown, more = cut(estimates, _SHOWN_POINTS)
    free, shown_metrics = found.free, found.key_metrics
    columns = (
        Column("point", right=True),
        *(Column(name, right=True) for name in free),
        *(Column(name, right=True) for name in shown_metrics),
        Column("runs", right=True),
    )
    rows = tuple(
        (
            Cell(str(estimate.point.number)),
            *(Cell(estimate.point.values[name]) for name in free),
            *(Cell(_estimated(figure_of(name), estimate.metrics[name])) for name in shown_metrics),
            Cell(f"{estimate.runs:,}"),
        )
        for estimate in shown
    )
    return (Table(columns, (Group("", rows),)), *more)


def _estimated(figure: Figure, found: Interval) -> str:
    if not found.n:
        return "-"
    if math.isinf(found.low) or math.isclose(found.low, found.high, rel_tol=1e-9, abs_tol=1e-9):
        return figure.show(found.mean)
    return f"{figure.show(found.mean)} ({figure.interval(found.low, found.high)})"


def _drivers(found: Answers) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for name, indices in found.sobol.items():
        blocks += [Paragraph(f"Of the variance of the {figure_of(name).label}:"), _sobol(indices)]
    for name, effects in found.morris.items():
        blocks += [Paragraph(f"On the {figure_of(name).label}:"), _morris(effects)]
    return tuple(blocks)


def _sobol(indices: Iterable[SobolIndex]) -> Table:
    rows = tuple(
        (
            Cell(index.factor),
            Cell(f"{index.first:.2f}"),
            Cell(f"{index.first_low:.2f} to {index.first_high:.2f}"),
            Cell(f"{index.total:.2f}"),
            Cell(f"{index.total_low:.2f} to {index.total_high:.2f}"),
        )
        for index in indices
    )
    return Table(_SOBOL_COLUMNS, (Group("", rows),))


def _morris(effects: Iterable[MorrisEffect]) -> Table:
    rows = tuple(
        (
            Cell(effect.factor),
            Cell(f"{effect.mu:.3g}"),
            Cell(f"{effect.mu_star:.3g}"),
            Cell(f"{effect.mu_star_low:.3g} to {effect.mu_star_high:.3g}"),
            Cell(f"{effect.sigma:.3g}"),
        )
        for effect in effects
    )
    return Table(_MORRIS_COLUMNS, (Group("", rows),))


def _failures(found: Answers) -> tuple[Block, ...]:
    failed = [estimate for estimate in found.estimates if estimate.failed]
    if not failed:
        return ()
    count = sum(estimate.failed for estimate in failed)
    return (
        Paragraph(
            f"{counted(count, 'run')} at {counted(len(failed), 'point')} failed and are left out; "
            "their rows in runs.parquet have the errors and the seed, and --retry-failed runs "
            "them again."
        ),
    )
