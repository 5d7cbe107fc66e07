"""CZML (the CZML Guide of Cesium): zones and tracks that play in Cesium."""

from __future__ import annotations

import json
from html import escape
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.formats.drawing import Height, height, instant, samples
from sim.formats.naming import Names
from sim.formats.outlines import drawn_outlines
from sim.geometry.altitude import Reference, Vertical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.formats.outlines import Outline
    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack
    from sim.geometry.altitude import Band, Limit
    from sim.geometry.earth import Floats

_SOONEST, _LATEST = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"  # an unbounded end
_ZONE, _BORDER, _TRACK = [220, 20, 60, 80], [220, 20, 60, 255], [50, 150, 255, 255]  # RGBA
_FASTER = 60  # how much faster than real time it plays


def write(
    zones: Iterable[Zone] = (),
    tracks: Iterable[FlownTrack] = (),
    *,
    name: str = "keepout",
    vertical: Vertical | None = None,
) -> str:
    """Write zones and tracks as a CZML document.

    A volume is a packet for each polygon of its footprint, available in its window,
    extruded from its floor to its ceiling, each of them ``RELATIVE_TO_GROUND``,
    ``CLAMP_TO_GROUND`` (the floor ``SFC``) or ``NONE``, above the ellipsoid. What
    is unlimited is drawn up to 30 km. Curves are chords within 1 m. Edges are geodesics
    (``arcType``), so that what crosses the antimeridian stays whole.

    A track is a sampled position, available while it lasts. The clock runs
    over all that is bounded.

    Parameters
    ----------
    zones, tracks
        What to write.
    name
        Of the document.
    vertical
        Settings by which altitudes become heights above the ellipsoid, which Cesium
        draws by; without them they are drawn as if they were.
    """
    settings = vertical or Vertical()
    ids = Names()
    ids.unique("document")
    packets: list[dict[str, Any]] = []
    times: list[float] = []
    for zone in zones:
        packets += _zone(zone, settings, ids)
        times += [t for volume in zone.volumes for t in volume.window]
    for track in tracks:
        packets.append(_track(track, settings, ids))
        times += [track.track.start, track.track.end]
    document = {"id": "document", "name": name, "version": "1.0"} | _clock(times)
    return json.dumps([document, *packets], allow_nan=False, indent=1) + "\n"


def _clock(times: Sequence[float]) -> dict[str, Any]:
    known = [t for t in times if instant(t)]
    if not known:
        return {}
    start, end = instant(min(known)), instant(max(known))
    return {
        "clock": {
            "interval": f"{start}/{end}",
            "currentTime": start,
            "multiplier": _FASTER,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        }
    }


def _zone(zone: Zone, vertical: Vertical, ids: Names) -> Iterator[dict[str, Any]]:
    for volume in zone.volumes:
        for outline in drawn_outlines(volume.footprint):
            yield {
                "id": ids.unique(f"zone/{zone.id}"),
                "name": zone.name,
                "description": _about(zone, volume.band),
                **_available(*volume.window),
                "polygon": _polygon(outline, volume.band, vertical),
            }


def _about(zone: Zone, band: Band) -> str:
    """Give a description, which Cesium takes for HTML."""
    said = {"id": zone.id, "kind": zone.kind, "altitudes": f"{band.lower} to {band.upper}"}
    lines = (said | dict(zone.attributes)).items()
    return "<br/>".join(f"{escape(key)}: {escape(value)}" for key, value in lines if value)


def _available(start: float, end: float) -> dict[str, str]:
    if (start, end) == (-inf, inf):
        return {}
    return {"availability": f"{instant(start) or _SOONEST}/{instant(end) or _LATEST}"}


def _polygon(outline: Outline, band: Band, vertical: Vertical) -> dict[str, Any]:
    ceiling, floor = _height(band.upper, vertical), _height(band.lower, vertical)
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


def _height(limit: Limit, vertical: Vertical) -> Height:
    """Give how high to draw a limit: above the ground, or above the ellipsoid."""
    found = height(limit, vertical)
    geoid = 0.0 if found.above_ground else vertical.geoid_m or 0.0
    return Height(round(found.metres + geoid, 3), found.above_ground)


def _reference(at: Height) -> dict[str, str]:
    return {"heightReference": "RELATIVE_TO_GROUND" if at.above_ground else "NONE"}


def _places(ring: Floats) -> list[float]:
    """Give a ring as longitude, latitude and height in turn; it is not closed again."""
    places = np.column_stack([ring[:-1].round(8), np.zeros(len(ring) - 1)])
    return [float(value) for value in places.ravel()]


def _track(flown: FlownTrack, vertical: Vertical, ids: Names) -> dict[str, Any]:
    track = flown.track
    points = samples(track, vertical)
    above_ground = track.reference is Reference.AGL
    points[:, 3] += 0.0 if above_ground else vertical.geoid_m or 0.0
    epoch = instant(track.start) or _SOONEST
    points[:, 0] -= track.start
    reference = _reference(Height(0.0, above_ground))
    return {
        "id": ids.unique(f"track/{flown.id}"),
        "name": flown.id,
        "description": "<br/>".join(escape(t) for t in (flown.callsign, flown.icao24) if t),
        **_available(track.start, track.end),
        "position": {
            "epoch": epoch,
            "interpolationAlgorithm": "LINEAR",
            "cartographicDegrees": [float(value) for value in points.round(8).ravel()],
        },
        "point": {"pixelSize": 8, "color": {"rgba": _TRACK}, "heightReference": reference},
        "path": {
            "material": {"solidColor": {"color": {"rgba": _TRACK}}},
            "width": 2,
            "leadTime": 0,
        },
        "label": {"text": flown.id, "pixelOffset": {"cartesian2": [0, -16]}},
    }
