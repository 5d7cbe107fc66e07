import itertools
import pickle
from math import nan, pi
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyproj import Proj

from sim.errors import GeometryError
from sim.geometry.edges import corners
from sim.geometry.footprint import (
    Circle,
    Corridor,
    Edges,
    Footprint,
    Polygon,
    uncovered_area_km2,
)
from sim.geometry.relations import common_area_km2, covers
from sim.units import Position
from tests.geometry.oracle import GEOD, dense, distance_to, winds_round

if TYPE_CHECKING:
    from collections.abc import Callable

Pairs = list[tuple[float, float]]


def at(*pairs: tuple[float, float]) -> tuple[Position, ...]:
    return tuple(Position(lon, lat) for lon, lat in pairs)


def ring_round(lon: float, lat: float, metres: float, count: int = 12) -> tuple[Position, ...]:
    """Give a regular polygon."""
    azimuths = np.linspace(0, 360, count, endpoint=False)
    return tuple(Position(*GEOD.fwd(lon, lat, azimuth, metres)[:2]) for azimuth in azimuths)


BOX = at((36, 36), (37, 36), (37, 37), (36, 37))
HOLE = at((36.4, 36.4), (36.6, 36.4), (36.6, 36.6), (36.4, 36.6))
PLACES = [(36.7, 36.3), (0.0, 0.0), (179.9995, 12.0), (-30.0, 89.9), (140.0, -90.0)]


# circles


@pytest.mark.parametrize(("lon", "lat"), PLACES)
@pytest.mark.parametrize("radius", [50.0, 46_000.0, 1_500_000.0])
def test_a_circle_is_a_geodesic_distance(lon: float, lat: float, radius: float) -> None:
    circle = Circle(Position(lon, lat), radius)
    for azimuth in range(0, 360, 15):
        inner, rim, outer = (
            GEOD.fwd(lon, lat, azimuth, radius + off)[:2] for off in (-0.01, 0, 0.01)
        )
        assert circle.contains(*inner)
        assert not circle.contains(*rim)
        assert not circle.contains(*outer)
        assert circle.depth(*inner) == pytest.approx(0.01, abs=1e-6)
        way, metres = circle.way_out(*inner)
        assert GEOD.inv(*way, *rim)[2] < 1e-6
        assert metres == pytest.approx(0.01, abs=1e-6)
    assert circle.depth(lon, lat) == pytest.approx(radius)


@pytest.mark.parametrize(("lon", "lat"), PLACES)
@pytest.mark.parametrize("radius", [1000.0, 46_000.0, 800_000.0, 5_000_000.0])
def test_a_circles_area_is_that_of_its_image_in_an_equal_area_map(
    lon: float, lat: float, radius: float
) -> None:
    """The rim in Lambert's map is smooth: the trapezoid rule with a spectral slope is exact."""
    count = 256
    azimuths = np.linspace(0, 360, count, endpoint=False)
    rim = GEOD.fwd(np.full(count, lon), np.full(count, lat), azimuths, np.full(count, radius))
    x, y = Proj(proj="laea", ellps="WGS84", lon_0=lon, lat_0=lat)(rim[0], rim[1])
    slopes = [
        np.fft.ifft(1j * np.fft.fftfreq(count, 1 / count) * np.fft.fft(v)).real for v in (x, y)
    ]
    area = abs(np.sum(x * slopes[1] - y * slopes[0])) * pi / count / 1e6
    assert Circle(Position(lon, lat), radius).area_km2 == pytest.approx(area, rel=3e-6)


def test_a_small_circle_has_the_area_of_a_flat_one() -> None:
    assert Circle(Position(36, 35), 100).area_km2 == pytest.approx(pi * 0.01, rel=1e-4)


def test_a_circles_buffer_is_a_circle() -> None:
    assert Circle(Position(36, 35), 6000).buffer(40_000) == Circle(Position(36, 35), 46_000)
    assert Circle(Position(36, 35), 6000).buffer(0) == Circle(Position(36, 35), 6000)


# polygons


@pytest.mark.parametrize(("lon", "lat"), PLACES)
@pytest.mark.parametrize("radius", [2000.0, 200_000.0, 2_500_000.0, 8_000_000.0])
def test_inside_a_polygon_is_where_it_winds_round(lon: float, lat: float, radius: float) -> None:
    rng = np.random.default_rng(5)
    corners = ring_round(lon, lat, radius, 7)
    polygon = Polygon(corners)
    ring = dense([*corners, corners[0]], radius / 200)
    checked = 0
    for azimuth, share in zip(rng.uniform(0, 360, 60), rng.uniform(0.6, 1.15, 60), strict=True):
        place = GEOD.fwd(lon, lat, azimuth, min(share * radius, 9.0e6))[:2]
        if distance_to(ring, *place) > radius / 100:
            assert polygon.contains(*place) == winds_round(ring, *place)
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("metres", [300.0, 60_000.0, 900_000.0, 3_000_000.0])
def test_a_geodesic_edge_is_the_border_within_1_cm(metres: float) -> None:
    """Places 1 cm to either side of the edges' true geodesics."""
    corners = ring_round(25, 48, metres, 5)
    polygon = Polygon(corners)
    for i, corner in enumerate(corners):
        azimuth, _, length = GEOD.inv(*corner, *corners[i - 1])
        for share in (0.013, 0.21, 0.5, 0.77):
            lon, lat, back = GEOD.fwd(*corner, azimuth, share * length)
            sides = [GEOD.fwd(lon, lat, back + turn, 0.01)[:2] for turn in (-90, 90)]
            assert [polygon.contains(*side) for side in sides].count(True) == 1
            assert polygon.depth(lon, lat) == pytest.approx(0, abs=0.006)
            assert polygon.depth(*sides[0]) == pytest.approx(-polygon.depth(*sides[1]), abs=0.012)


def test_depth_is_the_distance_of_the_nearest_border() -> None:
    polygon = Polygon(BOX, (HOLE,))
    rings = np.concatenate([dense([*ring, ring[0]], 20) for ring in (BOX, HOLE)])
    for lon, lat in [(36.2, 36.5), (36.7, 36.7), (36.45, 36.2), (36.99, 36.01)]:
        metres = distance_to(rings, lon, lat)
        assert polygon.depth(lon, lat) == pytest.approx(metres, abs=0.06)
        place, off = polygon.way_out(lon, lat)
        assert GEOD.inv(lon, lat, *place)[2] == pytest.approx(off, abs=1e-6)
    assert polygon.depth(36.5, 36.5) == pytest.approx(-distance_to(rings, 36.5, 36.5), abs=0.05)


def test_holes_are_no_part_of_a_polygon() -> None:
    whole, holed, hole = Polygon(BOX), Polygon(BOX, (HOLE,)), Polygon(HOLE)
    assert not holed.contains(36.5, 36.5)
    assert holed.contains(36.3, 36.5)
    assert holed.area_km2 == pytest.approx(whole.area_km2 - hole.area_km2, rel=1e-12)
    assert uncovered_area_km2(whole, [holed]) == pytest.approx(hole.area_km2, rel=1e-9)
    assert uncovered_area_km2(whole, [holed, hole]) == 0.0
    assert holed.buffer(1000).contains(36.4005, 36.5)
    assert not holed.buffer(1000).contains(36.5, 36.5)
    assert holed.buffer(12_000).contains(36.5, 36.5)


def test_winding_repeats_and_closing_make_no_difference() -> None:
    tidy = Polygon(BOX, (HOLE,))
    assert Polygon(BOX[:1] + BOX[:0:-1], (HOLE[::-1],)).contains(36.3, 36.5)
    assert Polygon((*BOX, BOX[0]), (HOLE,)) == tidy
    assert Polygon((BOX[0], BOX[0], *BOX[1:]), (HOLE,)) == tidy
    assert Polygon((BOX[0], *BOX[:0:-1]), ((HOLE[0], *HOLE[:0:-1]),)) == tidy
    assert hash(Polygon((*BOX, BOX[0]), (HOLE,))) == hash(tidy)


def test_a_cap_is_the_same_whichever_way_the_ring_runs() -> None:
    """To the bit, so that what was sent to another process answers alike."""
    ring = [Position(*GEOD.fwd(36, 35, 17.0 * k, 9000 + 700 * (k % 5))[:2]) for k in range(21)]
    for polygon in (Polygon(tuple(ring)), Polygon(tuple(ring[::-1]))):
        again = pickle.loads(pickle.dumps(polygon))  # noqa: S301 - our own
        assert "cap" not in vars(again)
        assert (again.cap.centre, again.cap.radius_m) == (polygon.cap.centre, polygon.cap.radius_m)
        assert np.array_equal(again.cap.vector, polygon.cap.vector)


def test_the_pole_and_the_antimeridian_are_ordinary_places() -> None:
    cap = Polygon(at((0, 80), (90, 80), (180, 80), (-90, 80)))
    assert cap.contains(12, 89.9)
    assert cap.contains(0, 90)
    assert not cap.contains(45, 80.1)  # the edge is a geodesic, which passes nearer to the pole
    strip = Polygon(at((179, -1), (-179, -1), (-179, 1), (179, 1)))
    assert strip.contains(180, 0)
    assert strip.contains(-179.5, 0)
    assert not strip.contains(0, 0)
    assert strip == Polygon(at((179, -1), (181, -1), (181, 1), (179, 1)))


@pytest.mark.parametrize(
    ("edges", "inside", "outside"),
    [
        (Edges.GEODESIC, (11.0, 50.0001), (11.0, 50.3)),  # the geodesic bulges to the pole
        (Edges.PARALLEL, (11.0, 49.999), (11.0, 50.0001)),
        (Edges.STRAIGHT, (11.0, 49.999), (11.0, 50.0001)),
    ],
)
def test_edges_follow_their_style(
    edges: Edges, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    polygon = Polygon(at((5, 45), (17, 45), (17, 50), (5, 50)), edges=edges)
    assert polygon.contains(*inside)
    assert not polygon.contains(*outside)


@pytest.mark.parametrize("edges", [Edges.PARALLEL, Edges.STRAIGHT])
def test_curved_edges_are_followed_within_1_cm(edges: Edges) -> None:
    """Along the middle of a 200 km edge at 35N, off by 548 m if taken as a geodesic."""
    span = 200 / 111.32 / np.cos(np.radians(35))
    polygon = Polygon(at((0, 34), (span, 34), (span, 35), (0, 35)), edges=edges)
    centimetre = 0.01 / 111_000
    for lon in np.linspace(0.1, span - 0.1, 23):
        assert polygon.contains(float(lon), 35 - centimetre)
        assert not polygon.contains(float(lon), 35 + centimetre)
    geodesic = Polygon(at((0, 34), (span, 34), (span, 35), (0, 35)))
    assert geodesic.depth(span / 2, 35) == pytest.approx(548, abs=5)


def test_a_slanted_straight_edge_is_straight_in_degrees() -> None:
    polygon = Polygon(at((0, 40), (4, 40), (4, 46)), edges=Edges.STRAIGHT)
    tiny = 0.012 / 111_000
    for share in (0.1, 0.4, 0.55, 0.9):
        lon, lat = 4 * share, 40 + 6 * share
        assert polygon.contains(lon + 2 * tiny, lat - tiny)
        assert not polygon.contains(lon - 2 * tiny, lat + tiny)


@pytest.mark.parametrize(
    ("exterior", "holes", "fault"),
    [
        ([(0, 0), (1, 1), (1, 0), (0, 1)], [], r"edges 1 and 3 of the exterior cross near 0.50N"),
        ([(0, 0), (2, 0), (2, 2), (1, -1), (0, 2)], [], r"edges 1 and [34].*cross near 0.00N [01]"),
        ([(0, 0), (2, 0), (3, 0), (2, 0), (1, 2)], [], r"edges 2 and 3.*fold back"),
        ([(0, 0), (1, 0), (2, 0)], [], "encloses no area"),
        ([(10, 50), (10, 51), (10, 53)], [], "encloses no area"),
        ([(0, 0), (1, 0)], [], "2 distinct vertices"),
        ([(0, 0), (1, 0), (1, 0), (0, 0)], [], "2 distinct vertices"),
        ([(0, 90), (50, 90), (120, 90)], [], "1 distinct vertices"),
        ([], [], "0 distinct vertices"),
        ([(0, 0), (1, nan), (1, 1)], [], "vertex 2 of the exterior is not finite"),
        ([(0, 0), (1, 91), (1, 1)], [], "vertex 2 of the exterior is not on Earth"),
        (BOX, [[(36.5, 36.5), (37.5, 36.5), (36.5, 36.8)]], r"hole 1 lies outside.*near"),
        (BOX, [HOLE, [(40, 36), (41, 36), (41, 37)]], "hole 2 lies outside"),
        (BOX, [[(36.4, 36.4), (36.6, 36.6), (36.6, 36.4), (36.4, 36.6)]], "hole 1 cross"),
        (BOX, [BOX], "leave nothing"),
        ([(0, 0), (90, 0), (180, 0), (-90, 0)], [], "hemisphere"),
        ([(0, -1), (90, -1), (180, -1), (-90, -1)], [], "hemisphere"),
        ([(0, 0), (180, 0), (90, 1)], [], "antipodes"),
    ],
)
def test_a_ruined_polygon_is_refused(exterior: Pairs, holes: list[Pairs], fault: str) -> None:
    with pytest.raises(GeometryError, match=fault):
        Polygon(at(*exterior), tuple(at(*hole) for hole in holes))


def test_other_nonsense_is_refused() -> None:
    here = Position(36, 35)
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: Circle(here, 0), "radius"),
        (lambda: Circle(here, nan), "radius"),
        (lambda: Circle(here, 1.1e7), "hemisphere"),
        (lambda: Circle(Position(nan, 0), 10), "not finite"),
        (lambda: Circle(here, 10).buffer(-1), "buffer"),
        (lambda: Circle(here, 9e6).buffer(2e6), "hemisphere"),
        (lambda: Corridor((here,), 100), "1 distinct"),
        (lambda: Corridor((here, here), 100), "1 distinct"),
        (lambda: Corridor(at((0, 0), (1, 0)), -5), "width"),
        (lambda: Polygon(BOX).buffer(1e7), "hemisphere"),
        (lambda: Footprint.from_record({"square": {}}), "no kind of footprint"),
    ]
    for make, fault in cases:
        with pytest.raises(GeometryError, match=fault):
            make()


# corridors and buffers


@pytest.mark.parametrize("width", [200.0, 80_000.0, 1_000_000.0])
@pytest.mark.parametrize(
    "route", [[(36, 35), (38, 36), (38, 38)], [(179, 80), (-170, 88), (0, 87)]]
)
def test_a_corridor_is_what_lies_nearer_than_half_its_width(width: float, route: Pairs) -> None:
    """To the side of legs, outside of the turn, and round the ends: 1 cm either way."""
    corridor = Corridor(at(*route), width)
    line = at(*route)
    onward = [GEOD.inv(*a, *b) for a, b in itertools.pairwise(line)]
    middle = GEOD.fwd(*line[0], onward[0][0], onward[0][2] * 0.4)
    left_turn = (onward[1][0] - onward[0][1] - 180 + 180) % 360 - 180 < 0
    samples = dense(line, 2000)
    for start, azimuth in [
        (line[0], onward[0][0] + 180),  # the ends are round
        (line[0], onward[0][0] + 130),
        (line[-1], onward[1][1] + 180),
        (middle[:2], middle[2] - 90),
        (middle[:2], middle[2] + 90),
        (line[1], onward[0][1] + 180 + (90 if left_turn else -90)),  # the outer side
    ]:
        near, far = (GEOD.fwd(*start, azimuth, width / 2 + d)[:2] for d in (-0.01, 0.01))
        assert corridor.contains(*near)
        assert corridor.contains(*far) == (distance_to(samples, *far) < width / 2)


def test_a_corridors_area_is_that_of_a_strip_and_two_half_circles() -> None:
    route = at((0, 0), (1, 0))
    length = GEOD.inv(*route[0], *route[1])[2]
    flat = (length * 2000 + pi * 1000**2) / 1e6
    assert Corridor(route, 2000).area_km2 == pytest.approx(flat, rel=2e-5)


def test_a_ring_of_many_turns_over_itself_is_refused_at_the_first() -> None:
    turns = at((36, 35), (37, 35), (36.5, 36)) * 10_000  # 450 million pairs of edges meet
    with pytest.raises(GeometryError, match=r"edges 1 and \d+ of the exterior cross"):
        Polygon(turns)


def test_chords_far_from_what_was_grown_bulge_no_more_than_they_may() -> None:
    core, metres, chord_m = Polygon(at((36, 64), (39, 64), (37, 65))), 60_000.0, 0.012
    region = core.buffer(metres).drawn(0.0, chord_m)
    sides, legs = region.border, core.region.border
    middle = sides.at(sides.distance / 2.0)
    for lon, lat in list(zip(middle.lon, middle.lat, strict=True))[::20]:
        off = legs.nearest(lon, lat)[1].min() - metres
        assert -0.5 * chord_m - 1e-3 <= off <= 0.625 * chord_m + 1e-3


def test_a_buffers_area_is_steiners() -> None:
    """Area + perimeter x distance + pi x distance**2, on the plane and nearly so here."""
    corners = ring_round(36, 36, 5000, 5)
    polygon = Polygon(corners)
    perimeter = GEOD.polygon_area_perimeter(*np.array(corners).T)[1]
    expected = polygon.area_km2 + (perimeter * 3000 + pi * 3000**2) / 1e6
    assert polygon.buffer(3000).area_km2 == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("lon", "lat"), PLACES)
@pytest.mark.parametrize("metres", [50.0, 40_000.0, 600_000.0])
def test_a_buffer_is_metric_within_1_cm(lon: float, lat: float, metres: float) -> None:
    corners = ring_round(lon, lat, 30_000, 4)
    grown = Polygon(corners).buffer(metres)
    for i, corner in enumerate(corners):
        outward = GEOD.inv(lon, lat, *corner)[1] + 180
        azimuth, _, length = GEOD.inv(*corner, *corners[i - 1])
        on_edge = GEOD.fwd(*corner, azimuth, length * 0.37)
        normal = GEOD.inv(*on_edge[:2], *corner)[0] - 90
        for start, bearing in [(corner, outward), (corner, outward + 20), (on_edge[:2], normal)]:
            near, far = (GEOD.fwd(*start, bearing, metres + d)[:2] for d in (-0.01, 0.01))
            assert grown.contains(*near)
            assert not grown.contains(*far)


@pytest.mark.parametrize("style", [Edges.PARALLEL, Edges.STRAIGHT])
@pytest.mark.parametrize("metres", [50.0, 9_260.0, 600_000.0])
def test_what_is_grown_follows_a_curved_edge_within_1_cm(style: Edges, metres: float) -> None:
    """On both of its sides, square to the curve itself and not to what stands for it."""
    start, end = at((175, 52), (-165, 52 if style is Edges.PARALLEL else 55))
    corridor = Corridor((start, end), 2 * metres, style)
    turn = (end.lon - start.lon) % 360

    def on(share: float) -> tuple[float, float]:
        return start.lon + share * turn, start.lat + share * (end.lat - start.lat)

    for share in np.linspace(0.003, 0.997, 41):
        ahead = GEOD.inv(*on(share - 1e-7), *on(share + 1e-7))[0]
        for bearing in (ahead - 90, ahead + 90):
            near, far = (GEOD.fwd(*on(share), bearing, metres + d)[:2] for d in (-0.01, 0.01))
            assert corridor.contains(*near)
            assert not corridor.contains(*far)


@pytest.mark.parametrize(
    ("bend_m", "degrees"), [(400.0, 40), (4_500.0, 40), (5_500.0, 540), (60_000.0, 540)]
)
def test_a_corridor_round_a_bend_of_many_legs_is_whole(bend_m: float, degrees: int) -> None:
    """Sharper than it is wide or not, over little of a circle or more than all of it."""
    reach = 5_000.0
    middle = Position(36, 35)
    bearings = np.linspace(0, degrees, 30 * degrees + 1)
    line = np.array([GEOD.fwd(*middle, bearing, bend_m)[:2] for bearing in bearings])
    corridor = Corridor(at(*line), 2 * reach)
    for bearing in range(0, 360, 24):
        for metres in np.linspace(0, bend_m + 1.2 * reach, 12):
            place = GEOD.fwd(*middle, bearing, metres)[:2]
            off = distance_to(line, *place) - reach
            if abs(off) > 1.0:  # the nearest place of the line may lie between two of the route
                assert corridor.contains(*place) == (off < 0)


@pytest.mark.parametrize("degrees", [0.005, 0.03, 0.5])
def test_legs_that_turn_slightly_are_followed_within_1_cm(degrees: float) -> None:
    """Abreast of the middle of a leg: there a mitre at both of its ends would be nearest."""
    reach, leg_m = 40_000.0, 1_000.0
    middle, bend_m = Position(10, 60), leg_m / np.radians(degrees)
    line = [GEOD.fwd(*middle, degrees * i, bend_m)[:2] for i in range(101)]
    corridor = Corridor(at(*line), 2 * reach)
    for here, ahead in zip(line[40:60:6], line[41:60:6], strict=True):
        azimuth, _, length = GEOD.inv(*here, *ahead)
        lon, lat, back = GEOD.fwd(*here, azimuth, length / 2)
        for bearing in (back - 90, back + 90):
            near, far = (GEOD.fwd(lon, lat, bearing, reach + d)[:2] for d in (-0.01, 0.01))
            assert corridor.contains(*near)
            assert not corridor.contains(*far)


def test_buffers_add_up() -> None:
    polygon = Polygon(BOX)
    assert polygon.buffer(1000).buffer(500) == polygon.buffer(1500)
    route = at((36, 35), (37, 36))
    assert Corridor(route, 1000).buffer(500) == Corridor(route, 2000)


# moving, records, areas in common

KINDS: list[Footprint] = [
    Circle(Position(36.7, 36.3), 6000),
    Polygon(BOX, (HOLE,)),
    Polygon(BOX, edges=Edges.PARALLEL),
    Corridor(at((36, 35), (37, 36), (38, 35)), 10_000),
    Corridor(at((36, 35), (37, 36), (38, 35)), 10_000, Edges.STRAIGHT),
    Polygon(BOX, (HOLE,)).buffer(2500),
]


@pytest.mark.parametrize("footprint", KINDS)
def test_footprints_are_values(footprint: Footprint) -> None:
    again = Footprint.from_record(footprint.to_record())
    assert again == footprint
    assert hash(again) == hash(footprint)
    assert again.to_record() == footprint.to_record()
    assert footprint.area_km2 > 0
    assert pickle.loads(pickle.dumps(footprint)) == footprint  # noqa: S301 - our own


@pytest.mark.parametrize("footprint", KINDS)
def test_moving_keeps_the_shape(footprint: Footprint) -> None:
    for bearing, metres in [(45, 9000), (190, 2_000_000), (0, 6_000_000)]:
        moved = footprint.moved(bearing, metres)
        centre = GEOD.fwd(*footprint.cap.centre, bearing, metres)[:2]
        assert GEOD.inv(*centre, *moved.cap.centre)[2] < 0.01 * footprint.cap.radius_m
        assert moved.area_km2 == pytest.approx(footprint.area_km2, rel=0.003)
        if isinstance(footprint, Polygon) and isinstance(moved, Polygon):
            rings = (footprint.exterior, *footprint.holes)
            assert [corners(path, closed=True) for path in moved.paths] == [len(r) for r in rings]
        if isinstance(footprint, Corridor) and isinstance(moved, Corridor):
            assert corners(moved.path, closed=False) == len(footprint.route)


@pytest.mark.parametrize("footprint", KINDS)
def test_arrays_are_answered_place_by_place(footprint: Footprint) -> None:
    lon, lat = np.array([36.7, 36.2, -36.7]), np.array([36.3, 36.2, -36.3])
    one_by_one = [footprint.contains(float(x), float(y)) for x, y in zip(lon, lat, strict=True)]
    assert footprint.contains(lon, lat).tolist() == one_by_one


def test_what_is_covered_has_no_uncovered_area() -> None:
    raid = Circle(Position(36.7, 36.3), 6000)
    assert uncovered_area_km2(raid, []) == raid.area_km2
    assert uncovered_area_km2(raid, [raid]) == 0
    assert uncovered_area_km2(raid, [raid.buffer(40_000)]) == 0
    assert uncovered_area_km2(raid, [Circle(Position(40, 36.3), 6000)]) == raid.area_km2
    box = Polygon(BOX)
    halves = [
        Polygon(at((36, 36), (36.5, 36), (36.5, 37), (36, 37)), edges=Edges.STRAIGHT),
        Polygon(at((36.5, 36), (37, 36), (37, 37), (36.5, 37)), edges=Edges.STRAIGHT),
    ]
    straight = Polygon(BOX, edges=Edges.STRAIGHT)
    assert uncovered_area_km2(straight, halves) == 0
    assert uncovered_area_km2(straight, halves[:1]) == pytest.approx(halves[1].area_km2, rel=1e-6)
    assert uncovered_area_km2(box, [box.buffer(10)]) == 0
    assert uncovered_area_km2(box.buffer(10), [box]) == pytest.approx(
        box.buffer(10).area_km2 - box.area_km2, rel=1e-6
    )
    assert covers(box.buffer(10), box)
    assert not covers(box, box.buffer(10))


def test_areas_in_common_add_up() -> None:
    circle, box = Circle(Position(36, 36.5), 30_000), Polygon(BOX)
    common = common_area_km2(circle, box)
    assert common == pytest.approx(common_area_km2(box, circle), rel=1e-9)
    assert common + uncovered_area_km2(box, [circle]) == pytest.approx(box.area_km2, rel=1e-9)
    assert common + uncovered_area_km2(circle, [box]) == pytest.approx(circle.area_km2, rel=1e-9)


def test_the_area_of_what_is_cut_into_tiles_is_whole() -> None:
    ocean = Polygon(ring_round(-150, 20, 4_000_000, 9))
    half = Polygon(ring_round(-150, 20, 2_000_000, 9))
    assert len(ocean.region.tiles) > 10
    assert uncovered_area_km2(ocean, [half]) == pytest.approx(
        ocean.area_km2 - half.area_km2, rel=1e-7
    )
    assert common_area_km2(ocean, half) == pytest.approx(half.area_km2, rel=1e-7)


@pytest.mark.parametrize("lon", [100.0, 179.0, -171.0])
def test_a_hole_on_the_other_side_of_the_earth_lies_outside(lon: float) -> None:
    hole = tuple(Position(lon + x, -46.0 + y) for x, y in ((0.0, 0.0), (0.2, 0.0), (0.2, 0.2)))
    exterior = tuple(Position(7.0 + x, 46.0 + y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)))
    with pytest.raises(GeometryError, match="hole 1 lies outside its exterior"):
        Polygon(exterior, (hole,))
