"""One run, told to people: who entered what and why, who told whom, where plans overlap."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES, MEANINGS
from sim.findings.evidence import REACTIONS
from sim.findings.violations import Violation
from sim.geometry.altitude import shared_reference
from sim.model.journal import FlightActed
from sim.report.figures import figures
from sim.report.headline import run_headline
from sim.report.outline import (
    Cell,
    Chain,
    Column,
    Group,
    Outline,
    Paragraph,
    Section,
    Table,
    Terms,
    Tone,
)
from sim.report.places import cancelled, place_title
from sim.report.plans import close_blocks, overlap_blocks, period
from sim.report.wording import (
    ROWS,
    Clock,
    altitudes_text,
    area_text,
    cause_cell,
    cut,
    listed,
    minutes_text,
    nautical,
    number_text,
    party_name,
    whole_minutes,
)
from sim.units import show_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.gaps import Gap
    from sim.findings.notices import NoticeSummary
    from sim.findings.run import Run
    from sim.findings.violations import Incursion, Stay
    from sim.report.outline import Block
    from sim.scenario.plan import Plan

CHAINS = 8  # told whole; more would bury the rest of the report

_NAMED = 8  # zones that one line names
_ENTRY_COLUMNS = (
    Column("flight"),
    Column("party"),
    Column("entry"),
    Column("exit"),
    Column("inside", right=True),
    Column("deepest", right=True),
    Column("cause"),
)
_SITE_COLUMNS = (
    Column("site"),
    Column("party"),
    Column("operation"),
    Column("from"),
    Column("until"),
    Column("cause"),
)
_NOTICE_COLUMNS = (
    Column("notice"),
    Column("from > to"),
    Column("drafted"),
    Column("tries", right=True),
    Column("handled"),
    Column("crews told"),
    Column("lead left", right=True),
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
_DECISION_COLUMNS = (
    Column("declarer"),
    Column("zone"),
    Column("at"),
    Column("because"),
    Column("decided"),
)
_GAP_COLUMNS = (
    Column("operation"),
    Column("not covered by"),
    Column("kind"),
    Column("when"),
    Column("altitude", right=True),
    Column("area", right=True),
    Column("km2 h", right=True),
)


_BECAUSE = {"no_acknowledgement": "no word from", "objection": "objection of"}
_DECIDED = REACTIONS | {
    "shrink": "to shrink the zone",
    "shift": "to put off the zone",
    "keep": "to keep the zone",
}


def account(run: Run) -> Outline:
    """Compose the report of one run."""
    sections = (
        Section("Who entered what", _entries(run)),
        Section("Operations over people on the ground", _sites(run)),
        Section("How it came about", _chains(run)),
        Section("Who told whom", _notices(run)),
        Section("What declarers decided", _decisions(run)),
        Section("What those did who heeded", _actions(run)),
        Section("Where plans overlap", overlap_blocks(run.plan, run.overlaps)),
        Section("Nearer than the minima", close_blocks(run.plan, run.close)),
        Section("Gaps", _gaps(run)),
        Section("In figures", (_figures(run),)),
    )
    return Outline(
        title=run.scenario.name,
        subtitle=f"{period(run.plan)}, seed {run.seed}"
        + (f", replication {run.replication}" if run.replication else ""),
        headline=run_headline(run),
        sections=tuple(section for section in sections if section.blocks),
    )


def _figures(run: Run) -> Terms:
    handled = sum(notice.handled is not None for notice in run.notices)
    return Terms(figures(run.metrics, handled))


def _entries(run: Run) -> tuple[Block, ...]:
    entries: list[Violation | Incursion] = [*run.violations, *run.incursions]
    if not entries:
        return (Paragraph("Nobody."), *cancelled(run))
    clock = Clock.of(run.scenario)
    shown, rest = cut(entries, ROWS)
    places: dict[str, list[Violation | Incursion]] = {}
    for entry in shown:
        places.setdefault(place_title(run, entry), []).append(entry)
    groups = tuple(
        Group(title, tuple(_entry_row(entry, clock) for entry in within))
        for title, within in places.items()
    )
    occurring = {entry.cause for entry in entries}
    legend = tuple((cause_cell(cause), MEANINGS[cause]) for cause in CAUSES if cause in occurring)
    return (Table(_ENTRY_COLUMNS, groups), *rest, *cancelled(run), Terms(legend))


def _entry_row(entry: Stay, clock: Clock) -> tuple[Cell, ...]:
    return (
        Cell(entry.flight),
        Cell(entry.party),
        Cell(clock.second(entry.entry)),
        Cell("not yet" if entry.exit is None else clock.second(entry.exit, entry.entry)),
        Cell(minutes_text(entry.duration_s)),
        Cell(nautical(entry.depth_m)),
        cause_cell(entry.cause),
    )


def _sites(run: Run) -> tuple[Block, ...]:
    """Tell which operations really were over the people of which sites, and why."""
    clock = Clock.of(run.scenario)
    if not run.site_incursions:
        return ()
    shown, rest = cut(run.site_incursions, ROWS)
    rows = tuple(
        (
            Cell(one.site),
            Cell(one.party),
            Cell(one.operation),
            Cell(clock.second(one.start)),
            Cell("not yet" if one.end is None else clock.second(one.end, one.start)),
            cause_cell(one.cause),
        )
        for one in shown
    )
    details = Terms(tuple((Cell(one.site), one.detail) for one in shown))
    return (Table(_SITE_COLUMNS, (Group("", rows),)), *rest, details)


def _chains(run: Run) -> tuple[Block, ...]:
    """Tell each violation with the incursions inside it, then the incursions left over."""
    clock = Clock.of(run.scenario)
    inside = {incursion.id: incursion for incursion in run.incursions}
    linked = {id_ for violation in run.violations for id_ in violation.incursions}
    entries: list[Violation | Incursion] = [
        *run.violations,
        *(incursion for incursion in run.incursions if incursion.id not in linked),
    ]
    shown, rest = cut(entries, CHAINS)
    return (*(_chain(entry, inside, clock) for entry in shown), *rest)


def _chain(entry: Violation | Incursion, inside: dict[str, Incursion], clock: Clock) -> Chain:
    """Tell one entry: what led to it, and what happened inside."""
    if isinstance(entry, Violation):
        place, within = entry.zone, [inside[id_] for id_ in entry.incursions]
    else:
        place, within = f"operation {entry.operation}", []
    links = [(evidence.at, evidence.text) for evidence in entry.evidence]
    links.append((entry.deepest, f"deepest inside: {show_length(entry.depth_m)}"))
    links.extend((incursion.entry, _inside(incursion, clock)) for incursion in within)
    if entry.exit is not None:
        links.append((entry.exit, "left"))
    links.sort(key=itemgetter(0))  # stable: what happens at one instant keeps its order
    end = "the end of the run" if entry.exit is None else clock.second(entry.exit)
    return Chain(
        title=f"{entry.id}: {entry.flight} ({entry.party}) in {place}",
        facts=f"{clock.second(entry.entry)} to {end}, {minutes_text(entry.duration_s)}",
        cause=cause_cell(entry.cause),
        detail=entry.detail,
        links=tuple((clock.second(at), what) for at, what in links),
    )


def _inside(incursion: Incursion, clock: Clock) -> str:
    until = "" if incursion.exit is None else f" until {clock.second(incursion.exit)}"
    return f"inside {incursion.operation} itself{until} ({incursion.id})"


def _notices(run: Run) -> tuple[Block, ...]:
    clock = Clock.of(run.scenario)
    shown, rest = cut(run.notices, ROWS)
    several = len({(notice.zone, notice.notice) for notice in shown}) > len(
        {notice.zone for notice in shown}
    )
    rows = tuple(_notice_row(notice, clock, named=several) for notice in shown)
    table = (Table(_NOTICE_COLUMNS, (Group("", rows),)),) if rows else ()
    return (*table, *rest, *_unaddressed(run))


def _notice_row(notice: NoticeSummary, clock: Clock, *, named: bool) -> tuple[Cell, ...]:
    name = f"{notice.zone}.{notice.notice}" if named else notice.zone
    crews = [at for _, at in notice.disseminated]
    late = notice.lead_left_s is not None and notice.lead_left_s < 0
    lead = "-" if notice.lead_left_s is None else whole_minutes(notice.lead_left_s)
    return (
        Cell(f"{name} v{notice.version}"),
        Cell(f"{notice.sender} > {notice.recipient}"),
        Cell(clock.minute(notice.drafted)),
        Cell(str(notice.attempts)),
        _handled(notice, clock),
        Cell(clock.span(min(crews), max(crews)) if crews else "none"),
        Cell(lead, Tone.BAD if late else Tone.PLAIN),
    )


def _handled(notice: NoticeSummary, clock: Clock) -> Cell:
    if notice.handled is None:
        return Cell(f"no: {str(notice.outcome).replace('_', ' ')}", Tone.BAD)
    if notice.garbled:
        return Cell(f"{clock.minute(notice.handled)}, garbled", Tone.BAD)
    return Cell(clock.minute(notice.handled))


def _unaddressed(run: Run) -> tuple[Paragraph, ...]:
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


def _decisions(run: Run) -> tuple[Block, ...]:
    if not run.decisions:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(run.decisions, ROWS)
    rows = tuple(
        (
            Cell(decision.party),
            Cell(f"{decision.zone} v{decision.version}"),
            Cell(clock.minute(decision.at)),
            Cell(f"{_BECAUSE[decision.about]} {decision.recipient}"),
            Cell(_DECIDED[decision.decision]),
        )
        for decision in shown
    )
    return (Table(_DECISION_COLUMNS, (Group("", rows),)), *rest)


def _actions(run: Run) -> tuple[Block, ...]:
    actions = run.journal.of(FlightActed)
    if not actions:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(actions, ROWS)
    rows = tuple(
        (
            Cell(acted.flight),
            Cell(run.flights[acted.flight].party),
            Cell(f"{acted.zone} v{acted.version}"),
            Cell(clock.minute(acted.at)),
            Cell("none possible", Tone.BAD) if acted.action == "none" else Cell(acted.action),
            Cell(whole_minutes(acted.delay_s) if acted.delay_s else "-"),
            Cell(nautical(acted.extra_m) if acted.extra_m >= 1.0 else "-"),
        )
        for acted in shown
    )
    return (Table(_ACTION_COLUMNS, (Group("", rows),)), *rest)


def _gaps(run: Run) -> tuple[Block, ...]:
    if not run.gaps:
        return ()
    clock = Clock.of(run.scenario)
    shown, rest = cut(run.gaps, ROWS)
    rows = tuple(_gap_row(run.plan, gap, clock) for gap in shown)
    about = Paragraph(
        "Pieces of an operation, as it really was, that the declaration, or what a party"
        " holds of it, does not cover. The figure at the end counts declarations only."
    )
    return (about, Table(_GAP_COLUMNS, (Group("", rows),)), *rest)


def _gap_row(plan: Plan, gap: Gap, clock: Clock) -> tuple[Cell, ...]:
    holder = "as declared" if gap.holder is None else f"{gap.holder}'s copy"
    return (
        Cell(gap.operation),
        Cell(f"{gap.zone}, {holder}"),
        Cell(str(gap.kind)),
        Cell(clock.span(gap.start, gap.end)),
        Cell(altitudes_text(_reference(plan, gap), gap.lower_m, gap.upper_m)),
        Cell(area_text(gap.area_km2)),
        Cell(number_text(gap.km2_h)),
    )


def _reference(plan: Plan, gap: Gap) -> str:
    """Tell what a gap's altitudes are measured from: what operation and cover share."""
    operation = plan.operations[gap.operation].volume.band
    cover = operation if gap.kind == "time" else plan.zones[gap.zone].volume.band
    return shared_reference(operation, cover)
