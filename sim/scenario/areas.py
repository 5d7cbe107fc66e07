"""From an area as written to the footprint it means."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import shapely

from sim.errors import GeometryError
from sim.geometry.edges import Edges
from sim.geometry.footprint import Circle, Corridor, Polygon
from sim.geometry.relations import meet
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.geometry.footprint import Footprint
    from sim.scenario import parts, schema

_KEPT = 256  # footprints of areas


@lru_cache(maxsize=_KEPT)
def footprint(area: parts.Area) -> Footprint:
    """Give the footprint of an area that stands for itself: not a buffer.

    Equal areas have one footprint, and so all that is derived from it once.

    Raises
    ------
    GeometryError
        If no footprint can be made of it, such as of a polygon that crosses itself.
    """
    if area.circle is not None:
        return Circle(area.circle.center, area.circle.radius)
    if area.polygon is not None:
        return Polygon(area.polygon.points, area.polygon.holes, Edges(area.polygon.edges))
    assert area.corridor is not None, "the reader refuses an area without a shape"
    return Corridor(area.corridor.route, area.corridor.width, Edges(area.corridor.edges))


@lru_cache(maxsize=_KEPT)
def coarser(area: schema.ZoneArea, covered: Footprint) -> Footprint:
    """Give the footprint of a zone that makes its operation's coarser, and perhaps displaces it.

    It is one for equal areas of equal operations.

    Raises
    ------
    GeometryError
        If it is not smaller than a hemisphere, or a grid's cells lie around a
        pole, do not join at the antimeridian or are too many.
    """
    whole = _coarser(area, covered)
    offset = area.offset
    return whole.moved(offset.bearing, offset.by) if offset and offset.by else whole


def _coarser(area: schema.ZoneArea, covered: Footprint) -> Footprint:
    if area.buffer is not None:
        return covered.buffer(area.buffer)
    if area.bounding_circle is not None:
        return Circle(covered.cap.centre, covered.cap.radius_m + area.bounding_circle)
    assert area.grid is not None, "the reader refuses an area without a shape"
    return _cells(covered, area.grid)


_HIGHEST_DEG = 80.0  # beyond it cells of a grid of degrees are slivers
_MOST_CELLS = 2_500


def _cells(covered: Footprint, step: float) -> Footprint:
    """Give the cells of a grid of degrees that a footprint meets, as one polygon.

    They lie on whole multiples of the step from 0N 0E. The Global Area Reference
    System (GARS; NGA) counts its cells of 30' from 180W 90S, which is one of
    those, and cuts them into quadrants of 15' and keypads of 5'.
    """
    reach = covered.cap.radius_m / 110_000.0  # no degree of latitude is shorter
    west, east, south, north = _bounds(covered.cap.centre, reach, step)
    columns = range(int(west // step), int(east // step) + 1)
    rows = range(int(south // step), int(north // step) + 1)
    if len(columns) * len(rows) > _MOST_CELLS:
        raise GeometryError(
            f"a grid of {step:g} degrees has over {_MOST_CELLS} cells here",
            hint="choose a larger step",
        )
    boxes = [
        box
        for column in columns
        for row in rows
        if meet(_cell(box := _corners(column, row, step)), covered)
    ]
    outline = shapely.union_all([shapely.Polygon(box) for box in boxes])
    assert isinstance(outline, shapely.Polygon), "a footprint is all of a piece"
    ring = _on_earth(outline.exterior.coords)
    return Polygon(ring, tuple(_on_earth(h.coords) for h in outline.interiors), Edges.PARALLEL)


def _bounds(centre: Position, reach: float, step: float) -> tuple[float, float, float, float]:
    """Give degrees west, east, south and north that hold all within reach of a place.

    Across the antimeridian degrees go on beyond 180.
    """
    south, north = centre.lat - reach, centre.lat + reach
    if max(-south, north) > _HIGHEST_DEG:
        raise GeometryError(f"a grid of degrees ends at {_HIGHEST_DEG:g} degrees of latitude")
    wide = reach / math.cos(math.radians(max(-south, north)))
    west, east = centre.lon - wide, centre.lon + wide
    if (west < -180.0 or east > 180.0) and not _joins(step):  # noqa: PLR2004 - degrees
        raise GeometryError(
            f"cells of {step:g} degrees do not join at the antimeridian",
            hint="choose a step of which 360 degrees are a whole multiple",
        )
    if east - west + 2.0 * step > 360.0:  # noqa: PLR2004 - degrees
        raise GeometryError("a grid of degrees cannot lie all around the Earth")
    return west, east, south, north


def _joins(step: float) -> bool:
    """Tell whether cells counted eastwards are those counted westwards."""
    around = 360.0 / step
    return math.isclose(around, round(around), rel_tol=1e-12)


def _corners(column: int, row: int, step: float) -> list[tuple[float, float]]:
    """Give the corners of a cell, to the last digit those of the cells beside it."""
    west, east, south, north = (k * step for k in (column, column + 1, row, row + 1))
    return [(west, south), (east, south), (east, north), (west, north)]


def _cell(corners: list[tuple[float, float]]) -> Polygon:
    return Polygon(_on_earth(corners), (), Edges.PARALLEL)


def _on_earth(corners: Iterable[tuple[float, ...]]) -> tuple[Position, ...]:
    """Give places by longitudes that may have gone on beyond 180 degrees."""
    return tuple(Position(lon - 360.0 * round(lon / 360.0), lat) for lon, lat in corners)
