"""Gnomonic frames: planes in which geodesics of the ellipsoid are straight."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Proj

from sim.units import Position

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from sim.geometry.earth import Floats

PIECE_M = 40_000.0  # a geodesic so long is straight within 3 mm up to NEAR_M from the centre
NEAR_M = 1_000_000.0
_CELL_DEG = 4.0  # shared frames are so far apart, and no place farther than 320 km from one


class Frame:
    """The ellipsoidal gnomonic projection round a centre, in metres.

    Geodesics through the centre are exactly straight, others nearly so: a
    geodesic of length l, r from the centre, leaves its chord by at most about
    3 mm (l / 40 km)**2 (r / 1000 km)**2. PROJ computes it by Karney (2013,
    section 8): the radius of a place is m12 / M12, reduced length by scale.

    Distances are stretched off the centre and areas wrong: measure neither here.
    """

    def __init__(self, centre: Position) -> None:
        self.centre = centre
        self._proj = Proj(proj="gnom", ellps="WGS84", lon_0=centre.lon, lat_0=centre.lat)

    def project(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Give plane coordinates, shape (n, 2); infinite beyond the horizon."""
        x, y = self._proj(np.atleast_1d(lon), np.atleast_1d(lat))
        return np.stack([x, y], axis=-1)

    def unproject(self, plane: Floats) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of plane coordinates of shape (n, 2)."""
        lon, lat = self._proj(plane[:, 0], plane[:, 1], inverse=True)
        return np.asarray(lon), np.asarray(lat)


@lru_cache(maxsize=4096)
def frame_near(centre: Position) -> Frame:
    """Give the frame that all footprints near a place share, so that they can meet in it.

    Its centre is less than 320 km away, on a grid of rings of latitude.
    """
    row = round(centre.lat / _CELL_DEG)
    lat = row * _CELL_DEG
    columns = max(1, round(360.0 * cos(radians(lat)) / _CELL_DEG))
    width = 360.0 / columns
    column = round(centre.lon / width) % columns
    return _frame(lat, column * width)


@lru_cache(maxsize=4096)
def _frame(lat: float, lon: float) -> Frame:
    return Frame(Position(lon, lat))


def piece_length_m(reach_m: float) -> float:
    """Give the length of edge that is straight within 3 mm so far from a frame's centre."""
    return PIECE_M * min(1.0, NEAR_M / reach_m) if reach_m else PIECE_M
