"""Ways: legs of tracks cut until planes keep them straight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import GeometryError
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD, Geodesics, angles, unit_vectors
from sim.geometry.frames import PIECE_M

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from sim.geometry.earth import Floats

    Indices = NDArray[np.int64]


_SPARSE = 50  # numbers so many times larger than they are many are sorted, not counted


class Ways(NamedTuple):
    """Legs cut into geodesics of at most 16 km: columns of shape (n,), by leg and along it."""

    leg: Indices  # whose part it is
    begin_share: Floats  # of the leg's length and time
    end_share: Floats
    lon0: Floats  # the ends, where the leg's own exactly as they were given
    lat0: Floats
    lon1: Floats
    lat1: Floats
    start: Floats  # the same as unit vectors, shape (n, 3)
    goal: Floats
    middle: Floats
    reach_m: Floats  # from the middle: at least half of the length
    legs: Geodesics  # those that the ways lie on, n of them

    def along(self, which: Any) -> tuple[Geodesics, Floats, Floats]:
        """Give the legs that some lie on, and where on those they begin and end, in metres."""
        legs = self.legs[which]
        return legs, self.begin_share[which] * legs.distance, self.end_share[which] * legs.distance


def cut(lon: Floats, lat: Floats, leg: Indices) -> Ways:
    """Cut legs between successive points into ways.

    Parameters
    ----------
    lon, lat
        The points in degrees, shape (p,).
    leg
        The places of the legs' first points, shape (k,), rising.
    """
    given = lon[leg], lat[leg], lon[leg + 1], lat[leg + 1]
    whole = _ways(leg, (np.zeros(len(leg)), np.ones(len(leg))), given, Geodesics(*given))
    if not (whole.reach_m > PIECE_M / 2).any():
        return whole
    counts = np.maximum(1, np.ceil(whole.legs.distance / PIECE_M)).astype(np.int64)
    owner, place = ranges(np.zeros_like(counts), counts)
    each, legs = counts[owner], whole.legs[owner]
    shares = place / each, (place + 1) / each
    inner = np.flatnonzero(place + 1 < each)  # the ends of legs stay as they were given
    joint = legs[inner].at(shares[1][inner] * legs.distance[inner])
    ends = tuple(column[owner] for column in given)
    for k, column in enumerate((joint.lon, joint.lat)):
        ends[k][inner + 1] = ends[k + 2][inner] = column
    return _ways(leg[owner], shares, ends, legs)


def _ways(
    leg: Indices, shares: tuple[Floats, Floats], ends: tuple[Floats, ...], legs: Geodesics
) -> Ways:
    lon0, lat0, lon1, lat1 = ends
    start, goal = unit_vectors(lon0, lat0), unit_vectors(lon1, lat1)
    middle = start + goal
    middle /= np.linalg.norm(middle, axis=-1, keepdims=True)
    reach_m = angles(start, goal) * (SPREAD * EARTH_RADIUS_M / 2)
    return Ways(leg, *shares, lon0, lat0, lon1, lat1, start, goal, middle, reach_m, legs)


def distinct(numbers: Indices) -> tuple[Indices, Indices]:
    """Give the distinct ones of whole numbers from 0, rising, and where each number is in them."""
    if int(numbers.max(initial=0)) > _SPARSE * len(numbers):
        once = np.unique(numbers)
    else:
        once = np.flatnonzero(np.bincount(numbers))  # for few much faster
    return once, np.searchsorted(once, numbers)


def read_starts(starts: ArrayLike, count: int, what: str, parts: str) -> Indices:
    """Read where the parts of each thing begin among all, ``count`` of them, and the last end.

    Raises
    ------
    GeometryError
        If starts are not whole numbers that always increase, from 0 to ``count``.
    """
    given = np.asarray(starts, dtype=np.float64)
    if given.ndim != 1 or not given.size or given[0] != 0.0 or given[-1] != count:
        raise GeometryError(f"starts run from 0 to the number of {parts}, {count}")
    broken = np.floor(given) != given
    if broken.any():
        raise GeometryError(f"starts are whole numbers, not {given[np.argmax(broken)]:g}")
    empty = given[1:] <= given[:-1]
    if empty.any():
        raise GeometryError(f"{what} {np.argmax(empty)} has no {parts}: starts always increase")
    return given.astype(np.int64)


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
