"""How far apart two footprints, or two volumes, are: by their borders, wherever on Earth."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.geometry.earth import direct, inverse
from sim.geometry.footprint import Circle, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.altitude import Limit
    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint
    from sim.geometry.volume import Volume

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
    """Give how far places are from a border."""
    return np.array([footprint.way_out(lon, lat)[1] for lon, lat in places.tolist()])


def apart_m(first: Footprint, second: Footprint) -> float:
    """Give how far the borders of two footprints are apart at most, of those places measured."""
    there = off_border_m(first, border(second)).max()
    back = off_border_m(second, border(first)).max()
    return float(max(there, back))


def assert_alike(
    given: Volume, found: Volume, *, metres: float = 0.01, seconds: float = 1.0, above: float = 0.01
) -> None:
    """Check that two volumes are the same in space, altitude and time."""
    assert apart_m(given.footprint, found.footprint) <= metres
    assert_overlapping(given.footprint, found.footprint, metres)
    for one, other in zip(given.window, found.window, strict=True):
        assert one == other or abs(one - other) <= seconds
    assert_level(given.band.lower, found.band.lower, above)
    assert_level(given.band.upper, found.band.upper, above)


def assert_level(given: Limit, found: Limit, above: float) -> None:
    """Check that two limits are of one reference and height."""
    assert given.reference is found.reference
    assert given.metres == found.metres == inf or found.metres == pytest.approx(
        given.metres, abs=above
    )


def assert_overlapping(given: Footprint, found: Footprint, metres: float) -> None:
    """Check that two footprints, whose borders are the same, are on the same side of them."""
    length = float(given.region.border.distance.sum())
    slack = length * metres / 1e6 + 1e-6 * given.area_km2 + 1e-9
    assert found.area_km2 == pytest.approx(given.area_km2, abs=slack)
