"""Caps round places: they hold them all, and no other is much smaller."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim.errors import GeometryError
from sim.geometry import edges
from sim.geometry.earth import EARTH_RADIUS_M, SPREAD, angles, inverse, unit_vectors
from sim.geometry.edges import Edges, cap_round, lay, read_positions
from tests.geometry.oracle import GEOD

CENTRES = [(0.0, 90.0), (180.0, 0.0), (36.0, 35.0), (-60.0, -89.9), (0.0, 0.0)]


def around(seed: int, centre: tuple[float, float], size_m: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 25))
    span = rng.choice([360.0, 90.0, 2.0])  # all round, to one side, nearly on a line
    away, azimuth = size_m * rng.random(count), rng.uniform(0, span, count)
    start = np.full(count, centre[0]), np.full(count, centre[1])
    lon, lat, _ = GEOD.fwd(start[0], start[1], azimuth, away)
    return np.asarray(lon), np.asarray(lat)


def smallest(lon: np.ndarray, lat: np.ndarray) -> float:
    """Give the radius on a sphere of the smallest cap, by trying all that two or three settle."""
    vectors = unit_vectors(lon, lat)
    middles = [a + b for a, b in combinations(vectors, 2)]
    for a, b, c in combinations(vectors, 3):
        across = np.cross(b - a, c - a)
        middles += [across, -across]
    found = [np.inf]
    for middle in middles:
        size = np.linalg.norm(middle)
        if size > 0:
            found.append(float(angles(vectors, middle / size).max()))
    return min(found) * EARTH_RADIUS_M if len(vectors) > 1 else 0.0


@pytest.mark.parametrize("size_m", [1.0, 3e3, 2e5, 9e6])
@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("seed", range(3))
def test_caps_are_the_smallest_and_hold_all(
    seed: int, centre: tuple[float, float], size_m: float
) -> None:
    lon, lat = around(seed, centre, size_m)
    cap = cap_round(lon, lat, "the places")
    assert (inverse(*cap.centre, lon, lat).distance <= cap.radius_m).all()
    assert cap.radius_m <= smallest(lon, lat) * SPREAD**2 * (1.1 if size_m == 1.0 else 1.0) + 1e-6
    order = np.random.default_rng(seed).permutation(len(lon))
    assert cap_round(lon[order], lat[order], "the places").centre == cap.centre


def test_a_cap_is_smaller_than_a_hemisphere() -> None:
    with pytest.raises(GeometryError, match="the places is not smaller than a hemisphere"):
        cap_round(np.array([0.0, 120.0, 240.0, 0.0]), np.array([0.0, 0.0, 0.0, 90.0]), "the places")


def test_positions_may_be_any_iterables_a_turn_off_or_repeated() -> None:
    given = [iter([350.0, 1.0]), [-10.0, 1.0], (-11.0, 2.0), (-190.0, 3.0), (-10.0, 1.0)]
    assert read_positions(given, "it", closed=True) == ((-10.0, 1.0), (-11.0, 2.0), (170.0, 3.0))
    assert len(read_positions([(0, 0), (1, 1), (0, 0)], "it", closed=False)) == 3
    assert read_positions([], "it", closed=True) == ()
    for bad, fault in ((float("nan"), "vertex 2 of it is not finite"), (400.0, "not on Earth")):
        with pytest.raises(GeometryError, match=fault):
            read_positions([(0, 0), (bad, 0)], "it", closed=True)


@pytest.mark.parametrize("style", [Edges.STRAIGHT, Edges.PARALLEL])
def test_short_edges_are_laid_all_at_once(style: Edges, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(*places: np.ndarray) -> object:
        asked.append(len(places))
        return inverse(*places)

    monkeypatch.setattr(edges, "inverse", counted)
    lon, lat, _ = GEOD.fwd([36.0] * 2000, [89.0] * 2000, np.linspace(0, 359.9, 2000), [5e3] * 2000)
    ring = read_positions(zip(lon, lat, strict=True), "it", closed=True)
    assert len(lay(ring, style, "it", closed=True).lon) == 2001
    assert len(asked) == 3


def test_long_edges_are_followed_among_short_ones() -> None:
    ring = read_positions([(0, 60), (1e-4, 60), (2, 60), (2, 61), (0, 61)], "it", closed=True)
    along = lay(ring, Edges.PARALLEL, "it", closed=True)
    assert [int((along.edge == k).sum()) > 1 for k in range(5)] == [False, True, False, True, False]
    assert (along.lat[:-1][along.edge == 1] == 60.0).all()
