"""The airspaces and the traffic that the geometry is timed on: seeded, as columns.

Everything lies in a square of 2,000 x 2,000 km round 36N 38E and in one day, in whole
seconds (a peer's time boxes drop fractions of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod, Proj

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

LON, LAT = 38.0, 36.0
HALF_M = 1_000_000.0
DAY_S = 86_400
FOOT_M = 0.3048
TOP_FT = 60_000.0
RADIUS_M = (2_000.0, 50_000.0)
VERTICES = (8, 32)
LASTING_MIN = (10, 240)
THICK_FT = (1_000.0, 15_000.0)
GROUPS = 50
NOTCH = 0.3  # of the radius: the nearest that a vertex comes to the centre
LEGS = (20, 200)
LEG_S = (15, 60)
SPEED_MPS = (404 / 3.6, 900 / 3.6)  # in the plane, which is up to 0.9 % wider than the Earth
_GEOD = Geod(ellps="WGS84")
_PLANE = Proj(proj="aeqd", ellps="WGS84", lon_0=LON, lat_0=LAT)
_BATCH = 10_000  # tracks that are drawn together


@dataclass(frozen=True, eq=False)
class Airspace:
    """Volumes as columns: exteriors ring after ring, not closed; metres MSL; seconds."""

    lon: Floats  # shape (v,)
    lat: Floats
    starts: Indices  # shape (n + 1,)
    lower_m: Floats  # shape (n,)
    upper_m: Floats
    start: Floats
    end: Floats
    group: Indices

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True, eq=False)
class Traffic:
    """Tracks as columns, track after track."""

    time: Floats  # shape (p,)
    lon: Floats
    lat: Floats
    altitude_m: Floats
    starts: Indices  # shape (m + 1,)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def legs(self) -> int:
        """How many legs there are in all."""
        return len(self.time) - len(self)

    def first(self, tracks: int) -> Traffic:
        """Give the first few tracks."""
        starts = self.starts[: tracks + 1]
        points = slice(0, int(starts[-1]))
        time, lon, lat, altitude = self.time, self.lon, self.lat, self.altitude_m
        return Traffic(time[points], lon[points], lat[points], altitude[points], starts)


def airspace(volumes: int, seed: int = 1) -> Airspace:
    """Draw volumes whose footprints are star-shaped and never convex."""
    rng = np.random.default_rng([seed, volumes])
    radius = rng.uniform(*RADIUS_M, volumes)
    middle = rng.uniform(-1.0, 1.0, (2, volumes)) * (HALF_M - radius)
    starts, azimuth, share = _stars(rng, volumes)
    ring = np.repeat(np.arange(volumes), np.diff(starts))
    lon, lat = (np.asarray(v) for v in _PLANE(middle[0], middle[1], inverse=True))
    lon, lat, _ = _GEOD.fwd(lon[ring], lat[ring], azimuth, share * radius[ring])
    lasting = 60.0 * rng.integers(*LASTING_MIN, volumes, endpoint=True)
    start = np.floor(rng.uniform(0.0, DAY_S - lasting))
    thick = rng.uniform(*THICK_FT, volumes)
    lower = rng.uniform(0.0, TOP_FT - thick)
    return Airspace(
        *(np.asarray(lon), np.asarray(lat), starts),
        *(lower * FOOT_M, (lower + thick) * FOOT_M),
        *(start, start + lasting),
        rng.integers(0, GROUPS, volumes),
    )


def _stars(rng: np.random.Generator, count: int) -> tuple[Indices, Floats, Floats]:
    """Draw stars: offsets of their vertices, azimuths, and distances as shares of the radius.

    The first vertex lies at ``NOTCH`` and its neighbours so far out that the ring
    turns in there whatever the rest does.
    """
    sizes = rng.integers(*VERTICES, count, endpoint=True)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ring = np.repeat(np.arange(count), sizes)
    place = np.arange(starts[-1]) - starts[ring] + rng.uniform(-0.25, 0.25, starts[-1])
    azimuth = rng.uniform(0.0, 360.0, count)[ring] - 360.0 * place / sizes[ring]
    share = rng.uniform(NOTCH, 1.0, starts[-1])
    first, last = starts[:-1], starts[1:] - 1
    share[first], share[first + 1] = NOTCH, 1.0
    share[last] = rng.uniform(0.8, 1.0, count)
    return starts, azimuth % 360.0, share


def traffic(tracks: int, seed: int = 2) -> Traffic:
    """Draw tracks that turn and climb, none wider than the square and all inside it."""
    batches = [
        _batch(np.random.default_rng([seed, first]), min(_BATCH, tracks - first))
        for first in range(0, tracks, _BATCH)
    ]
    time, x, y, altitude, sizes = (np.concatenate(column) for column in zip(*batches, strict=True))
    lon, lat = _PLANE(x, y, inverse=True)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return Traffic(time, np.asarray(lon), np.asarray(lat), altitude, starts)


def _batch(rng: np.random.Generator, count: int) -> tuple[NDArray[np.generic], ...]:
    """Draw time, x, y and altitude of points, and how many each track has."""
    shape = (count, LEGS[1])
    lasting = rng.integers(*LEG_S, shape, endpoint=True)
    heading = rng.uniform(0.0, 2 * np.pi, (count, 1)) + np.cumsum(rng.normal(0, 0.15, shape), 1)
    step = lasting * rng.uniform(*SPEED_MPS, (count, 1))
    x, y = _from_zero(step * np.sin(heading)), _from_zero(step * np.cos(heading))
    climb = rng.normal(0.0, 6.0, shape) * rng.integers(0, 2, shape)
    altitude = _folded(rng.uniform(300, 15_000, (count, 1)) + _from_zero(climb * lasting))
    legs = rng.integers(*LEGS, count, endpoint=True)
    legs = np.minimum(legs, np.minimum(_fitting(x), _fitting(y)))
    time = _from_zero(lasting)
    whole = time[np.arange(count), legs]
    time += np.floor(rng.uniform(0.0, DAY_S - whole))[:, None]
    kept = np.arange(LEGS[1] + 1) <= legs[:, None]
    x, y = (_placed(rng, values, kept)[kept] for values in (x, y))
    return time[kept], x, y, altitude[kept], legs + 1


def _from_zero(steps: NDArray[np.generic]) -> Floats:
    """Add up steps along the last axis."""
    total = np.cumsum(steps, axis=1, dtype=np.float64)
    return np.concatenate([np.zeros((len(total), 1)), total], axis=1)


def _folded(altitude: Floats) -> Floats:
    """Turn climbs back at the top and sinks back at the ground."""
    top = TOP_FT * FOOT_M
    folded: Floats = top - np.abs(top - altitude % (2 * top))
    return folded


def _fitting(x: Floats) -> Indices:
    """Tell how many legs of each track fit into the square, wherever it is put."""
    width = np.maximum.accumulate(x, axis=1) - np.minimum.accumulate(x, axis=1)
    legs: Indices = (width < 2 * HALF_M).sum(axis=1) - 1
    return legs


def _placed(rng: np.random.Generator, x: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Move each track to somewhere inside the square."""
    low = np.where(kept, x, np.inf).min(axis=1)
    high = np.where(kept, x, -np.inf).max(axis=1)
    placed: Floats = x + rng.uniform(-HALF_M - low, HALF_M - high)[:, None]
    return placed
