"""How deep a track goes into a footprint, and when it is deepest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geometry.earth import SPREAD, distance_m, unit_vectors
from sim.units import Position

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Cap
    from sim.geometry.region import Region
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume

_SAMPLES = 129  # over the stay, before closing in
_CLOSER = 17  # at every step of closing in, each eight times finer
_FINEST_S = 1e-4
_TINY_M = 1e-9


def penetration(track: Track, volume: Volume, entry: float, exit: float) -> tuple[float, float]:  # noqa: A002 - the word for it
    """Give how deep a track is in a footprint at most, and the instant of that.

    Parameters
    ----------
    track, volume
        The track, and the volume whose footprint it is in.
    entry, exit
        The stay, as `find_crossings` gives it (s).

    Returns
    -------
    tuple of float
        Metres to the nearest border, by geodesic, and the instant (s). In a
        circle the deepest point is solved; elsewhere it is closed in on from
        129 samples of the stay, and the depth there is exact.
    """
    footprint = volume.footprint
    if footprint.is_round:
        return _nearest_approach(track, footprint.cap, entry, exit)
    return _deepest(track, footprint.region, entry, exit)


def _nearest_approach(track: Track, cap: Cap, entry: float, exit_: float) -> tuple[float, float]:
    stay = track.cut(entry, exit_)
    ways = stay.ways
    if not len(ways.leg):
        here = Position(float(stay.lon[0]), float(stay.lat[0]))
        return cap.radius_m - distance_m(here, cap.centre), stay.start
    legs, begin, end = ways.along(slice(None))
    along, distance = legs.nearest(*cap.centre, begin, end)
    best = int(np.argmin(distance))
    leg, length = int(ways.leg[best]), float(legs.distance[best])
    share = along[best] / length if length else 0.0
    instant = stay.time[leg] + share * (stay.time[leg + 1] - stay.time[leg])
    return cap.radius_m - float(distance[best]), float(instant)


def _deepest(track: Track, region: Region, entry: float, exit_: float) -> tuple[float, float]:
    """Sample the stay, and close in on the deepest instant.

    Distances on a sphere are off by up to 0.56 %, by a factor that hardly
    changes from one place to the next: at every step it is measured on the
    ellipsoid, for the edges that come into question.
    """
    step = (exit_ - entry) / (_SAMPLES - 1)
    best = _best_of(track, region, np.linspace(entry, exit_, _SAMPLES))
    while step > _FINEST_S:
        low, high = max(entry, best - step), min(exit_, best + step)
        edges, factors = _edges_near(track, region, best, low, high)
        best = _best_of(track, region, np.linspace(low, high, _CLOSER), edges, factors)
        step = (high - low) / (_CLOSER - 1)
    return region.nearest_border(_place(track, best))[1], best


def _best_of(
    track: Track,
    region: Region,
    times: Floats,
    edges: Any = slice(None),
    factors: Floats | float = 1.0,
) -> float:
    vectors = unit_vectors(*track.places(times))[:, None, :]
    depth = (region.arcs.distances(vectors, edges) * factors).min(axis=1)
    return float(times[np.argmax(depth)])


def _edges_near(
    track: Track, region: Region, best: float, low: float, high: float
) -> tuple[NDArray[np.intp], Floats]:
    """Give the edges that may be nearest between two instants, and true by spherical distances."""
    place = _place(track, best)
    leeway = 2.0 * max(distance_m(place, _place(track, t)) for t in (low, high))
    rough = region.arcs.distances(unit_vectors(*place))
    edges = np.flatnonzero(rough <= (rough.min() + leeway) * SPREAD**2)
    true = region.border[edges].nearest(*place)[1]
    return edges, np.where(rough[edges] > 0, true / np.maximum(rough[edges], _TINY_M), 1.0)


def _place(track: Track, instant: float) -> Position:
    lon, lat = track.places(np.array([instant]))
    return Position(float(lon[0]), float(lat[0]))
