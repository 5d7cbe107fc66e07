"""What receivers of ADS-B tell: snapshots of everybody, and traces of one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.errors import FormatError
from sim.formats import reading, tracks
from sim.formats.records import Problem
from sim.formats.tracks import FlownTrack
from sim.geometry.altitude import Reference
from sim.units import METRES_PER_FOOT

NOW = 1_558_732_719


def state(second: int, **changes: Any) -> list[Any]:
    """A state vector of an aircraft that flies north, by the order of the REST API."""
    fields: dict[str, Any] = {
        "icao24": "4b43ac",
        "callsign": "REGA1   ",
        "origin_country": "Switzerland",
        "time_position": NOW + second,
        "last_contact": NOW + second + 1,
        "longitude": 8.5,
        "latitude": 47.0 + second * 0.001,
        "baro_altitude": 1500.0 + second,
        "on_ground": False,
        "velocity": 111.0,
        "true_track": 0.0,
        "vertical_rate": 1.0,
        "sensors": None,
        "geo_altitude": 1600.0,
        "squawk": "7000",
        "spi": False,
        "position_source": 0,
    }
    return list((fields | changes).values())


def opensky(second: int, *states: list[Any]) -> dict[str, Any]:
    return {"time": NOW + second, "states": [*states] or None}


def aircraft(second: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "hex": "4b43ac",
        "type": "adsb_icao",
        "flight": "REGA1   ",
        "alt_baro": 5000 + 25 * second,
        "alt_geom": 5300,
        "lat": 47.0 + second * 0.001,
        "lon": 8.5,
        "seen_pos": 0.5,
        "seen": 0.1,
    }
    return {"now": NOW + second, "messages": 1, "aircraft": [fields | changes]}


TRACE = {
    "icao": "4b43ac",
    "r": "HB-ZRA",
    "timestamp": NOW,
    "trace": [
        [0.0, 47.0, 8.5, 5000, 120.0, 0.0, 1, 0, {"type": "adsb_icao", "flight": "REGA1   "}],
        [10.5, 47.005, 8.5, 5100, 120.0, 0.0, 0, 64, None],
        [20.0, 47.010, 8.5, 5900, 120.0, 0.0, 8, 64, None],
        [30.0, 47.015, 8.5, 5300, 120.0, 0.0, 2, 64, None],
        [300.0, 47.015, 8.5, "ground", 0.0, 0.0, 0, 0, None],
    ],
}


def read(document: Any) -> tuple[list[FlownTrack], list[str]]:
    found = tracks.read(json.dumps(document))
    flown = [one for one in found if isinstance(one, FlownTrack)]
    return flown, [str(one) for one in found if isinstance(one, Problem)]


def test_snapshots_of_opensky_become_a_track() -> None:
    other = state(0, icao24="3c", callsign=None, latitude=50.0)
    snapshots = [opensky(k, state(k), other) for k in range(3)]
    (one,), told = read(snapshots)
    assert (one.id, one.callsign, one.icao24) == ("REGA1", "REGA1", "4b43ac")
    assert one.track.time.tolist() == [NOW, NOW + 1, NOW + 2]  # of positions, not of contacts
    assert one.track.lat.tolist() == [47.0, 47.001, 47.002]
    assert one.track.altitude_m.tolist() == [1500.0, 1501.0, 1502.0]
    assert one.track.reference is Reference.FL
    assert told == [
        "3c: 2 positions left out at an instant that another has",
        "3c: 1 position left out that stands alone",
    ]


def test_what_is_no_position_in_a_state_is_told_of() -> None:
    unknown = state(1, time_position=None, latitude=None, longitude=None)
    flown, told = read([opensky(0, state(0)), opensky(1, unknown, ["3c"]), opensky(2, state(2))])
    assert len(flown) == 1
    assert told == [
        "position 2: no time from 1900 to 2198, no latitude, no longitude",
        "position 3: no time from 1900 to 2198, no latitude, no longitude, no altitude",
    ]


def test_states_on_the_ground_need_no_altitude() -> None:
    states = [state(k, baro_altitude=None, on_ground=True) for k in range(2)]
    assert read(opensky(0, *states)) == ([], ["REGA1 (4b43ac): 2 positions on the ground left out"])


def test_an_empty_sky_is_no_fault() -> None:
    assert read([opensky(0), opensky(1, state(1)), opensky(2, state(2))])[1] == []


def test_snapshots_of_readsb_become_a_track() -> None:
    for unit in (1, 1000):  # those who serve them have milliseconds
        snapshots = [aircraft(k) for k in range(3)]
        for one in snapshots:
            one["now"] *= unit
        (flown,), told = read(snapshots)
        assert not told
        assert flown.callsign == "REGA1"
        assert flown.track.time.tolist() == [NOW - 0.5, NOW + 0.5, NOW + 1.5]
        assert flown.track.altitude_m[1] == 5025 * METRES_PER_FOOT
        assert flown.track.reference is Reference.FL


def test_snapshots_may_stand_on_lines_and_under_another_name() -> None:
    snapshots = [aircraft(k) for k in range(3)]
    renamed = [{"now": one["now"], "ac": one["aircraft"]} for one in snapshots]
    assert read(renamed) == read(snapshots)
    text = "\n".join(map(json.dumps, snapshots))
    assert tracks.read(text) == tracks.read(json.dumps(snapshots))
    assert reading.read(text.encode()).format == "tracks"


def test_a_trace_becomes_a_track() -> None:
    (one,), told = read(TRACE)
    assert (one.callsign, one.icao24) == ("REGA1", "4b43ac")
    assert one.track.time.tolist() == [NOW, NOW + 10.5, NOW + 30.0]
    assert one.track.altitude_m.tolist() == [h * METRES_PER_FOOT for h in (5000, 5100, 5300)]
    assert told == [
        "position 3: no altitude",  # a geometric one, which is no flight level
        "REGA1 (4b43ac): 1 position on the ground left out",
    ]


@pytest.mark.parametrize(
    "document",
    [opensky(0, state(0)), aircraft(0), TRACE, [TRACE, aircraft(400)], [opensky(0, state(0))]],
)
def test_they_are_taken_for_tracks(document: Any) -> None:
    assert reading.guess(json.dumps(document).encode()) == "tracks"


@pytest.mark.parametrize(
    "document",
    [
        {"time": NOW, "states": "none"},
        {"now": NOW, "aircraft": {}},
        {"timestamp": "today", "trace": []},
        {"time": NOW, "states": [1, None, {}]},
        {"now": 10**400, "aircraft": [{"hex": "3c", "seen_pos": 1}]},
        {"timestamp": NOW, "trace": [[10**400, 1, 2, 3], [None, 1, 2, 3], "x"]},
    ],
)
def test_what_is_none_of_them_is_refused_or_told_of(document: Any) -> None:
    try:
        found = tracks.read(json.dumps(document))
    except FormatError:
        return
    assert found
    assert all(isinstance(one, Problem) for one in found)


def test_no_aircraft_at_all_are_told_of() -> None:
    for document in (opensky(0), {"now": NOW, "aircraft": []}):
        with pytest.raises(FormatError, match="the snapshots tell of no aircraft"):
            read(document)
