"""Which stretches of tracks are close to which volumes: cells of space, sorted by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.geometry.ways import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.spaces import Spaces
    from sim.geometry.stretches import Stretches
    from sim.geometry.ways import Indices

    Bools = NDArray[np.bool_]

_CELL = 1.5  # times what most stretches or volumes reach
_LEAST_CELL = 2.0**-12  # of the Earth's radius: so many cells that their names fit in 64 bits
_MOST_CELLS = 512  # a volume that covers more is compared with every stretch
_LARGER = 3.0  # than the mean: so large a stretch may be to fit in
_TICKS = 2**20  # that time is divided into, to sort by
_MOST_PAIRS = 1_000_000  # stretches x volumes that are compared at a time


def find_close(stretches: Stretches, spaces: Spaces) -> tuple[Indices, Indices]:
    """Find the stretches that come close to volumes in time, altitude and place.

    Cells cut up the cube round the globe of unit vectors, so that poles and the
    antimeridian are ordinary places. A stretch is in the cell of its middle; a
    volume looks into all cells that its cap meets when it is grown by what a
    stretch may reach, in each at the stretches that begin in time. The few
    stretches that reach much farther, or last longer, than most, and the
    volumes that cover very many cells, are compared with everything.

    Returns
    -------
    tuple of ndarray
        Stretches and volumes, in pairs.
    """
    everything, all_ = np.arange(len(stretches.first)), np.arange(len(spaces.opens))
    if len(everything) * len(all_) <= _MOST_PAIRS:
        return _each_with_each(stretches, spaces, everything, all_)
    grid = _Grid(stretches, spaces)
    is_wide = grid.sizes.prod(axis=0) > _MOST_CELLS
    wide, others = np.flatnonzero(is_wide), np.flatnonzero(~is_wide)
    found = [
        grid.find(others),
        _each_with_each(stretches, spaces, grid.others, others),
        _each_with_each(stretches, spaces, everything, wide),
    ]
    return _joined(found)


class _Grid:
    """Stretches sorted by cell and time; ``others`` are those that do not fit in.

    ``sizes`` tells how many cells volumes cover along each axis, shape (3, v).
    """

    def __init__(self, stretches: Stretches, spaces: Spaces) -> None:
        self.stretches, self.spaces = stretches, spaces
        lasts = stretches.end - stretches.begin
        self.widest, self.longest = _most(stretches.reach), _most(lasts)
        common = max(self.widest, float(np.median(spaces.reach)))
        self.cell = max(_CELL * common, _LEAST_CELL)
        self.across = int(2 / self.cell) + 2  # cells along each side of the cube
        fits = (stretches.reach <= self.widest) & (lasts <= self.longest)
        self.others = np.flatnonzero(~fits)
        inside = np.flatnonzero(fits)
        self._since = float(stretches.begin.min())
        until = float(stretches.begin.max())
        self._rate = (_TICKS - 1) / max(until - self._since, 1e-3)
        cells = self._named(self._cells(stretches.middle[:, inside].astype(np.float64)))
        names = cells * _TICKS + self._ticks(stretches.begin[inside])
        order = np.argsort(names)
        self._names, self._which = names[order], inside[order]
        cells = cells[order]
        self._in_use = cells[np.append(True, cells[1:] != cells[:-1])[: len(cells)]]
        centre, reach = spaces.centre.T, spaces.reach + self.widest
        self._low = self._cells(centre - reach)
        self.sizes = self._cells(centre + reach) - self._low + 1

    def _cells(self, places: Floats) -> Indices:
        cells = np.floor((places + 1.0) / self.cell).astype(np.int64)
        return np.clip(cells, 0, self.across - 1)

    def _named(self, cells: Indices) -> Indices:
        x, y, z = cells
        named: Indices = (x * self.across + y) * self.across + z
        return named

    def _ticks(self, times: Floats) -> Indices:
        return np.clip((times - self._since) * self._rate, 0, _TICKS - 1).astype(np.int64)

    def find(self, volumes: Indices) -> tuple[Indices, Indices]:
        """Find the pairs of the stretches in the cells that volumes cover."""
        volume, cells = self._covered(volumes)
        opens = self._ticks(self.spaces.opens - self.longest) - 1  # one for rounding
        closes = self._ticks(self.spaces.closes)
        first = np.searchsorted(self._names, cells * _TICKS + np.maximum(opens, 0)[volume])
        after = np.searchsorted(self._names, cells * _TICKS + closes[volume], side="right")
        entry, found = ranges(first, np.maximum(after - first, 0))
        return _kept(self.stretches, self.spaces, self._which[found], volume[entry])

    def _covered(self, volumes: Indices) -> tuple[Indices, Indices]:
        """Give volumes and the cells in use that they cover, in pairs."""
        _, wide, high = sizes = self.sizes[:, volumes]
        owner, place = ranges(np.zeros_like(wide), sizes.prod(axis=0))
        step, z = np.divmod(place, high[owner])
        x, y = np.divmod(step, wide[owner])
        volume = volumes[owner]
        cells = self._named(self._low[:, volume] + np.stack([x, y, z]))
        at = np.searchsorted(self._in_use, cells)
        used = np.flatnonzero(np.append(self._in_use, -1)[at] == cells)
        return volume[used], cells[used]


def _most(values: Floats | NDArray[np.float32]) -> float:
    """Give a value that most are no larger than: the largest, unless it stands out."""
    return float(min(values.max(), _LARGER * values.mean()))


def _each_with_each(
    stretches: Stretches, spaces: Spaces, which: Indices, volumes: Indices
) -> tuple[Indices, Indices]:
    found = []
    step = max(1, _MOST_PAIRS // max(1, len(volumes)))
    for first in range(0, len(which), step):
        some = which[first : first + step]
        begins, ends = stretches.begin[some, None], stretches.end[some, None]
        meet = (begins < spaces.closes[volumes]) & (ends > spaces.opens[volumes])
        row, column = np.nonzero(meet)
        found.append(_kept(stretches, spaces, some[row], volumes[column]))
    return _joined(found)


def _kept(
    stretches: Stretches, spaces: Spaces, which: Indices, volume: Indices
) -> tuple[Indices, Indices]:
    """Keep the pairs that may meet; nearly all those given are known to meet in time."""
    for test in (_in_altitude, _in_place, _in_time):
        kept = test(stretches, spaces, which, volume)
        which, volume = which[kept], volume[kept]
    return which, volume


def _in_time(stretches: Stretches, spaces: Spaces, which: Indices, volume: Indices) -> Bools:
    meet: Bools = stretches.begin[which] < spaces.closes[volume]
    meet &= stretches.end[which] > spaces.opens[volume]
    return meet


def _in_altitude(stretches: Stretches, spaces: Spaces, which: Indices, volume: Indices) -> Bools:
    meet: Bools = stretches.lowest[which] < spaces.ceiling[volume]
    meet &= stretches.highest[which] > spaces.floor[volume]
    return meet


def _in_place(stretches: Stretches, spaces: Spaces, which: Indices, volume: Indices) -> Bools:
    """Tell whether caps come as near to middles as they and the legs reach."""
    off = stretches.middle[:, which] - spaces.centre.T.astype(np.float32)[:, volume]
    reach = stretches.reach[which] + spaces.reach.astype(np.float32)[volume]
    meet: Bools = (off * off).sum(axis=0) <= reach * reach
    return meet


def _joined(found: list[tuple[Indices, Indices]]) -> tuple[Indices, Indices]:
    none = np.empty(0, dtype=np.int64)
    which, volume = zip((none, none), *found, strict=True)
    return np.concatenate(which), np.concatenate(volume)
