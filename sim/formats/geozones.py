"""What ED-269 and ED-318 have in common: layers, times and names of a geozone."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import FormatError, InputError, quoted
from sim.formats.applicability import MOST_TIMES, read_periods, times
from sim.formats.documents import Node, parse, placed, raise_placed
from sim.formats.harvest import Harvest, attributes_of, plain
from sim.formats.lonlat import polygons_of
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle
from sim.geometry.volume import Volume
from sim.units import METRES_PER_FOOT, Position, show_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.formats.daytimes import Window
    from sim.formats.records import Problem, Zone
    from sim.geometry.footprint import Footprint, Polygon

NO_CEILING = 99999.0  # in whatever unit: as national files write that there is none
MOST_LAYERS = 1000  # of one zone

_REFERENCES = {
    "AGL": Reference.AGL,
    "AMSL": Reference.MSL,
    "MSL": Reference.MSL,
    "WGS84": Reference.W84,
    "WGS-84": Reference.W84,
    "W84": Reference.W84,
}
_UNITS = {"M": 1.0, "FT": METRES_PER_FOOT}
_CREATED = {
    "dataSource": ("creationDate", "creationDateTime"),
    "extendedProperties": ("created",),  # where `sim.formats.ed318.write` puts it
}


Layer = tuple["Footprint", Band]


class Dialect(NamedTuple):
    """Where one of the formats has what both say.

    Parameters
    ----------
    features
        Of a document, the nodes of its zones.
    properties
        Of a feature, the name of what holds what is said of it; empty if it does so itself.
    kind, periods
        The names of what is asked, and of when it applies.
    layers
        Of a feature, what :attr:`layer` reads.
    layer
        Reads one.
    """

    features: Callable[[Node], list[Node]]
    properties: str
    kind: str
    periods: str
    layers: Callable[[Node], list[Node]]
    layer: Callable[[Node], list[Layer]]


@dataclass(frozen=True, slots=True)
class Geozone:
    """A zone of a file, its parts not yet read."""

    node: Node
    identifier: Node
    name: str
    kind: str
    periods: Node
    layers: list[Node]
    attributes: Mapping[str, str]


def read(text: str | bytes, between: Window | None, dialect: Dialect) -> list[Zone | Problem]:
    """Read the zones of a file, each with all its layers and times.

    Raises
    ------
    FormatError
        If it is no file of this dialect.
    """
    harvest = Harvest()
    try:
        for node in dialect.features(parse(text)):
            try:
                zone = _zone(node, dialect, harvest)
            except FormatError as error:
                harvest.add_error(error)
            else:
                _add(harvest, zone, dialect.layer, between)
    except FormatError as error:
        raise_placed(error)
    return harvest.entries


def _zone(node: Node, dialect: Dialect, harvest: Harvest) -> Geozone:
    said = node.get(dialect.properties) if dialect.properties else node
    identifier, names = said.get("identifier"), said.get("name").value
    read_elsewhere = ["identifier", dialect.kind, dialect.periods, "geometry"]
    if not (isinstance(names, list) and len(names) > 1):  # several languages are an attribute
        read_elsewhere.append("name")
    return Geozone(
        node,
        identifier,
        text_of(names) or plain(identifier.value or ""),
        plain(said.get(dialect.kind).value or ""),
        said.get(dialect.periods),
        dialect.layers(node),
        attributes_of(said.value, read_elsewhere) | _created(said, harvest),
    )


def _created(said: Node, harvest: Harvest) -> dict[str, str]:
    """Give when a zone was created, where its source or whoever wrote the file says so."""
    for holder, names in _CREATED.items():
        given = said.get(holder)
        moment = given.get(*names) if isinstance(given.value, dict) else Node(None)
        if not moment.given:
            continue
        try:
            unix = moment.instant()
        except FormatError as error:
            harvest.add_error(error)
            continue
        if isfinite(unix):
            return {"created": show_instant(unix)}
    return {}


def _add(
    harvest: Harvest,
    zone: Geozone,
    read_layer: Callable[[Node], list[Layer]],
    between: Window | None,
) -> None:
    """Read a zone's layers and times, and add it with what could not be read of it."""
    notes: list[tuple[Node, str]] = []
    try:
        if len(zone.layers) > MOST_LAYERS:
            raise zone.node.refuse(f"a zone has at most {MOST_LAYERS} layers")
        periods = read_periods(zone.periods, notes)
        layers, errors = _layers(zone.layers, read_layer)
        if layers:
            most = min(MOST_TIMES, max(1, harvest.room // len(layers)))
            windows, more = times(periods, layers[0][0].cap.centre, between, most)
    except FormatError as error:
        harvest.add_error(error if error.at else zone.periods.refuse(error.message, error.hint))
        return
    if layers and windows:
        made = [Volume(footprint, band, window) for footprint, band in layers for window in windows]
        harvest.add_zone(_identifier(zone, notes), zone.name, made, zone.kind, zone.attributes)
        if more:
            notes.append((zone.periods, f"the schedule has more times: {len(windows)} were taken"))
    elif layers:
        notes.append((zone.periods, "the zone does not apply in the time asked for"))
    elif not zone.layers:
        notes.append((zone.node, "the zone has no layer, and so no place"))
    for fault in errors:
        harvest.add_error(fault)
    for node, message in notes:
        harvest.note(node, message)


def _layers(
    nodes: list[Node], read_layer: Callable[[Node], list[Layer]]
) -> tuple[list[Layer], list[InputError]]:
    layers: list[Layer] = []
    errors: list[InputError] = []
    for node in nodes:
        try:
            layers += read_layer(node)
        except InputError as error:
            errors.append(error)
    return layers, errors


def _identifier(zone: Geozone, notes: list[tuple[Node, str]]) -> str:
    if zone.identifier.given and plain(zone.identifier.value):
        return plain(zone.identifier.value)
    name = zone.name or "zone"
    notes.append((zone.identifier, f"the zone has no identifier: called {quoted(name)}"))
    return name


def limit(node: Node, reference: Node, uom: Node, *, upper: bool) -> Limit:
    """Read one limit of a layer.

    An absent limit does not limit: SFC below, UNL above. 99999, in metres or feet, is
    no ceiling, as national files write it, and 0 above ground no floor.

    Raises
    ------
    FormatError
        If it does not say of what unit it is, or above what.
    """
    if not node.given:
        return Limit(Reference.UNL, inf) if upper else Limit(Reference.SFC, 0.0)
    value = node.number("an altitude")
    if upper and value == NO_CEILING:
        return Limit(Reference.UNL, inf)
    above = plain(reference.value).upper() if reference.given else "nothing"
    if above not in _REFERENCES:
        raise reference.refuse(f"an altitude is above AGL, AMSL or WGS84, not {quoted(above)}")
    unit = plain(uom.value).upper() if uom.given else "nothing"
    if unit not in _UNITS:
        raise uom.refuse(f"an altitude is in M or FT, not {quoted(unit)}")
    found = Limit(_REFERENCES[above], value * _UNITS[unit])
    return found if upper else from_ground(found)


def from_ground(lower: Limit) -> Limit:
    """Give a lower limit as SFC where it is 0 m above ground: nothing flies below that.

    As a figure it would let those pass beneath whose altimeter, at another pressure than
    that of the day, is below the ground.
    """
    is_ground = lower.reference is Reference.AGL and lower.metres == 0.0
    return Limit(Reference.SFC, 0.0) if is_ground else lower


def circle(centre: Node, radius: Node) -> Circle:
    """Read a circle of a position and a radius in metres.

    Raises
    ------
    FormatError
        If they make none.
    """
    with placed(radius):
        return Circle(Position(*centre.position()), radius.number("a radius in metres"))


def polygon(node: Node) -> Polygon:
    """Read a GeoJSON polygon's rings: straight in longitude and latitude (RFC 7946, 3.1.1).

    Raises
    ------
    FormatError
        If they make none.
    """
    with placed(node):
        return polygons_of([[ring.positions() for ring in node.items()]])[0]


def multipolygon(node: Node) -> list[Polygon]:
    """Read a GeoJSON multipolygon; what was cut at the antimeridian is one again (3.1.9).

    Raises
    ------
    FormatError
        If there is none.
    """
    with placed(node):
        return polygons_of(
            [[ring.positions() for ring in member.items()] for member in node.items()]
        )


def text_of(value: Any) -> str:
    """Give a text, or of one in several languages the English, else the first."""
    if isinstance(value, str):
        return value.strip()
    texts = [t for t in value if isinstance(t, dict)] if isinstance(value, list) else []
    said = [t for t in texts if isinstance(t.get("text"), str) and t["text"].strip()]
    english = (t for t in said if str(t.get("lang", "")).lower().startswith("en"))
    chosen = next(english, said[0] if said else None)
    return chosen["text"].strip() if chosen else ""
