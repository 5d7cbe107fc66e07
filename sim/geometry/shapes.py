"""Shapes: many footprints as columns, and which of them meet."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.errors import GeometryError
from sim.geometry import rings as ring
from sim.geometry.earth import (
    EARTH_RADIUS_M,
    MOST_DEG,
    SPREAD,
    angles,
    inverse,
    lonlat,
    unit_vectors,
)
from sim.geometry.footprint import Edges, Polygon
from sim.geometry.frames import frames_near, on_earth
from sim.geometry.reaches import Reaches
from sim.geometry.region import BORDER_M
from sim.geometry.relations import meet
from sim.geometry.ways import distinct
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

LARGEST_RAD = 600_000.0 / EARTH_RADIUS_M  # what is larger has frames of its own
_UNEVEN = 1.006  # by so much curvature and a sphere's radius differ from place to place, at most
_SLACK_M = 0.05
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
        kind = np.where(radius <= LARGEST_RAD, _PLANAR, _OTHER)
        shapes = cls(vector, radius, kind, radius * EARTH_RADIUS_M, rings, {})
        shapes._check()
        return shapes

    def footprint(self, k: int) -> Footprint:
        """Give one of them as a footprint."""
        if k not in self._footprints:
            self._footprints[k] = self._polygon(k)
        return self._footprints[k]

    def prepare(self) -> None:
        """Measure all planar shapes, and draw them in their frames, once."""
        _ = self.reaches
        self.planes.draw(np.flatnonzero(self.kind == _PLANAR))

    @cached_property
    def planes(self) -> Planes:
        """The planar shapes as they are drawn."""
        return Planes(self.vector, self.radius, self.kind == _PLANAR, self._rings)

    @cached_property
    def reaches(self) -> Reaches:
        """What the planar shapes cover for sure, and at most."""
        return Reaches(self.vector, self.radius, self.kind == _PLANAR, self._rings)

    def meet(self, first: Indices, second: Indices) -> Bools:
        """Tell which pairs of shapes, given by place, have a place in common.

        Those that meet by more than 1 cm do, those more than 1 cm apart do not;
        a common border is apart.
        """
        met = np.zeros(len(first), dtype=bool)
        one, other = self.kind[first], self.kind[second]
        both = np.flatnonzero((one == _PLANAR) & (other == _PLANAR))
        met[both] = self._planar_meet(first[both], second[both])
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

    def _planar_meet(self, first: Indices, second: Indices) -> Bools:
        """Compare planar shapes by their reaches where that decides, else in a plane."""
        met, unsure = self.reaches.decide(first, second)
        rest = np.flatnonzero(unsure)
        met[rest] = self.planes.meet(first[rest], second[rest])
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
        apart, stretch = self.planes.distances(planar, *self._centres(circle))
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
        """Take a large or odd polygon as a footprint; or refuse what is none."""
        cap = self.footprint(k).cap
        self.kind[k] = _OTHER
        self.vector[k] = cap.vector
        self.radius[k] = cap.radius_m * SPREAD / EARTH_RADIUS_M

    def _check(self) -> None:
        """Refuse the first ring that is none, with what a polygon of it would say."""
        rings = self._rings
        on_globe = (np.abs(rings.lon) <= MOST_DEG[0]) & (np.abs(rings.lat) <= MOST_DEG[1])
        sound = (np.diff(rings.start) > 3) & (self.kind == _PLANAR)  # noqa: PLR2004
        sound &= np.logical_and.reduceat(on_globe, rings.start[:-1])
        odd = np.flatnonzero(sound & ~self.reaches.star)
        sound[odd] = self.planes.judge(odd)
        for k in np.flatnonzero(~sound).tolist():
            self._take_whole(k)  # large, or odd and yet a polygon: with repeated vertices, say


def _rings_of(footprint: Footprint) -> list[tuple[Floats, Floats]] | None:
    """Give the closed rings of a small footprint; None if it is of several pieces.

    Holes may overlap each other and the border: they are cut out first, together.
    """
    if isinstance(footprint, Polygon) and footprint.edges is Edges.GEODESIC and not footprint.holes:
        return [(path.lon, path.lat) for path in footprint.paths]
    if len(shapely.get_parts(footprint.region.shape)) != 1:
        return None
    return list(footprint.region.rings)


class Planes:
    """Planar shapes, drawn when asked for: in the frame near the centre, and in others too.

    Attributes
    ----------
    frames, home
        Frames, and which of them each shape is drawn in, shape (m,).
    """

    def __init__(self, vector: Floats, radius: Floats, planar: Bools, rings: ring.Rings) -> None:
        self._rings = rings
        self._vector, self._radius = vector, radius
        self.home = np.full(len(radius), -1)
        which = np.flatnonzero(planar)
        self.frames, self.home[which] = frames_near(*lonlat(vector[which]))
        self._centre = unit_vectors(
            *np.array([frame.centre for frame in self.frames]).reshape(-1, 2).T
        )
        self._solid: Objects = np.empty(len(radius), dtype=object)
        self._is_drawn = np.zeros(len(radius), dtype=bool)
        self._abroad = np.empty(0, dtype=np.int64)  # shape x frames + frame, sorted
        self._solid_abroad: Objects = np.empty(0, dtype=object)

    def draw(self, which: Indices) -> None:
        """Draw shapes in their own frames, those that are not drawn yet."""
        for lot, laid in self._lots(which[~self._is_drawn[which]]):
            self._solid[lot] = ring.drawn_in(*laid, BORDER_M / 2.0)
            self._is_drawn[lot] = True

    def judge(self, which: Indices) -> Bools:
        """Draw shapes without holes, and tell which are simple and broad for sure."""
        simple = np.zeros(len(self._solid), dtype=bool)
        for lot, laid in self._lots(which):
            self._solid[lot], simple[lot] = ring.judged(*laid, BORDER_M / 2.0)
            self._is_drawn[lot] = True
        return simple[which]

    def meet(self, first: Indices, second: Indices) -> Bools:
        """Tell which pairs of planar shapes meet in the home frame of the first.

        Those of one frame are compared one after another: they lie near each other
        in memory too.
        """
        order = np.argsort(self.home[first], kind="stable")
        first, second = first[order], second[order]
        foreign = self.home[first] != self.home[second]
        self.draw(distinct(np.concatenate([first, second[~foreign]]))[0])
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
        self.draw(distinct(planar)[0])
        earth = on_earth(unit_vectors(lon, lat))
        for f in np.unique(self.home[planar]).tolist():
            here = np.flatnonzero(self.home[planar] == f)
            places = self.frames[f].image(earth[:, here])
            solid = self._solid[planar[here]]
            seen = np.isfinite(places[:, 0])
            apart[here] = np.inf
            apart[here[seen]] = shapely.distance(solid[seen], shapely.points(places[seen]))
            stretch[here] = np.maximum(_stretch(places), _stretch(_farthest(solid)))
        return apart, stretch

    def _lots(self, which: Indices) -> Iterator[tuple[Indices, tuple[Floats, Indices, Indices]]]:
        """Lay shapes out in their own frames, lot by lot."""
        order = which[np.argsort(self.home[which], kind="stable")]
        for lot in ring.lots_of(self._rings, order):
            yield lot, self._laid(lot, self.home[lot])

    def _laid(self, which: Indices, frame: Indices) -> tuple[Floats, Indices, Indices]:
        """Lay the rings of shapes out in frames, never falling: places, starts and owners."""
        away = angles(self._vector[which], self._centre[frame]) + self._radius[which]
        some = ring.taken(self._rings, which)
        some = ring.cut(some, away[some.owner] * EARTH_RADIUS_M * SPREAD)
        earth = on_earth(some.normal)
        first = np.flatnonzero(np.diff(frame, prepend=-1))
        begin = some.start[np.searchsorted(some.owner, first)]
        parts = [
            self.frames[f].image(earth[:, a:b])
            for f, a, b in zip(frame[first].tolist(), begin, [*begin[1:], None], strict=True)
        ]
        plane = ring.turned(np.concatenate(parts), some.start, some.owner)
        return plane, some.start, some.owner

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
        solid = ring.drawn_in(*self._laid(which, frame), BORDER_M / 2.0)
        keys = np.concatenate([self._abroad, fresh])
        order = np.argsort(keys)
        self._abroad = keys[order]
        self._solid_abroad = np.concatenate([self._solid_abroad, solid])[order]


def _farthest(solid: Objects) -> Floats:
    """Give corners of boxes round shapes that are farthest from the middle of the plane."""
    west, south, east, north = shapely.bounds(solid).T
    return np.stack([np.maximum(-west, east), np.maximum(-south, north)], axis=1)


def _stretch(plane: Floats) -> Floats:
    """Give by what factor a central projection stretches distances at places, at most."""
    stretch: Floats = 1.0 + (plane * plane).sum(axis=1) / EARTH_RADIUS_M**2
    return stretch
