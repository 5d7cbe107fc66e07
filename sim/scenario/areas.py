"""From an area as written to the footprint it means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely

from sim.errors import GeometryError
from sim.geometry.edges import Edges
from sim.geometry.footprint import Circle, Corridor, Polygon
from sim.geometry.relations import meet
from sim.units import Position

if TYPE_CHECKING:
    from sim.geometry.footprint import Footprint
    from sim.scenario import parts, schema


def footprint(area: parts.Area) -> Footprint:
    """Give the footprint of an area that stands for itself: not a buffer.

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


def coarser(area: schema.ZoneArea, covered: Footprint) -> Footprint:
    """Give the footprint of a zone that makes its operation's coarser, and perhaps displaces it.

    Raises
    ------
    GeometryError
        If it is not smaller than a hemisphere, or a grid's cells lie around a
        pole, across the antimeridian or too many.
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
    """Give the cells of a grid of degrees that a footprint meets, as one polygon."""
    reach = covered.cap.radius_m / 110_000.0  # no degree of latitude is shorter
    west, east, south, north = _bounds(covered.cap.centre, reach)
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
        if meet(_cell(box := _corners(column * step, row * step, step)), covered)
    ]
    outline = shapely.union_all([shapely.Polygon(box) for box in boxes])
    assert isinstance(outline, shapely.Polygon), "a footprint is all of a piece"
    ring = tuple(Position(*corner) for corner in outline.exterior.coords)
    holes = tuple(tuple(Position(*corner) for corner in hole.coords) for hole in outline.interiors)
    return Polygon(ring, holes, Edges.PARALLEL)


def _bounds(centre: Position, reach: float) -> tuple[float, float, float, float]:
    """Give degrees west, east, south and north that hold all within reach of a place."""
    south, north = centre.lat - reach, centre.lat + reach
    if max(-south, north) > _HIGHEST_DEG:
        raise GeometryError(f"a grid of degrees ends at {_HIGHEST_DEG:g} degrees of latitude")
    wide = reach / math.cos(math.radians(max(-south, north)))
    west, east = centre.lon - wide, centre.lon + wide
    if west < -180.0 or east > 180.0:  # noqa: PLR2004 - degrees
        raise GeometryError("a grid of degrees cannot lie across the antimeridian")
    return west, east, south, north


def _corners(west: float, south: float, step: float) -> list[tuple[float, float]]:
    east, north = west + step, south + step
    return [(west, south), (east, south), (east, north), (west, north)]


def _cell(corners: list[tuple[float, float]]) -> Polygon:
    return Polygon(tuple(Position(*corner) for corner in corners), (), Edges.PARALLEL)
