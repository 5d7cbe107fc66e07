"""What drives the metrics of a sweep, told to people: Sobol' indices and Morris' effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.figures import figure_of
from sim.report.outline import Cell, Column, Group, Paragraph, Table
from sim.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.report.figures import Figure
    from sim.report.outline import Block
    from sim.sweeps.answers import Answers
    from sim.sweeps.sensitivity import MorrisEffect, SobolIndex, SobolInteraction

_SOBOL_COLUMNS = (
    Column("factor"),
    Column("alone", right=True),
    Column("95% interval", right=True),
    Column("in all", right=True),
    Column("95% interval", right=True),
)
_PAIR_COLUMNS = (
    Column("factors"),
    Column("together", right=True),
    Column("95% interval", right=True),
)
_MORRIS_COLUMNS = (
    Column("factor"),
    Column("effect", right=True),
    Column("its size", right=True),
    Column("95% interval", right=True),
    Column("spread", right=True),
)
_OF_SOBOL = (
    "Shares of the variance. Alone is the first-order Sobol' index, what falls away if the"
    " factor is fixed; in all is the total index, what remains if all others are. Chance that"
    " is left in the means of points counts as variance, and falls with more replications."
)
_OF_PAIRS = "Together is the second-order index of two factors, what neither explains alone."
_OF_MORRIS = (
    "What a factor changes from one end of its range to the other. Effect is the mean change"
    " (Morris' mu), its size that of the change without its sign (mu*), spread its standard"
    " deviation (sigma), which tells of curvature and of interactions."
)


def drivers(found: Answers) -> tuple[Block, ...]:
    """Tell what drives the metrics that a study is about; nothing unless its design asks."""
    names = [name for name in found.key_metrics if name in found.sobol or name in found.morris]
    blocks = [block for name in names for block in _of_metric(found, name)]
    if found.sobol and any(isinstance(block, Table) for block in blocks):
        blocks.append(Paragraph(f"{_OF_SOBOL} {_OF_PAIRS}" if found.interactions else _OF_SOBOL))
    if found.morris and any(isinstance(block, Table) for block in blocks):
        blocks.append(Paragraph(_OF_MORRIS))
    return tuple(blocks)


def driver_headline(found: Answers, name: str) -> str:
    """Say which factor drives a metric most; that none does, also where its design cannot tell."""
    figure = figure_of(name)
    indices, effects = found.sobol.get(name, ()), found.morris.get(name, ())
    if not is_driven(found, name):
        return f"Nothing is seen to drive {figure.label}."
    if effects:
        most = max(effects, key=lambda one: one.mu_star)
        ends = figure.interval(most.mu_star_low, most.mu_star_high)
        return (
            f"The factor that changes {figure.label} most is {most.factor}: by"
            f" {figure.show(most.mu_star)} from one end of its range to the other ({ends})."
        )
    first = max(indices, key=lambda one: one.total)
    ends = f"{share_text(first.total_low)} to {share_text(first.total_high)}"
    return (
        f"The factor that drives {figure.label} most is {first.factor}: {share_text(first.total)}"
        f" of the variance in all ({ends})."
    )


def is_driven(found: Answers, name: str) -> bool:
    """Tell whether any factor is seen to drive a metric."""
    indices, effects = found.sobol.get(name, ()), found.morris.get(name, ())
    sizes = [*(one.total for one in indices), *(one.mu_star for one in effects)]
    return any(size > 0.0 for size in sizes)  # of those that are undefined none is


def _of_metric(found: Answers, name: str) -> list[Block]:
    figure = figure_of(name)
    indices, effects = found.sobol.get(name, ()), found.morris.get(name, ())
    if not is_driven(found, name):
        return [Paragraph(driver_headline(found, name))]
    if effects:
        walks = counted(effects[0].n, "trajectory", "trajectories")
        return [Paragraph(f"On {figure.label}, of {walks}:"), _morris(effects, figure)]
    title = f"Of {figure.label}, from {counted(indices[0].n, 'base point')}:"
    pairs = found.interactions.get(name, ())
    return [Paragraph(title), _sobol(indices), *([_pairs(pairs)] if pairs else [])]


def _sobol(indices: Iterable[SobolIndex]) -> Table:
    rows = tuple(
        (
            Cell(one.factor),
            Cell(share_text(one.first)),
            Cell(f"{share_text(one.first_low)} to {share_text(one.first_high)}"),
            Cell(share_text(one.total)),
            Cell(f"{share_text(one.total_low)} to {share_text(one.total_high)}"),
        )
        for one in indices
    )
    return Table(_SOBOL_COLUMNS, (Group("", rows),))


def _pairs(pairs: Iterable[SobolInteraction]) -> Table:
    rows = tuple(
        (
            Cell(" with ".join(one.factors)),
            Cell(share_text(one.second)),
            Cell(f"{share_text(one.second_low)} to {share_text(one.second_high)}"),
        )
        for one in pairs
    )
    return Table(_PAIR_COLUMNS, (Group("", rows),))


def _morris(effects: Sequence[MorrisEffect], figure: Figure) -> Table:
    rows = tuple(
        (
            Cell(one.factor),
            Cell(figure.show(one.mu)),
            Cell(figure.show(one.mu_star)),
            Cell(figure.interval(one.mu_star_low, one.mu_star_high)),
            Cell(figure.show(one.sigma)),
        )
        for one in effects
    )
    return Table(_MORRIS_COLUMNS, (Group("", rows),))


def share_text(value: float) -> str:
    """Give an index as people read it: ``0.42``."""
    return f"{round(value, 2) + 0.0:.2f}"  # the sum turns -0.0 into 0.0
