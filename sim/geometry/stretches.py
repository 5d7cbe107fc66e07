"""Stretches: what holds successive legs of tracks, in single precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import EARTH_RADIUS_M, RADIAN, SPREAD
from sim.geometry.frames import PIECE_M
from sim.geometry.ways import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.points import Points
    from sim.geometry.ways import Indices

    Coarse = NDArray[np.float32]
    Bools = NDArray[np.bool_]
    Pair = tuple[Floats, Floats]

# Here places are unit vectors in single precision. That and the squares taken of
# it are off by less than 5e-6, the 30 m by which everything is grown.
ROUNDING = 5e-6
LONG = PIECE_M / SPREAD / EARTH_RADIUS_M - ROUNDING  # a leg of no longer chord is one way
_HALF_WAY = SPREAD**3 * PIECE_M / 2 / EARTH_RADIUS_M  # no way is thought to reach farther
_BLOCK = 32_768  # points that a processor's cache holds with what is made of them
_STRETCH = 0.016  # of the Earth's radius: about as long as a stretch is
_MOST_LEGS = 32  # in a stretch


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


def gathered(points: Points, chord: Coarse, is_short: Bools) -> Stretches:
    """Gather successive short legs, at most so many that a stretch is about 100 km long.

    Parameters
    ----------
    points
        The points, p of them.
    chord
        How far successive points are apart at most, shape (p - 1,).
    is_short
        Which points begin a leg to be gathered, shape (p,).
    """
    chord = np.where(is_short[:-1], chord, np.float32(0.0))
    many = int(np.clip(_STRETCH / max(float(chord.sum()) / len(is_short), 1e-12), 1, _MOST_LEGS))
    turns = np.flatnonzero(is_short[1:] != is_short[:-1]) + 1
    run = np.concatenate([np.zeros(int(is_short[0]), dtype=np.int64), turns])
    begin, end = run[::2], run[1::2]  # the last point of a track is never the first of a leg
    owner, place = ranges(np.zeros_like(begin), -(-(end - begin) // many))
    first = begin[owner] + place * many
    last = np.minimum(first + many, end[owner])
    height = points.altitude_m
    start, goal = (vectors(points.lon[ends], points.lat[ends]) for ends in (first, last))
    half = _half(np.add.reduceat(chord, first))
    return Stretches(
        first,
        last - first,
        points.time[first],
        points.time[last],
        np.minimum(np.minimum.reduceat(height, first), height[last]),
        np.maximum(np.maximum.reduceat(height, first), height[last]),
        (start + goal) * np.float32(0.5),
        half + np.minimum(half, np.float32(_HALF_WAY)) + np.float32(ROUNDING),
    )


def single(first: Indices, times: Pair, heights: Pair, start: Coarse, goal: Coarse) -> Stretches:
    """Make a stretch of each of some legs or ways, of which both ends are given."""
    return Stretches(
        first,
        np.ones_like(first),
        *times,
        np.minimum(*heights),
        np.maximum(*heights),
        (start + goal) * np.float32(0.5),
        reach(size(goal - start)),
    )


def reach(chord: Coarse) -> Coarse:
    """How far from the middle of its ends a leg's ways may be, as they are grown to be near.

    Its distances from the ends come to the leg's length, so that no place of it
    is farther from the middle than half of that. Where it is of several ways,
    each is grown by half of its own length. The same is true of successive legs
    and the sum of their chords.
    """
    half = _half(chord)
    ways = np.where(chord > np.float32(LONG), np.float32(_HALF_WAY), np.float32(0.0))
    grown: Coarse = half + ways + np.float32(ROUNDING)
    return grown


def _half(chord: Coarse) -> Coarse:
    """Give half of the angles that chords span, as much as ways are grown by to be near."""
    half: Coarse = np.float32(SPREAD**2) * np.arcsin(np.minimum(np.float32(1.0), chord / 2))
    return half


def size(vectors: Coarse) -> Coarse:
    """Give the lengths of vectors of shape (3, n)."""
    x, y, z = vectors
    found: Coarse = np.sqrt(x * x + y * y + z * z)
    return found


def vectors(lon: Floats, lat: Floats) -> Coarse:
    """Give places as unit vectors, shape (3, n)."""
    east, north = ((x * RADIAN).astype(np.float32) for x in (lon, lat))
    cos = np.cos(north)
    found: Coarse = np.stack([cos * np.cos(east), cos * np.sin(east), np.sin(north)])
    return found


def chords(lon: Floats, lat: Floats) -> Coarse:
    """Give how far successive places, p of them, are apart at most; shape (p - 1,).

    Of longitudes, which may differ by a whole turn, the haversine is taken; of
    latitudes the difference itself, which is larger than its own.
    """
    chord = np.empty(len(lon) - 1, dtype=np.float32)
    for first in range(0, len(chord), _BLOCK):
        some = slice(first, first + _BLOCK + 1)
        chord[first : first + _BLOCK] = _chords(lon[some], lat[some])
    return chord


def _chords(lon: Floats, lat: Floats) -> Coarse:
    cos = np.abs(np.cos((lat * RADIAN).astype(np.float32)))
    east = np.sin(((lon[1:] - lon[:-1]) * (RADIAN / 2.0)).astype(np.float32))
    north = ((lat[1:] - lat[:-1]) * RADIAN).astype(np.float32)
    east *= east
    east *= np.float32(4.0) * cos[1:] * cos[:-1]
    east += north * north
    chord: Coarse = np.sqrt(east, out=east)
    return chord
