"""The workloads are as described, and every peer that is installed agrees with us on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from pyproj import Geod

from tests.bench import crossings, ours, plane, workloads
from tests.bench.agreement import Agreement, Rows, compare_pairs, compare_stays, pair_keys
from tests.bench.peers import OVERLAP_PEERS, Peer
from tests.bench.track_peers import MOVINGPANDAS, PYMEOS, SHAPELY, sequences, trajectories

if TYPE_CHECKING:
    from tests.bench.plane import Paths, Scene

GEOD = Geod(ellps="WGS84")
SPACE = workloads.airspace(150)
SCENE = plane.scene(SPACE)
TRAFFIC = workloads.traffic(60)
PATHS = plane.paths(TRAFFIC)
WIDE_M = 1_009_000.0  # half the square, where the plane stretches most


def our_pairs() -> Any:
    return ours.keys(ours.overlaps(ours.read(SPACE), SPACE.group), len(SPACE))


def our_stays() -> Rows:
    return ours.stays(ours.tracks(TRAFFIC), ours.read(SPACE))


def needs(peer: Peer) -> Peer:
    if peer.missing:
        pytest.skip(peer.missing)
    return peer


def within(values: Any, low: float, high: float) -> bool:
    return bool((np.asarray(values) >= low).all() and (np.asarray(values) <= high).all())


def test_volumes_are_as_many_as_asked_and_within_their_ranges() -> None:
    assert len(SPACE) == 150
    assert len(SPACE.lon) == len(SPACE.lat) == SPACE.starts[-1]
    assert within(np.diff(SPACE.starts), 8, 32)
    assert within(SPACE.end - SPACE.start, 600, 14_400)
    assert within(SPACE.start, 0, 86_400)
    assert within(SPACE.end, 0, 86_400)
    feet = np.array([SPACE.lower_m, SPACE.upper_m]) / 0.3048
    assert within(np.diff(feet, axis=0), 999.999, 15_000.001)
    assert within(feet, 0, 60_000)
    assert within(SPACE.group, 0, 49)
    assert np.array_equal(SPACE.start, np.round(SPACE.start))


def test_footprints_reach_2_to_50_km_and_stay_in_the_square() -> None:
    reach = shapely.minimum_bounding_radius(SCENE.polygon)
    assert within(reach, 1_000, 52_500)  # a star reaches from its middle to its farthest vertex
    middle = np.full_like(SPACE.lon, 38.0), np.full_like(SPACE.lon, 36.0)
    azimuth, _, distance = GEOD.inv(middle[0], middle[1], SPACE.lon, SPACE.lat)
    east, north = (distance * f(np.radians(azimuth)) for f in (np.sin, np.cos))
    assert within([east, north], -WIDE_M, WIDE_M)


def test_rings_are_simple_counter_clockwise_and_never_convex() -> None:
    assert shapely.is_valid(SCENE.polygon).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(SCENE.polygon)).all()
    filled = shapely.area(SCENE.polygon) / shapely.area(shapely.convex_hull(SCENE.polygon))
    assert (filled < 0.99).all()


def test_tracks_are_as_described() -> None:
    assert len(TRAFFIC) == 60
    assert within(np.diff(TRAFFIC.starts) - 1, 20, 200)
    leg = PATHS.leg
    lasting = TRAFFIC.time[leg + 1] - TRAFFIC.time[leg]
    assert within(lasting, 15, 60)
    assert within(TRAFFIC.time, 0, 86_400)
    ends = (TRAFFIC.lon[leg], TRAFFIC.lat[leg], TRAFFIC.lon[leg + 1], TRAFFIC.lat[leg + 1])
    assert within(GEOD.inv(*ends)[2] / lasting * 3.6, 400, 900)
    assert within(TRAFFIC.altitude_m, 0, 60_000 * 0.3048)
    assert (np.diff(TRAFFIC.altitude_m[:20]) != 0).any()
    assert TRAFFIC.legs == len(leg)
    assert len(TRAFFIC.first(5)) == 5


def test_a_workload_is_the_same_every_time() -> None:
    again, flown = workloads.airspace(150), workloads.traffic(60)
    assert np.array_equal(again.lon, SPACE.lon)
    assert np.array_equal(flown.lon, TRAFFIC.lon)
    assert not np.array_equal(workloads.airspace(150, seed=3).start, SPACE.start)


@pytest.mark.parametrize("peer", OVERLAP_PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore")  # what other libraries warn of is theirs
def test_peers_find_our_overlaps(peer: Peer) -> None:
    found = our_pairs()
    assert len(found)
    assert not compare_pairs(found, needs(peer).find(SCENE), SCENE).wrong


def stays_of(peer: Peer) -> Rows:
    made: Any = {PYMEOS: lambda: (sequences(SCENE, PATHS),)}
    made |= {MOVINGPANDAS: lambda: (trajectories(PATHS),)}
    rows: Rows = peer.find(SCENE, PATHS, *made.get(peer, lambda: ())())
    return rows


@pytest.mark.parametrize("peer", [SHAPELY, PYMEOS, MOVINGPANDAS], ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore")
def test_peers_find_our_stays(peer: Peer) -> None:
    found = our_stays()
    assert len(found.track)
    agreed = compare_stays(found, stays_of(needs(peer)), SCENE, PATHS)
    assert not agreed.wrong
    assert agreed.same == len(found.track)


def square(west: float) -> Any:
    return shapely.box(west, 0.0, west + 100.0, 100.0)


def two_squares(gap: float) -> Scene:
    polygon = np.array([square(0.0), square(100.0 + gap)])
    zero, one, group = np.zeros(2), np.full(2, 1000.0), np.arange(2)
    return plane.Scene(polygon, shapely.bounds(polygon), zero, one, zero, one, group)


@pytest.mark.parametrize(
    ("gap", "is_shallow"), [(-0.02, False), (-0.005, True), (0.005, True), (0.02, False)]
)
def test_only_a_centimetre_excuses_a_pair(gap: float, is_shallow: bool) -> None:
    scene = two_squares(gap)
    ours_, theirs = pair_keys(np.array([0]), np.array([1]), 2), np.empty(0, np.int64)
    agreed = compare_pairs(ours_, theirs, scene)
    assert (len(agreed.shallow), len(agreed.wrong)) == (is_shallow, not is_shallow)


def one_path(y: float) -> Paths:
    place = np.array([[-100.0, y], [200.0, y]])
    track = np.array([0])
    time, altitude = np.array([0.0, 300.0]), np.full(2, 500.0)
    return plane.Paths(time, place, altitude, np.array([0, 2]), track, track)


def rows(*times: tuple[float, float]) -> Rows:
    entry, exit_ = np.array(times).reshape(-1, 2).T
    none = np.zeros(len(times), np.int64)
    return Rows.sorted(none, none, entry, exit_)


@pytest.mark.parametrize(
    ("y", "theirs", "expected"),
    [
        (50.0, [(100.0, 200.0)], Agreement(1)),
        (50.0, [(100.0, 200.03125)], Agreement(1, worst_s=0.03125)),
        (50.0, [(100.0, 150.0), (150.0078125, 200.0)], Agreement(1, worst_s=0.0078125)),
        (50.0, [], Agreement(0, wrong=("track 0 in volume 0, 100.000 s to 200.000 s",))),
        (0.005, [], Agreement(0, shallow=("track 0 in volume 0, 100.000 s to 200.000 s",))),
    ],
)
def test_only_an_instant_or_a_centimetre_excuses_a_stay(
    y: float, theirs: list[tuple[float, float]], expected: Agreement
) -> None:
    found = compare_stays(rows((100.0, 200.0)), rows(*theirs), two_squares(1.0), one_path(y))
    assert found == expected


def test_a_slow_peer_gets_the_first_tracks_alone() -> None:
    few = plane.paths(TRAFFIC.first(3))
    parties = crossings.peer_parties(SCENE, PATHS, few)
    assert {party.size for party in parties} <= {len(PATHS.leg), len(few.leg)}
    assert set(our_stays().of(3).track.tolist()) <= {0, 1, 2}
