"""The anatomy of one entry: its steps from drafting to entry by who took them, as data."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from sim.errors import InputError, did_you_mean, quoted
from sim.findings.archive import Archive
from sim.findings.notices import copies
from sim.findings.sites import SiteIncursion
from sim.findings.versions import declared
from sim.findings.violations import Violation
from sim.model.journal import (
    Disseminated,
    FlightActed,
    NoticeStep,
    OperationBegan,
    OperationEnded,
    SenderReacted,
    Step,
    UnitReacted,
    ZoneIssued,
)
from sim.plots.breaks import BEGUN, Case, Passing, actor_of, find_break, hands
from sim.plots.moments import Actor, Anatomy, Moment, Stretch
from sim.report.wording import BRIEFLY, Clock, party_name
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.findings.notices import Copy, NoticeSummary
    from sim.findings.run import Run
    from sim.findings.violations import Incursion
    from sim.model.journal import Record

    Entry = Violation | Incursion | SiteIncursion

_OF_ZONES = (NoticeStep, ZoneIssued, Disseminated, UnitReacted, FlightActed, SenderReacted)
_MARGIN = 0.04  # of the time shown, before the first moment and after the last


def anatomy(run: Run, entry: str | None = None) -> Anatomy | None:
    """Take apart a violation, an incursion or a site incursion.

    Parameters
    ----------
    run
        The run.
    entry
        Its id, such as ``violation-1``; without it, the first violation, incursion or
        site incursion.

    Returns
    -------
    Anatomy or None
        None where nobody entered anything.

    Raises
    ------
    InputError
        If there is no entry of that id.
    """
    found: list[Entry] = [*run.violations, *run.incursions, *run.site_incursions]
    entries = {one.id: one for one in found}
    if entry is None:
        return next((_Dissection(run, one).anatomy() for one in entries.values()), None)
    if entry not in entries:
        raise InputError(
            f"there is no entry {quoted(entry)}",
            hint=did_you_mean(entry, entries) or f"the run has {_range(entries)}",
        )
    return _Dissection(run, entries[entry]).anatomy()


def _range(entries: dict[str, Entry]) -> str:
    return f"{next(iter(entries))} to {list(entries)[-1]}" if entries else "none"


class _Dissection:
    """Takes one entry apart."""

    def __init__(self, run: Run, entry: Entry) -> None:
        self._run, self._entry = run, entry
        self._clock = Clock.of(run.scenario)
        self._archive = Archive(run.journal)
        self._records = [run.journal.records[e.record] for e in entry.evidence]
        self._is_site = isinstance(entry, SiteIncursion)
        self._who = entry.site if isinstance(entry, SiteIncursion) else entry.flight
        self._at = entry.start if isinstance(entry, SiteIncursion) else entry.entry
        self._operation = None if isinstance(entry, Violation) else entry.operation
        self._zone = self._zone_judged()
        self._copy = self._copy_judged()

    def anatomy(self) -> Anatomy:
        """Put together what there is to tell."""
        entry, case = self._entry, self._case()
        actors = tuple(self._actors())
        moments = tuple(self._moments())
        known = {actor.id for actor in actors}
        stretches = tuple(one for one in self._stretches() if one.actor in known)
        start, end = self._shown(moments, stretches)
        broken = find_break(case)
        seen = {one.actor for one in stretches if one.start < end and one.end > start}
        seen |= {broken.source, broken.target, *(moment.actor for moment in moments)}
        idle = {one.id for one in actors if one.id.startswith("operation:")} - seen
        return Anatomy(
            id=entry.id,
            cause=entry.cause,
            detail=entry.detail,
            finding=self._finding(),
            actors=tuple(one for one in actors if one.id not in idle),
            moments=moments,
            stretches=tuple(one for one in stretches if one.actor not in idle),
            passings=tuple(self._passings()),
            broken=broken,
            entry=self._at,
            start=start,
            end=end,
            timing="; ".join(self._timing()),
        )

    def _zone_judged(self) -> str | None:
        """Give the zone by which the cause was judged; None where there was none."""
        if isinstance(self._entry, Violation):
            return self._entry.zone
        zones = (record.zone for record in self._records if isinstance(record, _OF_ZONES))
        return next(zones, None)

    def _copy_judged(self) -> Copy | None:
        """Give the copy that is told of, if any is."""
        first = next((r for r in self._records if isinstance(r, NoticeStep)), None)
        if first is None:
            return None
        copies = self._archive.copies[first.zone, first.recipient]
        return next(copy for copy in copies if any(step is first for _, step in copy.steps))

    def _case(self) -> Case:
        zone = self._zone
        return Case(
            cause=self._entry.cause,
            at=self._at,
            place=self._places()[0].id,
            sender=f"desk:{self._declarer()}",
            desk=f"desk:{self._entry.party}",
            unit=self._unit(),
            who=self._last_actor(),
            copy=self._copy,
            issued=[record for _, record in self._archive.issued[zone]] if zone else (),
            known=self._records,
        )

    def _declarer(self) -> str:
        if self._zone is not None:
            return self._run.plan.zones[self._zone].party
        assert self._operation is not None, "what is no zone is an operation"
        return self._run.plan.operations[self._operation].party

    def _places(self) -> list[Actor]:
        """Give the zones and operations that the entry is about."""
        zones = self._run.plan.zones
        covered = self._operation or (zones[self._zone].covers if self._zone else None)
        about = (
            [self._zone] if self._zone else [z.id for z in zones.values() if z.covers == covered]
        )
        found = [Actor(f"zone:{zone}", zone) for zone in about]
        return [*found, *([Actor(f"operation:{covered}", covered)] if covered else [])]

    def _actors(self) -> Iterator[Actor]:
        """Give all who take part: what was entered, desks along the chain, unit and flight."""
        yield from self._places()
        if self._entry.cause != "undeclared":
            along = hands(self._copy) if self._copy is not None else ()
            desks = (f"desk:{self._declarer()}", *along, f"desk:{self._entry.party}")
            for desk in dict.fromkeys(desks):
                party = desk.removeprefix("desk:")
                name = self._run.scenario.parties[party].name or party
                yield Actor(desk, name if name.lower().endswith("desk") else f"{name}, desk")
        if self._unit() != self._last_actor():
            yield Actor(self._unit(), f"{self._unit().removeprefix('unit:')}, crew")
        yield Actor(self._last_actor(), self._who)

    def _unit(self) -> str:
        """Give the unit; it is one with its flight or site where it has the same name."""
        if self._is_site or self._run.flights[self._who].unit == self._who:
            return self._last_actor()
        return f"unit:{self._run.flights[self._who].unit}"

    def _last_actor(self) -> str:
        return f"{'site' if self._is_site else 'flight'}:{self._who}"

    def _moments(self) -> Iterator[Moment]:
        pairs = zip(self._entry.evidence, self._records, strict=True)
        for number, (evidence, record) in enumerate(pairs, start=1):
            actor = self._actor_of(record)
            yield Moment(number, evidence.at, actor, evidence.step, evidence.text)

    def _actor_of(self, record: Record) -> str:
        match record:
            case NoticeStep() if self._copy is not None:
                return actor_of(record, self._copy)
            case Disseminated() | UnitReacted():
                return self._unit()
            case SenderReacted():
                return f"desk:{record.sender}"
            case ZoneIssued():
                return f"zone:{record.zone}"
            case _:
                return self._last_actor()

    def _stretches(self) -> Iterator[Stretch]:
        """Give what lasts: what was entered, the way of who entered, lead and reaction."""
        entry, who = self._entry, self._last_actor()
        horizon = self._run.plan.horizon
        for zone, versions in declared(self._run.journal).items():
            for version, volume in versions:
                ends = horizon if isinf(volume.window[1]) else volume.window[1]
                label = f"v{version}" if len(versions) > 1 else ""
                yield Stretch(f"zone:{zone}", "declared", volume.window[0], ends, label)
        over = {record.operation: record.at for record in self._run.journal.of(OperationEnded)}
        for began in self._run.journal.of(OperationBegan):
            end = over.get(began.operation, horizon)
            yield Stretch(f"operation:{began.operation}", "real", began.at, end)
        if isinstance(entry, SiteIncursion):
            start, end = self._run.plan.sites[entry.site].window
            yield Stretch(who, "present", max(start, 0.0), min(end, horizon))
        else:
            _, track = self._archive.flown[entry.flight]
            yield Stretch(who, "flown", track.start, track.end)
        yield Stretch(who, "inside", self._at, self._at + entry.duration_s)
        for one in self._run.incursions:
            if isinstance(entry, Violation) and one.id in entry.incursions:
                yield Stretch(who, "incursion", one.entry, one.entry + one.duration_s)
        yield from self._waits()

    def _waits(self) -> Iterator[Stretch]:
        """Give the lead of the notice, and how long the unit took to react."""
        begins = self._begins()
        if self._copy is not None and begins is not None and self._copy.head.at < begins:
            drafted = self._copy.head.at
            label = f"lead {show_duration(begins - drafted)}"
            yield Stretch(f"zone:{self._zone}", "lead", drafted, begins, label)
        reaction = self._reaction()
        if reaction is not None:
            told, reacted = reaction
            label = f"reaction {show_duration(reacted - told)}"
            yield Stretch(self._unit(), "reaction", told, reacted, label)

    def _begins(self) -> float | None:
        """Give when the version that is told of was to begin."""
        if self._copy is None:
            return None
        head = self._copy.head
        issued = (r.volume for _, r in self._archive.issued[head.zone] if r.version == head.version)
        return next(issued).window[0]

    def _reaction(self) -> tuple[float, float] | None:
        """Give when the unit was told, and when it had reacted to that."""
        told = {
            (r.notice, r.version, r.sending): r.at
            for r in self._records
            if isinstance(r, Disseminated)
        }
        for record in self._records:
            if isinstance(record, UnitReacted):
                key = (record.notice, record.version, record.sending)
                return (told[key], record.at) if key in told else None
        return None

    def _passings(self) -> Iterator[Passing]:
        """Give the legs over which the copy passed, and its way on to the unit."""
        copy = self._copy
        if copy is None:
            return
        along = hands(copy)
        begun: dict[int, float] = {}
        for _, step in copy.steps:
            if step.step in BEGUN:
                begun[step.leg] = step.at
            elif step.step is Step.DELIVERED:
                start = begun.get(step.leg, step.at)
                yield Passing(along[step.leg], along[step.leg + 1], start, step.at)
        handled, head = copy.when(Step.HANDLED), copy.head
        this = (head.notice, head.version, head.sending)
        for record in self._records:
            if not isinstance(record, Disseminated) or handled is None:
                continue
            if (record.notice, record.version, record.sending) == this:
                yield Passing(along[-1], self._unit(), handled, record.at)

    def _shown(
        self, moments: Sequence[Moment], stretches: Sequence[Stretch]
    ) -> tuple[float, float]:
        """Give the time to show: all moments and the stay, and of an undeclared one its place."""
        at = [moment.at for moment in moments]
        at += [self._at, self._at + self._entry.duration_s]
        places = {actor.id for actor in self._places()}
        if len(moments) == 1:
            at += [t for one in stretches if one.actor in places for t in (one.start, one.end)]
        if self._copy is not None and self._copy.head.at <= self._at:
            drafted = self._copy.head.at  # what was said long before would crowd out the rest
            at = [t for t in at if t >= drafted - (max(at) - drafted)]
        margin = _MARGIN * max(max(at) - min(at), 60.0)
        return min(at) - margin, max(at) + margin

    def _finding(self) -> str:
        entry, when = self._entry, self._clock.second(self._at)
        why = f"{BRIEFLY[entry.cause]}: {entry.detail}"
        party = party_name(self._run.scenario, entry.party)
        if isinstance(entry, SiteIncursion):
            return f"{entry.operation} was over {entry.site} of {party} from {when}; {why}."
        place = entry.zone if isinstance(entry, Violation) else entry.operation
        return f"{entry.flight} of {party} entered {place} at {when}; {why}."

    def _timing(self) -> Iterator[str]:
        """Say how much lead there was, what was left of it, and how long the unit took."""
        begins, copy = self._begins(), self._copy
        if copy is not None and begins is not None:
            lead = begins - copy.head.at
            early = f"lead {show_duration(lead)}"
            yield early if lead >= 0.0 else f"drafted {show_duration(-lead)} after the zone began"
            summary = self._summary(copy)
            if summary.lead_left_s is not None:
                left = summary.lead_left_s
                enough = f"{show_duration(left)} left when handled"
                yield enough if left >= 0.0 else f"handled {show_duration(-left)} too late"
        reaction = self._reaction()
        if reaction is not None:
            yield f"reaction {show_duration(reaction[1] - reaction[0])}"

    def _summary(self, copy: Copy) -> NoticeSummary:
        found = copies(self._run.journal)
        return self._run.notices[found.index(copy)]
