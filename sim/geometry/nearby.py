"""Which ways on tracks may meet which volumes: found without comparing each with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.cells import find_close
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD
from sim.geometry.frames import PIECE_M
from sim.geometry.stays import Flight
from sim.geometry.ways import cut, distinct, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.ways import Indices, Points

    Coarse = NDArray[np.float32]
    Bools = NDArray[np.bool_]
    Pair = tuple[Floats, Floats]

# Here places are unit vectors in single precision. That and the squares taken of
# it are off by less than 5e-6, the 30 m by which everything is grown.
_ROUNDING = 5e-6
_HALF_PIECE = SPREAD * PIECE_M / 2 / EARTH_RADIUS_M
_STRETCH = 0.01  # of the Earth's radius: as far as the legs of one stretch reach, about
_MOST_LEGS = 32  # in a stretch
_FEW_PAIRS = 20_000  # legs x volumes, which are compared each with each
_MOST_PAIRS = 2_000_000  # legs x volumes looked at one by one, at a time
_MOST_WAYS = 20_000  # that long legs are cut into at a time
_LONG = PIECE_M / SPREAD / EARTH_RADIUS_M - _ROUNDING  # a leg of no longer chord is not cut


class Spaces(NamedTuple):
    """Volumes as columns of shape (v,), their altitudes above one reference.

    Where a floor and a ceiling are unknown they are -inf and inf.
    """

    centre: Floats  # of the footprints' caps as unit vectors, shape (v, 3)
    radius_m: Floats  # of the caps
    opens: Floats
    closes: Floats
    floor: Floats
    ceiling: Floats

    @property
    def reach(self) -> Floats:
        """The caps' radii in radians, so wide that they never miss a place."""
        return self.radius_m * SPREAD / EARTH_RADIUS_M + _ROUNDING


class Stretches(NamedTuple):
    """Successive legs of tracks and what holds them: columns of shape (s,)."""

    first: Indices  # leg
    legs: Indices  # how many
    begin: Floats
    end: Floats
    lowest: Floats  # altitudes in metres
    highest: Floats
    west: Coarse  # a box of unit vectors: opposite corners, shape (3, s) each
    east: Coarse
    reach: Coarse  # how far the legs may leave the box, and be thought near


class Near(NamedTuple):
    """Ways, and those of them that may meet volumes, in pairs of shape (k,)."""

    flight: Flight
    way: Indices
    volume: Indices


def find_near(points: Points, spaces: Spaces) -> Iterator[Near]:
    """Find the ways on tracks that may meet volumes; it never misses one that does."""
    lasts = points.lasts()
    legs = np.flatnonzero(lasts)
    if len(legs) * len(spaces.opens) <= _FEW_PAIRS:
        opens, closes = spaces.opens, spaces.closes
        meet = (points.time[legs, None] < closes) & (points.time[legs + 1, None] > opens)
        leg, volume = np.nonzero(meet)
        if leg.size:
            pairs = _narrowed(points, _vectors(points.lon, points.lat), spaces, legs[leg], volume)
            yield from _cut(points, spaces, *pairs)
        return
    vectors = _vectors(points.lon, points.lat)
    chord = np.zeros(len(lasts), dtype=np.float32)
    chord[:-1] = _size(vectors[:, 1:] - vectors[:, :-1])
    is_long = lasts & (chord > _LONG)
    yield from _near_short(points, spaces, vectors, chord, lasts & ~is_long)
    legs = np.flatnonzero(is_long)
    for some in _shared_out(chord[legs] / _LONG + 1, _MOST_WAYS):
        yield from _near_long(points, spaces, legs[some])


def _near_short(
    points: Points, spaces: Spaces, vectors: Coarse, chord: Coarse, is_short: Bools
) -> Iterator[Near]:
    """Look at stretches of short legs first, and then at each of their legs."""
    stretches = _stretches(points, vectors, np.where(is_short, chord, np.float32(0.0)))
    which, volume = find_close(stretches, spaces)
    counts = stretches.legs[which]
    for chosen in _shared_out(counts, _MOST_PAIRS):
        owner, leg = ranges(stretches.first[which[chosen]], counts[chosen])
        space = volume[chosen][owner]
        meet = is_short[leg] & (points.time[leg] < spaces.closes[space])
        meet &= points.time[leg + 1] > spaces.opens[space]
        kept = np.flatnonzero(meet)
        pairs = _narrowed(points, vectors, spaces, leg[kept], space[kept])
        yield from _cut(points, spaces, *pairs)


def _near_long(points: Points, spaces: Spaces, legs: Indices) -> Iterator[Near]:
    """Cut the long legs that come close to anything, and look at each of their ways."""
    times, heights, lon, lat = (
        (column[legs], column[legs + 1])
        for column in (points.time, points.altitude_m, points.lon, points.lat)
    )
    places = tuple(_vectors(*ends) for ends in zip(lon, lat, strict=True))
    close = np.unique(find_close(_single(legs, times, heights, *places), spaces)[0])
    if close.size:
        flight = Flight.of(points, cut(points.lon, points.lat, legs[close]))
        ways = flight.ways
        times, heights = (flight.begin, flight.end), (flight.low, flight.high)
        places = (_vectors(ways.lon0, ways.lat0), _vectors(ways.lon1, ways.lat1))
        way, volume = find_close(_single(ways.leg, times, heights, *places), spaces)
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


def _vectors(lon: Floats, lat: Floats) -> Coarse:
    """Give places as unit vectors, shape (3, p)."""
    east, north = (np.radians(x).astype(np.float32) for x in (lon, lat))
    cos = np.cos(north)
    vectors: Coarse = np.stack([cos * np.cos(east), cos * np.sin(east), np.sin(north)])
    return vectors


def _reach(chord: Coarse) -> Coarse:
    """How far a leg's ways may be from its ends, as they are grown to see what they are near.

    Of the geodesic no place is farther from the nearer end than half its length,
    and a way is grown by half of its own.
    """
    half = np.float32(SPREAD) * np.arcsin(np.minimum(np.float32(1.0), chord / 2))
    grown: Coarse = half * np.float32(SPREAD) + np.minimum(half, np.float32(_HALF_PIECE))
    return grown + np.float32(_ROUNDING)


def _narrowed(
    points: Points, vectors: Coarse, spaces: Spaces, leg: Indices, volume: Indices
) -> tuple[Indices, Indices]:
    """Keep of the pairs that meet in time those that may in altitude and place."""
    begin, end = points.altitude_m[leg], points.altitude_m[leg + 1]
    kept = np.minimum(begin, end) < spaces.ceiling[volume]
    kept &= np.maximum(begin, end) > spaces.floor[volume]
    leg, volume = leg[kept], volume[kept]
    start, goal = vectors[:, leg], vectors[:, leg + 1]
    centre: Coarse = spaces.centre.T.astype(np.float32)[:, volume]
    off: Coarse = (start + goal) * np.float32(0.5) - centre
    reach = _reach(_size(goal - start)) + spaces.reach.astype(np.float32)[volume]
    near = _size(off) <= reach
    return leg[near], volume[near]


def _size(vectors: Coarse) -> Coarse:
    size: Coarse = np.sqrt((vectors * vectors).sum(axis=0))
    return size


def _stretches(points: Points, vectors: Coarse, chord: Coarse) -> Stretches:
    """Gather successive legs, at most so many that a stretch is about 60 km long.

    Of legs that do not count the chord is 0.
    """
    points_of = np.diff(np.append(points.first, len(points.time)))
    many = int(np.clip(_STRETCH / max(float(chord.mean()), 1e-12), 1, _MOST_LEGS))
    owner, place = ranges(np.zeros_like(points_of), -(-(points_of - 1) // many))
    first = points.first[owner] + place * many
    last = np.minimum(first + many, (points.first + points_of - 1)[owner])
    return Stretches(
        first,
        last - first,
        points.time[first],
        points.time[last],
        np.minimum(np.minimum.reduceat(points.altitude_m, first), points.altitude_m[last]),
        np.maximum(np.maximum.reduceat(points.altitude_m, first), points.altitude_m[last]),
        np.minimum(np.minimum.reduceat(vectors, first, axis=1), vectors[:, last]),
        np.maximum(np.maximum.reduceat(vectors, first, axis=1), vectors[:, last]),
        _reach(np.maximum.reduceat(chord, first)),
    )


def _single(first: Indices, times: Pair, heights: Pair, start: Coarse, goal: Coarse) -> Stretches:
    """Make a stretch of each of some legs or ways, of which both ends are given."""
    return Stretches(
        first,
        np.ones_like(first),
        *times,
        np.minimum(*heights),
        np.maximum(*heights),
        np.minimum(start, goal),
        np.maximum(start, goal),
        _reach(_size(goal - start)),
    )


def _shared_out(counts: Indices | Coarse, most: int) -> Iterator[slice]:
    """Cut a column into slices whose counts come to about so many at most."""
    total = np.cumsum(counts, dtype=np.float64)
    first = 0
    while first < len(counts):
        done = total[first - 1] if first else 0
        after = max(first + 1, int(np.searchsorted(total, done + most, side="right")))
        yield slice(first, after)
        first = after
