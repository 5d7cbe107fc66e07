"""Zones that nothing of another party comes anywhere near: the sign of swapped coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.geometry.earth import Geodesics, distance_m
from sim.scenario.nearness import REMOTE_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.footprint import Footprint
    from sim.scenario.planned import Plan, PlannedStream
    from sim.units import Position


@dataclass(frozen=True, slots=True)
class RemoteZone:
    """A zone, and what of another party comes nearest to it, which is not near."""

    zone: str
    kind: str
    nearest: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class _Nearest:
    """How near something comes to a place."""

    party: str
    kind: str
    id: str
    distance_m: float


def find_remote_zones(plan: Plan) -> tuple[RemoteZone, ...]:
    """Find the zones to whose border nothing of another party comes nearer than 500 km.

    Flights and streams count along their whole way, operations and sites where
    they are, at whatever time and altitude, and whether or not the zone exempts
    them: what is near shows that the zone lies where it was meant to. Zones of files
    are not looked at: who takes those of a country flies near few of them. Of areas
    the caps that hold them count, so that no zone is called remote that is not.
    Where no other party has anything at all, no zone is remote.
    """
    found = []
    for zone in plan.zones.values():
        if zone.id not in plan.scenario.zones:
            continue
        cap = zone.volume.footprint.cap
        others = [one for one in _around(plan, cap.centre) if one.party != zone.party]
        if not others:
            continue
        nearest = min(others, key=lambda one: one.distance_m)
        apart = nearest.distance_m - cap.radius_m
        if apart > REMOTE_M:
            found.append(RemoteZone(zone.id, nearest.kind, nearest.id, apart))
    return tuple(found)


def _around(plan: Plan, place: Position) -> Iterator[_Nearest]:
    """Tell of everything that a plan has how near to a place it comes."""
    for flight in plan.flights.values():
        metres = float(flight.track.legs.nearest(*place)[1].min())
        yield _Nearest(flight.party, "flight", flight.id, metres)
    for stream in plan.streams.values():
        yield _Nearest(stream.party, "stream", stream.id, _stream_m(stream, place))
    for operation in plan.operations.values():
        metres = _area_m(operation.volume.footprint, place)
        yield _Nearest(operation.party, "operation", operation.id, metres)
    for site in plan.sites.values():
        there = site.place or site.footprint
        assert there is not None, "a site is a place or a footprint"
        yield _Nearest(site.party, "site", site.id, _area_m(there, place))


def _area_m(area: Position | Footprint, place: Position) -> float:
    centre, radius = _centre_and_radius(area)
    return max(0.0, distance_m(centre, place) - radius)


def _stream_m(stream: PlannedStream, place: Position) -> float:
    """Give how near the ways between two ends come; none leaves the middle one by a radius."""
    ends = [_centre_and_radius(end) for end in (stream.origin, stream.destination)]
    (lon0, lat0), (lon1, lat1) = (np.array(centre)[:, None] for centre, _ in ends)
    nearest = Geodesics(lon0, lat0, lon1, lat1).nearest(*place)[1]
    return max(0.0, float(nearest.min()) - max(radius for _, radius in ends))


def _centre_and_radius(area: Position | Footprint) -> tuple[Position, float]:
    if isinstance(area, tuple):
        return area, 0.0
    return area.cap.centre, area.cap.radius_m
