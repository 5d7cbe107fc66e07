"""What parties told each other, decided and did, told to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.findings.evidence import REACTIONS
from sim.model.journal import FlightActed
from sim.report.outline import Cell, Column, Group, Paragraph, Table, Tone
from sim.report.wording import ROWS, Clock, cut, listed, nautical, party_name, whole_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.notices import NoticeSummary
    from sim.findings.run import Run
    from sim.report.outline import Block

_NAMED = 8  # zones that one line names
NOTICE_COLUMNS = (
    Column("notice"),
    Column("from > to"),
    Column("drafted"),
    Column("tries", right=True),
    Column("handled"),
    Column("crews told"),
    Column("lead left", right=True),
)
_DECISION_COLUMNS = (
    Column("declarer"),
    Column("zone"),
    Column("at"),
    Column("because"),
    Column("decided"),
)
_ACTION_COLUMNS = (
    Column("flight"),
    Column("party"),
    Column("for"),
    Column("at"),
    Column("action"),
    Column("delay", right=True),
    Column("further", right=True),
)
_BECAUSE = {"no_acknowledgement": "no word from", "objection": "objection of"}
_DECIDED = REACTIONS | {
    "shrink": "to shrink the zone",
    "shift": "to put off the zone",
    "keep": "to keep the zone",
}


def notice_blocks(run: Run) -> tuple[Block, ...]:
    """Tabulate the copies of notices, and name the parties that none is meant for."""
    shown, rest = cut(run.notices, ROWS)
    rows = notice_rows(shown, Clock.of(run.scenario))
    table = (Table(NOTICE_COLUMNS, (Group("", rows),)),) if rows else ()
    return (*table, *rest, *unaddressed(run))


def notice_rows(notices: Sequence[NoticeSummary], clock: Clock) -> tuple[tuple[Cell, ...], ...]:
    """Set copies under :data:`NOTICE_COLUMNS`, named by their zones where that is enough."""
    several = len({(notice.zone, notice.notice) for notice in notices}) > len(
        {notice.zone for notice in notices}
    )
    return tuple(_notice_row(notice, clock, named=several) for notice in notices)


def _notice_row(notice: NoticeSummary, clock: Clock, *, named: bool) -> tuple[Cell, ...]:
    name = f"{notice.zone}.{notice.notice}" if named else notice.zone
    crews = [at for _, at in notice.disseminated]
    return (
        Cell(f"{name} v{notice.version}"),
        Cell(f"{notice.sender} > {notice.recipient}"),
        Cell(clock.minute(notice.drafted), order=notice.drafted),
        Cell(str(notice.attempts), order=notice.attempts),
        _handled(notice, clock),
        Cell(clock.span(min(crews), max(crews)), order=min(crews)) if crews else Cell("none"),
        _lead_left(notice.lead_left_s),
    )


def _handled(notice: NoticeSummary, clock: Clock) -> Cell:
    if notice.handled is None:
        return Cell(f"no: {str(notice.outcome).replace('_', ' ')}", Tone.BAD)
    if notice.garbled:
        return Cell(f"{clock.minute(notice.handled)}, garbled", Tone.BAD, notice.handled)
    return Cell(clock.minute(notice.handled), order=notice.handled)


def _lead_left(seconds: float | None) -> Cell:
    if seconds is None:
        return Cell("-")
    return Cell(whole_minutes(seconds), Tone.BAD if seconds < 0 else Tone.PLAIN, seconds)


def unaddressed(run: Run) -> tuple[Paragraph, ...]:
    """Name the parties that have to stay out of zones and that no notice of these names."""
    plan = run.plan
    zones: dict[str, list[str]] = {}
    for zone in plan.zones.values():
        bound = {flight.party for flight in run.flights.values() if plan.binds(zone, flight)}
        parties = [
            party_name(plan.scenario, party)
            for party in sorted(bound)
            if not plan.addresses(zone.id, party)
        ]
        if parties:
            zones.setdefault(listed(parties), []).append(zone.id)
    return tuple(
        Paragraph(f"No notice of {_some(ids)} is addressed to {parties}.")
        for parties, ids in zones.items()
    )


def _some(ids: Sequence[str]) -> str:
    """Name things, or the first of many."""
    more = len(ids) - _NAMED
    return listed([*ids[:_NAMED], f"{more:,} more"] if more > 1 else ids)


def decision_blocks(run: Run, most: int | None = ROWS) -> tuple[Block, ...]:
    """Tabulate what declarers did about silence, and about objections."""
    if not run.decisions:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(run.decisions, most)
    rows = tuple(
        (
            Cell(decision.party),
            Cell(f"{decision.zone} v{decision.version}"),
            Cell(clock.minute(decision.at), order=decision.at),
            Cell(f"{_BECAUSE[decision.about]} {decision.recipient}"),
            Cell(_DECIDED[decision.decision]),
        )
        for decision in shown
    )
    return (Table(_DECISION_COLUMNS, (Group("", rows),)), *rest)


def action_blocks(run: Run, most: int | None = ROWS) -> tuple[Block, ...]:
    """Tabulate what the flights did that heeded a notice."""
    actions = run.journal.of(FlightActed)
    if not actions:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(actions, most)
    rows = tuple(
        (
            Cell(acted.flight),
            Cell(run.flights[acted.flight].party),
            Cell(f"{acted.zone} v{acted.version}"),
            Cell(clock.minute(acted.at), order=acted.at),
            Cell("none possible", Tone.BAD) if acted.action == "none" else Cell(acted.action),
            Cell(whole_minutes(acted.delay_s), order=acted.delay_s) if acted.delay_s else Cell("-"),
            Cell(nautical(acted.extra_m), order=acted.extra_m)
            if acted.extra_m >= 1.0
            else Cell("-"),
        )
        for acted in shown
    )
    return (Table(_ACTION_COLUMNS, (Group("", rows),)), *rest)
