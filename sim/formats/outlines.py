"""Footprints as polygons of places, for formats that know polygons alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from shapely.geometry.polygon import orient

from sim.errors import GeometryError
from sim.geometry.earth import Geodesics, inverse
from sim.geometry.footprint import Edges, Polygon
from sim.geometry.region import polygonal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint
    from sim.geometry.frames import Frame
    from sim.geometry.region import Region

    Indices = NDArray[np.int64]

_EXCHANGED_M = 0.005  # how far chords leave arcs in outlines that another program works with,
_DRAWN_M = 1.0  # and in those that are looked at
_BENT_M = 0.003  # how far a side straight in longitude and latitude may leave its geodesic,
_BENT = 5e-9  # or this share of a long one
_MOST = 50_000  # pieces that one side may take
_EVEN = 2  # shares, at each cut of a polygon with holes


class Outline(NamedTuple):
    """A polygon: its border and those of its holes, each a closed ring of shape (n, 2).

    Columns are longitude and latitude; the last place of a ring is its first. The
    exterior goes counter-clockwise, and holes go clockwise.
    """

    exterior: Floats
    holes: tuple[Floats, ...]

    @classmethod
    def of(cls, rings: Iterator[Floats]) -> Outline:
        """Make an outline of an exterior and holes."""
        exterior, *holes = rings
        return cls(exterior, tuple(holes))


def outlines(footprint: Footprint) -> list[Outline]:
    """Give a footprint as polygons whose sides are geodesics, to be worked with.

    Sides along parallels, and those straight in longitude and latitude, are
    followed within 3 mm; the arcs of circles, and those round the corners of
    corridors and of grown polygons, within 7 mm. Longitudes are in [-180, 180], and
    leap where a ring crosses the antimeridian.
    """
    if isinstance(footprint, Polygon):
        return [Outline.of(_on_globe(path.lon, path.lat) for path in footprint.paths)]
    return _of_region(footprint.drawn(0.0, 2.0 * _EXCHANGED_M))


def straight_outlines(footprint: Footprint) -> list[Outline]:
    """Give :func:`outlines` with sides that are straight in longitude and latitude.

    That is how RFC 7946 has them (3.1.1). They follow geodesics within 3 mm, or 5e-9 of
    their length.

    Raises
    ------
    GeometryError
        If no 50,000 such sides follow one of the footprint's own.
    """
    if isinstance(footprint, Polygon) and footprint.edges is Edges.STRAIGHT:
        rings = (footprint.exterior, *footprint.holes)
        return [Outline.of(np.array([*ring, ring[0]]) for ring in rings)]
    return [
        Outline.of(map(_straightened, (one.exterior, *one.holes))) for one in outlines(footprint)
    ]


def drawn_outlines(footprint: Footprint) -> list[Outline]:
    """Give a footprint as polygons to be looked at: arcs within 1 m, geodesic sides up to 75 km."""
    return _of_region(_drawn(footprint))


def whole_rings(footprint: Footprint) -> list[Floats]:
    """Give rings that together cover a footprint, which is cut through its holes; within 1 m."""
    region = _drawn(footprint)
    parts = [part for one in shapely.get_parts(region.shape) for part in _without_holes(one)]
    return [_outline(part, region.home).exterior for part in parts]


def _drawn(footprint: Footprint) -> Region:
    """Give a footprint as a planar shape; of a polygon it has no arcs."""
    return (
        footprint.region if isinstance(footprint, Polygon) else footprint.drawn(0.0, 2.0 * _DRAWN_M)
    )


def _of_region(region: Region) -> list[Outline]:
    return [_outline(orient(part), region.home) for part in shapely.get_parts(region.shape)]


def _on_globe(lon: Floats, lat: Floats) -> Floats:
    """Give places with longitudes from -180 to 180; what is cut along a parallel may go beyond."""
    return np.stack([lon - 360.0 * np.rint(lon / 360.0), lat], axis=-1)


def _without_holes(polygon: shapely.Polygon) -> Iterator[shapely.Polygon]:
    """Cut a planar polygon through its holes until none is left."""
    waiting = [polygon]
    while waiting:
        one = waiting.pop()
        if not shapely.get_num_interior_rings(one):
            yield one
            continue
        west, south, east, north = shapely.bounds(one)
        middle = shapely.bounds(one.interiors[0])[::_EVEN].mean()
        for low, high in ((west, middle), (middle, east)):
            side = shapely.intersection(one, shapely.box(low, south, high, north))
            waiting += list(shapely.get_parts(polygonal(side)))


def _outline(polygon: shapely.Polygon, frame: Frame) -> Outline:
    rings = map(shapely.get_coordinates, shapely.get_rings(polygon))
    return Outline.of(np.stack(frame.unproject(ring), axis=-1) for ring in rings)


def _straightened(ring: Floats) -> Floats:
    """Cut the geodesics of a ring into pieces which are nearly straight."""
    sides = Geodesics(*ring[:-1].T, *ring[1:].T)
    side, metres = _cuts(sides)
    if not side.size:
        return ring
    order = np.lexsort((metres, side))
    between = sides[side[order]].at(metres[order])
    return np.insert(ring, side[order] + 1, np.stack([between.lon, between.lat], axis=-1), 0)


def _cuts(sides: Geodesics) -> tuple[Indices, Floats]:
    """Halve geodesics and their parts until all are nearly straight: which ones, how far on."""
    far = sides.distance
    near, side = np.zeros_like(far), np.arange(len(far))
    allowed = np.maximum(_BENT_M, _BENT * far)
    found: list[tuple[Indices, Floats]] = []
    while (bent := _off(sides[side], near, far) > allowed[side]).any():
        side, near, far = side[bent], near[bent], far[bent]
        middle = (near + far) / 2
        found.append((side, middle))
        _check_count(sides, np.concatenate([which for which, _ in found]))
        side = np.concatenate([side, side])
        near, far = np.concatenate([near, middle]), np.concatenate([middle, far])
    if not found:
        return side[:0], near[:0]
    which, metres = zip(*found, strict=True)
    return np.concatenate(which), np.concatenate(metres)


def _check_count(sides: Geodesics, side: Indices) -> None:
    counts = np.bincount(side)
    worst = int(np.argmax(counts))
    if counts[worst] >= _MOST:
        long_km = sides.distance[worst] / 1000
        raise GeometryError(f"a side of {long_km:.0f} km takes more than {_MOST} straight pieces")


def _off(sides: Geodesics, near: Floats, far: Floats) -> Floats:
    """How far the middles of parts of geodesics lie from those of the straight sides between."""
    start, middle, end = sides.at(near), sides.at((near + far) / 2), sides.at(far)
    turn = (end.lon - start.lon + 180.0) % 360.0 - 180.0
    there = start.lon + turn / 2, (start.lat + end.lat) / 2
    found: Floats = inverse(*there, middle.lon, middle.lat).distance
    return found
