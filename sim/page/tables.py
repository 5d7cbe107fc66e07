"""The tables of a page: rows to filter and sort, and what choosing one of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.findings.violations import Violation
from sim.model.journal import FlightActed
from sim.report.dealings import NOTICE_COLUMNS, notice_rows
from sim.report.fates import Fate, fates
from sim.report.outline import Cell, Column, Tone
from sim.report.plans import OVERLAP_COLUMNS, overlap_row
from sim.report.stays import ENTRY_COLUMNS, entry_row
from sim.report.uncovered import ABOUT_GAPS, GAP_COLUMNS, gap_row
from sim.report.wording import Clock, whole_minutes

if TYPE_CHECKING:
    from sim.findings.run import Run
    from sim.findings.violations import Incursion


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Parameters
    ----------
    cells
        Under the columns; the first is the heading of the line.
    key
        What choosing it shows everywhere: ``flight:patrol``, ``violation:violation-1``.
    at
        The instant that choosing it goes to, in seconds since the scenario's start; None
        where there is nothing to choose.
    """

    cells: tuple[Cell, ...]
    key: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that filters and sorts.

    ``id`` names it in the page; ``empty`` is said where there is no row.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str
    about: str = ""


def entry_grid(run: Run) -> Grid:
    """Tabulate violations and incursions, each by its id."""
    clock = Clock.of(run.scenario)
    entries: list[Violation | Incursion] = [*run.violations, *run.incursions]
    flight, party, *when, cause = ENTRY_COLUMNS
    rows = []
    for number, entry in enumerate(entries):
        name, whose, *cells, why = entry_row(entry, clock)
        inside = entry.zone if isinstance(entry, Violation) else f"operation {entry.operation}"
        rows.append(
            Row(
                (Cell(entry.id, order=number), name, why, Cell(inside), *cells, whose),
                entry_key(entry),
                entry.entry,
            )
        )
    columns = (Column("id"), flight, cause, Column("into"), *when, party)
    return Grid("entries", "Who entered what", columns, tuple(rows), "Nobody entered anything.")


def entry_key(entry: Violation | Incursion) -> str:
    """Name a violation or an incursion among all that can be chosen."""
    kind = "violation" if isinstance(entry, Violation) else "incursion"
    return f"{kind}:{entry.id}"


def flight_grid(run: Run) -> Grid:
    """Tabulate all flights: when they flew, and what became of them."""
    clock = Clock.of(run.scenario)
    came = fates(run)
    delays: dict[str, float] = {}
    for acted in run.journal.of(FlightActed):
        delays[acted.flight] = delays.get(acted.flight, 0.0) + acted.delay_s
    rows = tuple(
        Row(
            (
                Cell(flight.id),
                Cell(flight.party),
                Cell(clock.minute(flight.track.start), order=flight.track.start),
                Cell(clock.minute(flight.track.end), order=flight.track.end),
                _delay(delays.get(flight.id, 0.0)),
                _fate(came[flight.id]),
            ),
            f"flight:{flight.id}",
            flight.track.start,
        )
        for flight in run.flights.values()
    )
    columns = (
        Column("flight"),
        Column("party"),
        Column("planned from"),
        Column("to"),
        Column("delay", right=True),
        Column("what became of it"),
    )
    return Grid("flights", "Flights", columns, rows, "There are no flights.")


def _delay(seconds: float) -> Cell:
    return Cell(whole_minutes(seconds), order=seconds) if seconds else Cell("-")


def _fate(fate: Fate) -> Cell:
    return Cell(fate.told(1), Tone.BAD if fate is Fate.ENTERED else Tone.PLAIN)


def notice_grid(run: Run) -> Grid:
    """Tabulate the copies of notices: how far each got, and when."""
    rows = tuple(
        Row(
            cells,
            f"notice:{copy.zone}.{copy.notice}/v{copy.version}/{copy.recipient}",
            copy.drafted,
        )
        for cells, copy in zip(
            notice_rows(run.notices, Clock.of(run.scenario)), run.notices, strict=True
        )
    )
    return Grid("notices", "Who told whom", NOTICE_COLUMNS, rows, "No notice was drafted.")


def overlap_grid(run: Run) -> Grid:
    """Tabulate where plans overlap."""
    clock = Clock.of(run.scenario)
    rows = tuple(
        Row((*overlap_row(overlap, clock), Cell(str(overlap.kind))), "", overlap.start)
        for overlap in run.overlaps
    )
    columns = (*OVERLAP_COLUMNS, Column("kind"))
    return Grid("overlaps", "Where plans overlap", columns, rows, "No plans overlap.")


def gap_grid(run: Run) -> Grid:
    """Tabulate the gaps."""
    clock = Clock.of(run.scenario)
    rows = tuple(Row(gap_row(run.plan, gap, clock), "", gap.start) for gap in run.gaps)
    return Grid("gaps", "Gaps", GAP_COLUMNS, rows, "Nothing was left uncovered.", ABOUT_GAPS)


def grids(run: Run) -> tuple[Grid, ...]:
    """Give the tables of a run in the order in which they are read, without that of entries."""
    return (notice_grid(run), flight_grid(run), overlap_grid(run), gap_grid(run))
