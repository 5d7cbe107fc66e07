"""Writing OpenAir: zones to airspaces, version 2 (Naviter)."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING

from sim.formats.drawing import readable
from sim.formats.openair import limits, places, shapes, times
from sim.formats.outlines import whole_rings
from sim.geometry.altitude import Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Corridor, Polygon
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.formats.records import Zone
    from sim.geometry.altitude import Band
    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint

_CLASSES = frozenset({"A", "B", "C", "D", "E", "F", "G", "P", "Q", "R", "W", "GP", "UNC"})
_CLASSES |= {"CTR", "RMZ", "TMZ"}
_CLASS_OF = {"PROHIBITED": "P", "REQ_AUTHORISATION": "R", "REQ_AUTHORIZATION": "R"}  # of geozones
_WORD = re.compile(r"[A-Z0-9_-]{1,32}", re.IGNORECASE)
_BREAKS = re.compile(r"[\s*\x00-\x1f\x7f\x85]+")
_ALWAYS = (-inf, inf)


def write(zones: Iterable[Zone], *, vertical: Vertical | None = None) -> str:
    """Write zones, each as one airspace for each of its footprints and bands.

    The windows of volumes that have both in common are the activation times (AA)
    of one. Circles and corridors stay what they are. What OpenAir has no word for becomes
    polygons: curves within 1 m, and a polygon with holes is cut into several that have none.

    Parameters
    ----------
    zones
        ``kind`` becomes the class or the type; what is ``PROHIBITED`` is of class P.
    vertical
        The settings that limits above the WGS84 ellipsoid need, which OpenAir cannot say,
        to be written above mean sea level.

    Raises
    ------
    VerticalError
        If such a setting is missing.
    FormatError
        If a window is centuries away.
    """
    settings = vertical or Vertical()
    lines = ["*VERSION: 2.0", "*WRITTEN_BY: keepout"]
    for zone in zones:
        for (footprint, band), windows in _by_airspace(zone).items():
            for shape in _shapes(footprint):
                lines += [
                    "",
                    *_head(zone, band, zone.vertical or settings),
                    *_active(zone, windows),
                    *shape,
                ]
    return "\n".join(lines) + "\n"


def _by_airspace(zone: Zone) -> dict[tuple[Footprint, Band], list[tuple[float, float]]]:
    found: dict[tuple[Footprint, Band], list[tuple[float, float]]] = {}
    for volume in zone.volumes:
        found.setdefault((volume.footprint, volume.band), []).append(volume.window)
    return found


def _head(zone: Zone, band: Band, vertical: Vertical) -> Iterator[str]:
    given = zone.attributes
    kind = zone.kind.upper() if _WORD.fullmatch(zone.kind) else ""
    sort = given.get("AC") or (kind if kind in _CLASSES else _CLASS_OF.get(kind, "UNC"))
    yield f"AC {_one_line(sort)}"
    if "AY" in given or kind not in _CLASSES:
        yield f"AY {_one_line(given.get('AY') or kind or 'NONE')}"
    yield f"AN {_one_line(zone.name)}"
    if zone.id != zone.name:
        yield f"AI {_one_line(zone.id)}"
    for key in ("AF", "AG", "AX"):
        if key in given:
            yield f"{key} {_one_line(given[key])}"
    upper = Limit(Reference.AGL, 0.0) if band.upper.reference is Reference.SFC else band.upper
    yield f"AH {limits.text_of(upper, vertical)}"
    yield f"AL {limits.text_of(band.lower, vertical)}"


def _active(zone: Zone, windows: list[tuple[float, float]]) -> list[str]:
    if zone.attributes.get("AA") == times.UNKNOWN:
        return [f"AA {times.UNKNOWN}"]
    if _ALWAYS in windows:
        return []
    return [f"AA {times.text_of(window)}" for window in windows]


def _shapes(footprint: Footprint) -> list[list[str]]:
    """Give the D and V commands of the airspaces that a footprint takes."""
    if isinstance(footprint, Circle):
        centre = f"V X={places.text_of(footprint.center)}"
        return [[centre, f"DC {shapes.length_text(footprint.radius_m)}"]]
    if isinstance(footprint, Corridor):
        width = f"V W={shapes.length_text(footprint.width_m)}"
        return [[width, *_points("DY", footprint.path.lon, footprint.path.lat)]]
    if isinstance(footprint, Polygon) and not footprint.holes:
        path = footprint.paths[0]
        return [_points("DP", path.lon, path.lat)]
    return [_points("DP", *ring.T) for ring in whole_rings(footprint)]


def _points(command: str, lon: Floats, lat: Floats) -> list[str]:
    route = zip(lon.tolist(), lat.tolist(), strict=True)
    return [f"{command} {places.text_of(Position(*place))}" for place in route]


def _one_line(text: str) -> str:
    """Give a text without line breaks, or what would begin a comment."""
    return readable(_BREAKS.sub(" ", text)).strip() or "unnamed"
