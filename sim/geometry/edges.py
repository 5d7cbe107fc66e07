"""Edges of footprints: read in one of three styles, cut into geodesics short enough to be exact."""

from __future__ import annotations

from enum import StrEnum
from itertools import combinations, pairwise
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import GeometryError
from sim.geometry.earth import (
    LONGEST_M,
    REACH_M,
    checked_position,
    direct,
    inverse,
    position_of,
    same_place,
    show,
    unit_vectors,
)
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats

    _Vector = tuple[float, ...]

_CURVE_M = 0.003  # how far the geodesics that stand for a curved edge may leave it
_MOST_PER_EDGE = (
    200_000  # geodesics that one curved edge may take: a parallel round the Earth has 90,000
)
_MOST_PER_PATH = 250_000  # that all curved edges of one may take beside those of their vertices
_WITHIN_DEG = (180.0, 90.0)  # so positions are kept, with longitudes not a turn off
_ROUNDS = 32  # that find the smallest cap; few take more than five
_SLACK = 1.0 + 1e-9
_TINY = float(np.finfo(float).tiny)
_TURN_DEG = 0.1  # at least so at a corner: a ring of 2,000 places turns by 0.18 at each


class Edges(StrEnum):
    """What joins two vertices."""

    GEODESIC = "geodesic"  # the shortest way
    PARALLEL = "parallel"  # along the parallel between equal latitudes (AIP), else geodesic
    STRAIGHT = "straight"  # straight in longitude and latitude (RFC 7946)


class Path(NamedTuple):
    """Places joined by geodesics, and for each of those the edge that it belongs to."""

    lon: Floats  # shape (n,)
    lat: Floats
    edge: NDArray[np.int64]  # shape (n - 1,)


class Cap(NamedTuple):
    """All places within a geodesic distance of a centre."""

    centre: Position
    vector: Floats  # the centre as a unit vector
    radius_m: float


def read_positions(
    positions: Iterable[Iterable[float]], what: str, *, closed: bool
) -> tuple[Position, ...]:
    """Check positions and drop those that repeat the one before, or close the ring."""
    given = [tuple(position) for position in positions]
    if not given:
        return ()
    columns = np.array(given, dtype=np.float64)
    if columns.shape[1:] != (2,) or not (np.abs(columns) <= _WITHIN_DEG).all():
        given = [checked_position(p, f"vertex {i} of {what}") for i, p in enumerate(given, 1)]
        columns = np.array(given)
    lon, lat = columns.T
    vectors = unit_vectors(lon, lat)
    fresh = np.ones(len(vectors), dtype=bool)
    fresh[1:] = ~same_place(vectors[1:], vectors[:-1])
    kept = np.flatnonzero(fresh)
    if closed and len(kept) > 1 and same_place(vectors[kept[-1]], vectors[0]):
        kept = kept[:-1]
    return tuple(map(Position, lon[kept].tolist(), lat[kept].tolist()))


def lay(vertices: Sequence[Position], style: Edges, what: str, *, closed: bool) -> Path:
    """Join vertices by edges of a style, given as geodesics that leave it by at most 3 mm.

    Raises
    ------
    GeometryError
        If an edge joins antipodes, so that its way is ambiguous; or if more than
        250,000 geodesics would be needed.
    """
    ends = [*vertices, vertices[0]] if closed else list(vertices)
    lon, lat = np.array(ends).T
    lengths = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:]).distance
    if (lengths > LONGEST_M).any():
        at = int(np.argmax(lengths))
        raise GeometryError(
            f"edge {at + 1} of {what} joins antipodes near {show(ends[at])} and"
            f" {show(ends[at + 1])}, so its way is ambiguous",
            hint="give a vertex between",
        )
    if style is Edges.GEODESIC:
        return Path(lon, lat, np.arange(len(ends) - 1))
    runs = list(_curves(ends, _are_straight(lon, lat, style), what))
    counts = [len(run) for run in runs]
    joined = np.concatenate([*runs, [ends[-1]]])
    return Path(joined[:, 0], joined[:, 1], np.repeat(np.arange(len(runs)), counts))


def _are_straight(lon: Floats, lat: Floats, style: Edges) -> NDArray[np.bool_]:
    """Tell of which edges their geodesic leaves them by so little that it stands for them."""
    turn = (lon[1:] - lon[:-1] + 180.0) % 360.0 - 180.0
    along_lon = np.stack([lon[:-1], lon[:-1] + 0.5 * turn, lon[:-1] + turn])
    along_lat = np.stack([lat[:-1], lat[:-1] + 0.5 * (lat[1:] - lat[:-1]), lat[1:]])
    near: NDArray[np.bool_] = _midway_off(along_lon, along_lat)[0] <= _CURVE_M
    return near | (lat[1:] != lat[:-1]) if style is Edges.PARALLEL else near


def _curves(ends: Sequence[Position], straight: NDArray[np.bool_], what: str) -> Iterator[Floats]:
    """Give the places of each edge in turn, until there are too many."""
    spare = _MOST_PER_PATH
    for (start, end), is_straight in zip(pairwise(ends), straight.tolist(), strict=True):
        places = np.array([start]) if is_straight else _curve(start, end)
        spare -= len(places) - 1
        if spare < 0:
            raise GeometryError(
                f"the edges of {what} are so long that more than {_MOST_PER_PATH} geodesics"
                " would be needed to follow them",
                hint="cut it up, or join its vertices by geodesics",
            )
        yield places


def _curve(start: Position, end: Position) -> Floats:
    """Give the places from which geodesics follow a curved edge, its end left out; shape (k, 2)."""
    turn = (end.lon - start.lon + 180.0) % 360.0 - 180.0
    pieces = 1
    while True:
        share = np.arange(2 * pieces + 1) / (2 * pieces)
        lon, lat = start.lon + share * turn, start.lat + share * (end.lat - start.lat)
        off = float(_midway_off(lon, lat).max())
        if off <= _CURVE_M or pieces >= _MOST_PER_EDGE:
            return np.stack([lon[:-1:2], lat[:-1:2]], axis=-1)
        pieces = min(_MOST_PER_EDGE, int(pieces * max(1.2, np.sqrt(off / _CURVE_M) * 1.02)) + 1)


def _midway_off(lon: Floats, lat: Floats) -> Floats:
    """How far every second place lies off the geodesic that joins its neighbours (m)."""
    back = inverse(lon[1::2], lat[1::2], lon[:-1:2], lat[:-1:2])
    ahead = inverse(lon[1::2], lat[1::2], lon[2::2], lat[2::2])
    bend = np.abs(np.sin(np.radians(ahead.azimuth - back.azimuth)))
    total = np.maximum(back.distance + ahead.distance, np.finfo(float).tiny)
    off: Floats = back.distance * ahead.distance * bend / total
    return off


def corners(path: Path, *, closed: bool) -> int:
    """Count the places at which a path turns, and the ends of one that is open.

    The geodesics that stand for a curved edge turn by less than a corner does.
    """
    lon, lat = path.lon, path.lat
    if closed:
        lon, lat = (np.concatenate([values[-2:-1], values]) for values in (lon, lat))
    behind = inverse(lon[1:-1], lat[1:-1], lon[:-2], lat[:-2]).azimuth
    ahead = inverse(lon[1:-1], lat[1:-1], lon[2:], lat[2:]).azimuth
    turn = (ahead - behind) % 360.0 - 180.0
    return int((np.abs(turn) > _TURN_DEG).sum()) + (0 if closed else 2)


def split(path: Path, longest_m: float) -> Path:
    """Cut the geodesics of a path into pieces no longer than asked."""
    azimuth, length = inverse(path.lon[:-1], path.lat[:-1], path.lon[1:], path.lat[1:])
    leg, along = shares(length, longest_m)
    if len(leg) == len(length):
        return path
    lon, lat = path.lon[leg], path.lat[leg]
    inner = along > 0.0
    on = leg[inner]
    joint = direct(path.lon[on], path.lat[on], azimuth[on], along[inner])
    lon[inner], lat[inner] = joint.lon, joint.lat
    return Path(np.append(lon, path.lon[-1]), np.append(lat, path.lat[-1]), path.edge[leg])


def shares(lengths: Floats, longest: float) -> tuple[NDArray[np.int64], Floats]:
    """Cut lengths into equal shares no longer than asked: whose each is, and where it begins."""
    counts = np.maximum(1, np.ceil(lengths / longest)).astype(np.int64)
    of = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return of, place * (lengths / counts)[of]


def cap_round(lon: Floats, lat: Floats, what: str, margin_m: float = 0.0) -> Cap:
    """Find the smallest cap that holds places (and so the geodesics between them) and a margin.

    It is the smallest on a sphere; the radius is then measured on the ellipsoid.

    Raises
    ------
    GeometryError
        If it is not smaller than a hemisphere.
    """
    vectors = unit_vectors(lon, lat)
    position = position_of(_middle(vectors[np.lexsort(vectors.T)]))  # in whatever order they come
    radius = float(inverse(position.lon, position.lat, lon, lat).distance.max()) + margin_m
    if not radius <= REACH_M:
        raise GeometryError(
            f"{what} is not smaller than a hemisphere: it reaches {radius / 1000:.0f} km from"
            f" its middle near {show(position)}",
            hint="check the order of longitude and latitude",
        )
    return Cap(position, unit_vectors(position.lon, position.lat), radius)


def _middle(vectors: Floats) -> _Vector:
    """Give the centre of the smallest cap that holds unit vectors.

    Two or three of them settle it. Starting from any, the farthest from the
    centre joins them and another leaves, so that the cap grows until it holds all
    (Welzl 1991 solves the same by recursion).
    """
    centre = _centre([tuple(vectors.mean(axis=0).tolist())])
    found: list[tuple[float, _Vector]] = []
    on_rim: list[_Vector] = []
    reach = 0.0
    for _ in range(_ROUNDS):
        off = vectors - centre
        square = np.einsum("ij,ij->i", off, off)
        at = int(square.argmax())
        found.append((float(square[at]), centre))
        if square[at] <= reach * _SLACK:
            break
        on_rim.append(tuple(vectors[at].tolist()))
        reach, centre, on_rim = _smallest(on_rim)
    return min(found)[1]


def _smallest(points: list[_Vector]) -> tuple[float, _Vector, list[_Vector]]:
    """Give the smallest cap of at most four points, the last on its rim.

    It is given as the square of its chord, its centre and the points on its rim.
    """
    *others, last = points
    rims = [[one, last] for one in others] or [[last]]
    rims += [[*two, last] for two in combinations(others, 2)]
    centres = [_centre(rim) for rim in rims]
    reach = [max(_square(centre, point) for point in points) for centre in centres]
    return min(zip(reach, centres, rims, strict=True))


def _centre(rim: list[_Vector]) -> _Vector:
    """Give the centre of the smallest cap on whose rim one, two or three points are."""
    x, y, z = (sum(column) for column in zip(*rim, strict=True))
    if len(rim) == 3:  # noqa: PLR2004 - no fewer settle it
        (ax, ay, az), (bx, by, bz) = (
            tuple(u - v for u, v in zip(point, rim[2], strict=True)) for point in rim[:2]
        )
        cross = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        ahead = 1.0 if cross[0] * x + cross[1] * y + cross[2] * z >= 0.0 else -1.0
        x, y, z = (ahead * value for value in cross)
    size = max(sqrt(x * x + y * y + z * z), _TINY)
    return x / size, y / size, z / size


def _square(first: _Vector, second: _Vector) -> float:
    (x, y, z), (u, v, w) = first, second
    return (x - u) * (x - u) + (y - v) * (y - v) + (z - w) * (z - w)
