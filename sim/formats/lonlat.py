"""GeoJSON's polygons (RFC 7946): straight in longitude and latitude, cut at the antimeridian."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry.polygon import orient

from sim.errors import GeometryError
from sim.formats.outlines import Outline, straight_outlines
from sim.geometry.earth import Geodesics
from sim.geometry.footprint import Edges, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint

    Ring = list[tuple[float, float]]

_SEAM = 180.0
_POLE = 90.0
_NEAR = 1e-9  # degrees, a tenth of a millimetre: what is so near a seam or a pole is on it
_HALVINGS = 48  # of a side, which leave less than a micrometre of any on Earth
_ACROSS_HOLE = 2  # ways along the antimeridian, this side of a hole and beyond it
_MERIDIANS = (0.0, 90.0, -90.0, *range(-170, 180, 10))  # at which to cut instead, the first clear
_MOST_GEODESICS = 500_000  # beside those of the vertices
_LONGEST_DEG = 90.0  # a side that spans less has one shorter way alone


def polygons_of(parts: Sequence[Sequence[Ring]]) -> list[Polygon]:
    """Make polygons of the rings of a multipolygon, exterior first and then holes.

    Parts that share a piece of the antimeridian become one (RFC 7946, 3.1.9), and
    one that is cut along it to a pole becomes a ring round the pole. A side from
    179 to -179 degrees is taken the short way.

    Raises
    ------
    GeometryError
        If some rings make no polygon, or their sides would take more than 500,000
        geodesics to follow in all.
    """
    here: list[list[Ring]] = []
    west: list[list[Ring]] = []
    east: list[list[Ring]] = []
    for part in parts:
        rings = [list(ring) for ring in part]
        at_west, at_east = _touches(rings, -_SEAM), _touches(rings, _SEAM)
        if at_west and at_east:
            rings = _turned(rings)
            rings[0] = [_within(place) for place in _round_pole(rings[0])]
        (east if at_east and not at_west else west if at_west and not at_east else here).append(
            rings
        )
    if east and west:
        return _each(here) + _joined(east, west)
    return _each((*here, *east, *west))


def _each(parts: Iterable[list[Ring]]) -> list[Polygon]:
    """Make a polygon of each part, until following their sides has taken too much."""
    found, spare = [], _MOST_GEODESICS
    for rings in parts:
        found.append(_polygon(rings))
        spare -= sum(len(path.edge) for path in found[-1].paths) - sum(map(len, rings))
        if spare < 0:
            raise GeometryError(
                f"the sides of all polygons together are so long that more than"
                f" {_MOST_GEODESICS:,} geodesics would be needed to follow them",
                hint="part the polygons into several features",
            )
    return found


def _polygon(rings: Sequence[Ring]) -> Polygon:
    if not rings:
        raise GeometryError("a polygon has at least one ring")
    exterior, *holes = (tuple(ring) for ring in rings)
    return Polygon(exterior, tuple(holes), Edges.STRAIGHT)  # type: ignore[arg-type]


def _touches(rings: Sequence[Ring], lon: float) -> bool:
    """Tell whether a side of the exterior runs along a meridian."""
    return any(_along(rings[0] if rings else [], lon))


def _along(ring: Ring, lon: float) -> list[bool]:
    """Tell which sides of a ring run along a meridian."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    return [a[0] == b[0] == lon and a != b for a, b in sides]


def _joined(east: list[list[Ring]], west: list[list[Ring]]) -> list[Polygon]:
    """Unite what lies on either side of the antimeridian, its sides being straight there."""
    apart = _each((*east, *west))  # refuses what makes none
    shifted = [[[(lon + 360.0, lat) for lon, lat in ring] for ring in part] for part in west]
    planar = [shapely.Polygon(ring[0], ring[1:]) for ring in (*east, *shifted)]
    if not shapely.is_valid(planar).all():
        return apart  # what crosses itself is refused where it is drawn
    united = shapely.get_parts(shapely.union_all(planar))
    if len(united) >= len(apart):
        return apart
    return [
        _polygon([_back(ring.coords) for ring in (whole.exterior, *whole.interiors)])
        for whole in united
    ]


def _back(ring: Iterable[tuple[float, ...]]) -> Ring:
    return [_within(place) for place in ring]


def _within(place: tuple[float, ...]) -> tuple[float, float]:
    lon, lat, *_ = place
    return (lon - 360.0 if lon > _SEAM else lon), lat


def _turned(rings: list[Ring]) -> list[Ring]:
    """Cut what goes round a pole elsewhere, where a hole lies across its cut: it has a hole again.

    Such a hole is left out of the rings' exterior, at either end of the map.
    """
    if _ways(_along(rings[0], _SEAM)) < _ACROSS_HOLE:
        return rings
    for hole in rings[1:]:
        _polygon([hole])  # refuses what makes none
    here = shapely.Polygon(rings[0], rings[1:])
    if not shapely.is_valid(here):
        return rings  # what crosses itself is refused where it is drawn
    both = shapely.union_all([here, translate(here, 360.0)])
    for lon in _MERIDIANS:
        if _cuts(both, lon) == 1:
            turned = shapely.intersection(both, shapely.box(lon, -_POLE, lon + 360.0, _POLE))
            if isinstance(turned, shapely.Polygon):
                found = [shapely.get_coordinates(ring) for ring in shapely.get_rings(turned)]
                return [list(map(tuple, found[0].tolist())), *map(_back, found[1:])]
    return rings


def _ways(along: list[bool]) -> int:
    """Count how often a ring begins to go along a meridian."""
    return sum(here and not before for before, here in zip(along[-1:] + along, along, strict=False))


def _cuts(shape: shapely.Geometry, lon: float) -> int:
    """Count in how many pieces a meridian lies in a shape."""
    meridian = shapely.LineString([(lon, -_POLE), (lon, _POLE)])
    found = shapely.get_parts(shapely.line_merge(shapely.intersection(shape, meridian)))
    return int((shapely.length(found) > 0.0).sum())


def _round_pole(ring: Ring) -> Ring:
    """Take the way along the antimeridian to a pole and back out of a ring.

    Left are the sides round the pole, cut where they span so much that the
    shorter way would be the other.
    """
    ring = ring[:-1] if ring[0] == ring[-1] else ring
    poles = [i for i, (_, lat) in enumerate(ring) if abs(lat) == _POLE]
    if not poles:
        return ring
    ring = ring[poles[0] :] + ring[: poles[0]]
    onward, back = _off_pole(ring), _off_pole([ring[0], *ring[:0:-1]])
    (lon, lat), (lon1, lat1) = ring[onward], ring[-back]
    if abs(lon - lon1) != 2.0 * _SEAM or lat != lat1 or abs(lat) == _POLE:
        return ring
    return list(_stepped(ring[onward : len(ring) - back + 1]))


def _off_pole(ring: Ring) -> int:
    """Give where the way from a pole along a meridian ends, in a ring that begins at the pole."""
    places = enumerate(ring)
    at = next((i for i, (_, lat) in places if abs(lat) != _POLE), 1)
    meridian = ring[at - 1][0]
    while at < len(ring) and ring[at][0] == meridian:
        at += 1
    return at - 1


def _stepped(ring: Ring) -> Iterator[tuple[float, float]]:
    for (lon, lat), (lon1, lat1) in pairwise(ring):
        pieces = max(1, ceil(abs(lon1 - lon) / _LONGEST_DEG))
        for k in range(pieces):
            yield lon + (lon1 - lon) * k / pieces, lat + (lat1 - lat) * k / pieces
    yield ring[-1]


def rings_of(footprint: Footprint) -> list[list[list[list[float]]]]:
    """Give a footprint as the rings of GeoJSON polygons: closed, exteriors counter-clockwise.

    They follow it within 1 cm, and are cut at the antimeridian.

    Raises
    ------
    GeometryError
        If a hole goes round a pole, or over one.
    """
    found = straight_outlines(footprint)
    if any(_is_polar(hole) for one in found for hole in one.holes):
        raise GeometryError("a hole goes round a pole, or over one, which GeoJSON cannot say well")
    return [
        [ring.tolist() for ring in (piece.exterior, *piece.holes)]
        for one in found
        for piece in cut(one)
    ]


def _is_polar(ring: Floats) -> bool:
    """Tell whether a ring goes round a pole, or over one."""
    return bool(_turns(_unrolled(ring))) or bool(np.abs(ring[:, 1]).max() > _POLE - _NEAR)


def cut(outline: Outline) -> list[Outline]:
    """Cut an outline at the antimeridian, its sides taken as straight (RFC 7946, 3.1.9).

    The pieces lie between -180 and 180 degrees. The border of one that holds a pole
    goes along the antimeridian to the pole, and along that from one side to the other.
    """
    return [
        Outline.of(map(shapely.get_coordinates, shapely.get_rings(orient(piece))))
        for piece in _pieces(_flat(outline))
    ]


def _flat(outline: Outline) -> shapely.Geometry:
    """Lay an outline out in a plane of longitudes that go on beyond 180 degrees."""
    exterior = shapely.Polygon(_laid(outline.exterior))
    west, _, east, _ = shapely.bounds(exterior)
    holes = [shapely.Polygon(_laid(hole[::-1])) for hole in outline.holes]
    holes = [translate(h, 360.0 * ceil((west - h.bounds[0]) / 360.0)) for h in holes]
    if all(h.bounds[2] <= east and max(map(abs, h.bounds[1::2])) < _POLE for h in holes):
        return shapely.Polygon(exterior.exterior, [hole.exterior for hole in holes])
    holes += [translate(hole, -360.0) for hole in holes]  # across the way to a pole
    return shapely.difference(exterior, shapely.union_all(holes))


def _laid(ring: Floats) -> Floats:
    """Lay out a ring that goes counter-clockwise; one round a pole is closed along that."""
    places = _unrolled(ring)
    return _to_pole(places) if _turns(places) else places


def with_seam(ring: Floats) -> Floats:
    """Add to a closed ring, whose sides are geodesics, where those cross the antimeridian."""
    is_off = np.abs(ring[:, 0]) < _SEAM - _NEAR
    leaps = np.abs(np.diff(ring[:, 0])) > _SEAM
    at = np.flatnonzero(leaps & is_off[:-1] & is_off[1:])
    if not at.size:
        return ring
    sides = Geodesics(*ring[at].T, *ring[at + 1].T)
    lat = sides.at(to_seam(sides)).lat
    return np.insert(ring, at + 1, np.stack([np.copysign(_SEAM, ring[at, 0]), lat], axis=-1), 0)


def to_seam(sides: Geodesics) -> Floats:
    """Give how far from their starts geodesics cross the antimeridian, as each does once (m)."""
    near, far = np.zeros_like(sides.distance), sides.distance
    for _ in range(_HALVINGS):
        middle = (near + far) / 2.0
        is_before = np.signbit(sides.at(middle).lon) == np.signbit(sides.lon)
        near, far = np.where(is_before, middle, near), np.where(is_before, far, middle)
    return (near + far) / 2.0


def _unrolled(ring: Floats) -> Floats:
    """Follow a closed ring by its shorter ways, without leaps at the antimeridian."""
    leaps = np.rint(np.diff(ring[:, 0], prepend=ring[0, 0]) / 360.0)
    return np.stack([ring[:, 0] - 360.0 * np.cumsum(leaps), ring[:, 1]], axis=-1)


def _turns(places: Floats) -> int:
    """Count how often a ring that was unrolled goes round the Earth eastwards."""
    return round(float(places[-1, 0] - places[0, 0]) / 360.0)


def _to_pole(places: Floats) -> Floats:
    """Close a ring that goes once round a pole, by the antimeridian and the pole."""
    lon, lat = places.T
    turn = 360.0 * _turns(places)
    seam = 360.0 * floor((max(lon[0], lon[-1]) + _SEAM) / 360.0) - _SEAM
    here = np.minimum(lon[:-1], lon[1:]), np.maximum(lon[:-1], lon[1:])
    at = int(np.argmax((here[0] <= seam) & (seam <= here[1])))
    step = lon[at + 1] - lon[at]
    cross = lat[at] + (lat[at + 1] - lat[at]) * ((seam - lon[at]) / step if step else 0.0)
    pole = float(np.copysign(_POLE, turn))
    last = seam + turn
    after = places[1 : at + 1] + np.array([turn, 0.0])
    closing = [[last, cross], [last, pole], [seam, pole], [seam, cross]]
    return np.concatenate([[[seam, cross]], places[at + 1 :], after, closing])


def _pieces(polygon: shapely.Geometry) -> list[shapely.Polygon]:
    """Cut at every antimeridian, and bring the pieces back to -180 to 180 degrees."""
    west, _, east, _ = shapely.bounds(polygon)
    if west >= -_SEAM and east <= _SEAM:
        return list(shapely.get_parts(polygon))
    turns = range(floor((west + _SEAM) / 360.0), ceil((east + _SEAM) / 360.0))
    boxes = [shapely.box(360.0 * k - _SEAM, -_POLE, 360.0 * k + _SEAM, _POLE) for k in turns]
    if not shapely.is_valid(polygon):
        raise GeometryError("drawn straight in longitude and latitude, its sides cross each other")
    return [
        translate(piece, -360.0 * turn)
        for turn, box in zip(turns, boxes, strict=True)
        for piece in shapely.get_parts(shapely.intersection(polygon, box))
        if isinstance(piece, shapely.Polygon)
    ]
