"""The planar side of a footprint: its shape in gnomonic frames, its border, what lies inside."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from sim.geometry.earth import (
    EARTH_RADIUS_M,
    GEOD,
    SPREAD,
    Arcs,
    Geodesics,
    angles,
    unit_vectors,
)
from sim.geometry.edges import Cap, cap_round, split
from sim.geometry.frames import PIECE_M, SHARED_M, Frame, frame_near, piece_length_m
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Path

    Bools = NDArray[np.bool_]

BORDER_M = 0.004  # what is no deeper than this inside lies on the border
_SMALL_M = 600_000.0  # a region so small is worked on in one shared frame
_TILE_DEG = 8.0  # larger ones are cut into tiles of less than 640 km radius
_RUN = 32  # vertices that are looked at, or passed over, together
_LAP_M = 2_000.0  # by which tiles overlap, so that every place lies well inside one


class Outline(NamedTuple):
    """Closed rings in a plane as runs of vertices; a run ends where the next one begins."""

    vertex: Floats  # shape (c, _RUN + 1, 2); short runs repeat their last vertex
    centre: Floats  # of circles that hold the runs, shape (c, 2)
    radius: Floats


def _runs(ring: Floats) -> Iterator[Floats]:
    for first in range(0, len(ring) - 1, _RUN):
        run = ring[first : first + _RUN + 1]
        yield np.concatenate([run, np.repeat(run[-1:], _RUN + 1 - len(run), axis=0)])


class Part:
    """A piece of a region in a frame that is exact to 1 cm."""

    def __init__(self, frame: Frame, cap: Cap, shape: shapely.Geometry) -> None:
        self.frame = frame
        self.cap = cap
        self.shape = shape
        self._elsewhere: dict[Frame, shapely.Geometry] = {}

    @cached_property
    def solid(self) -> shapely.Geometry:
        """The shape less its border; prepared."""
        solid = shapely.buffer(self.shape, -BORDER_M, join_style="mitre")
        shapely.prepare(solid)
        return solid

    @cached_property
    def outline(self) -> Outline:
        """The border as runs of vertices."""
        rings = shapely.get_rings(shapely.get_parts(self.shape))
        runs = [run for ring in rings for run in _runs(shapely.get_coordinates(ring))]
        vertex = np.stack(runs)
        low, high = vertex.min(axis=1), vertex.max(axis=1)
        return Outline(vertex, (low + high) / 2, np.linalg.norm(high - low, axis=1) / 2)

    def shape_in(self, frame: Frame) -> shapely.Geometry:
        """Give the shape in another frame; kept, for few frames are in use."""
        if frame is self.frame:
            return self.shape
        if frame not in self._elsewhere:
            self._elsewhere[frame] = _carry(self.shape, self.frame, frame)
        return self._elsewhere[frame]


class Region:
    """A closed set on the ellipsoid whose border consists of short geodesics.

    Parameters
    ----------
    cap
        Holds the region.
    home
        The frame of ``shape``.
    shape
        Polygon or multipolygon in that frame; its edges are so short that they
        are straight there within 3 mm.
    """

    def __init__(self, cap: Cap, home: Frame, shape: shapely.Geometry) -> None:
        self.cap = cap
        self.home = home
        self.shape = shape

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The region in frames exact to 1 cm: one, or many that overlap a little."""
        if self.cap.radius_m <= _SMALL_M:
            return (Part(self.home, self.cap, self.shape),)
        return tuple(self._tiles(_LAP_M))

    @cached_property
    def tiles(self) -> tuple[Part, ...]:
        """The region in frames exact to 1 cm, without overlap: for areas."""
        return self.parts if len(self.parts) == 1 else tuple(self._tiles(0.0))

    def _tiles(self, lap: float) -> Iterator[Part]:
        shape = shapely.segmentize(self.shape, PIECE_M)
        xs, ys = (
            _grid(low, high)
            for low, high in zip(*np.reshape(shapely.bounds(shape), (2, 2)), strict=True)
        )
        for west, east in pairwise(xs):
            column = shapely.clip_by_rect(shape, west - lap, ys[0] - lap, east + lap, ys[-1] + lap)
            for south, north in pairwise(ys):
                box = shapely.box(west - lap, south - lap, east + lap, north + lap)
                tile = shapely.segmentize(polygonal(shapely.intersection(column, box)), PIECE_M)
                if not shapely.is_empty(tile):
                    lon, lat = self.home.unproject(shapely.get_coordinates(tile))
                    cap = cap_round(lon, lat, "a tile")
                    frame = frame_near(cap.centre)
                    yield Part(frame, cap, _carry(tile, self.home, frame))

    @cached_property
    def border(self) -> Geodesics:
        """Every piece of the border, holes included."""
        lon0, lat0, lon1, lat1 = (
            np.concatenate([ring[axis][cut] for ring in self.rings])
            for cut in (slice(None, -1), slice(1, None))
            for axis in (0, 1)
        )
        return Geodesics(lon0, lat0, lon1, lat1)

    @cached_property
    def rings(self) -> tuple[tuple[Floats, Floats], ...]:
        """Closed rings of places (longitudes, latitudes)."""
        rings = shapely.get_rings(shapely.get_parts(self.shape))
        return tuple(self.home.unproject(shapely.get_coordinates(ring)) for ring in rings)

    @cached_property
    def arcs(self) -> Arcs:
        """The border's pieces as great circle arcs, for rough distances."""
        starts = unit_vectors(self.border.lon, self.border.lat)
        return Arcs(starts, unit_vectors(*self.border.at(self.border.distance)[:2]))

    @cached_property
    def area_km2(self) -> float:
        """Area on the ellipsoid, of geodesic polygons (Karney 2013, section 6)."""
        return area_km2(self.home, self.shape)

    def contains(self, lon: Floats, lat: Floats) -> Bools:
        """Tell which places, shape (n,), lie deeper inside than BORDER_M."""
        inside = np.zeros(len(lon), dtype=bool)
        vectors = unit_vectors(lon, lat)
        for part in self.parts:
            near = np.flatnonzero(is_near(part.cap, vectors) & ~inside)
            if near.size:
                plane = part.frame.project(lon[near], lat[near])
                inside[near] = shapely.contains_xy(part.solid, plane)
        return inside

    def nearest_border(self, place: Position) -> tuple[Position, float]:
        """Give the nearest point of the border and its distance in metres."""
        rough = self.arcs.distances(unit_vectors(place.lon, place.lat))
        best = self._nearest_of(np.array([np.argmin(rough)]), place)
        rivals = np.flatnonzero(rough <= best[1] * SPREAD)
        return self._nearest_of(rivals, place) if len(rivals) > 1 else best

    def _nearest_of(self, which: NDArray[np.intp], place: Position) -> tuple[Position, float]:
        pieces = self.border[which]
        along, distance = pieces.nearest(place.lon, place.lat)
        best = int(np.argmin(distance))
        point = pieces[best : best + 1].at(along[best : best + 1])
        return Position(float(point.lon[0]), float(point.lat[0])), float(distance[best])


def region_of(cap: Cap, exterior: Path, holes: Sequence[Path]) -> Region:
    """Make the region within a closed path, without what its holes enclose."""
    frame = home_frame(cap)
    filled = planar(frame, cap, exterior)
    shape: shapely.Geometry = filled
    if holes:
        cut_out = [planar(frame, cap, hole) for hole in holes]
        borders = [filled.exterior, *cut_out]
        shape = shapely.difference(filled, shapely.union_all(cut_out))
        near = shapely.STRtree(borders).query(borders, predicate="dwithin", distance=2 * BORDER_M)
        if near.shape[1] > len(borders):  # not each near itself alone
            shape = _without_slivers(shape)
    return Region(cap, frame, shape)


def _without_slivers(shape: shapely.Geometry) -> shapely.Geometry:
    """Drop what is border all over: of edges that two rings share, but not all their vertices."""
    solid = shapely.buffer(shape, -BORDER_M, join_style="mitre")
    return polygonal(
        shapely.intersection(shape, shapely.buffer(solid, 2 * BORDER_M, join_style="mitre"))
    )


def home_frame(cap: Cap) -> Frame:
    """Give the frame for work on what a cap holds: shared if it is small, else its own."""
    return frame_near(cap.centre) if cap.radius_m <= _SMALL_M else Frame(cap.centre)


def reach_m(cap: Cap) -> float:
    """Give how far from the centre of its home frame anything in a cap may lie."""
    return cap.radius_m + (SHARED_M if cap.radius_m <= _SMALL_M else 0.0)


def planar(frame: Frame, cap: Cap, ring: Path) -> shapely.Polygon:
    """Draw a closed path in a frame, its edges cut so short that they are straight there."""
    pieces = split(ring, float(piece_length_m(reach_m(cap))))
    plane = frame.project(pieces.lon, pieces.lat)
    plane[-1] = plane[0]
    return shapely.Polygon(plane)


def area_km2(frame: Frame, shape: shapely.Geometry) -> float:
    """Area on the ellipsoid of a planar shape whose edges are geodesics."""
    total = 0.0
    for polygon in shapely.get_parts(shape):
        rings = shapely.get_rings(polygon)
        sizes = []
        for ring in rings:
            lon, lat = frame.unproject(shapely.get_coordinates(ring))
            sizes.append(abs(GEOD.polygon_area_perimeter(lon, lat)[0]))
        total += sizes[0] - sum(sizes[1:])
    return max(0.0, total) / 1e6


def is_near(cap: Cap, vectors: Floats, reach_m: Floats | float = 0.0) -> Bools:
    """Tell which places (unit vectors), grown by a reach, may meet a cap; never misses one."""
    limit = (cap.radius_m + reach_m) * SPREAD / EARTH_RADIUS_M
    near: Bools = angles(vectors, cap.vector) <= limit + 1e-9
    return near


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Drop what an intersection leaves of points and lines."""
    pieces = shapely.get_parts(shape)
    areal = pieces[shapely.area(pieces) > 0]
    return areal[0] if len(areal) == 1 else shapely.MultiPolygon(list(areal))


def _carry(shape: shapely.Geometry, old: Frame, new: Frame) -> shapely.Geometry:
    return shapely.transform(shape, lambda plane: new.project(*old.unproject(plane)))


def _grid(low: float, high: float) -> Floats:
    """Cuts of a gnomonic plane at equal angles from its centre, round an interval."""
    first, last = (np.degrees(np.arctan2(v, EARTH_RADIUS_M)) / _TILE_DEG for v in (low, high))
    steps = np.arange(np.floor(first), np.ceil(last) + 1)
    cuts: Floats = EARTH_RADIUS_M * np.tan(np.radians(steps * _TILE_DEG))
    if len(cuts) < 2:  # noqa: PLR2004 - an interval has two ends
        cuts = np.array([low, high])
    cuts[0], cuts[-1] = min(cuts[0], low), max(cuts[-1], high)
    return cuts
