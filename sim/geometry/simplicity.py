"""What is wrong with a ring, said with its edges and a place: crossing, flat, hole outside."""

from __future__ import annotations

from math import atan2, cos, sin
from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.errors import GeometryError
from sim.geometry.earth import inverse, show
from sim.geometry.edges import split
from sim.geometry.frames import Frame, piece_length_m
from sim.geometry.region import home_frame, planar, reach_m
from sim.geometry.rings import FLAT_M
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Cap, Path

_MAY_BE_FLAT_M = 100.0  # a geodesic in a shared frame, off the middle, is straight within 20 m
_TOUCH_M = 0.001


def check_ring(cap: Cap, ring: Path, what: str) -> bool:
    """Check that a closed path is a ring, and tell whether it runs clockwise.

    Raises
    ------
    GeometryError
        If it encloses no area, or edges of it cross, touch or fold back; they
        are counted from 1, edge 1 joining the first two vertices.
    """
    frame = home_frame(cap)
    pieces = split(ring, float(piece_length_m(reach_m(cap))))
    plane = frame.project(pieces.lon, pieces.lat)
    plane[-1] = plane[0]
    if _breadth(plane) < _MAY_BE_FLAT_M and _breadth(_centred(cap, pieces)) < FLAT_M:
        middle = Position(float(ring.lon[0]), float(ring.lat[0]))
        raise GeometryError(
            f"{what} encloses no area: its vertices lie on a line at {show(middle)}"
        )
    if not shapely.is_valid(shapely.Polygon(plane)):
        _refuse_meeting(frame, plane, pieces.edge, what)
    return not shapely.is_ccw(shapely.LinearRing(plane))


def check_holes(cap: Cap, paths: Sequence[Path]) -> None:
    """Check that holes lie inside the exterior (the first path) and leave some of it.

    Raises
    ------
    GeometryError
        Names the hole, and a place where it reaches outside.
    """
    frame = home_frame(cap)
    for number, path in enumerate(paths[1:], 1):
        away = inverse(cap.centre.lon, cap.centre.lat, path.lon, path.lat).distance
        if (away > cap.radius_m + FLAT_M).any():  # perhaps where no frame of the exterior reaches
            place = Position(float(path.lon[away.argmax()]), float(path.lat[away.argmax()]))
            raise GeometryError(f"hole {number} lies outside its exterior near {show(place)}")
    exterior, *holes = (planar(frame, cap, path) for path in paths)
    room = shapely.buffer(exterior, FLAT_M, join_style="mitre")
    for number, hole in enumerate(holes, 1):
        outside = shapely.difference(hole, room)
        if not outside.is_empty:
            place = _place(frame, shapely.get_coordinates(shapely.point_on_surface(outside)))
            raise GeometryError(f"hole {number} lies outside its exterior near {show(place)}")
    left = shapely.difference(exterior, shapely.union_all(holes))
    if shapely.buffer(left, -FLAT_M / 2).is_empty:
        raise GeometryError("the holes leave nothing of the polygon")


def _centred(cap: Cap, pieces: Path) -> Floats:
    """Draw a path in the frame in which lines through the middle are straightest."""
    return Frame(cap.centre).project(pieces.lon, pieces.lat)


def _breadth(plane: Floats) -> float:
    """How far the places of a ring leave the line through them that fits best (m), at most."""
    x, y = (plane - plane.mean(axis=0)).T
    bearing = atan2(2.0 * x.dot(y), x.dot(x) - y.dot(y)) / 2.0
    return float(np.ptp(y * cos(bearing) - x * sin(bearing)))


def _refuse_meeting(frame: Frame, plane: Floats, edge: NDArray[np.int64], what: str) -> None:
    """Raise a GeometryError for two edges that meet elsewhere than at a common vertex."""
    ahead = np.diff(plane, axis=0)
    behind = np.roll(ahead, 1, axis=0)
    turn = behind[:, 0] * ahead[:, 1] - behind[:, 1] * ahead[:, 0]
    size = np.maximum(np.linalg.norm(ahead, axis=1), np.linalg.norm(behind, axis=1))
    folds = ((behind * ahead).sum(axis=1) < 0) & (np.abs(turn) <= _TOUCH_M * size)
    if folds.any():
        at = int(np.argmax(folds))
        pair = _numbered(int(edge[at - 1]), int(edge[at]))
        place = show(_place(frame, plane[at : at + 1]))
        raise GeometryError(f"edges {pair} of {what} fold back on each other near {place}")
    segments = np.asarray(shapely.linestrings(np.stack([plane[:-1], plane[1:]], axis=1)))
    first, second = shapely.STRtree(segments).query(segments, predicate="intersects")
    apart = second - first
    for k in np.flatnonzero((apart > 1) & (apart < len(segments) - 1)).tolist():
        i, j = first[k], second[k]
        meeting = shapely.get_coordinates(shapely.intersection(segments[i], segments[j]))
        pair = _numbered(int(edge[i]), int(edge[j]))
        raise GeometryError(f"edges {pair} of {what} cross near {show(_place(frame, meeting))}")
    reason = shapely.is_valid_reason(shapely.Polygon(plane))
    raise GeometryError(f"{what} is no simple ring: {reason}")


def _numbered(one: int, other: int) -> str:
    return f"{min(one, other) + 1} and {max(one, other) + 1}"


def _place(frame: Frame, plane: Floats) -> Position:
    lon, lat = frame.unproject(plane[:1])
    return Position(float(lon[0]), float(lat[0]))
