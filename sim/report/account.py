"""One run, told to people: who entered what and why, who told whom, where plans overlap."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES, MEANINGS
from sim.findings.violations import Violation
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
from sim.report.plans import overlap_blocks, period
from sim.report.wording import (
    ROWS,
    Clock,
    area_text,
    band_text,
    cause_cell,
    cut,
    feet_text,
    listed,
    minutes_text,
    nautical,
    number_text,
    party_name,
)
from sim.units import show_duration, show_length

if TYPE_CHECKING:
    from sim.findings.gaps import Gap
    from sim.findings.notices import NoticeSummary
    from sim.findings.run import Run
    from sim.findings.violations import Incursion
    from sim.report.outline import Block
    from sim.scenario.plan import PlannedOperation, PlannedZone

CHAINS = 8  # told whole; more would bury the rest of the report

_ENTRY_COLUMNS = (
    Column("flight"),
    Column("party"),
    Column("entry", rigid=True),
    Column("exit", rigid=True),
    Column("inside", right=True, rigid=True),
    Column("deepest", right=True, rigid=True),
    Column("cause", rigid=True),
)
_NOTICE_COLUMNS = (
    Column("notice"),
    Column("from > to"),
    Column("drafted", rigid=True),
    Column("tries", right=True, rigid=True),
    Column("handled"),
    Column("crews told"),
    Column("lead left", right=True),
)
_ACTION_COLUMNS = (
    Column("flight"),
    Column("party"),
    Column("for"),
    Column("at", rigid=True),
    Column("action", rigid=True),
    Column("delay", right=True, rigid=True),
    Column("further", right=True, rigid=True),
)
_GAP_COLUMNS = (
    Column("operation"),
    Column("not covered by"),
    Column("kind", rigid=True),
    Column("when", rigid=True),
    Column("altitude", right=True, rigid=True),
    Column("area", right=True, rigid=True),
    Column("km2 h", right=True, rigid=True),
)


def account(run: Run) -> Outline:
    """Compose the report of one run."""
    sections = (
        Section("Who entered what", _entries(run)),
        Section("How it came about", _chains(run)),
        Section("Who told whom", _notices(run)),
        Section("What those did who heeded", _actions(run)),
        Section("Where plans overlap", overlap_blocks(run.plan, run.overlaps)),
        Section("Gaps", _gaps(run)),
        Section("In figures", (Terms(figures(run.metrics)),)),
    )
    return Outline(
        title=run.scenario.name,
        subtitle=f"{period(run.plan)}, seed {run.seed}"
        + (f", replication {run.replication}" if run.replication else ""),
        headline=run_headline(run),
        sections=tuple(section for section in sections if section.blocks),
    )


def _entries(run: Run) -> tuple[Block, ...]:
    entries: list[Violation | Incursion] = [*run.violations, *run.incursions]
    if not entries:
        return (Paragraph("Nobody."),)
    clock = Clock.of(run.scenario)
    shown, rest = cut(entries, ROWS)
    groups = tuple(
        Group(
            place,
            tuple(_entry_row(entry, clock) for entry in shown if _place(run, entry) == place),
        )
        for place in dict.fromkeys(_place(run, entry) for entry in shown)
    )
    occurring = {entry.cause for entry in entries}
    legend = tuple((cause_cell(cause), MEANINGS[cause]) for cause in CAUSES if cause in occurring)
    return (Table(_ENTRY_COLUMNS, groups), *rest, Terms(legend))


def _entry_row(entry: Violation | Incursion, clock: Clock) -> tuple[Cell, ...]:
    return (
        Cell(entry.flight),
        Cell(entry.party),
        Cell(clock.second(entry.entry)),
        Cell("not yet" if entry.exit is None else clock.second(entry.exit, entry.entry)),
        Cell(minutes_text(entry.duration_s)),
        Cell(nautical(entry.depth_m)),
        cause_cell(entry.cause),
    )


def _place(run: Run, entry: Violation | Incursion) -> str:
    """Title the place that was entered: whose it is, when and how high as planned."""
    clock = Clock.of(run.scenario)
    place: PlannedZone | PlannedOperation
    if isinstance(entry, Violation):
        kind, place, verb = "Zone", run.plan.zones[entry.zone], "declared"
    else:
        kind, place, verb = "Operation", run.plan.operations[entry.operation], "planned"
    return (
        f"{kind} {place.id} of {party_name(run.scenario, place.party)}, {verb}"
        f" {clock.span(*place.volume.window)}, {band_text(place.volume.band)}"
    )


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
    lead = "-" if notice.lead_left_s is None else show_duration(notice.lead_left_s)
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
    """Name the parties that have to stay out of a zone and that no notice of it names."""
    plan, lines = run.plan, []
    for zone in plan.zones.values():
        bound = {flight.party for flight in run.flights.values() if plan.binds(zone, flight)}
        parties = [
            party_name(plan.scenario, party)
            for party in sorted(bound)
            if not plan.addresses(zone.id, party)
        ]
        if parties:
            lines.append(Paragraph(f"No notice of {zone.id} is addressed to {listed(parties)}."))
    return tuple(lines)


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
            Cell(show_duration(acted.delay_s) if acted.delay_s else "-"),
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
    rows = tuple(_gap_row(gap, clock) for gap in shown)
    about = Paragraph(
        "Pieces of an operation, as it really was, that the declaration, or what a party"
        " holds of it, does not cover."
    )
    return (about, Table(_GAP_COLUMNS, (Group("", rows),)), *rest)


def _gap_row(gap: Gap, clock: Clock) -> tuple[Cell, ...]:
    holder = "as declared" if gap.holder is None else f"{gap.holder}'s copy"
    return (
        Cell(gap.operation),
        Cell(f"{gap.zone}, {holder}"),
        Cell(str(gap.kind)),
        Cell(clock.span(gap.start, gap.end)),
        Cell(feet_text(gap.lower_m, gap.upper_m)),
        Cell(area_text(gap.area_km2)),
        Cell(number_text(gap.km2_h)),
    )
