"""Which legs of tracks may meet which volumes: found without comparing each with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.cells import find_close
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD
from sim.geometry.frames import PIECE_M
from sim.geometry.ways import ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.ways import Indices, Points

    Coarse = NDArray[np.float32]

# Here places are unit vectors in single precision. That and the squares taken of
# it are off by less than 5e-6, the 30 m by which everything is grown.
_ROUNDING = 5e-6
_HALF_PIECE = SPREAD * PIECE_M / 2 / EARTH_RADIUS_M
_STRETCH = 0.01  # of the Earth's radius: as far as the legs of one stretch reach, about
_MOST_LEGS = 32  # in a stretch
_FEW_PAIRS = 20_000  # legs x volumes, which are compared each with each
_MOST_PAIRS = 2_000_000  # legs x volumes handed on at a time


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


def find_near(points: Points, spaces: Spaces) -> Iterator[tuple[Indices, Indices]]:
    """Find the legs that may meet volumes; it never misses one that does.

    Yields
    ------
    tuple of ndarray
        Legs and volumes, in pairs, at most about two million at a time.
    """
    lasts = points.lasts()
    legs = np.flatnonzero(lasts)
    if len(legs) * len(spaces.opens) <= _FEW_PAIRS:
        opens, closes = spaces.opens, spaces.closes
        meet = (points.time[legs, None] < closes) & (points.time[legs + 1, None] > opens)
        leg, volume = np.nonzero(meet)
        if leg.size:
            yield _narrowed(points, _vectors(points), spaces, legs[leg], volume)
        return
    vectors = _vectors(points)
    stretches = _stretches(points, vectors, lasts)
    which, volume = find_close(stretches, spaces)
    counts = stretches.legs[which]
    for chosen in _shared_out(counts, _MOST_PAIRS):
        owner, leg = ranges(stretches.first[which[chosen]], counts[chosen])
        space = volume[chosen][owner]
        begins, ends = points.time[leg], points.time[leg + 1]
        meet = (begins < spaces.closes[space]) & (ends > spaces.opens[space]) & (begins < ends)
        kept = np.flatnonzero(meet)
        if kept.size:
            yield _narrowed(points, vectors, spaces, leg[kept], space[kept])


def _vectors(points: Points) -> Coarse:
    """Give the points as unit vectors, shape (3, p)."""
    east, north = (np.radians(x).astype(np.float32) for x in (points.lon, points.lat))
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


def _stretches(points: Points, vectors: Coarse, lasts: NDArray[np.bool_]) -> Stretches:
    """Gather successive legs, at most so many that a stretch is about 60 km long."""
    chord = np.zeros(len(lasts), dtype=np.float32)
    chord[:-1] = _size(vectors[:, 1:] - vectors[:, :-1])
    chord[~lasts] = 0.0
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


def _shared_out(counts: Indices, most: int) -> Iterator[slice]:
    """Cut a column into slices whose counts come to about so many at most."""
    total = np.cumsum(counts)
    first = 0
    while first < len(counts):
        done = total[first - 1] if first else 0
        after = max(first + 1, int(np.searchsorted(total, done + most, side="right")))
        yield slice(first, after)
        first = after
