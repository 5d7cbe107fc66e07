"""Ways: legs of tracks cut until planes keep them straight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import Geodesics, unit_vectors
from sim.geometry.frames import PIECE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats

    Indices = NDArray[np.int64]


_SPARSE = 50  # numbers so many times larger than they are many are sorted, not counted


class Ways(NamedTuple):
    """Legs cut into geodesics of at most 40 km: columns of shape (n,), by leg and along it."""

    leg: Indices  # whose part it is
    begin_m: Floats  # along the leg
    end_m: Floats
    begin_share: Floats  # of the leg's time
    end_share: Floats
    lon0: Floats  # the ends, where the leg's own exactly as they were given
    lat0: Floats
    lon1: Floats
    lat1: Floats
    middle: Floats  # unit vectors, shape (n, 3)
    legs: Geodesics  # those that the ways lie on, n of them

    @property
    def length_m(self) -> Floats:
        """The lengths in metres."""
        return self.end_m - self.begin_m


def cut(lon: Floats, lat: Floats, leg: Indices) -> Ways:
    """Cut legs between successive points into ways.

    Parameters
    ----------
    lon, lat
        The points in degrees, shape (p,).
    leg
        The places of the legs' first points, shape (k,), rising.
    """
    legs = Geodesics.between(lon[leg], lat[leg], lon[leg + 1], lat[leg + 1])
    counts = np.maximum(1, np.ceil(legs.distance / PIECE_M)).astype(np.int64)
    if not (counts > 1).any():
        none, all_ = np.zeros(len(leg)), np.ones(len(leg))
        return _way(leg, (none, legs.distance), (none, all_), legs, (lon[leg + 1], lat[leg + 1]))
    owner, place = ranges(np.zeros(len(leg), dtype=np.int64), counts)
    leg, legs, each = leg[owner], legs[owner], counts[owner]
    last = place == each - 1
    step = legs.distance / each
    metres = place * step, np.where(last, legs.distance, (place + 1) * step)
    ends = lon[leg + 1], lat[leg + 1]
    inner = np.flatnonzero(~last)  # the ends of legs stay as they were given
    joint = legs[inner].at(metres[1][inner])
    ends[0][inner], ends[1][inner] = joint.lon, joint.lat
    return _way(leg, metres, (place / each, (place + 1) / each), legs, ends, inner + 1)


def _way(
    leg: Indices,
    metres: tuple[Floats, Floats],
    shares: tuple[Floats, Floats],
    legs: Geodesics,
    ends: tuple[Floats, Floats],
    joined: Indices | None = None,
) -> Ways:
    """Make ways that begin where their legs do, or, some of them, where the one before ends."""
    starts = legs.lon, legs.lat
    if joined is not None:
        starts = legs.lon.copy(), legs.lat.copy()
        for start, end in zip(starts, ends, strict=True):
            start[joined] = end[joined - 1]
    middle = unit_vectors(*starts) + unit_vectors(*ends)
    middle /= np.linalg.norm(middle, axis=-1, keepdims=True)
    return Ways(leg, *metres, *shares, *starts, *ends, middle, legs)


def distinct(numbers: Indices) -> tuple[Indices, Indices]:
    """Give the distinct ones of whole numbers from 0, rising, and where each number is in them."""
    if int(numbers.max(initial=0)) > _SPARSE * len(numbers):
        once = np.unique(numbers)
    else:
        once = np.flatnonzero(np.bincount(numbers))  # for few much faster
    return once, np.searchsorted(once, numbers)


def ranges(first: Indices, counts: Indices) -> tuple[Indices, Indices]:
    """List runs of whole numbers, one after another.

    Parameters
    ----------
    first, counts
        Where each run begins and how long it is, shape (k,).

    Returns
    -------
    tuple of ndarray
        Which run each number belongs to, and the numbers, shape (sum(counts),) each.

    Examples
    --------
    >>> owner, number = ranges(np.array([5, 0, 7]), np.array([2, 0, 3]))
    >>> owner.tolist(), number.tolist()
    ([0, 0, 2, 2, 2], [5, 6, 7, 8, 9])
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    skipped = first - (np.cumsum(counts) - counts)
    return owner, np.arange(len(owner)) + skipped[owner]
