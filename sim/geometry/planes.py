"""Which stretches of ways lie inside polygons that are drawn in planes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from sim.geometry.earth import inverse
from sim.geometry.frames import Frames, on_earth
from sim.geometry.ways import distinct, ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.frames import Frame
    from sim.geometry.region import Part
    from sim.geometry.ways import Indices, Ways

    Bools = NDArray[np.bool_]

_MOST_CELLS = 200_000  # ways x runs of vertices that are compared at a time
_SKIN_M = 0.01  # with _AMPLE, more than rounding can hide
_AMPLE = 1.0 + 1e-9


class Stretched(NamedTuple):
    """Stretches inside parts of regions, columns of shape (k,)."""

    row: Indices  # which of the ways asked for
    begin: Floats  # as shares of the way
    end: Floats
    deep: Bools


class Drawn:
    """Parts of regions as columns, each in its own frame."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.bounds: Floats = shapely.bounds([part.shape for part in parts])
        place: dict[Frame, int] = {}
        self.frame_of = np.array([place.setdefault(part.frame, len(place)) for part in parts])
        self.frames = Frames(list(place))

    def solids(self, part: Indices) -> NDArray[np.object_]:
        """Give the parts less their borders; only those that are asked for are made."""
        made = np.empty(len(self.parts), dtype=object)
        for k in distinct(part)[0].tolist():
            made[k] = self.parts[k].solid
        solids: NDArray[np.object_] = made[part]
        return solids

    def project(self, part: Indices, ways: Ways, way: Indices) -> tuple[Floats, Floats]:
        """Give both ends of ways in the frames of parts, shape (n, 2) each."""
        frame = self.frame_of[part]
        start, goal = (
            self.frames.image(frame, on_earth(ends[way])) for ends in (ways.start, ways.goal)
        )
        return start, goal

    def unproject(self, part: Indices, plane: Floats) -> tuple[Floats, Floats]:
        """Give longitudes and latitudes of places, shape (n, 2), in the frames of parts."""
        return self.frames.unproject(self.frame_of[part], plane)


def inside_drawn(drawn: Drawn, part: Indices, ways: Ways, way: Indices) -> Stretched:
    """Find the stretches of ways that lie inside parts; given in pairs, shape (n,) each."""
    start, goal = drawn.project(part, ways, way)
    west, south, east, north = drawn.bounds[part].T
    low, high = np.minimum(start, goal), np.maximum(start, goal)
    near = (low[:, 0] < east) & (high[:, 0] > west) & (low[:, 1] < north) & (high[:, 1] > south)
    still = (start == goal).all(axis=1)
    moves, hovers = np.flatnonzero(near & ~still), np.flatnonzero(near & still)
    moving = _moving(drawn, part[moves], ways, way[moves], start[moves], goal[moves])
    moving = moving._replace(row=moves[moving.row])
    if not hovers.size:
        return moving
    hovers = hovers[shapely.contains_xy(drawn.solids(part[hovers]), *start[hovers].T)]
    whole = np.zeros(len(hovers)), np.ones(len(hovers)), np.ones(len(hovers), dtype=bool)
    both = zip((hovers, *whole), moving, strict=True)
    return Stretched(*(np.concatenate(columns) for columns in both))


def _moving(
    drawn: Drawn, part: Indices, ways: Ways, way: Indices, start: Floats, goal: Floats
) -> Stretched:
    row, begin, end = _paired_crossings(drawn.parts, part, start, goal)
    origin, along = start[row], goal[row] - start[row]
    ends = np.stack([origin + begin[:, None] * along, origin + end[:, None] * along], axis=1)
    deep = np.asarray(shapely.intersects(drawn.solids(part[row]), shapely.linestrings(ends)))
    twice = np.concatenate([row, row])
    shares, places = np.concatenate([begin, end]), ends.transpose(1, 0, 2).reshape(-1, 2)
    flown = _flown_share(drawn, part[twice], ways, way[twice], shares, places)
    return Stretched(row, flown[: len(row)], flown[len(row) :], deep)


class _Outlines:
    """The runs of vertices round some parts, joined."""

    def __init__(self, parts: Sequence[Part], part: Indices) -> None:
        used, _ = distinct(part)
        outlines = [parts[k].outline for k in used.tolist()]
        runs = np.array([len(outline.radius) for outline in outlines])
        self.vertex, self.centre, self.radius = outlines[0]
        if len(outlines) > 1:
            self.vertex, self.centre, self.radius = (
                np.concatenate(column) for column in zip(*outlines, strict=True)
            )
        self.first, self.runs = np.zeros((2, len(parts)), dtype=np.int64)
        self.first[used], self.runs[used] = np.cumsum(runs) - runs, runs


def _paired_crossings(
    parts: Sequence[Part], part: Indices, start: Floats, goal: Floats
) -> tuple[Indices, Floats, Floats]:
    """Find where segments lie within closed rings.

    All crossings of a segment's infinite line with the rings are taken by the
    half-open side rule, in which a vertex on the line belongs to one side. Their
    number is even, whatever is touched; sorted, each odd and the next one
    enclose a stretch inside. Its part on the segment is returned: the row of
    the segment and shares of it in the plane, 0 and 1 exact.
    """
    if not part.size:
        return np.empty(0, np.int64), np.empty(0), np.empty(0)
    outlines = _Outlines(parts, part)
    compared = np.cumsum(outlines.runs[part])
    rows, places = [], []
    first = 0
    while first < len(part):
        done = compared[first] - outlines.runs[part[first]]
        after = int(np.searchsorted(compared, done + _MOST_CELLS, side="right"))
        chunk = slice(first, max(first + 1, after))
        row, place = _line_crossings(outlines, part[chunk], start[chunk], goal[chunk])
        rows.append(row + first)
        places.append(place)
        first = chunk.stop
    row, place = np.concatenate(rows), np.concatenate(places)
    order = np.lexsort((place, row))
    row, place = row[order], place[order]
    begin, end = np.maximum(place[::2], 0.0), np.minimum(place[1::2], 1.0)
    kept = begin < end
    return row[::2][kept], begin[kept], end[kept]


def _line_crossings(
    outlines: _Outlines, part: Indices, start: Floats, goal: Floats
) -> tuple[Indices, Floats]:
    along = goal - start
    size = np.hypot(along[:, 0], along[:, 1])
    level = along[:, 0] * start[:, 1] - along[:, 1] * start[:, 0]
    row, run = ranges(outlines.first[part], outlines.runs[part])
    way, centre = along[row], outlines.centre[run]
    middle = way[:, 0] * centre[:, 1] - way[:, 1] * centre[:, 0]
    reach = (size * _AMPLE)[row] * (outlines.radius[run] + _SKIN_M)
    near = np.abs(middle - level[row]) <= reach
    row, run = row[near], run[near]
    x, y = outlines.vertex[run, :, 0], outlines.vertex[run, :, 1]
    above = along[row, :1] * y - along[row, 1:] * x > level[row, None]
    pair, edge = np.nonzero(above[:, 1:] != above[:, :-1])
    row, run = row[pair], run[pair]
    first, second = outlines.vertex[run, edge], outlines.vertex[run, edge + 1]
    way, origin = along[row], start[row]
    before, after = _off_line(way, first - origin), _off_line(way, second - origin)
    total = before - after
    share = (before / np.where(total == 0.0, 1.0, total))[:, None]
    point = first + np.clip(share, 0.0, 1.0) * (second - first)
    return row, ((point - origin) * way).sum(axis=1) / (way * way).sum(axis=1)


def _off_line(way: Floats, place: Floats) -> Floats:
    off: Floats = way[:, 0] * place[:, 1] - way[:, 1] * place[:, 0]
    return off


def _flown_share(
    drawn: Drawn, part: Indices, ways: Ways, way: Indices, share: Floats, place: Floats
) -> Floats:
    """Turn shares of segments in planes into shares of the ways' lengths.

    A plane stretches the far end of a way more than the near one: the length
    flown is measured on the ellipsoid.
    """
    flown = share.copy()
    inner = np.flatnonzero((share > 0.0) & (share < 1.0))
    if inner.size:
        lon, lat = drawn.unproject(part[inner], place[inner])
        on = way[inner]
        metres = inverse(ways.lon0[on], ways.lat0[on], lon, lat).distance
        _, begin, end = ways.along(on)
        flown[inner] = np.clip(metres / (end - begin), 0.0, 1.0)
    return flown
