"""What must hold whatever the shapes and tracks are."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.geometry.crossing import find_crossings
from sim.geometry.footprint import Circle, Corridor, Footprint, Polygon
from sim.geometry.overlap import find_overlaps
from sim.geometry.relations import meet
from sim.geometry.track import Track
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.oracle import ANY_ALTITUDE, GEOD, msl

# Places are given as bearing and distance from a centre, so that the same scene
# can be laid anywhere: on the equator, over the antimeridian, round a pole.

Pair = tuple[float, float]
Spots = list[Pair]
spots = st.tuples(st.floats(0, 360), st.floats(0, 150_000))
routes = st.lists(spots, min_size=2, max_size=4)
scenes = st.sampled_from([(36.0, 35.0), (180.0, 0.0), (-179.9, 60.0), (0.0, 90.0), (50.0, -90.0)])
kinds = st.sampled_from(["circle", "star", "holed", "corridor"])
sizes = st.floats(2000, 100_000)
few = settings(max_examples=60, deadline=None, derandomize=True)


def lay(centre: Pair, places: Spots) -> list[Position]:
    return [Position(*GEOD.fwd(*centre, azimuth, metres)[:2]) for azimuth, metres in places]


def make(kind: str, centre: Pair, size: float) -> Footprint:
    if kind == "circle":
        return Circle(Position(*centre), size)
    if kind == "corridor":
        return Corridor(tuple(lay(centre, [(10, size), (70, size / 3), (200, size)])), size / 2)
    star = lay(centre, [(36.0 * k, size * (1 if k % 2 else 0.45)) for k in range(10)])
    hole = lay(centre, [(120.0 * k, size / 5) for k in range(3)])
    return Polygon(tuple(star), (tuple(hole),) if kind == "holed" else ())


def fly(centre: Pair, route: Spots, climb: float = 0.0) -> Track:
    places = lay(centre, route)
    return Track.along(places, np.linspace(3000, 3000 + climb, len(places)), 220, departs=0)


def stays(track: Track, *volumes: Volume) -> list[Pair]:
    return [(c.entry, c.exit) for c in find_crossings([track], volumes)]


def lasting(found: list[Pair], least: float = 0.5) -> list[float]:
    """Leave out grazes, which a millimetre can end."""
    return [t for entry, end in found for t in (entry, end) if end - entry > least]


@few
@given(kinds, sizes, scenes, routes)
def test_a_track_flown_backwards_crosses_backwards(
    kind: str, size: float, centre: Pair, route: Spots
) -> None:
    volume = Volume(make(kind, centre, size), ANY_ALTITUDE)
    track = fly(centre, route)
    back = Track(
        track.end - track.time[::-1], track.lon[::-1], track.lat[::-1], track.altitude_m[::-1]
    )
    there, again = stays(track, volume), stays(back, volume)
    mirrored = [(track.end - end, track.end - entry) for entry, end in again][::-1]
    assert lasting(mirrored) == pytest.approx(lasting(there), abs=2e-3)


@few
@given(kinds, sizes, scenes, routes, st.floats(0.01, 0.99))
def test_splitting_a_leg_changes_nothing(
    kind: str, size: float, centre: Pair, route: Spots, share: float
) -> None:
    volume = Volume(make(kind, centre, size), msl(3200, 3800))
    track = fly(centre, route, climb=1000)
    t = track.start + share * (track.end - track.start)
    split = track.cut(track.start, t).then(track.cut(t, track.end))
    assert lasting(stays(split, volume)) == pytest.approx(lasting(stays(track, volume)), abs=2e-3)


@few
@given(kinds, sizes, scenes, routes, st.floats(-1e6, 1e6))
def test_a_shift_in_time_shifts_the_stays(
    kind: str, size: float, centre: Pair, route: Spots, shift: float
) -> None:
    footprint = make(kind, centre, size)
    track = fly(centre, route)
    window = (100.0, 900.0)
    found = stays(track, Volume(footprint, ANY_ALTITUDE, window))
    later = Volume(footprint, ANY_ALTITUDE, (window[0] + shift, window[1] + shift))
    moved = [(entry - shift, end - shift) for entry, end in stays(track.shifted(shift), later)]
    assert lasting(moved) == pytest.approx(lasting(found), abs=1e-6)


@few
@given(kinds, sizes, st.sampled_from([0.0, 35.0, -72.0, 89.0]), routes, st.floats(-360, 360))
def test_a_turn_of_the_globe_changes_nothing(
    kind: str, size: float, lat: float, route: Spots, turn: float
) -> None:
    """WGS84 is a body of revolution: all longitudes are alike, the antimeridian among them."""
    here, there = (0.0, lat), ((turn + 180) % 360 - 180, lat)
    found, moved = (
        stays(fly(centre, route), Volume(make(kind, centre, size), ANY_ALTITUDE))
        for centre in (here, there)
    )
    assert lasting(moved) == pytest.approx(lasting(found), abs=3e-3)


@few
@given(kinds, sizes, scenes, routes)
def test_stays_are_inside_and_what_lies_between_is_outside(
    kind: str, size: float, centre: Pair, route: Spots
) -> None:
    footprint = make(kind, centre, size)
    track = fly(centre, route)
    times = [track.start, *(t for s in stays(track, Volume(footprint, ANY_ALTITUDE)) for t in s)]
    inside = False
    for begin, end in zip(times, [*times[1:], track.end], strict=True):
        if end - begin > 0.01:
            for share in (0.02, 0.5, 0.98):
                here = track.at(begin + share * (end - begin))
                depth = footprint.depth(here.lon, here.lat)
                assert depth > -0.01 if inside else depth < 0.01
        inside = not inside


@few
@given(kinds, kinds, sizes, sizes, scenes, spots)
def test_meeting_is_symmetric_and_agrees_with_flying_in(
    kind: str,
    other: str,
    size: float,
    reach: float,
    centre: Pair,
    spot: Pair,
) -> None:
    first = make(kind, centre, size)
    (there,) = lay(centre, [spot])
    second = make(other, there, reach)
    assert meet(first, second) == meet(second, first)
    pair = [Volume(first, ANY_ALTITUDE), Volume(second, ANY_ALTITUDE)]
    overlaps = find_overlaps(pair, area=True)
    assert len(overlaps) == len(find_overlaps(pair[::-1]))
    if len(overlaps):
        smaller = min(first.area_km2, second.area_km2)
        assert -1e-9 <= overlaps.area_km2[0] <= smaller * (1 + 1e-6)


@few
@given(kinds, sizes, scenes, st.floats(10, 50_000), spots)
def test_a_buffer_is_what_lies_nearer(
    kind: str, size: float, centre: Pair, metres: float, spot: Pair
) -> None:
    footprint = make(kind, centre, size)
    (place,) = lay(centre, [spot])
    depth = footprint.depth(*place)
    assume(abs(depth + metres) > 0.02)
    assert footprint.buffer(metres).contains(*place) == (depth > -metres)


@few
@given(kinds, sizes, scenes, spots)
def test_the_way_out_ends_on_the_border(kind: str, size: float, centre: Pair, spot: Pair) -> None:
    footprint = make(kind, centre, size)
    (place,) = lay(centre, [spot])
    out, metres = footprint.way_out(*place)
    assert footprint.depth(*out) == pytest.approx(0, abs=0.01)
    assert GEOD.inv(*place, *out)[2] == pytest.approx(metres, abs=1e-6)
    assert abs(footprint.depth(*place)) == pytest.approx(metres, abs=1e-6)
