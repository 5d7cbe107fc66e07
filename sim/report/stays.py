"""Who entered what, told to people: stays of flights, and operations over people on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES, MEANINGS
from sim.report.outline import Cell, Column, Group, Paragraph, Table, Terms
from sim.report.places import cancelled, place_title
from sim.report.wording import ROWS, Clock, cause_cell, cut, minutes_text, nautical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.findings.run import Run
    from sim.findings.sites import SiteIncursion
    from sim.findings.violations import Incursion, Stay, Violation
    from sim.report.outline import Block

ENTRY_COLUMNS = (
    Column("flight"),
    Column("party"),
    Column("entry"),
    Column("exit"),
    Column("inside", right=True),
    Column("deepest", right=True),
    Column("cause"),
)
SITE_COLUMNS = (
    Column("site"),
    Column("party"),
    Column("operation"),
    Column("from"),
    Column("until"),
    Column("cause"),
)


def entry_blocks(run: Run) -> tuple[Block, ...]:
    """Tabulate violations and incursions by the places that were entered."""
    entries: list[Violation | Incursion] = [*run.violations, *run.incursions]
    if not entries:
        return (Paragraph("Nobody."), *cancelled(run))
    clock = Clock.of(run.scenario)
    shown, rest = cut(entries, ROWS)
    places: dict[str, list[Violation | Incursion]] = {}
    for entry in shown:
        places.setdefault(place_title(run, entry), []).append(entry)
    groups = tuple(
        Group(title, tuple(entry_row(entry, clock) for entry in within))
        for title, within in places.items()
    )
    return (Table(ENTRY_COLUMNS, groups), *rest, *cancelled(run), cause_legend(entries))


def entry_row(entry: Stay, clock: Clock) -> tuple[Cell, ...]:
    """Set one stay under :data:`ENTRY_COLUMNS`."""
    return (
        Cell(entry.flight),
        Cell(entry.party),
        Cell(clock.second(entry.entry), order=entry.entry),
        _end(entry.exit, entry.entry, clock),
        Cell(minutes_text(entry.duration_s), order=entry.duration_s),
        Cell(nautical(entry.depth_m), order=entry.depth_m),
        cause_cell(entry.cause),
    )


def cause_legend(entries: Iterable[Stay]) -> Terms:
    """Say what the causes mean that occur."""
    occurring = {entry.cause for entry in entries}
    return Terms(
        tuple((cause_cell(cause), MEANINGS[cause]) for cause in CAUSES if cause in occurring)
    )


def site_blocks(run: Run, rows: int | None = ROWS) -> tuple[Block, ...]:
    """Tell which operations really were over the people of which sites, and why."""
    if not run.site_incursions:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(run.site_incursions, rows)
    group = Group("", tuple(_site_row(one, clock) for one in shown))
    details = Terms(tuple((Cell(one.site), one.detail) for one in shown))
    return (Table(SITE_COLUMNS, (group,)), *rest, details)


def _site_row(one: SiteIncursion, clock: Clock) -> tuple[Cell, ...]:
    return (
        Cell(one.site),
        Cell(one.party),
        Cell(one.operation),
        Cell(clock.second(one.start), order=one.start),
        _end(one.end, one.start, clock),
        cause_cell(one.cause),
    )


def _end(end: float | None, start: float, clock: Clock) -> Cell:
    """Give when a stay was over, without its day where it is that of its start."""
    if end is None:
        return Cell("not yet", order=clock.horizon)
    return Cell(clock.second(end, start), order=end)
