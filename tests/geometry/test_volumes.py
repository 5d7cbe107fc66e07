"""Volumes as columns: the same answers as one by one, and what is no polygon is named."""

from __future__ import annotations

from itertools import combinations
from math import inf, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import sim
from sim.errors import GeometryError
from sim.geometry import rings
from sim.geometry.minima import Minima
from sim.geometry.overlap import find_overlaps
from sim.geometry.relations import apart_m, meet
from sim.geometry.volume import Volume
from sim.geometry.volumes import Volumes
from sim.units import Position
from tests.geometry.oracle import ANY_ALTITUDE, GEOD, msl

if TYPE_CHECKING:
    from sim.geometry.footprint import Footprint

# Where, and how far from there footprints are scattered.
PLACES = [(36.0, 35.0), (179.9, 1.0), (20.0, 89.9), (-60.0, -89.95), (0.0, 0.0)]
SIDE = [0.0, 1.0, 1.0, 0.0]
UP = [0.0, 0.0, 1.0, 1.0]


def stars(seed: int, count: int, lon: float, lat: float) -> dict[str, Any]:
    """Make columns of star-shaped polygons, not convex, by geodesics from their centres."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(5, 20, count)
    starts = np.concatenate([[0], np.cumsum(corners)])
    owner = np.repeat(np.arange(count), corners)
    away = rng.uniform(0, 150_000, count), rng.uniform(0, 360, count)
    centre = GEOD.fwd(np.full(count, lon), np.full(count, lat), away[1], away[0])
    spoke = 360.0 * (np.arange(len(owner)) - starts[owner] + rng.uniform(0, 0.7, len(owner)))
    reach = rng.uniform(2_000, 40_000, count)[owner] * rng.uniform(0.3, 1, len(owner))
    east, north, _ = GEOD.fwd(centre[0][owner], centre[1][owner], spoke / corners[owner], reach)
    start, low = rng.uniform(0, 100, count), rng.uniform(0, 1000, count)
    return {
        "lon": np.asarray(east),
        "lat": np.asarray(north),
        "starts": starts,
        "lower_m": low,
        "upper_m": low + 800,
        "start": start,
        "end": start + 60,
    }


def at(*places: tuple[float, float]) -> tuple[Position, ...]:
    return tuple(Position(*place) for place in places)


def one_by_one(columns: dict[str, Any]) -> list[Volume]:
    begins = columns["starts"]
    made = []
    for k in range(len(begins) - 1):
        ring = slice(begins[k], begins[k + 1])
        corners = list(zip(columns["lon"][ring], columns["lat"][ring], strict=True))
        band = msl(columns["lower_m"][k], columns["upper_m"][k])
        window = (columns["start"][k], columns["end"][k])
        made.append(Volume(sim.Polygon(at(*corners)), band, window))
    return made


@pytest.mark.parametrize("place", PLACES)
def test_columns_meet_as_footprints_do(place: tuple[float, float]) -> None:
    columns = stars(5, 60, *place)
    listed = one_by_one(columns)
    expected = [
        (i, j)
        for (i, a), (j, b) in combinations(enumerate(listed), 2)
        if a.window[0] < b.window[1]
        and b.window[0] < a.window[1]
        and abs(a.band.lower.metres - b.band.lower.metres) < 800
        and meet(a.footprint, b.footprint)
    ]
    for volumes in (Volumes.polygons(**columns), listed, Volumes.of(listed).prepare()):
        found = find_overlaps(volumes)
        assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == expected
    assert len(expected) > 50


@pytest.mark.parametrize("lot", [1, 300, 2_000])
def test_shapes_are_the_same_drawn_in_lots_of_any_size(
    monkeypatch: pytest.MonkeyPatch, lot: int
) -> None:
    many = [stars(k, 40, *place) for k, place in enumerate(PLACES)]
    names = ("lon", "lat", "lower_m", "upper_m", "start", "end")
    columns: dict[str, Any] = {name: np.concatenate([one[name] for one in many]) for name in names}
    counts = np.concatenate([np.diff(one["starts"]) for one in many])
    columns["starts"] = np.concatenate([[0], np.cumsum(counts)])
    whole = find_overlaps(Volumes.polygons(**columns))
    monkeypatch.setattr(rings, "_LOT", lot)
    parts = find_overlaps(Volumes.polygons(**columns))
    assert len(whole) > 100
    assert np.array_equal(whole.first, parts.first)
    assert np.array_equal(whole.second, parts.second)


def test_a_volume_of_the_columns_is_the_one_that_was_given() -> None:
    columns = stars(2, 12, 36.0, 35.0)
    volumes = Volumes.polygons(**columns)
    assert len(volumes) == 12
    assert list(volumes) == one_by_one(columns)
    assert volumes[-1] == volumes[11]
    assert volumes[2:4] == [volumes[2], volumes[3]]
    with pytest.raises(IndexError):
        volumes[12]


def test_direction_closing_and_repeats_make_no_difference() -> None:
    paths: list[tuple[Any, Any]] = [
        (SIDE, UP),
        (SIDE[::-1], UP[::-1]),
        ([*SIDE, SIDE[0]], [*UP, UP[0]]),
        (np.repeat(SIDE, 2), np.repeat(UP, 2)),
    ]
    near = [(0.9, 2.1), (0.9, 2.1), (1.001, 2.1)]  # two that meet the square, one that does not
    for lon, lat in paths:
        east = np.concatenate([lon, *([a, b, b, a] for a, b in near)])
        north = np.concatenate([lat, *([0, 0, 1, 1] for _ in near)])
        starts = [0, len(lon), len(lon) + 4, len(lon) + 8, len(lon) + 12]
        found = find_overlaps(Volumes.polygons(east, north, starts, 0, 9, 0, 9), [0, 1, 1, 1])
        assert found.second.tolist() == [1, 2]


def test_mixed_kinds_from_all_over_the_globe_in_one_call() -> None:
    """Circles, corridors, holed, large and small ones: as pair by pair."""
    rng = np.random.default_rng(3)
    listed: list[Footprint] = []
    for lon, lat in [*PLACES, (-150.0, 60.0)]:
        here = Position(lon, lat)
        for _ in range(8):
            place = Position(*GEOD.fwd(*here, rng.uniform(0, 360), rng.uniform(0, 90_000))[:2])
            size = rng.uniform(5_000, 40_000)
            ring = at(*(GEOD.fwd(*place, a, size)[:2] for a in (0, 80, 170, 260)))
            hole = at(*(GEOD.fwd(*place, a, size / 4)[:2] for a in (0, 120, 240)))
            far = Position(*GEOD.fwd(*place, rng.uniform(0, 360), 30_000)[:2])
            listed += [
                sim.Circle(place, size),
                sim.Polygon(ring, (hole,)),
                sim.Corridor((place, far), size / 2),
                sim.Polygon(ring).buffer(3_000),
            ]
        listed.append(sim.Circle(here, 900_000))
        corners = (GEOD.fwd(*here, a, 1_500_000)[:2] for a in range(0, 360, 60))
        listed.append(sim.Polygon(at(*corners)))
    found = find_overlaps([Volume(f, ANY_ALTITUDE) for f in listed])
    expected = [(i, j) for (i, a), (j, b) in combinations(enumerate(listed), 2) if meet(a, b)]
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == expected
    assert len(expected) > 500


def box(west: float, south: float, east: float, north: float) -> tuple[Position, ...]:
    return at((west, south), (east, south), (east, north), (west, north))


@pytest.mark.parametrize(
    ("holes", "inside"),
    [
        ((box(-0.4, -0.3, 0.2, 0.3), box(-0.2, -0.3, 0.4, 0.3)), box(-0.01, -0.01, 0.02, 0.01)),
        ((box(-0.4, -0.3, 0.4, 0.3), box(-0.2, -0.2, 0.2, 0.2)), box(-0.21, -0.01, 0.18, 0.01)),
        ((box(0.5, -0.5, 1.0, 0.5),), box(1.0, -0.1, 1.2, 0.1)),
        ((box(0.5, -0.5, 1.0 + 5e-8, 0.5),), box(1.0, -0.1, 1.2, 0.1)),
        ((box(-1.0, -0.5, 1.0, 0.5),), box(0.9, -0.1, 1.2, 0.1)),
    ],
    ids=["overlap", "nested", "up to the border", "5 mm beyond", "from side to side"],
)
def test_nothing_is_in_holes_however_they_lie(
    holes: tuple[tuple[Position, ...], ...], inside: tuple[Position, ...]
) -> None:
    holed, other = sim.Polygon(box(-1, -1, 1, 1), holes), sim.Polygon(inside)
    assert apart_m(holed, other) > 10_000
    for pair in ((holed, other), (other, holed), (holed, sim.Circle(inside[0], 500))):
        assert len(find_overlaps([Volume(one, ANY_ALTITUDE) for one in pair])) == 0
    crossing = sim.Polygon(box(-2, -0.6, 2, -0.2))
    assert len(find_overlaps([Volume(one, ANY_ALTITUDE) for one in (holed, crossing)])) == 1


def test_circles_of_any_size_meet_what_is_within_them_however_far() -> None:
    """The plane of a small polygon does not reach the centre of a circle behind its horizon."""
    for radius in (30_000, 900_000, 4_000_000, 9_800_000):
        for lon, lat in PLACES:
            rim = [GEOD.fwd(lon, lat, 77, radius + off) for off in (30_000, -30_000)]
            around = [[GEOD.fwd(x, y, a, 20_000)[:2] for a in (0, 90, 200)] for x, y, _ in rim]
            out, inside = (sim.Polygon(at(*corners)) for corners in around)
            circle = Volume(sim.Circle(Position(lon, lat), radius), ANY_ALTITUDE)
            volumes = [circle, Volume(out, ANY_ALTITUDE), Volume(inside, ANY_ALTITUDE)]
            found = find_overlaps(volumes, [0, 1, 1])
            assert found.second.tolist() == [2]


def round_ring(lon: float, lat: float) -> tuple[Position, ...]:
    """Give a ring that stays within 590 km of a place, and nowhere 360 m within that."""
    turns = np.linspace(0, 360, 91)[:-1].tolist()
    return at(*(GEOD.fwd(lon, lat, turn, 590_000)[:2] for turn in turns))


def test_large_polygons_are_not_thought_larger_than_they_are() -> None:
    """Near the border of their frames planes stretch by 2 %: two of 590 km that just miss."""
    for lon, lat in [(38.0, 38.0), (1.9, 1.9), (-178.1, 62.0)]:
        for azimuth in (20, 110, 200, 290):
            one = sim.Polygon(round_ring(lon, lat))
            for gap, expected in ((500, 0), (-2_000, 1)):
                x, y, _ = GEOD.fwd(lon, lat, azimuth, 2 * 590_000 + gap)
                other = sim.Polygon(round_ring(x, y))
                found = find_overlaps([Volume(one, ANY_ALTITUDE), Volume(other, ANY_ALTITUDE)])
                assert len(found) == expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lon": [0, 1, 0, 1]}, "polygon 0: edges 2 and 4 of the exterior cross near 0.50N 0.50E"),
        ({"lon": [0, 1, 2, 3], "lat": [0] * 4}, "polygon 0: the exterior encloses no area"),
        ({"lon": [0, nan, 1, 0]}, "polygon 0: vertex 2 of the exterior is not finite"),
        ({"lat": [0, 0, 95, 1]}, "polygon 0: vertex 3 of the exterior is not on Earth"),
        ({"lon": [359, 361, 361, 359]}, "polygon 0: vertex 2 of the exterior is not on Earth"),
        ({"lon": [0, 1, 1, 1], "lat": [0, 0, 0, 0]}, "polygon 0: the exterior has 2 distinct"),
        ({"lon": SIDE[:3]}, "3 longitudes need as many latitudes, not 4"),
        ({"starts": [0, 3]}, "starts run from 0 to the number of vertices, 4"),
        ({"starts": [0, 0, 4]}, "polygon 0 has no vertices"),
        ({"starts": [0, 3.5, 4]}, r"starts are whole numbers, not 3\.5"),
        ({"lon": [SIDE], "lat": [UP]}, r"vertices are given in columns, not in shape \(1, 4\)"),
        ({"reference": "SFC"}, "no polygon has altitudes above SFC"),
        ({"upper_m": [1, 2]}, r"upper_m has shape \(2,\): 1 polygons need \(1,\)"),
        ({"upper_m": 0}, "polygon 0: the lower limit is below the upper one, not from 0 to 0"),
        ({"start": inf}, "polygon 0: a window starts before it ends, not from inf to 10"),
    ],
)
def test_what_is_no_polygon_is_named(changes: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"lon": SIDE, "lat": UP, "starts": [0, 4], "lower_m": 0, "upper_m": 9}
    good |= {"start": 0, "end": 10}
    with pytest.raises(GeometryError, match=message):
        Volumes.polygons(**(good | changes))


def test_of_several_the_first_that_is_none_is_named() -> None:
    lon, lat = np.tile(SIDE, 3), np.tile(UP, 3)
    lon[8:] = [0, 1, 0, 1]
    with pytest.raises(GeometryError, match="polygon 2: edges"):
        Volumes.polygons(lon, lat, [0, 4, 8, 12], 0, 9, 0, 9)


@pytest.mark.parametrize("second", [([0, 1, nan], [0, 0, 1]), ([0, 100, 200], [0, 0, 0])])
def test_of_several_the_first_is_named_even_if_another_is_worse(
    second: tuple[list[float], list[float]],
) -> None:
    """One that is not finite, or too large, is found out sooner than one that crosses itself."""
    lon, lat = [0, 1, 0, 1, *second[0]], [*UP, *second[1]]
    with pytest.raises(GeometryError, match="polygon 0: edges"):
        Volumes.polygons(lon, lat, [0, 4, 7], 0, 9, 0, 9)


C_TIPS_TOUCH = [
    (0, 0),
    (9, 0),
    (9, 9),
    (5, 9),
    (5, 6),
    (6, 6),
    (6, 3),
    (3, 3),
    (3, 6),
    (5, 6),
    (5, 9),
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("size", [0.1, 1.0, 500.0, 20_000.0])
@pytest.mark.parametrize(
    ("ring", "gap", "fault"),
    [
        ([*C_TIPS_TOUCH, (0, 9)], 0.0, "cross"),
        ([*C_TIPS_TOUCH, (0, 9)], -0.003, "cross"),
        ([*C_TIPS_TOUCH, (0, 9)], 0.003, ""),
        ([(0, 0), (9, 0)], 0.005, "encloses no area"),
        ([(0, 0), (9, 0)], 0.05, ""),
    ],
    ids=["touches", "overlaps", "hardly open", "flat", "thin"],
)
def test_columns_refuse_what_is_refused_by_itself(
    ring: list[tuple[float, float]], gap: float, fault: str, size: float, *, turned: bool
) -> None:
    """Rings whose ends nearly touch from outside, and those nowhere broader than 1 cm."""
    x, y = np.array(ring).T * size
    if len(x) > 2:  # the tip on the left
        x[9:11] -= gap
    else:
        x, y = np.array([x[0], x[1], x[1], x[0]]), np.array([0, 0, gap, gap])
    azimuth, metres = np.degrees(np.arctan2(x, y)), np.hypot(x, y)
    east, north, _ = GEOD.fwd(np.full(len(x), 36.0), np.full(len(x), 35.0), azimuth, metres)
    step = -1 if turned else 1
    columns = east[::step], north[::step], [0, len(x)], 0, 9, 0, 9
    if not fault:
        assert sim.Polygon(at(*zip(*columns[:2], strict=True))) == (
            Volumes.polygons(*columns)[0].footprint
        )
        return
    with pytest.raises(GeometryError, match=f"polygon 0: .*{fault}"):
        Volumes.polygons(*columns)


def test_none_at_all() -> None:
    assert len(find_overlaps(Volumes.polygons([], [], [0], 0, 1, 0, 1))) == 0
    assert len(find_overlaps([])) == 0


class TestMinima:
    """Two squares of a degree on the equator, ten apart in altitude and time where asked."""

    def pair(self, east: float = 2.0, up: float = 0.0, later: float = 0.0) -> list[Volume]:
        first = sim.Polygon(at((0, 0), (1, 0), (1, 1), (0, 1)))
        second = sim.Polygon(at((east, 0), (east + 1, 0), (east + 1, 1), (east, 1)))
        return [
            Volume(first, msl(0, 100), (0, 100)),
            Volume(second, msl(up, up + 100), (later, later + 100)),
        ]

    def test_what_meets_is_not_close(self) -> None:
        (found,) = find_overlaps(self.pair(east=0.5), minima=Minima(9e4, 50, 50))
        assert (found.close, found.lateral_m, found.vertical_m, found.time_s) == (False, 0, 0, 0)

    def test_nearer_than_the_minima_is_close(self) -> None:
        # A meridian a degree away is nearest at the top: a parallel's arc is longer than the
        # geodesic, and shorter the farther north.
        apart = GEOD.inv(1, 1, 2, 1)[2]
        for lateral, count in ((apart - 1, 0), (apart + 1, 1)):
            found = find_overlaps(self.pair(), minima=Minima(lateral_m=lateral))
            assert len(found) == count
        (one,) = list(found)
        assert one.close
        assert one.lateral_m == pytest.approx(apart, abs=0.001)

    @pytest.mark.parametrize(("up", "later"), [(110, 0), (0, 110), (110, 110)])
    def test_altitude_and_time_count_alike(self, up: float, later: float) -> None:
        gaps = up - 100 if up else 0, later - 100 if later else 0
        for more, count in ((0, 0), (1, 1)):
            minima = Minima(1.0, gaps[0] + more, gaps[1] + more)
            found = find_overlaps(self.pair(0.5, up, later), minima=minima)
            assert len(found) == count
        (one,) = list(found)
        assert (one.close, one.lateral_m, one.vertical_m, one.time_s) == (True, 0, *gaps)
        assert (one.lower_m, one.upper_m) == ((100, 110) if up else (0, 100))
        assert (one.start, one.end) == ((100, 110) if later else (0, 100))

    def test_windows_that_touch_are_close_and_do_not_meet(self) -> None:
        volumes = self.pair(0.5, later=100)
        assert len(find_overlaps(volumes)) == 0
        (one,) = list(find_overlaps(volumes, minima=Minima(time_s=1)))
        assert (one.close, one.time_s) == (True, 0)

    def test_grown_by_half_their_distance_each_two_footprints_touch(self) -> None:
        kinds: list[Footprint] = [
            sim.Circle(Position(10.0, 50.0), 20_000),
            sim.Polygon(at((11.0, 50.0), (11.6, 50.3), (11.2, 50.1), (11.5, 49.8))),
            sim.Corridor(at((10.5, 51.0), (11.5, 51.2)), 20_000),
            sim.Polygon(at((9.0, 51.0), (9.5, 51.0), (9.2, 51.4))).buffer(5_000),
        ]
        for one, other in combinations(kinds, 2):
            found = apart_m(one, other)
            assert found == pytest.approx(apart_m(other, one), abs=1e-3)
            assert not meet(one.buffer(found / 2 - 0.05), other.buffer(found / 2 - 0.05))
            assert meet(one.buffer(found / 2 + 0.05), other.buffer(found / 2 + 0.05))

    @pytest.mark.parametrize("wrong", [-1.0, inf, nan])
    def test_minima_that_cannot_be_are_refused(self, wrong: float) -> None:
        with pytest.raises(GeometryError, match="lateral_m of the minima"):
            Minima(lateral_m=wrong)
