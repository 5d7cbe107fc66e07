"""Frames: planes in which short geodesics of the ellipsoid are straight."""

from __future__ import annotations

from functools import lru_cache
from math import cos, inf, radians, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import ECCENTRICITY_2, unit_vectors
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from sim.geometry.earth import Floats

PIECE_M = 16_000.0  # a geodesic so long is straight within 3 mm up to NEAR_M from the centre
NEAR_M = 1_000_000.0
SHARED_M = 320_000.0  # no place is farther from the centre of the frame it shares
_LEAST_M = 50_000.0  # from the centre, that edges are cut for
_CELL_DEG = 4.0  # shared frames are so far apart
_AXIS_M = 6_378_137.0  # semi-major axis of WGS84
_SQUASH = tuple(s / _AXIS_M**2 for s in (1.0, 1.0, 1.0 / (1.0 - ECCENTRICITY_2)))


class _View(NamedTuple):
    """From where a frame is seen; of several frames one after another along the last axis."""

    axes: Floats  # east, north and up as unit vectors, shape (3, 3, ...)
    eye: Floats  # metres from the Earth's centre, shape (3, ...)
    radius: Floats  # metres from there to the plane, shape (...)


class Frame:
    """A central projection of the ellipsoid on the plane that touches it at a centre, in metres.

    It is seen from the centre of the mean (Gaussian) curvature there. A geodesic
    keeps close to the plane of its end points and the normal between them, and
    that nearly passes through the point of view; so it is all but straight: one
    of length l, r from the centre, leaves its chord by at most about
    3 mm (l / 16 km)**2 (r / 1000 km). On a sphere this is the gnomonic
    projection, and all are straight. It is closed both ways, and costs a
    twentieth of the ellipsoidal gnomonic projection, whose radii need geodesics.

    Distances are stretched off the centre and areas wrong: measure neither here.
    """

    def __init__(self, centre: Position) -> None:
        self.centre = centre
        lon, lat = radians(centre.lon), radians(centre.lat)
        up = np.array([cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)])
        east = np.array([-sin(lon), cos(lon), 0.0])
        bulge = 1.0 - ECCENTRICITY_2 * sin(lat) ** 2
        radius = _AXIS_M * sqrt(1.0 - ECCENTRICITY_2) / bulge  # the root of both radii's product
        north = np.array([-sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat)])
        axes = np.array([east, north, up])
        eye = on_earth(unit_vectors(centre.lon, centre.lat)) - radius * up
        self.view = _View(axes, eye, np.asarray(radius))

    def project(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Give plane coordinates, shape (n, 2); infinite beyond the horizon."""
        return self.image(on_earth(unit_vectors(np.atleast_1d(lon), np.atleast_1d(lat))))

    def image(self, places: Floats) -> Floats:
        """Give plane coordinates, shape (n, 2), of places as :func:`on_earth` gives them."""
        return _image(places, self.view)

    def unproject(self, plane: Floats) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of plane coordinates of shape (n, 2)."""
        return _seen(plane, self.view)


class Frames:
    """Several frames as columns, so that each place may be projected in one of its own."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        axes, eye, radius = map(np.array, zip(*(frame.view for frame in frames), strict=True))
        self._views = _View(axes.transpose(1, 2, 0), eye.T, radius)

    def image(self, frame: NDArray[np.int64], places: Floats) -> Floats:
        """Give plane coordinates, shape (n, 2), of places on Earth in frames, shape (n,)."""
        return _image(places, self._of(frame))

    def unproject(self, frame: NDArray[np.int64], plane: Floats) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of plane coordinates, shape (n, 2), in frames."""
        return _seen(plane, self._of(frame))

    def _of(self, frame: NDArray[np.int64]) -> _View:
        return _View(*(column[..., frame] for column in self._views))


def _image(places: Floats, view: _View) -> Floats:
    x, y, z = (column - start for column, start in zip(places, view.eye, strict=True))
    # Term by term, for products of matrices are rounded otherwise where there are more rows.
    right, ahead, height = (x * a + y * b + z * c for a, b, c in view.axes)
    plane = np.empty((len(height), 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = view.radius / height
        np.multiply(right, scale, out=plane[:, 0])
        np.multiply(ahead, scale, out=plane[:, 1])
    plane[~(height > 0.0)] = inf
    return plane


def _seen(plane: Floats, view: _View) -> tuple[Floats, Floats]:
    right, ahead = plane.T
    ray = [right * e + ahead * n + view.radius * u for e, n, u in view.axes.swapaxes(0, 1)]
    # The ray meets the ellipsoid where a square in its parameter is zero.
    square = sum(s * r * r for s, r in zip(_SQUASH, ray, strict=True))
    linear = sum(s * e * r for s, e, r in zip(_SQUASH, view.eye, ray, strict=True))
    rest = sum(s * e * e for s, e in zip(_SQUASH, view.eye, strict=True)) - 1.0
    far = (np.sqrt(linear * linear - square * rest) - linear) / square
    x, y, z = (e + far * r for e, r in zip(view.eye, ray, strict=True))
    lon = np.degrees(np.arctan2(y, x))
    lat = np.degrees(np.arctan2(z, (1.0 - ECCENTRICITY_2) * np.hypot(x, y)))
    return lon, lat


def on_earth(normals: Floats) -> Floats:
    """Give places on the ellipsoid in metres from the Earth's centre, shape (3, ...).

    They are given by their unit vectors, shape (..., 3).
    """
    x, y, z = normals[..., 0], normals[..., 1], normals[..., 2]
    across = _AXIS_M / np.sqrt(1.0 - ECCENTRICITY_2 * z * z)
    return np.array([across * x, across * y, (1.0 - ECCENTRICITY_2) * across * z])


@lru_cache(maxsize=4096)
def frame_near(centre: Position) -> Frame:
    """Give the frame that all footprints near a place share, so that they can meet in it.

    Its centre is less than SHARED_M away, on a grid of rings of latitude.
    """
    frames, _ = frames_near(np.array([centre.lon]), np.array([centre.lat]))
    return frames[0]


def frames_near(lon: Floats, lat: Floats) -> tuple[list[Frame], NDArray[np.int64]]:
    """Give the frames that footprints near many places share, and which is whose, shape (n,)."""
    row = np.rint(lat / _CELL_DEG)
    columns = np.maximum(1.0, np.rint(360.0 * np.cos(np.radians(row * _CELL_DEG)) / _CELL_DEG))
    column = np.rint(lon / 360.0 * columns) % columns
    _, one, which = np.unique(row * 360.0 + column, return_index=True, return_inverse=True)
    cells = zip(row[one].tolist(), column[one].tolist(), columns[one].tolist(), strict=True)
    frames = [_frame(r * _CELL_DEG, c * 360.0 / n) for r, c, n in cells]
    return frames, which


@lru_cache(maxsize=4096)
def _frame(lat: float, lon: float) -> Frame:
    return Frame(Position(lon, lat))


def piece_length_m(reach_m: ArrayLike) -> Floats:
    """Give the lengths of edges that are straight within 3 mm so far from a frame's centre."""
    length: Floats = PIECE_M * np.sqrt(NEAR_M / np.maximum(reach_m, _LEAST_M))
    return length
