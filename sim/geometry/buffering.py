"""Growing lines and polygons by a distance on the ellipsoid, within 1 cm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from sim.geometry.earth import EARTH_RADIUS_M, direct, inverse
from sim.geometry.edges import cap_round
from sim.geometry.region import Region, home_frame, planar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Path
    from sim.geometry.frames import Frame

_CHORD_M = 0.004  # sagitta of the chords that stand for a curve, half of it to either side
_SNAP_M = 1e-4  # grid on which pieces are joined, so that rounding leaves no cracks
_LONGEST_M = 20_000.0
_STRAIGHT = 1e-12  # a turn so slight (degrees) leaves nothing to fill
_HALF_TURN = 180.0


def grown_lines(lines: Sequence[Path], metres: float, what: str) -> Region:
    """Give all places nearer to lines than a distance: a corridor with round ends."""
    return _grown(lines, metres, None, what)


def grown_region(region: Region, lines: Sequence[Path], metres: float, what: str) -> Region:
    """Give a region and all places nearer to it than a distance.

    ``lines`` are its rings with their true edges, so that those are offset whole.
    """
    return _grown(lines, metres, region, what)


def _grown(lines: Sequence[Path], metres: float, core: Region | None, what: str) -> Region:
    lon = np.concatenate([line.lon for line in lines])
    lat = np.concatenate([line.lat for line in lines])
    cap = cap_round(lon, lat, what, margin_m=metres)
    home = home_frame(cap)
    reach = metres + _CHORD_M / 2
    pieces = [p for line in lines for p in _pieces(line, reach, home, ring=core is not None)]
    if core is not None:
        shape = core.shape
        if core.home is not home:
            shape = shapely.union_all([planar(home, cap, line) for line in lines[:1]])
            holes = [planar(home, cap, line) for line in lines[1:]]
            shape = shapely.difference(shape, shapely.union_all(holes)) if holes else shape
        pieces.append(shape)
    return Region(cap, home, shapely.union_all(pieces, grid_size=_SNAP_M))


def _pieces(line: Path, metres: float, home: Frame, *, ring: bool) -> Iterator[shapely.Polygon]:
    """Give the strips along the geodesics of a line, and the wedges at its turns and ends."""
    azimuth, length = inverse(line.lon[:-1], line.lat[:-1], line.lon[1:], line.lat[1:])
    back = inverse(line.lon[1:], line.lat[1:], line.lon[:-1], line.lat[:-1]).azimuth
    onward = back + _HALF_TURN  # the azimuths at which the geodesics arrive
    for i in range(len(length)):
        yield _strip(line.lon[i], line.lat[i], azimuth[i], length[i], onward[i], metres, home)
    count = len(length)
    for i in range(count if ring else count - 1):
        following = (i + 1) % count
        lon, lat = line.lon[i + 1], line.lat[i + 1]
        turn = (azimuth[following] - onward[i] + _HALF_TURN) % 360.0 - _HALF_TURN
        if abs(turn) > _STRAIGHT:  # the gap opens on the outer side of the turn
            first = onward[i] - np.copysign(90.0, turn)
            yield _wedge(lon, lat, first, turn, metres, home)
    if not ring:
        yield _wedge(line.lon[0], line.lat[0], azimuth[0] + 90.0, _HALF_TURN, metres, home)
        yield _wedge(line.lon[-1], line.lat[-1], onward[-1] - 90.0, _HALF_TURN, metres, home)


def _strip(
    lon: float, lat: float, azimuth: float, length: float, onward: float, metres: float, home: Frame
) -> shapely.Polygon:
    """Draw what lies abreast of one geodesic: between its two equidistant curves."""
    curvature = np.tan(metres / EARTH_RADIUS_M) / EARTH_RADIUS_M
    longest = min(_LONGEST_M, float(np.sqrt(8.0 * _CHORD_M / curvature)))
    along = np.linspace(0.0, length, int(np.ceil(length / longest)) + 1)
    on = direct(lon, lat, azimuth, along)
    heading = on.azimuth.copy()
    heading[0], heading[-1] = azimuth, onward  # as the wedges have them
    left = direct(on.lon, on.lat, heading - 90.0, metres)
    right = direct(on.lon, on.lat, heading + 90.0, metres)
    return shapely.Polygon(
        np.concatenate([home.project(left.lon, left.lat), home.project(right.lon, right.lat)[::-1]])
    )


def _wedge(
    lon: float, lat: float, first: float, turn: float, metres: float, home: Frame
) -> shapely.Polygon:
    """Draw the sector of a circle from one azimuth on, by a turn."""
    bearings = first + np.linspace(0.0, turn, _chords(metres, abs(turn)) + 1)
    arc = direct(lon, lat, bearings, metres)
    return shapely.Polygon(np.concatenate([home.project(lon, lat), home.project(arc.lon, arc.lat)]))


def _chords(metres: float, turn: float, chord_m: float = _CHORD_M) -> int:
    """How many chords follow an arc of a circle, over a turn in degrees, closely enough."""
    step = 2.0 * np.arccos(max(0.5, 1.0 - chord_m / metres))
    return max(2, int(np.ceil(np.radians(turn) / step)))


def circle_ring(lon: float, lat: float, radius_m: float) -> tuple[Floats, Floats]:
    """Give places round a circle, closed, whose chords leave it by 4 mm or 1e-7 of its radius."""
    count = _chords(radius_m, 360.0, max(_CHORD_M, 1e-7 * radius_m))
    round_ = direct(lon, lat, np.linspace(0.0, 360.0, count + 1), radius_m)
    return round_.lon, round_.lat
