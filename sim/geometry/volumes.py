"""Volumes: many pieces of airspace as columns, read, drawn and compared all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from sim.errors import GeometryError
from sim.geometry.altitude import Reference
from sim.geometry.heights import Heights
from sim.geometry.shapes import Shapes
from sim.geometry.track import checked_reference
from sim.geometry.volume import Volume
from sim.geometry.ways import read_starts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint

    Indices = NDArray[np.int64]


class Volumes(Sequence[Volume]):
    """Many volumes, as the finders take them best; made once, it is quicker every time after.

    Attributes
    ----------
    shapes, shape
        The different footprints, and which of them each volume has, shape (n,).
    heights
        The altitude bands.
    start, end
        Half-open windows, shape (n,), in seconds; -inf and inf are unbounded.
    """

    def __init__(
        self, shapes: Shapes, shape: Indices, heights: Heights, start: Floats, end: Floats
    ) -> None:
        self.shapes = shapes
        self.shape = shape
        self.heights = heights
        self.start, self.end = start, end

    @classmethod
    def of(cls, volumes: Iterable[Volume]) -> Volumes:
        """Take volumes as columns; volumes that are columns already stay as they are."""
        if isinstance(volumes, Volumes):
            return volumes
        listed = list(volumes)
        places: dict[int | Footprint, int] = {}
        footprints: list[Footprint] = []
        shape = np.empty(len(listed), dtype=np.int64)
        for k, volume in enumerate(listed):
            footprint = volume.footprint
            place = places.get(id(footprint))
            if place is None:
                place = places.setdefault(footprint, len(footprints))
                places[id(footprint)] = place
                if place == len(footprints):
                    footprints.append(footprint)
            shape[k] = place
        start, end = np.array([v.window for v in listed], dtype=float).reshape(-1, 2).T
        heights = Heights.of([volume.band for volume in listed])
        return cls(Shapes.of(footprints), shape, heights, start, end)

    @classmethod
    def polygons(
        cls,
        lon: ArrayLike,
        lat: ArrayLike,
        starts: ArrayLike,
        lower_m: ArrayLike,
        upper_m: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        reference: Reference = Reference.MSL,
    ) -> Volumes:
        """Take polygons without holes, joined by geodesics, from columns.

        Parameters
        ----------
        lon, lat
            The vertices of all polygons, one polygon after another, shape (v,),
            degrees, in either direction, closed or not.
        starts
            Where the vertices of each polygon begin, and the end of the last,
            shape (n + 1,).
        lower_m, upper_m
            Metres above ``reference``, shape (n,) or one for all; -inf and inf
            are unbounded.
        start, end
            Windows in seconds, shape (n,) or one for all; -inf and inf likewise.
        reference
            What the altitudes are measured from: AGL, MSL, FL or W84.

        Raises
        ------
        GeometryError
            If the columns do not fit each other, a limit or a window does not
            begin below its end, or a polygon is none: it is named by its place,
            with what is wrong and where.

        Examples
        --------
        >>> squares = Volumes.polygons(
        ...     [0, 1, 1, 0, 0.5, 2, 2, 0.5], [0, 0, 1, 1, 0.5, 0.5, 2, 2], [0, 4, 8],
        ...     lower_m=0, upper_m=[3000, 5000], start=0, end=3600,
        ... )
        >>> len(squares), round(squares[0].footprint.area_km2, 1)
        (2, 12308.8)
        """
        east, north = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        _check_vertices(east, north)
        begins = read_starts(starts, len(east), "polygon", "vertices")
        above = checked_reference(reference, "polygon")
        count = len(begins) - 1
        columns = [
            _column(name, values, count)
            for name, values in (
                ("lower_m", lower_m),
                ("upper_m", upper_m),
                ("start", start),
                ("end", end),
            )
        ]
        lower, upper, opens, closes = columns
        _check_order("the lower limit is below the upper one", lower, upper)
        _check_order("a window starts before it ends", opens, closes)
        shapes = Shapes.polygons(east, north, begins)
        heights = Heights.between(lower, upper, above)
        return cls(shapes, np.arange(count), heights, opens, closes)

    def __len__(self) -> int:
        return len(self.shape)

    @overload
    def __getitem__(self, at: int) -> Volume: ...
    @overload
    def __getitem__(self, at: slice) -> list[Volume]: ...
    def __getitem__(self, at: int | slice) -> Volume | list[Volume]:
        """Give one of them as a volume of its own, or several as a list."""
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        k = range(len(self))[at]
        return Volume(
            self.shapes.footprint(int(self.shape[k])),
            self.heights.band(k),
            (float(self.start[k]), float(self.end[k])),
        )

    def prepare(self) -> Volumes:
        """Draw all footprints now, and not when they are first compared; give the volumes."""
        self.shapes.prepare()
        return self


def _check_vertices(lon: Floats, lat: Floats) -> None:
    for column in (lon, lat):
        if column.ndim != 1:
            raise GeometryError(f"vertices are given in columns, not in shape {column.shape}")
    if len(lon) != len(lat):
        raise GeometryError(f"{len(lon)} longitudes need as many latitudes, not {len(lat)}")


def _column(name: str, values: ArrayLike, count: int) -> Floats:
    try:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), (count,))
    except ValueError:
        raise GeometryError(
            f"{name} has shape {np.shape(values)}: {count} polygons need ({count},), or one for all"
        ) from None


def _check_order(what: str, low: Floats, high: Floats) -> None:
    wrong = ~(low < high)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise GeometryError(f"polygon {at}: {what}, not from {low[at]:g} to {high[at]:g}")
