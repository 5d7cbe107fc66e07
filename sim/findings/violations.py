"""Violations and incursions: who really entered what, when, how deep, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.findings.causes import Judge
from sim.findings.entries import FlightEntry
from sim.findings.fleet import fleet
from sim.findings.versions import declared
from sim.geometry.crossing import find_crossings, penetration
from sim.model.journal import FlightArrived, FlightFlown, Journal, OperationBegan
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.findings.causes import Verdict
    from sim.findings.evidence import Evidence
    from sim.findings.versions import Versions
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.scenario.plan import Plan, PlannedFlight

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
    """A flight's stay inside something, and where it began."""

    flight: str
    inside: str
    version: int
    entry: float
    exit: float
    is_open: bool
    depth_m: float
    deepest: float
    where: Position
    altitude_m: float

    @property
    def order(self) -> tuple[float, str, str]:
        """By time, then by names."""
        return (self.entry, self.flight, self.inside)


@dataclass(frozen=True, slots=True)
class Space:
    """A volume that somebody ought not to be in: a version of a zone, or an operation."""

    id: str
    version: int
    volume: Volume


def find_violations(
    plan: Plan, journal: Journal
) -> tuple[tuple[Violation, ...], tuple[Incursion, ...]]:
    """Find all violations and incursions of a run, by entry, with their causes.

    Both are found from the flown tracks by continuous crossing, so an entry is
    a solved instant; a zone that grows around a flight is entered when the
    version is issued.
    """
    judge = Judge(plan, journal)
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
    incursions = tuple(
        _incursion(plan, judge, zones, f"incursion-{n}", passage, flights[passage.flight])
        for n, passage in enumerate(in_operations, start=1)
    )
    violations = tuple(
        _violation(plan, judge, incursions, f"violation-{n}", passage, flights[passage.flight])
        for n, passage in enumerate(in_zones, start=1)
    )
    return violations, incursions


def passages(
    plan: Plan, journal: Journal, spaces: Sequence[Space], matters: Callable[[str, str], bool]
) -> list[Passage]:
    """Find the stays of all flights in all spaces that matter to them, in order."""
    flown = {record.flight: record.track for record in journal.of(FlightFlown)}
    landed = {record.flight for record in journal.of(FlightArrived)}
    names = list(flown)
    found: defaultdict[tuple[str, str], list[Passage]] = defaultdict(list)
    crossings = find_crossings(list(flown.values()), [s.volume for s in spaces], plan.vertical)
    for crossing in crossings:
        flight, space = names[crossing.track], spaces[crossing.volume]
        if not matters(flight, space.id) or crossing.exit - crossing.entry < _INSTANT_S:
            continue
        track = flown[flight]
        depth, deepest = penetration(track, space.volume, crossing.entry, crossing.exit)
        found[flight, space.id].append(
            Passage(
                flight=flight,
                inside=space.id,
                version=space.version,
                entry=crossing.entry,
                exit=crossing.exit,
                is_open=_is_open(track, crossing.exit, space.volume, flight in landed),
                depth_m=depth,
                deepest=deepest,
                where=Position(crossing.entry_lon, crossing.entry_lat),
                altitude_m=crossing.entry_altitude_m,
            )
        )
    merged = [passage for stays in found.values() for passage in _merge(stays)]
    return sorted(merged, key=lambda passage: passage.order)


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
        deeper = max(last, stay, key=lambda passage: passage.depth_m)
        merged[-1] = replace(
            last,
            exit=stay.exit,
            is_open=stay.is_open,
            depth_m=deeper.depth_m,
            deepest=deeper.deepest,
        )
    return merged


def _violation(
    plan: Plan,
    judge: Judge,
    incursions: Sequence[Incursion],
    id_: str,
    passage: Passage,
    flight: PlannedFlight,
) -> Violation:
    verdict = judge.verdict(_entry(passage, flight), passage.inside)
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
        **_stay(id_, passage, flight, verdict),
        zone=passage.inside,
        version=passage.version,
        incursions=within,
        evidence=verdict.evidence,
    )


def _incursion(
    plan: Plan,
    judge: Judge,
    zones: dict[str, Versions],
    id_: str,
    passage: Passage,
    flight: PlannedFlight,
) -> Incursion:
    entry = _entry(passage, flight)
    around = judge.around(entry, zones)
    binding = [z for z in around if plan.binds(plan.zones[z], flight)]
    verdict = judge.best_told(entry, binding or around)
    return Incursion(
        **_stay(id_, passage, flight, verdict),
        operation=passage.inside,
        zones=around,
        evidence=verdict.evidence,
    )


def _stay(id_: str, passage: Passage, flight: PlannedFlight, verdict: Verdict) -> dict[str, Any]:
    """Give what violations and incursions have in common, by field."""
    return {
        "id": id_,
        "flight": passage.flight,
        "party": flight.party,
        "entry": passage.entry,
        "exit": None if passage.is_open else passage.exit,
        "censored": passage.is_open,
        "duration_s": passage.exit - passage.entry,
        "depth_m": passage.depth_m,
        "deepest": passage.deepest,
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
