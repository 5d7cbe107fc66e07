from itertools import combinations
from math import inf, nan

import numpy as np
import pytest

from sim.errors import GeometryError, VerticalError
from sim.geometry import pairing
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.footprint import Circle, Corridor, Edges, Footprint, Polygon
from sim.geometry.minima import Minima
from sim.geometry.overlap import find_overlaps
from sim.geometry.relations import common_area_km2, meet
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.oracle import ANY_ALTITUDE, GEOD, msl

CENTRES = [(36.0, 35.0), (180.0, 10.0), (25.0, 90.0), (-70.0, -60.0)]
SIZE = 10_000.0  # from the centre to the side that is turned to the other shape


def spot(lon: float, lat: float, azimuth: float, metres: float) -> Position:
    return Position(*GEOD.fwd(lon, lat, azimuth, metres)[:2])


def shape(kind: str, centre: Position, towards: float, size: float = SIZE) -> Footprint:
    """Make a shape whose border lies ``size`` from a centre in one direction, and backwards."""
    if kind == "circle":
        return Circle(centre, size)
    if kind == "corridor":
        ends = (spot(*centre, towards, -1e-3), spot(*centre, towards, 1e-3))
        return Corridor(ends, 2 * (size - 1e-3))
    face = spot(*centre, towards, size)
    onward = GEOD.inv(*face, *centre)[0] + 180
    right, left = (spot(*face, onward + turn, size) for turn in (90, -90))
    back = [spot(*centre, towards + 180 + turn, 1.3 * size) for turn in (45, -45)]
    holes: tuple[tuple[Position, ...], ...] = ()
    if kind == "holed":
        holes = (tuple(spot(*centre, towards + turn, size / 5) for turn in (0, 120, 240)),)
    return Polygon((right, left, *back), holes)


KINDS = ["circle", "polygon", "holed", "corridor"]
PAIRS = [(a, b) for a in KINDS for b in KINDS]


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize(("lon", "lat"), CENTRES)
@pytest.mark.parametrize(
    ("gap", "expected"),
    [(5000, False), (1, False), (0.011, False), (-0.012, True), (-1, True), (-9000, True)],
)
def test_sides_that_approach_meet_at_a_centimetre(
    first: str, second: str, lon: float, lat: float, gap: float, *, expected: bool
) -> None:
    """The shapes face each other along a geodesic, with a gap between them, or less than none."""
    here = Position(lon, lat)
    there = spot(lon, lat, 40, 2 * SIZE + gap)
    onward = GEOD.inv(*there, *here)[0]
    pair = shape(first, here, 40), shape(second, there, onward)
    assert meet(*pair) is expected
    assert meet(*pair[::-1]) is expected


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize(("lon", "lat"), CENTRES)
def test_nested_equal_and_inside_a_hole(first: str, second: str, lon: float, lat: float) -> None:
    here = Position(lon, lat)
    large, small, tiny = (
        shape(k, here, 40, s)
        for k, s in zip((first, second, second), (SIZE, 4000, 300), strict=True)
    )
    assert meet(large, small)
    assert meet(small, large)
    assert meet(large, shape(second, here, 40))
    in_hole = first == "holed"
    assert meet(large, tiny) is not in_hole
    assert meet(tiny, large) is not in_hole


def test_a_shared_edge_is_no_overlap() -> None:
    """On geodesics split alike and otherwise, and along a parallel."""
    a, b, c, d = (Position(*p) for p in [(36, 36), (38, 36.5), (38, 38), (36, 38)])
    below = Polygon((a, Position(37, 34), b))
    above = Polygon((a, b, c, d))
    assert not meet(above, below)
    longer = spot(*a, GEOD.inv(*a, *b)[0], 400_000)
    assert not meet(above, Polygon((a, Position(37, 34), longer)))
    north = Polygon((a, Position(40, 36), Position(40, 37)), edges=Edges.PARALLEL)
    south = Polygon((a, Position(37, 35), Position(38, 36)), edges=Edges.PARALLEL)
    assert not meet(north, south)
    assert meet(north, Polygon((a, Position(37, 35), Position(38, 36))))  # the geodesic bulges


def test_circles_on_both_sides_of_the_antimeridian_meet() -> None:
    east, west = Circle(Position(179.9995, 0), 100), Circle(Position(-179.9995, 0), 100)
    assert meet(east, west)  # their centres are 111 m apart
    assert not meet(Circle(Position(179.9995, 0), 50), Circle(Position(-179.9995, 0), 50))


@pytest.mark.parametrize("apart", [1_000_000, 6_000_000])
def test_large_footprints_meet_across_their_tiles(apart: float) -> None:
    here = Position(-150, 20)
    there = spot(*here, 70, 3_000_000 + apart)
    for gap, expected in [(-5, True), (5, False)]:
        one = Circle(here, 3_000_000)
        face = spot(*here, 70, 3_000_000 + gap)
        onward = GEOD.inv(*face, *here)[0] + 180
        sides = [spot(*face, onward + turn, apart / 2) for turn in (90, -90)]
        other = Polygon((*sides, spot(*there, onward, apart)))
        assert meet(one, other) is expected
        corridor = Corridor((spot(*face, onward + 90, 1e6), spot(*face, onward - 90, 1e6)), 8)
        assert meet(other, corridor)
    assert meet(Polygon(tuple(spot(*here, a, 3e6) for a in (0, 90, 180, 270))), Circle(here, 500))


def volume(
    footprint: Footprint, start: float = -inf, end: float = inf, band: Band = ANY_ALTITUDE
) -> Volume:
    return Volume(footprint, band, (start, end))


HERE = Circle(Position(36, 35), 10_000)


def test_pairs_are_listed_in_order_with_what_they_share() -> None:
    near = Circle(Position(36.1, 35), 10_000)
    far = Circle(Position(46, 35), 10_000)
    volumes = [
        volume(HERE, 0, 100),
        volume(far),
        volume(near, 50, 150),
        volume(HERE, band=msl(0, 9)),
    ]
    found = find_overlaps(volumes)
    assert [(o.first, o.second, o.start, o.end, o.lower_m, o.upper_m) for o in found] == [
        (0, 2, 50, 100, -inf, inf),
        (0, 3, 0, 100, 0, 9),
        (2, 3, 50, 150, 0, 9),
    ]
    assert np.isnan(found.area_km2).all()
    assert found.first.dtype == np.int64
    sizes = find_overlaps(volumes, area=True).area_km2
    assert sizes[0] == pytest.approx(common_area_km2(HERE, near))
    assert sizes[1] == pytest.approx(HERE.area_km2, rel=1e-7)


@pytest.mark.parametrize("minima", [None, Minima(6_000, 50, 30)])
@pytest.mark.parametrize("lot", [1, 7])
def test_overlaps_are_the_same_in_lots_of_any_size(
    monkeypatch: pytest.MonkeyPatch, lot: int, minima: Minima | None
) -> None:
    rng = np.random.default_rng(4)
    volumes = []
    for start, floor in rng.uniform(0, 200, (20, 2)).tolist():
        where = Circle(spot(36, 35, *rng.uniform(0, [360, 20_000]).tolist()), 5_000)
        volumes.append(volume(where, start, start + 80, msl(floor, floor + 80)))
    at_once = list(find_overlaps(volumes, minima=minima, area=True))
    monkeypatch.setattr(pairing, "_LOT", lot)
    assert list(find_overlaps(volumes, minima=minima, area=True)) == at_once
    assert len(at_once) > 20


def test_windows_are_half_open() -> None:
    volumes = [volume(HERE, 0, 3600), volume(HERE, 3600, 7200)]
    assert len(find_overlaps(volumes)) == 0


def test_lid_and_floor_are_half_open_too() -> None:
    volumes = [volume(HERE, band=msl(0, 1000)), volume(HERE, band=msl(1000, 2000))]
    assert len(find_overlaps(volumes)) == 0


def test_a_group_never_meets_itself() -> None:
    volumes = [volume(HERE)] * 4
    pairs = [(o.first, o.second) for o in find_overlaps(volumes, groups=[7, 2, 7, 2])]
    assert pairs == [(0, 1), (0, 3), (1, 2), (2, 3)]
    assert len(find_overlaps(volumes)) == 6
    assert len(find_overlaps([])) == 0
    with pytest.raises(GeometryError, match="4 volumes need as many groups"):
        find_overlaps(volumes, groups=[1])


def test_settings_are_asked_for_only_by_those_that_could_meet() -> None:
    levels = Band(Limit(Reference.SFC, 0), Limit(Reference.FL, 3048))
    high = Band(Limit(Reference.AGL, 1000), Limit(Reference.UNL, inf))
    apart = Circle(Position(90, 35), 10_000)
    one, other = volume(HERE, 0, 10, levels), volume(HERE, 5, 15, high)
    assert len(find_overlaps([one, volume(HERE, 10, 15, high)])) == 0
    assert len(find_overlaps([one, volume(apart, 5, 15, high)])) == 0
    assert len(find_overlaps([one, other], groups=[1, 1])) == 0
    with pytest.raises(VerticalError, match=r"FL100.*3281 ft AGL.*vertical\.qnh"):
        find_overlaps([one, other])
    settings = Vertical(terrain_m=400, qnh_hpa=1013.25)
    (found,) = find_overlaps([one, other], vertical=settings)
    assert (found.lower_m, found.upper_m) == (1400, 3048)
    assert len(find_overlaps([one, other], vertical=Vertical(2100, None, 1013.25))) == 0


def test_agrees_with_all_pairs_one_by_one() -> None:
    """All that share a sampled place are found, and no others but near misses of the samples."""
    rng = np.random.default_rng(11)
    volumes, groups = [], []
    for _ in range(60):
        centre = Position(*rng.uniform([179, -1], [181, 1]))
        kind = str(rng.choice(KINDS))
        start, floor = rng.uniform(0, 100), rng.uniform(0, 1000)
        made = shape(kind, centre, rng.uniform(0, 360), rng.uniform(3000, 30_000))
        volumes.append(volume(made, start, start + 40, msl(floor, floor + 500)))
        groups.append(int(rng.integers(0, 4)))
    candidates = [
        (i, j)
        for (i, a), (j, b) in combinations(enumerate(volumes), 2)
        if groups[i] != groups[j]
        and abs(a.window[0] - b.window[0]) < 40
        and abs(a.band.lower.metres - b.band.lower.metres) < 500
    ]
    found = {(o.first, o.second) for o in find_overlaps(volumes, groups)}
    shapes = [one.footprint for one in volumes]
    wider = [one.buffer(2500) for one in shapes]
    sampled = {(i, j) for i, j in candidates if share_a_sample(shapes[i], shapes[j])}
    nearly = {
        (i, j)
        for i, j in candidates
        if share_a_sample(shapes[i], wider[j]) or share_a_sample(wider[i], shapes[j])
    }
    assert sampled <= found <= nearly
    assert len(sampled) > 20
    assert len(nearly) < len(candidates)


def share_a_sample(first: Footprint, second: Footprint) -> bool:
    """Look for a common place on a grid over the smaller."""
    small, large = sorted((first, second), key=lambda f: f.cap.radius_m)
    lon, lat = small.cap.centre
    azimuth, share = np.meshgrid(np.arange(0, 360, 6.0), np.linspace(0, 1, 31))
    count = azimuth.size
    away = share.ravel() * small.cap.radius_m
    place = GEOD.fwd(np.full(count, lon), np.full(count, lat), azimuth.ravel(), away)
    return bool((small.contains(place[0], place[1]) & large.contains(place[0], place[1])).any())


@pytest.mark.parametrize("window", [(10, 10), (10, 5), (nan, 10)])
def test_a_window_starts_before_it_ends(window: tuple[float, float]) -> None:
    with pytest.raises(GeometryError, match="before it ends"):
        Volume(HERE, ANY_ALTITUDE, window)


def test_volumes_round_trip() -> None:
    for one in (volume(HERE), volume(HERE, 0.1, 1 / 3, msl(-1, 2))):
        assert Volume.from_record(one.to_record()) == one
