"""Overlaps: which volumes meet in space, altitude and time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import GeometryError
from sim.geometry.altitude import common_band
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD, angles
from sim.geometry.relations import common_area_km2, meet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.altitude import Vertical
    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint
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
    1 cm apart never (ASTM F3548-21); windows are half-open.

    Parameters
    ----------
    volumes
        Any number n of them; n**2 pairs are looked at.
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
    rows = []
    met: dict[tuple[Footprint, Footprint], bool] = {}
    for first, second in _candidates(volumes, groups):
        one, other = volumes[first], volumes[second]
        band = common_band(one.band, other.band, vertical)
        if band is None:
            continue
        pair = (one.footprint, other.footprint)
        if pair not in met:
            met[pair] = meet(*pair)
        if met[pair]:
            start = max(one.window[0], other.window[0])
            end = min(one.window[1], other.window[1])
            size = common_area_km2(*pair) if area else np.nan
            rows.append((first, second, start, end, *band, size))
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 7).T
    return Overlaps(table[0].astype(np.int64), table[1].astype(np.int64), *table[2:])


def _candidates(
    volumes: Sequence[Volume], groups: Sequence[int] | NDArray[np.int64] | None
) -> Iterator[tuple[int, int]]:
    """Give the pairs, in order, of different groups whose windows and caps meet."""
    if not volumes:
        return
    start, end = np.array([volume.window for volume in volumes]).T
    caps = [volume.footprint.cap for volume in volumes]
    vectors = np.array([cap.vector for cap in caps])
    radii = np.array([cap.radius_m for cap in caps]) * SPREAD / EARTH_RADIUS_M
    group = np.arange(len(volumes)) if groups is None else np.asarray(groups)
    for first in range(len(volumes) - 1):
        rest = slice(first + 1, None)
        near = (
            (start[rest] < end[first]) & (end[rest] > start[first]) & (group[rest] != group[first])
        )
        places = first + 1 + np.flatnonzero(near)
        apart = angles(vectors[places], vectors[first])
        for second in places[apart <= radii[places] + radii[first]].tolist():
            yield first, second
