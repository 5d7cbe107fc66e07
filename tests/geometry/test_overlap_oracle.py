"""Overlaps against answers by other means: dense samples, spherely on the sphere, shapely."""

from __future__ import annotations

from itertools import combinations
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Proj

from sim.geometry.altitude import common_band
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.overlap import find_overlaps
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.sampling import Sampled, meets, sampled_pairs
from tests.strategies import ANY_ALTITUDE, placed, volume_sets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Pair = tuple[float, float]


def pairs_of(footprints: Sequence[Footprint]) -> set[tuple[int, int]]:
    found = find_overlaps([Volume(footprint, ANY_ALTITUDE) for footprint in footprints])
    return set(zip(found.first.tolist(), found.second.tolist(), strict=True))


# dense samples


def timely(first: Volume, second: Volume) -> bool:
    """Tell whether windows and bands meet; all limits are unbounded or above mean sea level."""
    both = (first, second)
    floors = [v.band.lower.metres if v.band.lower.reference == "MSL" else -inf for v in both]
    lids = [v.band.upper.metres for v in both]
    starts, ends = zip(first.window, second.window, strict=True)
    return max(starts) < min(ends) and max(floors) < min(lids)


@settings(max_examples=35)
@given(volume_sets())
def test_sets_from_all_over_the_globe_agree_with_dense_samples(
    made: tuple[list[Volume], list[int] | None],
) -> None:
    """Pair by pair, but for those nearer to touching than the samples' dead zone of 2 cm."""
    volumes, groups = made
    found = {(o.first, o.second): o for o in find_overlaps(volumes, groups)}
    for (i, j), answer in sampled_pairs([v.footprint for v in volumes]).items():
        grouped = groups is not None and groups[i] == groups[j]
        if grouped or not timely(volumes[i], volumes[j]):
            assert (i, j) not in found
        elif answer is not None:
            assert ((i, j) in found) is answer, (volumes[i], volumes[j])
    for (i, j), overlap in found.items():
        one, other = volumes[i], volumes[j]
        starts, ends = zip(one.window, other.window, strict=True)
        assert (overlap.start, overlap.end) == (max(starts), min(ends))
        assert (overlap.lower_m, overlap.upper_m) == common_band(one.band, other.band, None)


def star(centre: Pair, size: float, points: int, depth: float = 0.45) -> Polygon:
    """A star of 2 x points vertices."""
    turns = np.arange(2 * points) * 180.0 / points
    reach = np.where(np.arange(2 * points) % 2, size * depth, size)
    return Polygon(tuple(placed(centre, zip(turns.tolist(), reach.tolist(), strict=True))))


@pytest.mark.parametrize("centre", [(36.0, 35.0), (180.0, -20.0), (10.0, 89.7)])
def test_a_ring_of_10_000_vertices_meets_what_lies_in_its_teeth_and_nothing_between(
    centre: Pair,
) -> None:
    """5,000 teeth, 126 m apart at their tips 100 km out, and 57 m at their roots at 45 km."""
    gear = star(centre, 100_000, 5000)
    step = 360.0 / 5000
    others: list[Footprint] = []
    expected = []
    for tooth in (0, 1, 1249, 2500, 3777):
        inside, between = tooth * step, (tooth + 0.5) * step
        # Near the roots a tooth is 57 m wide. Nearer to the tips its sides are
        # 126 m x (99 - 45) / (100 - 45) / 2 from the middle of the gap: 62 m.
        for bearing, metres, meeting in [
            (inside, 99_000.0, True),
            (between, 99_000.0, False),
            (inside, 46_000.0, True),
            (between, 44_900.0, True),
            (between, 100_500.0, False),
        ]:
            (place,) = placed(centre, [(bearing, metres)])
            others += [
                Circle(place, 20.0),
                Polygon(tuple(placed(place, [(bearing + turn, 20.0) for turn in (0, 120, 240)]))),
                Corridor(tuple(placed(place, [(bearing, 8.0), (bearing + 180, 8.0)])), 16.0),
            ]
            expected += [meeting] * 3
    found = pairs_of([gear, *others])
    assert [(0, k) in found for k in range(1, len(others) + 1)] == expected
    # A circle beyond a tip reaches it, or stays off it, by 2 cm.
    (beyond,) = placed(centre, [(0.0, 130_000.0)])
    assert pairs_of([gear, Circle(beyond, 30_000.02)]) == {(0, 1)}
    assert pairs_of([gear, Circle(beyond, 29_999.98)]) == set()


WIDE = st.sampled_from([1_050_000.0, 2_000_000.0, 3_200_000.0, 6_000_000.0])


@settings(max_examples=15)
@given(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    WIDE,
    st.sampled_from(["circle", "ring", "corridor"]),
    st.lists(
        st.tuples(st.floats(0, 360), st.floats(0.3, 1.05), st.sampled_from([40.0, 3000.0, 9e4])),
        min_size=3,
        max_size=6,
    ),
)
def test_what_is_larger_than_1000_km_meets_small_ones_at_its_border(
    centre: Pair, size: float, kind: str, spots: list[tuple[float, float, float]]
) -> None:
    large: Footprint
    if kind == "circle":
        large = Circle(Position(*centre), size)
    elif kind == "ring":
        large = star(centre, size, 4, 0.7)
    else:
        half = placed(centre, [(20.0, size * 0.9), (205.0, size * 0.9)])
        large = Corridor((half[0], Position(*centre), half[1]), size / 5)
    border = Sampled(large)
    small: list[Footprint] = []
    for bearing, share, reach in spots:
        (place,) = placed(centre, [(bearing, share * size)])
        small.append(Circle(place, reach))
        depth = float(border.depth(*(np.array([v]) for v in place))[0])
        if kind != "ring":  # a circle that ends 3 cm before the border, and one that reaches it
            small += [Circle(place, abs(depth) + off) for off in (-0.03, 0.03) if abs(depth) < 1e5]
    found = pairs_of([large, *small])
    for k, one in enumerate(small, 1):
        answer = meets(border, Sampled(one))
        assert answer is None or ((0, k) in found) is answer


# the sphere

# Geodesics of WGS84 taken as great circles of geodetic latitudes: distances differ by up to
# 0.56 % (sphere of the mean radius against meridian and equator), and the ways of edges by
# less than that share of their lengths. A pair decides only if it is apart, or goes inside
# each other, by more than 0.6 % of its extent.
SPHERE = 0.006
EARTH_M = 6_371_008.8


def on_sphere(footprint: Footprint, spherely: Any) -> tuple[Any, float]:
    """Give a core on the sphere, and the reach about it."""
    if isinstance(footprint, Circle):
        return spherely.create_point(*footprint.center), footprint.radius_m
    if isinstance(footprint, Corridor):
        return spherely.create_linestring(list(footprint.route)), footprint.width_m / 2
    assert isinstance(footprint, Polygon)
    holes = [list(hole) for hole in footprint.holes]
    return spherely.create_polygon(list(footprint.exterior), holes or None), 0.0


def spherical_answer(first: Footprint, second: Footprint, spherely: Any) -> bool | None:
    (one, reach), (other, more) = (on_sphere(f, spherely) for f in (first, second))
    apart = float(spherely.distance(one, other, radius=EARTH_M))
    extent = sum(f.cap.radius_m for f in (first, second)) + apart
    gap = apart - reach - more
    if gap > SPHERE * extent:
        return False
    if gap < -SPHERE * extent:
        return True
    if reach or more or apart:
        return None
    for inner, outer in ((first, other), (second, one)):
        assert isinstance(inner, Polygon)
        corners = spherely.points(*np.array(inner.exterior).T)
        rim = spherely.boundary(outer)
        depth = spherely.distance(corners, rim, radius=EARTH_M)
        if (spherely.within(corners, outer) & (depth > SPHERE * extent)).any():
            return True
    return None


@pytest.mark.parametrize(
    "centre",
    [(0.0, 90.0), (33.0, 89.0), (0.0, -90.0), (-120.0, -88.0), (180.0, 0.0), (179.9, 65.0)],
)
def test_poles_and_antimeridian_agree_with_spherical_geometry(centre: Pair, spherely: Any) -> None:
    rng = np.random.default_rng(17)
    footprints: list[Footprint] = []
    for k in range(48):
        (place,) = placed(centre, [(rng.uniform(0, 360), 500_000 * rng.uniform() ** 0.5)])
        size = float(10 ** rng.uniform(4.6, 5.4))
        turn = rng.uniform(0, 360)
        ring = placed(place, [(turn + 72.0 * i, size * rng.uniform(0.4, 1)) for i in range(5)])
        hole = placed(place, [(turn + 120.0 * i, 0.15 * size) for i in range(3)])
        footprints.append(
            [
                Circle(place, size),
                Polygon(tuple(ring)),
                Polygon(tuple(ring), (tuple(hole),)),
                Corridor(tuple(ring[:3]), size / 5),
            ][k % 4]
        )
    found = pairs_of(footprints)
    decided = {True: 0, False: 0}
    for pair in combinations(range(len(footprints)), 2):
        answer = spherical_answer(footprints[pair[0]], footprints[pair[1]], spherely)
        if answer is not None:
            decided[answer] += 1
            assert (pair in found) is answer
    assert min(decided.values()) > 60  # of 1,128 pairs


# a local plane

CROWD_M = 20_000.0
SIZES_M = (150.0, 1200.0)


def crowd(count: int) -> Floats:
    """Random rings of 8 vertices, non-convex as a rule, in a plane; shape (count, 8, 2)."""
    rng = np.random.default_rng(23)
    middle = rng.uniform(-CROWD_M, CROWD_M, (count, 1, 2))
    turn = np.radians(np.arange(8) * 45.0 + rng.uniform(-20, 20, (count, 8)))
    reach = rng.uniform(*SIZES_M, (count, 1)) * rng.uniform(0.25, 1.0, (count, 8))
    rings: Floats = middle + reach[..., None] * np.stack([np.sin(turn), np.cos(turn)], axis=-1)
    return rings


def laid(rings: Floats, centre: Pair) -> list[Polygon]:
    """Lay rings of a plane about a place: bearings and distances from it are kept."""
    frame = Proj(proj="aeqd", ellps="WGS84", lon_0=centre[0], lat_0=centre[1])
    lon, lat = frame(rings[..., 0], rings[..., 1], inverse=True)
    places = np.stack([lon, lat], axis=-1).tolist()
    return [Polygon(tuple(Position(*place) for place in ring)) for ring in places]


def planar_pairs(rings: Floats) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Give the pairs that surely meet, and those that may, by 1 cm.

    In the plane about a centre an edge of 2.4 km, 30 km off, leaves its geodesic by
    l**2 r / (12 R**2) = 0.4 mm at most.
    """
    shapes = np.asarray(shapely.polygons(rings))
    tree = shapely.STRtree(shapes)

    def pairs(grown: Any) -> set[tuple[int, int]]:
        rows, columns = tree.query(grown, predicate="intersects")
        ordered = {(min(i, j), max(i, j)) for i, j in zip(rows, columns, strict=True) if i != j}
        return {(int(i), int(j)) for i, j in ordered}

    return pairs(shapely.buffer(shapes, -0.01)), pairs(shapely.buffer(shapes, 0.01))


def test_2000_small_polygons_agree_with_shapely_in_a_local_plane() -> None:
    rings = crowd(2000)
    surely, perhaps = planar_pairs(rings)
    found = pairs_of(laid(rings, (36.7, 36.3)))
    assert surely <= found <= perhaps
    assert len(surely) > 1500
    assert len(perhaps - surely) < 0.01 * len(surely)


def test_the_same_polygons_about_the_antimeridian_and_the_poles_in_one_call() -> None:
    """A third of them at each of three places: no pairs across, and the plane's pairs within."""
    rings = crowd(600)
    surely, perhaps = planar_pairs(rings)
    places = [(180.0, 0.0), (0.0, 89.0), (140.0, -89.0)]
    found = pairs_of([polygon for place in places for polygon in laid(rings, place)])
    for k in range(len(places)):
        own = {(i - 600 * k, j - 600 * k) for i, j in found if i // 600 == k}
        assert surely <= own <= perhaps
    assert len(surely) > 100
