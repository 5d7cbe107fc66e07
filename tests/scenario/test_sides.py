"""Zones and tracks of files beside a scenario: the same as if they stood in it, or told why not."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.cli import main
from sim.errors import ScenarioError
from sim.findings.run import run
from sim.formats import geojson, tracks
from sim.formats.records import Zone
from sim.scenario.differing import find_changes
from sim.scenario.plan import prepare
from sim.scenario.reader import build, load
from sim.scenario.sidefiles import SideFiles, kept_names, places_of, renamed
from tests.beside import INLINE, WALK, ZONES, Beside, clock, feature, features, flown
from tests.stories import FLIGHT, START, ZONE, as_text

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def happened(found: Scenario) -> str:
    return run(found, seed=3).journal.dumps()


# The same, wherever it stands


@pytest.mark.parametrize(
    "given",
    [
        ZONES,
        [ZONES],
        {**ZONES, "at": "+30 min"},
        {**ZONES, "file": "data/zones.json", "at": "+30 min"},
        {**ZONES, "file": "data/zones.json", "at": "+30 min", "format": "ed269"},
    ],
)
def test_zones_of_a_file_are_told_of_and_entered_as_those_of_the_scenario(
    beside: Beside, given: Any
) -> None:
    found = run(beside.read(zones={"from": given}, flights={"walk": FLIGHT}), seed=3)
    expected = run(INLINE, seed=3)
    assert [*found.violations] == [*expected.violations] != []
    assert [*found.overlaps] == [*expected.overlaps] != []
    assert [*found.notices] == [*expected.notices] != []


def test_a_zone_of_a_file_gives_the_same_journal(beside: Beside) -> None:
    found = beside.read(zones={"from": ZONES}, flights={"walk": FLIGHT})
    assert happened(found) == happened(INLINE)


@pytest.mark.parametrize(
    "track",
    [
        {"file": "data/day.csv", "id": "walk"},
        {"file": "data/day.parquet", "id": "walk"},
        {"file": "data/alone.csv"},
        "data/alone.csv",
    ],
)
def test_a_track_of_a_file_is_flown_as_a_route_of_the_scenario(beside: Beside, track: Any) -> None:
    flights = {"walk": {"party": "south", "track": track}}
    found = run(beside.read(zones={"from": ZONES}, flights=flights), seed=3)
    expected = run(INLINE, seed=3)
    assert [one.cause for one in found.violations] == [one.cause for one in expected.violations]
    assert [one.entry for one in found.violations] == pytest.approx(
        [one.entry for one in expected.violations], abs=1e-3
    )
    assert found.notices == expected.notices


def test_a_whole_table_is_as_its_tracks_one_by_one(beside: Beside) -> None:
    one_by_one = {
        name: {"party": "south", "tags": ["day"], "track": {"file": "data/day.csv", "id": name}}
        for name in ("walk", "run")
    }
    whole = {"from": {"file": "data/day.parquet", "party": "south", "tags": ["day"]}}
    assert happened(beside.read(zones={"from": ZONES}, flights=whole)) == happened(
        beside.read(zones={"from": ZONES}, flights=one_by_one)
    )


def test_a_track_departs_when_the_scenario_says_and_repeats(beside: Beside) -> None:
    flight = {**WALK, "departs": "+10 min", "repeat": {"every": "1 h", "count": 2}}
    planned = prepare(beside.read(flights={"walk": flight})).flights
    whole = prepare(INLINE).flights["walk"].track
    lasts = whole.end - whole.start
    assert {id_: (one.track.start, one.track.end) for id_, one in planned.items()} == {
        "walk#1": pytest.approx((600.0, 600.0 + lasts)),
        "walk#2": pytest.approx((4200.0, 4200.0 + lasts)),
    }


def test_of_a_track_of_its_own_times_only_what_is_the_scenario_s_is_flown(beside: Beside) -> None:
    beside.put("day.csv", tracks.write_csv(flown("walk", later_s=-6000.0)))
    (flight,) = prepare(beside.read(flights={"walk": WALK})).flights.values()
    whole = prepare(INLINE).flights["walk"].track
    assert flight.track.start == 0.0
    assert flight.track.end == pytest.approx(whole.end - 6000.0)


def test_zones_of_a_file_exempt_and_flights_of_a_table_are_exempt(beside: Beside) -> None:
    def violations(exempt: list[str]) -> int:
        found = beside.read(
            zones={"from": {**ZONES, "exempt": exempt}},
            flights={"from": {"file": "data/day.csv", "party": "south", "tags": ["day"]}},
        )
        return len(run(found).violations)

    assert [violations(names) for names in ([], ["walk"], ["day"], ["south"])] == [2, 1, 0, 0]


def test_nobody_is_told_of_a_zone_whose_creation_is_unknown(beside: Beside) -> None:
    beside.put("zones.geojson", features(feature(created=None)))
    found = run(beside.read(zones={"from": ZONES}, flights={"walk": FLIGHT}))
    assert [one.cause for one in found.violations] == ["never_addressed"]


def test_nobody_enters_a_zone_of_a_file_that_restricts_nobody(beside: Beside) -> None:
    beside.put("zones.geojson", features(feature(), feature("free", kind="NO_RESTRICTION")))
    read = beside.read(zones={"from": ZONES}, flights={"walk": FLIGHT})
    assert [one.zone for one in run(read).violations] == ["area"]
    assert any("free: NO_RESTRICTION: it keeps nobody out" in told for told in read.sides.told)


def test_zones_say_whose_they_are(beside: Beside) -> None:
    beside.put("zones.geojson", features(feature("one", party="north"), feature("two")))
    given = {"file": "data/zones.geojson", "party": "south"}
    found = prepare(beside.read(zones={"from": given})).zones
    assert [zone.party for zone in found.values()] == ["south", "south"]
    (complaint,) = beside.refused(zones={"from": "data/zones.geojson"})
    assert 'nothing says whose the zone "two" of data/zones.geojson is' in complaint


def test_names_count_from_the_scenario_s_folder(
    beside: Beside, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = beside.write(zones={"from": ZONES}, flights={"walk": WALK})
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert [*prepare(load(path)).zones] == ["area"]
    monkeypatch.chdir(beside.folder / "data")
    assert [*prepare(load("../story.yaml")).zones] == ["area"]


def test_a_changed_value_keeps_the_files(beside: Beside) -> None:
    flights = {"from": {"file": "data/day.csv", "party": "south"}}
    found = beside.read(zones={"from": ZONES}, flights=flights)
    later = found.replace({"zones.from.at": "+50 min", "flights.from.tags": ["day"]})
    assert [zone.notices[0].at for zone in prepare(later).zones.values()] == [3000.0]
    assert [*later.flights] == ["walk", "run"]
    assert later != found


def test_a_scenario_is_equal_to_another_of_the_same_content(beside: Beside) -> None:
    one, same = (beside.read(zones={"from": ZONES}) for _ in range(2))
    beside.put("zones.geojson", features(feature(name="Other")))
    other = beside.read(zones={"from": ZONES})
    assert one == same
    assert one != other


def test_files_that_were_read_go_along_to_other_processes(beside: Beside) -> None:
    found = beside.read(zones={"from": ZONES}, flights={"walk": WALK})
    sent = pickle.loads(pickle.dumps((found.document, found.sides.files)))  # noqa: S301 - our own
    for name in ("zones.geojson", "day.csv"):
        (beside.folder / "data" / name).unlink()
    assert happened(build(*sent)) == happened(found)


# What is wrong with them


@pytest.mark.parametrize(
    ("sections", "complaint"),
    [
        (
            {"zones": {"from": "data/none.geojson"}},
            (
                "zones.from: data/none.geojson: cannot be read: No such file or directory;"
                " names of files count from the scenario's own folder"
            ),
        ),
        (
            {"flights": {"walk": {"party": "south", "track": "data/none.csv"}}},
            (
                "flights.walk.track: data/none.csv: cannot be read: No such file or directory;"
                " names of files count from the scenario's own folder"
            ),
        ),
        (
            {"flights": {"from": {"file": "data/none.csv", "party": "south"}}},
            (
                "flights.from.file: data/none.csv: cannot be read: No such file or directory;"
                " names of files count from the scenario's own folder"
            ),
        ),
        (
            {"zones": {"from": {"file": "data/day.csv", "party": "north"}}},
            "zones.from.file: data/day.csv: expected zones, found a table of positions",
        ),
        (
            {"flights": {"walk": {"party": "south", "track": "data/zones.json"}}},
            "flights.walk.track: data/zones.json: expected a table of positions, found ed269",
        ),
        (
            {"zones": {"from": {**ZONES, "format": "ed269"}}},
            "zones.from.file: data/zones.geojson: this is GeoJSON, and no ED-269",
        ),
        (
            {"zones": {"from": {**ZONES, "format": "shapefile"}}},
            'zones.from.format: "shapefile" is none of the choices here: expected notam or openair',
        ),
        (
            {"flights": {"walk": {"party": "south", "track": "data/day.csv"}}},
            (
                "flights.walk.track: data/day.csv holds 2 tracks: expected an id of one;"
                " write {file: data/day.csv, id: walk}, say"
            ),
        ),
        (
            {"flights": {"walk": {**WALK, "track": {"file": "data/day.csv", "id": "wlak"}}}},
            (
                'flights.walk.track.id: data/day.csv has no track "wlak": it has walk, run;'
                ' did you mean "walk"?'
            ),
        ),
        (
            {"flights": {"walk": {**WALK, "speed": "100 kt"}}},
            (
                "flights.walk.speed: the track says where it is when: expected no other;"
                " leave out speed, or the track"
            ),
        ),
        (
            {"flights": {"from": "data/day.csv"}},
            (
                "flights.from: nothing says whose the tracks of data/day.csv are;"
                " write {file: data/day.csv, party: north}, say"
            ),
        ),
        (
            {"flights": {"from": {"file": "data/day.csv", "party": "sough"}}},
            'flights.from.party: no party is called "sough"',
        ),
        (
            {"flights": {"from": {"file": "data/day.csv", "owner": "south"}}},
            "flights.from.owner: unknown key: expected file, party, tags",
        ),
        (
            {
                "zones": {"area": {**ZONE, "notices": {}}, "from": ZONES},
            },
            "zones.area: data/zones.geojson has a zone of this id, too; rename this one",
        ),
        (
            {"flights": {"walk": WALK, "from": {"file": "data/day.csv", "party": "south"}}},
            "flights.walk: data/day.csv has a track of this id, too; rename this one",
        ),
        (
            {"zones": {"from": {"file": "data/zones.geojson", "party": "north", "to": ["south"]}}},
            "zones.from.to: to needs via, and there is none",
        ),
        (
            {"zones": {"from": {**ZONES, "to": ["north"]}}},
            "zones.from.to.0: north would notify itself; leave it out",
        ),
        (
            {"zones": {"from": {**ZONES, "at": "+7 h"}}},
            "zones.from.at: they are told at 2026-01-01T07:00:00Z, when ",
        ),
        (
            {"zones": {"from": {**ZONES, "exempt": ["rum"]}}, "flights": {"run": FLIGHT}},
            'zones.from.exempt.0: no flight or party is called "rum": expected one of north, run, ',
        ),
    ],
)
def test_what_is_wrong_is_told_once_with_its_place(
    beside: Beside, sections: dict[str, Any], complaint: str
) -> None:
    (found,) = beside.refused(**sections)
    place, _, rest = found.partition(" ")
    assert place.startswith("story.yaml:")
    assert rest.startswith(complaint)


def test_a_text_in_no_folder_has_no_files(beside: Beside) -> None:
    document = beside.read(zones={"from": ZONES}).document
    with pytest.raises(ScenarioError, match="stands in no folder"):
        build(document)


# What is left out


LEFT_OUT = features(feature("bad", upper="high"), feature("worse", upper="higher"), feature())


@pytest.mark.parametrize("command", [["validate"], ["run"], ["overlaps"], ["run", "--format=json"]])
def test_commands_tell_what_could_not_be_read_and_go_on(
    beside: Beside, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    beside.put("zones.geojson", LEFT_OUT)
    beside.put("day.csv", tracks.write_csv(flown("walk")) + "late,late,,never,0,0,0,MSL\r\n")
    path = beside.write(zones={"from": ZONES}, flights={"walk": WALK})
    assert main([*command, path]) == 0
    told = capsys.readouterr().err.replace(f"{beside.folder}/", "")
    assert "data/zones.geojson: 2 problems\n" in told
    assert "data/zones.geojson: features[0].properties.upper: " in told
    assert "data/day.csv: 1 problem\n" in told
    assert "data/day.csv: line 4: a number is missing" in told


def test_what_lies_outside_the_scenario_s_time_is_told(beside: Beside) -> None:
    beside.put("zones.geojson", features(feature(start=clock(-90), end=clock(-60))))
    beside.put("day.csv", tracks.write_csv([*flown("walk"), *flown("run", later_s=86_400.0)]))
    found = beside.read(
        zones={"from": ZONES}, flights={"from": {"file": "data/day.csv", "party": "south"}}
    )
    assert [line.partition("data/")[2] for line in found.sides.told] == [
        (
            "zones.geojson: none of its 1 zone is active within the scenario's time,"
            " 2026-01-01T00:00:00Z to 2026-01-01T06:00:00Z"
        ),
        (
            "day.csv: 1 of its 2 tracks lies outside the scenario's time,"
            " 2026-01-01T00:00:00Z to 2026-01-01T06:00:00Z"
        ),
    ]
    assert [*prepare(found).zones] == []
    assert [*prepare(found).flights] == ["walk"]


def test_validate_counts_what_files_give(
    beside: Beside, capsys: pytest.CaptureFixture[str]
) -> None:
    flights = {"from": {"file": "data/day.csv", "party": "south"}}
    assert main(["validate", beside.write(zones={"from": ZONES}, flights=flights)]) == 0
    assert "valid (2 parties, 1 channel, 1 zone, 2 flights)" in capsys.readouterr().out


# Names of files


DOCUMENT: dict[str, Any] = {
    "zones": {"from": [{"file": "a/zones.json"}, "b/zones.json"], "x": {"party": "north"}},
    "flights": {"from": "a/day.csv", "f": {"track": {"file": "b/day.csv", "id": "f"}}},
}


def test_files_are_found_where_they_are_named_and_named_otherwise() -> None:
    names = [name for _, name in places_of(DOCUMENT)]
    assert sorted(names) == ["a/day.csv", "a/zones.json", "b/day.csv", "b/zones.json"]
    kept = kept_names([*sorted(names), "c/ZONES.JSON", "side-a b?.csv", "..", "\u00e9"])
    assert kept == {
        "a/day.csv": "side-day.csv",
        "b/day.csv": "side-day-2.csv",
        "a/zones.json": "side-zones.json",
        "b/zones.json": "side-zones-2.json",
        "c/ZONES.JSON": "side-ZONES-3.JSON",
        "side-a b?.csv": "side-a-b-.csv",
        "..": "side-file",
        "\u00e9": "side-file-2",
    }
    again = renamed(DOCUMENT, kept)
    assert [name for _, name in places_of(again)] == [kept[name] for name in names]
    assert again["zones"]["x"] is DOCUMENT["zones"]["x"]


@pytest.mark.parametrize("name", ["", "a\nb", " a"])
def test_names_that_can_be_none_are_refused(beside: Beside, name: str) -> None:
    with pytest.raises(ScenarioError):
        build(as_text({**INLINE.document, "zones": {"from": name}}), SideFiles(str(beside.folder)))


def test_zones_written_by_us_come_back_as_they_are(beside: Beside) -> None:
    planned = prepare(INLINE).zones["area"]
    start = START.timestamp()
    opens, closes = planned.volume.window
    volume = sim.Volume(
        planned.volume.footprint, planned.volume.band, (opens + start, closes + start)
    )
    beside.put("zones.geojson", geojson.write([Zone("area", "Area", (volume,))], exact=True))
    (found,) = prepare(beside.read(zones={"from": ZONES})).zones.values()
    assert found.volume == planned.volume


# What differs


def test_changes_of_what_is_said_of_files_are_found(beside: Beside) -> None:
    flights = {"from": {"file": "data/day.csv", "party": "south"}}
    before = beside.read(zones={"from": ZONES}, flights=flights)
    after = before.replace({"zones.from.at": "+50 min", "flights.from.tags": "day"})
    assert find_changes(before, before.replace({"zones.from.to": "south"})) == ()
    assert [(one.path, one.before, one.after) for one in find_changes(before, after)] == [
        ("zones.from.at", None, "+50 min"),
        ("flights.from.tags", None, "day"),
    ]
    listed = beside.read(zones={"from": [{**ZONES, "at": "+50 min"}]}, flights=flights)
    assert [one.path for one in find_changes(before, listed)] == ["zones.from"]
    changed = listed.replace({"zones.from.0.at": "+55 min"})
    assert [one.path for one in find_changes(listed, changed)] == ["zones.from.0.at"]


def test_a_file_that_holds_something_else_is_a_change(beside: Beside) -> None:
    before = beside.read(zones={"from": ZONES})
    beside.put("zones.geojson", features(feature(), feature("other")))
    (change,) = find_changes(before, beside.read(zones={"from": ZONES}))
    assert change.path == "zones.from.file"
    assert change.before != change.after
    assert str(change.before).startswith("data/zones.geojson (")
