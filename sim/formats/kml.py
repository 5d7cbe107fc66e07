"""KML 2.2 (OGC 07-147r2): zones and tracks that play in Google Earth."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from sim.formats.drawing import height, instant, readable, samples
from sim.formats.lonlat import cut
from sim.formats.outlines import drawn_outlines
from sim.geometry.altitude import Reference, Vertical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.formats.drawing import Height
    from sim.formats.outlines import Outline
    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack
    from sim.geometry.altitude import Band
    from sim.geometry.earth import Floats
    from sim.geometry.volume import Volume

_NAMESPACES = {
    "xmlns": "http://www.opengis.net/kml/2.2",
    "xmlns:gx": "http://www.google.com/kml/ext/2.2",
}
_ZONE_FILL, _ZONE_LINE, _TRACK_LINE = "503c14dc", "ff3c14dc", "ffff9632"  # aabbggrr
_TURN = 360.0
_HALF = 180.0


def write(
    zones: Iterable[Zone] = (),
    tracks: Iterable[FlownTrack] = (),
    *,
    name: str = "keepout",
    vertical: Vertical | None = None,
) -> str:
    """Write zones and tracks as a KML document.

    A volume is a placemark with a TimeSpan (clause 15.2), which an unbounded end lacks.
    From the ground it is one polygon, extruded to there; otherwise a floor and a ceiling,
    with walls if both are above the same reference. Altitudes above ground are
    ``relativeToGround``, and others ``absolute``, above mean sea level (clause 13.1);
    what is unlimited is drawn up to 30 km. Curves are chords within 1 m. What
    crosses the antimeridian is cut there.

    A track is a gx:Track, or a gx:MultiTrack of those on either side of the antimeridian.

    Parameters
    ----------
    zones, tracks
        What to write.
    name
        Of the document.
    vertical
        Settings by which flight levels, and heights above the ellipsoid, become heights
        above mean sea level; without them they are drawn as if they were.
    """
    settings = vertical or Vertical()
    root = Element("kml", _NAMESPACES)
    document = _child(root, "Document")
    _text(document, "name", name)
    _styles(document)
    for zone in zones:
        _zone(document, zone, settings)
    for track in tracks:
        _track(document, track, settings)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _styles(document: Element) -> None:
    zone = _child(document, "Style", id="zone")
    _text(_child(zone, "LineStyle"), "color", _ZONE_LINE)
    _text(_child(zone, "PolyStyle"), "color", _ZONE_FILL)
    track = _child(document, "Style", id="track")
    line = _child(track, "LineStyle")
    _text(line, "color", _TRACK_LINE)
    _text(line, "width", "2")


def _zone(document: Element, zone: Zone, vertical: Vertical) -> None:
    """Write a zone: a folder of its volumes."""
    folder = _child(document, "Folder")
    _text(folder, "name", zone.name)
    for volume in zone.volumes:
        mark = _placemark(folder, zone.name, _about(zone, volume.band))
        _span(mark, volume)
        _text(mark, "styleUrl", "#zone")
        shapes = _child(mark, "MultiGeometry")
        for whole in drawn_outlines(volume.footprint):
            for outline in cut(whole):
                _solid(shapes, outline, volume.band, vertical)


def _about(zone: Zone, band: Band) -> str:
    """Give a description, which Google Earth takes for HTML."""
    said = {"id": zone.id, "kind": zone.kind, "altitudes": f"{band.lower} to {band.upper}"}
    lines = (said | dict(zone.attributes)).items()
    return "<br/>".join(f"{escape(key)}: {escape(value)}" for key, value in lines if value)


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
    floor, ceiling = height(band.lower, vertical), height(band.upper, vertical)
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


def _track(document: Element, flown: FlownTrack, vertical: Vertical) -> None:
    about = "<br/>".join(escape(text) for text in (flown.callsign, flown.icao24) if text)
    mark = _placemark(document, flown.id, about)
    _text(mark, "styleUrl", "#track")
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
        before, after = points[at], points[at + 1].copy()
        side = float(np.copysign(_HALF, before[1]))
        after[1] += np.copysign(_TURN, side)
        share = (side - before[1]) / (after[1] - before[1]) if after[1] != before[1] else 1.0
        middle = before + share * (after - before)
        middle[1] = side
        parts.append(np.concatenate([head, points[begin : at + 1], [middle]]))
        head = np.array([[middle[0], -side, *middle[2:]]])
        begin = at + 1
    parts.append(np.concatenate([head, points[begin:]]))
    return parts


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
