"""A plane to draw on: the azimuthal equidistant projection about the middle of what is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.polygon import orient

from sim.errors import GeometryError
from sim.geometry.earth import (
    GEOD,
    LONGEST_M,
    direct,
    inverse,
    position_of,
    unit_vectors,
)
from sim.geometry.edges import cap_round
from sim.geometry.region import polygonal
from sim.units import Position

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from sim.formats.outlines import Outline
    from sim.geometry.earth import Floats

_LEAP = 3.0  # times as far in the plane as on Earth: a line passes by the far side
_CANDIDATES = 2_000  # places that are tried for the middle of a map of the whole world


@dataclass(frozen=True)
class Projection:
    """The azimuthal equidistant projection of WGS84, north up at its centre; metres.

    Distances and bearings from the centre are true all over the map, and so lines
    through it are geodesics. Across them lengths come out too long, by c / sin c on
    a sphere where c is the angle from the centre [1]_: by 0.1 % at 500 km, 0.4 % at
    1000 km, 1.7 % at 2000 km, 11 % at 5000 km and 57 % at 10,000 km. Poles and the
    antimeridian are places like any other. All of the Earth is a disc; its rim, at
    19,900 km, stands for what lies about the point opposite the centre.

    Parameters
    ----------
    centre
        Longitude and latitude in degrees.

    References
    ----------
    .. [1] Snyder, J. P. (1987). Map projections: a working manual. U.S. Geological
       Survey Professional Paper 1395, 191-202. Taken here by geodesics of the
       ellipsoid (Karney 2013), which is exact.

    Examples
    --------
    >>> fiji = Projection(Position(180.0, -17.0))
    >>> [round(x / 1000.0) for x in fiji.project([179.0, -179.0], [-17.0, -17.0])[:, 0]]
    [-106, 106]
    """

    centre: Position

    def project(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Give plane coordinates, shape (n, 2), of places in degrees."""
        azimuth, distance = inverse(*self.centre, np.atleast_1d(lon), np.atleast_1d(lat))
        turn = np.radians(azimuth)
        return np.stack([distance * np.sin(turn), distance * np.cos(turn)], axis=-1)

    def unproject(self, plane: ArrayLike) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of plane coordinates, shape (n, 2); nan off the disc."""
        x, y = np.asarray(plane, float).reshape(-1, 2).T
        distance = np.hypot(x, y)
        there = direct(*self.centre, np.degrees(np.arctan2(x, y)), distance)
        is_off = distance > LONGEST_M
        return np.where(is_off, np.nan, there.lon), np.where(is_off, np.nan, there.lat)

    def line(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Give a line of places as plane coordinates, shape (m, 2).

        Rows of nan part it where it passes by the point opposite the centre, from one
        side of the disc to another.
        """
        east, north = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
        plane = self.project(east, north)
        on_earth = inverse(east[:-1], north[:-1], east[1:], north[1:]).distance
        in_plane = np.linalg.norm(np.diff(plane, axis=0), axis=-1)
        leaps = in_plane > np.maximum(_LEAP * on_earth, LONGEST_M / 2.0)
        return np.insert(plane, np.flatnonzero(leaps) + 1, np.nan, axis=0)

    def polygons(self, outline: Outline) -> list[list[Floats]]:
        """Give an outline as polygons in the plane: closed rings, those of holes after the first.

        The first runs counter-clockwise and the others clockwise. It is one polygon,
        with the rim of the disc as its border where it lies about the point opposite
        the centre.
        """
        rings = [outline.exterior, *outline.holes]
        planar = [shapely.Polygon(self.project(*ring.T)) for ring in rings]
        turned = sum(_is_turned(one, ring) for one, ring in zip(planar, rings, strict=True))
        if turned:
            parts = [*planar, shapely.Polygon(rim())] if turned % 2 else planar
            whole = reduce(shapely.symmetric_difference, map(shapely.make_valid, parts))
            polygons = list(shapely.get_parts(polygonal(whole)))
        else:
            holes = [shapely.get_coordinates(hole) for hole in planar[1:]]
            polygons = [shapely.Polygon(planar[0].exterior, holes)]
        return [
            [shapely.get_coordinates(ring) for ring in shapely.get_rings(orient(polygon))]
            for polygon in polygons
        ]

    def distance(self, start: tuple[float, float], end: tuple[float, float]) -> float:
        """Give the distance on Earth of two places of the plane, in metres; nan off the disc."""
        lon, lat = self.unproject([start, end])
        return float(inverse(lon[0], lat[0], lon[1], lat[1]).distance)


def rim() -> Floats:
    """Give the rim of the disc, a closed ring counter-clockwise, shape (n, 2)."""
    turn = np.radians(np.linspace(0.0, 360.0, 361))
    return LONGEST_M * np.stack([np.cos(turn), np.sin(turn)], axis=-1)


def middle_of(lon: Floats, lat: Floats) -> Position:
    """Give the place about which to draw others, shape (n,): the centre of their smallest cap.

    Where they take up a hemisphere or more, the place opposite the emptiest one.
    """
    if not len(lon):
        return Position(0.0, 0.0)
    try:
        return cap_round(lon, lat, "the map").centre
    except GeometryError:
        from scipy.spatial import cKDTree  # noqa: PLC0415 - slow to import, and seldom needed

        candidates = _spread(_CANDIDATES)
        distance, _ = cKDTree(unit_vectors(lon, lat)).query(candidates)
        return position_of(-candidates[int(np.argmax(distance))])


def _spread(count: int) -> Floats:
    """Give unit vectors all over the globe, evenly: a lattice of Fibonacci's (Gonzalez 2010)."""
    number = np.arange(count)
    golden = (1.0 + np.sqrt(5.0)) / 2.0
    lat = np.degrees(np.arcsin(1.0 - (2.0 * number + 1.0) / count))
    return unit_vectors(360.0 * number / golden % 360.0, lat)


def _is_turned(planar: shapely.Polygon, ring: Floats) -> bool:
    """Tell whether a ring runs the other way in the plane: it holds the point opposite."""
    on_earth, _ = GEOD.polygon_area_perimeter(*ring.T)
    return bool(shapely.is_ccw(planar.exterior) != (on_earth > 0.0))
