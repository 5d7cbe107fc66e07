"""Overlaps: where planned volumes and planned tracks of different parties meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from sim.findings import presence
from sim.geometry.altitude import Reference, shared_reference
from sim.geometry.crossing import find_crossings
from sim.geometry.overlap import find_overlaps

if TYPE_CHECKING:
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan, PlannedOperation, PlannedZone


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two plans of different parties that meet in space, altitude and time.

    ``first`` and ``second`` are ids, in the order that ``kind`` names them.
    Times are seconds since the scenario's start; altitudes are metres above the
    ``reference`` that both share, None where unbounded. An overlap of a flight
    has no area: its altitudes are those flown within. That of a site is at the
    surface, and has no area where the site is a place. ``exempt`` tells whether
    the zone leaves the flight out. The movements of traffic are drawn anew in
    every run and have no plans to overlap.
    """

    first: str
    second: str
    parties: tuple[str, str]
    kind: str
    start: float
    end: float
    lower_m: float | None
    upper_m: float | None
    reference: str
    area_km2: float | None
    exempt: bool


@lru_cache(maxsize=8)  # all the runs of a plan have the same
def plan_overlaps(plan: Plan) -> tuple[Overlap, ...]:
    """Find all overlaps of a plan within its horizon, by start, then kind, then ids.

    Raises
    ------
    VerticalError
        If two altitudes meet whose references the scenario cannot compare.
    """
    found = _of_volumes(plan) + _of_flights(plan) + _of_sites(plan)
    return tuple(sorted(found, key=lambda o: (o.start, o.kind, o.first, o.second)))


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation or a zone with its volume, as far as it lies within the horizon."""

    kind: str
    id: str
    party: str
    volume: Volume


def planned(plan: Plan) -> list[Planned]:
    """Give the operations and zones of a plan, as far as they lie within the horizon."""
    both: list[tuple[str, PlannedOperation | PlannedZone]] = [
        *(("operation", operation) for operation in plan.operations.values()),
        *(("zone", zone) for zone in plan.zones.values()),
    ]
    found = []
    for kind, item in both:
        begins, ends = item.volume.window
        window = max(0.0, begins), min(plan.horizon, ends)
        if window[0] < window[1]:
            volume = replace(item.volume, window=window)
            found.append(Planned(kind, item.id, item.party, volume))
    return found


def _of_volumes(plan: Plan) -> list[Overlap]:
    items = planned(plan)
    parties = {party: number for number, party in enumerate(plan.scenario.parties)}
    found = find_overlaps(
        [item.volume for item in items],
        groups=[parties[item.party] for item in items],
        vertical=plan.vertical,
        area=True,
    )
    overlaps = []
    for meeting in found:
        first, second = items[meeting.first], items[meeting.second]
        overlaps.append(
            Overlap(
                first=first.id,
                second=second.id,
                parties=(first.party, second.party),
                kind=f"{first.kind}-{second.kind}",
                start=meeting.start,
                end=meeting.end,
                lower_m=_bounded(meeting.lower_m),
                upper_m=_bounded(meeting.upper_m),
                reference=str(shared_reference(first.volume.band, second.volume.band)),
                area_km2=meeting.area_km2,
                exempt=False,
            )
        )
    return overlaps


def _of_flights(plan: Plan) -> list[Overlap]:
    flights = list(plan.flights.values())
    items = planned(plan)
    tracks = [flight.track for flight in flights]
    overlaps = []
    for passage in find_crossings(tracks, [item.volume for item in items], plan.vertical):
        flight, item = flights[passage.track], items[passage.volume]
        if flight.party == item.party:
            continue
        lower, upper = _altitudes(flight.track, passage.entry, passage.exit)
        overlaps.append(
            Overlap(
                first=flight.id,
                second=item.id,
                parties=(flight.party, item.party),
                kind=f"flight-{item.kind}",
                start=passage.entry,
                end=passage.exit,
                lower_m=lower,
                upper_m=upper,
                reference=str(flight.track.reference),
                area_km2=None,
                exempt=item.kind == "zone" and flight.id in plan.zones[item.id].exempt,
            )
        )
    return overlaps


def _of_sites(plan: Plan) -> list[Overlap]:
    """Find where operations as planned reach the surface over the people of others."""
    return [
        Overlap(
            first=site.id,
            second=operation.id,
            parties=(site.party, operation.party),
            kind="site-operation",
            start=met.start,
            end=met.end,
            lower_m=0.0,
            upper_m=0.0,
            reference=str(Reference.AGL),
            area_km2=met.area_km2,
            exempt=False,
        )
        for site in plan.sites.values()
        for operation in plan.operations.values()
        if site.party != operation.party
        and (met := presence.meeting(site, operation.volume, plan.vertical, plan.horizon))
    ]


def _altitudes(track: Track, entry: float, exit_: float) -> tuple[float, float]:
    flown = track.cut(entry, exit_).altitude_m
    return float(flown.min()), float(flown.max())


def _bounded(metres: float) -> float | None:
    return metres if isfinite(metres) else None
