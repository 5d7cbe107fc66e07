"""Growing lines and polygons by a distance on the ellipsoid, within 1 cm."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from sim.errors import GeometryError
from sim.geometry.earth import EARTH_RADIUS_M, direct, inverse, unit_vectors
from sim.geometry.edges import Cap, Path, cap_round, shares
from sim.geometry.region import Region, home_frame, region_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.geometry.earth import Floats
    from sim.geometry.frames import Frame
    from sim.units import Position

CHORD_M = 0.004  # sagitta of the chords that stand for a curve, about half to either side
_CRACK_M = 0.005
_SNAP_M = 1e-4  # grid on which pieces are joined, so that rounding leaves no cracks
_LONGEST_M = 10_000.0
_STRAIGHT = 1e-12  # a turn so slight (degrees) leaves nothing to fill
_MITRE = 1 / 4  # of a chord's sagitta: so far a mitre may leave the arc round a turn in a run
_MOST_SWEPT_M = 3e9  # runs times the distance
_SHORTER = 0.5  # of a geodesic: so much shorter a strip may be on its inner side
_SWING = 1.0  # radians by which a run may turn in all
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


def check_turns(lines: Sequence[Path], metres: float, what: str) -> None:
    """Refuse lines that turn so often that growing them so far would take minutes.

    Raises
    ------
    GeometryError
        If their runs times the distance are more than 3 million kilometres.
    """
    if sum(len(line.edge) for line in lines) * metres <= _MOST_SWEPT_M:
        return
    runs = sum(len(_Legs.of(line).borders(metres, CHORD_M)) - 1 for line in lines)
    if runs * metres > _MOST_SWEPT_M:
        raise GeometryError(
            f"{what} turns {runs:,} times, too often for what reaches {metres / 1000.0:,.0f} km"
            " from it",
            hint="give fewer places, or join them by geodesics",
        )


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


class _Legs(NamedTuple):
    """The geodesics of a line: azimuths at their starts and ends, lengths, and turns at ends."""

    azimuth: Floats
    onward: Floats  # on arrival
    length: Floats
    turn: Floats  # the last one closes a ring

    @classmethod
    def of(cls, line: Path) -> _Legs:
        """Measure those of a line."""
        ends = (line.lon[:-1], line.lat[:-1], line.lon[1:], line.lat[1:])
        azimuth, length = inverse(*ends)
        onward = inverse(*ends[2:], *ends[:2]).azimuth + _HALF_TURN
        turn = (np.roll(azimuth, -1) - onward + _HALF_TURN) % 360.0 - _HALF_TURN
        return cls(azimuth, onward, length, turn)

    def borders(self, metres: float, chord_m: float) -> list[int]:
        """Give the places at which one run ends and another begins, with both ends of the line.

        A run is a sequence of geodesics that turn so slightly that the curves beside them
        turn with them: those that stand for a parallel, most of all. On the inner side of
        a turn a strip is shorter, by the distance times the turn. It is far from folding
        where that is at most half of both geodesics, and a run ends before it has come about.
        """
        turn = np.abs(np.radians(self.turn[:-1]))
        slight = metres * turn**2 / 8.0 <= _MITRE * chord_m
        slight &= metres * turn <= _SHORTER * np.minimum(self.length[:-1], self.length[1:])
        swing = np.floor(np.cumsum(np.where(slight, turn, 0.0)) / _SWING)
        ends = ~slight | (np.diff(swing, prepend=0.0) > 0.0)
        return [0, *(np.flatnonzero(ends) + 1).tolist(), len(self.length)]


class _Grower:
    """Strips along the runs of a line, and wedges at its turns and ends."""

    def __init__(self, line: Path, metres: float, chord_m: float, home: Frame) -> None:
        self.line = line
        self.metres = metres
        self.chord_m = chord_m
        self.home = home
        self.legs = _Legs.of(line)

    def pieces(self, *, ring: bool) -> Iterator[shapely.Polygon]:
        borders = self.legs.borders(self.metres, self.chord_m)
        for first, last in pairwise(borders):
            yield self._strip(first, last)
        for at in borders[1:] if ring else borders[1:-1]:
            turn = self.legs.turn[at - 1]
            if abs(turn) > _STRAIGHT:  # the gap opens on the outer side of the turn
                yield self._wedge(at, self.legs.onward[at - 1] - np.copysign(90.0, turn), turn)
        if not ring:
            yield self._wedge(0, self.legs.azimuth[0] + 90.0, _HALF_TURN)
            yield self._wedge(-1, self.legs.onward[-1] - 90.0, _HALF_TURN)

    def _strip(self, first: int, last: int) -> shapely.Polygon:
        """Draw what lies abreast of one run: between the two curves equidistant to it.

        Chords of those bulge outwards, as parallels' do, by an eighth of the sagitta here.
        """
        curvature = np.tan(self.metres / EARTH_RADIUS_M) / EARTH_RADIUS_M
        longest = min(_LONGEST_M, float(np.sqrt(self.chord_m / curvature)))
        leg, along = shares(self.legs.length[first:last], longest)
        leg += first
        on = direct(self.line.lon[leg], self.line.lat[leg], self.legs.azimuth[leg], along)
        joint = np.flatnonzero((along == 0.0) & (leg > first))
        heading = on.azimuth.copy()
        heading[joint] = (self.legs.onward + self.legs.turn / 2.0)[
            leg[joint] - 1
        ]  # halves the turn
        heading[0] = self.legs.azimuth[first]  # as the wedges have it, at both ends
        lon, lat = np.append(on.lon, self.line.lon[last]), np.append(on.lat, self.line.lat[last])
        heading = np.append(heading, self.legs.onward[last - 1])
        left = direct(lon, lat, heading - 90.0, self.metres)
        right = direct(lon, lat, heading + 90.0, self.metres)
        ends = self.home.project(lon[[0, -1]], lat[[0, -1]])  # corners of wedges, too
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
