"""Reaches: what they decide is so, stars are stars, and geodesics keep within the slack."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from sim.errors import GeometryError
from sim.geometry.earth import EARTH_RADIUS_M, unit_vectors
from sim.geometry.shapes import Shapes
from tests.geometry.oracle import GEOD

PLACES = [(36.0, 35.0), (179.9, 1.0), (20.0, 89.9), (-60.0, -90.0), (0.0, 0.0)]
PENTAGRAM = [0, 144, 288, 72, 216]


def polygons(*rings: tuple[Any, Any]) -> Shapes:
    starts = np.concatenate([[0], np.cumsum([len(lon) for lon, _ in rings])])
    lon, lat = (np.concatenate([ring[axis] for ring in rings]) for axis in (0, 1))
    return Shapes.polygons(lon, lat, starts)


def about(place: tuple[float, float], azimuth: Any, metres: Any) -> tuple[Any, Any]:
    """Give the places so far from one in directions."""
    count = len(azimuth)
    lon, lat = np.full(count, place[0]), np.full(count, place[1])
    east, north, _ = GEOD.fwd(lon, lat, np.asarray(azimuth, float), np.broadcast_to(metres, count))
    return east, north


def cluster(place: tuple[float, float], scale: float, seed: int) -> list[tuple[Any, Any]]:
    """Make polygons about a place, many near to touching, stars or not, left or right."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(36):
        middle = about(place, [rng.uniform(0, 360)], scale * rng.uniform(0, 1))
        corners = int(rng.integers(3, 16))
        azimuth = 360.0 * (np.arange(corners) + rng.uniform(0, 0.9, corners)) / corners
        reach = scale * rng.uniform(0.1, 0.6, corners)
        ring = about((middle[0][0], middle[1][0]), azimuth[:: 1 - 2 * (k % 2)], reach)
        try:
            polygons(ring)
        except GeometryError:
            continue  # it crosses itself
        made.append(ring)
    return made


@pytest.mark.parametrize("scale", [5.0, 1_000.0, 30_000.0, 400_000.0])
@pytest.mark.parametrize("place", PLACES)
def test_what_reaches_decide_is_so(place: tuple[float, float], scale: float) -> None:
    shapes = polygons(*cluster(place, scale, seed=11))
    first, second = np.array(list(combinations(range(len(shapes)), 2))).T
    met, unsure = shapes.reaches.decide(first, second)
    truly = shapes.planes.meet(first, second)
    assert not (met & unsure).any()
    assert truly[met].all()
    assert not truly[~met & ~unsure].any()
    if scale > 100.0:  # against five metres the slack is too much
        assert 0.4 < shapes.reaches.star.mean() < 1.0
        assert unsure.mean() < 0.6


def test_stars_are_those_that_see_their_border_once_all_round() -> None:
    place = (10.0, 50.0)
    square = about(place, [0, 90, 180, 270], 9_000.0)
    notched = about(place, [0, 45, 90, 180, 270], [9e3, 2e3, 9e3, 9e3, 9e3])
    turned = tuple(axis[::-1] for axis in square)
    horseshoe = about(place, [-20, -90, 180, 90, 20, 30, 90, 180, 270, 330], [9e3] * 5 + [7e3] * 5)
    shapes = polygons(square, notched, turned, horseshoe)
    assert shapes.reaches.star.tolist() == [True, True, True, False]


def test_what_turns_twice_is_no_star_and_refused() -> None:
    with pytest.raises(GeometryError, match="polygon 0"):
        polygons(about((10.0, 50.0), PENTAGRAM, 9_000.0))


def test_holes_hide_what_is_behind_them() -> None:
    """A small square in the hole of a large one that has the same middle."""
    import sim  # noqa: PLC0415 - by its public names, as users build them

    side = np.array([-1.0, 1.0, 1.0, -1.0]), np.array([-1.0, -1.0, 1.0, 1.0])
    ring, hole, inside = (
        tuple(map(sim.Position, side[0] * size, side[1] * size)) for size in (0.3, 0.2, 0.1)
    )
    shapes = Shapes.of([sim.Polygon(ring, holes=(hole,)), sim.Polygon(inside)])
    assert shapes.reaches.star.tolist() == [False, True]
    pair = np.array([0]), np.array([1])
    assert [part.tolist() for part in shapes.reaches.decide(*pair)] == [[False], [True]]
    assert shapes.meet(*pair).tolist() == [False]


def test_two_with_one_middle_meet() -> None:
    square = about((10.0, 50.0), [0, 90, 180, 270], 9_000.0)
    shapes = polygons(square, square)
    met, unsure = shapes.reaches.decide(np.array([0]), np.array([1]))
    assert (met.tolist(), unsure.tolist()) == ([True], [False])


@pytest.mark.parametrize("length", [20_000.0, 200_000.0, 1_200_000.0])
def test_geodesics_leave_great_circles_by_half_the_slack_at_most(length: float) -> None:
    """On the sphere of the normals, where the slack for a shape of half that radius holds."""
    rng = np.random.default_rng(2)
    lon, lat = np.zeros(5_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 5_000)))
    azimuth = rng.uniform(0, 360, 5_000)
    halfway, end = (
        GEOD.fwd(lon, lat, azimuth, np.full(5_000, share * length))[:2] for share in (0.5, 1.0)
    )
    one, other, between = (unit_vectors(*ends) for ends in ((lon, lat), end, halfway))
    pole = np.cross(one, other)
    off = np.abs((between * pole).sum(axis=1)) / np.linalg.norm(pole, axis=1)
    allowed = GEOD.es / 2.0 * (length / 2.0 / EARTH_RADIUS_M) ** 2
    assert off.max() <= 0.51 * allowed
