"""Lengths along geodesics by pyproj or by quadrature: for tests that work them out apart."""

from __future__ import annotations

from math import radians, sin
from typing import TYPE_CHECKING

from pyproj import Geod

if TYPE_CHECKING:
    from collections.abc import Callable

GEOD = Geod(ellps="WGS84")
Place = tuple[float, float]  # longitude, latitude


def borders(start: Place, end: Place, center: Place, radius: float) -> tuple[float, float]:
    """Distances in metres along a geodesic at which it enters and leaves a circle, by halving."""
    azimuth, _, length = GEOD.inv(*start, *end)

    def is_inside(metres: float) -> bool:
        lon, lat, _ = GEOD.fwd(*start, azimuth, metres)
        return bool(GEOD.inv(lon, lat, *center)[2] < radius)

    step = length / 1000
    within = [k * step for k in range(1001) if is_inside(k * step)]
    return (
        _halved(is_inside, within[0] - step, within[0]),
        _halved(is_inside, within[-1] + step, within[-1]),
    )


def _halved(is_inside: Callable[[float], bool], outside: float, inside: float) -> float:
    for _ in range(60):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if is_inside(middle) else (middle, inside)
    return inside


def meridian_arc(south: float, north: float, steps: int = 1000) -> float:
    """Length in metres along a meridian of WGS84, by Simpson's rule."""
    a, e2 = 6378137.0, 0.00669437999014

    def curvature(latitude: float) -> float:
        return float(a * (1 - e2) / (1 - e2 * sin(latitude) ** 2) ** 1.5)

    h = radians(north - south) / steps
    at = [radians(south) + k * h for k in range(steps + 1)]
    weights = [1, *([4, 2] * (steps // 2))[:-1], 1]
    return h / 3 * sum(w * curvature(x) for w, x in zip(weights, at, strict=True))
