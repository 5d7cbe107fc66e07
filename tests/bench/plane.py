"""What the peers are given: the same volumes and tracks in one gnomonic plane.

In it geodesics are straight, so edges are cut as keepout cuts them and drawn by shapely.
Making it is not timed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from sim.geometry.earth import Geodesics
from sim.geometry.frames import Frame, piece_length_m
from sim.units import Position
from tests.bench.workloads import HALF_M, LAT, LON

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.bench.workloads import Airspace, Floats, Indices, Traffic

_FRAME = Frame(Position(LON, LAT))
_PIECE_M = piece_length_m(np.sqrt(2.0) * HALF_M)  # straight within 3 mm in the square's corners


@dataclass(frozen=True, eq=False)
class Scene:
    """Volumes in the plane; columns of shape (n,)."""

    polygon: NDArray[Any]
    bounds: Floats  # xmin, ymin, xmax, ymax; shape (n, 4)
    lower_m: Floats
    upper_m: Floats
    start: Floats
    end: Floats
    group: Indices

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True, eq=False)
class Paths:
    """Tracks in the plane; columns of points, and the first point of each leg."""

    time: Floats
    place: Floats  # shape (p, 2)
    altitude_m: Floats
    starts: Indices
    leg: Indices  # its first point
    track: Indices  # of each leg

    def __len__(self) -> int:
        return len(self.starts) - 1


def scene(space: Airspace) -> Scene:
    """Project volumes."""
    polygon = _polygons(space)
    rest = (space.lower_m, space.upper_m, space.start, space.end, space.group)
    return Scene(polygon, shapely.bounds(polygon), *rest)


def unprepared(scene: Scene) -> Scene:
    """Forget what a peer prepared the last time, so that all its rounds are alike."""
    shapely.destroy_prepared(scene.polygon)
    return scene


def paths(traffic: Traffic) -> Paths:
    """Project tracks; their legs are so short that they stay within 1 mm of straight."""
    place = _FRAME.project(traffic.lon, traffic.lat)
    track = np.repeat(np.arange(len(traffic)), np.diff(traffic.starts))
    leg = np.flatnonzero(track[1:] == track[:-1])
    return Paths(traffic.time, place, traffic.altitude_m, traffic.starts, leg, track[leg])


def _polygons(space: Airspace) -> NDArray[Any]:
    """Draw footprints, their edges cut into geodesics that are straight in the plane."""
    ring = np.repeat(np.arange(len(space)), np.diff(space.starts))
    after = np.arange(len(ring)) + 1
    after[space.starts[1:] - 1] = space.starts[:-1]
    edges = Geodesics(space.lon, space.lat, space.lon[after], space.lat[after])
    pieces = np.maximum(1, np.ceil(edges.distance / _PIECE_M)).astype(np.int64)
    edge = np.repeat(np.arange(len(ring)), pieces)
    inner = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    joint = edges[edge].at(inner * (edges.distance / pieces)[edge])
    plane = _FRAME.project(joint.lon, joint.lat)
    rings = shapely.linearrings(plane, indices=ring[edge])
    return np.asarray(shapely.polygons(rings))
