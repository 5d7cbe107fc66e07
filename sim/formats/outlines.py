"""Outlines: footprints as rings of places, for formats that know polygons only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from sim.geometry.footprint import Polygon
from sim.geometry.region import polygonal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint
    from sim.geometry.frames import Frame
    from sim.geometry.region import Region

CHORD_M = 1.0  # chords that stand for a curve leave it by at most this
_TURN = 360.0
_HALF = 180.0
_EVEN = 2  # shares, at each cut of a polygon with holes


class Outline(NamedTuple):
    """A polygon: its border and those of its holes, each a closed ring of shape (n, 2).

    Columns are longitude and latitude; the last place of a ring is its first.
    """

    exterior: Floats
    holes: tuple[Floats, ...]


def outlines(footprint: Footprint) -> list[Outline]:
    """Give a footprint's polygons; their places are joined by short geodesics.

    Curves are chords within 1 m. Longitudes are in [-180, 180]; between two
    places of a ring that crosses the antimeridian they leap.
    """
    region = _region(footprint)
    return [_outline(one, region.home) for one in shapely.get_parts(region.shape)]


def split_outlines(footprint: Footprint) -> list[Outline]:
    """Give a footprint's polygons, cut at the antimeridian (RFC 7946, section 3.1.9).

    No ring of them leaps. Where one encloses a pole its border goes along the
    antimeridian to the pole, and along that from one side to the other.
    """
    return [part for whole in outlines(footprint) for part in _split(whole)]


def whole_rings(footprint: Footprint) -> list[Floats]:
    """Give rings without holes that together cover a footprint: it is cut through its holes."""
    region = _region(footprint)
    parts = [part for one in shapely.get_parts(region.shape) for part in _without_holes(one)]
    return [_outline(part, region.home).exterior for part in parts]


def _region(footprint: Footprint) -> Region:
    """Give a footprint as a planar shape; of a polygon it has no curves."""
    return footprint.region if isinstance(footprint, Polygon) else footprint.drawn(0.0, CHORD_M)


def _without_holes(polygon: shapely.Polygon) -> Iterator[shapely.Polygon]:
    """Cut a planar polygon through its holes until none is left."""
    waiting = [polygon]
    while waiting:
        one = waiting.pop()
        if not shapely.get_num_interior_rings(one):
            yield one
            continue
        west, south, east, north = shapely.bounds(one)
        middle = shapely.bounds(one.interiors[0])[::_EVEN].mean()
        for low, high in ((west, middle), (middle, east)):
            side = shapely.intersection(one, shapely.box(low, south, high, north))
            waiting += list(shapely.get_parts(polygonal(side)))


def _outline(polygon: shapely.Polygon, frame: Frame) -> Outline:
    exterior, *holes = (
        np.stack(frame.unproject(shapely.get_coordinates(ring)), axis=-1)
        for ring in shapely.get_rings(polygon)
    )
    return Outline(exterior, tuple(holes))


def _split(outline: Outline) -> list[Outline]:
    exterior = _unwrapped(outline.exterior)
    turns = round((exterior[-1, 0] - exterior[0, 0]) / _TURN)
    if not turns and np.abs(exterior[:, 0]).max() <= _HALF:
        return [outline]
    if turns:
        exterior = _round_the_pole(exterior)
    middle = float(exterior[:, 0].min() + exterior[:, 0].max()) / 2.0
    holes = [_beside(_unwrapped(hole), middle) for hole in outline.holes]
    plane = shapely.make_valid(shapely.Polygon(exterior, holes))
    found = []
    west, _, east, _ = shapely.bounds(plane)
    for turn in range(
        int(np.floor((west + _HALF) / _TURN)), int(np.ceil((east - _HALF) / _TURN)) + 1
    ):
        middle = turn * _TURN
        box = shapely.box(middle - _HALF, -91.0, middle + _HALF, 91.0)
        for part in shapely.get_parts(polygonal(shapely.intersection(plane, box))):
            rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
            first, *others = (_shifted(ring, -middle) for ring in rings)
            found.append(Outline(first, tuple(others)))
    return found


def _unwrapped(ring: Floats) -> Floats:
    """Let longitudes go on beyond 180 degrees, so that none leaps."""
    return np.stack([np.unwrap(ring[:, 0], period=_TURN), ring[:, 1]], axis=-1)


def _round_the_pole(ring: Floats) -> Floats:
    """Close a ring that goes once round a pole along that: the pole that it holds is the nearer."""
    pole = float(np.copysign(90.0, ring[:, 1].sum()))
    first, last = float(ring[0, 0]), float(ring[-1, 0])
    return np.concatenate([ring, [[last, pole], [first, pole]], ring[:1]])


def _beside(ring: Floats, middle: float) -> Floats:
    """Turn a ring by whole turns so that it lies about a longitude."""
    own = float(ring[:, 0].min() + ring[:, 0].max()) / 2.0
    return _shifted(ring, _TURN * round((middle - own) / _TURN))


def _shifted(ring: Floats, degrees: float) -> Floats:
    shifted: Floats = ring + np.array([degrees, 0.0])
    return shifted
