"""From scenario to plan: everything that can be prepared once for all runs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.distributions import Fixed
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.earth import distance_m
from sim.geometry.minima import Minima
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.scenario.areas import coarser, footprint
from sim.scenario.planned import (
    Plan,
    PlannedFlight,
    PlannedNotice,
    PlannedOperation,
    PlannedSite,
    PlannedStream,
    PlannedZone,
)
from sim.scenario.schema import Amendments
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.geometry.footprint import Footprint
    from sim.scenario import parts, schema
    from sim.scenario.flights import Flight
    from sim.scenario.notices import Notice
    from sim.scenario.sidefiles import SideZone

_KEPT = 1024  # tracks of flights
_PUBLISHED = "published"  # the id of the notice of a zone of a file


def prepare(scenario: schema.Scenario) -> Plan:
    """Prepare a scenario for its runs.

    Raises
    ------
    VerticalError
        If a track mixes altitude references and the scenario's ``vertical``
        lacks a setting needed to bring them together.
    """
    start = scenario.start_unix
    vertical = _vertical(scenario.vertical)
    operations = {
        id_: _operation(id_, spec, start) for id_, spec in sorted(scenario.operations.items())
    }
    flights = {
        flight.id: flight
        for id_, spec in sorted(scenario.flights.items())
        for flight in _flights(id_, spec, scenario, vertical)
    }
    sites = {id_: _site(id_, spec, start) for id_, spec in sorted(scenario.sites.items())}
    streams = {
        id_: _stream(id_, spec, start, scenario.end.since(start))
        for id_, spec in sorted(scenario.traffic.items())
    }
    zones = {id_: _zone(id_, scenario, operations, flights) for id_ in scenario.zones}
    zones |= {side.id: _side_zone(side, scenario, flights) for side in scenario.sides.zones}
    zones = {id_: zones[id_] for id_ in sorted(zones)}
    return Plan(
        scenario=scenario,
        horizon=scenario.end.since(start),
        vertical=vertical,
        operations=operations,
        zones=zones,
        flights=flights,
        sites=sites,
        streams=streams,
        units={
            party: tuple(
                sorted(
                    {f.unit for f in flights.values() if f.party == party}
                    | {site.id for site in sites.values() if site.party == party}
                )
            )
            for party in sorted(scenario.parties)
        },
        outages={
            id_: tuple(_window(outage, start) for outage in channel.outages)
            for id_, channel in sorted(scenario.channels.items())
        },
        minima=_minima(scenario.minima),
        unbound=_unbound(zones, flights | {f"{id_}#": one for id_, one in streams.items()}),
    )


def _unbound(
    zones: Mapping[str, PlannedZone], moving: Mapping[str, PlannedFlight | PlannedStream]
) -> dict[str, frozenset[str]]:
    """Give the zones that do not bind each of some flights and streams."""
    own: dict[str, set[str]] = {}
    free: dict[str, set[str]] = {}
    for zone in zones.values():
        own.setdefault(zone.party, set()).add(zone.id)
        for id_ in zone.exempt:
            free.setdefault(id_, set()).add(zone.id)
    of_party = {party: frozenset(ids) for party, ids in own.items()}
    none: frozenset[str] = frozenset()
    return {
        name: of_party.get(one.party, none) | free.get(one.id, none) for name, one in moving.items()
    }


def members(scenario: schema.Scenario, names: Iterable[str]) -> tuple[str, ...]:
    """Resolve groups to their parties, in the order given, each party once."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(scenario.groups.get(name, (name,))))
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def flight_track(spec: Flight, departs: float, speed: float | None, vertical: Vertical) -> Track:
    """Lay a flight's track along its route.

    Equal flights have one track, and so what its way meets is found once.

    Parameters
    ----------
    spec
        The flight as the scenario gives it.
    departs
        Seconds since the scenario's start.
    speed
        Ground speed in m/s where a leg has neither speed nor times of its own.
    vertical
        Brings waypoint altitudes of different references together.
    """
    limits = [point.altitude or spec.altitude for point in spec.route]
    reference, altitudes = _common_altitudes([x for x in limits if x is not None], vertical)
    positions = [point.at for point in spec.route]
    times = [departs]
    for here, there in pairwise(spec.route):
        speed = here.speed if here.speed is not None else speed
        if there.time is not None:
            times.append(departs + there.time)
        else:
            assert speed is not None, "the reader refuses a leg without a speed"
            times.append(times[-1] + distance_m(here.at, there.at) / speed)
    longitudes, latitudes = np.array(positions).T
    return Track(np.array(times), longitudes, latitudes, np.array(altitudes), reference)


def movement(id_: str, party: str, unit: str, track: Track) -> PlannedFlight:
    """Plan one movement of a stream, whose track is drawn; it diverts to where it came from."""
    origin = Position(float(track.lon[0]), float(track.lat[0]))
    return PlannedFlight(id_, party, unit, None, track, origin, Fixed(0.0))


def _common_altitudes(limits: list[Limit], vertical: Vertical) -> tuple[Reference, list[float]]:
    """Give the altitudes on one axis: their own where they share it, else metres MSL."""
    references = {track_reference(limit) for limit in limits}
    if len(references) == 1:
        return references.pop(), [limit.metres for limit in limits]
    return Reference.MSL, [vertical.msl(replace(x, reference=track_reference(x))) for x in limits]


def track_reference(limit: Limit) -> Reference:
    """Give the reference of a track that flies at a limit: the surface is 0 m above ground."""
    return Reference.AGL if limit.reference is Reference.SFC else limit.reference


def _vertical(spec: parts.Vertical | None) -> Vertical:
    if spec is None:
        return Vertical()
    return Vertical(terrain_m=spec.terrain, geoid_m=spec.geoid, qnh_hpa=spec.qnh)


def _minima(spec: schema.Minima | None) -> Minima | None:
    return None if spec is None else Minima(spec.lateral, spec.vertical, spec.time)


def _operation(id_: str, spec: schema.Operation, start: float) -> PlannedOperation:
    return PlannedOperation(
        id=id_,
        party=spec.party,
        volume=Volume(footprint(spec.area), Band(*spec.altitude), _window(spec.window, start)),
        slip=spec.slip,
        overrun=spec.overrun,
        cancel=spec.cancel,
        moved=spec.moved,
    )


def _window(spec: parts.Window | schema.ZoneWindow, start: float) -> tuple[float, float]:
    assert spec.start is not None, "the reader refuses a window without a start"
    begins = spec.start.since(start)
    if spec.end is not None:
        return begins, spec.end.since(start)
    assert spec.duration is not None, "the reader refuses a window without an end"
    return begins, begins + spec.duration


def _site(id_: str, spec: schema.Site, start: float) -> PlannedSite:
    return PlannedSite(
        id=id_,
        party=spec.party,
        place=spec.at,
        footprint=None if spec.area is None else footprint(spec.area),
        window=(-inf, inf) if spec.present is None else _window(spec.present, start),
    )


def _stream(id_: str, spec: schema.Traffic, start: float, horizon: float) -> PlannedStream:
    begins, ends = (0.0, horizon) if spec.window is None else _window(spec.window, start)
    return PlannedStream(
        id=id_,
        party=spec.party,
        unit=spec.unit,
        origin=spec.from_.at or footprint(spec.from_),
        destination=spec.to.at or footprint(spec.to),
        rate=spec.rate,
        pattern=spec.pattern,
        speed=spec.speed,
        levels=spec.altitude,
        window=(begins, min(ends, horizon)),
    )


def _zone(
    id_: str,
    scenario: schema.Scenario,
    operations: dict[str, PlannedOperation],
    flights: dict[str, PlannedFlight],
) -> PlannedZone:
    spec = scenario.zones[id_]
    start = scenario.start_unix
    covered = None if spec.covers is None else operations[spec.covers]
    party = covered.party if covered is not None else spec.party
    assert party is not None, "the reader refuses a zone of nobody"
    return PlannedZone(
        id=id_,
        party=party,
        covers=spec.covers,
        volume=Volume(
            _zone_footprint(spec, covered),
            _zone_band(spec, covered, scenario.vertical),
            _zone_window(spec, covered, start),
        ),
        estimated=spec.window is not None and spec.window.estimated,
        issued=None if spec.issued is None else spec.issued.since(start),
        exempt=_exempt(spec.exempt, scenario, flights),
        exempt_names=spec.exempt,
        notices=tuple(
            _notice(key, notice, scenario) for key, notice in sorted(spec.notices.items())
        ),
        objections=spec.objections,
        amend=spec.amend,
    )


def _side_zone(
    side: SideZone, scenario: schema.Scenario, flights: dict[str, PlannedFlight]
) -> PlannedZone:
    """Plan a zone of a file: it is told of when it is issued, or at a time that its file gives."""
    start, file = scenario.start_unix, scenario.zone_files[side.source]
    issued = None if side.issued is None else side.issued - start
    at = issued if file.at is None else file.at.since(start)
    opens, closes = side.volume.window
    return PlannedZone(
        id=side.id,
        party=side.party,
        covers=None,
        volume=replace(side.volume, window=(opens - start, closes - start)),
        estimated=False,
        issued=issued,
        exempt=_exempt(file.exempt, scenario, flights),
        exempt_names=file.exempt,
        notices=(
            ()
            if at is None or not file.to
            else (replace(_notice(_PUBLISHED, file.notice, scenario), at=at),)
        ),
        objections=None,
        amend=Amendments.model_construct(),
    )


def _notice(id_: str, notice: Notice, scenario: schema.Scenario) -> PlannedNotice:
    return PlannedNotice(
        id=id_,
        recipients=members(scenario, notice.to),
        route=notice.via,
        lead=notice.lead,
        at=None if notice.at is None else notice.at.since(scenario.start_unix),
        priority=("urgent", "routine").index(notice.priority),
        unacknowledged=notice.unacknowledged,
    )


def _exempt(
    names: tuple[str, ...], scenario: schema.Scenario, flights: dict[str, PlannedFlight]
) -> frozenset[str]:
    """Give the flights and streams that some parties, flights and tags stand for."""
    if not names:
        return frozenset()
    streams = scenario.traffic.items()
    return frozenset(
        {
            *(flight.id for flight in flights.values() if _is_exempt(flight, names)),
            *(id_ for id_, one in streams if not {one.party, id_, *one.tags}.isdisjoint(names)),
        }
    )


def _is_exempt(flight: PlannedFlight, exempt: tuple[str, ...]) -> bool:
    tags = flight.spec.tags if flight.spec is not None else ()
    names = {flight.party, flight.id, flight.id.partition("#")[0], *tags}
    return not names.isdisjoint(exempt)


def _zone_footprint(spec: schema.Zone, covered: PlannedOperation | None) -> Footprint:
    if covered is not None and spec.area is None:
        return covered.volume.footprint
    assert spec.area is not None, "the reader refuses a zone without an area"
    if covered is not None and spec.area.coarsens:
        return coarser(spec.area, covered.volume.footprint)
    return footprint(spec.area)


def _zone_band(
    spec: schema.Zone, covered: PlannedOperation | None, settings: parts.Vertical
) -> Band:
    if spec.altitude is None:
        assert covered is not None, "the reader refuses a zone without altitudes"
        return covered.volume.band
    vertical = own_vertical(spec, settings)
    if vertical is None:
        return Band(*spec.altitude)
    return Band(*(_on_msl(limit, vertical) for limit in spec.altitude))


def own_vertical(spec: schema.Zone, settings: parts.Vertical) -> Vertical | None:
    """Give the settings that a zone has for its own altitudes, if it has; else the scenario's hold.

    Parameters
    ----------
    spec
        The zone.
    settings
        The scenario's, before which its own go, key by key.
    """
    if spec.vertical is None or spec.altitude is None:
        return None
    own = spec.vertical.model_dump(exclude_none=True)
    return _vertical(settings.model_copy(update=own))


def _on_msl(limit: Limit, vertical: Vertical) -> Limit:
    """Settle a limit by the zone's own settings, before the scenario's can touch it."""
    if limit.reference in {Reference.SFC, Reference.UNL}:
        return limit
    return Limit(Reference.MSL, vertical.msl(limit))


def _zone_window(
    spec: schema.Zone, covered: PlannedOperation | None, start: float
) -> tuple[float, float]:
    begins, ends = _exact_window(spec, covered, start)
    step = None if spec.window is None else spec.window.round
    if step is None:
        return begins, ends
    first, last = (start + begins) // step, -(-(start + ends) // step)
    return first * step - start, last * step - start


def _exact_window(
    spec: schema.Zone, covered: PlannedOperation | None, start: float
) -> tuple[float, float]:
    if covered is not None and (spec.window is None or spec.window.pad is not None):
        begins, ends = covered.volume.window
        pad = None if spec.window is None else spec.window.pad
        return (begins, ends) if pad is None else (begins - pad.before, ends + pad.after)
    assert spec.window is not None, "the reader refuses a zone without a window"
    return _window(spec.window, start)


def _flights(
    id_: str, spec: Flight, scenario: schema.Scenario, vertical: Vertical
) -> list[PlannedFlight]:
    horizon = scenario.end.since(scenario.start_unix)
    first = _first_track(id_, spec, scenario, vertical)
    count = 1 if spec.repeat is None else spec.repeat.count
    every = 0.0 if spec.repeat is None else spec.repeat.every
    jitter = Fixed(0.0) if spec.repeat is None else spec.repeat.jitter
    names = [id_] if spec.repeat is None else [f"{id_}#{n + 1}" for n in range(count)]
    return [
        PlannedFlight(
            id=name,
            party=spec.party,
            unit=spec.unit or name,
            spec=spec,
            track=track,
            alternate=spec.alternate or Position(float(first.lon[0]), float(first.lat[0])),
            jitter=jitter,
        )
        for n, name in enumerate(names)
        if (track := _in_time(first.shifted(n * every), spec, horizon)) is not None
    ]


def _first_track(id_: str, spec: Flight, scenario: schema.Scenario, vertical: Vertical) -> Track:
    """Lay the track of a flight, or of the first of several alike, or take it from its file."""
    start = scenario.start_unix
    departs = None if spec.departs is None else spec.departs.since(start)
    if spec.track is None:
        assert departs is not None, "the reader refuses a route without a departure"
        typical = None if spec.speed is None else spec.speed.ppf(0.5)
        return flight_track(spec, departs, typical, vertical)
    track = scenario.sides.tracks[id_]
    return track.shifted(-start if departs is None else departs - track.start)


def _in_time(track: Track, spec: Flight, horizon: float) -> Track | None:
    """Leave out what a track of its own times has before the scenario; None if it has no more."""
    if spec.departs is not None or (track.start >= 0.0 and track.start < horizon):
        return track
    if track.end <= 0.0 or track.start >= horizon:
        return None
    return track.cut(0.0, track.end)
