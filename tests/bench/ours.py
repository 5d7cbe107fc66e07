"""keepout itself on the workloads, read by columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from tests.bench.agreement import Rows, pair_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.workloads import Airspace, Indices, Traffic


def read(space: Airspace) -> sim.Volumes:
    """Read volumes from longitudes and latitudes."""
    limits = (space.lower_m, space.upper_m, space.start, space.end)
    return sim.Volumes.polygons(space.lon, space.lat, space.starts, *limits)


def ready(volumes: Sequence[sim.Volume]) -> Sequence[sim.Volume]:
    """Draw what tracks are solved in, before the clock starts, and give the volumes back."""
    for volume in volumes:
        for part in volume.footprint.region.parts:
            _ = part.solid, part.outline
    return volumes


def overlaps(volumes: Any, group: Indices) -> Any:
    """Find the overlaps as columns."""
    return sim.find_overlaps(volumes, groups=group)


def keys(found: Any, volumes: int) -> Indices:
    """Give the pairs found as sorted numbers."""
    return pair_keys(np.asarray(found.first), np.asarray(found.second), volumes)


def tracks(traffic: Traffic) -> sim.Tracks:
    """Read tracks from longitudes and latitudes."""
    time, lon, lat, altitude = traffic.time, traffic.lon, traffic.lat, traffic.altitude_m
    return sim.Tracks.columns(time, lon, lat, altitude, traffic.starts)


def stays(made: Sequence[sim.Track], volumes: Sequence[sim.Volume]) -> Rows:
    """Find the stays of tracks in volumes."""
    found = sim.find_crossings(made, volumes)
    return Rows.sorted(found.track, found.volume, found.entry, found.exit)
