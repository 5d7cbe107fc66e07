"""CZML (the CZML Guide of Cesium): zones and tracks that play in Cesium."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.formats.drawing import (
    Height,
    about_track,
    about_zone,
    floor_and_ceiling,
    instant,
    samples,
)
from sim.formats.listing import by_line
from sim.formats.naming import Names
from sim.formats.outlines import drawn_outlines
from sim.geometry.altitude import Reference, Vertical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.formats.outlines import Outline
    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack
    from sim.geometry.altitude import Band
    from sim.geometry.earth import Floats

_SOONEST, _LATEST = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"  # an unbounded end
_ZONE, _BORDER = [220, 20, 60, 80], [220, 20, 60, 255]  # RGBA
_LOOKS = {"track": ([50, 150, 255, 255], 2), "violation": ([255, 165, 0, 255], 4)}  # and pixels
_SHORTEST_S = 1e-6  # between samples of one instant, as of a jump
_DAY_S = 86400.0  # of which a clock tells that knows one instant alone
_FASTER = 60  # how much faster than real time it plays


def write(
    zones: Iterable[Zone] = (),
    tracks: Iterable[FlownTrack] = (),
    *,
    violations: Iterable[FlownTrack] = (),
    name: str = "keepout",
    parties: Mapping[str, str] | None = None,
    vertical: Vertical | None = None,
) -> str:
    """Write zones and tracks as a CZML document.

    A volume is a packet for each polygon of its footprint, available in its window,
    extruded from its floor to its ceiling, each of them ``RELATIVE_TO_GROUND``,
    ``CLAMP_TO_GROUND`` (the floor ``SFC``) or ``NONE``, above the ellipsoid. What
    is unlimited is drawn up to 30 km, or as far above a floor that is higher. Curves are
    chords within 1 m. Edges are geodesics (``arcType``), so that what crosses the
    antimeridian stays whole.

    A track is a sampled position, available while it lasts. The clock runs over all that
    is bounded, or for a day from there if that is one instant. Whatever has a ``party``
    among its attributes has a packet of that party's for its parent.

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
        Settings by which altitudes become heights above the ellipsoid, which Cesium
        draws by; without them they are drawn as if they were.
    """
    made = _Packets(vertical or Vertical(), parties or {})
    for zone in zones:
        made.add_zone(zone)
    for track in tracks:
        made.add_track(track, "track")
    for track in violations:
        made.add_track(track, "violation")
    document = {"id": "document", "name": name, "version": "1.0"} | _clock(made.times)
    return by_line([document, *made.packets], ascii_only=True) + "\n"


class _Packets:
    """Packets under ids of their own, and the times that they tell of."""

    def __init__(self, vertical: Vertical, names: Mapping[str, str]) -> None:
        self.packets: list[dict[str, Any]] = []
        self.times: list[float] = []
        self._vertical = vertical
        self._names = names
        self._ids = Names()
        self._ids.unique("document")
        self._parties: dict[str, str] = {}

    def add_zone(self, zone: Zone) -> None:
        """Add a packet for each polygon of a zone's volumes."""
        parent = self._parent(zone.attributes)
        vertical = zone.vertical or self._vertical
        for volume in zone.volumes:
            self.times += volume.window
            for outline in drawn_outlines(volume.footprint):
                packet = {
                    "id": self._ids.unique(f"zone/{zone.id}"),
                    "name": zone.name,
                    **parent,
                    "description": about_zone(zone, volume.band),
                    **_available(*volume.window),
                    "polygon": _polygon(outline, volume.band, vertical),
                }
                self.packets.append(packet)

    def add_track(self, flown: FlownTrack, kind: str) -> None:
        """Add a packet for a track, or for a stretch of one."""
        self.times += [flown.track.start, flown.track.end]
        packet = {
            "id": self._ids.unique(f"{kind}/{flown.id}"),
            "name": flown.id,
            **self._parent(flown.attributes),
            "description": about_track(flown),
            **_available(flown.track.start, flown.track.end),
            **_moving(flown, *_LOOKS[kind], self._vertical),
        }
        self.packets.append(packet)

    def _parent(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Name the packet of the party whose something is, which is made if need be."""
        party = attributes.get("party")
        if not party:
            return {}
        if party not in self._parties:
            self._parties[party] = self._ids.unique(f"party/{party}")
            name = self._names.get(party, party)
            self.packets.append({"id": self._parties[party], "name": name})
        return {"parent": self._parties[party]}


def _clock(times: Sequence[float]) -> dict[str, Any]:
    known = [t for t in times if instant(t)]
    if not known:
        return {}
    first, last = min(known), max(known)
    if first == last:  # one instant is no interval: Cesium's timeline refuses that
        last = first + _DAY_S
    start, end = instant(first), instant(last) or _LATEST
    return {
        "clock": {
            "interval": f"{start}/{end}",
            "currentTime": start,
            "multiplier": _FASTER,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        }
    }


def _available(start: float, end: float) -> dict[str, str]:
    if (start, end) == (-inf, inf):
        return {}
    return {"availability": f"{instant(start) or _SOONEST}/{instant(end) or _LATEST}"}


def _polygon(outline: Outline, band: Band, vertical: Vertical) -> dict[str, Any]:
    floor, ceiling = (_on_globe(at, vertical) for at in floor_and_ceiling(band, vertical))
    on_ground = band.lower.reference is Reference.SFC
    holes = [_places(hole) for hole in outline.holes]
    return {
        "positions": {"cartographicDegrees": _places(outline.exterior)},
        **({"holes": {"cartographicDegrees": holes}} if holes else {}),
        "height": ceiling.metres,
        "heightReference": _reference(ceiling),
        "extrudedHeight": floor.metres,
        "extrudedHeightReference": {"heightReference": "CLAMP_TO_GROUND"}
        if on_ground
        else _reference(floor),
        "arcType": "GEODESIC",
        "material": {"solidColor": {"color": {"rgba": _ZONE}}},
        "outline": True,
        "outlineColor": {"rgba": _BORDER},
    }


def _on_globe(at: Height, vertical: Vertical) -> Height:
    """Give a height above mean sea level above the ellipsoid; one above the ground is kept."""
    geoid = 0.0 if at.above_ground else vertical.geoid_m or 0.0
    return Height(round(at.metres + geoid, 3), at.above_ground)


def _reference(at: Height) -> dict[str, str]:
    return {"heightReference": "RELATIVE_TO_GROUND" if at.above_ground else "NONE"}


def _places(ring: Floats) -> list[float]:
    """Give a ring as longitude, latitude and height in turn; it is not closed again."""
    places = np.column_stack([ring[:-1].round(8), np.zeros(len(ring) - 1)])
    return [float(value) for value in places.ravel()]


def _rising(times: Floats) -> Floats:
    """Give times of which each is after the one before, as samples must be, if only just."""
    least = _SHORTEST_S * np.arange(len(times))
    found: Floats = np.maximum.accumulate(times - least) + least
    return found


def _moving(flown: FlownTrack, colour: list[int], width: int, vertical: Vertical) -> dict[str, Any]:
    """Give a position in time, and how it looks."""
    track = flown.track
    points = samples(track, vertical)
    above_ground = track.reference is Reference.AGL
    points[:, 3] += 0.0 if above_ground else vertical.geoid_m or 0.0
    points[:, 0] = _rising(points[:, 0] - track.start)
    reference = _reference(Height(0.0, above_ground))
    return {
        "position": {
            "epoch": instant(track.start) or _SOONEST,
            "interpolationAlgorithm": "LINEAR",
            "cartographicDegrees": [float(value) for value in points.round(8).ravel()],
        },
        "point": {"pixelSize": 4 * width, "color": {"rgba": colour}, "heightReference": reference},
        "path": {
            "material": {"solidColor": {"color": {"rgba": colour}}},
            "width": width,
            "leadTime": 0,
        },
        "label": {
            "text": flown.id,
            "pixelOffset": {"cartesian2": [0, -16]},
            "heightReference": reference,
        },
    }
