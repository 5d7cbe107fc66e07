"""Arcs round a centre, as places close enough together to stand for them."""

from __future__ import annotations

from math import acos, ceil, radians

import numpy as np

from sim.errors import FormatError
from sim.geometry.earth import direct, inverse
from sim.geometry.footprint import Polygon
from sim.units import METRES_PER_NAUTICAL_MILE, Position

_SAGITTA_M = 0.5  # chords stay within 1 m of their arc, with a radius that changes along it
_SLACK_M = 2000.0  # coordinates in whole minutes leave a radius so uncertain
_SLACK = 0.1
_LARGEST_M = 2e6


def arc(
    start: Position, end: Position, centre: Position, *, clockwise: bool, radius_m: float | None
) -> list[Position]:
    """Give the places of an arc, its ends included; chords leave it by less than 1 m.

    The arc begins and ends where it is said to. Where the distances of its ends
    from the centre differ, as rounded coordinates make them, the radius changes
    evenly from the one to the other.

    Raises
    ------
    FormatError
        If those distances, or the radius stated, differ by more than rounding
        explains: 2 km, or a tenth.
    """
    azimuth, distance = inverse(*centre, [start.lon, end.lon], [start.lat, end.lat])
    radii = [float(d) for d in distance] + ([radius_m] if radius_m else [])
    if max(radii) - min(radii) > max(_SLACK_M, _SLACK * max(radii)):
        shown = ", ".join(f"{r / METRES_PER_NAUTICAL_MILE:.1f}" for r in radii)
        raise FormatError(f"an arc with different radii: {shown} NM")
    begin, turn = float(azimuth[0]), float(azimuth[1] - azimuth[0]) % 360.0
    turn = turn if clockwise else turn - 360.0
    share = np.linspace(0.0, 1.0, _pieces(max(radii), abs(turn)) + 1)[1:-1]
    radius = distance[0] + share * (distance[1] - distance[0])
    on = direct(np.full_like(share, centre.lon), centre.lat, begin + share * turn, radius)
    inner = [Position(float(lon), float(lat)) for lon, lat in zip(on.lon, on.lat, strict=True)]
    return [start, *inner, end]


def sector(centre: Position, radius_m: float, first: float, last: float) -> Polygon:
    """Give the sector from a true bearing clockwise to another; its arc is within 1 m."""
    turn = (last - first) % 360.0 or 360.0
    bearings = first + np.linspace(0.0, turn, _pieces(radius_m, turn) + 1)
    on = direct(np.full_like(bearings, centre.lon), centre.lat, bearings, radius_m)
    return Polygon(
        (centre, *(Position(float(x), float(y)) for x, y in zip(on.lon, on.lat, strict=True)))
    )


def _pieces(radius_m: float, turn_deg: float) -> int:
    if radius_m > _LARGEST_M:
        raise FormatError(f"an arc with a radius of {radius_m / 1000.0:.0f} km")
    step = 2.0 * acos(max(0.0, 1.0 - _SAGITTA_M / max(radius_m, _SAGITTA_M)))
    return max(2, ceil(radians(turn_deg) / step))
