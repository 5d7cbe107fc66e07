"""Geodesics on WGS84, vectorised: distances, bearings, places along a way, unit vectors."""

from __future__ import annotations

from functools import cached_property
from math import copysign, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pyproj import Geod

from sim.errors import GeometryError
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
EARTH_RADIUS_M = 6_371_008.8  # mean radius (2a + b) / 3 of WGS84
ECCENTRICITY_2 = 0.0066943799901413165  # the square of that of WGS84
SPREAD = 1.006  # a geodesic differs from EARTH_RADIUS_M x angle by at most 0.56 %
REACH_M = 9_850_000.0  # a footprint reaches no farther from its centre: under a hemisphere
LONGEST_M = 19_900_000.0  # between places farther apart the shortest way is ambiguous
MOST_DEG = np.array([[360.0], [90.0]])  # of longitude and latitude, as they are given
RADIAN = np.pi / 180.0  # a product is much quicker than np.radians, and the same
_SAME_PLACE = 1e-11  # length of the difference of unit vectors: 0.06 mm
_SETTLED_M = 1e-4  # a foot so little off changes the distance by nothing
_STEPS = 8  # of an iteration that gains a factor of 300 a step, from 20 % at worst


class Inverse(NamedTuple):
    """Forward azimuths at the first places (degrees) and distances (m)."""

    azimuth: Floats
    distance: Floats


class Direct(NamedTuple):
    """Places reached, and the forward azimuths there (degrees)."""

    lon: Floats
    lat: Floats
    azimuth: Floats


def inverse(lon0: ArrayLike, lat0: ArrayLike, lon1: ArrayLike, lat1: ArrayLike) -> Inverse:
    """Solve the inverse geodesic problem for arrays that broadcast (Karney 2013)."""
    x0, y0, x1, y1 = _alike(lon0, lat0, lon1, lat1)
    azimuth, _, distance = GEOD.inv(x0, y0, x1, y1, return_back_azimuth=False)
    return Inverse(np.asarray(azimuth), np.asarray(distance))


def direct(lon: ArrayLike, lat: ArrayLike, azimuth: ArrayLike, distance: ArrayLike) -> Direct:
    """Solve the direct geodesic problem for arrays that broadcast (Karney 2013)."""
    x, y, a, d = _alike(lon, lat, azimuth, distance)
    lon1, lat1, onward = GEOD.fwd(x, y, a, d, return_back_azimuth=False)
    return Direct(np.asarray(lon1), np.asarray(lat1), np.asarray(onward))


def _alike(*columns: ArrayLike) -> Sequence[Floats]:
    """Bring columns to one shape; most have it already."""
    arrays = [np.asarray(column, float) for column in columns]
    if len({array.shape for array in arrays}) == 1:
        return arrays
    return np.broadcast_arrays(*arrays)


def distance_m(first: Position, second: Position) -> float:
    """Geodesic distance of two positions in metres."""
    return float(GEOD.inv(first.lon, first.lat, second.lon, second.lat)[2])


def travel(start: Position, azimuth: float, metres: float) -> Position:
    """Give the position reached by following a geodesic from ``start``."""
    lon, lat, _ = GEOD.fwd(start.lon, start.lat, azimuth, metres)
    return Position(float(lon), float(lat))


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Give the normals of the ellipsoid as unit vectors, shape (..., 3).

    On them poles and the antimeridian are ordinary places. The angle between
    two, times EARTH_RADIUS_M, is their distance within a factor of SPREAD.
    """
    east, north = np.multiply(lon, RADIAN), np.multiply(lat, RADIAN)
    cos = np.cos(north)
    vectors = np.empty((*np.shape(cos), 3))
    vectors[..., 0], vectors[..., 1], vectors[..., 2] = (
        cos * np.cos(east),
        cos * np.sin(east),
        np.sin(north),
    )
    return vectors


def lonlat(vectors: Floats) -> tuple[Floats, Floats]:
    """Give the longitudes and latitudes of places whose normals are vectors of shape (..., 3)."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


def angles(first: Floats, second: Floats) -> Floats:
    """Angle in radians between unit vectors, exact for small ones too, over the last axis."""
    chords = np.linalg.norm(first - second, axis=-1)
    found: Floats = 2.0 * np.arcsin(np.minimum(1.0, chords / 2.0))
    return found


def position_of(vector: Iterable[float]) -> Position:
    """Give the position whose normal a vector of any length is."""
    x, y, z = (float(v) for v in vector)
    return Position(
        float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))
    )


def checked_position(position: Iterable[float], what: str) -> Position:
    """Give a position with its longitude in [-180, 180].

    Raises
    ------
    GeometryError
        If it is not finite, or beyond a pole, or further round than 360 degrees.
    """
    lon, lat = (float(value) for value in position)
    if not (isfinite(lon) and isfinite(lat)):
        raise GeometryError(f"{what} is not finite: longitude {lon}, latitude {lat}")
    if abs(lat) > 90.0 or abs(lon) > 360.0:  # noqa: PLR2004 - degrees
        raise GeometryError(
            f"{what} is not on Earth: longitude {lon:g}, latitude {lat:g}",
            hint="longitude comes first",
        )
    if abs(lon) > 180.0:  # noqa: PLR2004 - degrees
        lon -= copysign(360.0, lon)
    return Position(lon, lat)


def same_place(first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Tell which places, as unit vectors, are the same within 0.1 mm; poles included."""
    same: NDArray[np.bool_] = np.linalg.norm(first - second, axis=-1) < _SAME_PLACE
    return same


def show(position: Position) -> str:
    """Give a place for an error message, as ``36.41N 36.72E``."""
    lat = f"{abs(position.lat):.2f}{'S' if position.lat < 0 else 'N'}"
    return f"{lat} {abs(position.lon):.2f}{'W' if position.lon < 0 else 'E'}"


class Geodesics:
    """Many geodesic segments, and where they come nearest to a place.

    Their azimuths and lengths are solved when they are first asked for: a choice
    of them that is taken before costs no more than itself.

    Parameters
    ----------
    lon, lat, lon1, lat1
        Starts and ends in degrees, shape (n,).
    """

    def __init__(self, lon: Floats, lat: Floats, lon1: Floats, lat1: Floats) -> None:
        self.lon, self.lat = lon, lat
        self._lon1, self._lat1 = lon1, lat1

    @cached_property
    def _inverse(self) -> Inverse:
        return inverse(self.lon, self.lat, self._lon1, self._lat1)

    @property
    def azimuth(self) -> Floats:
        """Forward azimuths at the starts in degrees, shape (n,)."""
        return self._inverse.azimuth

    @property
    def distance(self) -> Floats:
        """Lengths in metres, shape (n,)."""
        return self._inverse.distance

    def __getitem__(self, which: Any) -> Geodesics:
        chosen = Geodesics(self.lon[which], self.lat[which], self._lon1[which], self._lat1[which])
        if "_inverse" in self.__dict__:
            azimuth, distance = self._inverse
            chosen.__dict__["_inverse"] = Inverse(azimuth[which], distance[which])
        return chosen

    def at(self, metres: Floats) -> Direct:
        """Give the places at distances from the starts; beyond the ends too."""
        return direct(self.lon, self.lat, self.azimuth, metres)

    def nearest(
        self, lon: ArrayLike, lat: ArrayLike, low: ArrayLike = 0.0, high: ArrayLike | None = None
    ) -> tuple[Floats, Floats]:
        """Find where each segment comes nearest to a place.

        The foot of the perpendicular solves a right spherical triangle at every
        step; the ellipsoid's flattening makes it a fixed point that converges by
        a factor of about 300 a step.

        Parameters
        ----------
        lon, lat
            The places, shape (n,) or scalar.
        low, high
            Between which distances along the segments to look; the whole
            segment by default.

        Returns
        -------
        tuple of ndarray
            Distances along the segments of the nearest points, and the
            distances of those from the places (m), shape (n,) each.
        """
        least = np.asarray(low, float)
        most = self.distance if high is None else np.asarray(high, float)
        along: Floats = (least + most) / 2.0
        moving = np.ones(np.shape(along), dtype=bool)  # each stops on its own, whatever others do
        for _ in range(_STEPS):
            here = self.at(along)
            azimuth, distance = inverse(here.lon, here.lat, lon, lat)
            step = foot_ahead(distance, np.radians(azimuth - here.azimuth))
            moved = np.clip(along + step, least, most)
            still_moving = moving & (np.abs(moved - along) >= _SETTLED_M)
            along = np.where(moving, moved, along)
            moving = still_moving
            if not moving.any():
                break
        here = self.at(along)
        return along, inverse(here.lon, here.lat, lon, lat).distance


class Arcs:
    """Great circle arcs, shorter than half the globe, and rough distances from them.

    Parameters
    ----------
    starts, ends
        Unit vectors, shape (m, 3).
    """

    def __init__(self, starts: Floats, ends: Floats) -> None:
        self.starts, self.ends = starts, ends
        normals = np.cross(starts, ends)
        size = np.linalg.norm(normals, axis=-1, keepdims=True)
        self._normals = normals / np.maximum(size, np.finfo(float).tiny)
        self._ahead = np.cross(self._normals, starts)
        self._behind = np.cross(ends, self._normals)

    def distances(self, vectors: Floats, which: Any = slice(None)) -> Floats:
        """Give distances in metres on a sphere, within a factor of SPREAD of the true ones.

        Places are unit vectors of shape (3,) or (k, 1, 3); the answer has shape
        (m,) or (k, m).
        """
        abreast = (_dot(self._ahead[which], vectors) > 0) & (_dot(self._behind[which], vectors) > 0)
        across = np.abs(np.arcsin(np.clip(_dot(self._normals[which], vectors), -1.0, 1.0)))
        to_ends = np.minimum(angles(self.starts[which], vectors), angles(self.ends[which], vectors))
        distances: Floats = EARTH_RADIUS_M * np.where(abreast, across, to_ends)
        return distances


def _dot(first: Floats, second: Floats) -> Floats:
    product: Floats = np.einsum("...i,...i->...", first, second)
    return product


def foot_ahead(distance: Floats, angle: Floats) -> Floats:
    """Give the distance ahead to the foot of a perpendicular: its place is seen at an angle."""
    arc = distance / EARTH_RADIUS_M
    ahead: Floats = EARTH_RADIUS_M * np.arctan2(np.sin(arc) * np.cos(angle), np.cos(arc))
    return ahead
