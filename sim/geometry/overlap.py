"""Overlaps: which volumes meet in space, altitude and time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import GeometryError
from sim.geometry.nearby import Extents, near_pairs
from sim.geometry.relations import common_area_km2
from sim.geometry.volumes import Volumes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.altitude import Vertical
    from sim.geometry.earth import Floats
    from sim.geometry.shapes import Shapes
    from sim.geometry.volume import Volume

    Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two volumes that meet: their places, the time (s), altitudes (m) and area they share.

    Unbounded altitudes are -inf and inf; ``area_km2`` is nan unless it was asked for.
    """

    first: int
    second: int
    start: float
    end: float
    lower_m: float
    upper_m: float
    area_km2: float


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

    def __len__(self) -> int:
        return len(self.first)

    def __iter__(self) -> Iterator[Overlap]:
        columns = (getattr(self, field.name).tolist() for field in fields(self))
        return (Overlap(*row) for row in zip(*columns, strict=True))


def find_overlaps(
    volumes: Sequence[Volume],
    groups: Sequence[int] | NDArray[np.int64] | None = None,
    vertical: Vertical | None = None,
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
    """
    if groups is not None and len(groups) != len(volumes):
        raise GeometryError(f"{len(volumes)} volumes need as many groups, not {len(groups)}")
    columns = Volumes.of(volumes)
    shapes, shape = columns.shapes, columns.shape
    first, second = near_pairs(_extents(columns, groups, vertical))
    share, lower, upper = columns.heights.shared(first, second, vertical)
    kept = np.flatnonzero(share)
    kept = kept[_meet(shapes, shape[first[kept]], shape[second[kept]])]
    first, second, lower, upper = first[kept], second[kept], lower[kept], upper[kept]
    areas = np.full(len(first), np.nan)
    if area:
        areas[:] = [
            common_area_km2(shapes.footprint(one), shapes.footprint(other))
            for one, other in zip(shape[first].tolist(), shape[second].tolist(), strict=True)
        ]
    return Overlaps(
        first,
        second,
        np.maximum(columns.start[first], columns.start[second]),
        np.minimum(columns.end[first], columns.end[second]),
        lower,
        upper,
        areas,
    )


def _extents(
    columns: Volumes,
    groups: Sequence[int] | NDArray[np.int64] | None,
    vertical: Vertical | None,
) -> Extents:
    """Give where, when, how high and whose the volumes are, as far as a cap tells."""
    shape = columns.shape
    low, high = columns.heights.on_one_axis(vertical)
    return Extents(
        columns.shapes.vector[shape],
        columns.shapes.radius[shape],
        columns.start,
        columns.end,
        low,
        high,
        np.arange(len(shape)) if groups is None else np.asarray(groups),
    )


def _meet(shapes: Shapes, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which pairs of shapes meet; each pair of shapes is compared once."""
    if len(shapes) == 0 or len(first) == 0:
        return np.zeros(0, dtype=bool)
    small, large = np.minimum(first, second), np.maximum(first, second)
    pairs, back = np.unique(small * len(shapes) + large, return_inverse=True)
    met: NDArray[np.bool_] = shapes.meet(pairs // len(shapes), pairs % len(shapes))[back]
    return met
