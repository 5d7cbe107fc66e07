from math import inf

import numpy as np
import pytest

from sim.errors import VerticalError
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.crossing import Crossing, find_crossings, penetration
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.oracle import (
    ANY_ALTITUDE,
    GEOD,
    dense,
    distance_to,
    msl,
    state,
    winds_round,
)

BOX = tuple(Position(*p) for p in [(36, 36), (37, 36), (37, 37), (36, 37)])
HOLE = tuple(Position(*p) for p in [(36.4, 36.4), (36.6, 36.4), (36.6, 36.6), (36.4, 36.6)])


def whens(crossings: object) -> list[tuple[float, float]]:
    return [(c.entry, c.exit) for c in crossings]  # type: ignore[attr-defined]


def through(
    footprint: Footprint,
    *points: tuple[float, float],
    speed: float = 200,
) -> list[Crossing]:
    track = Track.along([Position(*p) for p in points], 5000, speed, departs=0)
    return list(find_crossings([track], [Volume(footprint, ANY_ALTITUDE)]))


def timed(*rows: tuple[float, float, float, float]) -> Track:
    return Track(*np.array(rows, dtype=float).T)


# closed forms


@pytest.mark.parametrize("radius", [30.0, 46_000.0, 900_000.0])
@pytest.mark.parametrize(("lon", "lat"), [(36.7, 36.3), (180, -10), (12, 89.9), (0, -90)])
def test_through_the_centre_takes_two_radii(lon: float, lat: float, radius: float) -> None:
    circle = Circle(Position(lon, lat), radius)
    for azimuth in (0, 77, 201):
        start, goal = (GEOD.fwd(lon, lat, azimuth, d * radius)[:2] for d in (-2, 3))
        track = Track.along([Position(*start), Position(*goal)], 5000, 100, departs=0)
        (stay,) = find_crossings([track], [Volume(circle, ANY_ALTITUDE)])
        assert stay.entry == pytest.approx(radius / 100, abs=1e-4)
        assert stay.exit == pytest.approx(3 * radius / 100, abs=1e-4)
        depth, instant = penetration(track, Volume(circle, ANY_ALTITUDE), stay.entry, stay.exit)
        assert depth == pytest.approx(radius, abs=1e-3)
        assert instant == pytest.approx(2 * radius / 100, abs=1e-2)


def test_the_places_and_altitudes_of_entry_and_exit_lie_on_the_track_and_the_border() -> None:
    track = timed((0, 35, 36.5, 1000), (1000, 38, 36.7, 6000))
    for footprint in (Circle(Position(36.5, 36.5), 30_000), Polygon(BOX), Corridor(BOX, 5000)):
        stays = list(find_crossings([track], [Volume(footprint, ANY_ALTITUDE)]))
        for stay in stays:
            assert (stay.entry_face, stay.exit_face) == ("side", "side")
            for t, *where in [
                (stay.entry, stay.entry_lon, stay.entry_lat, stay.entry_altitude_m),
                (stay.exit, stay.exit_lon, stay.exit_lat, stay.exit_altitude_m),
            ]:
                assert where == pytest.approx(state(track, t), abs=1e-9)
                assert footprint.depth(where[0], where[1]) == pytest.approx(0, abs=0.01)
    assert stays


# an oracle


def inside_of(footprint: Footprint) -> object:
    """Give a test for being inside that knows nothing of planes."""
    if isinstance(footprint, Circle):
        return lambda lon, lat: GEOD.inv(*footprint.center, lon, lat)[2] < footprint.radius_m
    if isinstance(footprint, Corridor):
        route = dense(footprint.route, 20)
        return lambda lon, lat: distance_to(route, lon, lat) < footprint.width_m / 2
    assert isinstance(footprint, Polygon)
    rings = [dense([*ring, ring[0]], 300) for ring in (footprint.exterior, *footprint.holes)]
    return lambda lon, lat: (
        [winds_round(r, lon, lat) for r in rings]
        == [
            True,
            *[False] * len(footprint.holes),
        ]
    )


def at_pole(*points: tuple[float, float]) -> tuple[Position, ...]:
    return tuple(Position(lon, lat) for lon, lat in points)


SHAPES: list[Footprint] = [
    Circle(Position(36.6, 36.5), 35_000),
    Polygon(BOX, (HOLE,)),
    Polygon(at_pole((36, 36), (37.2, 36.2), (36.5, 36.5), (37.1, 37.1), (36.1, 36.9))),
    Corridor(at_pole((35.9, 36.1), (36.6, 36.8), (37.2, 36.2)), 18_000),
]


@pytest.mark.parametrize("footprint", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_solved_instants_agree_with_sampling_and_bisection(footprint: Footprint, seed: int) -> None:
    """Walk along a random track in 2 s steps; bisect every change to 0.1 ms."""
    rng = np.random.default_rng(seed)
    route = [Position(*p) for p in rng.uniform([35.7, 35.7], [37.3, 37.3], (4, 2))]
    track = Track.along(route, [3000, 5000, 2000, 4000], 250, departs=100)
    inside = inside_of(footprint)
    band = (2600.0, 4500.0)

    def here(t: float) -> bool:
        lon, lat, altitude = state(track, t)
        return band[0] < altitude < band[1] and inside(lon, lat)  # type: ignore[operator]

    times = np.arange(track.start, track.end, 2.0)
    seen = [here(float(t)) for t in times]
    changes = []
    for k in np.flatnonzero(np.diff(seen)):
        low, high = float(times[k]), float(times[k + 1])
        while high - low > 1e-4:
            middle = (low + high) / 2
            low, high = (middle, high) if here(middle) == here(low) else (low, middle)
        changes.append(high)
    changes = [track.start] * seen[0] + changes + [track.end] * seen[-1]
    stays = find_crossings([track], [Volume(footprint, msl(*band))])
    solved = [t for stay in whens(stays) for t in stay]
    assert solved == pytest.approx(changes, abs=1e-3)


def test_a_long_leg_is_not_linear_in_a_plane() -> None:
    """Half way along a 300 km leg far from the frame's centre, to the millisecond."""
    start, goal = Position(30, 30), Position(33, 31)
    azimuth, _, length = GEOD.inv(*start, *goal)
    gate = GEOD.fwd(*start, azimuth, length * 0.5)
    ring = [
        Position(*GEOD.fwd(gate[0], gate[1], azimuth + turn, d)[:2])
        for turn, d in [(90, 20_000), (60, 900_000), (-60, 900_000), (-90, 20_000)]
    ]
    (stay,) = through(Polygon(tuple(ring)), start, goal)
    beyond = GEOD.inv(*start, stay.entry_lon, stay.entry_lat)[2]
    assert stay.entry == pytest.approx(beyond / 200, abs=1e-6)
    assert beyond == pytest.approx(length / 2, abs=30)  # the border's chord passes near the gate


# time and altitude


def test_windows_are_half_open_and_faces_are_told() -> None:
    circle = Circle(Position(36, 36), 50_000)
    hold = timed((0, 36, 36, 1000), (100, 36, 36, 1000))
    windows = [(-10.0, 0.0), (0.0, 40.0), (40.0, 60.0), (100.0, 110.0), (-inf, inf)]
    volumes = [Volume(circle, ANY_ALTITUDE, window) for window in windows]
    stays = [
        (c.volume, c.entry, c.exit, c.entry_face, c.exit_face)
        for c in find_crossings([hold], volumes)
    ]
    assert stays == [
        (1, 0, 40, "window", "window"),
        (2, 40, 60, "window", "window"),
        (4, 0, 100, "track", "track"),
    ]


def test_a_fence_that_begins_in_mid_flight_is_entered_then() -> None:
    """Tested by overlap in time, not by where the track was when it set out."""
    track = Track.along([Position(36, 34), Position(36, 38)], 5000, 200, departs=0)
    fence = Volume(Circle(Position(36, 36), 50_000), ANY_ALTITUDE, (1000, 2000))
    (stay,) = find_crossings([track], [fence])
    assert (stay.entry, stay.entry_face, stay.exit_face) == (1000, "window", "side")


def test_climbing_through_a_band_crosses_floor_and_lid() -> None:
    climb = timed((0, 36, 36, 0), (1000, 36.1, 36, 10_000))
    sink = timed((0, 36, 36, 10_000), (1000, 36.1, 36, 0))
    zone = Volume(Circle(Position(36, 36), 50_000), msl(2000, 3000))
    stays = find_crossings([climb, sink], [zone])
    assert [t for stay in whens(stays) for t in stay] == pytest.approx([200, 300, 700, 800])
    assert [(c.entry_face, c.exit_face) for c in stays] == [("floor", "lid"), ("lid", "floor")]
    assert stays.entry_altitude_m == pytest.approx([2000, 3000])


def test_on_a_floor_and_under_a_lid_is_outside() -> None:
    zone = Volume(Circle(Position(36, 36), 50_000), msl(2000, 3000))
    for altitude, count in [(2000, 0), (3000, 0), (2000.5, 1), (2999.5, 1), (1999, 0)]:
        level = timed((0, 35, 36, altitude), (1000, 37, 36, altitude))
        assert len(find_crossings([level], [zone])) == count
    dip = timed((0, 35.9, 36, 2500), (50, 36, 36, 3000), (100, 36.1, 36, 2500))
    assert whens(find_crossings([dip], [zone])) == [(0, 100)]  # touches the lid, stays below it
    hop = timed((0, 35.9, 36, 3500), (50, 36, 36, 3000), (100, 36.1, 36, 3500))
    assert len(find_crossings([hop], [zone])) == 0


def test_references_meet_above_mean_sea_level() -> None:
    track = Track([0, 100], [36, 36.1], [36, 36], [3000, 3000], Reference.FL)
    near = Volume(Circle(Position(36, 36), 50_000), msl(0, 2950))
    far = Volume(Circle(Position(80, 36), 50_000), msl(0, 2950))
    later = Volume(near.footprint, near.band, (200, 300))
    assert len(find_crossings([track], [near], Vertical(qnh_hpa=1000))) == 1
    assert len(find_crossings([track], [near], Vertical(qnh_hpa=1013.25))) == 0
    assert len(find_crossings([track], [far, later])) == 0  # nothing to compare
    with pytest.raises(VerticalError, match=r"vertical\.qnh"):
        find_crossings([track], [near])
    unbounded = Volume(near.footprint, ANY_ALTITUDE)
    mixed = Track([0, 100], [36, 36.1], [36, 36], [3000, 3000], Reference.AGL)
    assert len(find_crossings([track, mixed], [unbounded])) == 2
    flight_levels = Volume(
        near.footprint, Band(Limit(Reference.FL, 2000), Limit(Reference.UNL, inf))
    )
    both = find_crossings([track, mixed], [flight_levels], Vertical(terrain_m=10, qnh_hpa=1013.25))
    assert both.track.tolist() == [0, 1]


# degenerate tracks


def test_re_entries_are_separate_and_adjoining_legs_are_one() -> None:
    notch = Polygon(at_pole((36, 36), (37, 36), (37, 37), (36.5, 36.2), (36, 37)))
    assert len(through(notch, (35.5, 36.6), (37.5, 36.6))) == 2
    holed = Polygon(BOX, (HOLE,))
    assert len(through(holed, (35.5, 36.5), (37.5, 36.5))) == 2
    out_and_back = through(Circle(Position(36, 36), 20_000), (36, 36), (37, 36), (36, 36))
    assert [(c.entry_face, c.exit_face) for c in out_and_back] == [
        ("track", "side"),
        ("side", "track"),
    ]
    kinked = through(Polygon(BOX), (36.1, 36.1), (36.8, 36.2), (36.3, 36.7), (36.9, 36.9))
    assert [(c.entry_face, c.exit_face) for c in kinked] == [("track", "track")]


def test_hovering_and_single_points() -> None:
    for footprint in SHAPES:
        for lon, lat in [(36.3, 36.3), (36.5, 36.5), (20.0, 20.0)]:
            hover = timed((10, lon, lat, 100), (30, lon, lat, 100), (50, lon, lat, 100))
            expected = [(10, 50)] if footprint.contains(lon, lat) else []
            assert whens(find_crossings([hover], [Volume(footprint, ANY_ALTITUDE)])) == expected
            single = timed((10, lon, lat, 100))
            assert len(find_crossings([single], [Volume(footprint, ANY_ALTITUDE)])) == 0
    assert len(find_crossings([], [])) == 0
    assert len(find_crossings([single], [])) == 0


def test_hovering_on_the_rim_of_a_circle_is_outside() -> None:
    """Rounding puts such places, and their distances taken in two ways, on either side of it."""
    for radius in (1_000.0, 123_456.7, 1_200_000.0):
        rim = Volume(Circle(Position(36, 35), radius), ANY_ALTITUDE)
        places = [Position(*GEOD.fwd(36, 35, turn, radius)[:2]) for turn in range(0, 360, 3)]
        tracks = [Track([0, 60], [p.lon] * 2, [p.lat] * 2, [0, 0]) for p in places]
        assert len(find_crossings(tracks, [rim])) == 0


def test_legs_that_take_no_time_are_passed_over() -> None:
    track = timed(
        (0, 35, 36.5, 0), (100, 35.5, 36.5, 0), (100, 36.5, 36.7, 0), (200, 36.6, 36.7, 0)
    )
    (stay,) = find_crossings([track], [Volume(Polygon(BOX), ANY_ALTITUDE)])
    assert (stay.entry, stay.exit, stay.entry_face) == (100, 200, "side")


@pytest.mark.parametrize(
    "route",
    [
        [(36, 35.5), (36, 36), (36, 37), (36, 37.5)],  # along the border
        [(36, 36), (37, 36)],
        [(36, 37), (36, 36), (37, 36), (37, 37), (36, 37)],  # all round it
        [(35.5, 36.5), (36, 36.0), (36.5, 35.5)],  # touching a corner
        [(35.5, 37.5), (36, 37.0), (35.9, 37.5)],
    ],
)
def test_along_a_border_and_past_a_corner_is_outside(route: list[tuple[float, float]]) -> None:
    for polygon in (Polygon(BOX), Polygon(BOX[::-1])):
        assert through(polygon, *route) == []


def test_grazing_a_circle_is_outside_within_millimetres() -> None:
    circle = Circle(Position(36, 36), 20_000)
    for off, count in [(0.01, 0), (0, 0), (-0.002, 0), (-0.01, 1)]:
        lon, lat, back = GEOD.fwd(36, 36, 90, 20_000 + off)
        ends = [GEOD.fwd(lon, lat, back + 180 + turn, 30_000)[:2] for turn in (-90, 90)]
        assert len(through(circle, *ends)) == count


def test_exactly_through_corners_is_one_stay() -> None:
    square = Polygon(BOX)
    diagonal = through(square, (36, 36), (37, 37))
    assert len(diagonal) == 1
    azimuth = GEOD.inv(36, 36, 37, 37)[0]
    before = GEOD.fwd(36, 36, azimuth, -50_000)[:2]
    after = GEOD.fwd(36, 36, azimuth, 250_000)[:2]
    (stay,) = through(square, before, after)
    assert stay.entry == pytest.approx(250, abs=1e-3)
    length = GEOD.inv(36, 36, 37, 37)[2]
    assert stay.exit - stay.entry == pytest.approx(length / 200, abs=1e-3)


def test_a_leg_that_starts_on_the_border_enters_there() -> None:
    (stay,) = through(Polygon(BOX), (35.5, 36.2), (36, 36.2), (36.5, 36.2))
    assert stay.entry == pytest.approx(GEOD.inv(35.5, 36.2, 36, 36.2)[2] / 200, abs=1e-3)


def test_large_footprints_are_crossed_in_one_stay() -> None:
    """Tiles and their frames leave no seams; the instants are those of the true border."""
    corners = tuple(Position(*GEOD.fwd(-150, 20, a, 4e6)[:2]) for a in range(0, 360, 40))
    polygon = Polygon(corners)
    start, goal = (GEOD.fwd(-150, 20, a, 5e6)[:2] for a in (262, 65))
    (stay,) = through(polygon, start, (-150, 20), goal, speed=250)
    for lon, lat in [(stay.entry_lon, stay.entry_lat), (stay.exit_lon, stay.exit_lat)]:
        edges = [GEOD.inv(lon, lat, *corner) for corner in corners]
        gaps = []
        for i, corner in enumerate(corners):
            azimuth, _, length = GEOD.inv(*corners[i - 1], *corner)
            _seen, _, off = GEOD.inv(*corners[i - 1], lon, lat)
            along = GEOD.fwd(*corners[i - 1], azimuth, off)
            if off < length:
                gaps.append(GEOD.inv(lon, lat, along[0], along[1])[2])
        assert min(gaps) < 0.03
        assert len(edges) == 9


# depth


def test_the_deepest_instant_of_a_polygon_is_found() -> None:
    footprint = Polygon(BOX, (HOLE,))
    track = Track.along([Position(35.5, 36.1), Position(37.5, 36.35)], 5000, 200, departs=0)
    volume = Volume(footprint, ANY_ALTITUDE)
    (stay,) = find_crossings([track], [volume])
    depth, instant = penetration(track, volume, stay.entry, stay.exit)
    sampled = [
        footprint.depth(*state(track, t)[:2]) for t in np.linspace(stay.entry, stay.exit, 400)
    ]
    assert max(sampled) <= depth + 1e-3
    assert depth == pytest.approx(max(sampled), abs=60)
    assert footprint.depth(*state(track, instant)[:2]) == pytest.approx(depth, abs=1e-6)


def test_depth_in_a_corridor_flown_lengthwise_is_half_its_width() -> None:
    corridor = Corridor(at_pole((36, 36), (38, 37)), 12_000)
    track = Track.along([Position(36, 36), Position(38, 37)], 5000, 200, departs=0)
    volume = Volume(corridor, ANY_ALTITUDE)
    (stay,) = find_crossings([track], [volume])
    assert (stay.entry, stay.exit) == (track.start, track.end)
    assert penetration(track, volume, stay.entry, stay.exit)[0] == pytest.approx(6000, abs=0.01)


def test_depth_of_one_who_hovers() -> None:
    hover = timed((10, 36.2, 36.2, 100), (30, 36.2, 36.2, 100))
    for footprint in (Circle(Position(36, 36), 50_000), Polygon(BOX)):
        depth, _ = penetration(hover, Volume(footprint, ANY_ALTITUDE), 10, 30)
        assert depth == pytest.approx(footprint.depth(36.2, 36.2), abs=1e-6)
        assert penetration(hover, Volume(footprint, ANY_ALTITUDE), 20, 20)[0] == pytest.approx(
            depth
        )


def test_columns_are_sorted_and_iterate_as_records() -> None:
    tracks = [
        Track.along([Position(35, 36.5), Position(38, 36.5)], 5000, 200, departs=t)
        for t in (500, 0)
    ]
    volumes = [Volume(Polygon(BOX, (HOLE,)), ANY_ALTITUDE), Volume(SHAPES[0], ANY_ALTITUDE)]
    found = find_crossings(tracks, volumes)
    keys = list(zip(found.track, found.volume, found.entry, strict=True))
    assert keys == sorted(keys)
    assert len(found) == len(list(found)) == 6
    first = next(iter(found))
    assert (first.track, first.entry, first.entry_face) == (0, found.entry[0], "side")
    assert isinstance(first.track, int)
