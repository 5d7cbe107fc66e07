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
_STRETCH = 0.016  # of the Earth's radius: about as long as a stretch is
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
    middle: Coarse  # of first and last point, as vectors, shape (3, s)
    reach: Coarse  # how far from there the legs may be, and be thought near


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
    if not is_short.any():
        return
    stretches = _stretches(points, vectors, chord, is_short)
    which, volume = find_close(stretches, spaces)
    counts = stretches.legs[which]
    for chosen in _shared_out(counts, _MOST_PAIRS):
        owner, leg = ranges(stretches.first[which[chosen]], counts[chosen])
        space = volume[chosen][owner]
        meet = points.time[leg] < spaces.closes[space]
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
    """How far from the middle of its ends a leg's ways may be, as they are grown to be near.

    Its distances from the ends come to the leg's length, so that no place of it
    is farther from the middle than half of that. A way is grown by half of its
    own length. The same is true of successive legs and the sum of their chords.
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
    x, y, z = vectors
    size: Coarse = np.sqrt(x * x + y * y + z * z)
    return size


def _stretches(points: Points, vectors: Coarse, chord: Coarse, is_short: Bools) -> Stretches:
    """Gather successive short legs, at most so many that a stretch is about 100 km long."""
    chord = np.where(is_short, chord, np.float32(0.0))
    many = int(np.clip(_STRETCH / max(float(chord.mean()), 1e-12), 1, _MOST_LEGS))
    turns = np.flatnonzero(is_short[1:] != is_short[:-1]) + 1
    run = np.concatenate([np.zeros(int(is_short[0]), dtype=np.int64), turns])
    begin, end = run[::2], run[1::2]  # the last point of a track is never the first of a leg
    owner, place = ranges(np.zeros_like(begin), -(-(end - begin) // many))
    first = begin[owner] + place * many
    last = np.minimum(first + many, end[owner])
    height = points.altitude_m
    return Stretches(
        first,
        last - first,
        points.time[first],
        points.time[last],
        np.minimum(np.minimum.reduceat(height, first), height[last]),
        np.maximum(np.maximum.reduceat(height, first), height[last]),
        (vectors[:, first] + vectors[:, last]) * np.float32(0.5),
        _reach(np.add.reduceat(chord, first)),
    )


def _single(first: Indices, times: Pair, heights: Pair, start: Coarse, goal: Coarse) -> Stretches:
    """Make a stretch of each of some legs or ways, of which both ends are given."""
    return Stretches(
        first,
        np.ones_like(first),
        *times,
        np.minimum(*heights),
        np.maximum(*heights),
        (start + goal) * np.float32(0.5),
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
