"""Overlaps of plans, told to people; they are the same for all runs of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.headline import overlap_headline
from sim.report.outline import Cell, Column, Group, Outline, Section, Table
from sim.report.wording import (
    ROWS,
    Clock,
    altitudes_text,
    area_text,
    cut,
    date_and_minute,
    feet,
    nautical,
)
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.close import Close
    from sim.findings.overlaps import Overlap
    from sim.report.outline import Block
    from sim.scenario.planned import Plan

OVERLAP_COLUMNS = (
    Column("first"),
    Column("second"),
    Column("parties"),
    Column("when"),
    Column("altitude", right=True),
    Column("area", right=True),
    Column("note"),
)
_CLOSE_COLUMNS = (
    Column("first"),
    Column("second"),
    Column("parties"),
    Column("when"),
    Column("apart", right=True),
    Column("in altitude", right=True),
    Column("in time", right=True),
)
_AREA, _NOTE = 5, 6


def overlap_account(
    plan: Plan, overlaps: Sequence[Overlap], close: Sequence[Close] = ()
) -> Outline:
    """Compose the report of a plan check, in which nothing is simulated."""
    blocks = overlap_blocks(plan, overlaps)
    return Outline(
        title=plan.scenario.name,
        subtitle=f"{period(plan)}, plans only",
        headline=overlap_headline(overlaps),
        sections=tuple(
            section
            for section in (
                Section("Where plans overlap", blocks),
                Section("Nearer than the minima", close_blocks(plan, close)),
            )
            if section.blocks
        ),
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
            tuple(overlap_row(overlap, clock) for overlap in shown if overlap.kind == kind),
        )
        for kind in dict.fromkeys(overlap.kind for overlap in shown)
    )
    empty = set()
    if all(overlap.area_km2 is None for overlap in shown):
        empty.add(_AREA)  # flights have none
    if not any(overlap.exempt for overlap in shown):
        empty.add(_NOTE)
    return (_without(Table(OVERLAP_COLUMNS, groups), empty), *rest) if groups else ()


def close_blocks(plan: Plan, close: Sequence[Close], most: int | None = ROWS) -> tuple[Block, ...]:
    """Tabulate what is nearer than the minima, the nearest over ground first."""
    clock = Clock.of(plan.scenario)
    shown, rest = cut(sorted(close, key=lambda pair: pair.lateral_m), most)
    rows = tuple(
        (
            Cell(pair.first),
            Cell(pair.second),
            Cell(", ".join(pair.parties)),
            Cell(clock.span(pair.start, pair.end), order=pair.start),
            Cell(nautical(pair.lateral_m), order=pair.lateral_m),
            Cell("-" if pair.vertical_m is None else feet(pair.vertical_m), order=pair.vertical_m),
            Cell("-" if pair.time_s is None else show_duration(pair.time_s), order=pair.time_s),
        )
        for pair in shown
    )
    return (Table(_CLOSE_COLUMNS, (Group("", rows),)), *rest) if rows else ()


def _without(table: Table, places: set[int]) -> Table:
    """Leave columns out of a table."""
    kept = [place for place in range(len(table.columns)) if place not in places]
    groups = tuple(
        Group(group.title, tuple(tuple(row[place] for place in kept) for row in group.rows))
        for group in table.groups
    )
    return Table(tuple(table.columns[place] for place in kept), groups)


def overlap_row(overlap: Overlap, clock: Clock) -> tuple[Cell, ...]:
    """Set one overlap under :data:`OVERLAP_COLUMNS`."""
    return (
        Cell(overlap.first),
        Cell(overlap.second),
        Cell(", ".join(overlap.parties)),
        Cell(clock.span(overlap.start, overlap.end), order=overlap.start),
        Cell(
            altitudes_text(overlap.reference, overlap.lower_m, overlap.upper_m),
            order=overlap.lower_m,
        ),
        Cell(area_text(overlap.area_km2), order=overlap.area_km2),
        Cell("exempt" if overlap.exempt else ""),
    )
