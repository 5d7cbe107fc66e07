"""Exports: what is read back is what was declared and flown, and what cannot be said is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.formats import f3548, geojson, notam, openair, tracks
from sim.formats.records import Zone
from sim.formats.tracks import FlownTrack
from sim.model.journal import FlightFlown
from sim.report.exporting import FORMATS, chart_of_plan, chart_of_run, export
from sim.scenario.plan import prepare

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SEED = SCENARIOS / "northwest_syria_2022.yaml"


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    return sim.load(SEED)


def zones_of(found: list[object]) -> list[Zone]:
    return [one for one in found if isinstance(one, Zone)]


@pytest.mark.parametrize(
    ("form", "read"),
    [("geojson", geojson.zones), ("openair", openair.zones), ("notam", notam.zones)],
)
def test_a_declared_circle_is_read_back_as_it_is(
    scenario: sim.Scenario, form: str, read: object
) -> None:
    chart = chart_of_plan(prepare(scenario))
    (zone,) = chart.zones
    text = export(chart, form, fir="OSTT").text
    (back,) = zones_of(read(text.encode() if form != "notam" else text))  # type: ignore[operator]
    (volume,), (declared,) = back.volumes, zone.volumes
    assert volume.footprint.center == pytest.approx(declared.footprint.center, abs=1e-9)  # type: ignore[attr-defined]
    assert volume.footprint.radius_m == pytest.approx(46_000.0, abs=0.01)  # type: ignore[attr-defined]
    assert volume.window == pytest.approx(declared.window, abs=1.0)
    assert volume.band == declared.band


def test_the_window_is_in_unix_time(scenario: sim.Scenario) -> None:
    text = export(chart_of_plan(prepare(scenario)), "f3548").text
    (volume,) = f3548.volumes(text)
    # 22:30 less 30 min and 01:30 plus 30 min: 4 h and 8 h after the start at 18:00
    assert volume.window == (scenario.start_unix + 4 * 3600.0, scenario.start_unix + 8 * 3600.0)


def test_what_was_flown_is_read_back_exactly(scenario: sim.Scenario) -> None:
    run = sim.run(scenario, 7)
    read = tracks.read(export(chart_of_run(run), "csv").text)
    found = {one.id: one.track for one in read if isinstance(one, FlownTrack)}
    flown = {one.flight: one.track for one in run.journal.of(FlightFlown)}
    assert found.keys() == flown.keys()
    for flight, track in flown.items():
        shifted = track.points + np.array([[scenario.start_unix], [0.0], [0.0], [0.0]])
        assert np.array_equal(found[flight].points, shifted)


def test_what_a_format_has_not_is_told(scenario: sim.Scenario) -> None:
    made = export(chart_of_plan(prepare(scenario)), "openair")
    assert [str(problem) for problem in made.problems] == ["flights: openair has none: 4 left out"]


def test_a_zone_that_a_format_cannot_say_is_left_out_and_the_rest_goes_on(
    scenario: sim.Scenario,
) -> None:
    chart = chart_of_plan(prepare(scenario))
    (zone,) = chart.zones
    unsayable = replace(zone, id="ellipsoidal", volumes=(above_ellipsoid(zone),))
    made = export(chart._replace(zones=(zone, unsayable), tracks=()), "openair")
    assert [problem.place for problem in made.problems] == ["zone ellipsoidal"]
    assert len(zones_of([*openair.zones(made.text.encode())])) == 1
    with pytest.raises(InputError, match="there is nothing to write as openair: zone ellipsoidal"):
        export(chart._replace(zones=(unsayable,), tracks=()), "openair")


def above_ellipsoid(zone: Zone) -> sim.Volume:
    band = sim.Band(sim.Limit(sim.Reference.W84, 0.0), sim.Limit(sim.Reference.W84, 100.0))
    return replace(zone.volumes[0], band=band)


def test_what_operations_really_are_is_not_written(scenario: sim.Scenario) -> None:
    chart = chart_of_run(sim.run(scenario, 7))
    assert {zone.id for zone in chart.zones} == {"raid-area"}
    (volume,) = chart.zones[0].volumes
    assert volume.footprint.radius_m == 46_000.0  # type: ignore[attr-defined]  # declared, not 6 km


def test_a_hostile_name_is_text_wherever_it_goes(scenario: sim.Scenario) -> None:
    hostile = scenario.replace({"name": "<script>alert(1)</script>"})
    chart = chart_of_plan(prepare(hostile))
    assert "<script>" not in export(chart, "kml").text
    assert json.loads(export(chart, "czml").text)[0]["name"] == hostile.name


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_writes_every_scenario_or_says_why_not(form: str) -> None:
    for path in sorted(SCENARIOS.glob("*.yaml")):
        plan = prepare(sim.load(path))
        chart = chart_of_plan(plan)
        try:
            made = export(chart, form, fir="ZZZZ")
        except InputError as error:
            assert str(error).startswith("there is nothing to write"), path  # noqa: PT017
        else:
            assert made.text.endswith("\n"), path


def test_a_notam_needs_its_region(scenario: sim.Scenario) -> None:
    with pytest.raises(InputError, match="flight information region"):
        export(chart_of_plan(prepare(scenario)), "notam")


def test_a_format_of_another_name_is_refused(scenario: sim.Scenario) -> None:
    with pytest.raises(InputError, match=r"'kmz' is no format.*did you mean"):
        export(chart_of_plan(prepare(scenario)), "kmz")
