"""Growing lines and polygons by a distance on the ellipsoid, within 1 cm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from sim.geometry.earth import EARTH_RADIUS_M, direct, inverse, unit_vectors
from sim.geometry.edges import Cap, Path, cap_round
from sim.geometry.region import Region, home_frame, region_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.geometry.frames import Frame
    from sim.units import Position

CHORD_M = 0.004  # sagitta of the chords that stand for a curve, about half to either side
_CRACK_M = 0.005
_SNAP_M = 1e-4  # grid on which pieces are joined, so that rounding leaves no cracks
_LONGEST_M = 10_000.0
_STRAIGHT = 1e-12  # a turn so slight (degrees) leaves nothing to fill
_HALF_TURN = 180.0


def grown(
    lines: Sequence[Path],
    metres: float,
    what: str,
    *,
    filled: bool,
    chord_m: float = CHORD_M,
) -> Region:
    """Give all places nearer to lines than a distance.

    Parameters
    ----------
    lines
        Geodesic paths, with their true edges, so that those are offset whole.
    metres
        The distance.
    what
        What is made, for the error message.
    filled
        Whether the lines are rings, the first round what is grown and the
        others round its holes; otherwise they are routes, with round ends.
    chord_m
        How far chords may leave the curves they stand for: half of it inwards, and
        five eighths outwards.

    Raises
    ------
    GeometryError
        If it is not smaller than a hemisphere.
    """
    lon = np.concatenate([line.lon for line in lines])
    lat = np.concatenate([line.lat for line in lines])
    cap = cap_round(lon, lat, what, margin_m=metres)
    home = home_frame(cap)
    pieces: list[Any] = []
    for line in lines:
        pieces += _Grower(line, metres + chord_m / 2, chord_m, home).pieces(ring=filled)
    if filled:
        pieces.append(region_of(cap, lines[0], lines[1:]).shape)
    return Region(cap, home, _without_cracks(shapely.union_all(pieces, grid_size=_SNAP_M)))


def _without_cracks(shape: shapely.Geometry) -> shapely.Geometry:
    """Close the holes that rounding leaves where pieces adjoin: nowhere as wide as a crack."""
    polygons = shapely.get_parts(shape)
    holes = shapely.get_num_interior_rings(polygons)
    if not holes.any():
        return shape
    return shapely.union_all([_mended(p) if n else p for p, n in zip(polygons, holes, strict=True)])


def _mended(polygon: shapely.Polygon) -> shapely.Polygon:
    """Keep of a polygon's holes those that are wider than a crack, on average."""
    kept = [
        hole
        for hole in polygon.interiors
        if shapely.area(shapely.Polygon(hole)) > _CRACK_M * shapely.length(hole) / 2.0
    ]
    return shapely.Polygon(polygon.exterior, kept)


class _Grower:
    """Strips along the geodesics of a line, and wedges at its turns and ends."""

    def __init__(self, line: Path, metres: float, chord_m: float, home: Frame) -> None:
        self.line = line
        self.metres = metres
        self.chord_m = chord_m
        self.home = home
        ends = (line.lon[:-1], line.lat[:-1], line.lon[1:], line.lat[1:])
        self.azimuth, self.length = inverse(*ends)
        self.onward = inverse(*ends[2:], *ends[:2]).azimuth + _HALF_TURN  # on arrival

    def pieces(self, *, ring: bool) -> Iterator[shapely.Polygon]:
        count = len(self.length)
        for i in range(count):
            yield self._strip(i)
        for i in range(count if ring else count - 1):
            turn = self.azimuth[(i + 1) % count] - self.onward[i]
            turn = (turn + _HALF_TURN) % 360.0 - _HALF_TURN
            if abs(turn) > _STRAIGHT:  # the gap opens on the outer side of the turn
                yield self._wedge(i + 1, self.onward[i] - np.copysign(90.0, turn), turn)
        if not ring:
            yield self._wedge(0, self.azimuth[0] + 90.0, _HALF_TURN)
            yield self._wedge(-1, self.onward[-1] - 90.0, _HALF_TURN)

    def _strip(self, i: int) -> shapely.Polygon:
        """Draw what lies abreast of one geodesic: between its two equidistant curves.

        Chords of those bulge outwards, as parallels' do, by an eighth of the sagitta here.
        """
        curvature = np.tan(self.metres / EARTH_RADIUS_M) / EARTH_RADIUS_M
        longest = min(_LONGEST_M, float(np.sqrt(self.chord_m / curvature)))
        along = np.linspace(0.0, self.length[i], int(np.ceil(self.length[i] / longest)) + 1)
        on = direct(self.line.lon[i], self.line.lat[i], self.azimuth[i], along)
        heading = on.azimuth.copy()
        heading[0], heading[-1] = self.azimuth[i], self.onward[i]  # as the wedges have them
        left = direct(on.lon, on.lat, heading - 90.0, self.metres)
        right = direct(on.lon, on.lat, heading + 90.0, self.metres)
        ends = self.home.project(on.lon[[0, -1]], on.lat[[0, -1]])  # corners of wedges, too
        return shapely.Polygon(
            np.concatenate(
                [
                    ends[:1],
                    self.home.project(left.lon, left.lat),
                    ends[1:],
                    self.home.project(right.lon, right.lat)[::-1],
                ]
            )
        )

    def _wedge(self, i: int, first: float, turn: float) -> shapely.Polygon:
        """Draw the sector of a circle round a vertex, from one azimuth on, by a turn."""
        lon, lat = self.line.lon[i], self.line.lat[i]
        bearings = first + np.linspace(0.0, turn, _chords(self.metres, abs(turn), self.chord_m) + 1)
        arc = direct(lon, lat, bearings, self.metres)
        return shapely.Polygon(
            np.concatenate([self.home.project(lon, lat), self.home.project(arc.lon, arc.lat)])
        )


def _chords(metres: float, turn: float, chord_m: float) -> int:
    """How many chords follow an arc of a circle, over a turn in degrees, closely enough."""
    step = 2.0 * np.arccos(max(0.5, 1.0 - chord_m / metres))
    return max(2, int(np.ceil(np.radians(turn) / step)))


def grown_place(place: Position, metres: float, chord_m: float) -> Region:
    """Give a polygon whose sides leave a circle by half of a chord's sagitta to either side."""
    cap = Cap(place, unit_vectors(*place), metres + chord_m)
    count = max(3, _chords(metres, 360.0, chord_m))
    bearings = np.linspace(0.0, 360.0, count + 1)
    rim = direct(*place, bearings, metres + chord_m / 2)
    return region_of(cap, Path(rim.lon, rim.lat, np.arange(count)), [])
