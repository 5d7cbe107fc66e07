"""GeoJSON features whose properties say how high and when, as zones."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import units as quantities
from sim.errors import FormatError, InputError, UnitError, described, quoted
from sim.formats.documents import Node, parse, placed, raise_placed, window_of
from sim.formats.geojson.unread import tell_unread
from sim.formats.geozones import from_ground, multipolygon, polygon, text_of
from sim.formats.harvest import Harvest, attributes_of, plain
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle, Corridor, Edges, Polygon
from sim.geometry.volume import Volume
from sim.units import METRES_PER_FOOT

if TYPE_CHECKING:
    from sim.formats.records import Problem, Zone
    from sim.geometry.footprint import Footprint

_GEOMETRIES = (
    *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    "GeometryCollection",
)
_WGS84 = ("CRS84", "4326")  # names of a crs member that GeoJSON had before RFC 7946
_UNITS = {
    **dict.fromkeys(("M", "METRE", "METRES", "METER", "METERS"), 1.0),
    **dict.fromkeys(("FT", "FOOT", "FEET"), METRES_PER_FOOT),
    "FL": 100.0 * METRES_PER_FOOT,
}
_REFERENCES = {
    **dict.fromkeys(("MSL", "AMSL"), Reference.MSL),
    **dict.fromkeys(("AGL", "ASFC"), Reference.AGL),
    **dict.fromkeys(("FL", "STD"), Reference.FL),
    **dict.fromkeys(("W84", "WGS84", "WGS-84"), Reference.W84),
    **dict.fromkeys(("SFC", "GND"), Reference.SFC),
    **dict.fromkeys(("UNL", "UNLIM", "UNLIMITED"), Reference.UNL),
}
_ABOVE = (Reference.MSL, Reference.AGL, Reference.FL, Reference.W84)
_HEIGHT = re.compile(
    r"([+-]?[0-9]{1,6}(?:\.[0-9]{1,9})?)\s{0,4}(M|METRES?|METERS?|FT|FOOT|FEET)\s{0,4}([A-Z0-9-]*)",
    re.ASCII,
)


class _Names(NamedTuple):
    """Which property says what."""

    id: str
    name: str
    kind: str
    lower: str
    upper: str
    start: str
    end: str
    units: str
    reference: str
    lower_reference: str
    upper_reference: str
    radius: str
    width: str
    edges: str
    grown: str


PROPERTIES = frozenset(_Names._fields)  # by their default names


class _Reading(NamedTuple):
    names: _Names
    units: str | None
    reference: str | None


def zones(
    text: str | bytes,
    *,
    id: str = "id",  # noqa: A002 - as the record calls it
    name: str = "name",
    kind: str = "kind",
    lower: str = "lower",
    upper: str = "upper",
    start: str = "start",
    end: str = "end",
    units: str = "units",
    reference: str = "reference",
    lower_reference: str = "lower_reference",
    upper_reference: str = "upper_reference",
    radius: str = "radius",
    width: str = "width",
    edges: str = "edges",
    grown: str = "grown",
    default_units: str | None = None,
    default_reference: str | None = None,
) -> list[Zone | Problem]:
    """Read features as zones; options name the properties that say what.

    Sides are straight in longitude and latitude (RFC 7946, 3.1.1) where no property
    says otherwise, and rings may wind either way (3.1.6). Polygons that were cut at
    the antimeridian are one again (3.1.9); a side from 179 to -179 degrees is taken
    the short way. A point with a radius is a circle, a line with a width a corridor,
    both in metres if no unit is given. Elevations of positions are passed over.

    Parameters
    ----------
    text
        A FeatureCollection, a Feature or a geometry. Bytes may have a byte order mark.
    id, name, kind
        The properties for a zone's fields; without the first, a feature's ``id`` is
        taken.
    lower, upper
        The altitudes: numbers, or texts such as ``5000 ft MSL``, ``FL180``, ``SFC``.
        Absent or null, they do not limit, and 0 above ground is SFC; where another
        property looks like one, a problem says that it was not read.
    units, reference
        Units (m, ft or FL) and reference (AGL, MSL, FL, W84) of altitudes that are
        numbers. ``lower_reference`` and ``upper_reference`` go before the latter.
    start, end
        Times with their zone (RFC 3339). Absent or null, they do not limit.
    radius, width
        The properties that make circles and corridors.
    edges
        The property that says what runs between two positions: ``geodesic``,
        ``parallel`` or ``straight``. Where it is given, polygons are taken as they
        stand, and none is looked upon as cut at the antimeridian.
    grown
        The property that makes of a polygon all that is nearer to it than a length.
    default_units, default_reference
        Taken where a feature says neither; without them, a number is refused then.

    Raises
    ------
    FormatError
        If this is no GeoJSON, or in another coordinate reference system.
    """
    names = _Names(
        *(id, name, kind, lower, upper, start, end, units, reference),
        *(lower_reference, upper_reference, radius, width, edges, grown),
    )
    reading = _Reading(names, default_units, default_reference)
    harvest = Harvest()
    try:
        added = [_add(harvest, node, reading) for node in _features(parse(text))]
    except FormatError as error:
        raise_placed(error)
    tell_unread(harvest, [one for one in added if one is not None], names._asdict())
    return harvest.entries


def _features(node: Node) -> list[Node]:
    if not isinstance(node.value, dict):
        raise node.refuse(f"expected a GeoJSON mapping, not {described(node.value)}")
    crs = node.value.get("crs")
    if crs is not None and not any(name in plain(crs) for name in _WGS84):
        raise node.refuse(
            f"expected WGS84 (RFC 7946, 4), not the crs {quoted(plain(crs))}",
            "convert it to longitude and latitude",
        )
    kind = node.value.get("type")
    if kind == "FeatureCollection":
        return node.get("features").items()
    if kind == "Feature":
        return [node]
    if kind in _GEOMETRIES:
        return [Node({"geometry": node.value}, node.path)]
    raise node.refuse(f"expected a FeatureCollection, and the type is {described(kind or '')}")


def _add(harvest: Harvest, node: Node, reading: _Reading) -> Node | None:
    """Add the zone of a feature, and give its properties, or else what is wrong with it."""
    names = reading.names
    try:
        given = node.get("properties")
        properties = given if given.given else Node({}, given.path)
        band, window = _band(properties, reading), _window(properties, names)
        footprints = _footprints(node.get("geometry"), properties, names)
        with placed(node):
            volumes = [Volume(footprint, band, window) for footprint in footprints]
        if not volumes:
            raise node.refuse("the feature has no area, and so no zone")
        called = properties.get(names.name).value
        name = text_of(called) or plain(called or "")
        known = properties.get(names.id)
        known = known if known.given else node.get("id")
        identifier = plain(known.value) if known.given else name or "zone"
        kind = plain(properties.get(names.kind).value or "")
    except InputError as error:
        harvest.add_error(error)
        return None
    attributes = attributes_of(properties.value, names)
    harvest.add_zone(identifier, name or identifier, volumes, kind, attributes)
    return properties


def _window(properties: Node, names: _Names) -> tuple[float, float]:
    start, end = properties.get(names.start), properties.get(names.end)
    return window_of(
        properties,
        start.instant() if start.given else -inf,
        end.instant() if end.given else inf,
    )


def _band(properties: Node, reading: _Reading) -> Band:
    names = reading.names
    lower, upper = properties.get(names.lower), properties.get(names.upper)
    below = _limit(
        lower, properties.get(names.lower_reference, names.reference), properties, reading
    )
    above = _limit(
        upper, properties.get(names.upper_reference, names.reference), properties, reading
    )
    with placed(lower):
        floor = from_ground(below) if below else Limit(Reference.SFC, 0.0)
        return Band(floor, above or Limit(Reference.UNL, inf))


def _limit(node: Node, reference: Node, properties: Node, reading: _Reading) -> Limit | None:
    if not node.given:
        return None
    text = node.value.strip() if isinstance(node.value, str) else ""
    height = _HEIGHT.fullmatch(text.upper())
    if full := _in_full(text, height):
        return full
    if height and not height[3]:
        number, factor = float(height[1]), _UNITS[height[2]]
    else:
        number = node.number("an altitude such as 5000 ft MSL, FL180 or SFC")
        unit = properties.get(reading.names.units)
        factor = _known(unit, reading.units, _UNITS, "units of an altitude", "m, ft or FL")
    metres = number * factor
    if factor == _UNITS["FL"] and not reference.given:
        return Limit(Reference.FL, metres)
    above = _known(
        reference,
        reading.reference,
        _REFERENCES,
        "a reference of an altitude",
        "AGL, MSL, FL or W84",
    )
    if above is Reference.UNL:
        return Limit(above, inf)
    return Limit(Reference.AGL if above is Reference.SFC else above, metres)


def _in_full(text: str, height: re.Match[str] | None) -> Limit | None:
    """Read a text that says all of an altitude, if it does; ``height`` is its match."""
    if (bare := _REFERENCES.get(text.upper())) in (Reference.SFC, Reference.UNL):
        return Limit(bare, 0.0 if bare is Reference.SFC else inf)
    if height and (above := _REFERENCES.get(height[3])) in _ABOVE:
        return Limit(above, float(height[1]) * _UNITS[height[2]])
    try:
        reference, metres = quantities.altitude(text)
    except UnitError:
        return None
    return Limit(Reference(reference), metres)


def _known(node: Node, default: str | None, known: dict[str, Any], what: str, expected: str) -> Any:
    word = plain(node.value) if node.given else default
    if word is None:
        raise node.refuse(
            f"nothing gives {what}: expected {expected}", "name the property, or give a default"
        )
    if word.upper() not in known:
        raise node.refuse(f"{quoted(word)} is none of {what}: expected {expected}")
    return known[word.upper()]


def _footprints(node: Node, properties: Node, names: _Names) -> list[Footprint]:
    if not node.given:
        return []
    kind = node.get("type").value
    coordinates = node.get("coordinates")
    match kind:
        case "Polygon" | "MultiPolygon":
            return _polygons(coordinates, properties, names, many=kind != "Polygon")
        case "GeometryCollection":
            members = node.get("geometries").items()
            return [f for member in members for f in _footprints(member, properties, names)]
        case "Point" | "MultiPoint":
            metres = _length(properties.get(names.radius), f"a {kind} has no area", "radius")
            places = [coordinates] if kind == "Point" else coordinates.items()
            with placed(node):
                return [Circle(place.position(), metres) for place in places]  # type: ignore[arg-type]
        case "LineString" | "MultiLineString":
            metres = _length(properties.get(names.width), f"a {kind} has no area", "width")
            edges = _edges(properties.get(names.edges)) or Edges.STRAIGHT
            lines = [coordinates] if kind == "LineString" else coordinates.items()
            with placed(node):
                return [Corridor(tuple(line.positions()), metres, edges) for line in lines]  # type: ignore[arg-type]
        case _:
            raise node.refuse(f"expected a geometry, and the type is {described(kind or '')}")


def _polygons(coordinates: Node, properties: Node, names: _Names, *, many: bool) -> list[Footprint]:
    edges = _edges(properties.get(names.edges))
    if edges is not None:
        found = [
            _as_it_stands(one, edges) for one in (coordinates.items() if many else [coordinates])
        ]
    else:
        found = multipolygon(coordinates) if many else [polygon(coordinates)]
    grown = properties.get(names.grown)
    if not grown.given:
        return [*found]
    metres = _length(grown, "", "buffer")
    with placed(grown):
        return [one.buffer(metres) for one in found]


def _as_it_stands(node: Node, edges: Edges) -> Polygon:
    rings = node.items()
    if not rings:
        raise node.refuse("a polygon has at least one ring")
    with placed(node):
        exterior, *holes = (tuple(ring.positions()) for ring in rings)
        return Polygon(exterior, tuple(holes), edges)  # type: ignore[arg-type]


def _edges(node: Node) -> Edges | None:
    if not node.given:
        return None
    word = plain(node.value)
    if word not in {*Edges}:
        raise node.refuse(f"{quoted(word)} says nothing of edges: expected {', '.join(Edges)}")
    return Edges(word)


def _length(node: Node, without: str, what: str) -> float:
    if not node.given:
        raise node.refuse(f"{without}: expected a property for its {what}")
    if isinstance(node.value, str):
        try:
            return quantities.length(node.value)
        except UnitError:
            pass
    return node.number(f"a {what} in metres, or such as 5 km")
