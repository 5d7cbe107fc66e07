"""Records of what was published and flown become scenarios that tell what really happened."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.errors import InputError
from sim.formats import geojson
from sim.formats.records import Zone
from sim.formats.tracks import FlownTrack
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.edges import Edges
from sim.scenario import importing, replaying
from sim.scenario.importing import import_files
from sim.scenario.published import Published, moment
from sim.scenario.reader import build, loads
from sim.scenario.sidefiles import SideFiles
from tests.beside import ED269

T0 = 1_760_000_000.0
LOW = Band(Limit(Reference.SFC, 0.0), Limit(Reference.MSL, 3000.0))
RING = tuple(sim.Position(*at) for at in [(10, 50), (11, 50), (11, 50.6), (10, 50.6)])
HOLE = tuple(sim.Position(*at) for at in [(10.4, 50.2), (10.6, 50.2), (10.6, 50.4), (10.4, 50.4)])
FOOTPRINTS = [
    sim.Circle(sim.Position(10.5, 50.3), 20_000.0),
    sim.Polygon(RING),
    sim.Polygon(RING, holes=(HOLE,)),
    sim.Polygon(RING, edges=Edges.PARALLEL),
    sim.Corridor((sim.Position(9.8, 50.3), sim.Position(11.2, 50.4)), 12_000.0),
]


def track(*points: tuple[float, float, float, float]) -> sim.Track:
    time, lon, lat, altitude = np.array(points).T
    return sim.Track(time, lon, lat, altitude)


ACROSS = track((T0, 9.5, 50.3, 1000.0), (T0 + 3600, 11.5, 50.35, 1500.0))


def across(name: str) -> FlownTrack:
    return FlownTrack(name, "", "", ACROSS)


def zone(*volumes: sim.Volume, id_: str = "A1/25") -> Zone:
    return Zone(id_, "Danger", volumes)


def written(published: list[Published], flown: list[FlownTrack]) -> dict[str, Any]:
    return replaying.replay(replaying.record(published, flown), "Replay")


def run(published: list[Published], flown: list[FlownTrack]) -> sim.Run:
    return sim.run(build(written(published, flown)))


@pytest.mark.parametrize("footprint", FOOTPRINTS, ids=lambda one: type(one).__name__)
def test_stays_are_those_of_the_tracks_in_the_volumes(footprint: Any) -> None:
    volume = sim.Volume(footprint, LOW, (T0 + 600, T0 + 3000))
    found = run([Published(zone(volume), None)], [across("abc")])
    start = found.scenario.start_unix
    stays = sim.find_crossings([ACROSS], [volume])
    assert len(stays) > 0
    for stay, violation in zip(stays, found.violations, strict=True):
        assert start + violation.entry == pytest.approx(stay.entry, abs=0.02)
        assert violation.exit is not None
        assert start + violation.exit == pytest.approx(stay.exit, abs=0.02)


def test_what_was_published_in_time_was_disregarded_and_what_was_not_could_not_be_known() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0 - 600, T0 + 7200))
    before, after = (
        run([Published(zone(volume), T0 + when)], [across("abc")]).violations
        for when in (-1800.0, 1800.0)
    )
    assert [violation.cause for violation in before] == ["disregarded"]
    assert [violation.cause for violation in after] == ["no_time"]  # it was inside already


def test_a_zone_of_unknown_publication_was_never_told_of() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0 - 600, T0 + 7200))
    found = run([Published(zone(volume), None)], [across("abc")])
    assert [violation.cause for violation in found.violations] == ["never_addressed"]


def test_windows_without_ends_last_as_long_as_the_record() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (-math.inf, math.inf))
    tree = written([Published(zone(volume), None)], [across("abc")])
    (window,) = [one["window"] for one in tree["zones"].values()]
    assert (window["start"], window["end"]) == (tree["start"], tree["end"])


def test_zones_that_are_over_before_the_record_begins_are_left_out() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (0.0, 600.0))
    assert written([Published(zone(volume), None)], [across("abc")])["zones"] == {}


def test_names_are_made_fit_and_told_apart() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0, T0 + 60))
    published = [Published(zone(volume, volume, id_="1/<b>"), None), Published(zone(volume), None)]
    tree = written(published, [across("A1-25"), across("")])
    assert [*tree["zones"], *tree["flights"]] == ["z-1-b--1", "z-1-b--2", "A1-25", "A1-25-2", "z"]
    assert build(tree)


def test_a_record_without_any_time_is_refused() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (-math.inf, math.inf))
    with pytest.raises(InputError, match="nothing that was read begins or ends"):
        written([Published(zone(volume), None)], [])


NOTICE = """(A0001/25 NOTAMN
Q) EDGG/QRTCA/IV/BO/W/000/100/5018N01030E012
A) EDGG B) 2510090800 C) 2510091200
E) TEMPORARY RESTRICTED AREA. CIRCLE RADIUS 10 NM CENTRED ON 501800N 0103000E
F) SFC G) 10000FT AMSL)
CREATED: 09 Oct 2025 07:00:00
"""
POSITIONS = """timestamp,callsign,latitude,longitude,altitude
2025-10-09T08:50:00Z,ABC12,50.3,9.5,5000
2025-10-09T08:54:00Z,ABC12,50.3,9.9,5000
2025-10-09T08:58:00Z,ABC12,50.3,10.3,5000
2025-10-09T09:02:00Z,ABC12,50.3,10.7,5000
2025-10-09T09:06:00Z,ABC12,50.3,11.1,5000
2025-10-09T09:06:30Z,ABC12,north,11.1,5000
"""


@pytest.fixture
def record(tmp_path: Path) -> list[str]:
    files = {"notices.txt": NOTICE, "positions.csv": POSITIONS}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in files]


def test_notices_and_positions_become_a_record_of_who_entered_what(record: list[str]) -> None:
    made = import_files(record, error_m=20.0)
    found = sim.run(build(made.document))
    (violation,) = found.violations
    assert (violation.flight, violation.cause) == ("ABC12", "disregarded")
    assert [line.removeprefix(record[0].removesuffix("notices.txt")) for line in made.told] == [
        "positions.csv: tracks: 1 read, 1 problem",
        'positions.csv: line 7: no latitude in "north"',
        "notices.txt: notam: 1 read, 0 problems",
        (
            "notices.txt: 1 zone published before the scenario begins counts as published at"
            " 2025-10-09T07:50:00Z: A0001/25 (2025-10-09T07:00:00Z)"
        ),
    ]


UNDATED = NOTICE.partition("CREATED")[0]
UNTOLD = (
    "1 of 1 zone: no source says when it was published, so nobody is told of it;"
    " to tell of it at the start, "
)


@pytest.mark.parametrize(
    ("beside", "step"),
    [
        (True, "run with --set 'zones.from.at=+0 s'"),
        (False, "import with --beside and run with --set 'zones.from.at=+0 s'"),
    ],
)
def test_zones_of_unknown_publication_are_told_with_what_to_do(
    record: list[str], beside: bool, step: str
) -> None:
    Path(record[0]).write_text(UNDATED)
    assert import_files(record, beside=beside).told[-1] == UNTOLD + step


def test_a_notice_in_force_all_along_is_so_from_the_first_minute_to_the_last(
    record: list[str],
) -> None:
    lasting = NOTICE.replace("2510090800", "2510010000").replace("2510091200", "2510310000")
    Path(record[0]).write_text(lasting)
    Path(record[1]).write_text(POSITIONS.replace(":00Z", ":10Z"))
    scenario = build(import_files(record, beside=False).document)
    (window,) = (zone.window for zone in scenario.zones.values())
    assert window is not None
    assert (window.start, window.end) == (scenario.start, scenario.end)


def test_the_step_that_is_named_tells_of_them(record: list[str], tmp_path: Path) -> None:
    Path(record[0]).write_text(UNDATED)
    out = tmp_path / "replay.yaml"
    assert main(["import", *record, "--beside", "-o", str(out)]) == 0
    scenario = sim.load(out)
    before, after = sim.run(scenario), sim.run(scenario.replace({"zones.from.at": "+0 s"}))
    assert [one.cause for one in (*before.violations, *after.violations)] == [
        *("never_addressed", "disregarded")
    ]


def test_flights_that_are_under_way_as_the_time_begins_are_told(record: list[str]) -> None:
    begin, end = (moment(f"2025-10-09T{t}Z") for t in ("09:01", "09:05"))
    told = import_files(record, between=(begin, end)).told
    assert told[-1] == (
        "1 flight is under way as 2025-10-09T09:01:00Z begins, and counts as entering then what"
        " it is inside of: ABC12; begin sooner to see since when"
    )


def test_limits_above_ground_are_told_with_where_the_ground_is_taken_to_lie(
    record: list[str],
) -> None:
    Path(record[0]).write_text(NOTICE.replace("10000FT AMSL", "10000FT AGL"))
    assert import_files(record).told[-1] == (
        "1 of 1 zone has limits above ground, which is taken to lie at sea level; if it does"
        " not, run with --set 'vertical.terrain=400 m', say"
    )
    assert len(import_files(record[:1]).told) == 1  # nothing flies there


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (1, "0.csv"),
        (2, "0.csv and 1.csv"),
        (3, "0.csv, 1.csv and 2.csv"),
        (40, "0.csv, 1.csv and 38 more"),
    ],
)
def test_a_scenario_of_many_files_has_a_name_that_can_be_read(
    count: int, name: str, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.csv" for number in range(count)]
    for file in files:
        file.write_text(POSITIONS)
    assert import_files([str(file) for file in files]).document["name"] == name


def test_the_command_writes_a_scenario_and_overwrites_none(
    record: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "replay.yaml"
    assert main(["import", *record, "-o", str(out)]) == 0
    shown = capsys.readouterr()
    assert "now try: keepout run" in shown.out
    assert "line 7: no latitude" in shown.err
    assert main(["run", str(out)]) == 0
    assert "ABC12 (told, went in" in capsys.readouterr().out.replace("\n", " ")
    assert main(["import", *record, "-o", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_where_nothing_comes_of_a_file_its_problems_are_told(tmp_path: Path) -> None:
    path = tmp_path / "zones.txt"
    path.write_text("AC R\nAN X\nAH UNL\nAL GND\nDP 51:20:00 N 000:05:00 E\n")
    with pytest.raises(InputError) as caught:
        import_files([str(path)])
    told = str(caught.value).replace(str(path), "zones.txt").split("\n")
    assert told[0] == "zones.txt: openair: 0 read, 1 problem"
    assert "line 1" in told[1]
    assert told[2].startswith("nothing that was read begins or ends")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "this looks like none of notam, openair"),
        (b'{"a": 1}', "this looks like none of notam, openair"),
        (b"PAR1", "Parquet"),
    ],
)
def test_files_of_no_known_format_are_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"file: .*{said}"):
        import_files([str(path)])


def test_a_file_of_no_known_format_among_others_is_told_of(
    record: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("hello")
    made = import_files([str(path), *record])
    assert made.document == import_files(record).document
    assert made.told[0].startswith(f"{path}: not read: this looks like none of notam")
    assert made.told[1:] == import_files(record).told


def test_a_geozone_that_restricts_nobody_is_left_out(tmp_path: Path) -> None:
    document = json.loads(ED269)
    (zone,) = document["features"]
    free = zone | {"identifier": "free", "restriction": "NO_RESTRICTION"}
    path = tmp_path / "zones.json"
    path.write_text(json.dumps({"features": [zone, free]}))
    made = import_files([str(path)])
    assert [*made.document["zones"]] == ["area"]
    assert f"{path}: free: NO_RESTRICTION: it keeps nobody out, and is left out" in made.told


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match="nowhere: cannot be read: No such file"):
        import_files(["nowhere"])


# Beside the scenario


def told_apart(record: list[str], tmp_path: Path, *options: str) -> list[sim.Run]:
    """Import a record inline and into files beside, and run both."""
    runs = []
    for where in ("--inline", "--beside"):
        out = tmp_path / where / "replay.yaml"
        out.parent.mkdir()
        assert main(["import", *record, where, "-o", str(out), *options]) == 0
        runs.append(sim.run(sim.load(out)))
    return runs


def test_it_is_the_same_record_inline_and_beside(record: list[str], tmp_path: Path) -> None:
    inline, beside = told_apart(record, tmp_path)
    assert {path.name for path in (tmp_path / "--beside").iterdir()} == {
        *("replay.yaml", "replay-zones.geojson", "replay-tracks.parquet")
    }
    assert len((tmp_path / "--beside" / "replay.yaml").read_text().splitlines()) < 40
    assert beside.scenario.sides.told == ()
    assert (beside.plan.zones.keys(), beside.flights.keys()) == (
        *(inline.plan.zones.keys(), inline.flights.keys()),
    )
    (one,), (other,) = inline.violations, beside.violations
    assert (one.flight, one.zone, one.cause) == (other.flight, other.zone, other.cause)
    assert one.entry == pytest.approx(other.entry, abs=0.01)
    assert one.exit == pytest.approx(other.exit, abs=0.01)
    assert [notice.handled for notice in inline.notices] == [
        notice.handled for notice in beside.notices
    ]


def levels(*feet: float) -> FlownTrack:
    steps = np.arange(len(feet))
    flown = sim.Track(
        T0 + 600.0 * steps,
        10.0 + 0.2 * steps,
        np.full(len(feet), 50.3),
        np.array(feet) * 0.3048,
        reference=Reference.FL,
    )
    return FlownTrack("flown", "", "", flown)


def test_a_pressure_altitude_stays_one_whatever_the_pressure_is_said_to_be() -> None:
    tree = replaying.replay(replaying.record([], [levels(-75.0, 1950.0, 2000.0)]), "Replay")
    flown = sim.run(build(tree).replace({"vertical.qnh": "990 hPa"})).flights["flown"].track
    assert flown.reference is Reference.FL
    assert flown.altitude_m == pytest.approx([-22.86, 594.36, 609.6], abs=1e-3)


def test_a_pressure_altitude_beyond_all_flight_levels_is_written_all_the_same() -> None:
    flown = run([], [levels(2000.0, 126_700.0, 2000.0)]).flights["flown"].track
    assert flown.altitude_m == pytest.approx([609.6, 38_618.16, 609.6], abs=1e-3)


def test_what_a_source_says_of_zones_does_not_make_it_another_format(tmp_path: Path) -> None:
    path = tmp_path / "zones.json"
    path.write_text(ED269.replace('"country"', '"zoneAuthority": [{"name": "CAA"}], "country"'))
    made = import_files([str(path)], beside=True)
    scenario = build(made.document, SideFiles(None, made.contents))
    assert [side.id for side in scenario.sides.zones] == ["area"]
    assert scenario.sides.told == ()


@pytest.mark.parametrize("footprint", FOOTPRINTS, ids=lambda one: type(one).__name__)
def test_volumes_beside_are_what_they_were(footprint: Any) -> None:
    volume = sim.Volume(footprint, LOW, (T0 + 600, T0 + 30_000))  # longer than the record
    found = replaying.record([Published(zone(volume), T0)], [across("abc")])
    tree, contents = replaying.replay_beside(found, "Replay", "r")
    made = build(tree, SideFiles(None, contents))
    (side,) = made.sides.zones
    assert (side.volume.footprint, side.volume.band) == (footprint, LOW)
    assert side.volume.window == (T0 + 600, found.within[1])
    assert side.issued == T0
    later = made.replace({"end": "+1 d"})
    assert later.sides.zones[0].volume.window == volume.window
    assert sim.Track(*made.sides.tracks["abc"].points) == ACROSS


def test_names_beside_are_those_inline() -> None:
    volume = sim.Volume(FOOTPRINTS[0], LOW, (T0, T0 + 60))
    published = [Published(zone(volume, volume, id_="1/<b>"), None), Published(zone(volume), None)]
    found = replaying.record(published, [across("A1-25"), across("")])
    tree, contents = replaying.replay_beside(found, "Replay", "r")
    made = build(tree, SideFiles(None, contents))
    assert [side.id for side in made.sides.zones] == [*replaying.replay(found, "x")["zones"]]
    assert [*made.flights] == ["A1-25-2", "z"]


def test_more_than_a_handful_goes_beside(
    record: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert import_files(record).contents == {}  # 1 zone and flight, a centre and 5 positions
    for handful, files in ((8, 0), (7, 2)):
        monkeypatch.setattr(importing, "HANDFUL", handful)
        assert len(import_files(record).contents) == files
    assert import_files(record, beside=False).contents == {}


def test_nothing_is_overwritten_beside(
    record: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    side = tmp_path / "replay-zones.geojson"
    side.write_text("mine")
    out = tmp_path / "replay.yaml"
    assert main(["import", *record, "--beside", "-o", str(out)]) == 2
    assert "replay-zones.geojson: exists already" in capsys.readouterr().err
    assert side.read_text() == "mine"
    assert not out.exists()
    assert main(["import", *record, "--beside", "-o", "-"]) == 2
    assert "standard output stands in no folder" in capsys.readouterr().err


# A part of the time


def test_only_a_part_of_the_time_is_imported(
    record: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    during = ("--between", "2025-10-09T09:00Z", "2025-10-09T09:03Z")
    for found in told_apart(record, tmp_path, *during):
        assert found.plan.horizon == 180.0
        (violation,) = found.violations
        assert violation.entry == pytest.approx(0.0, abs=1e-6)  # it was inside before
    capsys.readouterr()
    (later := tmp_path / "later").mkdir()
    for found in told_apart(record, later, "--between", "2025-10-09T12:00Z", "2025-10-09T13:00Z"):
        assert not found.flights
        assert not found.plan.zones
    told = capsys.readouterr().err
    outside = "lies outside 2025-10-09T12:00:00Z to 2025-10-09T13:00:00Z"
    assert f"positions.csv: 1 track {outside}: ABC12\n" in told
    assert "notices.txt: A0001/25: no zone: it is not active in the time asked for\n" in told


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (["+1 h", "2025-10-09T09:03Z"], '"+1 h" is no time: expected such as 2022-02-02T18:00Z'),
        (["2025-10-09T09:03Z", "2025-10-09T09:03Z"], "expected the earlier time first"),
        (["noon", "later"], "is no time"),
    ],
)
def test_times_that_are_none_are_refused(
    record: list[str], times: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", *record, "-o", "-", "--between", *times]) == 2
    told = capsys.readouterr().err
    assert told.startswith("--between ")
    assert message in told


def test_a_log_of_a_position_every_ten_minutes_is_read_if_asked_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = POSITIONS.partition("\n")[0]
    log = tmp_path / "log.csv"
    rows = [f"2025-10-09T09:{ten}0:00Z,AID1,50.{ten}0,14.10,3000" for ten in range(5)]
    log.write_text("\n".join([head, *rows]))
    assert main(["import", str(log), "-o", "-"]) == 2
    assert "AID1: 5 positions left out that stand alone" in capsys.readouterr().err
    assert main(["import", str(log), "-o", "-", "--gap", "10 min"]) == 0
    assert loads(capsys.readouterr().out).flights.keys() == {"AID1"}
    assert main(["import", str(log), "-o", "-", "--gap", "0 s"]) == 2
    assert capsys.readouterr().err.startswith("--gap 0 s: expected more than no time")


def test_zones_outside_the_time_of_the_tracks_are_told(tmp_path: Path, record: list[str]) -> None:
    over = sim.Volume(FOOTPRINTS[0], LOW, (0.0, 600.0))
    path = tmp_path / "zones.geojson"
    path.write_text(geojson.write([zone(over, id_=f"Z{n}") for n in range(10)], exact=True))
    told = import_files([record[1], str(path)]).told
    assert told[-1].endswith(
        "zones.geojson: 10 zones lie outside 2025-10-09T07:50:00Z to 2025-10-09T10:06:00Z:"
        " Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7 and 2 more"
    )
