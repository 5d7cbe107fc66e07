"""Which stretches of geodesic ways lie inside a footprint, solved and not sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from sim.geometry.earth import EARTH_RADIUS_M, Geodesics, foot_ahead, inverse
from sim.geometry.region import BORDER_M, is_near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Cap
    from sim.geometry.footprint import Footprint
    from sim.geometry.frames import Frame
    from sim.geometry.region import Outline, Part
    from sim.geometry.track import Track

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_MOST_CELLS = 200_000  # ways x runs of vertices that are compared at a time
_SKIN_M = 0.01  # with _AMPLE, more than rounding can hide
_AMPLE = 1.0 + 1e-9
_STEPS = 12  # of an iteration that gains a factor of 300 a step
_SETTLED_M = 1e-6


class Spans(NamedTuple):
    """Stretches inside a footprint, columns of shape (k,)."""

    way: Indices
    begin: Floats  # as shares of the way, from 0 to 1; those two are exact
    end: Floats
    deep: Bools  # whether it leaves the footprint's border by more than BORDER_M


class Ways:
    """Pieces of many tracks, joined into columns of shape (n,).

    Attributes
    ----------
    track, leg
        Whose piece it is, and of which leg.
    legs
        The geodesics that the pieces lie on, from ``begin_m`` to ``end_m``.
    lon0, lat0, lon1, lat1
        The ends, where the legs' own exactly as they were given.
    length_m, half_m, middle
        The length, half of it, and the unit vector of the middle, shape (n, 3).
    """

    def __init__(self, tracks: Sequence[Track]) -> None:
        pieces = [track.pieces for track in tracks]
        counts = [len(p.leg) for p in pieces]
        self.track = np.repeat(np.arange(len(tracks)), counts)
        columns = [np.concatenate(column) for column in zip(*pieces, strict=True)]
        self.leg, self.begin_m, self.end_m, self.begin_share, self.end_share = columns[:5]
        self.lon0, self.lat0, self.lon1, self.lat1, self.middle = columns[5:]
        self.length_m: Floats = self.end_m - self.begin_m
        self.half_m = self.length_m / 2.0
        self._planes: dict[Frame, tuple[Bools, Floats]] = {}
        legs = [track.legs[piece.leg] for track, piece in zip(tracks, pieces, strict=True)]
        self.legs = Geodesics(
            *(
                np.concatenate([getattr(leg, name) for leg in legs])
                for name in ("lon", "lat", "azimuth", "distance")
            )
        )

    def __len__(self) -> int:
        return len(self.track)

    def in_plane(self, frame: Frame, which: Indices) -> tuple[Floats, Floats]:
        """Give both ends of some pieces in a frame, shape (k, 2) each; each is projected once."""
        if frame not in self._planes:
            self._planes[frame] = (np.zeros(len(self), dtype=bool), np.empty((len(self), 4)))
        known, plane = self._planes[frame]
        fresh = which[~known[which]]
        if fresh.size:
            plane[fresh, :2] = frame.project(self.lon0[fresh], self.lat0[fresh])
            plane[fresh, 2:] = frame.project(self.lon1[fresh], self.lat1[fresh])
            known[fresh] = True
        return plane[which, :2], plane[which, 2:]


def find_spans(footprint: Footprint, ways: Ways, which: Indices) -> Spans:
    """Find the stretches of some ways that lie inside a footprint.

    Those that cross a region cut into tiles may overlap; their union counts.
    """
    if footprint.is_round:
        return _in_cap(footprint.cap, ways, which)
    found = []
    for part in footprint.region.parts:
        near = which[is_near(part.cap, ways.middle[which], ways.half_m[which])]
        if near.size:
            found.append(_in_part(part, ways, near))
    return _joined(found)


def _joined(spans: Sequence[Spans]) -> Spans:
    if len(spans) == 1:
        return spans[0]
    if not spans:
        return Spans(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, dtype=bool))
    return Spans(*(np.concatenate(column) for column in zip(*spans, strict=True)))


def _in_cap(cap: Cap, ways: Ways, which: Indices) -> Spans:
    """Solve by geodesic distance from the centre. A cap is convex: one stretch a way at most."""
    lon, lat = cap.centre
    first = inverse(ways.lon0[which], ways.lat0[which], lon, lat).distance
    last = inverse(ways.lon1[which], ways.lat1[which], lon, lat).distance
    low, high = ways.begin_m[which], ways.end_m[which]
    shallow = np.minimum(first, last) > cap.radius_m - BORDER_M
    foot = np.where(first < last, low, high)
    nearest = np.minimum(first, last)
    if shallow.any():
        legs = ways.legs[which[shallow]]
        foot[shallow], nearest[shallow] = legs.nearest(lon, lat, low[shallow], high[shallow])
    meets = nearest < cap.radius_m
    begin, end = np.zeros(len(which)), np.ones(len(which))
    for outside, rim, share, sign in (
        (first >= cap.radius_m, low, begin, -1.0),
        (last >= cap.radius_m, high, end, 1.0),
    ):
        solved = np.flatnonzero(meets & outside)
        if solved.size:
            way = which[solved]
            at = _rim(cap, ways.legs[way], rim[solved], foot[solved], sign)
            share[solved] = np.clip((at - low[solved]) / ways.length_m[way], 0.0, 1.0)
    kept = meets & (end >= begin)
    return Spans(which[kept], begin[kept], end[kept], nearest[kept] < cap.radius_m - BORDER_M)


def _rim(cap: Cap, legs: Geodesics, outside: Floats, inside: Floats, sign: float) -> Floats:
    """Find where legs cut the rim of a cap, before (-1) or after (+1) their foot.

    The spherical triangle of centre, foot and rim gives a fixed point: at the
    rim itself the step is zero whatever the shape of the Earth.
    """
    at = outside
    low, high = np.minimum(outside, inside), np.maximum(outside, inside)
    radius = cap.radius_m / EARTH_RADIUS_M
    for _ in range(_STEPS):
        here = legs.at(at)
        azimuth, distance = inverse(here.lon, here.lat, *cap.centre)
        angle = np.radians(azimuth - here.azimuth)
        off = np.arcsin(np.abs(np.sin(distance / EARTH_RADIUS_M) * np.sin(angle)))
        # cos(half) = cos(radius) / cos(off), in a form that is exact for small arcs
        square = np.sin((radius + off) / 2) * np.sin((radius - off) / 2) / np.cos(off)
        half = 2.0 * np.arcsin(np.sqrt(np.clip(square, 0.0, 1.0)))
        step = foot_ahead(distance, angle) + sign * half * EARTH_RADIUS_M
        moved = np.clip(at + step, low, high)
        settled = bool(np.all(np.abs(moved - at) < _SETTLED_M))
        at = moved
        if settled:
            break
    return at


def _in_part(part: Part, ways: Ways, which: Indices) -> Spans:
    start, goal = ways.in_plane(part.frame, which)
    west, south, east, north = shapely.bounds(part.shape)
    low, high = np.minimum(start, goal), np.maximum(start, goal)
    near = np.flatnonzero(
        (low[:, 0] < east) & (high[:, 0] > west) & (low[:, 1] < north) & (high[:, 1] > south)
    )
    way, start, goal = which[near], start[near], goal[near]
    still = (start == goal).all(axis=1)
    return _joined(
        [
            _hovering(part, way[still], start[still]),
            _moving(part, ways, way[~still], start[~still], goal[~still]),
        ]
    )


def _hovering(part: Part, way: Indices, place: Floats) -> Spans:
    inside = shapely.contains_xy(part.solid, place)
    count = int(inside.sum())
    return Spans(way[inside], np.zeros(count), np.ones(count), np.ones(count, dtype=bool))


def _moving(part: Part, ways: Ways, way: Indices, start: Floats, goal: Floats) -> Spans:
    row, begin, end = _paired_crossings(part.outline, start, goal)
    origin, along = start[row], goal[row] - start[row]
    ends = np.stack([origin + begin[:, None] * along, origin + end[:, None] * along], axis=1)
    deep = np.asarray(shapely.intersects(part.solid, shapely.linestrings(ends)))
    found = way[row]
    return Spans(
        found,
        _flown_share(part.frame, ways, found, begin, ends[:, 0]),
        _flown_share(part.frame, ways, found, end, ends[:, 1]),
        deep,
    )


def _paired_crossings(
    outline: Outline, start: Floats, goal: Floats
) -> tuple[Indices, Floats, Floats]:
    """Find where segments lie within closed rings.

    All crossings of a segment's infinite line with the rings are taken by the
    half-open side rule, in which a vertex on the line belongs to one side. Their
    number is even, whatever is touched; sorted, each odd and the next one
    enclose a stretch inside. Its part on the segment is returned: the row of
    the segment and shares of it in the plane, 0 and 1 exact.
    """
    rows, places = [], []
    step = max(1, _MOST_CELLS // len(outline.radius))
    for first in range(0, len(start), step):
        chunk = slice(first, first + step)
        row, place = _line_crossings(outline, start[chunk], goal[chunk])
        rows.append(row + first)
        places.append(place)
    if not rows:
        return np.empty(0, np.int64), np.empty(0), np.empty(0)
    row, place = np.concatenate(rows), np.concatenate(places)
    order = np.lexsort((place, row))
    row, place = row[order], place[order]
    begin, end = np.maximum(place[::2], 0.0), np.minimum(place[1::2], 1.0)
    kept = begin < end
    return row[::2][kept], begin[kept], end[kept]


def _line_crossings(outline: Outline, start: Floats, goal: Floats) -> tuple[Indices, Floats]:
    along = goal - start
    size = np.hypot(along[:, 0], along[:, 1])
    level = along[:, 0] * start[:, 1] - along[:, 1] * start[:, 0]
    middle = along[:, :1] * outline.centre[:, 1] - along[:, 1:] * outline.centre[:, 0]
    near = np.abs(middle - level[:, None]) <= (size * _AMPLE)[:, None] * (outline.radius + _SKIN_M)
    row, run = np.nonzero(near)
    x, y = outline.vertex[run, :, 0], outline.vertex[run, :, 1]
    above = along[row, :1] * y - along[row, 1:] * x > level[row, None]
    pair, edge = np.nonzero(above[:, 1:] != above[:, :-1])
    row, run = row[pair], run[pair]
    first, second = outline.vertex[run, edge], outline.vertex[run, edge + 1]
    way, origin = along[row], start[row]
    before, after = _off_line(way, first - origin), _off_line(way, second - origin)
    total = before - after
    share = (before / np.where(total == 0.0, 1.0, total))[:, None]
    point = first + np.clip(share, 0.0, 1.0) * (second - first)
    return row, ((point - origin) * way).sum(axis=1) / (way * way).sum(axis=1)


def _off_line(way: Floats, place: Floats) -> Floats:
    off: Floats = way[:, 0] * place[:, 1] - way[:, 1] * place[:, 0]
    return off


def _flown_share(frame: Frame, ways: Ways, way: Indices, share: Floats, place: Floats) -> Floats:
    """Turn shares of a segment in the plane into shares of the way's length.

    A plane stretches the far end of a way more than the near one: the length
    flown is measured on the ellipsoid.
    """
    flown = share.copy()
    inner = np.flatnonzero((share > 0.0) & (share < 1.0))
    if inner.size:
        lon, lat = frame.unproject(place[inner])
        on = way[inner]
        metres = inverse(ways.lon0[on], ways.lat0[on], lon, lat).distance
        flown[inner] = np.clip(metres / ways.length_m[on], 0.0, 1.0)
    return flown
