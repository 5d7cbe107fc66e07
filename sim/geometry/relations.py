"""How footprints lie to each other: whether they meet, who covers whom, and how much."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.geometry.earth import SPREAD, distance_m, inverse, unit_vectors
from sim.geometry.region import BORDER_M, area_km2, is_near, polygonal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.geometry.edges import Cap
    from sim.geometry.footprint import Footprint
    from sim.geometry.frames import Frame
    from sim.geometry.region import Region

_ROUGHLY = SPREAD**2  # of two distances on a sphere, by how much the truth may order them otherwise
_AT_ONCE = 1_000_000  # places x edges that are compared together
_CRACK_M = 0.01  # what is left uncovered but nowhere broader than this counts as covered


def meet(first: Footprint, second: Footprint) -> bool:
    """Tell whether the interiors of two footprints have a place in common.

    Those that meet by more than 1 cm are found, those more than 1 cm apart
    never; in between either answer is right, and a common border is apart.
    """
    apart = distance_m(first.cap.centre, second.cap.centre)
    if apart >= first.cap.radius_m + second.cap.radius_m - BORDER_M:
        return False
    if first.is_round and second.is_round:
        return True
    if first.is_round:
        return _cap_meets(first.cap, second.region)
    if second.is_round:
        return _cap_meets(second.cap, first.region)
    return _regions_meet(first.region, second.region)


def _cap_meets(cap: Cap, region: Region) -> bool:
    """Tell by true distance whether a circle meets a region; its holes are none of it."""
    if region.contains(*(np.array([value]) for value in cap.centre))[0]:
        return True
    return region.nearest_border(cap.centre)[1] < cap.radius_m - BORDER_M


def _regions_meet(first: Region, second: Region) -> bool:
    small, large = sorted((first, second), key=lambda region: region.cap.radius_m)
    return any(
        bool(shapely.intersects(part.solid, other.shape_in(part.frame)))
        for part in small.parts
        for other in large.parts
        if is_near(part.cap, other.cap.vector, other.cap.radius_m)
    )


def apart_m(first: Footprint, second: Footprint) -> float:
    """Give the distance over ground between two footprints, 0 where they meet.

    It is between a corner of one and an edge of the other, and exact.

    Examples
    --------
    >>> from sim.geometry.footprint import Circle
    >>> round(apart_m(Circle((0, 0), 1000), Circle((1, 0), 1000)), 2)
    109319.49
    """
    if meet(first, second):
        return 0.0
    if first.is_round and second.is_round:
        apart = distance_m(first.cap.centre, second.cap.centre)
        return max(0.0, apart - first.cap.radius_m - second.cap.radius_m)
    if first.is_round or second.is_round:
        circle, other = (first, second) if first.is_round else (second, first)
        nearest = other.region.nearest_border(circle.cap.centre)[1]
        return max(0.0, nearest - circle.cap.radius_m)
    one, other_region = first.region, second.region
    return min(_corners_apart_m(one, other_region), _corners_apart_m(other_region, one))


def _corners_apart_m(one: Region, other: Region) -> float:
    """Give the least distance of the corners of one border from the edges of another."""
    lon, lat = (np.concatenate([places[axis] for places in one.rings]) for axis in (0, 1))
    vectors = unit_vectors(lon, lat)
    edges = len(other.border.lon)
    step = max(1, _AT_ONCE // edges)
    rough = [
        other.arcs.distances(vectors[first : first + step, None, :])
        for first in range(0, len(vectors), step)
    ]
    limit = min(float(part.min()) for part in rough) * _ROUGHLY
    least = np.inf
    for number, part in enumerate(rough):
        corner, edge = np.nonzero(part <= limit)
        if corner.size:
            at = corner + number * step
            found = other.border[edge].nearest(lon[at], lat[at])[1]
            least = min(least, float(found.min()))
    return least


def covers(outer: Footprint, inner: Footprint) -> bool:
    """Tell whether the one footprint holds all of the other, give or take its border."""
    if outer.is_round and inner.is_round:
        apart = distance_m(outer.cap.centre, inner.cap.centre)
        return apart + inner.cap.radius_m <= outer.cap.radius_m + BORDER_M
    if outer.is_round:
        farthest = max(
            float(inverse(*outer.cap.centre, *ring).distance.max()) for ring in inner.region.rings
        )
        return farthest <= outer.cap.radius_m + BORDER_M
    if inner.is_round:
        centre = inner.cap.centre
        room = outer.region.nearest_border(centre)[1]
        return bool(
            outer.region.contains(*(np.array([value]) for value in centre))[0]
            and room >= inner.cap.radius_m - BORDER_M
        )
    return (
        False if outer.area_km2 < inner.area_km2 * (1 - 1e-9) else _left_km2(inner, (outer,)) == 0
    )


def uncovered_area_km2(footprint: Footprint, by: Sequence[Footprint]) -> float:
    """Give the area of what a footprint has outside the union of others, in km2.

    What is nowhere broader than 1 cm is no area: 0.0 means covered. The circles
    among several are taken as polygons that leave them by 4 mm, or by 1e-7 of a
    radius beyond 40 km.

    Examples
    --------
    >>> from sim.geometry.footprint import Circle
    >>> raid = Circle((36.7, 36.3), 6000)
    >>> uncovered_area_km2(raid, [raid.buffer(40_000)])
    0.0
    >>> round(uncovered_area_km2(raid, []), 3)
    113.097
    """
    return _uncovered(footprint, tuple(by))


@lru_cache(maxsize=256)  # it keeps footprints alive, with all that is derived from them
def _uncovered(footprint: Footprint, by: tuple[Footprint, ...]) -> float:
    near = tuple(other for other in by if meet(footprint, other))
    if not near:
        return footprint.area_km2
    if any(other.is_round or footprint.is_round for other in near) and any(
        covers(other, footprint) for other in near
    ):
        return 0.0
    return _left_km2(footprint, near)


def _left_km2(footprint: Footprint, by: tuple[Footprint, ...]) -> float:
    total = 0.0
    for tile in footprint.region.tiles:
        left = polygonal(shapely.difference(tile.shape, _drawn(by, tile.cap, tile.frame)))
        if not shapely.buffer(left, -_CRACK_M / 2).is_empty:
            total += area_km2(tile.frame, left)
    return total


def common_area_km2(first: Footprint, second: Footprint) -> float:
    """Give the area that two footprints have in common, in km2."""
    total = 0.0
    for tile in first.region.tiles:
        common = shapely.intersection(tile.shape, _drawn((second,), tile.cap, tile.frame))
        total += area_km2(tile.frame, polygonal(common))
    return total


def _drawn(footprints: Sequence[Footprint], cap: Cap, frame: Frame) -> shapely.Geometry:
    """Draw what footprints have near a cap, in a frame."""
    shapes = [
        part.shape_in(frame)
        for footprint in footprints
        for part in footprint.region.parts
        if is_near(part.cap, cap.vector, cap.radius_m)
    ]
    return shapely.union_all(shapes)
