"""Which stretches of ways lie inside footprints, solved and not sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import EARTH_RADIUS_M, SPREAD, angles, foot_ahead, inverse
from sim.geometry.planes import Drawn, inside_drawn
from sim.geometry.region import BORDER_M
from sim.geometry.ways import ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats, Geodesics
    from sim.geometry.footprint import Footprint
    from sim.geometry.region import Part
    from sim.geometry.ways import Indices, Ways

    Bools = NDArray[np.bool_]

_STEPS = 12  # of an iteration that gains a factor of 300 a step
_SETTLED_M = 1e-6


class Spans(NamedTuple):
    """Stretches inside footprints, columns of shape (k,)."""

    pair: Indices  # of a way and a footprint, as they were given
    begin: Floats  # as shares of the way, from 0 to 1; those two are exact
    end: Floats
    deep: Bools  # whether it leaves the footprint's border by more than BORDER_M


def find_spans(
    footprints: Sequence[Footprint], ways: Ways, footprint: Indices, way: Indices
) -> Spans:
    """Find the stretches of ways that lie inside footprints.

    Each is solved on its own: what else is asked at the same time changes
    nothing. Those that cross a region cut into tiles may overlap; their union
    counts.

    Parameters
    ----------
    footprints, ways
        Any numbers of them; footprints that no pair names are to be left out.
    footprint, way
        Which of them to intersect: pairs of places in those two, shape (n,).
    """
    if not footprint.size:
        none = np.empty(0)
        return Spans(np.empty(0, dtype=np.int64), none, none, np.empty(0, dtype=bool))
    is_round = np.array([one.is_round for one in footprints], dtype=bool)
    in_cap = is_round[footprint]
    found = []
    if is_round.any():
        found.append(_in_caps(footprints, ways, footprint, way, np.flatnonzero(in_cap)))
    if not is_round.all():
        found.append(_in_regions(footprints, ways, footprint, way, np.flatnonzero(~in_cap)))
    if len(found) == 1:
        return found[0]
    return Spans(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _in_caps(
    footprints: Sequence[Footprint], ways: Ways, footprint: Indices, way: Indices, pair: Indices
) -> Spans:
    """Solve by geodesic distance from the centres. A cap is convex: one stretch at most."""
    which, way = footprint[pair], way[pair]
    caps = np.array([(*one.cap.centre, one.cap.radius_m) for one in footprints])
    lon, lat, radius = caps[which].T
    first, last = _distances(ways, way, lon, lat)
    legs, low, high = ways.along(way)
    foot = np.where(first < last, low, high)
    nearest = np.minimum(first, last)
    shallow = np.flatnonzero(nearest > radius - BORDER_M)
    if shallow.size:
        foot[shallow], nearest[shallow] = legs[shallow].nearest(
            lon[shallow], lat[shallow], low[shallow], high[shallow]
        )
    meets = nearest < radius
    share = np.stack([np.zeros(len(way)), np.ones(len(way))])
    moves = high > low  # who hovers on the rim is rounded to either side of it
    side, solved = np.nonzero(meets & moves & (np.stack([first, last]) >= radius))
    if solved.size:
        rim = np.where(side == 0, low[solved], high[solved])
        sign = np.where(side == 0, -1.0, 1.0)
        at = _rim(caps[which[solved]], legs[solved], rim, foot[solved], sign)
        share[side, solved] = np.clip((at - low[solved]) / (high - low)[solved], 0.0, 1.0)
    begin, end = share
    kept = meets & (end >= begin)
    deep = nearest[kept] < radius[kept] - BORDER_M
    return Spans(pair[kept], begin[kept], end[kept], deep)


def _distances(ways: Ways, way: Indices, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Give the distances of both ends of ways from places."""
    ends = (
        np.concatenate([ways.lon0[way], ways.lon1[way]]),
        np.concatenate([ways.lat0[way], ways.lat1[way]]),
    )
    places = (np.concatenate([axis, axis]) for axis in (lon, lat))
    distance = inverse(*ends, *places).distance
    return distance[: len(way)], distance[len(way) :]


def _rim(circle: Floats, legs: Geodesics, outside: Floats, inside: Floats, sign: Floats) -> Floats:
    """Find where legs cut the rims of circles, before (-1) or after (+1) their foot.

    The spherical triangle of centre, foot and rim gives a fixed point: at the
    rim itself the step is zero whatever the shape of the Earth. ``circle`` has
    longitude, latitude and radius, shape (n, 3).
    """
    at = outside.copy()
    low, high = np.minimum(outside, inside), np.maximum(outside, inside)
    moving = np.arange(len(at))
    for _ in range(_STEPS):
        step = _to_rim(circle[moving], legs[moving], at[moving], sign[moving])
        moved = np.clip(at[moving] + step, low[moving], high[moving])
        settled = np.abs(moved - at[moving]) < _SETTLED_M
        at[moving] = moved
        moving = moving[~settled]
        if not moving.size:
            break
    return at


def _to_rim(circle: Floats, legs: Geodesics, at: Floats, sign: Floats) -> Floats:
    lon, lat, metres = circle.T
    radius = metres / EARTH_RADIUS_M
    here = legs.at(at)
    azimuth, distance = inverse(here.lon, here.lat, lon, lat)
    angle = np.radians(azimuth - here.azimuth)
    off = np.arcsin(np.abs(np.sin(distance / EARTH_RADIUS_M) * np.sin(angle)))
    # cos(half) = cos(radius) / cos(off), in a form that is exact for small arcs
    square = np.sin((radius + off) / 2) * np.sin((radius - off) / 2) / np.cos(off)
    half = 2.0 * np.arcsin(np.sqrt(np.clip(square, 0.0, 1.0)))
    step: Floats = foot_ahead(distance, angle) + sign * half * EARTH_RADIUS_M
    return step


def _in_regions(
    footprints: Sequence[Footprint], ways: Ways, footprint: Indices, way: Indices, pair: Indices
) -> Spans:
    """Solve in planes, part by part."""
    parts: list[Part] = []
    first = np.zeros(len(footprints), dtype=np.int64)
    counts = np.zeros(len(footprints), dtype=np.int64)
    for k, one in enumerate(footprints):
        if not one.is_round:
            first[k], counts[k] = len(parts), len(one.region.parts)
            parts += one.region.parts
    if (counts > 1).any():
        owner, part = ranges(first[footprint[pair]], counts[footprint[pair]])
        pair = pair[owner]
        near = _near_parts(parts, part, ways, way[pair])
        part, pair = part[near], pair[near]
    else:
        part = first[footprint[pair]]
    row, begin, end, deep = inside_drawn(Drawn(parts), part, ways, way[pair])
    return Spans(pair[row], begin, end, deep)


def _near_parts(parts: Sequence[Part], part: Indices, ways: Ways, way: Indices) -> Bools:
    vectors = np.array([one.cap.vector for one in parts])
    radius = np.array([one.cap.radius_m for one in parts])
    return near_caps(vectors[part], radius[part], ways.middle[way], ways.reach_m[way])


def near_caps(centre: Floats, radius_m: Floats, place: Floats, reach_m: Floats) -> Bools:
    """Tell which places (unit vectors), grown by reaches, may meet caps; it never misses one.

    All have shape (n,), or (n, 3) where they are vectors.
    """
    limit = (radius_m + reach_m) * SPREAD / EARTH_RADIUS_M
    near: Bools = angles(place, centre) <= limit + 1e-9
    return near
