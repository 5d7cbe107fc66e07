"""Footprints: where on the ground a volume is. Circles, polygons, corridors, and those grown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, overload

import numpy as np

from sim.errors import GeometryError
from sim.geometry.buffering import CHORD_M, check_turns, grown, grown_place
from sim.geometry.earth import REACH_M, checked_position, distance_m, inverse, travel, unit_vectors
from sim.geometry.edges import Cap, Edges, Path, cap_round, lay, read_positions
from sim.geometry.region import BORDER_M, Region, region_of
from sim.geometry.relations import uncovered_area_km2
from sim.geometry.simplicity import check_holes, check_ring
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Circle", "Corridor", "Edges", "Footprint", "Grown", "Polygon", "uncovered_area_km2"]


class Footprint(ABC):
    """A set of places on WGS84, smaller than a hemisphere; frozen, equal by value.

    Only its interior counts: what lies on the border, or no deeper than 4 mm
    inside it, is outside. What is derived from it is computed when first asked
    for and kept.
    """

    is_round: ClassVar[bool] = False  # whether the footprint is its cap, exactly

    @property
    @abstractmethod
    def cap(self) -> Cap:
        """A cap that holds the footprint."""

    @property
    @abstractmethod
    def region(self) -> Region:
        """The footprint as a planar shape; of a circle, a polygon close to it."""

    @abstractmethod
    def drawn(self, metres: float, chord_m: float) -> Region:
        """Draw all places nearer to the footprint than a distance, by chords.

        ``chord_m`` is the sagitta of those; half of it lies to either side of the
        true curve.
        """

    @abstractmethod
    def moved(self, bearing: float, metres: float) -> Footprint:
        """Give the footprint carried along a geodesic that sets out at a bearing in degrees.

        It keeps its shape, and its sides keep their angles with the way.
        """

    @abstractmethod
    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> Footprint:
        """Read what `to_record` wrote.

        Raises
        ------
        GeometryError
            If it is a record of no footprint.
        """
        kinds = {"circle": Circle, "polygon": Polygon, "corridor": Corridor, "grown": Grown}
        if len(record) != 1 or next(iter(record)) not in kinds:
            raise GeometryError(f"{sorted(record)} is no kind of footprint; known: {sorted(kinds)}")
        kind, values = next(iter(record.items()))
        if kind == "grown":
            core = Footprint.from_record(values["core"])
            return core.buffer(values["metres"])
        made: Footprint = kinds[kind](**values)
        return made

    @overload
    def contains(self, lon: float, lat: float) -> bool: ...
    @overload
    def contains(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]: ...
    def contains(self, lon: ArrayLike, lat: ArrayLike) -> bool | NDArray[np.bool_]:
        """Tell whether places lie inside, deeper than 4 mm.

        Parameters
        ----------
        lon, lat
            Degrees; two numbers, or two arrays of shape (n,).

        Returns
        -------
        bool or ndarray
            One truth for each place.
        """
        inside = self._inside(*(np.atleast_1d(np.asarray(value, float)) for value in (lon, lat)))
        return bool(inside[0]) if np.ndim(lon) == 0 else inside

    def _inside(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        return self.region.contains(lon, lat)

    @property
    def area_km2(self) -> float:
        """Area on the ellipsoid in km2."""
        return self.region.area_km2

    def buffer(self, metres: float) -> Footprint:
        """Give all places nearer to the footprint than a distance.

        Raises
        ------
        GeometryError
            If the distance is negative or not finite.
        """
        _check_metres(metres, "a buffer", least=0.0)
        return self._grown(float(metres)) if metres else self

    @abstractmethod
    def _grown(self, metres: float) -> Footprint: ...

    def shrunk(self, metres: float) -> Footprint:
        """Give the footprint of the same kind of which this one is the buffer.

        Raises
        ------
        GeometryError
            If there is none: nothing is left, or a polygon has never been grown.
        """
        return self._grown(-metres)

    def depth(self, lon: float, lat: float) -> float:
        """Give how deep a place lies inside: metres to the nearest border, negative outside."""
        metres = self.way_out(lon, lat)[1]
        return metres if self.contains(lon, lat) else -metres

    def way_out(self, lon: float, lat: float) -> tuple[Position, float]:
        """Give the border's nearest point to a place and its distance in metres."""
        return self.region.nearest_border(Position(lon, lat))

    def __getstate__(self) -> dict[str, Any]:
        """Leave what is derived behind."""
        return {field.name: self.__dict__[field.name] for field in fields(self)}  # type: ignore[arg-type]


@dataclass(frozen=True)
class Circle(Footprint):
    """All places nearer to a centre than a radius, by true geodesic distance.

    Raises
    ------
    GeometryError
        If the radius is not positive, or not smaller than a hemisphere's.

    Examples
    --------
    >>> circle = Circle((36.7, 36.3), 6000)
    >>> round(circle.area_km2, 3)
    113.097
    >>> circle.contains(36.7, 36.3), circle.contains(36.8, 36.3)
    (True, False)
    """

    is_round: ClassVar[bool] = True

    center: Position
    radius_m: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "center", checked_position(self.center, "the centre"))
        object.__setattr__(self, "radius_m", float(self.radius_m))
        _check_metres(self.radius_m, "a radius", least=BORDER_M)
        if self.radius_m > REACH_M:
            raise GeometryError(
                f"a circle of {self.radius_m / 1000:.0f} km is not smaller than a hemisphere"
            )

    @cached_property
    def cap(self) -> Cap:
        """The circle itself."""
        return Cap(self.center, unit_vectors(*self.center), self.radius_m)

    @cached_property
    def region(self) -> Region:
        """A polygon whose sides leave the circle by 2 mm, or 5e-8 of its radius."""
        return self.drawn(0.0, max(CHORD_M, 1e-7 * self.radius_m))

    def drawn(self, metres: float, chord_m: float) -> Region:
        """Draw a circle."""
        return grown_place(self.center, self.radius_m + metres, chord_m)

    def _inside(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = self._distance(lon, lat) < self.radius_m - BORDER_M
        return inside

    def _distance(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        return inverse(*self.center, lon, lat).distance

    def _grown(self, metres: float) -> Circle:
        return Circle(self.center, self.radius_m + metres)

    def moved(self, bearing: float, metres: float) -> Circle:
        """Give the circle round a centre carried along a geodesic."""
        return Circle(travel(self.center, bearing, metres), self.radius_m)

    def depth(self, lon: float, lat: float) -> float:
        """Give the radius less the distance from the centre."""
        return self.radius_m - distance_m(self.center, Position(lon, lat))

    def way_out(self, lon: float, lat: float) -> tuple[Position, float]:
        """Give the border's nearest point, straight away from the centre, and its distance."""
        azimuth, distance = inverse(*self.center, lon, lat)
        return travel(self.center, float(azimuth), self.radius_m), abs(
            self.radius_m - float(distance)
        )

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""
        return {"circle": {"center": list(self.center), "radius_m": self.radius_m}}


@dataclass(frozen=True)
class Polygon(Footprint):
    """What lies inside a ring of edges, and in none of its holes.

    Parameters
    ----------
    exterior
        Vertices (longitude, latitude), in either direction. Repeated vertices
        and one that closes the ring are dropped; the exterior is turned
        counter-clockwise and the holes clockwise (RFC 7946), which begin with
        the same vertex as before.
    holes
        Rings inside the exterior. They are no part of the interior.
    edges
        How vertices are joined: ``geodesic``, ``parallel`` or ``straight``.

    Raises
    ------
    GeometryError
        Names the vertex or edges at fault, and where: a vertex is not finite,
        fewer than three are distinct, edges cross, no area is enclosed, a hole
        reaches outside, or it all is not smaller than a hemisphere.

    Examples
    --------
    >>> square = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    >>> round(square.area_km2, 1)
    12308.8
    >>> Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    Traceback (most recent call last):
        ...
    sim.errors.GeometryError: edges 1 and 3 of the exterior cross near 0.50N 0.50E
    """

    exterior: tuple[Position, ...]
    holes: tuple[tuple[Position, ...], ...] = ()
    edges: Edges = Edges.GEODESIC

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", Edges(self.edges))
        names = ["the exterior", *(f"hole {i}" for i in range(1, len(self.holes) + 1))]
        rings = [
            read_positions(ring, name, closed=True)
            for name, ring in zip(names, (self.exterior, *self.holes), strict=True)
        ]
        for name, ring in zip(names, rings, strict=True):
            if len(ring) < 3:  # noqa: PLR2004 - a triangle's
                raise GeometryError(f"{name} has {len(ring)} distinct vertices; it needs 3 or more")
        paths = [
            lay(ring, self.edges, name, closed=True)
            for name, ring in zip(names, rings, strict=True)
        ]
        cap = cap_round(paths[0].lon, paths[0].lat, "the polygon")
        turned = []
        for i, (name, ring, path) in enumerate(zip(names, rings, paths, strict=True)):
            clockwise = check_ring(cap_round(path.lon, path.lat, name) if i else cap, path, name)
            turned.append(ring if clockwise is bool(i) else (ring[0], *ring[:0:-1]))
        object.__setattr__(self, "exterior", turned[0])
        object.__setattr__(self, "holes", tuple(turned[1:]))
        if self.holes:
            check_holes(cap, paths)
        if self.edges is Edges.GEODESIC or turned[0] is rings[0]:
            self.__dict__["cap"] = cap  # of the same places, in whatever direction

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The exterior and the holes as closed paths of geodesics."""
        return tuple(
            lay(ring, self.edges, "the polygon", closed=True)
            for ring in (self.exterior, *self.holes)
        )

    @cached_property
    def cap(self) -> Cap:
        """A cap that holds the exterior."""
        return cap_round(self.paths[0].lon, self.paths[0].lat, "the polygon")

    @cached_property
    def region(self) -> Region:
        """The polygon as a planar shape."""
        return region_of(self.cap, self.paths[0], self.paths[1:])

    def drawn(self, metres: float, chord_m: float) -> Region:
        """Draw offsets of the edges, and arcs round the vertices."""
        return grown(self.paths, metres, "the grown polygon", filled=True, chord_m=chord_m)

    def _grown(self, metres: float) -> Grown:
        return Grown(self, metres)

    def shrunk(self, metres: float) -> Footprint:
        """Refuse: what a polygon is a buffer of is not known."""
        raise GeometryError(f"a polygon that was not grown cannot be shrunk by {metres:g} m")

    def moved(self, bearing: float, metres: float) -> Polygon:
        """Give the polygon carried along a geodesic; its edges become geodesics."""
        exterior, *holes = (
            _carried(path, self.cap.centre, bearing, metres)[:-1] for path in self.paths
        )
        return Polygon(tuple(exterior), tuple(tuple(hole) for hole in holes))

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""
        return {
            "polygon": {
                "exterior": [list(p) for p in self.exterior],
                "holes": [[list(p) for p in hole] for hole in self.holes],
                "edges": str(self.edges),
            }
        }


@dataclass(frozen=True)
class Corridor(Footprint):
    """All places nearer to a route than half a width: its ends are round.

    Parameters
    ----------
    route
        At least two distinct places.
    width_m
        The full width in metres.
    edges
        How the places are joined: ``geodesic``, ``parallel`` or ``straight``.

    Raises
    ------
    GeometryError
        If the width is not positive, or the route has fewer than two places.

    Examples
    --------
    >>> airway = Corridor([(36, 35), (37, 36)], 10_000)
    >>> round(airway.depth(36, 35), 2)
    5000.0
    """

    route: tuple[Position, ...]
    width_m: float
    edges: Edges = Edges.GEODESIC

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", Edges(self.edges))
        object.__setattr__(self, "route", read_positions(self.route, "the route", closed=False))
        object.__setattr__(self, "width_m", float(self.width_m))
        _check_metres(self.width_m, "a width", least=2 * BORDER_M)
        if len(self.route) < 2:  # noqa: PLR2004 - both ends
            raise GeometryError(
                f"the route has {len(self.route)} distinct places; it needs 2 or more"
            )
        self.cap  # noqa: B018 - refuses what is as large as a hemisphere
        check_turns([self.path], self.width_m / 2, "the route")

    @cached_property
    def path(self) -> Path:
        """The route as geodesics."""
        return lay(self.route, self.edges, "the route", closed=False)

    @cached_property
    def cap(self) -> Cap:
        """A cap that holds the corridor."""
        return cap_round(self.path.lon, self.path.lat, "the corridor", margin_m=self.width_m / 2)

    @cached_property
    def region(self) -> Region:
        """The corridor as a planar shape."""
        return self.drawn(0.0, CHORD_M)

    def drawn(self, metres: float, chord_m: float) -> Region:
        """Draw offsets of the route, and arcs round its places."""
        reach = self.width_m / 2 + metres
        return grown([self.path], reach, "the corridor", filled=False, chord_m=chord_m)

    def _grown(self, metres: float) -> Corridor:
        return Corridor(self.route, self.width_m + 2 * metres, self.edges)

    def moved(self, bearing: float, metres: float) -> Corridor:
        """Give the corridor carried along a geodesic; its edges become geodesics."""
        route = _carried(self.path, self.cap.centre, bearing, metres)
        return Corridor(tuple(route), self.width_m)

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""
        return {
            "corridor": {
                "route": [list(p) for p in self.route],
                "width_m": self.width_m,
                "edges": str(self.edges),
            }
        }


@dataclass(frozen=True)
class Grown(Footprint):
    """A polygon and all places nearer to it than a distance: what `Polygon.buffer` gives."""

    core: Polygon
    metres: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "metres", float(self.metres))
        _check_metres(self.metres, "a buffer", least=BORDER_M)
        self.cap  # noqa: B018 - refuses what is as large as a hemisphere
        check_turns(self.core.paths, self.metres, "the polygon")

    @cached_property
    def cap(self) -> Cap:
        """A cap that holds the grown polygon."""
        path = self.core.paths[0]
        return cap_round(path.lon, path.lat, "the grown polygon", margin_m=self.metres)

    @cached_property
    def region(self) -> Region:
        """The grown polygon as a planar shape."""
        return self.drawn(0.0, CHORD_M)

    def drawn(self, metres: float, chord_m: float) -> Region:
        """Draw the polygon grown by more."""
        return self.core.drawn(self.metres + metres, chord_m)

    def _grown(self, metres: float) -> Grown:
        return Grown(self.core, self.metres + metres)

    def shrunk(self, metres: float) -> Footprint:
        """Give the polygon grown by less."""
        return self.core.buffer(self.metres - metres)

    def moved(self, bearing: float, metres: float) -> Grown:
        """Give the grown polygon carried along a geodesic."""
        return Grown(self.core.moved(bearing, metres), self.metres)

    def to_record(self) -> dict[str, Any]:
        """Give a plain record that `from_record` reads back exactly."""
        return {"grown": {"core": self.core.to_record(), "metres": self.metres}}


def _check_metres(metres: float, what: str, least: float) -> None:
    if not (isfinite(metres) and metres >= least):
        raise GeometryError(f"{what} is at least {least:g} m, not {metres:g} m")


def _carried(path: Path, centre: Position, bearing: float, metres: float) -> list[Position]:
    """Carry places along a geodesic, at the same distances from a centre and angles with the way.

    The bearing of the way changes as it goes (convergence of meridians), and
    what is carried turns with it.
    """
    goal = travel(centre, bearing, metres)
    back = inverse(*goal, *centre).azimuth + 180.0 if metres else bearing
    azimuth, distance = inverse(*centre, path.lon, path.lat)
    return [
        travel(goal, float(a + back - bearing), float(d))
        for a, d in zip(azimuth, distance, strict=True)
    ]
