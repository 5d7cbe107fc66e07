"""A run's tables and metrics."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest

from sim.errors import InputError
from sim.findings.causes import CAUSES
from sim.findings.names import METRICS
from sim.findings.run import RECORDS, TABLES
from tests.stories import FLIGHT, LINE, ZONE, run_of


def test_metrics_are_those_of_the_design_in_its_order() -> None:
    names = list(run_of(zones={"z": ZONE}, flights={"f": FLIGHT}).metrics)
    assert names == [
        *("violations", "incursions", "uninformed", "p_uninformed"),
        *CAUSES,
        *("violation_s", "overlaps", "gap_km2_h", "denied_km2_h"),
        *("notices_sent", "notices_in_time", "latency_p50_s", "latency_p95_s"),
        *("flights", "delay_s", "extra_km", "cancelled", "diverted", "line_utilisation"),
        "held_s",
        "site_incursions",
        "postponed_s",
    ]
    assert tuple(names) == METRICS


def test_metrics_of_an_empty_scenario_are_zero_or_not_a_number() -> None:
    metrics = run_of().metrics
    undefined = {name for name, value in metrics.items() if math.isnan(value)}
    assert undefined == {
        *("notices_in_time", "latency_p50_s", "latency_p95_s"),
        "site_incursions",
        "postponed_s",
    }
    assert {value for value in metrics.values() if not math.isnan(value)} == {0.0}


def test_a_metric_for_lines_needs_lines() -> None:
    assert math.isnan(run_of(channels={}).metrics["line_utilisation"])


def test_causes_add_up_to_the_violations() -> None:
    metrics = run_of(
        zones={"z": ZONE | {"notices": {}}}, flights={"f": FLIGHT, "g": FLIGHT | {"party": "north"}}
    ).metrics
    assert metrics["violations"] == metrics["never_addressed"] == metrics["uninformed"] == 1
    assert metrics["p_uninformed"] == 1
    assert metrics["flights"] == 2


def test_a_line_is_in_use_from_ringing_to_hanging_up() -> None:
    unheard = LINE | {
        "answer": {"probability": 0, "wait": "1 min", "patience": "5 min"},
        "retry": {"after": "1 min", "attempts": 2},
    }
    metrics = run_of(zones={"z": ZONE}, channels={"line": unheard}).metrics
    assert metrics["line_utilisation"] == pytest.approx(10 / 360)
    # Still ringing at the horizon: from 350 on.
    late = ZONE | {
        "window": {"start": "+60 min", "end": "+7 h"},
        "notices": {"first": {"to": "south", "via": "line", "at": "+358 min"}},
    }
    metrics = run_of(zones={"z": late}, channels={"line": unheard}).metrics
    assert metrics["line_utilisation"] == pytest.approx(2 / 360)


def test_notices_are_summed_up() -> None:
    run = run_of(zones={"z": ZONE}, flights={"f": FLIGHT})
    (notice,) = run.notices
    assert (notice.zone, notice.notice, notice.sender, notice.recipient) == (
        "z",
        "first",
        "north",
        "south",
    )
    assert (notice.drafted / 60, notice.attempts, notice.outcome) == (30, 1, "acknowledged")
    assert notice.handled == 33 * 60
    assert notice.lead_left_s == 27 * 60
    assert notice.disseminated == (("f", 33 * 60.0),)
    assert run.metrics["notices_in_time"] == 1
    assert run.metrics["latency_p50_s"] == 180


def test_a_stay_that_goes_on_at_the_horizon_is_censored() -> None:
    late = ZONE | {"notices": {}, "window": {"start": "+60 min", "end": "+10 h"}}
    run = run_of(zones={"z": late}, flights={"f": FLIGHT | {"departs": "+350 min"}})
    (violation,) = run.violations
    assert violation.censored
    assert violation.exit is None
    assert (violation.entry + violation.duration_s) / 60 == pytest.approx(360)


def test_a_stay_that_ends_with_the_flight_is_not_censored() -> None:
    landing = FLIGHT | {"route": ["0N 2W", "0N 0E"]}
    (violation,) = run_of(zones={"z": ZONE | {"notices": {}}}, flights={"f": landing}).violations
    assert not violation.censored
    assert violation.exit is not None
    assert violation.exit / 60 == pytest.approx(90 + 222_638.982 / 20_000)


def test_a_flight_that_comes_back_violates_twice() -> None:
    there_and_back = FLIGHT | {"route": ["0N 2W", "0N 2E", "0N 2W"]}
    run = run_of(zones={"z": ZONE | {"notices": {}}}, flights={"f": there_and_back})
    assert [v.id for v in run.violations] == ["violation-1", "violation-2"]
    assert [round(v.duration_s / 60, 6) for v in run.violations] == [5, 5]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_a_frame(table: str) -> None:
    run = run_of(zones={"z": ZONE | {"notices": {}}}, flights={"f": FLIGHT})
    frame = run.to_frame(table)
    assert len(frame) == len(getattr(run, table))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_nothing_has_its_columns(table: str) -> None:
    record = RECORDS[table]
    assert set(run_of().to_frame(table)) == {field.name for field in fields(record)}


def test_a_frame_says_who_and_where_before_when_and_why() -> None:
    zone = ZONE | {"notices": {}}
    operation = {key: value for key, value in ZONE.items() if key != "notices"}
    run = run_of(zones={"z": zone}, operations={"o": operation}, flights={"f": FLIGHT})
    stay = [
        *("entry", "exit", "censored", "duration_s", "depth_m", "deepest"),
        *("entry_position", "entry_altitude_m", "cause", "detail", "notice"),
    ]
    who = ["id", "flight", "party"]
    violations, incursions = run.to_frame("violations"), run.to_frame("incursions")
    assert list(violations) == [*who, "zone", "version", *stay, "incursions", "evidence"]
    assert list(incursions) == [*who, "operation", "zones", *stay, "evidence"]


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(InputError, match="there is no table 'violation'; the tables are"):
        run_of().to_frame("violation")


def test_the_lead_of_an_amendment_counts_back_from_what_it_adds() -> None:
    operation = {
        "party": "north",
        "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
        "altitude": ["SFC", "UNL"],
        "window": {"start": "+60 min", "end": "+120 min"},
        "overrun": "1 h",
    }
    zone = {
        "covers": "op",
        "window": {"pad": "15 min"},
        "notices": {"first": {"to": "south", "via": "line", "at": "+10 min"}},
        "amend": {"overrun": {"extend": "1 h"}},
    }
    run = run_of(operations={"op": operation}, zones={"z": zone})
    first, second, *_ = run.notices
    # Handled at 13 for a zone from 45 on; at 123 for what it adds from 135 on.
    assert (first.lead_left_s, second.lead_left_s) == (32 * 60, 12 * 60)
    assert run.metrics["notices_in_time"] == 1


def test_a_run_shows_what_it_is_in_a_line() -> None:
    assert repr(run_of(7)) == "<Run of 'Story', seed 7, replication 0>"
