"""Exports: what is read back is what was declared and flown, and nothing that nobody may know."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import sim
from sim.errors import FormatError, InputError
from sim.formats import ed318, f3548, geojson, notam, openair, tracks
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.formats.writing import FORMATS, Chart, write
from sim.geometry.earth import distance_m
from sim.geometry.footprint import Circle
from sim.geometry.relations import uncovered_area_km2
from sim.model.journal import FlightFlown
from sim.report.exporting import chart_of_plan, chart_of_run
from sim.scenario.importing import import_files
from sim.scenario.plan import prepare
from sim.scenario.reader import build
from tests.beside import ZONES
from tests.stories import FLIGHT, LINE, ZONE, run_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.geometry.altitude import Limit, Vertical
    from sim.geometry.volume import Volume
    from tests.beside import Beside

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
SYRIA = next(path for path in SCENARIOS if path.stem == "northwest_syria_2022")
VERTICAL = {"vertical": {"terrain": "100 m", "geoid": "40 m", "qnh": "1000 hPa"}}

# How far areas may be off, in metres, and windows, in seconds.
READERS: dict[str, tuple[Callable[[str], Iterable[object]], float, float]] = {
    "f3548": (f3548.zones, 0.01, 0.001),
    "ed318": (ed318.zones, 0.01, 0.001),
    "geojson": (geojson.zones, 0.01, 0.001),
    "openair": (openair.zones, 1.0, 0.001),
    "notam": (notam.zones, 1.0, 60.0),
}


def zones_of(found: Iterable[object]) -> list[Zone]:
    return [one for one in found if isinstance(one, Zone)]


def tracks_of(found: Iterable[object]) -> list[FlownTrack]:
    return [one for one in found if isinstance(one, FlownTrack)]


def assert_same(
    back: Volume, volume: Volume, vertical: Vertical, off_m: float, off_s: float
) -> None:
    if isinstance(volume.footprint, Circle):
        assert isinstance(back.footprint, Circle)
        assert back.footprint.radius_m == pytest.approx(volume.footprint.radius_m, abs=0.01)
        assert back.footprint.center == pytest.approx(volume.footprint.center, abs=1e-7)
    else:
        off_km2 = volume.footprint.region.border.distance.sum() * max(off_m, 0.02) / 1e6
        for one, other in ((back, volume), (volume, back)):
            assert uncovered_area_km2(one.footprint, [other.footprint]) < off_km2
    for instants in zip(back.window, volume.window, strict=True):
        assert instants[0] == pytest.approx(instants[1], abs=off_s) or not isfinite(instants[1])
    assert_same_limit(back.band.lower, volume.band.lower, vertical)
    assert_same_limit(back.band.upper, volume.band.upper, vertical)


def assert_same_limit(back: Limit, limit: Limit, vertical: Vertical) -> None:
    if back.reference is limit.reference:
        assert back.metres == pytest.approx(limit.metres, abs=0.01)
    else:
        assert vertical.msl(back) == pytest.approx(vertical.msl(limit), abs=0.01)


def assert_read_back(chart: Chart, form: str) -> None:
    read, off_m, off_s = READERS[form]
    made = write(chart, form, fir="ZZZZ")
    left_out = {problem.place.removeprefix("zone ") for problem in made.problems}
    written = [one for one in zones_of(chart.zones) if one.id not in left_out]
    back = zones_of(read(made.text))
    for one, other in zip(back, written, strict=True):
        (volume,), (expected,) = one.volumes, other.volumes
        assert_same(volume, expected, chart.vertical, off_m, off_s)


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_zones_are_read_back_as_they_are(path: Path, form: str) -> None:
    scenario = sim.load(path).replace(VERTICAL)
    assert_read_back(chart_of_plan(prepare(scenario)), form)
    assert_read_back(chart_of_run(sim.run(scenario, 1)), form)


def test_flights_are_read_back_exactly() -> None:
    run = sim.run(sim.load(SYRIA), 7)
    read = tracks_of(tracks.read(write(chart_of_run(run), "csv").text))
    flown = {one.flight: one.track for one in run.journal.of(FlightFlown)}
    assert {one.id for one in read} == flown.keys()
    for one in read:
        shifted = flown[one.id].points + np.array([[run.scenario.start_unix], [0.0], [0.0], [0.0]])
        assert np.array_equal(one.track.points, shifted)


def test_a_run_that_is_exported_and_imported_has_the_same_entries(tmp_path: Path) -> None:
    run = sim.run(sim.load(SYRIA), 7)
    files = {form: str(tmp_path / f"run.{form}") for form in ("geojson", "csv")}
    for form, file in files.items():
        Path(file).write_text(write(chart_of_run(run), form).text)
    made = import_files([*files.values()], error_m=1.0)
    replayed = sim.run(build(made.document))

    def entries(of: sim.Run) -> list[tuple[str, str, float]]:
        start = of.scenario.start_unix
        return [(v.flight.replace("#", "-"), v.zone, start + v.entry) for v in of.violations]

    assert len(entries(run)) == 3
    for one, other in zip(entries(replayed), entries(run), strict=True):
        assert one[:2] == other[:2]
        assert one[2] == pytest.approx(other[2], abs=1.0)


def test_every_version_of_a_zone_is_there_while_it_was_in_force() -> None:
    # Planned to end at 150 min, the operation overruns; that is said at 155, and until 210.
    operation = {
        "party": "north",
        "area": {"circle": {"center": "0N 0E", "radius": "6 km"}},
        "altitude": ["SFC", "FL300"],
        "window": {"start": "+90 min", "duration": "1 h"},
        "overrun": "20 min",
    }
    cover = {
        "covers": "op",
        "area": {"buffer": "40 km"},
        "window": {"pad": "30 min"},
        "amend": {"overrun": {"delay": "5 min", "extend": "30 min"}},
        "notices": {"first": {"to": "south", "via": "line", "lead": "30 min"}},
    }
    run = run_of(operations={"op": operation}, zones={"area": cover})
    chart = chart_of_run(run)
    first, second = zones_of(chart.zones)
    assert [(one.id, one.name) for one in (first, second)] == [
        ("area", "area"),
        ("area-v2", "area v2"),
    ]
    assert (first.attributes["version"], second.attributes["version"]) == ("1", "2")
    assert second.attributes["replaces"] == first.id
    assert second.attributes["created"] == "2026-01-01T02:35:00Z"
    minutes = [
        [(instant - run.scenario.start_unix) / 60 for instant in one.volumes[0].window]
        for one in (first, second)
    ]
    assert minutes == [[60, 155], [155, 210]]
    assert_read_back(chart, "notam")  # the second as a NOTAM that replaces the first


def test_zones_may_be_as_a_party_was_told() -> None:
    garbling = LINE | {"garble": {"probability": 1, "offset": "9 km", "bearing": "90 deg"}}
    run = run_of(channels={"line": garbling}, zones={"area": ZONE})
    (zone,) = zones_of(chart_of_run(run).zones)
    (held,) = zones_of(chart_of_run(run, "south").zones)
    assert held.attributes["told"] == "south"
    assert held.attributes["party"] == zone.attributes["party"] == "north"
    declared, told = zone.volumes[0].footprint, held.volumes[0].footprint
    assert isinstance(declared, Circle)
    assert isinstance(told, Circle)
    assert distance_m(declared.center, told.center) == pytest.approx(9_000, abs=1)
    assert [str(one) for one in chart_of_run(run, "north").zones] == [
        "zone area: north never held it"
    ]
    with pytest.raises(InputError, match=r'nrth: there is no such.*mean "north"'):
        chart_of_run(run, "nrth")


@pytest.mark.parametrize(
    ("form", "altitude"),
    [("f3548", 200.0), ("ed318", 230.0), ("openair", 230.0), ("kml", 230.0), ("czml", 200.0)],
)
def test_a_zone_is_written_by_settings_of_its_own(form: str, altitude: float) -> None:
    # 200 m above the ellipsoid, of which the zone has the geoid at -30 m: 230 m above the sea.
    own = ZONE | {"altitude": ["SFC", "200 m W84"], "vertical": {"geoid": "-30 m"}}
    settings = {"terrain": "0 m", "geoid": "40 m", "qnh": "standard"}
    run = run_of(vertical=settings, zones={"area": own})
    for chart in (chart_of_plan(run.plan), chart_of_run(run), chart_of_run(run, "south")):
        made = write(chart, form)
        if form in READERS:
            (zone,) = zones_of(READERS[form][0](made.text))
            assert zone.volumes[0].band.upper.metres == pytest.approx(altitude, abs=1e-3)
        elif form == "kml":
            assert f",{altitude:.2f} " in made.text
        else:
            assert json.loads(made.text)[2]["polygon"]["height"] == altitude
        told = [x.message for x in made.problems if x.place.startswith("altitudes")]
        by = "given above the WGS84 ellipsoid, by vertical.geoid -30 m"
        assert told == ([by] if altitude == 200 else [])


def test_a_level_in_a_notam_goes_by_the_pressure_of_its_zone() -> None:
    # FL100 at 980 hPa is 2767 m above the sea, and FL100 again in the Q-line.
    own = ZONE | {"altitude": ["SFC", "FL100"], "vertical": {"qnh": "980 hPa"}}
    run = run_of(vertical={"qnh": "1040 hPa"}, zones={"area": own})
    assert "/W/000/100/0000N00000E027" in write(chart_of_run(run), "notam", fir="ZZZZ").text


def test_a_zone_that_is_handled_too_late_was_held_all_the_same() -> None:
    slow = {"north": {}, "south": {"desk": {"handling": "4 h"}}}  # and it is over at 3 h
    chart = chart_of_run(run_of(parties=slow, zones={"area": ZONE}), "south")
    assert [str(one) for one in chart.zones] == [
        "zone area: south held it only when it was over or cancelled"
    ]


def test_what_a_zone_says_of_itself() -> None:
    (zone,) = zones_of(chart_of_plan(prepare(sim.load(SYRIA))).zones)
    assert zone.attributes == {"party": "us", "covers": "raid"}
    (zone,) = zones_of(chart_of_run(sim.run(sim.load(SYRIA), 7)).zones)
    assert zone.attributes == {
        "party": "us",
        "covers": "raid",
        "version": "1",
        "created": "2022-02-02T20:00:00Z",  # 2 h before the zone begins
    }


def test_what_operations_really_are_is_in_no_file() -> None:
    own = {"circle": {"center": "36.3N 36.7E", "radius": "46 km"}}
    scenario = sim.load(SYRIA).replace(
        {"operations.raid.area.circle.radius": "6.789 km", "zones.raid-area.area": own}
    )
    run = sim.run(scenario, 7)
    for chart in (chart_of_plan(prepare(scenario)), chart_of_run(run), chart_of_run(run, "russia")):
        for form in FORMATS:
            assert "6789" not in write(chart, form, fir="ZZZZ").text


def test_flights_that_are_not_there_are_told() -> None:
    day = sim.load(next(path for path in SCENARIOS if path.stem == "deconfliction_day"))
    problems = [str(one) for one in chart_of_plan(prepare(day)).tracks if isinstance(one, Problem)]
    assert len(problems) == len(day.traffic)
    assert all("its movements are drawn in each run" in problem for problem in problems)
    told = ZONE | {"issued": "+0 min", "notices": {"first": {"to": "south", "via": "line"}}}
    told["notices"]["first"]["at"] = "+5 min"
    careful = {"north": {}, "south": {"response": {"comply": 1, "actions": ["cancel"]}}}
    run = run_of(parties=careful, zones={"area": told}, flights={"through": FLIGHT})
    (problem,) = chart_of_run(run).tracks
    assert str(problem) == "flight through: it never took off"


def test_violations_are_stretches_of_their_flights() -> None:
    run = sim.run(sim.load(SYRIA), 7)
    stays = chart_of_run(run).violations
    assert [one.attributes["cause"] for one in stays] == [one.cause for one in run.violations]
    start = run.scenario.start_unix
    for stay, violation in zip(stays, run.violations, strict=True):
        assert stay.track.start == start + violation.entry
        assert stay.track.end == pytest.approx(start + violation.exit)  # type: ignore[operator]


def test_a_hostile_party_is_inert_text_on_a_globe() -> None:
    hostile = "<script>alert(1)</script>"
    scenario = sim.load(SYRIA).replace({"name": hostile, "parties.us.name": hostile})
    chart = chart_of_run(sim.run(scenario, 7))
    text = write(chart, "kml").text
    assert "<script>" not in text
    names = [one.text for one in ET.fromstring(text).iter() if one.tag.endswith("name")]  # noqa: S314
    assert f"{hostile} (us)" in names
    packets = json.loads(write(chart, "czml").text)
    assert not any("<" in one.get("description", "").replace("<br/>", "") for one in packets)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_format_writes_every_scenario_or_says_why_not(path: Path, form: str) -> None:
    chart = chart_of_plan(prepare(sim.load(path)))
    try:
        made = write(chart, form, fir="ZZZZ")
    except FormatError as error:
        assert str(error).startswith("there is nothing to write")  # noqa: PT017
    else:
        assert made.text.endswith("\n")


def test_zones_and_flights_of_files_are_charted_too(beside: Beside) -> None:
    flights = {"from": {"file": "data/day.csv", "party": "south"}}
    zones = {"from": {**ZONES, "exempt": ["walk"]}}
    run = sim.run(beside.read(zones=zones, flights=flights), seed=1)
    for chart in (chart_of_plan(run.plan), chart_of_run(run), chart_of_run(run, "south")):
        (zone,) = (one for one in chart.zones if isinstance(one, Zone))
        assert (zone.id, zone.attributes["exempt"]) == ("area", "walk")
        assert [one.id for one in chart.tracks if isinstance(one, FlownTrack)] == ["run", "walk"]
