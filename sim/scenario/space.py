"""Faults in space: areas that are no footprint, and altitudes that cannot be or be compared."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import GeometryError
from sim.geometry.altitude import Limit, Reference, Vertical
from sim.scenario.tree import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario import schema
    from sim.scenario.tree import Path
    from sim.units import Position

_SETTINGS = {
    Reference.AGL: ("terrain", "400 m"),
    Reference.FL: ("qnh", "standard"),
    Reference.W84: ("geoid", "20 m"),
}
_ORDINARY_RADII_M = (1.0, 1e6)  # a circle between them is a footprint, whatever its centre
_SPHERE_M = 6_371_008.8  # mean radius of WGS84; over it no distance is off by more than 0.56 %
_SURELY_SHORT_M = 19_700_000.0  # over the sphere; then less than what a track refuses
_STILL_M = 1e-3  # a way so short is none but for rounding


def area_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of areas of which no footprint can be made."""
    for id_, operation in scenario.operations.items():
        if error := _refusal(operation.area):
            yield _at_area(("operations", id_, "area"), operation.area, error)
    for id_, zone in scenario.zones.items():
        if zone.area is None:
            continue
        if zone.area.buffer is None:
            error = _refusal(zone.area)
        else:
            covered = scenario.operations.get(zone.covers or "")
            if covered is None or _refusal(covered.area):
                continue  # complained of already
            error = _refusal(covered.area, zone.area.buffer) and GeometryError(
                "the operation's area grown by this buffer is not smaller than a hemisphere"
            )
        if error:
            yield _at_area(("zones", id_, "area"), zone.area, error)


def _refusal(area: schema.Area, buffer: float = 0.0) -> GeometryError | None:
    """Give what speaks against an area, grown by a buffer; None where it is a footprint."""
    least, most = _ORDINARY_RADII_M
    if area.circle is not None and least <= area.circle.radius <= most and buffer <= most:
        return None
    # Imported here, as the geometry takes longer to import than most scenarios to check.
    from sim.scenario.areas import footprint  # noqa: PLC0415

    try:
        footprint(area).buffer(buffer)
    except GeometryError as error:
        return error
    return None


def _at_area(path: Path, area: schema.Area, error: GeometryError) -> Complaint:
    key = next(name for name in type(area).model_fields if getattr(area, name) is not None)
    return Complaint((*path, key, *error.at), error.message, error.hint)


def route_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of legs whose way is ambiguous, and of flights that take no time at all."""
    for id_, flight in scenario.flights.items():
        here: Path = ("flights", id_, "route")
        legs = [_sphere_m(one.at, other.at) for one, other in pairwise(flight.route)]
        if sum(legs) < _STILL_M and all(point.time is None for point in flight.route):
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


def _sphere_m(one: Position, other: Position) -> float:
    """Give the distance over a sphere by the haversine formula, exact for small ones too."""
    south, north = math.radians(one.lat), math.radians(other.lat)
    across = math.sin(math.radians(other.lon - one.lon) / 2.0) ** 2
    along = math.sin((north - south) / 2.0) ** 2
    share = along + math.cos(south) * math.cos(north) * across
    return 2.0 * _SPHERE_M * math.asin(math.sqrt(min(1.0, share)))


def _is_ambiguous(one: schema.Waypoint, other: schema.Waypoint) -> bool:
    """Tell whether a track would refuse the leg between two waypoints."""
    # Imported here, as in _refusal.
    from sim.geometry.earth import LONGEST_M, distance_m  # noqa: PLC0415

    return distance_m(one.at, other.at) > LONGEST_M


class _Bound(NamedTuple):
    """A limit that bounds something, where it stands, and the axis on which it is compared."""

    path: Path
    limit: Limit
    axis: Reference

    @property
    def is_settled(self) -> bool:
        """Whether the zone's own settings have brought it to another axis."""
        return self.axis is not _axis(self.limit)


class _Altitudes(NamedTuple):
    """The limits that bound one thing in altitude, and whose it is."""

    party: str
    bounds: tuple[_Bound, ...]
    operation: str | None = None  # that it is, or covers

    @property
    def axes(self) -> frozenset[Reference]:
        """The axes on which the limits lie."""
        return frozenset(bound.axis for bound in self.bounds)


def altitude_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of bands upside down, of missing altitudes, and of limits beyond comparison."""
    settings = _vertical(scenario.vertical)
    for id_, operation in scenario.operations.items():
        yield from _band(("operations", id_, "altitude"), operation.altitude, settings)
    for id_, zone in scenario.zones.items():
        if zone.altitude is not None:
            own = _zone_settings(zone, scenario)
            yield from _band(("zones", id_, "altitude"), zone.altitude, own)
            yield from _unsettled(("zones", id_), zone, own)
    for id_, flight in scenario.flights.items():
        yield from _levels(("flights", id_), flight)
    yield from _incomparable([*_all_altitudes(scenario)], settings)


def _vertical(spec: schema.Vertical) -> Vertical:
    return Vertical(terrain_m=spec.terrain, geoid_m=spec.geoid, qnh_hpa=spec.qnh)


def _zone_settings(zone: schema.Zone, scenario: schema.Scenario) -> Vertical:
    """Give the settings of a zone: its own, and for the rest the scenario's."""
    if zone.vertical is None:
        return _vertical(scenario.vertical)
    own = zone.vertical.model_dump(exclude_none=True)
    return _vertical(scenario.vertical.model_copy(update=own))


def _band(path: Path, band: tuple[Limit, Limit], settings: Vertical) -> Iterator[Complaint]:
    """Complain of a band whose lower limit is not below its upper one."""
    lower, upper = band
    if lower.reference is Reference.UNL:
        yield Complaint((*path, 0), "UNL is no lower limit: expected such as SFC or FL180")
        return
    if _axis(lower) is _axis(upper):
        upside_down = lower.metres >= upper.metres
    else:
        if Reference.SFC is lower.reference or Reference.UNL is upper.reference:
            return
        offsets = settings.offset_m(lower.reference), settings.offset_m(upper.reference)
        if offsets[0] is None or offsets[1] is None:
            return  # complained of with all that cannot be compared
        upside_down = lower.metres + offsets[0] >= upper.metres + offsets[1]
    if upside_down:
        yield Complaint(path, f"the lower limit {lower} is not below the upper one, {upper}")


def _levels(here: Path, flight: schema.Flight) -> Iterator[Complaint]:
    """Complain of a flight whose altitude is unknown somewhere, or without a limit."""
    if flight.altitude is None and any(point.altitude is None for point in flight.route):
        yield Complaint(here, "altitude is missing: expected such as FL180, or one a waypoint")
    for path, limit in _flight_limits(here, flight):
        if limit.reference is Reference.UNL:
            yield Complaint(path, "a flight cannot be at UNL: expected such as FL180")


def _flight_limits(here: Path, flight: schema.Flight) -> Iterator[tuple[Path, Limit]]:
    if flight.altitude is not None:
        yield (*here, "altitude"), flight.altitude
    for place, point in enumerate(flight.route):
        if point.altitude is not None:
            yield (*here, "route", place, "altitude"), point.altitude


def _unsettled(here: Path, zone: schema.Zone, own: Vertical) -> Iterator[Complaint]:
    """Complain of limits that a zone's own settings do not settle."""
    if zone.vertical is None or zone.altitude is None:
        return
    for path, limit, axis in _bounds((*here, "altitude"), zone.altitude):
        if own.offset_m(axis) is None:
            setting, example = _SETTINGS[axis]
            yield Complaint(
                path,
                f"{limit} cannot be given above mean sea level, as the zone's own vertical asks, "
                f"without {setting}",
                f"set {'.'.join(map(str, here))}.vertical.{setting}, such as {example}",
            )


def _all_altitudes(scenario: schema.Scenario) -> Iterator[_Altitudes]:
    for id_, operation in scenario.operations.items():
        bounds = _bounds(("operations", id_, "altitude"), operation.altitude)
        yield _Altitudes(operation.party, bounds, id_)
    for id_, zone in scenario.zones.items():
        covered = scenario.operations.get(zone.covers or "")
        party = covered.party if covered else zone.party
        if zone.altitude is not None and party is not None:
            bounds = _bounds(("zones", id_, "altitude"), zone.altitude)
            if zone.vertical is not None:
                bounds = tuple(bound._replace(axis=Reference.MSL) for bound in bounds)
            yield _Altitudes(party, bounds, zone.covers)
    for id_, flight in scenario.flights.items():
        yield _Altitudes(flight.party, _finite(_flight_limits(("flights", id_), flight)))


def _bounds(path: Path, band: tuple[Limit, Limit]) -> tuple[_Bound, ...]:
    """Give the limits of a band that bound it: SFC below and UNL above do not."""
    lower, upper = band
    below = [] if lower.reference is Reference.SFC else [((*path, 0), lower)]
    return _finite((*below, ((*path, 1), upper)))


def _finite(limits: Iterable[tuple[Path, Limit]]) -> tuple[_Bound, ...]:
    return tuple(
        _Bound(path, limit, _axis(limit))
        for path, limit in limits
        if limit.reference is not Reference.UNL
    )


def _axis(limit: Limit) -> Reference:
    """Give the reference on whose axis a limit lies: the surface is 0 m above ground level."""
    return Reference.AGL if limit.reference is Reference.SFC else limit.reference


def _incomparable(things: list[_Altitudes], settings: Vertical) -> Iterator[Complaint]:
    """Complain of the first two limits that need a setting which is absent; once a setting."""
    complained: set[str] = set()
    for one, other in _compared(things):
        bounds = one.bounds if other is one else one.bounds + other.bounds
        for bound in bounds:
            against = next((rest for rest in bounds if rest.axis is not bound.axis), None)
            if against is None or settings.offset_m(bound.axis) is not None:
                continue
            setting, _ = _SETTINGS[bound.axis]
            if setting not in complained:
                complained.add(setting)
                yield _beyond(bound, against)


def _compared(things: list[_Altitudes]) -> Iterator[tuple[_Altitudes, _Altitudes]]:
    """Give what a run compares: a thing's own limits, a zone and its operation, two parties.

    Of things with limits on the same axes, two parties' are enough: whatever else can be
    compared with some of them can be with these.
    """
    alike: dict[frozenset[Reference], dict[str, _Altitudes]] = {}
    planned: dict[str, _Altitudes] = {}
    for thing in things:
        parties = alike.setdefault(thing.axes, {})
        if len(parties) < 2:  # noqa: PLR2004 - as said above
            parties.setdefault(thing.party, thing)
        if thing.operation is not None:
            yield planned.setdefault(thing.operation, thing), thing
    kept = [thing for parties in alike.values() for thing in parties.values()]
    yield from ((one, one) for one in kept)
    yield from ((one, other) for one, other in combinations(kept, 2) if one.party != other.party)


def _beyond(bound: _Bound, against: _Bound) -> Complaint:
    setting, example = _SETTINGS[bound.axis]
    there = ".".join(map(str, against.path))
    settled = (
        ", which the zone's own vertical puts above mean sea level," if against.is_settled else ""
    )
    otherwise = "" if against.is_settled else ", or use one reference"
    return Complaint(
        bound.path,
        f"{bound.limit} cannot be compared with {against.limit} ({there}){settled} "
        f"without vertical.{setting}",
        f"set vertical.{setting}, such as {example}{otherwise}",
    )
