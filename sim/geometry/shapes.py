"""Shapes: many footprints as columns, and which of them meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.errors import GeometryError
from sim.geometry import rings as ring
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD, inverse, lonlat, unit_vectors
from sim.geometry.footprint import Edges, Polygon
from sim.geometry.frames import SHARED_M, frames_near, on_earth
from sim.geometry.region import BORDER_M
from sim.geometry.relations import meet
from sim.geometry.ways import ranges
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

LARGEST_RAD = 600_000.0 / EARTH_RADIUS_M  # what is larger has frames of its own
_UNEVEN = 1.006  # by so much curvature and a sphere's radius differ from place to place, at most
_SLACK_M = 0.05
_LOT = 1_000_000  # places that are drawn together
_MOST_PREPARED = 200_000  # a million of them would take gigabytes
_ROUND, _PLANAR, _OTHER = range(3)


class Shapes:
    """Footprints as columns of shape (m,), and the planar shapes of those small enough.

    Attributes
    ----------
    vector, radius
        Caps that hold them: centres as unit vectors (m, 3), angular radii (m,).
    size_m
        The radii of circles in metres, shape (m,).
    kind
        How each is compared: by its radius (circles), as a planar shape, or,
        where it is larger than 600 km or of several pieces, as a footprint.
    """

    def __init__(
        self,
        vector: Floats,
        radius: Floats,
        kind: Indices,
        size_m: Floats,
        rings: ring.Rings,
        footprints: dict[int, Footprint],
    ) -> None:
        self.vector, self.radius, self.kind, self.size_m = vector, radius, kind, size_m
        self._rings = rings
        self._footprints = footprints
        self._planes: Planes | None = None

    def __len__(self) -> int:
        return len(self.radius)

    @classmethod
    def of(cls, footprints: Sequence[Footprint]) -> Shapes:
        """Take footprints as columns."""
        kind = np.full(len(footprints), _OTHER)
        paths: list[tuple[Floats, Floats]] = []
        owner: list[int] = []
        for k, footprint in enumerate(footprints):
            if footprint.is_round:
                kind[k] = _ROUND
            elif footprint.cap.radius_m * SPREAD <= LARGEST_RAD * EARTH_RADIUS_M:
                found = _rings_of(footprint)
                if found is not None:
                    kind[k] = _PLANAR
                    paths += found
                    owner += [k] * len(found)
        caps = [footprint.cap for footprint in footprints]
        vector = np.array([cap.vector for cap in caps]).reshape(-1, 3)
        size_m = np.array([cap.radius_m for cap in caps])
        rings = ring.joined(paths, owner)
        radius = size_m * SPREAD / EARTH_RADIUS_M
        return cls(vector, radius, kind, size_m, rings, dict(enumerate(footprints)))

    @classmethod
    def polygons(cls, lon: Floats, lat: Floats, start: Indices) -> Shapes:
        """Take polygons without holes, their edges geodesics, given as rings not closed.

        Raises
        ------
        GeometryError
            Names the first polygon that is none, and what is wrong with it.
        """
        rings = ring.closed(lon, lat, start)
        vector, radius = ring.caps(rings)
        kind = np.full(len(radius), _PLANAR)
        shapes = cls(vector, radius, kind, radius * EARTH_RADIUS_M, rings, {})
        large = np.flatnonzero(~(radius <= LARGEST_RAD))
        for k in large.tolist():
            shapes._take_whole(k)
        shapes._check()
        return shapes

    def footprint(self, k: int) -> Footprint:
        """Give one of them as a footprint."""
        if k not in self._footprints:
            self._footprints[k] = self._polygon(k)
        return self._footprints[k]

    def prepare(self) -> Planes:
        """Draw all planar shapes in their frames, once."""
        if self._planes is None:
            self._planes = Planes(self.vector, self.radius, self.kind == _PLANAR, self._rings)
            self._rings = self._rings._replace(normal=np.empty((0, 3)))  # not needed any more
        return self._planes

    def meet(self, first: Indices, second: Indices) -> Bools:
        """Tell which pairs of shapes, given by place, have a place in common.

        Those that meet by more than 1 cm do, those more than 1 cm apart do not;
        a common border is apart.
        """
        met = np.zeros(len(first), dtype=bool)
        one, other = self.kind[first], self.kind[second]
        both = np.flatnonzero((one == _PLANAR) & (other == _PLANAR))
        met[both] = self.prepare().meet(first[both], second[both])
        round_ = np.flatnonzero((one == _ROUND) & (other == _ROUND))
        met[round_] = self._round_meet(first[round_], second[round_])
        rest = (one != other) | (one == _OTHER)
        mixed = rest & (one != _OTHER) & (other != _OTHER)
        pairs = np.flatnonzero(mixed)
        swap = one[pairs] == _PLANAR
        circles = np.where(swap, second[pairs], first[pairs])
        planes = np.where(swap, first[pairs], second[pairs])
        met[pairs] = self._circle_meets(circles, planes)
        for k in np.flatnonzero(rest & ~mixed).tolist():
            met[k] = meet(self.footprint(int(first[k])), self.footprint(int(second[k])))
        return met

    def _round_meet(self, first: Indices, second: Indices) -> Bools:
        """Compare circles by the geodesic distance of their centres."""
        apart = inverse(*self._centres(first), *self._centres(second)).distance
        met: Bools = apart < self.size_m[first] + self.size_m[second] - BORDER_M
        return met

    def _circle_meets(self, circle: Indices, planar: Indices) -> Bools:
        """Compare circles with planar shapes: in the plane where that decides, else truly."""
        if not circle.size:
            return np.zeros(0, dtype=bool)
        apart, stretch = self.prepare().distances(planar, *self._centres(circle))
        radius = self.size_m[circle]
        met: Bools = apart < radius / _UNEVEN - _SLACK_M
        unsure = ~met & ~(apart > (radius * _UNEVEN + _SLACK_M) * stretch)
        for k in np.flatnonzero(unsure).tolist():
            met[k] = meet(self.footprint(int(circle[k])), self.footprint(int(planar[k])))
        return met

    def _centres(self, which: Indices) -> tuple[Floats, Floats]:
        return lonlat(self.vector[which])

    def _polygon(self, k: int) -> Polygon:
        start, end = self._rings.start[k], self._rings.start[k + 1] - 1
        lon, lat = self._rings.lon[start:end], self._rings.lat[start:end]
        try:
            return Polygon(tuple(map(Position, lon.tolist(), lat.tolist())))
        except GeometryError as error:
            raise GeometryError(f"polygon {k}: {error.message}", hint=error.hint) from None

    def _take_whole(self, k: int) -> None:
        """Take a large polygon as a footprint; or refuse what is none."""
        cap = self.footprint(k).cap
        self.kind[k] = _OTHER
        self.vector[k] = cap.vector
        self.radius[k] = cap.radius_m * SPREAD / EARTH_RADIUS_M

    def _check(self) -> None:
        """Refuse the first ring that is none, with what a polygon of it would say."""
        rings = self._rings
        on_globe = np.isfinite(rings.lon) & (np.abs(rings.lat) <= 90.0)  # noqa: PLR2004 - degrees
        counts = np.diff(rings.start)
        sound = (counts > 3) & np.logical_and.reduceat(on_globe, rings.start[:-1])  # noqa: PLR2004
        planar = np.flatnonzero(self.kind == _PLANAR)
        sound[planar] &= self.prepare().valid[planar]
        for k in np.flatnonzero(~sound).tolist():
            self._polygon(k)
            self._take_whole(k)  # odd, yet a polygon: with repeated vertices, say


def _rings_of(footprint: Footprint) -> list[tuple[Floats, Floats]] | None:
    """Give the closed rings of a small footprint; None if it is of several pieces."""
    if isinstance(footprint, Polygon) and footprint.edges is Edges.GEODESIC:
        return [(path.lon, path.lat) for path in footprint.paths]
    if len(shapely.get_parts(footprint.region.shape)) != 1:
        return None
    return list(footprint.region.rings)


class Planes:
    """Planar shapes, each in the frame near its centre, and in others where that is asked for.

    Attributes
    ----------
    valid
        Whether each is a simple polygon with an area, shape (m,).
    inner
        Angular radius of a circle about the cap's centre that it holds; 0 if
        it does not hold the centre.
    """

    def __init__(self, vector: Floats, radius: Floats, planar: Bools, rings: ring.Rings) -> None:
        rings = ring.cut(rings, radius[rings.owner] * EARTH_RADIUS_M + SHARED_M)
        self._start, self._earth = rings.start, on_earth(rings.normal)
        count = len(radius)
        self._vector = vector
        self.home = np.full(count, -1)
        self.valid = planar.copy()
        self.inner = np.zeros(count)
        self._solid: Objects = np.empty(count, dtype=object)
        self._stretch = np.ones(count)
        self._bounds = np.empty((count, 4))  # west, south, east, north in the home frame
        self._first = np.searchsorted(rings.owner, np.arange(count + 1))
        self._abroad = np.empty(0, dtype=np.int64)  # shape x frames + frame, sorted
        self._solid_abroad: Objects = np.empty(0, dtype=object)
        which = np.flatnonzero(planar)
        self.frames, self.home[which] = frames_near(*lonlat(vector[which]))
        for lot in self._lots(which):
            self._settle(lot)

    def meet(self, first: Indices, second: Indices) -> Bools:
        """Tell which pairs of planar shapes meet: by circles that they hold, else in a frame."""
        chord = self._vector[first] - self._vector[second]
        one, other = self.inner[first], self.inner[second]
        reach = 2.0 * np.sin((one + other) / 2.0)
        met: Bools = np.einsum("ij,ij->i", chord, chord) < reach * reach
        met &= (one > 0.0) & (other > 0.0)  # a shape may hold no circle about its middle
        unsure = np.flatnonzero(~met & ~self._parted(first, second))
        met[unsure] = self._in_plane(first[unsure], second[unsure])
        return met

    def _parted(self, first: Indices, second: Indices) -> Bools:
        """Tell which pairs of shapes have boxes in one frame that do not meet."""
        one, other = self._bounds[first].T, self._bounds[second].T
        parted: Bools = np.logical_or(*(one[:2] > other[2:])) | np.logical_or(
            *(other[:2] > one[2:])
        )
        parted &= self.home[first] == self.home[second]
        return parted

    def _in_plane(self, first: Indices, second: Indices) -> Bools:
        """Tell which pairs of shapes meet in the home frame of the first.

        Those of one frame are compared one after another: they lie near each other
        in memory too.
        """
        order = np.argsort(self.home[first], kind="stable")
        first, second = first[order], second[order]
        foreign = self.home[first] != self.home[second]
        others = self._solid[second]
        if foreign.any():
            others[foreign] = self._carried(second[foreign], self.home[first[foreign]])
        solid = self._solid[first]
        shapely.prepare(solid)
        met = np.empty(len(first), dtype=bool)
        met[order] = shapely.intersects(solid, others)
        if len(self._solid) > _MOST_PREPARED:
            shapely.destroy_prepared(solid)
        return met

    def distances(self, planar: Indices, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Give plane distances of places from shapes, in the shapes' frames, and their stretch."""
        apart, stretch = np.empty((2, len(planar)))
        earth = on_earth(unit_vectors(lon, lat))
        for f in np.unique(self.home[planar]).tolist():
            here = np.flatnonzero(self.home[planar] == f)
            places = self.frames[f].image(earth[:, here])
            stretch[here] = _stretch(places)
            seen = np.isfinite(places[:, 0])
            solid, points = self._solid[planar[here[seen]]], shapely.points(places[seen])
            apart[here], apart[here[seen]] = np.inf, shapely.distance(solid, points)
        return apart, np.maximum(stretch, self._stretch[planar])

    def _lots(self, which: Indices) -> list[Indices]:
        """Share out shapes, those of one frame together, in lots that do not take much memory."""
        order = which[np.argsort(self.home[which], kind="stable")]
        places = self._start[self._first[order + 1]] - self._start[self._first[order]]
        total = np.cumsum(places)
        cuts = np.searchsorted(total, np.arange(_LOT, total[-1] if total.size else 0, _LOT))
        return [lot for lot in np.split(order, cuts) if lot.size]

    def _settle(self, which: Indices) -> None:
        """Draw shapes in their own frames, and see what they are like."""
        used = np.unique(self.home[which]).tolist()
        parts = [(f, which[self.home[which] == f]) for f in used]
        order = np.concatenate([some for _, some in parts])
        images = [self._images(f, some) for f, some in parts]
        centres = on_earth(self._vector[order])
        ends = np.cumsum([0, *(len(some) for _, some in parts)])
        middle = np.concatenate(
            [
                self.frames[f].image(centres[:, ends[k] : ends[k + 1]])
                for k, (f, _) in enumerate(parts)
            ]
        )
        plane, start, owner = _joined(images, ends)
        plane = ring.turned(plane, start, owner)
        solid, valid = ring.judged(plane, start, owner, BORDER_M / 2.0)
        self._solid[order], self.valid[order] = solid, valid
        self._bounds[order] = shapely.bounds(solid)
        first = start[:-1][np.concatenate([[True], owner[1:] != owner[:-1]])]
        stretch = np.maximum.reduceat(_stretch(plane), first)
        self._stretch[order] = stretch
        room = _room(plane, start, owner, middle) / (stretch * _UNEVEN) - _SLACK_M
        holds = valid & shapely.contains_xy(solid, middle)
        self.inner[order] = np.where(holds, np.maximum(0.0, room), 0.0) / (EARTH_RADIUS_M * SPREAD)

    def _images(self, f: int, which: Indices) -> tuple[Floats, Indices, Indices]:
        """Give the rings of some shapes in a frame, with their owners numbered from 0."""
        first, last = self._first[which], self._first[which + 1]
        rings = ranges(first, last - first)[1]
        begin, end = self._start[rings], self._start[rings + 1]
        places = ranges(begin, end - begin)[1]
        start = np.concatenate([[0], np.cumsum(end - begin)])
        owner = np.repeat(np.arange(len(which)), last - first)
        return self.frames[f].image(self._earth[:, places]), start, owner

    def _carried(self, which: Indices, frame: Indices) -> Objects:
        """Give shapes drawn in other frames than their own; each is drawn once."""
        asked, back = np.unique(which * len(self.frames) + frame, return_inverse=True)
        fresh = np.setdiff1d(asked, self._abroad, assume_unique=True)
        if fresh.size:
            self._draw_abroad(fresh)
        places: Indices = np.asarray(np.searchsorted(self._abroad, asked))
        return self._solid_abroad[places[back]]

    def _draw_abroad(self, fresh: Indices) -> None:
        fresh = fresh[np.argsort(fresh % len(self.frames), kind="stable")]
        which, frame = np.divmod(fresh, len(self.frames))
        used, starts = np.unique(frame, return_index=True)
        ends = np.append(starts, len(fresh))
        images = [
            self._images(f, which[ends[k] : ends[k + 1]]) for k, f in enumerate(used.tolist())
        ]
        plane, start, owner = _joined(images, ends)
        plane = ring.turned(plane, start, owner)
        solid = ring.drawn_in(plane, start, owner, BORDER_M / 2.0)
        keys = np.concatenate([self._abroad, fresh])
        order = np.argsort(keys)
        self._abroad = keys[order]
        self._solid_abroad = np.concatenate([self._solid_abroad, solid])[order]


def _joined(
    images: Sequence[tuple[Floats, Indices, Indices]], before: Indices
) -> tuple[Floats, Indices, Indices]:
    """Join rings of several frames, their owners numbered on from one to the next."""
    planes, starts, owners = zip(*images, strict=True)
    counts = np.concatenate([np.diff(start) for start in starts])
    numbered = [owner + first for owner, first in zip(owners, before, strict=False)]
    return (
        np.concatenate(planes),
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate(numbered),
    )


def _stretch(plane: Floats) -> Floats:
    """Give by what factor a central projection stretches distances at places, at most."""
    stretch: Floats = 1.0 + (plane * plane).sum(axis=1) / EARTH_RADIUS_M**2
    return stretch


def _room(plane: Floats, start: Indices, owner: Indices, middle: Floats) -> Floats:
    """Give how far the nearest edge of each shape is from its middle, in the plane."""
    ring_of = np.repeat(np.arange(len(owner)), np.diff(start))
    from_ = plane - middle[owner[ring_of]]
    edge = np.zeros_like(from_)
    edge[:-1] = np.diff(from_, axis=0)
    edge[start[1:] - 1] = 0.0
    square = np.maximum(np.einsum("ij,ij->i", edge, edge), np.finfo(float).tiny)
    along = np.clip(-np.einsum("ij,ij->i", from_, edge) / square, 0.0, 1.0)
    nearest = from_ + along[:, None] * edge
    first = np.flatnonzero(~ring.holes(owner))
    away = np.einsum("ij,ij->i", nearest, nearest)
    least: Floats = np.sqrt(np.minimum.reduceat(away, start[first]))
    return least
