"""Many tracks through many volumes: the answers are those for each pair alone, to the bit."""

from __future__ import annotations

from dataclasses import astuple
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.errors import VerticalError
from sim.geometry import cells, nearby, planes
from sim.geometry.altitude import Band, Limit, Reference, Vertical
from sim.geometry.crossing import find_crossings
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.frames import PIECE_M
from sim.geometry.points import Points
from sim.geometry.spaces import Spaces
from sim.geometry.stays import Flight
from sim.geometry.track import Track
from sim.geometry.tracks import Tracks
from sim.geometry.volume import Volume
from sim.geometry.volumes import Volumes
from sim.geometry.ways import cut
from sim.units import Position
from tests.geometry.oracle import ANY_ALTITUDE, GEOD, msl

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = tuple[object, ...]

# Where things gather, so that many meet: poles, the antimeridian, the equator.
PLACES = [(0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-179.9, 60.0), (36.0, 35.0), (0.0, 0.0)]
HOURS = 14_400.0
VERTICAL = Vertical(terrain_m=100, geoid_m=20, qnh_hpa=1000)


def spot(rng: np.random.Generator, spread_m: float) -> Position:
    centre = PLACES[rng.integers(len(PLACES))]
    return Position(*GEOD.fwd(*centre, rng.uniform(0, 360), spread_m * rng.random())[:2])


def flown(rng: np.random.Generator) -> Track:
    """Turn and climb, mostly on short legs; now and then hover, jump, or cross an ocean."""
    lon, lat = spot(rng, 200_000)
    time, heading, level = rng.uniform(0, HOURS), rng.uniform(0, 360), rng.uniform(0, 9000)
    rows = [(time, lon, lat, level)]
    for _ in range(rng.integers(0, 40)):
        kind = rng.choice(["leg", "hover", "jump", "ocean"], p=[0.87, 0.05, 0.05, 0.03])
        length = {"leg": 12_000.0, "hover": 0.0, "jump": 5000.0, "ocean": 4e6}[kind]
        heading += rng.normal(0, 20)
        lon, lat, _ = GEOD.fwd(lon, lat, heading, length * rng.random())
        time += 0.0 if kind == "jump" else max(30.0, length / 200) * rng.random()
        level = level if rng.random() < 0.5 else rng.uniform(0, 9000)
        rows.append((time, lon, lat, level))
    times, lons, lats, levels = np.array(rows).T
    return Track(times, lons, lats, levels, rng.choice([Reference.MSL, Reference.FL]))


def footprint(rng: np.random.Generator) -> Footprint:
    centre, size = spot(rng, 200_000), float(np.exp(rng.uniform(np.log(5e3), np.log(2e5))))
    if rng.random() < 0.06:
        size = rng.uniform(1e6, 4e6)
    around = [
        Position(*GEOD.fwd(*centre, 360 * k / 14, size * (0.5 if k % 2 else 1.0))[:2])
        for k in range(14)
    ]
    kind = rng.choice(["circle", "polygon", "polygon", "corridor"])
    if kind == "polygon":
        return Polygon(tuple(around))
    return Circle(centre, size) if kind == "circle" else Corridor(tuple(around[:3]), size / 4)


def zone(rng: np.random.Generator, shape: Footprint) -> Volume:
    low, opens = rng.uniform(-500, 6000), rng.uniform(-3600, HOURS)
    reference = rng.choice([Reference.MSL, Reference.FL, Reference.AGL])
    bounded = Band(Limit(reference, low), Limit(reference, low + rng.uniform(300, 5000)))
    window = (opens, opens + rng.uniform(600, 4 * 3600))
    return Volume(
        shape,
        bounded if rng.random() < 0.7 else ANY_ALTITUDE,
        window if rng.random() < 0.6 else (-inf, inf),
    )


def scene(seed: int, tracks: int = 100, volumes: int = 60) -> tuple[list[Track], list[Volume]]:
    rng = np.random.default_rng(seed)
    shapes = [footprint(rng) for _ in range(volumes * 3 // 4)]
    zones = [zone(rng, shapes[k % len(shapes)]) for k in range(volumes)]  # some share a footprint
    return [flown(rng) for _ in range(tracks)], zones


def rows(tracks: Sequence[Track], volumes: Sequence[Volume]) -> list[Row]:
    return [astuple(one) for one in find_crossings(tracks, volumes, VERTICAL)]


def pair_by_pair(tracks: Sequence[Track], volumes: Sequence[Volume]) -> list[Row]:
    return [
        (t, v, *row[2:])
        for t, track in enumerate(tracks)
        for v, volume in enumerate(volumes)
        for row in rows([track], [volume])
    ]


@pytest.fixture
def no_short_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few tracks and volumes, too, be found by way of cells."""
    monkeypatch.setattr(nearby, "_FEW_PAIRS", 0)
    monkeypatch.setattr(cells, "_MOST_PAIRS", 1)


@pytest.mark.parametrize("seed", range(6))
def test_many_are_as_each_pair_alone(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tracks, volumes = scene(seed)
    expected = pair_by_pair(tracks, volumes)
    assert len(expected) > 100
    assert rows(tracks, volumes) == expected
    monkeypatch.setattr(nearby, "_FEW_PAIRS", 0)
    assert rows(tracks, volumes) == expected
    monkeypatch.setattr(cells, "_MOST_PAIRS", 1)
    assert rows(tracks, volumes) == expected
    ready = Tracks.of(tracks).prepare()
    zones = Volumes.of(volumes)
    assert rows(ready, zones) == rows(ready, zones) == rows(ready, volumes) == expected


@pytest.mark.usefixtures("no_short_cuts")
@pytest.mark.parametrize("most", [1, 7, 1000])
def test_how_the_work_is_shared_out_changes_nothing(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks, volumes = scene(11)
    expected = rows(tracks, volumes)
    monkeypatch.setattr("sim.geometry.tracks._MOST_POINTS", most)
    monkeypatch.setattr(nearby, "_MOST_PAIRS", 10 * most)
    monkeypatch.setattr(nearby, "_MOST_WAYS", most)
    monkeypatch.setattr(planes, "_MOST_CELLS", most)
    assert rows(tracks, volumes) == expected
    monkeypatch.setattr(cells, "_MOST_CELLS", 0)  # every volume is compared with everything
    assert rows(tracks, volumes) == expected


@pytest.mark.usefixtures("no_short_cuts")
def test_the_order_of_tracks_and_volumes_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    tracks, volumes = scene(12)
    new, of = rng.permutation(len(tracks)), rng.permutation(len(volumes))
    shuffled = rows([tracks[t] for t in new], [volumes[v] for v in of])
    back = sorted((int(new[t]), int(of[v]), *rest) for t, v, *rest in shuffled)  # type: ignore[call-overload]
    assert back == rows(tracks, volumes)


@pytest.mark.usefixtures("no_short_cuts")
def test_altitudes_are_compared_only_where_a_track_comes_near() -> None:
    """Without settings a pair alone raises or not; all together raise if one does."""
    tracks, volumes = scene(13, tracks=60, volumes=12)

    def raises(some: Sequence[Track], zones: Sequence[Volume]) -> bool:
        try:
            find_crossings(some, zones)
        except VerticalError:
            return True
        return False

    alone = np.array([[raises([t], [v]) for v in volumes] for t in tracks])
    assert 0 < alone.sum() < alone.size / 2
    for t, track in enumerate(tracks):
        assert raises([track], volumes) == alone[t].any()
    clear = [track for track, bad in zip(tracks, alone.tolist(), strict=True) if not any(bad)]
    assert clear
    assert not raises(clear, volumes)
    assert raises(tracks, volumes)


@pytest.mark.usefixtures("no_short_cuts")
@pytest.mark.parametrize("seed", range(4))
def test_no_way_that_meets_a_circle_in_time_and_altitude_is_missed(seed: int) -> None:
    """By the geodesic to the nearest point of every way from the centre of every circle."""
    rng = np.random.default_rng(seed)
    tracks = [track for track in (flown(rng) for _ in range(60)) if len(track) > 1]
    circles = [Circle(spot(rng, 400_000), rng.uniform(2e3, 6e5)) for _ in range(25)]
    opens = rng.uniform(0, HOURS, 25)
    spaces = Spaces(
        np.array([circle.cap.vector for circle in circles]),
        np.array([circle.radius_m for circle in circles]),
        np.where(rng.random(25) < 0.5, opens, -inf),
        np.where(rng.random(25) < 0.5, opens + 7200, inf),
        floor := rng.uniform(0, 5000, 25),
        floor + 3000,
    )
    points = Points.of(tracks)
    found = {
        (leg, share, volume)
        for flight, way, volumes in nearby.find_near(points, spaces)
        for leg, share, volume in zip(
            flight.ways.leg[way], flight.ways.begin_share[way], volumes, strict=True
        )
    }
    flight = Flight.of(points, ways := cut(points.lon, points.lat, np.flatnonzero(points.lasts())))
    met = 0
    for k, circle in enumerate(circles):
        legs, begin, end = ways.along(slice(None))
        _, metres = legs.nearest(*circle.center, begin, end)
        heights = np.stack([flight.low, flight.high])
        meets = (metres < circle.radius_m) & (flight.begin < spaces.closes[k])
        meets &= flight.end > spaces.opens[k]
        meets &= (heights.min(axis=0) < spaces.ceiling[k]) & (heights.max(axis=0) > spaces.floor[k])
        meeting = zip(ways.leg[meets], ways.begin_share[meets], strict=True)
        assert {(leg, share, k) for leg, share in meeting} <= found
        met += meets.sum()
    assert 0 < met <= len(found) < len(ways.leg) * len(circles) / 4


def test_no_tracks_no_volumes_and_only_single_points() -> None:
    tracks, volumes = scene(1, tracks=3, volumes=2)
    single = Track([0], [36], [35], [100])
    for some, zones in [([], []), ([], volumes), (tracks, []), ([single, single], volumes)]:
        assert rows(some, zones) == []
    assert find_crossings([], []).track.dtype == np.int64
    beside = rows([single, *tracks, single], volumes)
    assert [(int(t) - 1, *rest) for t, *rest in beside] == rows(tracks, volumes)  # type: ignore[call-overload]


def test_a_stay_of_many_legs_is_whole_however_they_are_shared_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearby, "_FEW_PAIRS", 0)
    monkeypatch.setattr(nearby, "_MOST_PAIRS", 2)
    lon = np.linspace(35, 37, 500)
    track = Track(np.arange(500.0), lon, np.full(500, 36.0), np.full(500, 3000.0))
    inside = Volume(Circle(Position(36, 36), 50_000), msl(0, 5000))
    (stay,) = find_crossings([track], [inside])
    assert (stay.entry_face, stay.exit_face) == ("side", "side")


def test_only_long_legs_are_cut() -> None:
    lon, lat = np.array([0.0, 0.1, 3.0, 3.0]), np.array([80.0, 80.0, 85.0, 85.0])
    ways = cut(lon, lat, np.arange(3))
    assert ways.leg.tolist() == [0, *[1] * (len(ways.leg) - 2), 2]
    _, begin, end = ways.along(slice(None))
    assert (end - begin).max() <= PIECE_M * 1.000_001
    assert np.array_equal(ways.lon0[2:-1], ways.lon1[1:-2])
    assert (ways.lon1[0], ways.lon1[-2], ways.lat1[-1]) == (0.1, 3.0, 85.0)


@pytest.mark.usefixtures("no_short_cuts")
def test_volumes_read_from_columns_are_crossed_like_those_made_one_by_one() -> None:
    rng = np.random.default_rng(3)
    tracks = [flown(rng) for _ in range(80)]
    made = [shape for shape in (footprint(rng) for _ in range(80)) if isinstance(shape, Polygon)]
    places = np.concatenate([shape.exterior for shape in made])
    starts = np.cumsum([0, *(len(shape.exterior) for shape in made)])
    low = rng.uniform(0, 5000, len(made))
    opens = rng.uniform(0, HOURS, len(made))
    lon, lat = places.T
    read = Volumes.polygons(
        lon, lat, starts, low, low + 3000, opens, opens + 7200, reference=Reference.FL
    )
    found = rows(tracks, read)
    assert len(found) > 20
    assert found == rows(tracks, list(read))
