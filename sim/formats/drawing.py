"""What is drawn on a globe: heights, instants and sampled tracks, for KML and CZML."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.altitude import Limit, Reference, Vertical
from sim.units import show_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack
    from sim.geometry.altitude import Band
    from sim.geometry.earth import Floats
    from sim.geometry.track import Track

TOP_M = 30_000.0  # how high what is unlimited is drawn
STEP_M = 10_000.0  # a leg so long, drawn straight, dips by 2 m
_SOONEST, _LATEST = -62_135_596_800.0, 253_402_300_799.0  # years 1 to 9999: what ISO 8601 can say
_SHOWN = "\N{REPLACEMENT CHARACTER}"
_NO_CHARACTER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # section 2.2


class Height(NamedTuple):
    """Metres above the ground or mean sea level."""

    metres: float
    above_ground: bool


def height(limit: Limit, vertical: Vertical) -> Height:
    """Give how high to draw a limit.

    Flight levels, and heights above the ellipsoid, become heights above mean sea
    level by the settings; without those they are drawn as if they were.
    """
    if limit.reference is Reference.UNL:
        return Height(TOP_M, above_ground=False)
    if limit.reference in (Reference.SFC, Reference.AGL):
        return Height(limit.metres, above_ground=True)
    return Height(limit.metres + (vertical.offset_m(limit.reference) or 0.0), above_ground=False)


def floor_and_ceiling(band: Band, vertical: Vertical) -> tuple[Height, Height]:
    """Give how high to draw a band; without a limit, up to 30 km, or 30 km above its floor."""
    floor = height(band.lower, vertical)
    if band.upper.reference is Reference.UNL and floor.metres >= TOP_M:
        return floor, Height(floor.metres + TOP_M, above_ground=False)
    return floor, height(band.upper, vertical)


def instant(seconds: float) -> str | None:
    """Give a Unix time as ISO 8601; None where it is unbounded, or its year has not four digits."""
    return show_instant(seconds) if _SOONEST <= seconds <= _LATEST else None


def samples(track: Track, vertical: Vertical, step_m: float = STEP_M) -> Floats:
    """Give a track's points, long legs with places between: time, lon, lat, metres; shape (n, 4).

    Those are at most ``step_m`` apart. Heights are drawn as :func:`height` says.
    """
    time, lon, lat, altitude = track.points
    counts = np.maximum(1, np.ceil(track.legs.distance / step_m)).astype(np.int64)
    leg = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(leg)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[leg]
    there = track.legs[leg].at(share * track.legs.distance[leg])
    columns = (
        np.append(time[leg] + share * np.diff(time)[leg], time[-1]),
        np.append(there.lon, lon[-1]),
        np.append(there.lat, lat[-1]),
        np.append(altitude[leg] + share * np.diff(altitude)[leg], altitude[-1]),
    )
    lift = height(Limit(track.reference, 0.0), vertical).metres
    found: Floats = np.stack(columns, axis=-1) + np.array([0.0, 0.0, 0.0, lift])
    return found


def about_zone(zone: Zone, band: Band) -> str:
    """Describe a zone and one of its bands, as HTML."""
    said = {"id": zone.id, "kind": zone.kind, "altitudes": f"{band.lower} to {band.upper}"}
    return _listed(said | dict(zone.attributes))


def about_track(flown: FlownTrack) -> str:
    """Describe a track, as HTML."""
    callsign = "" if flown.callsign == flown.id else flown.callsign
    said = {"id": flown.id, "callsign": callsign, "icao24": flown.icao24}
    return _listed(said | dict(flown.attributes))


def _listed(said: Mapping[str, str]) -> str:
    """Give names and values in lines of HTML, which globes take descriptions for."""
    return "<br/>".join(f"{escape(key)}: {escape(text)}" for key, text in said.items() if text)


def readable(text: str) -> str:
    """Give a text without what XML 1.0 cannot hold: control characters, halves of surrogates."""
    return _NO_CHARACTER.sub(_SHOWN, text)
