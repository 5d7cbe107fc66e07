"""EUROCAE ED-269 (June 2020): national UAS geographical zones, as its JSON exchange format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import FormatError, described
from sim.formats.documents import Node, parse, placed, raise_placed
from sim.formats.geozones import Geozone, Layer, add, limit, polygon, text_of
from sim.formats.harvest import Harvest, attributes_of, plain
from sim.geometry.altitude import Band
from sim.geometry.footprint import Circle

if TYPE_CHECKING:
    from sim.formats.applicability import Window
    from sim.formats.records import Problem, Zone

_LISTS = ("features", "UASZoneList")
_READ = ("identifier", "name", "restriction", "applicability", "geometry")


def zones(text: str | bytes, *, between: Window | None = None) -> list[Zone | Problem]:
    """Read the zones of a national file, each with all its layers and times.

    Positions are longitude first, as in GeoJSON, from which the format took them
    over, whatever comments in a file say. Sides are straight in longitude and
    latitude. A circle's radius is in metres, whatever unit the altitudes are in.
    An absent limit does not limit, and an upper one of 99999 is none. Times
    of the day are read with their zone; a day's period that ends before it starts
    ends on the next day. ``kind`` is the ``restriction``.

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
    harvest = Harvest()
    try:
        for node in _features(parse(text)):
            _add(harvest, node, between)
    except FormatError as error:
        raise_placed(error)
    return harvest.entries


def _features(node: Node) -> list[Node]:
    if not isinstance(node.value, dict):
        raise node.refuse(f"expected an ED-269 mapping with features, not {described(node.value)}")
    if node.value.get("type") in ("FeatureCollection", "Feature"):
        raise node.refuse("this is GeoJSON, and no ED-269", "read it as ED-318 or GeoJSON")
    if not any(name in node.value for name in _LISTS):
        raise node.refuse("expected an ED-269 mapping with features, and there are none")
    return node.get(*_LISTS).items()


def _add(harvest: Harvest, node: Node, between: Window | None) -> None:
    try:
        name = text_of(node.get("name").value)
        zone = Geozone(
            node=node,
            identifier=node.get("identifier"),
            name=name or plain(node.get("identifier").value or ""),
            kind=plain(node.get("restriction").value or ""),
            periods=node.get("applicability"),
            layers=node.get("geometry").one_or_many(),
            attributes=attributes_of(node.value, _READ),
        )
    except FormatError as error:
        harvest.add_error(error)
        return
    add(harvest, zone, _layer, between)


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
    centre = shape.get("center").position()
    radius = shape.get("radius").number("a radius in metres")
    with placed(shape):
        return [(Circle(centre, radius), band)]  # type: ignore[arg-type]
