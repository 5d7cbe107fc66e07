"""Which ways on tracks may meet which volumes: found without comparing each with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.cells import find_close
from sim.geometry.stays import Flight
from sim.geometry.stretches import LONG, reach, single, size, vectors
from sim.geometry.ways import cut, distinct, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.points import Points
    from sim.geometry.spaces import Spaces
    from sim.geometry.stretches import Coarse
    from sim.geometry.ways import Indices

_FEW_PAIRS = 20_000  # legs x volumes, which are compared each with each
_MOST_PAIRS = 2_000_000  # legs x volumes looked at one by one, at a time
_MOST_WAYS = 20_000  # that long legs are cut into at a time


class Near(NamedTuple):
    """Ways, and those of them that may meet volumes, in pairs of shape (k,)."""

    flight: Flight
    way: Indices
    volume: Indices


def find_near(points: Points, spaces: Spaces) -> Iterator[Near]:
    """Find the ways on tracks that may meet volumes; it never misses one that does."""
    if len(points.time) * len(spaces.opens) <= _FEW_PAIRS:
        legs = np.flatnonzero(points.lasts())
        opens, closes = spaces.opens, spaces.closes
        meet = (points.time[legs, None] < closes) & (points.time[legs + 1, None] > opens)
        leg, volume = np.nonzero(meet)
        yield from _cut(points, spaces, *_narrowed(points, spaces, legs[leg], volume))
        return
    yield from _near_short(points, spaces)
    _, legs, chord = points.held
    for some in _shared_out(chord / LONG + 1, _MOST_WAYS):
        yield from _near_long(points, spaces, legs[some])


def _near_short(points: Points, spaces: Spaces) -> Iterator[Near]:
    """Look at stretches of short legs first, and then at each of their legs."""
    stretches = points.held.short
    which, volume = find_close(stretches, spaces)
    counts = stretches.legs[which]
    for chosen in _shared_out(counts, _MOST_PAIRS):
        owner, leg = ranges(stretches.first[which[chosen]], counts[chosen])
        space = volume[chosen][owner]
        meet = points.time[leg] < spaces.closes[space]
        meet &= points.time[leg + 1] > spaces.opens[space]
        kept = np.flatnonzero(meet)
        yield from _cut(points, spaces, *_narrowed(points, spaces, leg[kept], space[kept]))


def _near_long(points: Points, spaces: Spaces, legs: Indices) -> Iterator[Near]:
    """Cut the long legs that come close to anything, and look at each of their ways."""
    times, heights, lon, lat = (
        (column[legs], column[legs + 1])
        for column in (points.time, points.altitude_m, points.lon, points.lat)
    )
    places = tuple(vectors(*ends) for ends in zip(lon, lat, strict=True))
    close = np.unique(find_close(single(legs, times, heights, *places), spaces)[0])
    if close.size:
        flight = Flight.of(points, cut(points.lon, points.lat, legs[close]))
        ways = flight.ways
        times, heights = (flight.begin, flight.end), (flight.low, flight.high)
        places = (vectors(ways.lon0, ways.lat0), vectors(ways.lon1, ways.lat1))
        way, volume = find_close(single(ways.leg, times, heights, *places), spaces)
        if way.size:
            yield Near(flight, way, volume)


def _cut(points: Points, spaces: Spaces, leg: Indices, volume: Indices) -> Iterator[Near]:
    """Cut the legs of pairs into ways; those are compared anew in time."""
    if not leg.size:
        return
    once, at = distinct(leg)
    flight = Flight.of(points, cut(points.lon, points.lat, once))
    if len(flight.begin) == len(once):
        yield Near(flight, at, volume)
        return
    first = np.searchsorted(flight.ways.leg, once)
    counts = np.searchsorted(flight.ways.leg, once, side="right") - first
    owner, way = ranges(first[at], counts[at])
    volume = volume[owner]
    meet = flight.begin[way] < spaces.closes[volume]
    meet &= flight.end[way] > spaces.opens[volume]
    yield Near(flight, way[meet], volume[meet])


def _narrowed(
    points: Points, spaces: Spaces, leg: Indices, volume: Indices
) -> tuple[Indices, Indices]:
    """Keep of the pairs that meet in time those that may in altitude and place."""
    begin, end = points.altitude_m[leg], points.altitude_m[leg + 1]
    kept = np.minimum(begin, end) < spaces.ceiling[volume]
    kept &= np.maximum(begin, end) > spaces.floor[volume]
    leg, volume = leg[kept], volume[kept]
    start, goal = (vectors(points.lon[end], points.lat[end]) for end in (leg, leg + 1))
    centre: Coarse = spaces.centre.T.astype(np.float32)[:, volume]
    off: Coarse = (start + goal) * np.float32(0.5) - centre
    near = size(off) <= reach(size(goal - start)) + spaces.reach.astype(np.float32)[volume]
    return leg[near], volume[near]


def _shared_out(counts: Indices | Coarse, most: int) -> Iterator[slice]:
    """Cut a column into slices whose counts come to about so many at most."""
    total = np.cumsum(counts, dtype=np.float64)
    first = 0
    while first < len(counts):
        done = total[first - 1] if first else 0
        after = max(first + 1, int(np.searchsorted(total, done + most, side="right")))
        yield slice(first, after)
        first = after
