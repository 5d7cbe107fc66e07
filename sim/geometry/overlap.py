"""Overlaps: which volumes meet in space, altitude and time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import GeometryError
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD
from sim.geometry.minima import Minima
from sim.geometry.pairing import Extents, near_pairs
from sim.geometry.relations import apart_m, common_area_km2
from sim.geometry.volumes import Volumes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.altitude import Vertical
    from sim.geometry.earth import Floats
    from sim.geometry.pairing import Pairs
    from sim.geometry.volume import Volume

    Indices = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two volumes that meet: their places, the time (s), altitudes (m) and area they share.

    Unbounded altitudes are -inf and inf; ``area_km2`` is nan unless it was asked for.
    ``close`` are two that do not meet and are nearer than the minima: ``lateral_m``,
    ``vertical_m`` and ``time_s`` tell how far they are apart, 0 where they are not.
    Times or altitudes that they do not share are then those in between.
    """

    first: int
    second: int
    start: float
    end: float
    lower_m: float
    upper_m: float
    area_km2: float
    close: bool
    lateral_m: float
    vertical_m: float
    time_s: float


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Overlaps as columns of shape (k,), by first and second; iterates as records."""

    first: Indices
    second: Indices
    start: Floats
    end: Floats
    lower_m: Floats
    upper_m: Floats
    area_km2: Floats
    close: Bools
    lateral_m: Floats
    vertical_m: Floats
    time_s: Floats

    def __len__(self) -> int:
        return len(self.first)

    def __iter__(self) -> Iterator[Overlap]:
        columns = (getattr(self, field.name).tolist() for field in fields(self))
        return (Overlap(*row) for row in zip(*columns, strict=True))


def find_overlaps(
    volumes: Sequence[Volume],
    groups: Sequence[int] | Indices | None = None,
    vertical: Vertical | None = None,
    minima: Minima | None = None,
    *,
    area: bool = False,
) -> Overlaps:
    """Find all pairs of volumes that meet in space, altitude and time.

    Volumes whose interiors meet by more than 1 cm are found, those more than
    1 cm apart never (ASTM F3548-21); windows are half-open. Cells of the globe
    and binary search in time leave few pairs to be compared; of those, most are
    decided by circles, the others in a plane in which their edges are straight.

    Parameters
    ----------
    volumes
        Any number n of them, from anywhere; :class:`~sim.geometry.volumes.Volumes`
        are read and drawn already.
    groups
        An integer for each volume, shape (n,): same group, no pair. None: all pairs.
    vertical
        Settings that bring altitudes of different references on one axis.
    minima
        Also find the pairs that do not meet and are less than these apart.
    area
        Whether to compute the areas in common.

    Returns
    -------
    Overlaps
        Columns; ``first`` < ``second`` are places in the list given. Altitudes
        are metres above the common reference, or else above mean sea level.

    Raises
    ------
    VerticalError
        If limits of two volumes that could meet in space, time and group cannot
        be compared; names both limits and the missing setting.
    GeometryError
        If there are not as many groups as volumes.

    Examples
    --------
    >>> from sim.geometry.altitude import Band, Limit
    >>> from sim.geometry.footprint import Circle
    >>> from sim.geometry.volume import Volume
    >>> low = Band(Limit("SFC", 0), Limit("FL", 5486.4))
    >>> east = Volume(Circle((179.9995, 0), 100), low, (0, 60))
    >>> west = Volume(Circle((-179.9995, 0), 100), low, (30, 90))
    >>> [(o.start, o.end, o.upper_m) for o in find_overlaps([east, west])]
    [(30.0, 60.0, 5486.4)]
    >>> later = Volume(Circle((179.9, 0), 100), low, (60, 90))
    >>> [(o.close, round(o.lateral_m), o.time_s)
    ...  for o in find_overlaps([east, later], minima=Minima(lateral_m=15_000, time_s=60))]
    [(True, 10876, 0.0)]
    """
    if groups is not None and len(groups) != len(volumes):
        raise GeometryError(f"{len(volumes)} volumes need as many groups, not {len(groups)}")
    columns = Volumes.of(volumes)
    pairs = near_pairs(_extents(columns, groups, vertical, minima or Minima()))
    pairs, lateral = _nearer(columns, pairs, vertical, minima)
    return _told(columns, pairs, lateral, vertical, minima, wanted=area)


def _nearer(
    columns: Volumes, pairs: Pairs, vertical: Vertical | None, minima: Minima | None
) -> tuple[Pairs, Floats]:
    """Find the pairs that meet, or are nearer than the minima.

    Given minima, tell how far apart these are over ground; else all meet, and nothing is told.
    """
    least = minima or Minima()
    nearer = np.zeros(len(pairs), dtype=bool)
    distances = [np.empty(0)]
    for lot, first, second in pairs.lots():
        lower, upper = columns.heights.shared(first, second, vertical)
        start, end = _window(columns, first, second)
        kept = np.flatnonzero(
            ((lower < upper) | (_apart(lower, upper) < least.vertical_m))
            & ((start < end) | (_apart(start, end) < least.time_s))
        )
        lateral = _lateral(columns, first[kept], second[kept], minima)
        near = (lateral == 0.0) | (lateral < least.lateral_m)
        nearer[lot.start + kept[near]] = True
        if minima is not None:
            distances.append(lateral[near])
    return pairs.only(nearer), np.concatenate(distances)


def _told(
    columns: Volumes,
    pairs: Pairs,
    lateral: Floats,
    vertical: Vertical | None,
    minima: Minima | None,
    *,
    wanted: bool,
) -> Overlaps:
    """Tell of pairs what they share, or what lies in between.

    Each column is made at once and filled lot by lot: together they are by far the
    largest thing here, and parts to be joined would take as much again.
    """
    first, second = (np.empty(len(pairs), dtype=np.int64) for _ in range(2))
    lower, upper, start, end = (np.empty(len(pairs)) for _ in range(4))
    for lot, one, other in pairs.lots():
        first[lot], second[lot] = one, other
        lower[lot], upper[lot] = columns.heights.shared(one, other, vertical)
        start[lot], end[lot] = _window(columns, one, other)
    area = _areas(columns, first, second, wanted=wanted)
    if minima is None:  # all meet, and say so in columns that take no room
        never, apart = np.broadcast_to(np.False_, len(pairs)), np.broadcast_to(0.0, len(pairs))
        return Overlaps(first, second, start, end, lower, upper, area, never, apart, apart, apart)
    close = (lateral > 0.0) | ~((lower < upper) & (start < end))
    height, time = _apart(lower, upper), _apart(start, end)
    start, end = np.minimum(start, end), np.maximum(start, end)
    lower, upper = np.minimum(lower, upper), np.maximum(lower, upper)
    return Overlaps(first, second, start, end, lower, upper, area, close, lateral, height, time)


def _window(columns: Volumes, first: Indices, second: Indices) -> tuple[Floats, Floats]:
    """Give when the windows begin and end that pairs share; the end first where they share none."""
    start = np.maximum(columns.start[first], columns.start[second])
    return start, np.minimum(columns.end[first], columns.end[second])


def _apart(begin: Floats, end: Floats) -> Floats:
    """Give how far apart two intervals are that would share what lies from begin to end."""
    with np.errstate(invalid="ignore"):
        apart: Floats = np.where(begin < end, 0.0, begin - end)
    return apart


def _lateral(columns: Volumes, first: Indices, second: Indices, minima: Minima | None) -> Floats:
    """Give the distances over ground of pairs, 0 where they meet; infinite if not asked for."""
    shape = columns.shape
    met = _meet(columns, shape[first], shape[second])
    lateral = np.where(met, 0.0, np.inf)
    if minima is None or minima.lateral_m == 0.0:
        return lateral
    for k in np.flatnonzero(~met).tolist():
        pair = (columns.shapes.footprint(int(shape[at])) for at in (first[k], second[k]))
        lateral[k] = apart_m(*pair)
    return lateral


def _areas(columns: Volumes, first: Indices, second: Indices, *, wanted: bool) -> Floats:
    """Give the areas in common, in km2; NaN if they are not wanted."""
    if not wanted:
        return np.broadcast_to(np.nan, len(first))
    footprint, shape = columns.shapes.footprint, columns.shape
    return np.array(
        [
            common_area_km2(footprint(one), footprint(other))
            for one, other in zip(shape[first].tolist(), shape[second].tolist(), strict=True)
        ]
    )


def _extents(
    columns: Volumes,
    groups: Sequence[int] | Indices | None,
    vertical: Vertical | None,
    minima: Minima,
) -> Extents:
    """Give where, when, how high and whose the volumes are, as far as a cap tells.

    Each is larger by half the minima.
    """
    shape = columns.shape
    low, high = columns.heights.on_one_axis(vertical)
    return Extents(
        columns.shapes.vector[shape],
        columns.shapes.radius[shape] + minima.lateral_m * SPREAD / EARTH_RADIUS_M / 2.0,
        columns.start - minima.time_s / 2.0,
        columns.end + minima.time_s / 2.0,
        low - minima.vertical_m / 2.0,
        high + minima.vertical_m / 2.0,
        np.arange(len(shape)) if groups is None else np.asarray(groups),
    )


def _meet(columns: Volumes, first: Indices, second: Indices) -> Bools:
    """Tell which pairs of shapes meet; each pair of shapes is compared once."""
    shapes = columns.shapes
    if len(shapes) == len(columns):  # none is shared by volumes, so all pairs differ
        return shapes.meet(first, second)
    small, large = np.minimum(first, second), np.maximum(first, second)
    pairs, back = np.unique(small * len(shapes) + large, return_inverse=True)
    met: Bools = shapes.meet(pairs // len(shapes), pairs % len(shapes))[back]
    return met
