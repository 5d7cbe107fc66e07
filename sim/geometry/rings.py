"""Rings: the borders of many footprints as columns, laid, drawn and drawn in all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from sim.geometry.earth import (
    EARTH_RADIUS_M,
    SPREAD,
    direct,
    inverse,
    same_place,
    unit_vectors,
)
from sim.geometry.frames import piece_length_m
from sim.geometry.ways import ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

_BULGE = 1.002  # by which a geodesic may leave a cap that holds its ends, for any smaller one
_BULGE_RAD = 1e-7
_SHORT_M = 0.5  # an edge so short, or a corner so sharp, is drawn in by GEOS
_LOT = 100_000  # places that are worked on together
FLAT_M = 0.01  # a ring that is nowhere broader than this encloses nothing
_SHARP = 0.01  # 1 + the cosine of the turn: a corner of less than 11 degrees


class Rings(NamedTuple):
    """Closed rings of geodesics, one after another; the last place of each is its first again.

    Attributes
    ----------
    lon, lat
        Places, shape (v,), degrees.
    normal
        The same as unit vectors, shape (v, 3).
    start
        Where each ring begins, and the end of the last, shape (r + 1,).
    owner
        Whose border each ring is part of, shape (r,), never decreasing; the
        first ring of each is its exterior, the others its holes.
    """

    lon: Floats
    lat: Floats
    normal: Floats
    start: Indices
    owner: Indices

    @property
    def of_place(self) -> Indices:
        """The ring that each place is on, shape (v,)."""
        return np.repeat(np.arange(len(self.owner)), np.diff(self.start))

    @property
    def lasts(self) -> Bools:
        """Which places end their ring, shape (v,)."""
        last = np.zeros(len(self.lon), dtype=bool)
        last[self.start[1:] - 1] = True
        return last


def closed(lon: Floats, lat: Floats, start: Indices) -> Rings:
    """Close rings that need not be, each an owner of its own; repeated places are dropped."""
    counts = np.diff(start)
    at = np.arange(len(lon)) + np.repeat(np.arange(len(counts)), counts)
    ends = start[1:] + np.arange(len(counts))
    columns = []
    for values in (lon, lat):
        column = np.empty(len(values) + len(counts))
        column[at], column[ends] = values, values[start[:-1]]
        columns.append(column)
    begin = start + np.arange(len(counts) + 1)
    normal = unit_vectors(*columns)
    fresh = np.ones(len(normal), dtype=bool)
    fresh[1:] = ~same_place(normal[1:], normal[:-1])
    fresh[begin[:-1]] = True
    if not fresh.all():
        columns, normal = [column[fresh] for column in columns], normal[fresh]
        begin = np.concatenate([[0], np.cumsum(fresh)])[begin]
    return Rings(columns[0], columns[1], normal, begin, np.arange(len(counts)))


def joined(paths: Sequence[tuple[Floats, Floats]], owner: Sequence[int]) -> Rings:
    """Join closed rings, each (longitudes, latitudes)."""
    if not paths:
        none = np.empty(0)
        start = np.zeros(1, dtype=np.int64)
        return Rings(none, none, np.empty((0, 3)), start, np.empty(0, dtype=np.int64))
    lon, lat = (np.concatenate([path[axis] for path in paths]) for axis in (0, 1))
    start = np.concatenate([[0], np.cumsum([len(path[0]) for path in paths])])
    normal = unit_vectors(lon, lat)
    return Rings(lon, lat, normal, start.astype(np.int64), np.asarray(owner, dtype=np.int64))


def taken(rings: Rings, which: Indices) -> Rings:
    """Take the rings of some owners, in that order; they are owners 0, 1, 2 ... then."""
    first, last = (np.searchsorted(rings.owner, which, side=side) for side in ("left", "right"))
    owner, ring = ranges(first, last - first)
    begin, end = rings.start[ring], rings.start[ring + 1]
    places: Indices | slice = ranges(begin, end - begin)[1]
    if (np.diff(ring) == 1).all() and ring.size:
        places = slice(int(begin[0]), int(end[-1]))
    start = np.concatenate([[0], np.cumsum(end - begin)])
    return Rings(rings.lon[places], rings.lat[places], rings.normal[places], start, owner)


def lots_of(rings: Rings, which: Indices) -> list[Indices]:
    """Share out owners, in that order, in lots that do not take much memory to work on."""
    ends = [np.searchsorted(rings.owner, which, side=side) for side in ("left", "right")]
    total = np.cumsum(rings.start[ends[1]] - rings.start[ends[0]])
    cuts = np.searchsorted(total, np.arange(_LOT, total[-1] if total.size else 0, _LOT))
    return [lot for lot in np.split(which, cuts) if lot.size]


def caps(rings: Rings) -> tuple[Floats, Floats]:
    """Give caps that hold exteriors: centres as unit vectors (r, 3), angular radii (r,)."""
    counts = np.diff(rings.start)
    centre = np.add.reduceat(rings.normal, rings.start[:-1], axis=0)
    centre -= rings.normal[rings.start[:-1]]  # which is there again at the end
    centre /= np.maximum(np.linalg.norm(centre, axis=1, keepdims=True), np.finfo(float).tiny)
    chord = rings.normal - np.repeat(centre, counts, axis=0)
    farthest = np.maximum.reduceat(np.einsum("ij,ij->i", chord, chord), rings.start[:-1])
    radius = 2.0 * np.arcsin(np.minimum(1.0, np.sqrt(farthest) / 2.0))
    return centre, radius * _BULGE + _BULGE_RAD


def cut(rings: Rings, reach_m: Floats) -> Rings:
    """Cut edges so short that they are straight so far from a frame's centre, shape (r,)."""
    step = np.diff(rings.normal, axis=0)
    chord = np.sqrt(np.einsum("ij,ij->i", step, step)) * EARTH_RADIUS_M * SPREAD
    longest = piece_length_m(reach_m)[rings.of_place[:-1]]
    is_long = (chord > longest) & ~rings.lasts[:-1]
    if not is_long.any():
        return rings
    at = np.flatnonzero(is_long)
    azimuth, length = inverse(rings.lon[at], rings.lat[at], rings.lon[at + 1], rings.lat[at + 1])
    pieces = np.maximum(1, np.ceil(length / longest[at])).astype(np.int64)
    extra = pieces - 1
    edge = np.repeat(np.arange(len(at)), extra)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(extra) - extra, extra) + 1
    on = direct(
        rings.lon[at[edge]], rings.lat[at[edge]], azimuth[edge], place * (length / pieces)[edge]
    )
    where = at[edge] + 1
    grown = np.zeros(len(rings.lon), dtype=np.int64)
    grown[at] = extra
    before = np.concatenate([[0], np.cumsum(grown)])
    return rings._replace(
        lon=np.insert(rings.lon, where, on.lon),
        lat=np.insert(rings.lat, where, on.lat),
        normal=np.insert(rings.normal, where, unit_vectors(on.lon, on.lat), axis=0),
        start=rings.start + before[rings.start],
    )


def drawn(plane: Floats, start: Indices, owner: Indices) -> Shapes:
    """Draw polygons, one for each owner 0, 1, 2 ..., of rings in a plane; places (v, 2)."""
    of_place = np.repeat(np.arange(len(owner)), np.diff(start))
    lines = np.asarray(shapely.linearrings(plane, indices=of_place))
    return np.asarray(shapely.polygons(lines, indices=owner))


def areas(plane: Floats, start: Indices) -> Floats:
    """Give what closed rings enclose in a plane, shape (r,): less than 0 where clockwise."""
    x, y = plane.T
    cross = np.zeros(len(plane))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[start[1:] - 1] = 0.0
    enclosed: Floats = np.add.reduceat(cross, start[:-1]) / 2.0
    return enclosed


def holes(owner: Indices) -> Bools:
    """Tell which rings are holes: all but the first of each owner."""
    return np.concatenate([[False], owner[1:] == owner[:-1]])


def turned(plane: Floats, start: Indices, owner: Indices) -> Floats:
    """Turn rings so that what they enclose lies to the left: exteriors, but not holes.

    Places of shape (v, 2), with the first of each ring again at its end.
    """
    wrong = (areas(plane, start) < 0.0) != holes(owner)
    if not wrong.any():
        return plane
    ring = np.repeat(np.arange(len(owner)), np.diff(start))
    at = np.arange(len(plane))
    mirrored = start[ring] + start[ring + 1] - 1 - at
    return plane[np.where(wrong[ring], mirrored, at)]


def drawn_in(plane: Floats, start: Indices, owner: Indices, metres: float) -> Shapes:
    """Draw polygons whose borders lie so many metres further in, with their corners mitred.

    Rings are turned as by :func:`turned`. What has very short edges or sharp
    corners, in which they would cross, is left to GEOS.
    """
    inner, odd = _moved_in(plane, start, owner, metres)
    return _filled(plane, inner, start, owner, odd, metres)


def judged(plane: Floats, start: Indices, owner: Indices, metres: float) -> tuple[Shapes, Bools]:
    """Draw polygons without holes in, likewise, and tell which are simple and broad for sure.

    Those are with their borders moved in, and as far out: nothing of a border
    comes near another part of it, from inside or outside.
    """
    inner, odd = _moved_in(plane, start, owner, metres)
    outer, _ = _moved_in(plane, start, owner, -metres)
    shapes = _filled(plane, inner, start, owner, odd, metres)
    simple = np.asarray(shapely.is_valid(shapes) & shapely.is_valid(drawn(outer, start, owner)))
    simple[owner[areas(inner, start) <= 0.0]] = False  # inside out
    if odd.size:
        given = drawn(plane, start, owner)[odd]
        simple[odd] = (
            shapely.is_valid(given)
            & (shapely.area(given) > FLAT_M * shapely.length(given))
            & (shapely.get_num_geometries(shapes[odd]) == 1)
            & (shapely.get_num_interior_rings(_grown(given, metres)) == 0)
        )
    return shapes, simple


def _filled(
    plane: Floats, inner: Floats, start: Indices, owner: Indices, odd: Indices, metres: float
) -> Shapes:
    shapes = drawn(inner, start, owner)
    if odd.size:
        outer = drawn(plane, start, owner)[odd]
        shapes[odd] = _grown(outer, -metres)
    return shapes


def _grown(shapes: Shapes, metres: float) -> Shapes:
    return np.asarray(shapely.buffer(shapes, metres, join_style="mitre"))


def _moved_in(
    plane: Floats, start: Indices, owner: Indices, metres: float
) -> tuple[Floats, Indices]:
    """Move places inwards, and tell of which owners the borders may cross then."""
    first = start[:-1]
    last = start[1:] - 1
    ahead = np.zeros_like(plane)
    ahead[:-1] = np.diff(plane, axis=0)
    ahead[last] = ahead[first]
    length = np.sqrt(np.einsum("ij,ij->i", ahead, ahead))
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead /= length[:, None]
    behind = np.empty_like(ahead)
    behind[1:] = ahead[:-1]
    behind[first] = ahead[last - 1]
    cosine = np.einsum("ij,ij->i", ahead, behind)
    left = np.stack([-(ahead[:, 1] + behind[:, 1]), ahead[:, 0] + behind[:, 0]], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = plane + left * (metres / (1.0 + cosine))[:, None]
    unsafe = ~((length > _SHORT_M) & (cosine > _SHARP - 1.0))
    odd = np.unique(owner[np.repeat(np.arange(len(owner)), np.diff(start))[unsafe]])
    inner[~np.isfinite(inner)] = 0.0
    return inner, odd
