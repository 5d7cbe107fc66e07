from itertools import pairwise
from math import acos, nan, pi

import numpy as np
import pytest

from sim.errors import GeometryError
from sim.geometry.detour import shortest_way
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.units import Position
from tests.geometry.oracle import GEOD, dense

START, GOAL = Position(36, 34), Position(36, 36)
MIDDLE = Position(36, 35)
BOX = tuple(Position(*p) for p in [(35.5, 34.5), (36.5, 34.5), (36.5, 35.5), (35.5, 35.5)])
HOLE = tuple(Position(*p) for p in [(35.8, 34.8), (36.2, 34.8), (36.2, 35.2), (35.8, 35.2)])


def length(way: list[Position]) -> float:
    return float(sum(GEOD.inv(*a, *b)[2] for a, b in pairwise(way)))


def closest(way: list[Position], obstacles: list[Footprint]) -> float:
    places = dense(way, 400)
    return min(-o.depth(float(lon), float(lat)) for o in obstacles for lon, lat in places)


def test_nothing_in_the_way_is_a_straight_leg() -> None:
    assert shortest_way(START, GOAL, [], 5000) == [START, GOAL]
    assert shortest_way(START, GOAL, [Circle(Position(38, 35), 20_000)], 5000) == [START, GOAL]


def test_round_a_circle_is_as_long_as_two_tangents_and_an_arc() -> None:
    obstacle = Circle(MIDDLE, 30_000)
    way = shortest_way(START, GOAL, [obstacle], 5000)
    assert way is not None
    assert (way[0], way[-1]) == (START, GOAL)
    half, radius = GEOD.inv(*START, *MIDDLE)[2], 35_000
    ideal = 2 * np.sqrt(half**2 - radius**2) + radius * (pi - 2 * acos(radius / half))
    assert ideal * 0.9999 < length(way) < ideal * 1.003
    assert 5000 <= closest(way, [obstacle]) <= 5081


@pytest.mark.parametrize(
    "obstacle",
    [
        Polygon(BOX),
        Polygon(BOX, (HOLE,)),
        Corridor((Position(35, 35), Position(36.4, 35.1), Position(36.5, 34.2)), 15_000),
        Polygon(BOX).buffer(9000),
    ],
)
def test_the_margin_is_kept_from_every_kind(obstacle: Footprint) -> None:
    for start, goal in [(START, GOAL), (GOAL, START), (Position(35, 34.2), Position(37, 35.6))]:
        way = shortest_way(start, goal, [obstacle], 3000)
        assert way is not None
        assert 3000 <= closest(way, [obstacle]) < 3200
        assert length(way) < 1.4 * length([start, goal])
        there = shortest_way(goal, start, [obstacle], 3000)
        assert there is not None
        assert length(there) == pytest.approx(length(way), rel=1e-9)


def test_the_shorter_side_is_taken() -> None:
    way = shortest_way(START, GOAL, [Circle(Position(36.1, 35), 30_000)], 2000)
    assert way is not None
    assert max(place.lon for place in way) == 36


def test_at_the_antimeridian_and_over_a_pole() -> None:
    for start, goal, middle in [
        (Position(179, 10), Position(-179, 10), Position(180, 10)),
        (Position(0, 88), Position(180, 88), Position(70, 90)),
    ]:
        obstacle = Circle(middle, 40_000)
        way = shortest_way(start, goal, [obstacle], 5000)
        assert way is not None
        assert 5000 <= closest(way, [obstacle]) <= 5100
        assert length(way) < 1.2 * length([start, goal])


def test_a_start_within_the_margin_first_leaves_it() -> None:
    obstacle = Circle(MIDDLE, 20_000)
    start = Position(*GEOD.fwd(*MIDDLE, 200, 22_000)[:2])
    way = shortest_way(start, GOAL, [obstacle], 5000)
    assert way is not None
    assert way[0] == start
    assert GEOD.inv(*MIDDLE, *way[1])[0] % 360 == pytest.approx(200, abs=15)
    assert GEOD.inv(*start, *way[1])[2] < 3200
    assert closest(way[1:], [obstacle]) >= 5000


def test_no_way() -> None:
    obstacle = Circle(MIDDLE, 20_000)
    near = Position(*GEOD.fwd(*MIDDLE, 90, 22_000)[:2])
    assert shortest_way(MIDDLE, GOAL, [obstacle], 100) is None  # starts inside
    assert shortest_way(START, MIDDLE, [obstacle], 100) is None
    assert shortest_way(START, near, [obstacle], 5000) is None  # ends within the margin
    assert shortest_way(START, near, [obstacle], 1000) is not None
    walled = Polygon(BOX, (HOLE,))
    assert shortest_way(MIDDLE, GOAL, [walled], 1000) is None  # shut in
    assert shortest_way(MIDDLE, Position(36.1, 35.1), [walled], 1000) is not None
    ring = [Circle(Position(*GEOD.fwd(*MIDDLE, a, 50_000)[:2]), 15_000) for a in range(0, 360, 30)]
    assert shortest_way(MIDDLE, GOAL, ring, 1000) is None


def test_between_two_obstacles_if_both_margins_allow() -> None:
    pair: list[Footprint] = [Circle(Position(lon, 35), 20_000) for lon in (35.75, 36.25)]
    gap = GEOD.inv(35.75, 35, 36.25, 35)[2] - 40_000
    narrow = shortest_way(START, GOAL, pair, gap / 2 - 200)
    assert narrow == [START, GOAL]
    wide = shortest_way(START, GOAL, pair, gap / 2 + 50)
    assert wide is not None
    assert len(wide) > 2


def test_many_obstacles_against_a_grid_search() -> None:
    """No path over a dense random set of places is shorter, and the way is clear."""
    rng = np.random.default_rng(3)
    obstacles: list[Footprint] = [
        Circle(Position(*rng.uniform([35.3, 34.2], [36.7, 35.8])), rng.uniform(3000, 15_000))
        for _ in range(25)
    ]
    obstacles = [o for o in obstacles if max(o.depth(*START), o.depth(*GOAL)) < -1100]
    way = shortest_way(START, GOAL, obstacles, 1000)
    assert way is not None
    assert closest(way, obstacles) >= 1000
    detours = []
    for _ in range(300):
        bends = sorted(rng.uniform([35.4, 34.1], [36.6, 35.9], (2, 2)).tolist(), key=lambda p: p[1])
        path = [START, *(Position(*p) for p in bends), GOAL]
        if length(path) < length(way):
            assert closest(path, obstacles) < 1100
            detours.append(path)
    assert detours


def test_the_margin_is_checked() -> None:
    for margin in (-1, nan):
        with pytest.raises(GeometryError, match="margin"):
            shortest_way(START, GOAL, [], margin)
