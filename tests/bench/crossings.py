"""``python -m tests.bench.crossings [TRACKS]...``: what it costs to find crossings, for each leg.

Tracks of 20-200 legs turn and climb among 1,000 volumes that are not convex,
over 2,000 x 2,000 km and a day. The volumes are drawn ready before the clock
starts. The figures are printed and never asserted.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.crossing import find_crossings
from sim.geometry.footprint import Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position

if TYPE_CHECKING:
    from sim.geometry.earth import Floats

GEOD = Geod(ellps="WGS84")
CENTRE = Position(10.0, 48.0)
HALF_M = 1e6
DAY_S = 86_400.0
VOLUMES = 1000
ROUNDS = 3


def main() -> None:
    """Print for each number of tracks the seconds of the fastest round, and per leg."""
    rng = np.random.default_rng(2)
    volumes = [volume(rng) for _ in range(VOLUMES)]
    for one in volumes:
        for part in one.footprint.region.parts:
            part.outline, part.solid  # noqa: B018 - kept from now on
    for count in [int(word) for word in sys.argv[1:]] or [1000, 10_000]:
        flown = tracks(count, rng)
        legs = sum(len(track) - 1 for track in flown)
        taken = []
        for _ in range(ROUNDS):
            begun = perf_counter()
            stays = len(find_crossings(flown, volumes))
            taken.append(perf_counter() - begun)
        each = min(taken) / legs * 1e6
        sys.stdout.write(
            f"{count:>9,} tracks, {legs:>12,} legs, {stays:>7,} stays"
            f"{min(taken):>10.3f} s{each:>9.3f} us a leg\n"
        )


def tracks(count: int, rng: np.random.Generator) -> list[Track]:
    """Lay all tracks leg by leg, and cut each to its own number of legs."""
    lon, lat = scattered(rng, count)
    time, altitude = rng.uniform(0, DAY_S, count), rng.uniform(1000, 11_000, count)
    heading, speed = rng.uniform(0, 360, count), rng.uniform(400, 900, count) / 3.6
    climb = rng.uniform(-8, 8, count)
    points = [np.stack([time, lon, lat, altitude])]
    for _ in range(200):
        lasts = rng.uniform(15, 60, count)
        heading = heading + np.where(rng.random(count) < 0.3, rng.normal(0, 15, count), 0.0)
        climb = np.where(rng.random(count) < 0.1, rng.uniform(-8, 8, count), climb)
        lon, lat, _ = GEOD.fwd(lon, lat, heading, speed * lasts)
        time, altitude = time + lasts, np.clip(altitude + climb * lasts, 100, 12_500)
        points.append(np.stack([time, lon, lat, altitude]))
    columns = np.stack(points, axis=-1)
    legs = rng.integers(20, 201, count)
    return [Track(*columns[:, k, : n + 1]) for k, n in enumerate(legs)]


def volume(rng: np.random.Generator) -> Volume:
    """Make a star of 8-32 vertices and 2-50 km radius, in force for 10-240 minutes."""
    (lon,), (lat,) = scattered(rng, 1)
    corners = int(rng.integers(8, 33))
    radius = float(np.exp(rng.uniform(np.log(2e3), np.log(5e4))))
    reach = radius * np.where(np.arange(corners) % 2, 0.55, 1.0)
    azimuth = -360.0 / corners * (np.arange(corners) + rng.uniform(-0.3, 0.3, corners))
    ring = GEOD.fwd(np.full(corners, lon), np.full(corners, lat), azimuth, reach)[:2]
    thick, lasts = rng.uniform(1000, 15_000) * 0.3048, rng.uniform(600, 14_400)
    floor, opens = rng.uniform(0, 60_000 * 0.3048 - thick), rng.uniform(0, DAY_S - lasts)
    return Volume(
        Polygon(tuple(Position(*place) for place in np.stack(ring, axis=-1).tolist())),
        Band(Limit(Reference.MSL, floor), Limit(Reference.MSL, floor + thick)),
        (opens, opens + lasts),
    )


def scattered(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Give places all over the square."""
    east, north = rng.uniform(-HALF_M, HALF_M, (2, count))
    azimuth, metres = np.degrees(np.arctan2(east, north)), np.hypot(east, north)
    lon, lat, _ = GEOD.fwd(np.full(count, CENTRE.lon), np.full(count, CENTRE.lat), azimuth, metres)
    return lon, lat


if __name__ == "__main__":
    main()
