"""How far apart two footprints, or two volumes, are: by their borders, wherever on Earth."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.geometry.earth import Geodesics, direct, inverse
from sim.geometry.footprint import Circle, Corridor, Grown, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.geometry.altitude import Limit
    from sim.geometry.earth import Floats
    from sim.geometry.edges import Path
    from sim.geometry.footprint import Footprint

_SAMPLES = 40  # places of a border that are measured
_TURN = np.arange(0.0, 360.0, 7.0)


def own_places(footprint: Footprint) -> Floats:
    """Give what a footprint is described by, or places exactly on its border; shape (n, 2)."""
    if isinstance(footprint, Circle):
        there = direct(*footprint.center, _TURN, footprint.radius_m)
        return np.stack([there.lon, there.lat], axis=-1)
    if isinstance(footprint, Polygon):
        return np.array(
            [place for ring in (footprint.exterior, *footprint.holes) for place in ring]
        )
    region = footprint.drawn(0.0, 1e-3)
    lon, lat = region.border.lon, region.border.lat
    return np.stack([lon, lat], axis=-1)


def border(footprint: Footprint) -> Floats:
    """Give places on a border, between its corners too, to a millimetre; shape (n, 2)."""
    if isinstance(footprint, Polygon):
        found = np.concatenate([*_along(footprint)])
    else:
        found = own_places(footprint)
    return some(found)


def some(places: Floats) -> Floats:
    """Give some of many places, evenly."""
    return places[:: max(1, len(places) // _SAMPLES)]


def _along(polygon: Polygon) -> Iterator[Floats]:
    for path in polygon.paths:
        for (lon, lat), (lon1, lat1) in pairwise(zip(path.lon, path.lat, strict=True)):
            azimuth, length = inverse(lon, lat, lon1, lat1)
            there = direct(lon, lat, azimuth, length * np.array([0.0, 0.37]))
            yield np.stack([there.lon, there.lat], axis=-1)


def off_border_m(footprint: Footprint, places: Floats) -> Floats:
    """Give how far places are from a border, or from where the middle of its arcs would see it."""
    if isinstance(footprint, Corridor):
        return np.abs(_nearest_m((footprint.path,), places) - footprint.width_m / 2.0)
    if isinstance(footprint, Grown):
        return np.abs(_nearest_m(footprint.core.paths, places) - footprint.metres)
    return np.array([footprint.way_out(lon, lat)[1] for lon, lat in places.tolist()])


def _nearest_m(paths: Sequence[Path], places: Floats) -> Floats:
    starts, ends = (
        np.concatenate([np.stack([p.lon, p.lat], axis=-1)[cut] for p in paths])
        for cut in (slice(None, -1), slice(1, None))
    )
    legs = Geodesics(*starts.T, *ends.T)
    return np.array([legs.nearest(*place)[1].min() for place in places])


def apart_m(first: Footprint, second: Footprint) -> float:
    """Give how far the borders of two footprints are apart at most, of those places measured.

    Where arcs meet at a narrow angle a corner may be anywhere near, so that from
    a polygon that stands for arcs it is measured one way alone.
    """
    there = off_border_m(first, border(second)).max()
    if isinstance(second, Polygon) and isinstance(first, (Corridor, Grown)):
        return float(there)
    return float(max(there, off_border_m(second, border(first)).max()))


def assert_level(given: Limit, found: Limit, above: float) -> None:
    """Check that two limits are of one reference and height."""
    assert given.reference is found.reference
    assert given.metres == found.metres == inf or found.metres == pytest.approx(
        given.metres, abs=above
    )
