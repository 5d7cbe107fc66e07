"""Violations and incursions: who really entered what, when, how deep, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.findings.entries import FlightEntry
from sim.findings.fleet import fleet
from sim.findings.versions import declared
from sim.geometry.crossing import find_crossings
from sim.geometry.penetration import penetration
from sim.geometry.visits import entry_state, find_visits
from sim.model.journal import FlightArrived, FlightFlown, Journal, OperationBegan
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sim.findings.causes import Judge, Verdict
    from sim.findings.evidence import Evidence
    from sim.findings.versions import Versions
    from sim.geometry.altitude import Vertical
    from sim.geometry.track import Track
    from sim.geometry.visits import Visit
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan, PlannedFlight

_MANY = 20_000  # pairs of flights and spaces, above which all are looked at at once
_INSTANT_S = 1e-6  # a stay so short is rounding
_TOUCHING_S = 1e-6  # passages no further apart than this are one, cut by a change of version


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A maximal interval in which a flight really is where it ought not to be, and why.

    Times are seconds since the scenario's start. ``exit`` is None and
    ``censored`` true where the flight is still inside at the horizon;
    ``depth_m`` is the greatest lateral distance from the border, reached at
    ``deepest``. ``notice`` is the one that the cause was judged by.
    """

    id: str
    flight: str
    party: str
    entry: float
    exit: float | None
    censored: bool
    duration_s: float
    depth_m: float
    deepest: float
    entry_position: Position
    entry_altitude_m: float
    cause: str
    detail: str
    notice: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation(Stay):
    """A stay in an active zone that binds the flight; ``version`` is the one declared at entry."""

    zone: str
    version: int
    incursions: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incursion(Stay):
    """A stay in another party's operation.

    ``zones`` are the active zones of the operation that the entry lies in, none
    of them if the cause is undeclared.
    """

    operation: str
    zones: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A flight's stay inside something, and where it began.

    ``through`` are the volumes that it passes through one after another,
    versions of the same thing, with its entry and exit of each.
    """

    flight: str
    inside: str
    version: int
    entry: float
    exit: float
    is_open: bool
    where: Position
    altitude_m: float
    through: tuple[tuple[Volume, float, float], ...]

    @property
    def order(self) -> tuple[float, str, str]:
        """By time, then by names."""
        return (self.entry, self.flight, self.inside)

    def deepest(self, track: Track) -> tuple[float, float]:
        """Give how deep it goes at most, in metres from the border, and when."""
        depths = (penetration(track, *part) for part in self.through)
        return max(depths, key=lambda found: found[0])


@dataclass(frozen=True, slots=True)
class Judged:
    """A flight's stay where it ought not to be, and the verdict on its entry.

    ``around`` are the active zones of an operation that its entry lies in.
    """

    passage: Passage
    flight: PlannedFlight
    verdict: Verdict
    around: tuple[str, ...] = ()

    @property
    def cause(self) -> str:
        """The cause."""
        return self.verdict.cause

    @property
    def duration_s(self) -> float:
        """How long it lasts, up to the horizon."""
        return self.passage.exit - self.passage.entry


@dataclass(frozen=True, slots=True)
class Space:
    """A volume that somebody ought not to be in: a version of a zone, or an operation."""

    id: str
    version: int
    volume: Volume


def find_entries(
    plan: Plan, journal: Journal, judge: Judge
) -> tuple[tuple[Judged, ...], tuple[Judged, ...]]:
    """Find and judge all stays of a run in zones, and in operations, by entry.

    Both are found from the flown tracks by continuous crossing, so an entry is
    a solved instant; a zone that grows around a flight is entered when the
    version is issued.
    """
    flights = fleet(plan, journal)
    zones = declared(journal)
    in_zones = passages(
        plan,
        journal,
        [Space(zone, n, volume) for zone, versions in zones.items() for n, volume in versions],
        lambda flight, zone: plan.binds(plan.zones[zone], flights[flight]),
    )
    in_operations = passages(
        plan,
        journal,
        [Space(began.operation, 0, began.volume) for began in journal.of(OperationBegan)],
        lambda flight, operation: flights[flight].party != plan.operations[operation].party,
    )
    return (
        tuple(_in_zone(judge, passage, flights[passage.flight]) for passage in in_zones),
        tuple(
            _in_operation(plan, judge, zones, passage, flights[passage.flight])
            for passage in in_operations
        ),
    )


def find_violations(
    plan: Plan, journal: Journal, in_zones: Sequence[Judged], in_operations: Sequence[Judged]
) -> tuple[tuple[Violation, ...], tuple[Incursion, ...]]:
    """Tell all of the stays that :func:`find_entries` found: how deep they go, and the proof."""
    tracks = {record.flight: record.track for record in journal.of(FlightFlown)}
    incursions = tuple(
        _incursion(f"incursion-{n}", judged, tracks[judged.flight.id])
        for n, judged in enumerate(in_operations, start=1)
    )
    violations = tuple(
        _violation(plan, incursions, f"violation-{n}", judged, tracks[judged.flight.id])
        for n, judged in enumerate(in_zones, start=1)
    )
    return violations, incursions


def passages(
    plan: Plan, journal: Journal, spaces: Sequence[Space], matters: Callable[[str, str], bool]
) -> list[Passage]:
    """Find the stays of all flights in all spaces that matter to them, in order."""
    landed = {record.flight for record in journal.of(FlightArrived)}
    found: defaultdict[tuple[str, str], list[Passage]] = defaultdict(list)
    for record, close in _met(journal.of(FlightFlown), spaces, plan.vertical):
        flight, track = record.flight, record.track
        for space in close:
            visits = find_visits(track, space.volume, plan.vertical)
            if not visits or not matters(flight, space.id):
                continue
            found[flight, space.id] += [
                _passage(flight, track, space, visit, flight in landed)
                for visit in visits
                if visit.exit - visit.entry >= _INSTANT_S
            ]
    merged = [passage for stays in found.values() for passage in _merge(stays)]
    return sorted(merged, key=lambda passage: passage.order)


def _met(
    flown: Sequence[FlightFlown], spaces: Sequence[Space], vertical: Vertical
) -> Iterator[tuple[FlightFlown, Sequence[Space]]]:
    """Give what is flown with all spaces, or with those that it meets where there are many.

    Both finders give the same stays, so that nothing is missed; the one that looks at
    all at once does not say on which legs they begin and end.
    """
    if len(flown) * len(spaces) < _MANY:
        yield from ((record, spaces) for record in flown)
        return
    met = find_crossings([one.track for one in flown], [one.volume for one in spaces], vertical)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for track, volume in zip(met.track.tolist(), met.volume.tolist(), strict=True):
        found[track].add(volume)
    for place, volumes in sorted(found.items()):
        yield flown[place], [spaces[volume] for volume in sorted(volumes)]


def _passage(flight: str, track: Track, space: Space, visit: Visit, has_landed: bool) -> Passage:
    lon, lat, altitude_m = entry_state(track, visit)
    return Passage(
        flight=flight,
        inside=space.id,
        version=space.version,
        entry=visit.entry,
        exit=visit.exit,
        is_open=_is_open(track, visit.exit, space.volume, has_landed),
        where=Position(lon, lat),
        altitude_m=altitude_m,
        through=((space.volume, visit.entry, visit.exit),),
    )


def _is_open(track: Track, exit_: float, volume: Volume, has_landed: bool) -> bool:
    """Tell whether a stay goes on at the horizon, where the track is cut off."""
    return not has_landed and exit_ >= track.end and volume.window[1] > track.end


def _merge(stays: Iterable[Passage]) -> list[Passage]:
    """Join the stays that only a change of version cuts."""
    merged: list[Passage] = []
    for stay in sorted(stays, key=lambda passage: passage.entry):
        if not merged or stay.entry - merged[-1].exit > _TOUCHING_S:
            merged.append(stay)
            continue
        last = merged[-1]
        through = last.through + stay.through
        merged[-1] = replace(last, exit=stay.exit, is_open=stay.is_open, through=through)
    return merged


def _in_zone(judge: Judge, passage: Passage, flight: PlannedFlight) -> Judged:
    return Judged(passage, flight, judge.verdict(_entry(passage, flight), passage.inside))


def _in_operation(
    plan: Plan, judge: Judge, zones: Mapping[str, Versions], passage: Passage, flight: PlannedFlight
) -> Judged:
    entry = _entry(passage, flight)
    around = judge.around(entry, zones)
    binding = [z for z in around if plan.binds(plan.zones[z], flight)]
    return Judged(passage, flight, judge.best_told(entry, binding or around), around)


def _violation(
    plan: Plan, incursions: Sequence[Incursion], id_: str, judged: Judged, track: Track
) -> Violation:
    passage = judged.passage
    covers = plan.zones[passage.inside].covers
    within = tuple(
        incursion.id
        for incursion in incursions
        if incursion.flight == passage.flight
        and incursion.operation == covers
        and incursion.entry < passage.exit
        and passage.entry < incursion.entry + incursion.duration_s
    )
    return Violation(
        **_stay(id_, judged, track),
        zone=passage.inside,
        version=passage.version,
        incursions=within,
        evidence=judged.verdict.evidence,
    )


def _incursion(id_: str, judged: Judged, track: Track) -> Incursion:
    return Incursion(
        **_stay(id_, judged, track),
        operation=judged.passage.inside,
        zones=judged.around,
        evidence=judged.verdict.evidence,
    )


def _stay(id_: str, judged: Judged, track: Track) -> dict[str, Any]:
    """Give what violations and incursions have in common, by field."""
    passage, verdict = judged.passage, judged.verdict
    depth_m, deepest = passage.deepest(track)
    return {
        "id": id_,
        "flight": passage.flight,
        "party": judged.flight.party,
        "entry": passage.entry,
        "exit": None if passage.is_open else passage.exit,
        "censored": passage.is_open,
        "duration_s": judged.duration_s,
        "depth_m": depth_m,
        "deepest": deepest,
        "entry_position": passage.where,
        "entry_altitude_m": passage.altitude_m,
        "cause": verdict.cause,
        "detail": verdict.detail,
        "notice": verdict.notice,
    }


def _entry(passage: Passage, flight: PlannedFlight) -> FlightEntry:
    return FlightEntry(
        who=flight.id,
        party=flight.party,
        unit=flight.unit,
        inside=passage.inside,
        at=passage.entry,
        where=passage.where,
        altitude_m=passage.altitude_m,
    )
