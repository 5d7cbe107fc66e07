"""Visits: what one track alone does in one volume is what columns of many find, to the bit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import product
from math import inf

import numpy as np
import pytest

from sim.errors import VerticalError
from sim.geometry import ground
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.crossing import find_crossings
from sim.geometry.footprint import Circle
from sim.geometry.track import Track
from sim.geometry.visits import ALWAYS, entry_state, find_visits, look_ahead
from sim.geometry.volume import Volume
from sim.units import Position
from tests.geometry.oracle import ANY_ALTITUDE
from tests.geometry.test_many_crossings import VERTICAL, scene

Row = tuple[float, ...]


def level(track: Track) -> Track:
    """Most of what flies keeps its level."""
    high = np.full(len(track.time), track.altitude_m[0])
    return Track(track.time, track.lon, track.lat, high, track.reference)


def crossed(tracks: list[Track], volumes: list[Volume]) -> dict[tuple[int, int], list[Row]]:
    found: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
    for one in find_crossings(tracks, volumes, VERTICAL):
        state = one.entry_lon, one.entry_lat, one.entry_altitude_m
        found[one.track, one.volume].append((one.entry, one.exit, *state))
    return found


def visited(tracks: list[Track], volumes: list[Volume]) -> dict[tuple[int, int], list[Row]]:
    found: dict[tuple[int, int], list[Row]] = {}
    for (t, track), (v, volume) in product(enumerate(tracks), enumerate(volumes)):
        visits = find_visits(track, volume, VERTICAL)
        if visits:
            found[t, v] = [(one.entry, one.exit, *entry_state(track, one)) for one in visits]
    return found


@pytest.mark.parametrize("seed", range(20, 26))
def test_a_visit_is_the_crossing_of_the_pair(seed: int) -> None:
    tracks, volumes = scene(seed)
    tracks = [track if k % 2 else level(track) for k, track in enumerate(tracks)]
    expected = crossed(tracks, volumes)
    assert len(expected) > 50
    assert visited(tracks, volumes) == expected


def test_what_is_kept_with_the_ground_serves_another_time() -> None:
    tracks, volumes = scene(31)
    before = visited(tracks, volumes)
    later = [track.shifted(600.0) for track in tracks]
    assert visited(later, volumes) == crossed(later, volumes)
    assert visited(tracks, volumes) == before


@pytest.mark.parametrize("nearly_s", [0.0, 3600.0, inf])
def test_to_look_ahead_finds_what_each_alone_does(
    nearly_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks, volumes = scene(32)
    monkeypatch.setattr(ground, "_MOST", len(volumes))
    look_ahead(tracks, volumes, nearly_s)
    assert any(track.ground._inside for track in tracks)
    assert visited(tracks, volumes) == crossed(tracks, volumes)
    fresh = [Track(t.time, t.lon, t.lat, t.altitude_m, t.reference) for t in tracks]
    for (k, track), volume in product(enumerate(tracks), volumes):
        shape = volume.footprint
        assert track.ground.inside(shape) == fresh[k].ground.inside(shape)


def test_to_look_ahead_at_nothing_is_nothing() -> None:
    look_ahead([], [], 0.0)
    look_ahead([Track([0], [36.0], [36.0], [0])], [], 0.0)


def test_only_the_last_footprints_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "_MOST", 2)
    track = Track([0, 600], [36.0, 37.0], [36.0, 36.0], [3000, 3000])
    circles = [Circle(Position(36.2 + k / 10, 36.0), 5000.0) for k in range(5)]
    first = [track.ground.inside(circle) for circle in circles]
    assert len(track.ground._inside) == 2
    assert [track.ground.inside(circle) for circle in circles] == first


def test_a_window_of_its_own_stands_for_that_of_the_volume() -> None:
    track = Track([0, 600], [36.0, 37.0], [36.0, 36.0], [3000, 3000])
    circle = Volume(Circle(Position(36.5, 36.0), 20_000.0), ANY_ALTITUDE, (5000.0, 6000.0))
    assert find_visits(track, circle, None) == ()
    (whole,) = find_visits(track, circle, None, ALWAYS)
    (half,) = find_visits(track, circle, None, (300.0, inf))
    assert (half.entry, half.exit) == (300.0, whole.exit)
    assert find_visits(track, replace(circle, window=(300.0, inf)), None) == [half]


def test_a_level_track_on_the_floor_is_outside() -> None:
    track = Track([0, 600], [36.0, 37.0], [36.0, 36.0], [3000, 3000])
    above = Band(Limit(Reference.MSL, 3000.0), Limit(Reference.MSL, 4000.0))
    assert not find_visits(track, Volume(Circle(Position(36.5, 36.0), 20_000.0), above), None)


def test_altitudes_are_compared_only_where_the_track_comes_near() -> None:
    track = Track([0, 600], [36.0, 37.0], [36.0, 36.0], [3000, 3000], Reference.FL)
    band = Band(Limit(Reference.MSL, 0.0), Limit(Reference.MSL, 4000.0))
    far, near = (Volume(Circle(Position(lon, 36.0), 20_000.0), band) for lon in (40.0, 36.5))
    assert not find_visits(track, far, None)
    with pytest.raises(VerticalError, match=r"vertical\.qnh"):
        find_visits(track, near, None)
