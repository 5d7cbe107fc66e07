"""Tracks as columns: the same as one by one, and what is no track is named."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy as np
import pytest

from sim.errors import GeometryError
from sim.geometry.altitude import Reference
from sim.geometry.track import Track
from sim.geometry.tracks import Tracks

REFERENCES = [Reference.MSL, Reference.FL, Reference.W84]


def some(seed: int, count: int = 12) -> list[Track]:
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        points = int(rng.integers(1, 9))
        columns = (rng.uniform(low, high, points) for low, high in ((-360, 360), (-90, 90), (0, 9)))
        lon, lat, altitude = columns
        time = np.cumsum(rng.integers(0, 3, points))
        made.append(Track(time, lon, lat, altitude, REFERENCES[rng.integers(3)]))
    return made


def columns(tracks: list[Track]) -> dict[str, Any]:
    names = ("time", "lon", "lat", "altitude_m")
    joined = {name: np.concatenate([getattr(one, name) for one in tracks]) for name in names}
    return joined | {"starts": np.cumsum([0, *(len(one) for one in tracks)])}


@pytest.mark.parametrize("most", [1, 5, 600_000])
@pytest.mark.parametrize("seed", range(3))
def test_tracks_come_back_as_they_went_in(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.geometry.tracks._MOST_POINTS", most)
    listed = some(seed)
    tracks = Tracks.of(listed)
    assert Tracks.of(tracks) is tracks
    assert list(tracks) == listed
    assert tracks[2:5] == listed[2:5]
    assert tracks[-1] == listed[-1]
    with pytest.raises(IndexError):
        tracks[len(listed)]
    for reference in REFERENCES:
        alike = [Track(t.time, t.lon, t.lat, t.altitude_m, reference) for t in listed]
        assert list(Tracks.columns(**columns(alike), reference=reference)) == alike


def test_no_tracks_at_all() -> None:
    assert list(Tracks.of([])) == list(Tracks.columns([], [], [], [], [0])) == []


def test_what_is_read_does_not_change_with_what_it_was_read_from() -> None:
    given = columns(some(0))
    tracks = Tracks.columns(**given)
    before = list(tracks)
    given["lon"][:] = 0.0
    assert list(tracks) == before


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [
        ("time", 4, -1.0),
        ("time", 3, nan),
        ("lon", 3, inf),
        ("lon", 5, 361.0),
        ("lat", 5, -90.5),
        ("altitude_m", 4, -inf),
        ("lon", 4, 181.0),
    ],
)
def test_a_track_that_is_none_is_refused_as_by_itself(name: str, at: int, value: float) -> None:
    given: dict[str, Any] = {
        "time": [50.0, 60.0, 0.0, 1.0, 2.0, 3.0, 0.0, 9.0],
        "lon": [0.0, 180.0, 0.0, 0.5, 1.0, 1.0, -1.0, 2.0],
        "lat": [1.0, 5.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        "altitude_m": [0.0] * 8,
    }
    starts = [0, 2, 6, 8]
    assert len(Tracks.columns(**given, starts=starts)) == 3
    given[name][at] = value
    with pytest.raises(GeometryError) as alone:
        Track(**{key: column[2:6] for key, column in given.items()})
    with pytest.raises(GeometryError) as together:
        Tracks.columns(**given, starts=starts)
    assert together.value.message == f"track 1: {alone.value.message}"
    assert together.value.hint == alone.value.hint


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"lon": [1.0]}, "columns of one length"),
        ({"starts": [0, 3]}, "starts run from 0 to the number of points, 4"),
        ({"starts": []}, "starts run from 0"),
        ({"starts": [0, 2, 2, 4]}, "track 1 has no points"),
        ({"starts": [0, 2.5, 4]}, r"starts are whole numbers, not 2\.5"),
        ({"starts": [0, nan, 4]}, "starts are whole numbers, not nan"),
        ({"reference": Reference.SFC}, "no track has altitudes above SFC"),
    ],
)
def test_columns_that_do_not_fit_are_refused(change: dict[str, Any], fault: str) -> None:
    given = {"time": [0, 1, 0, 1], "lon": [0, 1, 2, 3], "lat": [0] * 4, "altitude_m": [9] * 4}
    with pytest.raises(GeometryError, match=fault):
        Tracks.columns(**{**given, "starts": [0, 2, 4], **change})
