"""Rows of operations, of zones as declared, and of what desks were told of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import isinf
from typing import TYPE_CHECKING

from sim.findings.notices import copies
from sim.findings.versions import declared, held
from sim.model.journal import (
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    OperationPostponed,
    Step,
    ZoneIssued,
)
from sim.plots.rows import Bar, Mark, Row
from sim.report.wording import Clock
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.findings.notices import Copy
    from sim.findings.run import Run
    from sim.geometry.volume import Volume


def operation_row(run: Run, operation: str) -> Row:
    """Tell when an operation was planned, and when it really was under way."""
    clock = Clock.of(run.scenario)
    start, end = run.plan.operations[operation].volume.window
    planned = Bar(
        f"operation:{operation}/planned",
        "planned",
        start,
        end,
        f"{operation} as planned, {clock.span(start, end)}",
    )
    bars = (planned, *_real(run, operation, clock))
    return Row(f"operation:{operation}", "operation", operation, bars, (*_put_off(run, operation),))


def _real(run: Run, operation: str, clock: Clock) -> Iterator[Bar]:
    """Give when it really was under way, up to the horizon."""
    ends = {record.operation: record.at for record in run.journal.of(OperationEnded)}
    for began in run.journal.of(OperationBegan):
        if began.operation != operation:
            continue
        end = ends.get(operation)
        until = "still on at the end" if end is None else f"until {clock.minute(end)}"
        yield Bar(
            f"operation:{operation}",
            "real",
            began.at,
            run.plan.horizon if end is None else end,
            f"{operation} as it really was, from {clock.minute(began.at)}, {until}",
        )


def _put_off(run: Run, operation: str) -> Iterator[Mark]:
    gid = f"operation:{operation}"
    for record in run.journal.of(OperationPostponed):
        if record.operation == operation:
            about = f"{operation} put off by {show_duration(record.by_s)}"
            yield Mark(f"{gid}/postponed", "postponed", record.at, about, "put off")
    for cancelled in run.journal.of(OperationCancelled):
        if cancelled.operation == operation:
            about = f"{operation} cancelled"
            yield Mark(f"{gid}/cancelled", "cancelled", cancelled.at, about, "cancelled")


def zone_row(run: Run, zone: str) -> Row:
    """Tell when each version of a zone was declared, and when it was active."""
    clock = Clock.of(run.scenario)
    issued = [record for record in run.journal.of(ZoneIssued) if record.zone == zone]
    numbered = len(issued) > 1
    bars = tuple(
        Bar(
            f"zone:{zone}/v{version}",
            "declared",
            volume.window[0],
            _until(volume, run),
            f"{zone} as declared, version {version}, {clock.span(*volume.window)}",
            f"v{version}" if numbered else "",
        )
        for version, volume in declared(run.journal).get(zone, ())
    )
    marks = tuple(
        Mark(
            f"zone:{zone}/v{record.version}/issued",
            "lifted" if record.change == "cancel" else "issued",
            record.at,
            _how_issued(record, clock),
            f"v{record.version}" if numbered else "",
        )
        for record in issued
    )
    return Row(f"zone:{zone}", "zone", zone, (*_announced(issued, clock), *bars), marks)


def _announced(issued: Sequence[ZoneIssued], clock: Clock) -> Iterator[Bar]:
    """Tell how long before its start a zone was first declared."""
    for first in issued[:1]:
        start, _ = first.volume.window
        if first.at < start:
            about = f"{first.zone} declared at {clock.minute(first.at)} for {clock.minute(start)}"
            yield Bar(f"zone:{first.zone}/announced", "announced", first.at, start, about)


def _how_issued(record: ZoneIssued, clock: Clock) -> str:
    if record.change == "cancel":
        return f"{record.zone} lifted by version {record.version}"
    when = clock.span(*record.volume.window)
    return f"version {record.version} of {record.zone} declared, {when}"


def told_row(run: Run, zone: str, party: str) -> Row | None:
    """Tell what a party's desk held of a zone; None if it never held anything.

    Each version stands for the window that was told, up to the one that took
    its place; it was known from ``since`` on.
    """
    _, versions = held(run.journal, zone).get(party, (0.0, ()))
    clock = Clock.of(run.scenario)
    had = [
        copy
        for copy in copies(run.journal)
        if copy.head.zone == zone and copy.head.recipient == party and copy.told is not None
    ]
    numbered = sum(record.zone == zone for record in run.journal.of(ZoneIssued)) > 1
    bars: list[Bar] = []
    seen: Counter[int] = Counter()
    for version, volume in versions:
        bar = _told_bar(run, _source(had, version, volume), volume, clock, numbered=numbered)
        if bars and _continues(bars[-1], bar):
            bars[-1] = replace(bars[-1], end=bar.end)
            continue
        seen[version] += 1
        gid = bar.gid if seen[version] == 1 else f"{bar.gid}/{seen[version]}"
        bars.append(replace(bar, gid=gid))
    if not bars:
        return None
    return Row(f"told:{zone}/{party}", "told", f"told of {zone}", tuple(bars))


def _source(had: Sequence[Copy], version: int, volume: Volume) -> Copy:
    """Find the copy that a stretch of what was held goes back to: the last handled by then."""
    known = (
        (handled, copy)
        for copy in had
        if copy.head.version == version
        and (handled := copy.when(Step.HANDLED)) is not None
        and handled <= volume.window[0]
    )
    return max(known, key=lambda pair: pair[0])[1]


def _told_bar(run: Run, copy: Copy, volume: Volume, clock: Clock, *, numbered: bool) -> Bar:
    head, told = copy.head, copy.told
    assert told is not None, "what is held was told"
    said = [f"v{head.version}"] if numbered else []
    said += ["garbled"] if copy.garbled else []
    since, _ = volume.window
    return Bar(
        f"told:{head.zone}/v{head.version}/{head.recipient}",
        "told",
        told.window[0],
        _until(volume, run),
        f"{head.zone} as {head.recipient} was told, version {head.version},"
        f" {'garbled, ' if copy.garbled else ''}{clock.span(*told.window)}",
        ", ".join(said),
        since=since,
    )


def _continues(before: Bar, bar: Bar) -> bool:
    """Tell whether the same was only told once more."""
    return (before.about, before.start, before.end) == (bar.about, bar.start, bar.since)


def _until(volume: Volume, run: Run) -> float:
    return run.plan.horizon if isinf(volume.window[1]) else volume.window[1]
