"""Titles of the places that were entered: whose, how high, when as declared and when really."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from sim.findings.violations import Violation
from sim.model.journal import OperationBegan, OperationCancelled, OperationEnded, ZoneIssued
from sim.report.outline import Paragraph
from sim.report.wording import Clock, band_text, listed, party_name

if TYPE_CHECKING:
    from sim.findings.run import Run
    from sim.findings.violations import Incursion

_AMENDMENTS = 3  # so many are told; of more, the first and the last


def place_title(run: Run, entry: Violation | Incursion) -> str:
    """Title the place of an entry: a zone, or an operation."""
    if isinstance(entry, Violation):
        zone = run.plan.zones[entry.zone]
        kind, party, band = "Zone", zone.party, zone.volume.band
        place, when = entry.zone, _declared(run, entry.zone)
    else:
        operation = run.plan.operations[entry.operation]
        kind, party, band = "Operation", operation.party, operation.volume.band
        place, when = entry.operation, _really(run, entry.operation)
    return f"{kind} {place} of {party_name(run.scenario, party)}, {when}, {band_text(band)}"


def cancelled(run: Run) -> tuple[Paragraph, ...]:
    """Name the operations that nobody could come into, because they were cancelled."""
    ids = [record.operation for record in run.journal.of(OperationCancelled)]
    if not ids:
        return ()
    subject = f"Operation {ids[0]} was" if len(ids) == 1 else f"Operations {listed(ids)} were"
    return (Paragraph(f"{subject} cancelled."),)


def _declared(run: Run, zone: str) -> str:
    """Tell the window first declared, and the end that each later version gave it."""
    clock = Clock.of(run.scenario)
    first, *later = [record for record in run.journal.of(ZoneIssued) if record.zone == zone]
    told = [_version(issued, clock) for issued in later]
    if len(told) > _AMENDMENTS:
        told = [told[0], "...", told[-1]]
    return ", ".join([f"declared {clock.span(*first.volume.window)}", *told])


def _version(issued: ZoneIssued, clock: Clock) -> str:
    begins, ends = issued.volume.window
    if issued.change == "cancel":
        return f"v{issued.version} lifted it at {clock.minute(issued.at)}"
    since = clock.minute(max(issued.at, begins))
    if isinf(ends):
        return f"v{issued.version} from {since} until further notice"
    return f"v{issued.version} from {since} to {clock.minute(ends)}"


def _really(run: Run, operation: str) -> str:
    """Tell when an operation was planned, and when it really took place."""
    clock = Clock.of(run.scenario)
    planned = clock.span(*run.plan.operations[operation].volume.window)
    began = next(r.at for r in run.journal.of(OperationBegan) if r.operation == operation)
    ends = (r.at for r in run.journal.of(OperationEnded) if r.operation == operation)
    ended = next(ends, None)
    if ended is None:
        return f"planned {planned}, really from {clock.minute(began)} and still on at the end"
    really = clock.span(began, ended)
    return f"as planned {planned}" if really == planned else f"planned {planned}, really {really}"
