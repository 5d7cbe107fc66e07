"""What becomes of zones and flights in a format that has no word for all that they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.errors import some_of
from sim.formats.geojson.reading import PROPERTIES
from sim.formats.records import Problem
from sim.geometry.altitude import Reference
from sim.geometry.footprint import Grown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack
    from sim.geometry.altitude import Band, Vertical

_MINUTE_S = 60.0
_MOST = 12  # names that a line lists
_AXES = {
    Reference.MSL: "mean sea level",
    Reference.W84: "the WGS84 ellipsoid",
}
_NOTAM = frozenset({"name", "created", "replaces", "end"})
_OPENAIR = frozenset({"id", "name", "kind", "AC", "AY", "AF", "AG", "AX", "AA"})
_F3548 = frozenset({"kind", "off_nominal_volumes", "priority"})


class _Axes(NamedTuple):
    """The references that a format has, and what altitudes above others become."""

    has: frozenset[Reference]
    becomes: Reference


_REFERENCES = {
    "f3548": _Axes(frozenset({Reference.W84}), Reference.W84),
    "ed318": _Axes(frozenset({Reference.AGL, Reference.MSL, Reference.W84}), Reference.MSL),
    "openair": _Axes(frozenset({Reference.AGL, Reference.MSL, Reference.FL}), Reference.MSL),
    "kml": _Axes(frozenset({Reference.AGL, Reference.MSL}), Reference.MSL),
    "czml": _Axes(frozenset({Reference.AGL, Reference.W84}), Reference.W84),
}
_KEPT = {"notam": _NOTAM, "openair": _OPENAIR, "f3548": _F3548}


def losses(
    form: str, zones: Sequence[Zone], tracks: Sequence[FlownTrack], vertical: Vertical
) -> Iterator[Problem]:
    """Tell what is written otherwise than it is said, in a line for each sort of that.

    Those are names and attributes left out, altitudes brought to another reference, or
    drawn as if they were above that, and what is coarser by more than 1 cm or 1 s.
    """
    if unsaid := sorted(_unsaid(form, zones)):
        yield Problem("zones", f"{form} has no word for their {some_of(unsaid, _MOST)}: left out")
    if form == "csv" and (names := sorted({key for one in tracks for key in one.attributes})):
        yield Problem("flights", f"csv has no column for their {some_of(names, _MOST)}: left out")
    if form in _REFERENCES:
        for settings, found in _references(zones, tracks, vertical).items():
            yield from _moved(_REFERENCES[form], found, settings)
    if form == "notam" and (count := sum(map(_has_seconds, zones))):
        yield Problem("zones", f"a NOTAM has whole minutes: windows of {count} widened to them")
    if form in ("notam", "openair") and (count := sum(map(_has_grown, zones))):
        yield Problem("zones", f"{form} has no grown polygons: outlines of {count} within 1 m")


def _unsaid(form: str, zones: Sequence[Zone]) -> set[str]:
    """Name what is said of some zone that a format leaves out."""
    if form == "geojson":
        return {name for one in zones for name in one.attributes} & PROPERTIES
    if form not in _KEPT:
        return set()
    said = {name for one in zones for name in one.attributes}
    said |= {"id", "name"} | ({"kind"} if any(one.kind for one in zones) else set())
    return said - _KEPT[form] if zones else set()


def _references(
    zones: Iterable[Zone], tracks: Iterable[FlownTrack], vertical: Vertical
) -> dict[Vertical, set[Reference]]:
    """Give what altitudes are above, by their settings; not the ground as a floor, nor no limit."""
    found = {vertical: {one.track.reference for one in tracks}}
    for zone in zones:
        own = found.setdefault(zone.vertical or vertical, set())
        for band in {volume.band for volume in zone.volumes}:
            own.update(_of_band(band))
    return found


def _of_band(band: Band) -> Iterator[Reference]:
    if band.lower.reference is not Reference.SFC:
        yield band.lower.reference
    if band.upper.reference is Reference.SFC:
        yield Reference.AGL
    elif band.upper.reference is not Reference.UNL:
        yield band.upper.reference


def _moved(axes: _Axes, found: set[Reference], vertical: Vertical) -> Iterator[Problem]:
    for reference in sorted(found - axes.has):
        needed = _settings({reference, axes.becomes}, vertical)
        missing = [name for name, value in needed.items() if not value]
        axis, place = _AXES[axes.becomes], f"altitudes ({reference})"
        if missing:
            unknown = f"drawn as if they were above {axis}"
            yield Problem(place, unknown, f"set {' and '.join(missing)}")
        else:
            by = " and ".join(f"{name} {value}" for name, value in needed.items())
            yield Problem(place, f"given above {axis}, by {by}")


def _settings(references: set[Reference], vertical: Vertical) -> dict[str, str]:
    """Give the settings that bring references to each other, as text; empty if not there."""
    settings = {
        Reference.FL: ("vertical.qnh", vertical.qnh_hpa, "hPa"),
        Reference.AGL: ("vertical.terrain", vertical.terrain_m, "m"),
        Reference.W84: ("vertical.geoid", vertical.geoid_m, "m"),
    }
    return {
        name: "" if value is None else f"{value:g} {unit}"
        for reference, (name, value, unit) in settings.items()
        if reference in references
    }


def _has_seconds(zone: Zone) -> bool:
    """Tell whether a window begins or ends within a minute; an unbounded end does not."""
    instants = (instant for volume in zone.volumes for instant in volume.window)
    return any(0.001 < instant % _MINUTE_S < 59.999 for instant in instants)  # noqa: PLR2004 - 1 ms


def _has_grown(zone: Zone) -> bool:
    return any(isinstance(volume.footprint, Grown) for volume in zone.volumes)
