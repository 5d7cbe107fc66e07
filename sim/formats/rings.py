"""Footprints as rings of places, for formats that know polygons alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from shapely.geometry.polygon import orient

from sim.errors import GeometryError
from sim.geometry.earth import direct, inverse
from sim.geometry.footprint import Edges, Polygon

if TYPE_CHECKING:
    from sim.geometry.earth import Direct, Floats
    from sim.geometry.footprint import Footprint

CHORD_M = 0.02  # arcs leave their chords by no more than half of this
_OFF_M = 0.003  # how far a side straight in longitude and latitude may leave its geodesic,
_OFF = 1e-8  # or this share of a long one
_MOST = 50_000  # pieces that one side may take

Ring = list[tuple[float, float]]


class Outline(NamedTuple):
    """A ring and its holes, joined by geodesics; no ring repeats its first place."""

    exterior: Ring
    holes: list[Ring]


def outlines(footprint: Footprint) -> list[Outline]:
    """Give a footprint as polygons whose sides are geodesics.

    Sides along parallels, and those straight in longitude and latitude, are
    followed within 3 mm; the arcs of circles, and those round the corners of
    corridors and of grown polygons, within 1 cm.
    """
    if isinstance(footprint, Polygon):
        exterior, *holes = (
            [*zip(p.lon[:-1].tolist(), p.lat[:-1].tolist(), strict=True)] for p in footprint.paths
        )
        return [Outline(exterior, holes)]
    region = footprint.drawn(0.0, CHORD_M)
    found = []
    for part in map(orient, shapely.get_parts(region.shape)):
        rings = [
            [*zip(*(c[:-1].tolist() for c in region.home.unproject(coordinates)), strict=True)]
            for coordinates in map(shapely.get_coordinates, shapely.get_rings(part))
        ]
        found.append(Outline(rings[0], rings[1:]))
    return found


def straight_outlines(footprint: Footprint) -> list[Outline]:
    """Give a footprint as polygons whose sides are straight in longitude and latitude (RFC 7946).

    Raises
    ------
    GeometryError
        If no 50,000 such sides follow one of its own within 3 mm, or 1e-8 of its length.
    """
    if isinstance(footprint, Polygon) and footprint.edges is Edges.STRAIGHT:
        return [Outline([*footprint.exterior], [[*hole] for hole in footprint.holes])]
    return [
        Outline(_straightened(exterior), [_straightened(hole) for hole in holes])
        for exterior, holes in outlines(footprint)
    ]


def _straightened(ring: Ring) -> Ring:
    """Cut the geodesics of a ring into pieces which are nearly straight."""
    lon, lat = np.array([*ring, ring[0]]).T
    azimuth, length = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:])
    middle = direct(lon[:-1], lat[:-1], azimuth, length / 2)
    off = _off(lon, lat, middle)
    places: Ring = []
    for i, start in enumerate(ring):
        places.append(start)
        if off[i] > _OFF_M:
            places += _between(start, float(azimuth[i]), float(length[i]))
    return places


def _between(start: tuple[float, float], azimuth: float, length: float) -> Ring:
    """Halve a geodesic, and its parts, until all are nearly straight; give the places between."""
    cuts = np.array([0.0, length])
    allowed = max(_OFF_M, _OFF * length)
    while len(cuts) <= _MOST:
        middles = (cuts[:-1] + cuts[1:]) / 2
        on = direct(*start, azimuth, cuts)
        bent = _off(on.lon, on.lat, direct(*start, azimuth, middles)) > allowed
        if not bent.any():
            return [*zip(on.lon[1:-1].tolist(), on.lat[1:-1].tolist(), strict=True)]
        cuts = np.sort(np.concatenate([cuts, middles[bent]]))
    raise GeometryError(f"a side of {length / 1000:.0f} km takes more than {_MOST} straight pieces")


def _off(lon: Floats, lat: Floats, middle: Direct) -> Floats:
    """How far the middles of geodesics lie from those of the straight sides between their ends."""
    turn = (lon[1:] - lon[:-1] + 180.0) % 360.0 - 180.0
    there = lon[:-1] + turn / 2, (lat[:-1] + lat[1:]) / 2
    found: Floats = inverse(*there, middle.lon, middle.lat).distance
    return found
