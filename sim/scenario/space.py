"""Faults in space: areas that are no footprint, and routes whose way cannot be told."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.errors import GeometryError
from sim.scenario.tree import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario import parts, schema
    from sim.scenario.flights import Waypoint
    from sim.scenario.tree import Path
    from sim.units import Position

_SLIVER = 1000  # of so many places drawn about an area one lies within, or it takes too long
_ORDINARY_RADII_M = (1.0, 1e6)  # a circle between them is a footprint, whatever its centre
_SPHERE_M = 6_371_008.8  # mean radius of WGS84
SPHERE_ERROR = 1.006  # over that sphere no distance is off by more than 0.56 %
_SURELY_SHORT_M = 19_700_000.0  # over the sphere; then less than what a track refuses
_STILL_M = 1e-3  # a way so short is none but for rounding


def area_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of areas of which no footprint can be made."""
    for id_, operation in scenario.operations.items():
        if error := _refusal(operation.area):
            yield _at_area(("operations", id_, "area"), operation.area, error)
    for id_, zone in scenario.zones.items():
        if zone.area is not None and (error := _zone_refusal(scenario, zone, zone.area)):
            yield _at_area(("zones", id_, "area"), zone.area, error)
    for id_, site in scenario.sites.items():
        if site.area is not None and (error := _refusal(site.area)):
            yield _at_area(("sites", id_, "area"), site.area, error)
    for id_, stream in scenario.traffic.items():
        yield from _end_complaints(("traffic", id_), stream)


def _end_complaints(here: Path, stream: schema.Traffic) -> Iterator[Complaint]:
    """Complain of ends of a stream between or in which no movement can be drawn."""
    if stream.from_ == stream.to and stream.to.at is not None:
        yield Complaint((*here, "to"), "this is where it comes from: expected another place")
    for key, end in (("from", stream.from_), ("to", stream.to)):
        if end.at is not None:
            continue
        if error := _refusal(end):
            yield _at_area((*here, key), end, error)
        elif _is_sliver(end):
            yield Complaint(
                (*here, key),
                "places are drawn from a circle around this area until one lies within, "
                f"and it is less than 1/{_SLIVER} of that circle",
                "make it broader or shorter",
            )


def _is_sliver(area: parts.Area) -> bool:
    if area.circle is not None:
        return False
    from sim.geometry.footprint import Circle  # noqa: PLC0415 - as below
    from sim.scenario.areas import footprint  # noqa: PLC0415

    within = footprint(area)
    return _SLIVER * within.area_km2 < Circle(within.cap.centre, within.cap.radius_m).area_km2


def _zone_refusal(
    scenario: schema.Scenario, zone: schema.Zone, area: schema.ZoneArea
) -> GeometryError | None:
    if not area.coarsens:
        return _refusal(area)
    covered = scenario.operations.get(zone.covers or "")
    if covered is None or _refusal(covered.area):
        return None  # complained of already
    error = _refusal(covered.area, area)
    if error is not None and area.buffer is not None:
        return GeometryError(
            "the operation's area grown by this buffer is not smaller than a hemisphere"
        )
    return error


def _refusal(area: parts.Area, coarsened: schema.ZoneArea | None = None) -> GeometryError | None:
    """Give what speaks against an area, or against what coarsens it; None for a footprint."""
    least, most = _ORDINARY_RADII_M
    grown = 0.0 if coarsened is None else coarsened.buffer or coarsened.bounding_circle or 0.0
    on_grid = coarsened is not None and coarsened.grid is not None
    is_round = area.circle is not None and least <= area.circle.radius <= most
    if is_round and grown <= most and not on_grid:
        return None
    # Imported here, as the geometry takes longer to import than most scenarios to check.
    from sim.scenario.areas import coarser, footprint  # noqa: PLC0415

    try:
        whole = footprint(area)
        if coarsened is not None:
            coarser(coarsened, whole)
    except GeometryError as error:
        return error
    return None


def _at_area(path: Path, area: parts.Area, error: GeometryError) -> Complaint:
    key = next(name for name in type(area).model_fields if getattr(area, name) is not None)
    return Complaint((*path, key, *error.at), error.message, error.hint)


def route_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of legs whose way is ambiguous, and of flights that take no time at all."""
    for id_, flight in scenario.flights.items():
        here: Path = ("flights", id_, "route")
        legs = [sphere_m(one.at, other.at) for one, other in pairwise(flight.route)]
        if (
            flight.route
            and sum(legs) < _STILL_M
            and all(point.time is None for point in flight.route)
        ):
            yield Complaint(
                here,
                "all waypoints are one place, so the flight takes no time and is never anywhere",
                "say how long it stays by times, such as {at: 36N 36E, time: 1 h}",
            )
        for place, metres in enumerate(legs, start=1):
            if metres > _SURELY_SHORT_M and _is_ambiguous(*flight.route[place - 1 : place + 1]):
                yield Complaint(
                    (*here, place),
                    "this is the other side of the Earth from the waypoint before, "
                    "so the way here is ambiguous",
                    "give a waypoint between",
                )


def sphere_m(one: Position, other: Position) -> float:
    """Give the distance over a sphere by the haversine formula, exact for small ones too."""
    south, north = math.radians(one.lat), math.radians(other.lat)
    across = math.sin(math.radians(other.lon - one.lon) / 2.0) ** 2
    along = math.sin((north - south) / 2.0) ** 2
    share = along + math.cos(south) * math.cos(north) * across
    return 2.0 * _SPHERE_M * math.asin(math.sqrt(min(1.0, share)))


def _is_ambiguous(one: Waypoint, other: Waypoint) -> bool:
    """Tell whether a track would refuse the leg between two waypoints."""
    # Imported here, as in _refusal.
    from sim.geometry.earth import LONGEST_M, distance_m  # noqa: PLC0415

    return distance_m(one.at, other.at) > LONGEST_M
