"""ASTM F3548-21: the 4D volumes of operational intents and constraints, in and out.

Names are those of annex A4 (the USS and DSS interfaces).
"""

from __future__ import annotations

import re
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import (
    FormatError,
    GeometryError,
    InputError,
    VerticalError,
    described,
    quoted,
)
from sim.formats.documents import Node, parse, placed, raise_placed, window_of
from sim.formats.harvest import Harvest, attributes_of, plain
from sim.formats.listing import by_line
from sim.formats.outlines import outlines
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Footprint, Polygon
from sim.geometry.volume import Volume
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.formats.records import Problem, Zone

_ALTITUDES_M = (-8000.0, 100_000.0)  # Altitude.value: its minimum and maximum
_COUNT = re.compile(r"[0-9]{1,9}")
_LISTS = ("volumes", "off_nominal_volumes", "extents")
_INTENT, _CONSTRAINT = "operational intent", "constraint"
_MESSAGES = {
    "operational_intent": _INTENT,
    "operational_intents": _INTENT,
    "constraint": _CONSTRAINT,
    "constraints": _CONSTRAINT,
    "area_of_interest": "",
}
_EXPECTED = "a Volume4D, a list of them, or the details of an operational intent or a constraint"


class _Entity(NamedTuple):
    kind: str
    node: Node
    reference: Node
    details: Node
    volumes: list[Node]


def volumes(document: str | bytes | Any) -> list[Volume]:
    """Read every volume of a document: text, or JSON that is parsed already.

    The document is one Volume4D, a list of them, the details of an operational
    intent or a constraint, one of these in full (``reference`` and ``details``), a
    list of such, or a message that holds some. Nominal volumes come before
    off-nominal ones. Sides are geodesics (Polygon: "the shortest paths between
    connected vertices"), altitudes are metres above the WGS84 ellipsoid, and an
    end of an altitude or a time that is absent or null is unbounded.

    Raises
    ------
    FormatError
        Says what was found and expected, and where.

    Examples
    --------
    >>> circle = {"center": {"lng": 36.7, "lat": 36.3}, "radius": {"value": 6000, "units": "M"}}
    >>> volumes({"volume": {"outline_circle": circle}})[0].footprint
    Circle(center=Position(lon=36.7, lat=36.3), radius_m=6000.0)
    """
    try:
        return [_volume(node) for entity in _entities(parse(document)) for node in entity.volumes]
    except FormatError as error:
        raise_placed(error)


def zones(document: str | bytes | Any) -> list[Zone | Problem]:
    """Read a document like `volumes`, as one zone for each intent or constraint.

    ``attributes`` hold the ``priority`` and ``type`` of the details, and of the
    reference ``state``, ``manager`` and the like. Where there are off-nominal
    volumes, ``off_nominal_volumes`` tells how many of the last they are. A volume
    that cannot be read is a problem beside the rest.

    Raises
    ------
    FormatError
        If the document as a whole is no such.
    """
    harvest = Harvest()
    try:
        entities = _entities(parse(document))
    except FormatError as error:
        raise_placed(error)
    for count, entity in enumerate(entities, 1):
        _add(harvest, entity, count)
    return harvest.entries


def _add(harvest: Harvest, entity: _Entity, count: int) -> None:
    made: list[Volume] = []
    off_nominal = 0
    for node in entity.volumes:
        try:
            made.append(_volume(node))
            off_nominal += "off_nominal_volumes" in node.path
        except InputError as error:
            harvest.add_error(error)
    if not made:
        harvest.note(entity.node, "there is no volume that can be read, and so no zone")
        return
    reference = entity.reference.value if isinstance(entity.reference.value, dict) else {}
    details = entity.details.value if isinstance(entity.details.value, dict) else {}
    attributes = attributes_of(reference, ["id"]) | attributes_of(details, [*_LISTS, "volume"])
    if off_nominal:
        attributes["off_nominal_volumes"] = str(off_nominal)
    identifier = plain(reference.get("id") or f"{entity.kind or 'volumes'}-{count}")
    geozone = details.get("geozone")
    name = geozone.get("name") if isinstance(geozone, dict) else None
    kind = details.get("type") or entity.kind
    identifier = identifier.replace(" ", "-")
    harvest.add_zone(identifier, plain(name or identifier), made, plain(kind), attributes)


def _entities(node: Node, kind: str = "") -> list[_Entity]:
    """Find whatever has volumes."""
    none = Node(None, node.path)
    if isinstance(node.value, list):
        members = node.items()
        if not members or any(_has(member, "volume") for member in members):
            return [_Entity(kind, node, none, none, members)]
        return [entity for member in members for entity in _entities(member, kind)]
    if _has(node, "volume"):
        return [_Entity(kind, node, none, none, [node])]
    if _has(node, "details"):
        reference, details = node.get("reference"), node.get("details")
        if not kind and isinstance(reference.value, dict):
            kind = _INTENT if "state" in reference.value else _CONSTRAINT
        return [_Entity(kind, node, reference, details, _listed(details))]
    if _has(node, *_LISTS):
        if not kind:
            kind = _INTENT if _has(node, "priority", *_LISTS[1:]) else _CONSTRAINT
        return [_Entity(kind, node, none, node, _listed(node))]
    if _has(node, *_MESSAGES):
        return [
            entity
            for name, word in _MESSAGES.items()
            if node.get(name).given
            for entity in _entities(node.get(name), word)
        ]
    raise _no_entity(node)


def _no_entity(node: Node) -> FormatError:
    if not isinstance(node.value, dict):
        return node.refuse(f"expected {_EXPECTED}, not {described(node.value)}")
    hint = ""
    if _has(node, "outline_circle", "outline_polygon"):
        hint = 'a Volume3D stands under "volume" of a Volume4D'
    names = ", ".join(quoted(name) for name in list(node.value)[:4]) or "nothing in it"
    return node.refuse(f"expected {_EXPECTED}, not a mapping with {names}", hint)


def _has(node: Node, *names: str) -> bool:
    return isinstance(node.value, dict) and any(name in node.value for name in names)


def _listed(details: Node) -> list[Node]:
    lists = [details.get(name) for name in _LISTS]
    return [member for found in lists if found.given for member in found.items()]


def _volume(node: Node) -> Volume:
    """Read a Volume4D."""
    space = node.get("volume")
    start, end = _time(node.get("time_start"), -inf), _time(node.get("time_end"), inf)
    window = window_of(node, start, end)
    footprint = _footprint(space)
    lower = _altitude(space.get("altitude_lower")) or Limit(Reference.SFC, 0.0)
    upper = _altitude(space.get("altitude_upper")) or Limit(Reference.UNL, inf)
    with placed(node):
        return Volume(footprint, Band(lower, upper), window)


def _time(node: Node, unbounded: float) -> float:
    if not node.given:
        return unbounded
    if isinstance(node.value, str):
        return node.instant()
    _only(node.get("format"), "RFC3339")
    return node.get("value").instant()


def _altitude(node: Node) -> Limit | None:
    if not node.given:
        return None
    _only(node.get("reference"), "W84")
    _only(node.get("units"), "M")
    metres = node.get("value").number("an altitude in metres")
    lowest, highest = _ALTITUDES_M
    if not lowest <= metres <= highest:
        raise node.refuse(
            f"an altitude is from {lowest:g} to {highest:g} m, not {metres:g} m",
            "leave the end out where there is none",
        )
    return Limit(Reference.W84, metres)


def _only(node: Node, known: str) -> None:
    """Refuse what is not the one value that F3548 has; absent, it is meant."""
    if node.given and str(node.value).upper() != known:
        raise node.refuse(f"F3548 knows {known} alone, not {described(node.value)}")


def _footprint(node: Node) -> Footprint:
    circle, polygon = node.get("outline_circle"), node.get("outline_polygon")
    if circle.given == polygon.given:
        found = "both" if circle.given else "neither"
        raise node.refuse(f"expected outline_circle or outline_polygon, and there is {found}")
    if circle.given:
        radius = circle.get("radius")
        if isinstance(radius.value, dict):
            _only(radius.get("units"), "M")
            radius = radius.get("value")
        metres = radius.number("a radius in metres")
        with placed(circle):
            return Circle(_point(circle.get("center")), metres)  # type: ignore[arg-type]
    places = [_point(vertex) for vertex in polygon.get("vertices").items()]
    with placed(polygon):
        return Polygon(tuple(places))  # type: ignore[arg-type]


def _point(node: Node) -> tuple[float, float]:
    lng, lat = (node.get(name).number("a number of degrees") for name in ("lng", "lat"))
    return Node([lng, lat], node.path).position()


def write(zones: Iterable[Zone], *, vertical: Vertical | None = None) -> str:
    """Write zones as a JSON list of the details of a constraint each.

    One of the kind ``operational intent`` has the details of such, with its priority
    and off-nominal volumes, as :func:`zones` reads them; other kinds are the ``type``.
    What else is known of a zone has no place in details. Circles stay circles. The arcs
    of corridors and grown polygons are followed within 1 cm. Times are rounded to
    milliseconds.

    Parameters
    ----------
    zones
        Altitudes are written above the WGS84 ellipsoid; SFC below and UNL above are
        left out.
    vertical
        The settings that altitudes above another reference need for that.

    Raises
    ------
    VerticalError
        If such a setting is missing.
    FormatError
        If an altitude is not from -8,000 to 100,000 m (Altitude.value).
    GeometryError
        If a footprint has a hole or several parts, which F3548 cannot say.
    """
    settings = vertical or Vertical()
    return by_line((_details(zone, zone.vertical or settings) for zone in zones), ascii_only=True)


def _details(zone: Zone, vertical: Vertical) -> dict[str, Any]:
    records = [_record(volume, vertical) for volume in zone.volumes]
    if zone.kind != _INTENT:
        return {"volumes": records} | (
            {} if zone.kind in ("", _CONSTRAINT) else {"type": zone.kind}
        )
    off_nominal, priority = (
        int(text) if _COUNT.fullmatch(text := zone.attributes.get(name, "0")) else 0
        for name in ("off_nominal_volumes", "priority")
    )
    nominal = len(records) - off_nominal
    return {
        "volumes": records[:nominal],
        "off_nominal_volumes": records[nominal:],
        "priority": priority,
    }


def _record(volume: Volume, vertical: Vertical) -> dict[str, Any]:
    space = _outline(volume.footprint)
    lower, upper = volume.band.lower, volume.band.upper
    if lower.reference is not Reference.SFC:
        space["altitude_lower"] = _height(lower, vertical)
    if upper.reference is not Reference.UNL:
        space["altitude_upper"] = _height(upper, vertical)
    if "altitude_lower" in space and "altitude_upper" in space:
        _check_order(lower, upper, space)
    record: dict[str, Any] = {"volume": space}
    for name, unix in zip(("time_start", "time_end"), volume.window, strict=True):
        if isfinite(unix):
            record[name] = {"value": show_instant(unix), "format": "RFC3339"}
    return record


def _check_order(lower: Limit, upper: Limit, space: dict[str, Any]) -> None:
    """Refuse a band that is upside down (Volume3D: lower "must be less than altitude_upper")."""
    if space["altitude_lower"]["value"] >= space["altitude_upper"]["value"]:
        raise GeometryError(
            f"{lower} is not below {upper} above the WGS84 ellipsoid",
            hint="check the vertical settings",
        )


def _height(limit: Limit, vertical: Vertical) -> dict[str, Any]:
    metres = limit.metres
    if limit.reference is not Reference.W84:
        geoid = vertical.geoid_m
        if geoid is None:
            raise VerticalError(
                f"{limit} cannot be given above the WGS84 ellipsoid without vertical.geoid",
                hint="set vertical.geoid",
            )
        metres = vertical.msl(limit) + geoid
    lowest, highest = _ALTITUDES_M
    if not lowest <= metres <= highest:
        raise FormatError(
            f"F3548 has altitudes from {lowest:g} to {highest:g} m, and {limit} is at {metres:g} m",
            hint="an upper limit beyond is UNL, a lower one SFC",
        )
    return {"value": metres, "reference": "W84", "units": "M"}


def _outline(footprint: Footprint) -> dict[str, Any]:
    if isinstance(footprint, Circle):
        radius = {"value": footprint.radius_m, "units": "M"}
        return {"outline_circle": {"center": _lat_lng(footprint.center), "radius": radius}}
    found = outlines(footprint)
    if len(found) > 1 or found[0].holes:
        raise GeometryError(
            "F3548 has no holes and no polygons of several parts",
            hint="cut the footprint into volumes without holes",
        )
    return {
        "outline_polygon": {
            "vertices": [_lat_lng(place) for place in found[0].exterior[:-1].tolist()]
        }
    }


def _lat_lng(place: tuple[float, float]) -> dict[str, float]:
    return {"lng": place[0], "lat": place[1]}
