"""From an area as written to the footprint it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.geometry.edges import Edges
from sim.geometry.footprint import Circle, Corridor, Polygon

if TYPE_CHECKING:
    from sim.geometry.footprint import Footprint
    from sim.scenario import schema


def footprint(area: schema.Area) -> Footprint:
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
