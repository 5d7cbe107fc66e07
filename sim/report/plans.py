"""Overlaps of plans, told to people; they are the same for all runs of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.headline import overlap_headline
from sim.report.outline import Cell, Column, Group, Outline, Section, Table
from sim.report.wording import ROWS, Clock, area_text, cut, date_and_minute, feet_text
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.overlaps import Overlap
    from sim.report.outline import Block
    from sim.scenario.plan import Plan

_COLUMNS = (
    Column("first"),
    Column("second"),
    Column("parties"),
    Column("when", rigid=True),
    Column("altitude", right=True, rigid=True),
    Column("area", right=True, rigid=True),
)


def overlap_account(plan: Plan, overlaps: Sequence[Overlap]) -> Outline:
    """Compose the report of a plan check, in which nothing is simulated."""
    blocks = overlap_blocks(plan, overlaps)
    return Outline(
        title=plan.scenario.name,
        subtitle=f"{period(plan)}, plans only",
        headline=overlap_headline(overlaps),
        sections=(Section("Where plans overlap", blocks),) if blocks else (),
    )


def period(plan: Plan) -> str:
    """Say from when to when a scenario lasts."""
    start = plan.scenario.start_unix
    return (
        f"{date_and_minute(start)} to {date_and_minute(start + plan.horizon)}"
        f" ({show_duration(plan.horizon)})"
    )


def overlap_blocks(plan: Plan, overlaps: Sequence[Overlap]) -> tuple[Block, ...]:
    """Tabulate overlaps of plans by their kind."""
    clock = Clock.of(plan.scenario)
    shown, rest = cut(sorted(overlaps, key=lambda overlap: str(overlap.kind)), ROWS)
    groups = tuple(
        Group(
            str(kind),
            tuple(_overlap_row(overlap, clock) for overlap in shown if overlap.kind == kind),
        )
        for kind in dict.fromkeys(overlap.kind for overlap in shown)
    )
    table = Table(_COLUMNS, groups)
    if all(overlap.area_km2 is None for overlap in shown):
        table = _without_last_column(table)  # flights alone have no areas
    return (table, *rest) if groups else ()


def _without_last_column(table: Table) -> Table:
    groups = tuple(
        Group(group.title, tuple(row[:-1] for row in group.rows)) for group in table.groups
    )
    return Table(table.columns[:-1], groups)


def _overlap_row(overlap: Overlap, clock: Clock) -> tuple[Cell, ...]:
    return (
        Cell(overlap.first),
        Cell(overlap.second),
        Cell(", ".join(overlap.parties)),
        Cell(clock.span(overlap.start, overlap.end)),
        Cell(feet_text(overlap.lower_m, overlap.upper_m)),
        Cell(area_text(overlap.area_km2)),
    )
