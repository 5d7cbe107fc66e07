import pickle
from itertools import pairwise

import numpy as np
import pytest

from sim.errors import GeometryError
from sim.geometry.altitude import Reference
from sim.geometry.frames import PIECE_M
from sim.geometry.track import Track
from sim.units import Position
from tests.geometry.oracle import GEOD, state

ROUTE = [Position(36, 35), Position(37, 36), Position(39, 36), Position(39, 36.5)]


def patrol() -> Track:
    return Track.along(ROUTE, [1000, 2000, 2000, 500], [100, 200, 150], departs=60)


def test_legs_take_the_time_that_their_lengths_need() -> None:
    lengths = [GEOD.inv(*a, *b)[2] for a, b in pairwise(ROUTE)]
    track = patrol()
    assert track.start == 60
    assert np.diff(track.time) == pytest.approx(np.array(lengths) / [100, 200, 150])
    assert track.length_m == pytest.approx(sum(lengths))


def test_the_state_lies_on_the_geodesic() -> None:
    track = patrol()
    for t in np.linspace(track.start, track.end, 57):
        assert track.at(float(t)) == pytest.approx(state(track, float(t)), abs=1e-9)
    lon, lat = track.places(track.time)
    assert lon == pytest.approx(track.lon)
    assert lat == pytest.approx(track.lat)


def test_before_and_after_a_track_nothing_is_there() -> None:
    track = patrol()
    assert track.at(track.end) == (39, 36.5, 500)
    for t in (track.start - 1, track.end + 1):
        with pytest.raises(GeometryError, match="nothing is there"):
            track.at(t)


def test_a_cut_and_its_rest_join_to_the_whole() -> None:
    track = patrol()
    middle = (track.start + track.end) / 2
    whole = track.cut(track.start, middle).then(track.cut(middle, track.end))
    assert whole.at(middle) == track.at(middle)
    assert whole.length_m == pytest.approx(track.length_m, abs=1e-6)
    assert track.cut(-1e9, 1e9) == track
    assert len(track.cut(middle, middle)) == 1
    with pytest.raises(GeometryError, match="no part"):
        track.cut(track.end + 1, track.end + 2)


def test_a_shift_moves_nothing_but_the_times() -> None:
    track = patrol()
    later = track.shifted(3600)
    assert later.at(5000) == pytest.approx(track.at(1400), rel=1e-14)
    assert later.start == 3660
    assert track.shifted(0) == track


def test_joining_bridges_time_and_refuses_jumps() -> None:
    track = patrol()
    held = track.then(Track([track.end + 600], [39], [36.5], [500]))
    assert held.at(track.end + 300) == (39, 36.5, 500)
    with pytest.raises(GeometryError, match="jump"):
        track.then(Track([track.end], [38], [36.5], [500]))
    with pytest.raises(GeometryError, match="cannot go on"):
        track.then(track)
    with pytest.raises(GeometryError, match="FL"):
        track.then(Track([track.end], [39], [36.5], [500], Reference.FL))


def test_a_step_in_altitude_survives_a_cut_and_a_join() -> None:
    low = Track([0, 100], [36, 36.1], [35, 35], [1000, 1000])
    stepped = low.then(Track([100, 200], [36.1, 36.2], [35, 35], [2000, 2000]))
    assert stepped.at(50).altitude_m == 1000
    assert stepped.at(100).altitude_m == 2000
    assert stepped.cut(0, 100).at(99).altitude_m == 1000


def test_equality_and_records_are_by_value() -> None:
    track = patrol()
    assert Track.from_record(track.to_record()) == track
    again = pickle.loads(pickle.dumps(track))  # noqa: S301 - our own
    assert again == track
    assert again.at(track.end) == track.at(track.end)
    for one in (track, again, again.shifted(1)):
        with pytest.raises(ValueError, match="read-only"):
            one.time[0] = 0
    assert len({track, patrol()}) == 1
    assert track != track.shifted(1)
    assert track != "a track"


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: Track([], [], [], []), "at least 1"),
        (lambda: Track([0], [0, 1], [0, 1], [0, 1]), "one length"),
        (lambda: Track([0, np.nan], [0, 1], [0, 1], [0, 1]), "time of point 1"),
        (lambda: Track([0, 1], [0, 1], [0, np.inf], [0, 1]), "lat of point 1"),
        (lambda: Track([1, 0], [0, 1], [0, 1], [0, 1]), "before point 0"),
        (lambda: Track([0, 1], [0, 1], [0, 91], [0, 1]), "not on Earth"),
        (lambda: Track([0, 1], [0, 180], [0, 0], [0, 1]), "antipodes"),
        (lambda: Track([0], [0], [0], [0], Reference.SFC), "SFC"),
        (lambda: Track.along([], 0, 1, 0), "at least one"),
        (lambda: Track.along(ROUTE, 0, [1, 2], 0), "one speed or 3"),
        (lambda: Track.along(ROUTE, 0, 0, 0), "positive"),
        (lambda: patrol().shifted(float("nan")), "shifted"),
    ],
)
def test_nonsense_is_refused(make: object, fault: str) -> None:
    with pytest.raises(GeometryError, match=fault):
        make()  # type: ignore[operator]


def test_pieces_are_short_and_join() -> None:
    track = Track.along([Position(170, 80), Position(-100, 85), Position(-100, 85)], 0, 200, 0)
    hold = track.then(Track([track.end + 60], [-100], [85], [0]))
    pieces = hold.ways
    _, begin, end = pieces.along(slice(None))
    assert (end - begin).max() <= PIECE_M * 1.000_001
    assert (end - begin <= 2 * pieces.reach_m).all()
    assert pieces.begin_share[0] == 0
    assert np.array_equal(pieces.lon0[1:-1], pieces.lon1[:-2])
    assert (pieces.begin_share[-1], pieces.end_share[-1]) == (0, 1)
    assert end[-2] == hold.legs.distance[0]
