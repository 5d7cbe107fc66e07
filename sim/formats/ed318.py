"""EUROCAE ED-318: UAS geographical zones as GeoJSON with layers, in and out."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.errors import described, quoted
from sim.formats import geozones
from sim.formats.documents import Node, placed
from sim.formats.geozones import circle, limit, multipolygon, polygon
from sim.formats.listing import collection
from sim.formats.lonlat import rings_of
from sim.formats.naming import Names
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.formats.daytimes import Window
    from sim.formats.geozones import Layer
    from sim.formats.records import Problem, Zone
    from sim.geometry.footprint import Footprint
    from sim.geometry.volume import Volume

_IDENTIFIER, _TEXT = 7, 200  # characters that the schema allows
_KINDS = {
    "": "PROHIBITED",
    "REQ_AUTHORISATION": "REQ_AUTHORIZATION",  # as ED-269 spells it
    **{
        name: name
        for name in ("USPACE", "PROHIBITED", "REQ_AUTHORIZATION", "CONDITIONAL", "NO_RESTRICTION")
    },
}
_REASONS = (
    *("AIR_TRAFFIC", "SENSITIVE", "PRIVACY", "POPULATION", "NATURE", "NOISE", "EMERGENCY"),
    *("DAR", "OTHER"),
)
_TEXTS = ("name", "otherReasonInfo", "message")  # in several languages
_STRUCTURED: dict[str, type] = {
    **dict.fromkeys((*_TEXTS, "zoneAuthority"), list),
    "region": int,
    "dataSource": dict,
    "extendedProperties": dict,
}
_PROPERTIES = (
    *("country", "variant", "restrictionConditions", "reason", "regulationExemption"),
    *_STRUCTURED,
)
_TIMES = ("validFrom", "validTo", "issued")


def zones(text: str | bytes, *, between: Window | None = None) -> list[Zone | Problem]:
    """Read the zones of a file, each with all its layers and times.

    Sides are straight in longitude and latitude (RFC 7946, 3.1.1), radii are in
    metres, and so are altitudes without a ``uom`` (LayeredGeoJSON). An absent limit
    does not limit, and an upper one of 99999 is none. A layer of a whole collection is that
    of each of its geometries without one. A day's period that ends before it starts ends on
    the next day; sunrise, sunset and civil twilight (daylightEventType) are worked out at
    the centre of the first layer, at sea level. ``kind`` is the ``type``; a name is the
    English one, or else the first, and ``attributes`` hold all of them where there are
    several; among them is ``created``, where the ``dataSource`` has a ``creationDate``.

    Parameters
    ----------
    text
        A FeatureCollection or one Feature. Bytes may have a byte order mark.
    between
        Unix seconds: a schedule's times are given where they meet this interval;
        if None, over the whole validity. At most 1000 times are given for a zone,
        and a problem says where there are more.

    Raises
    ------
    FormatError
        If this is no ED-318 file, or its metadata are wrong.
    """
    return geozones.read(text, between, _DIALECT)


def _features(node: Node) -> list[Node]:
    if not isinstance(node.value, dict):
        raise node.refuse(f"expected a FeatureCollection, not {described(node.value)}")
    kind = node.value.get("type")
    if kind == "Feature":
        return [node]
    if kind != "FeatureCollection":
        is_old = isinstance(node.value.get("features"), list)
        raise node.refuse(
            f"expected a FeatureCollection, and the type is {described(kind or '')}",
            "read it as ED-269" if is_old else "",
        )
    metadata = node.get("metadata")
    if metadata.given:
        for name in _TIMES:
            if (time := metadata.get(name)).given:
                time.instant()
    return node.get("features").items()


def _layers(feature: Node) -> list[Node]:
    """Give the geometry, or those of a collection with its layer where they have none."""
    node = feature.get("geometry")
    if not node.given:
        return []
    if node.get("type").value != "GeometryCollection":
        return [node]
    layer = node.get("layer").value
    members = node.get("geometries").items()
    if layer is None:
        return members
    return [
        Node({"layer": layer, **member.value}, member.path)
        if isinstance(member.value, dict)
        else member
        for member in members
    ]


def _layer(node: Node) -> list[Layer]:
    """Read a geometry with its layer; of a MultiPolygon, every polygon."""
    band = _band(node)
    kind = node.get("type").text("a type of geometry")
    coordinates = node.get("coordinates")
    if kind == "Polygon":
        return [(polygon(coordinates), band)]
    if kind == "MultiPolygon":
        return [(footprint, band) for footprint in multipolygon(coordinates)]
    extent = node.get("extent")
    if kind != "Point" or not extent.given:
        raise node.refuse(
            f"{quoted(kind)} has no area: "
            "expected a Polygon, a MultiPolygon, or a Point with an extent"
        )
    if (shape := extent.get("subType")).value != "Circle":
        raise shape.refuse(f"expected a Circle, not {described(shape.value)}")
    return [(circle(coordinates, extent.get("radius")), band)]


def _band(node: Node) -> Band:
    layer = node.get("layer")
    layer = layer if layer.given else Node({}, layer.path)
    uom = layer.get("uom")
    uom = uom if uom.given else Node("m", uom.path)
    lower = limit(layer.get("lower"), layer.get("lowerReference"), uom, upper=False)
    upper = limit(layer.get("upper"), layer.get("upperReference"), uom, upper=True)
    with placed(layer):
        return Band(lower, upper)


_DIALECT = geozones.Dialect(
    _features, "properties", "type", "limitedApplicability", _layers, _layer
)


def write(zones: Iterable[Zone], *, country: str = "ZZZ", vertical: Vertical | None = None) -> str:
    """Write zones as a FeatureCollection that the official schema accepts.

    Volumes with the same windows share a feature; a zone whose volumes have
    others becomes several, of the same identifier. Identifiers are cut to the 7
    characters that ED-318 allows, and numbered where several would be the same; the
    whole one is the feature's ``id``. Circles stay circles; sides become straight in
    longitude and latitude within 3 mm (or 5e-9 of their length), and arcs of corridors
    and grown polygons are followed within 1 cm.

    Parameters
    ----------
    zones
        ``kind`` becomes the ``type``: one that ED-318 does not know is CONDITIONAL, with
        itself as the ``restrictionConditions``, and none is PROHIBITED. ``attributes`` by
        ED-318's names become properties, others ``extendedProperties``.
    country
        Three letters (ISO 3166) for zones that have no such attribute.
    vertical
        The settings that flight levels need, which ED-318 cannot say, to be written
        above mean sea level.

    Raises
    ------
    VerticalError
        If such a setting is missing.
    """
    settings = vertical or Vertical()
    zones = list(zones)
    identifiers = _identifiers(zones)
    features = (
        {
            "type": "Feature",
            "id": zone.id,
            "geometry": _geometry(layers, zone.vertical or settings),
            "properties": _properties(zone, identifiers[zone.id], windows, country),
        }
        for zone in zones
        for windows, layers in _by_windows(zone.volumes)
    )
    return collection(features)


def _by_windows(
    volumes: Iterable[Volume],
) -> list[tuple[tuple[Window, ...], list[tuple[Footprint, Band]]]]:
    """Gather layers that apply at the same times."""
    windows: dict[tuple[Footprint, Band], list[Window]] = {}
    for volume in volumes:
        windows.setdefault((volume.footprint, volume.band), []).append(volume.window)
    layers: dict[tuple[Window, ...], list[tuple[Footprint, Band]]] = {}
    for layer, found in windows.items():
        layers.setdefault(tuple(found), []).append(layer)
    return [*layers.items()]


def _identifiers(zones: Iterable[Zone]) -> dict[str, str]:
    """Give each id one that is short enough; those that are keep theirs."""
    names = Names(_IDENTIFIER)
    ids = dict.fromkeys(zone.id for zone in zones)
    return {id_: names.unique(id_) for id_ in sorted(ids, key=lambda id_: len(id_) > _IDENTIFIER)}


def _properties(
    zone: Zone, identifier: str, windows: tuple[Window, ...], country: str
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "identifier": identifier,
        "country": country,
        "name": [{"text": zone.name[:_TEXT], "lang": "en-GB"}],
        "variant": "COMMON",
        "zoneAuthority": [{"purpose": "INFORMATION"}],
    }
    kind = _KINDS.get(zone.kind, zone.kind)
    if kind not in _KINDS.values():
        said |= {"restrictionConditions": zone.kind}
        kind = "CONDITIONAL"
    others: dict[str, Any] = {}
    for name, text in zone.attributes.items():
        value = _value(name, text)
        if name == "extendedProperties" and isinstance(value, dict):
            others |= value
        elif name in _PROPERTIES and value is not None:
            said[name] = value
        else:
            others[name] = text
    said["type"] = kind
    if periods := [period for window in windows if (period := _period(window))]:
        said["limitedApplicability"] = periods
    if others:
        said["extendedProperties"] = others
    return said


def _value(name: str, text: str) -> Any:
    """Give a property as ED-318 has it, and None for what it cannot say."""
    if name == "reason":
        words = [word.strip() for word in text.split(",")]
        return [word if word in _REASONS else "OTHER" for word in words][: len(_REASONS)]
    if name not in _STRUCTURED:
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    if name in _TEXTS:
        return value if isinstance(value, list) else _texts(text)
    if name == "zoneAuthority":
        authorities = value if isinstance(value, list) else [value]
        return [_authority(a) for a in authorities if isinstance(a, dict)] or None
    return value if isinstance(value, _STRUCTURED[name]) else None


def _texts(text: str) -> list[dict[str, str]]:
    """Give a text as one in a language that is not known (und, ISO 639-2)."""
    return [{"text": text[:_TEXT], "lang": "und"}]


def _authority(given: dict[str, Any]) -> dict[str, Any]:
    """Give an authority; ED-269 has plain texts, and needs no purpose."""
    said = {name: value for name, value in given.items() if value is not None}
    for name in ("name", "service", "contactName"):
        if isinstance(said.get(name), str):
            said[name] = _texts(said[name])
    return {"purpose": "INFORMATION"} | said


def _period(window: Window) -> dict[str, str]:
    names = zip(("startDateTime", "endDateTime"), window, strict=True)
    return {name: show_instant(unix) for name, unix in names if isfinite(unix)}


def _geometry(layers: list[tuple[Footprint, Band]], vertical: Vertical) -> dict[str, Any]:
    shapes = [_shape(footprint) | _written(band, vertical) for footprint, band in layers]
    if len(shapes) == 1:
        return shapes[0]
    return {"type": "GeometryCollection", "geometries": shapes}


def _shape(footprint: Footprint) -> dict[str, Any]:
    if isinstance(footprint, Circle):
        extent = {"subType": "Circle", "radius": footprint.radius_m}
        return {"type": "Point", "coordinates": [*footprint.center], "extent": extent}
    parts = rings_of(footprint)
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def _written(band: Band, vertical: Vertical) -> dict[str, Any]:
    """Write a layer; SFC below and UNL above are left out."""
    layer: dict[str, Any] = {"uom": "m"}
    if band.lower.reference is not Reference.SFC:
        layer |= _limit(band.lower, "lower", vertical)
    if band.upper.reference is not Reference.UNL:
        layer |= _limit(band.upper, "upper", vertical)
    return {"layer": layer}


def _limit(limit: Limit, name: str, vertical: Vertical) -> dict[str, Any]:
    above = {Reference.SFC: "AGL", Reference.AGL: "AGL", Reference.W84: "WGS84"}
    metres = limit.metres
    if limit.reference is Reference.FL:
        metres = vertical.msl(limit)
    return {name: metres, f"{name}Reference": above.get(limit.reference, "AMSL")}
