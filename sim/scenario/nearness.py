"""Whether zones surely have something of another party near them, told without the geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.space import SPHERE_ERROR, sphere_m
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario import parts, schema

REMOTE_M = 500_000.0  # no flight of a scenario of one region is as far from its zones


def is_surely_near(scenario: schema.Scenario) -> bool:
    """Tell whether each zone has a place of another party nearer than 500 km, beyond doubt.

    It looks at the positions as written, not at what lies between them, so that
    False means only that the plan's geometry has to be asked. It is for commands
    that do without the geometry wherever they can.
    """
    return all(
        any(
            sphere_m(there, place) * SPHERE_ERROR < REMOTE_M
            for party, there in _places(scenario)
            if party != owner
        )
        for owner, place in _zone_places(scenario)
    )


def _zone_places(scenario: schema.Scenario) -> Iterator[tuple[str, Position]]:
    """Give the party of each zone, and a place within it or on its border."""
    for zone in scenario.zones.values():
        covered = scenario.operations.get(zone.covers or "")
        own = zone.area is not None and not zone.area.coarsens
        area = zone.area if own or covered is None else covered.area
        party = zone.party if covered is None else covered.party
        assert area is not None, "the reader refuses a zone without an area"
        assert party is not None, "the reader refuses a zone of nobody"
        yield party, next(iter(_corners(area)))


def _places(scenario: schema.Scenario) -> Iterator[tuple[str, Position]]:
    """Give the places of all that flies, operates or stands somewhere, and whose it is."""
    for id_, flight in scenario.flights.items():
        yield from ((flight.party, point.at) for point in flight.route)
        if (track := scenario.sides.tracks.get(id_)) is not None:
            yield flight.party, Position(float(track.lon[0]), float(track.lat[0]))
    for operation in scenario.operations.values():
        yield from ((operation.party, place) for place in _corners(operation.area))
    for site in scenario.sites.values():
        places = _corners(site.area) if site.at is None else (site.at,)
        yield from ((site.party, place) for place in places)
    for stream in scenario.traffic.values():
        for end in (stream.from_, stream.to):
            places = _corners(end) if end.at is None else (end.at,)
            yield from ((stream.party, place) for place in places)


def _corners(area: parts.Area | None) -> Iterable[Position]:
    """Give places within an area or on its border."""
    assert area is not None, "the reader refuses what is nowhere"
    if area.circle is not None:
        return (area.circle.center,)
    if area.polygon is not None:
        return area.polygon.points
    assert area.corridor is not None, "the reader refuses an area without a shape"
    return area.corridor.route
