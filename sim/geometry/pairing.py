"""Pairing: which of many volumes could meet, by cells of the globe and by time, none missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_GIANT = 0.2  # radians: a cap so large is compared with all others
_LEAST_CELL = 1e-5  # radians: 60 m
_COARSER = 16.0  # how much larger caps of the next level are, and its cells
_CHUNK = 2_000_000  # pairs that are looked at together
_LOT = 500_000  # pairs that are given together
_QUARTER = np.pi / 4.0
_ROUNDING = 1e-9  # radians


class Extents(NamedTuple):
    """Where, when, how high and whose each of n things is.

    ``vector`` (n, 3) and ``radius`` (n,) are caps, in radians; ``start``,
    ``end`` half-open windows; ``low``, ``high`` altitudes on one axis, NaN where
    that is not known; ``group`` integers.
    """

    vector: Floats
    radius: Floats
    start: Floats
    end: Floats
    low: Floats
    high: Floats
    group: Indices


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of places among ``count``, in order, the smaller place of each first.

    ``number``, shape (k,), is first x count + second: both places in the room of one.
    """

    number: Indices
    count: int

    def __len__(self) -> int:
        return len(self.number)

    def lots(self) -> Iterator[tuple[slice, Indices, Indices]]:
        """Give which of the pairs come next, and their first and second places; few at a time."""
        for at in range(0, len(self), _LOT):
            lot = slice(at, min(at + _LOT, len(self)))
            first, second = np.divmod(self.number[lot], self.count)
            yield lot, first, second

    def only(self, kept: Bools) -> Pairs:
        """Leave out all but some."""
        return Pairs(self.number[kept], self.count)


def near_pairs(extents: Extents) -> Pairs:
    """Find the pairs of different groups whose caps, windows and altitudes meet.

    Caps are sorted by size into levels. At each level the globe is cut into
    cells as large as its caps, on the faces of a cube round it, and whatever
    is no larger is put into the cells that it may touch; in a cell, what goes on
    at the same time is found by binary search among starts.
    """
    ranks = _Ranks(extents.start, extents.end)
    keys = [_of_giants(extents)]
    for cell, members, smaller in _levels(extents.radius):
        keys += _of_level(extents, ranks, cell, members, smaller)
    found = np.concatenate(keys)
    keys.clear()
    found.sort()
    fresh = np.ones(len(found), dtype=bool)
    np.not_equal(found[1:], found[:-1], out=fresh[1:])
    return Pairs(found[fresh], len(extents.radius))


class _Ranks:
    """Starts and ends by their ranks among all starts: integers, unbounded ones included."""

    def __init__(self, start: Floats, end: Floats) -> None:
        order = np.unique(start)
        self.count = len(order) + 1
        self.start = np.searchsorted(order, start)
        self.end = np.searchsorted(order, end)  # how many starts lie before the end


def _levels(radius: Floats) -> Iterator[tuple[float, Indices, Indices]]:
    """Give for each level the size of its cells, its members, and what is smaller."""
    ordinary = np.flatnonzero(radius < _GIANT)
    if not ordinary.size:
        return
    size = np.maximum(radius[ordinary], _LEAST_CELL)
    level = np.ceil(np.log(_GIANT / size) / np.log(_COARSER)).astype(np.int64)
    for at in np.unique(level).tolist():
        members = ordinary[level == at]
        cell = 2.0 * float(size[level == at].mean())
        yield cell, members, ordinary[level > at]


def _of_giants(extents: Extents) -> Indices:
    """Compare the largest caps, one by one, with all that has a greater place or is ordinary."""
    count = len(extents.radius)
    is_giant = ~(extents.radius < _GIANT)
    keys = [np.empty(0, dtype=np.int64)]
    for giant in np.flatnonzero(is_giant).tolist():
        others = np.flatnonzero(~is_giant | (np.arange(count) > giant))
        pairs = np.full(len(others), giant), others
        keys.append(_kept(extents, *pairs))
    return np.concatenate(keys)


def _of_level(
    extents: Extents, ranks: _Ranks, cell: float, members: Indices, smaller: Indices
) -> list[Indices]:
    """Find the pairs of a level's members with each other and with what is smaller."""
    keys = []
    for face in range(6):
        near = _near_face(extents, face, members)
        if not near.size:
            continue
        large = _entries(extents, ranks, face, cell, near)
        small = _entries(extents, ranks, face, cell, _near_face(extents, face, smaller))
        keys += _meetings(extents, large, _both(large, small))
        if len(small.item):
            keys += _meetings(extents, small, large)
    return keys


class _Entries(NamedTuple):
    """Things in cells, sorted by cell and start: each in every cell that it may touch.

    ``key`` is cell and rank of the start in one, ``until`` the key before which
    those in the same cell start that go on at the same time. ``column`` and
    ``row`` are of the cell, ``left`` and ``bottom`` of the first that the thing is in.
    """

    key: Indices
    until: Indices
    item: Indices
    column: NDArray[np.int32]
    row: NDArray[np.int32]
    left: NDArray[np.int32]
    bottom: NDArray[np.int32]


def _on_face(vector: Floats, face: int) -> tuple[Floats, Floats, Floats]:
    """Give the parts of vectors along a face of the cube, two, and out of it."""
    sign, axis = (1.0 if face % 2 else -1.0), face // 2
    z, x, y = (sign * vector[:, (axis + k) % 3] for k in range(3))
    return x, y, z


def _near_face(extents: Extents, face: int, which: Indices) -> Indices:
    """Leave out caps that surely do not touch a face of the cube."""
    x, y, z = _on_face(extents.vector[which], face)
    # To the planes through its edges and the middle, x = z and so on, it is that far.
    outside = np.maximum(np.abs(x), np.abs(y)) - z
    near: Indices = which[outside <= np.sqrt(2.0) * (extents.radius[which] + _ROUNDING)]
    return near


def _entries(extents: Extents, ranks: _Ranks, face: int, cell: float, which: Indices) -> _Entries:
    x, y, z = _on_face(extents.vector[which], face)
    radius = extents.radius[which] + _ROUNDING
    columns, rows = (_reach(part, z, other, radius, cell) for part, other in ((x, y), (y, x)))
    on_face = np.flatnonzero((columns[0] <= columns[1]) & (rows[0] <= rows[1]))
    item = which[on_face]
    left, right, bottom, top = (ends[on_face] for ends in (*columns, *rows))
    wide, tall = right - left + 1, top - bottom + 1
    copies = wide * tall
    owner = np.repeat(np.arange(len(item)), copies)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(copies) - copies, copies)
    column, row = left[owner] + place % wide[owner], bottom[owner] + place // wide[owner]
    number = column * (int(2.0 * _QUARTER / cell) + 2) + row
    begin = number * ranks.count
    key = begin + ranks.start[item][owner]
    order = np.argsort(key, kind="stable")
    sorted_ = owner[order]
    return _Entries(
        key[order],
        (begin + ranks.end[item][owner])[order],
        item[sorted_],
        *(
            part.astype(np.int32)
            for part in (column[order], row[order], left[sorted_], bottom[sorted_])
        ),
    )


def _reach(
    part: Floats, z: Floats, other: Floats, radius: Floats, cell: float
) -> tuple[Indices, Indices]:
    """Give the first and last columns of cells that caps touch; none where first > last.

    Seen from the middle, a cap reaches to either side of its centre, about the
    axis of ``other``, by the arcsine of sin(radius) / cos(elevation).
    """
    angle = np.arctan2(part, z)
    level = np.sqrt(np.maximum(1.0 - other * other, np.finfo(float).tiny))
    aside = np.arcsin(np.minimum(1.0, np.sin(radius) / level))
    low, high = np.maximum(angle - aside, -_QUARTER), np.minimum(angle + aside, _QUARTER)
    first = np.floor((low + _QUARTER) / cell).astype(np.int64)
    last = np.floor((high + _QUARTER) / cell).astype(np.int64)
    return first, np.where(low <= high, last, first - 1)


def _both(one: _Entries, other: _Entries) -> _Entries:
    """Merge two sorted lots of entries."""
    if not len(other.item):
        return one
    order = np.argsort(np.concatenate([one.key, other.key]), kind="stable")
    pairs: Iterator[tuple[Any, Any]] = zip(one, other, strict=True)
    return _Entries(*(np.concatenate(pair)[order] for pair in pairs))


def _meetings(extents: Extents, scanning: _Entries, among: _Entries) -> list[Indices]:
    """Find what starts, in the same cell, from a thing's start on and before its end."""
    low, high = extents.low, extents.high
    begin = np.searchsorted(among.key, scanning.key)
    end = np.searchsorted(among.key, scanning.until)
    counts = np.maximum(0, end - begin)
    total = np.concatenate([[0], np.cumsum(counts)])
    keys = []
    scan_low, scan_high = low[scanning.item], high[scanning.item]
    among_low, among_high = low[among.item], high[among.item]
    at = 0
    while at < len(counts):
        stop = max(at + 1, int(np.searchsorted(total, total[at] + _CHUNK, side="right")) - 1)
        some = counts[at:stop]
        one = np.repeat(np.arange(at, stop), some)
        other = np.arange(len(one)) + np.repeat(begin[at:stop] - (total[at:stop] - total[at]), some)
        # Not known is not apart: what is not a number passes.
        kept = ~(among_low[other] >= np.repeat(scan_high[at:stop], some))
        kept &= ~(among_high[other] <= np.repeat(scan_low[at:stop], some))
        kept = np.flatnonzero(kept)
        one, other = one[kept], other[kept]
        # Of the cells that two share, only the one where their common part begins counts.
        kept = np.maximum(scanning.left[one], among.left[other]) == scanning.column[one]
        kept &= np.maximum(scanning.bottom[one], among.bottom[other]) == scanning.row[one]
        keys.append(_kept(extents, scanning.item[one[kept]], among.item[other[kept]]))
        at = stop
    return keys


def _kept(extents: Extents, first: Indices, second: Indices) -> Indices:
    """Keep the pairs that nothing parts, each as one number."""
    kept = extents.group[first] != extents.group[second]
    first, second = first[kept], second[kept]
    kept = (extents.start[first] < extents.end[second]) & (
        extents.start[second] < extents.end[first]
    )
    kept &= ~(extents.low[first] >= extents.high[second])
    kept &= ~(extents.low[second] >= extents.high[first])
    first, second = first[kept], second[kept]
    chord = extents.vector[first] - extents.vector[second]
    reach = np.minimum(extents.radius[first] + extents.radius[second] + _ROUNDING, np.pi)
    limit = 2.0 * np.sin(reach / 2.0)
    kept = np.einsum("ij,ij->i", chord, chord) <= limit * limit
    first, second = first[kept], second[kept]
    keys: Indices = np.minimum(first, second) * len(extents.radius) + np.maximum(first, second)
    return keys
