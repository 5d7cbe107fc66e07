"""Faults in altitude: bands upside down, altitudes missing, and limits beyond comparison."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from sim.geometry.altitude import Limit, Reference, Vertical
from sim.scenario.bulk import FROM
from sim.scenario.tree import Complaint
from sim.units import altitude

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario import parts, people, schema
    from sim.scenario.flights import Flight
    from sim.scenario.tree import Path

_SETTINGS = {
    Reference.AGL: ("terrain", "400 m"),
    Reference.FL: ("qnh", "standard"),
    Reference.W84: ("geoid", "20 m"),
}


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
    for id_, party in scenario.parties.items():
        yield from _reaches(("parties", id_), party, settings)
    for id_, stream in scenario.traffic.items():
        for path, limit in _stream_limits(("traffic", id_), stream):
            yield from _aloft(path, limit)
    yield from _surfaces(scenario, settings)
    yield from _incomparable([*_all_altitudes(scenario)], settings)


def _vertical(spec: parts.Vertical) -> Vertical:
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
        turned = "" if upper.reference is Reference.UNL else f"write [{upper}, UNL]"
        yield Complaint((*path, 0), "UNL is no lower limit: expected such as SFC or FL180", turned)
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
        message = f"the lower limit {lower} is not below the upper one, {upper}"
        yield Complaint(path, message, _turned(path, lower, upper))


def _turned(path: Path, lower: Limit, upper: Limit) -> str:
    """Suggest the limits the other way round, unless they are the same."""
    if lower == upper:
        return "let the upper one be higher"
    if path[-1] != "altitude":
        return "exchange floor and ceiling"
    exact = all(altitude(str(limit)) == (limit.reference, limit.metres) for limit in (lower, upper))
    return f"write [{upper}, {lower}]" if exact else "exchange the two"


def _levels(here: Path, flight: Flight) -> Iterator[Complaint]:
    """Complain of a flight whose altitude is unknown somewhere, or without a limit."""
    if (
        flight.track is None
        and flight.altitude is None
        and any(point.altitude is None for point in flight.route)
    ):
        yield Complaint(here, "altitude is missing: expected such as FL180, or one a waypoint")
    for path, limit in _flight_limits(here, flight):
        yield from _aloft(path, limit)


def _aloft(path: Path, limit: Limit) -> Iterator[Complaint]:
    if limit.reference is Reference.UNL:
        yield Complaint(path, "a flight cannot be at UNL: expected such as FL180")


def _stream_limits(here: Path, stream: schema.Traffic) -> Iterator[tuple[Path, Limit]]:
    for place, limit in enumerate(stream.altitude):
        yield (*here, "altitude", place), limit


def _surfaces(scenario: schema.Scenario, settings: Vertical) -> Iterator[Complaint]:
    """Complain of the first lower limit that cannot be told from the ground at a site."""
    for path, limit, party in _lower_limits(scenario):
        if limit.reference in {Reference.SFC, Reference.AGL, Reference.UNL}:
            continue  # known to reach it or not, or complained of already
        site = next((id_ for id_, s in scenario.sites.items() if s.party != party), None)
        lacking = {
            _SETTINGS[one][0]
            for one in (Reference.AGL, limit.reference)
            if settings.offset_m(one) is None
        }
        if site is not None and lacking:
            setting = " and vertical.".join(sorted(lacking, reverse=True))
            yield Complaint(
                path,
                f"whether {limit} reaches the surface at the site {site} cannot be told "
                f"without vertical.{setting}",
                f"set vertical.{setting}, or use SFC or a limit above ground level",
            )
            return


def _lower_limits(scenario: schema.Scenario) -> Iterator[tuple[Path, Limit, str]]:
    """Give the lower limits of operations and of zones that cover them, and whose they are."""
    for id_, operation in scenario.operations.items():
        yield ("operations", id_, "altitude", 0), operation.altitude[0], operation.party
    for id_, zone in scenario.zones.items():
        covered = scenario.operations.get(zone.covers or "")
        if covered is not None and zone.altitude is not None:
            limit = zone.altitude[0]
            bare = limit.reference is Reference.SFC or zone.vertical is None
            path = ("zones", id_, "altitude", 0)
            settled = Limit(Reference.MSL, 0.0)  # whatever it is, it lies on that axis
            yield path, limit if bare else settled, covered.party


def _reaches(here: Path, party: people.Party, settings: Vertical) -> Iterator[Complaint]:
    """Complain of a floor of level changes that is not below their ceiling."""
    responses = [(here, party.response)]
    responses += [((*here, "units", id_), party.response_of(id_)) for id_ in party.units]
    for path, response in responses:
        floor, ceiling = response.floor, response.ceiling
        if floor is not None and floor.reference is Reference.UNL:
            yield Complaint((*path, "response", "floor"), "UNL is no floor: expected such as FL100")
        elif floor is not None and ceiling is not None:
            yield from _band((*path, "response"), (floor, ceiling), settings)


def _reach(scenario: schema.Scenario, party: str, unit: str) -> tuple[_Bound, ...]:
    """Give the limits to the levels that a unit's flights may change to, and where they stand."""
    spec = scenario.parties.get(party)
    if spec is None:
        return ()
    found: list[tuple[Path, Limit]] = []
    for key in ("floor", "ceiling"):
        limit = getattr(spec.response_of(unit), key)
        own = spec.units.get(unit)
        is_own = own is not None and key in own.response.model_fields_set
        path: Path = ("parties", party, *(("units", unit) if is_own else ()), "response", key)
        if limit is not None and (key, limit.reference) != ("floor", Reference.SFC):
            found.append((path, limit))
    return _finite(found)


def _flight_limits(here: Path, flight: Flight) -> Iterator[tuple[Path, Limit]]:
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
    yield from _side_zones(scenario)
    for id_, flight in scenario.flights.items():
        limits = _finite(_flight_limits(("flights", id_), flight))
        if (track := scenario.sides.tracks.get(id_)) is not None:
            lowest = Limit(track.reference, float(track.altitude_m.min()))
            limits += _finite([(("flights", id_, "track"), lowest)])
        limits += _reach(scenario, flight.party, flight.unit or id_)
        yield _Altitudes(flight.party, limits)
    for id_, stream in scenario.traffic.items():
        for one in _stream_limits(("traffic", id_), stream):
            limits = _finite((one,)) + _reach(scenario, stream.party, stream.unit or id_)
            yield _Altitudes(stream.party, limits)  # no movement has two levels


def _side_zones(scenario: schema.Scenario) -> Iterator[_Altitudes]:
    for zone in scenario.sides.zones:
        path: Path = ("zones", FROM, zone.source)
        band = (zone.volume.band.lower, zone.volume.band.upper)
        bounds = (bound._replace(path=path) for bound in _bounds(path, band))
        yield _Altitudes(zone.party, tuple(bounds))


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
