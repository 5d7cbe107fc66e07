"""Causes: the one broken link that explains an entry, and the records that prove it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sim.findings.notices import Copy, copies
from sim.findings.presence import covers_site
from sim.geometry.altitude import band_above
from sim.model.journal import (
    Disseminated,
    FlightActed,
    FlightFlown,
    Journal,
    NoticeStep,
    OperationBegan,
    Record,
    Step,
    UnitReacted,
    ZoneIssued,
)
from sim.units import show_clock, show_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from sim.findings.versions import Versions
    from sim.geometry.volume import Volume
    from sim.scenario.plan import Plan, PlannedSite
    from sim.units import Position

MEANINGS = {
    "never_addressed": "no notice of the zone was ever addressed to the flight's party",
    "not_yet_sent": "a notice was meant for the party, but no attempt to send it had been made",
    "relay_gap": "an intermediary held the notice and had not passed it on",
    "in_transit": "the notice was under way: waiting for a line, being passed, or in the tray",
    "unanswered": "nobody competent had answered the calls made",
    "lost": "the last attempt to pass the notice broke off",
    "misinformed": "the desk held a notice that did not cover what was entered",
    "not_disseminated": "the desk knew, the unit that flew did not",
    "no_time": "the unit knew too late: acting at once could not have kept it out",
    "unable": "the unit tried, and no action allowed to it kept it out",
    "disregarded": "the unit knew in time and did not stay out",
    "undeclared": "the operation lay outside every active zone declared for it",
}
"""What each cause means, in the order of the tree."""

CAUSES = tuple(MEANINGS)
INFORMED = frozenset({"no_time", "unable", "disregarded"})
"""The causes of those who had been told; by any other they were uninformed."""

_BORDER_M = 0.05  # an entry lies on a border, and solving it leaves it a little to one side
_INSTANT_S = 1e-6  # likewise in time
_ALTITUDE_M = 1e-3  # likewise in altitude

# How far a copy had got, by the last step it had taken: the further, the larger.
_PROGRESS = {
    Step.DRAFTED: 0,
    Step.ATTEMPTED: 1,
    Step.CALLING: 2,
    Step.UNANSWERED: 2,
    Step.LOST: 3,
    Step.CONNECTED: 4,
    Step.PUBLISHED: 5,
    Step.DELIVERED: 6,
    Step.HANDLED: 7,
    Step.OMITTED: 7,
    Step.RELAYED: 7,
}
_STANDING = {
    Step.DRAFTED: ("not_yet_sent", "drafted, no attempt made yet"),
    Step.ATTEMPTED: ("in_transit", "waiting for a free line"),
    Step.CALLING: ("unanswered", "the call was ringing"),
    Step.UNANSWERED: ("unanswered", "all calls so far unanswered"),
    Step.LOST: ("lost", "the last call broke off"),
    Step.CONNECTED: ("in_transit", "being passed on the line"),
    Step.PUBLISHED: ("in_transit", "published, and not read"),
    Step.DELIVERED: ("in_transit", "in the desk's tray or in an officer's hand"),
}

_AT_ENTRY = {
    "never_addressed": "never told",
    "not_yet_sent": "not yet sent",
    "relay_gap": "held by an intermediary",
    "in_transit": "still under way",
    "unanswered": "still unanswered",
    "lost": "lost on the way",
    "misinformed": "told otherwise",
    "not_disseminated": "not yet disseminated",
    "no_time": "told too late",
    "unable": "could not keep out",
    "disregarded": "knew of it",
    "undeclared": "nothing was declared there",
}
_OF_AN_ATTEMPT = {
    Step.ATTEMPTED: "begun",
    Step.CONNECTED: "connected",
    Step.UNANSWERED: "unanswered",
    Step.LOST: "broken off",
}
_HANDS = {Step.DELIVERED: "to", Step.HANDLED: "by", Step.RELAYED: "by"}
_STEPS: dict[type[Record], str] = {
    Disseminated: "disseminated",
    UnitReacted: "reacted",
    FlightActed: "acted",
}

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody (``who``, one of a party's ``unit``) is inside something from now on."""

    who: str
    party: str
    unit: str
    inside: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightEntry(Entry):
    """A flight enters a zone or an operation, here."""

    where: Position
    altitude_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEntry(Entry):
    """An operation is under way over a site's people: they come to be inside, and cannot leave."""

    site: PlannedSite
    true: Volume


@dataclass(frozen=True, slots=True)
class Evidence:
    """A journal record (its place there) that proves a verdict, in a few words."""

    at: float
    record: int
    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A leaf of the tree, what in particular, and the chain that proves it."""

    cause: str
    detail: str
    notice: str | None
    evidence: tuple[Evidence, ...]


class Judge:
    """Decides causes from the plan and one run's journal, and from nothing else."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        self._plan = plan
        self._journal = journal
        self._flown = {
            record.flight: (index, record.track) for index, record in journal.numbered(FlightFlown)
        }
        self._began = {r.operation: index for index, r in journal.numbered(OperationBegan)}
        self._copies: defaultdict[tuple[str, str], list[Copy]] = defaultdict(list)
        for copy in copies(journal):
            self._copies[copy.head.zone, copy.head.recipient].append(copy)
        self._issued = _by(journal.numbered(ZoneIssued), lambda r: r.zone)
        self._told = _by(journal.numbered(Disseminated), lambda r: (r.zone, r.unit))
        self._reacted = _by(journal.numbered(UnitReacted), lambda r: (r.zone, r.unit))
        self._acted = _by(journal.numbered(FlightActed), lambda r: (r.zone, r.flight))

    def covers(self, volume: Volume, entry: Entry) -> bool:
        """Tell whether a volume covers the point and instant of an entry, its border included."""
        start, end = volume.window
        if not start - _INSTANT_S <= entry.at < end:
            return False
        if isinstance(entry, SiteEntry):
            return covers_site(volume, entry.site, entry.true, self._plan.vertical)
        assert isinstance(entry, FlightEntry), "a flight or a site enters"
        _, track = self._flown[entry.who]
        floor, ceiling = band_above(track.reference, volume.band, self._plan.vertical)
        if not floor - _ALTITUDE_M <= entry.altitude_m <= ceiling + _ALTITUDE_M:
            return False
        return volume.footprint.depth(*entry.where) >= -_BORDER_M

    def around(self, entry: Entry, zones: Mapping[str, Versions]) -> tuple[str, ...]:
        """Give the active zones of the operation entered that cover the entry.

        ``zones`` are the versions of every zone, each while it was declared.
        """
        return tuple(
            zone.id
            for zone in self._plan.zones.values()
            if zone.covers == entry.inside
            and any(self.covers(volume, entry) for _, volume in zones.get(zone.id, ()))
        )

    def undeclared(self, entry: Entry) -> Verdict:
        """Give the verdict on an entry outside every active zone of the operation."""
        what = "the site" if isinstance(entry, SiteEntry) else "the point of entry"
        detail = f"no active zone of {entry.inside} covers {what}"
        return Verdict("undeclared", detail, None, (self._entered(entry, "undeclared"),))

    def best_told(self, entry: Entry, zones: Sequence[str]) -> Verdict:
        """Give the verdict on an entry into an operation, by the zones of it that cover the entry.

        Where there are several it is by the one whose notice came nearest to
        keeping the flight out: knowing of one of them would have been enough.
        """
        verdicts = [self.verdict(entry, zone) for zone in zones]
        return max(verdicts, key=lambda v: CAUSES.index(v.cause), default=self.undeclared(entry))

    def verdict(self, entry: Entry, zone: str) -> Verdict:
        """Go down the tree for an entry into a zone, or into an operation within it."""
        addressed = self._copies[zone, entry.party]
        held = [copy for copy in addressed if _is_held(copy, entry.at)]
        if held:
            return self._of_the_informed(entry, zone, held)
        return self._of_the_uninformed(entry, zone, addressed)

    def _of_the_informed(self, entry: Entry, zone: str, held: Sequence[Copy]) -> Verdict:
        """Branch A: the desk holds a version that has not ended."""
        newest = max(held, key=lambda copy: (copy.head.version, copy.when(Step.HANDLED)))
        if not self._copy_covers(newest, entry):
            cause, detail = "misinformed", self._how_misinformed(entry, zone, newest)
        else:
            unit = self._unit_copies(entry, zone)
            if not unit:
                cause, detail = "not_disseminated", f"{entry.unit} had not been told"
            elif not self._copy_covers(unit[-1], entry):
                version = unit[-1].head.version
                cause = "not_disseminated"
                detail = f"{entry.unit} still held version {version}, which does not cover it"
            else:
                cause, detail = self._of_the_told(entry, zone, unit)
        return self._proven(cause, detail, entry, newest, zone)

    def _of_the_told(self, entry: Entry, zone: str, told: Sequence[Copy]) -> tuple[str, str]:
        """Tell apart those who had been told: too late, in vain, or to no effect."""
        reactions = [r for _, r in self._reacted[zone, entry.unit] if r.at <= entry.at]
        covering = {
            (c.head.notice, c.head.version): c.told for c in told if self._copy_covers(c, entry)
        }
        in_time = [
            reaction
            for reaction in reactions
            if (volume := covering.get((reaction.notice, reaction.version))) is not None
            and self._way_out_s(entry, reaction.at, volume) <= entry.at - reaction.at
        ]
        if isinstance(entry, SiteEntry):
            if not in_time:
                return "no_time", self._how_late(entry, zone, reactions)
            return "unable", "a site cannot move"
        if self._plan.exempts(self._plan.zones[zone], entry.who):
            return "disregarded", "exempt from the zone, and free to enter it"
        if not in_time:
            return "no_time", self._how_late(entry, zone, reactions)
        if not any(reaction.heeded for reaction in in_time):
            return "disregarded", f"{entry.unit} knew in time and did not heed it"
        return "unable", self._how_unable(entry, zone)

    def _of_the_uninformed(self, entry: Entry, zone: str, addressed: Sequence[Copy]) -> Verdict:
        """Branch B: the desk holds nothing that still counts."""
        if not self._plan.addresses(zone, entry.party):
            detail = f"no notice of {zone} names {entry.party}"
            return self._unproven("never_addressed", detail, entry, zone)
        under_way = [copy for copy in addressed if _standing(copy, entry.at) is not None]
        if not under_way:
            detail = f"no notice of {zone} to {entry.party} had been drafted"
            return self._unproven("not_yet_sent", detail, entry, zone)
        furthest = max(under_way, key=lambda copy: _progress(copy, entry.at))
        standing = _standing(furthest, entry.at)
        assert standing is not None, "chosen for having one"
        cause, detail = _standing_cause(furthest, standing)
        since = show_duration(entry.at - standing.at)
        return self._proven(cause, f"{detail} (for {since})", entry, furthest, zone)

    def _copy_covers(self, copy: Copy, entry: Entry) -> bool:
        return copy.told is not None and self.covers(copy.told, entry)

    def _unit_copies(self, entry: Entry, zone: str) -> list[Copy]:
        """Give the copies that had reached the unit, the one it goes by last."""
        by_name = {(c.head.notice, c.head.version): c for c in self._copies[zone, entry.party]}
        told = [r for _, r in self._told[zone, entry.unit] if r.at <= entry.at]
        return [by_name[r.notice, r.version] for r in sorted(told, key=lambda r: r.version)]

    def _way_out_s(self, entry: Entry, at: float, volume: Volume) -> float:
        """Give the seconds that a flight needs at an instant to be out of a volume.

        In force or not: zero where it is outside or still on the ground, for then
        it need not go in. A site has no way out: what counts is that it knew.
        """
        if isinstance(entry, SiteEntry):
            return 0.0
        _, track = self._flown[entry.who]
        if at < track.start:
            return 0.0
        longitude, latitude, altitude = track.at(at)
        floor, ceiling = band_above(track.reference, volume.band, self._plan.vertical)
        if not floor < altitude < ceiling or not volume.footprint.contains(longitude, latitude):
            return 0.0
        _, distance = volume.footprint.way_out(longitude, latitude)
        speed = track.speed_after(at)
        return distance / speed if speed > 0.0 else float("inf")

    def _how_misinformed(self, entry: Entry, zone: str, newest: Copy) -> str:
        held = newest.head.version
        issued = [r.version for _, r in self._issued[zone] if r.at <= entry.at]
        if newest.garbled:
            return f"version {held} was garbled on its way; the area told is not the one declared"
        if issued and issued[-1] > held:
            return f"the desk held version {held}, version {issued[-1]} was still under way"
        what = "the site" if isinstance(entry, SiteEntry) else "the point of entry"
        return f"version {held} as told does not cover {what}"

    def _how_late(self, entry: Entry, zone: str, reactions: Sequence[UnitReacted]) -> str:
        told = min(r.at for _, r in self._told[zone, entry.unit])
        before = show_duration(entry.at - told)
        if not reactions:
            return f"{entry.unit} was told {before} before, less than its reaction time"
        return f"{entry.unit} was told {before} before, and was inside with no time to leave"

    def _how_unable(self, entry: Entry, zone: str) -> str:
        tried = [r.action for _, r in self._acted[zone, entry.who] if r.at <= entry.at]
        if tried and tried[-1] != "none":
            return f"its {tried[-1]} did not keep it out"
        return "no action allowed to it would have kept it out"

    def _proven(self, cause: str, detail: str, entry: Entry, copy: Copy, zone: str) -> Verdict:
        """Tell the chain of the copy that decided: all up to the entry, and what came too late."""
        evidence = self._chain(cause, entry, copy, zone)
        return Verdict(cause, detail, f"{zone}.{copy.head.notice}", evidence)

    def _chain(self, cause: str, entry: Entry, copy: Copy, zone: str) -> tuple[Evidence, ...]:
        this = (copy.head.notice, copy.head.version)
        chain: list[tuple[int, Record, str]] = [
            (index, step, self._say(step))
            for index, step in copy.steps
            if step.step is not Step.CALLING
        ]
        for index, told in self._told[zone, entry.unit]:
            which = "" if (told.notice, told.version) == this else f"version {told.version} "
            chain.append((index, told, f"{which}disseminated to {told.unit}"))
        for index, reacted in self._reacted[zone, entry.unit]:
            which = (
                "" if (reacted.notice, reacted.version) == this else f"version {reacted.version} "
            )
            said = "heeded" if reacted.heeded else "disregarded"
            chain.append((index, reacted, f"{which}{said} by {reacted.unit}"))
        for index, acted in self._acted[zone, entry.who]:
            said = "found nothing to do" if acted.action == "none" else f"chose to {acted.action}"
            chain.append((index, acted, f"{entry.who} {said}"))
        chain.sort(key=lambda item: item[0])
        before = [_evidence(*item) for item in chain if item[1].at <= entry.at]
        after = [_evidence(*item) for item in chain if item[1].at > entry.at]
        return (*before, self._entered(entry, cause), *after)

    def _say(self, step: NoticeStep) -> str:
        """Put a step of a notice in a few words."""
        if step.step is Step.DRAFTED:
            said = f"version {step.version} drafted for {step.recipient}"
            if step.change == "new":
                return said
            issued = {r.version: r.volume for _, r in self._issued[step.zone]}
            ends = self._plan.scenario.start_unix + issued[step.version].window[1]
            return f"{said}, until {show_clock(ends)}"
        why = f": {step.why}" if step.why else ""
        if step.step in _OF_AN_ATTEMPT:
            return f"attempt {step.attempt} {_OF_AN_ATTEMPT[step.step]}{why}"
        taker = (*step.route[1::2], step.recipient)[step.leg]
        if step.step is Step.OMITTED:
            return f"not passed on by {taker}"
        who = f" {_HANDS[step.step]} {taker}" if step.step in _HANDS and step.route[1:] else ""
        said = f"{str(step.step).replace('_', ' ')}{who}"
        return f"{said}, garbled" if step.garbled else said

    def _unproven(self, cause: str, detail: str, entry: Entry, zone: str) -> Verdict:
        """Give a verdict for want of any copy: what was declared, and what came too late."""
        declared = [
            Evidence(r.at, index, "issued", f"version {r.version} of {zone} declared")
            for index, r in self._issued[zone]
            if r.at <= entry.at
        ]
        later = self._copies[zone, entry.party]
        if not later:
            return Verdict(cause, detail, None, (*declared, self._entered(entry, cause)))
        chain = self._chain(cause, entry, later[0], zone)
        return Verdict(cause, detail, f"{zone}.{later[0].head.notice}", (*declared, *chain))

    def _entered(self, entry: Entry, cause: str) -> Evidence:
        if isinstance(entry, SiteEntry):
            index = self._began[entry.inside]
            text = f"{entry.inside} under way over {entry.who}: {_AT_ENTRY[cause]}"
            return Evidence(entry.at, index, "under_way", text)
        index, _ = self._flown[entry.who]
        text = f"entered {entry.inside}: {_AT_ENTRY[cause]}"
        return Evidence(entry.at, index, "entered", text)


def _is_held(copy: Copy, at: float) -> bool:
    """Tell whether the desk had handled the copy and what it was told had not ended."""
    handled = copy.when(Step.HANDLED)
    if handled is None or handled > at or copy.head.change == "cancel":
        return False
    return copy.told is not None and copy.told.window[1] > at


def _standing(copy: Copy, at: float) -> NoticeStep | None:
    """Give the step in which a copy stands at an instant; None once handled or replaced."""
    taken = copy.until(at)
    if any(_is_settled(copy, step) for step in taken):
        return None
    return next((step for step in reversed(taken) if step.step in _PROGRESS), None)


def _is_settled(copy: Copy, step: NoticeStep) -> bool:
    is_handled = step.step is Step.HANDLED and step.leg == copy.last_leg
    return is_handled or step.step is Step.REPLACED


def _progress(copy: Copy, at: float) -> tuple[int, int]:
    """Give how far a copy had got: over which leg, and how far along it."""
    return max((step.leg, _PROGRESS.get(step.step, 0)) for step in copy.until(at))


def _standing_cause(copy: Copy, standing: NoticeStep) -> tuple[str, str]:
    """Give the cause that a copy's standing is, and what in particular."""
    if standing.leg < copy.last_leg and _PROGRESS[standing.step] >= _PROGRESS[Step.DELIVERED]:
        holder = standing.route[2 * standing.leg + 1]
        if standing.step is Step.OMITTED:
            return "relay_gap", f"{holder} had it and did not pass it on"
        return "relay_gap", f"{holder} had it and had not passed it on yet"
    cause, detail = _STANDING[standing.step]
    return cause, f"{detail}: {standing.why}" if standing.why else detail


def _by(
    numbered: Iterable[tuple[int, R]], key: Callable[[R], Hashable]
) -> defaultdict[Hashable, list[tuple[int, R]]]:
    """Group records, with their places in the journal, by what they are about."""
    groups: defaultdict[Hashable, list[tuple[int, R]]] = defaultdict(list)
    for index, record in numbered:
        groups[key(record)].append((index, record))
    return groups


def _evidence(index: int, record: Record, text: str) -> Evidence:
    step = str(record.step) if isinstance(record, NoticeStep) else _STEPS[type(record)]
    return Evidence(record.at, index, step, text)
