"""KML 2.2 (OGC 07-147r2): zones and tracks that play in Google Earth."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from sim.formats.drawing import (
    about_track,
    about_zone,
    floor_and_ceiling,
    instant,
    readable,
    samples,
)
from sim.formats.lonlat import cut, to_seam, with_seam
from sim.formats.outlines import Outline, drawn_outlines
from sim.geometry.altitude import Reference, Vertical
from sim.geometry.earth import Geodesics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sim.formats.drawing import Height
    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack
    from sim.geometry.altitude import Band
    from sim.geometry.earth import Floats
    from sim.geometry.volume import Volume

_NAMESPACES = {
    "xmlns": "http://www.opengis.net/kml/2.2",
    "xmlns:gx": "http://www.google.com/kml/ext/2.2",
}
_ZONE_FILL, _ZONE_LINE = "503c14dc", "ff3c14dc"  # aabbggrr
_TRACK_LINE, _VIOLATION_LINE = "ffff9632", "ff00a5ff"
_HALF = 180.0
_RETURN = "&#13;"  # a bare one is read as the end of a line (XML 1.0, 2.11)


def write(
    zones: Iterable[Zone] = (),
    tracks: Iterable[FlownTrack] = (),
    *,
    violations: Iterable[FlownTrack] = (),
    name: str = "keepout",
    parties: Mapping[str, str] | None = None,
    vertical: Vertical | None = None,
) -> str:
    """Write zones and tracks as a KML document.

    A volume is a placemark with a TimeSpan (clause 15.2), which an unbounded end lacks.
    From the ground it is one polygon, extruded to there; otherwise a floor and a ceiling,
    with walls if both are above the same reference. Altitudes above ground are
    ``relativeToGround``, and others ``absolute``, above mean sea level (clause 13.1);
    what is unlimited is drawn up to 30 km, or as far above a floor that is higher. Curves
    are chords within 1 m. What crosses the antimeridian is cut there.

    A track is a gx:Track, or a gx:MultiTrack of those on either side of the antimeridian.
    Whatever has a ``party`` among its attributes stands in a folder of that party's.

    Parameters
    ----------
    zones, tracks
        What to write.
    violations
        Stretches of tracks that stand out.
    name
        Of the document.
    parties
        What parties are called, by their ids.
    vertical
        Settings by which flight levels, and heights above the ellipsoid, become heights
        above mean sea level; without them they are drawn as if they were.
    """
    settings = vertical or Vertical()
    root = Element("kml", _NAMESPACES)
    document = _child(root, "Document")
    _text(document, "name", name)
    _styles(document)
    folders = _Folders(document, parties or {})
    for zone in zones:
        _zone(folders.of(zone, "zones"), zone, zone.vertical or settings)
    for track in tracks:
        _track(folders.of(track, "flights"), track, "#track", settings)
    for track in violations:
        _track(folders.of(track, "violations"), track, "#violation", settings)
    indent(root)
    text = tostring(root, encoding="unicode").replace("\r", _RETURN)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


class _Folders:
    """The folders of parties in a document, and those of what they have in them."""

    def __init__(self, document: Element, names: Mapping[str, str]) -> None:
        self._document = document
        self._names = names
        self._made: dict[tuple[str, ...], Element] = {}

    def of(self, item: Zone | FlownTrack, what: str) -> Element:
        """Give the folder for an item of some kind; what is nobody's is in none."""
        party = item.attributes.get("party")
        if not party:
            return self._document
        own = self._folder((party,), self._document, self._names.get(party, party))
        return self._folder((party, what), own, what)

    def _folder(self, key: tuple[str, ...], parent: Element, name: str) -> Element:
        if key not in self._made:
            self._made[key] = _child(parent, "Folder")
            _text(self._made[key], "name", name)
        return self._made[key]


def _styles(document: Element) -> None:
    zone = _child(document, "Style", id="zone")
    _text(_child(zone, "LineStyle"), "color", _ZONE_LINE)
    _text(_child(zone, "PolyStyle"), "color", _ZONE_FILL)
    for name, colour, width in (("track", _TRACK_LINE, "2"), ("violation", _VIOLATION_LINE, "6")):
        line = _child(_child(document, "Style", id=name), "LineStyle")
        _text(line, "color", colour)
        _text(line, "width", width)


def _zone(parent: Element, zone: Zone, vertical: Vertical) -> None:
    """Write a zone: its volume, or a folder of them."""
    if len(zone.volumes) > 1:
        parent = _child(parent, "Folder")
        _text(parent, "name", zone.name)
    for volume in zone.volumes:
        mark = _placemark(parent, zone.name, about_zone(zone, volume.band))
        _span(mark, volume)
        _text(mark, "styleUrl", "#zone")
        shapes = _child(mark, "MultiGeometry")
        for whole in drawn_outlines(volume.footprint):
            for outline in cut(Outline.of(map(with_seam, (whole.exterior, *whole.holes)))):
                _solid(shapes, outline, volume.band, vertical)


def _placemark(parent: Element, name: str, about: str) -> Element:
    mark = _child(parent, "Placemark")
    _text(mark, "name", name)
    _text(mark, "description", about)
    return mark


def _span(mark: Element, volume: Volume) -> None:
    ends = zip(("begin", "end"), map(instant, volume.window), strict=True)
    known = [(tag, when) for tag, when in ends if when]
    if known:
        span = _child(mark, "TimeSpan")
        for tag, when in known:
            _text(span, tag, when)


def _solid(shapes: Element, outline: Outline, band: Band, vertical: Vertical) -> None:
    floor, ceiling = floor_and_ceiling(band, vertical)
    from_ground = band.lower.reference is Reference.SFC
    _polygon(shapes, (outline.exterior, *outline.holes), ceiling, extrude=from_ground)
    if from_ground:
        return
    _polygon(shapes, (outline.exterior, *outline.holes), floor, extrude=False)
    if floor.above_ground is ceiling.above_ground:
        for ring in (outline.exterior, *outline.holes):
            _walls(shapes, ring, floor, ceiling)


def _polygon(shapes: Element, rings: Iterable[Floats], at: Height, *, extrude: bool) -> None:
    polygon = _child(shapes, "Polygon")
    _text(polygon, "extrude", str(int(extrude)))
    _mode(polygon, "altitudeMode", above_ground=at.above_ground)
    for number, ring in enumerate(rings):
        border = _child(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
        points = np.column_stack([ring, np.full(len(ring), at.metres)])
        _text(_child(border, "LinearRing"), "coordinates", " ".join(_places(points, ",")))


def _walls(shapes: Element, ring: Floats, floor: Height, ceiling: Height) -> None:
    """Stand a wall on each edge of a ring."""
    low = np.column_stack([ring, np.full(len(ring), floor.metres)])
    high = np.column_stack([ring, np.full(len(ring), ceiling.metres)])
    for k in range(len(ring) - 1):
        wall = _child(shapes, "Polygon")
        _mode(wall, "altitudeMode", above_ground=floor.above_ground)
        border = _child(_child(wall, "outerBoundaryIs"), "LinearRing")
        corners = np.array([low[k], low[k + 1], high[k + 1], high[k], low[k]])
        _text(border, "coordinates", " ".join(_places(corners, ",")))


def _track(parent: Element, flown: FlownTrack, style: str, vertical: Vertical) -> None:
    mark = _placemark(parent, flown.id, about_track(flown))
    _text(mark, "styleUrl", style)
    parts = _cut(samples(flown.track, vertical))
    parent = _child(mark, "gx:MultiTrack") if len(parts) > 1 else mark
    if len(parts) > 1:
        _text(parent, "gx:interpolate", "0")
    for part in parts:
        track = _child(parent, "gx:Track")
        _mode(track, "altitudeMode", above_ground=flown.track.reference is Reference.AGL)
        for seconds in part[:, 0].tolist():
            _text(track, "when", instant(seconds) or "")
        for place in _places(part[:, 1:], " "):
            _text(track, "gx:coord", place)


def _cut(points: Floats) -> list[Floats]:
    """Part samples (time, lon, lat, metres) where they cross the antimeridian."""
    leap = np.flatnonzero(np.abs(np.diff(points[:, 1])) > _HALF)
    parts = []
    head: Floats = points[:0]
    begin = 0
    for at in leap.tolist():
        side = float(np.copysign(_HALF, points[at, 1]))
        middle = _at_seam(points[at], points[at + 1], side)
        parts.append(np.concatenate([head, points[begin : at + 1], [middle]]))
        head = np.array([[middle[0], -side, *middle[2:]]])
        begin = at + 1
    parts.append(np.concatenate([head, points[begin:]]))
    return parts


def _at_seam(before: Floats, after: Floats, side: float) -> Floats:
    """Give the sample between two others on the antimeridian."""
    leg = Geodesics(before[1:2], before[2:3], after[1:2], after[2:3])
    metres = to_seam(leg)
    share = metres / leg.distance if leg.distance.any() else np.zeros(1)  # of a turn at a pole
    middle: Floats = before + share * (after - before)
    middle[1:3] = side, leg.at(metres).lat[0]
    return middle


def _mode(parent: Element, tag: str, *, above_ground: bool) -> None:
    _text(parent, tag, "relativeToGround" if above_ground else "absolute")


def _places(points: Floats, between: str) -> Iterator[str]:
    """Give places to 1 cm: longitude, latitude, metres (clause 16.10)."""
    for lon, lat, metres in points.tolist():
        yield between.join((f"{lon:.7f}", f"{lat:.7f}", f"{metres:.2f}"))


def _child(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, tag, attributes)


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = readable(text)
