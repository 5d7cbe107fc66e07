"""Traffic: the movements of a stream, drawn anew in every replication."""

from __future__ import annotations

from itertools import count, takewhile
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from sim.distributions import Exponential
from sim.geometry.earth import EARTH_RADIUS_M, direct, inverse
from sim.geometry.track import Track
from sim.scenario.plan import movement, track_reference
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Cap
    from sim.geometry.footprint import Footprint
    from sim.model.streams import Key, Streams
    from sim.scenario.planned import PlannedFlight, PlannedStream

_ROUNDING = 1e-9  # of a movement: by so much may rate times window exceed a whole number


def movements(stream: PlannedStream, streams: Streams) -> list[PlannedFlight]:
    """Draw the movements of a stream, in the order of their departures.

    Every draw is keyed by the movement that it is for, the n-th interval by n: a
    longer window adds movements and changes none.

    Parameters
    ----------
    stream
        Who flies from where to where, how often, how fast and how high.
    streams
        The replication's draws.

    Returns
    -------
    list of PlannedFlight
        `id#1`, `id#2` and so on, each with a geodesic at one level.
    """
    departures = list(_departures(stream, streams))
    names = [f"{stream.id}#{n}" for n in range(1, len(departures) + 1)]
    if not names:
        return []
    lon0, lat0 = _places(stream.origin, names, "origin", streams)
    lon1, lat1 = _places(stream.destination, names, "destination", streams)
    length = inverse(lon0, lat0, lon1, lat1).distance
    drawn = []
    for n, (name, departs) in enumerate(zip(names, departures, strict=True)):
        key: Key = ("flight", name)
        speed = streams.value(stream.speed, key, "speed")
        level = stream.levels[int(streams.uniform(key, "level") * len(stream.levels))]
        track = Track(
            [departs, departs + length[n] / speed],
            [lon0[n], lon1[n]],
            [lat0[n], lat1[n]],
            [level.metres] * 2,
            track_reference(level),
        )
        drawn.append(movement(name, stream.party, stream.unit or name, track))
    return drawn


def _departures(stream: PlannedStream, streams: Streams) -> Iterator[float]:
    begins, ends = stream.window
    if stream.pattern == "scheduled":
        number = ceil((ends - begins) * stream.rate - _ROUNDING)
        return (begins + n / stream.rate for n in range(number))
    return takewhile(lambda at: at < ends, _arrivals(stream, begins, streams))


def _arrivals(stream: PlannedStream, at: float, streams: Streams) -> Iterator[float]:
    """Give the arrivals of a Poisson process: its intervals are exponential."""
    interval = Exponential(1.0 / stream.rate)
    for n in count(1):
        at += streams.value(interval, ("traffic", stream.id), "interval", n)
        yield at


def _places(
    end: Position | Footprint, names: Sequence[str], which: str, streams: Streams
) -> tuple[Floats, Floats]:
    """Draw a place for each of some movements: longitudes and latitudes, shape (n,).

    In a footprint they are uniform by area: drawn in the cap around it until
    they lie within, each by a trial of its own.
    """
    found = np.empty((2, len(names)))
    if isinstance(end, Position):
        found[:] = np.array([end]).T
        return found[0], found[1]
    pending = np.arange(len(names))
    for trial in count():
        keys: list[Key] = [("flight", names[n]) for n in pending.tolist()]
        there = direct(*end.cap.centre, *_in_cap(end.cap, keys, which, trial, streams))
        inside = end.contains(there.lon, there.lat)
        found[:, pending[inside]] = there.lon[inside], there.lat[inside]
        pending = pending[~inside]
        if not pending.size:
            break
    return found[0], found[1]


def _in_cap(
    cap: Cap, keys: Sequence[Key], which: str, trial: int, streams: Streams
) -> tuple[Floats, Floats]:
    """Draw azimuths (degrees) and distances (m) from a cap's centre, uniform by area on a sphere.

    On the ellipsoid the density differs by less than 1 %.
    """
    draw = streams.uniform
    azimuth = np.array([360.0 * draw(key, which, 2 * trial) for key in keys])
    share = np.array([draw(key, which, 2 * trial + 1) for key in keys])
    reach = np.sin(cap.radius_m / EARTH_RADIUS_M / 2.0)
    return azimuth, 2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(share) * reach)
