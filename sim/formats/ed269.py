"""EUROCAE ED-269 (June 2020): national UAS geographical zones, as its JSON exchange format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import described
from sim.formats import geozones
from sim.formats.documents import placed
from sim.formats.geozones import circle, limit, polygon
from sim.geometry.altitude import Band

if TYPE_CHECKING:
    from sim.formats.daytimes import Window
    from sim.formats.documents import Node
    from sim.formats.geozones import Layer
    from sim.formats.records import Problem, Zone

_LISTS = ("features", "UASZoneList")


def zones(text: str | bytes, *, between: Window | None = None) -> list[Zone | Problem]:
    """Read the zones of a national file, each with all its layers and times.

    Positions are longitude first, as in GeoJSON, from which the format took them
    over, whatever comments in a file say. Sides are straight in longitude and
    latitude. A circle's radius is in metres, whatever unit the altitudes are in.
    An absent limit does not limit, and an upper one of 99999 is none. Times
    of the day are read with their zone, those of the sun (ED-318's events, which some
    files have) are worked out at the centre of the first layer; a day's period that
    ends before it starts ends on the next day. ``kind`` is the ``restriction``.

    Parameters
    ----------
    text
        The file. Bytes may have a byte order mark.
    between
        Unix seconds: a schedule's times are given where they meet this interval;
        if None, over the whole validity. At most 1000 times are given for a zone,
        and a problem says where there are more.

    Raises
    ------
    FormatError
        If this is no ED-269 file.
    """
    return geozones.read(text, between, _DIALECT)


def _features(node: Node) -> list[Node]:
    if not isinstance(node.value, dict):
        raise node.refuse(f"expected an ED-269 mapping with features, not {described(node.value)}")
    if node.value.get("type") in ("FeatureCollection", "Feature"):
        raise node.refuse("this is GeoJSON, and no ED-269", "read it as ED-318 or GeoJSON")
    if not any(name in node.value for name in _LISTS):
        raise node.refuse("expected an ED-269 mapping with features, and there are none")
    return node.get(*_LISTS).items()


def _layers(node: Node) -> list[Node]:
    return node.get("geometry").one_or_many()


def _layer(node: Node) -> list[Layer]:
    """Read a UASZoneAirspaceVolume."""
    uom = node.get("uomDimensions")
    lower = limit(node.get("lowerLimit"), node.get("lowerVerticalReference"), uom, upper=False)
    upper = limit(node.get("upperLimit"), node.get("upperVerticalReference"), uom, upper=True)
    with placed(node):
        band = Band(lower, upper)
    shape = node.get("horizontalProjection")
    kind = shape.get("type").text("Polygon or Circle")
    if kind == "Polygon":
        return [(polygon(shape.get("coordinates")), band)]
    if kind != "Circle":
        raise shape.refuse(f"expected a Polygon or a Circle, not {described(kind)}")
    return [(circle(shape.get("center"), shape.get("radius")), band)]


_DIALECT = geozones.Dialect(_features, "", "restriction", "applicability", _layers, _layer)
