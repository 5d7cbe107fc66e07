from __future__ import annotations

import gzip
import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import FormatError, GeometryError
from sim.formats import tracks
from sim.formats.legs import thin
from sim.formats.positions import times
from sim.formats.records import Problem
from sim.formats.tracks import FlownTrack
from sim.geometry.altitude import Reference
from sim.geometry.earth import inverse
from sim.geometry.track import Track
from tests.formats.shared import shared_data
from tests.strategies import footprints, tracks_about

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = 1_558_732_719


def rows(count: int = 5, **fields: Any) -> list[dict[str, Any]]:
    """An aircraft that flies north at 111 m/s, a position a second."""
    return [
        {
            "timestamp": (START + k) * 1000,
            "icao24": "4b43ac",
            "callsign": "REGA1",
            "latitude": 47.0 + k * 0.001,
            "longitude": 8.5,
            "altitude": 1950.0 + 25 * k,
            "onground": False,
        }
        | fields
        for k in range(count)
    ]


def read(made: list[dict[str, Any]], **options: Any) -> list[FlownTrack | Problem]:
    return tracks.read(json.dumps(made), **options)


def only(found: list[FlownTrack | Problem]) -> FlownTrack:
    (one,) = found
    assert isinstance(one, FlownTrack), one
    return one


def flown(found: list[FlownTrack | Problem]) -> list[FlownTrack]:
    return [one for one in found if isinstance(one, FlownTrack)]


def notes(found: list[FlownTrack | Problem]) -> list[str]:
    return [str(one) for one in found if isinstance(one, Problem)]


def test_positions_become_a_track() -> None:
    one = only(read(rows()))
    assert (one.id, one.callsign, one.icao24) == ("REGA1", "REGA1", "4b43ac")
    assert one.track.reference is Reference.FL
    assert one.track.time.tolist() == [START + k for k in range(5)]
    assert one.track.at(START + 1).altitude_m == pytest.approx(1975 * 0.3048)
    assert one.track.at(START + 1).lat == pytest.approx(47.001)


def as_csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def as_parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


FORMS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    "csv": as_csv,
    "semicolons": lambda frame: frame.to_csv(index=False, sep=";").encode("utf-8-sig"),
    "parquet": as_parquet,
    "objects": lambda frame: frame.to_json(orient="records").encode(),
    "columns": lambda frame: frame.to_json(orient="columns").encode(),
    "lines": lambda frame: frame.to_json(orient="records", lines=True).encode(),
    "gzipped": lambda frame: gzip.compress(frame.to_json(orient="records").encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_read_alike(form: str, tmp_path: Path) -> None:
    content = FORMS[form](pd.DataFrame(rows()))
    expected = only(read(rows())).track
    path = tmp_path / "tracks"
    path.write_bytes(content)
    for source in (content, path):
        assert only(tracks.read(source)).track == expected


@pytest.mark.parametrize(
    "time",
    [
        lambda k: START + k,
        lambda k: (START + k) * 10**9,
        lambda k: f"{START + k}",
        lambda k: f"2019-05-24T21:18:{39 + k}Z",
        lambda k: f"2019-05-24 21:18:{39 + k}",
        lambda k: f"2019-05-24 23:18:{39 + k}+02:00",
    ],
)
def test_times_come_in_many_shapes(time: Any) -> None:
    made = [row | {"timestamp": time(k)} for k, row in enumerate(rows())]
    assert only(read(made)).track.start == START


def test_times_without_any_end_are_told_of_and_nothing_else() -> None:
    problems = read(rows(2, timestamp=1.7e308))
    assert [one.place for one in problems if isinstance(one, Problem)] == ["row 1", "row 2"]
    assert all("no time from 1900 to 2198 in" in str(one) for one in problems)


def test_blanks_after_the_commas_of_a_table_are_no_part_of_its_fields() -> None:
    text = '"timestamp", "latitude", "longitude", "altitude"\n'
    text += "".join(f'{START + k}, "51.{k}", 0, 1000\n' for k in range(3))
    assert len(only(tracks.read(text.encode(), fastest_mps=1e5)).track) == 3


def test_aircraft_that_only_a_flight_id_tells_apart_are_two() -> None:
    made = [row | {"flight_id": name} for row in rows() for name in ("a", "b")]
    for row in made:
        del row["callsign"], row["icao24"]
    assert [one.id for one in flown(read(made))] == ["a", "b"]


def test_timestamps_of_parquet_are_times() -> None:
    frame = pd.DataFrame(rows())
    for zone in (None, "UTC", "Europe/Zurich"):
        stamps = pd.to_datetime(frame["timestamp"], unit="ms", utc=True)
        stamps = stamps.dt.tz_convert(zone) if zone else stamps.dt.tz_localize(None)
        assert only(tracks.read(as_parquet(frame.assign(timestamp=stamps)))).track.start == START


def test_a_time_after_the_year_2262_is_one_too() -> None:
    texts = ["8019-05-24T21:18:41", "NaT", "1969-12-31T23:59:58.5"]
    far = datetime(8019, 5, 24, 21, 18, 41, tzinfo=UTC).timestamp()
    for unit in ("s", "ms", "us"):
        column = pd.Series(np.array(texts, f"datetime64[{unit}]"))
        last = -2.0 if unit == "s" else -1.5
        assert times(column).tolist() == pytest.approx([far, np.nan, last], nan_ok=True)


def test_letters_that_nobody_sees_are_no_part_of_a_name() -> None:
    made = [row | {"callsign": "RE\x1aGA\ufeff1"} for row in rows()]
    assert only(read(made)).id == "REGA1"


def test_half_of_a_surrogate_pair_is_refused() -> None:
    made = json.dumps([row | {"callsign": "\ud800"} for row in rows()])
    with suppress(FormatError):
        tracks.read(made)


def test_what_another_library_says_of_rubbish_is_told_on_one_line() -> None:
    with pytest.raises(FormatError) as told:
        tracks.read(b"PAR1" + b"\xff" * 40 + b"\x28\x00\x00\x00PAR1")
    assert "the Parquet file cannot be read" in told.value.message
    assert told.value.message.isprintable()


def test_other_tools_spellings_are_known() -> None:
    state = "time,icao24,lat,lon,velocity,callsign,onground,baroaltitude,geoaltitude\n"
    vector = only(
        tracks.read(
            f"{state}{START},3c,47,8,90,X1  ,false,600,650\n{START + 1},3c,47,8,9,X1,f,600,6\n"
        )
    )
    assert vector.track.altitude_m.tolist() == [600, 600]
    readsb = [
        {"ts": START + k, "hex": "3c", "flight": "X1 ", "lat": 47, "lon": 8, "alt_baro": alt}
        for k, alt in enumerate(["ground", 1000, 1100])
    ]
    assert only(read(readsb)[:1]).track.altitude_m.tolist() == pytest.approx([304.8, 335.28])


def test_the_reference_may_be_another() -> None:
    assert only(read(rows(), reference=Reference.MSL)).track.reference is Reference.MSL


def test_time_may_be_unsorted() -> None:
    assert only(read(rows()[::-1])).track == only(read(rows())).track


def test_aircraft_are_told_apart_and_get_ids() -> None:
    other = rows(3, icao24="aaaaaa") + rows(3, icao24="bbbbbb", callsign=None)
    found = flown(read(rows() + other))
    assert [one.id for one in found] == ["REGA1", "REGA1-2", "bbbbbb"]


def test_a_missing_callsign_is_the_aircrafts_own() -> None:
    made = rows(6)
    made[0]["callsign"] = made[3]["callsign"] = None
    assert len(only(read(made)).track) == 6


def test_gaps_split_and_are_stated() -> None:
    made = rows(3) + [row | {"timestamp": row["timestamp"] + 600_000} for row in rows(3)]
    found = read(made)
    assert [one.id for one in flown(found)] == ["REGA1", "REGA1-2"]
    assert notes(found) == [
        "REGA1 (4b43ac): 1 time split: nothing is known for over 5 min, or it jumps"
    ]
    assert len(only(read(made, gap_s=601)).track) == 6


def test_repeated_instants_are_left_out_and_stated() -> None:
    found = read(rows(4) + rows(2, latitude=47.5))
    assert len(flown(found)[0].track) == 4
    assert notes(found) == ["REGA1 (4b43ac): 2 positions left out at an instant that another has"]


def test_stray_positions_are_left_out_and_stated() -> None:
    made = rows(9)
    made[4]["latitude"] = 48.0
    found = read(made)
    assert len(flown(found)[0].track) == 8
    assert "1 position left out that takes more than 412 m/s to reach" in notes(found)[0]
    assert len(only(read(made, fastest_mps=1e6)).track) == 9


def test_a_stray_first_position_takes_nothing_with_it() -> None:
    made = rows(9)
    made[0]["latitude"] = 48.0
    found = read(made)
    assert [len(one.track) for one in flown(found)] == [8]
    assert any("stands alone" in note for note in notes(found))


def test_a_jump_splits_where_the_track_goes_on() -> None:
    made = rows(10)
    for row in made[5:]:
        row["longitude"] = 9.5
    assert [len(one.track) for one in flown(read(made))] == [5, 5]


def test_the_ground_is_left_out_and_stated() -> None:
    made = rows(6)
    made[0] |= {"onground": True, "altitude": None}
    found = read(made)
    assert len(flown(found)[0].track) == 5
    assert notes(found) == ["REGA1 (4b43ac): 1 position on the ground left out"]
    assert flown(read(rows(3, onground=True))) == []


def test_faulty_rows_are_listed_and_the_rest_goes_on() -> None:
    made = rows(40)
    made[1]["latitude"] = 91
    made[2] |= {"timestamp": None, "altitude": float("nan")}
    for row in made[10:38]:
        row["longitude"] = "east"
    found = read(made)
    assert notes(found)[:2] == [
        'row 2: no latitude in "91"',
        "row 3: no time from 1900 to 2198, no altitude",
    ]
    assert "10 more rows cannot be read, up to row 38" in notes(found)[20]
    assert len(flown(found)[0].track) == 10


def test_faulty_lines_of_csv_are_listed() -> None:
    lines = as_csv(pd.DataFrame(rows(4))).decode().splitlines()
    found = tracks.read("\n".join([*lines[:3], "1,2,3", "", *lines[3:]]))
    assert notes(found) == ["line 4: 3 fields, expected 7 as in the head"]
    assert len(flown(found)[0].track) == 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "found nothing"),
        ("positions.csv", "give a path as pathlib.Path"),
        ("a,b\n1,2", "no column of times"),
        ("timestamp,latitude,longitude\n1,2,3", "no column of altitudes"),
        ("[1, 2]", "something else in the list"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": {"a": ' * 50_000, "nested too deeply"),
        ('[{"timestamp": 1', "broken"),
        ('{"name": [], "shapes": []}', "no column of times"),
        ('{"type": "FeatureCollection", "features": []}', '"type", "features"'),
        ("a,a\n1,2", 'the column "a" is given twice'),
        ('timestamp\n"' + "x" * 1_000_000, "cannot be read"),
        (b"PAR1" + b"\0" * 100, "Parquet file cannot be read"),
        (b"\x1f\x8b" + b"\0" * 100, "cannot be unpacked"),
        ("keepout_track,callsign\n1,2", "column"),
    ],
)
def test_what_is_no_table_of_positions(content: str | bytes, message: str) -> None:
    begun = perf_counter()
    with pytest.raises(FormatError, match=message):
        tracks.read(content)
    assert perf_counter() - begun < 5.0


def test_a_packed_file_may_not_unpack_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.formats.tables.MOST_BYTES", 10_000_000)
    with pytest.raises(FormatError, match="at most"):
        tracks.read(gzip.compress(b" " * 20_000_000))


def test_limits_are_positive() -> None:
    with pytest.raises(FormatError, match="gap_s"):
        read(rows(), gap_s=float("nan"))
    with pytest.raises(GeometryError, match="thin"):
        read(rows(), error_m=-1.0)


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.none())
)
columns = st.sampled_from(list(rows()[0]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(columns, values), max_size=5))
def test_no_value_is_a_crash(changes: list[dict[str, Any]]) -> None:
    made = rows(5) + [row | change for row, change in zip(rows(5), changes, strict=False)]
    found = tracks.read(json.dumps(made))
    assert flown(found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_content_is_a_crash(content: str | bytes) -> None:
    with suppress(FormatError):
        tracks.read(content)


@settings(max_examples=60, deadline=None)
@given(footprints().flatmap(tracks_about), st.text(), st.text())
def test_what_is_written_is_read_back_exactly(track: Track, name: str, callsign: str) -> None:
    one = FlownTrack(name, callsign, "4b43ac", track)
    for write in (tracks.write_csv, tracks.write_parquet):
        assert only(tracks.read(write([one]))) == one


def test_no_tracks_at_all_are_written_and_read() -> None:
    for write in (tracks.write_csv, tracks.write_parquet):
        assert tracks.read(write([])) == []


def test_many_tracks_keep_their_order_and_references() -> None:
    made = [
        tracks.FlownTrack(
            f"T{k}", "", f"{k:06x}", Track([0, k + 1.0], [0, 1], [0, k], [k, k], above)
        )
        for k, above in enumerate([Reference.FL, Reference.W84, Reference.AGL, Reference.FL])
    ]
    for write in (tracks.write_csv, tracks.write_parquet):
        assert tracks.read(write(made)) == made


def distances(track: Track, thinned: Track) -> np.ndarray[Any, np.dtype[np.float64]]:
    """How far points of a track are from where a thinned one is at their instants."""
    lon, lat = thinned.places(track.time)
    altitude = np.interp(track.time, thinned.time, thinned.altitude_m)
    away = inverse(lon, lat, track.lon, track.lat).distance
    return np.hypot(away, altitude - track.altitude_m)


@settings(max_examples=60, deadline=None)
@given(footprints().flatmap(tracks_about), st.sampled_from([1.0, 1e3, 1e5]))
def test_thinning_stays_within_its_error(track: Track, error_m: float) -> None:
    time = track.time + np.arange(len(track.time))  # no jumps
    smooth = Track(time, track.lon, track.lat, track.altitude_m)
    thinned = thin(smooth, error_m)
    assert (thinned.start, thinned.end) == (smooth.start, smooth.end)
    assert distances(smooth, thinned).max() <= error_m + 1e-6


def test_thinning_drops_what_lies_on_a_leg_and_keeps_a_change_of_speed() -> None:
    time = np.arange(0.0, 401.0)
    steady = Track(time, 8.0 + time * 1e-3, 0 * time, 1000.0 + time)
    assert len(thin(steady, 0.5)) == 2
    slower = Track(time, 8.0 + np.minimum(time, 100 + time / 2) * 1e-3, 0 * time, 0 * time)
    assert thin(slower, 1.0).time.tolist() == [0, 200, 400]


def test_thinning_is_quick_for_a_track_that_cannot_be_thinned() -> None:
    time = np.arange(0.0, 30_000.0)
    begun = perf_counter()
    wild = Track(time, 8.0 + time * 1e-5, np.cumsum(time % 7 - 3) * 1e-5, 0 * time)
    assert len(thin(wild, 1e-3)) > 27_000
    assert perf_counter() - begun < 10.0


def test_the_shared_tracks_are_read_whole() -> None:
    counts = {"anzac_day": 1370, "rega_zh": 339, "samu31": 378, "toulouse": 2492}
    for name, count in counts.items():
        path = shared_data("tracks") / f"{name}.json.gz"
        one = only(tracks.read(path))
        assert len(one.track) == count
        thinned = only(tracks.read(path, error_m=50.0))
        assert len(thinned.track) < 0.8 * count
        assert distances(one.track, thinned.track).max() <= 50.0


def test_airspace_of_the_shared_tracks_is_no_track() -> None:
    with pytest.raises(FormatError, match='"name", "type", "shapes"'):
        tracks.read(shared_data("tracks") / "LFBOTMA.json")
