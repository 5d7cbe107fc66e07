"""Answers found another way: sampled, by azimuths and distances alone, in no plane at all."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from sim.geometry.altitude import Band, Limit, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.geometry.track import Track
    from sim.units import Position

GEOD = Geod(ellps="WGS84")
ANY_ALTITUDE = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, float("inf")))


def msl(lower: float, upper: float) -> Band:
    return Band(Limit(Reference.MSL, lower), Limit(Reference.MSL, upper))


def dense(ring: Sequence[Position], step_m: float = 500.0) -> np.ndarray:
    """Give places along the geodesics that join positions, shape (n, 2)."""
    places = []
    for start, end in pairwise(ring):
        azimuth, _, distance = GEOD.inv(*start, *end)
        for metres in np.linspace(0, distance, max(2, int(distance / step_m) + 1))[:-1]:
            lon, lat, _ = GEOD.fwd(*start, azimuth, metres)
            places.append((lon, lat))
    return np.array([*places, ring[-1]])


def winds_round(ring: np.ndarray, lon: float, lat: float) -> bool:
    """Tell whether a closed, dense ring winds round a place, by the azimuths it is seen at."""
    count = len(ring)
    azimuth, _, _ = GEOD.inv(np.full(count, lon), np.full(count, lat), ring[:, 0], ring[:, 1])
    turns = (np.diff(azimuth) + 180.0) % 360.0 - 180.0
    return bool(abs(turns.sum()) > 180.0)


def distance_to(places: np.ndarray, lon: float, lat: float) -> float:
    """Give the distance of the nearest of many places."""
    count = len(places)
    return float(
        np.min(GEOD.inv(np.full(count, lon), np.full(count, lat), places[:, 0], places[:, 1])[2])
    )


def state(track: Track, t: float) -> tuple[float, float, float]:
    """Give where a track is, by the geodesic from the point before."""
    leg = min(max(int(np.searchsorted(track.time, t, side="right")) - 1, 0), len(track) - 2)
    share = (t - track.time[leg]) / (track.time[leg + 1] - track.time[leg])
    start = track.lon[leg], track.lat[leg]
    azimuth, _, length = GEOD.inv(*start, track.lon[leg + 1], track.lat[leg + 1])
    lon, lat, _ = GEOD.fwd(*start, azimuth, share * length)
    climb = track.altitude_m[leg + 1] - track.altitude_m[leg]
    return lon, lat, float(track.altitude_m[leg] + share * climb)
