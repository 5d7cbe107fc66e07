"""The twin of northwest_syria_2022.yaml with everything fixed, worked out by hand.

Minutes after 18:00Z. The raid is planned from 270 to 450 (22:30Z to 01:30Z) and overruns by
10; its zone of 46 km is active from 240 to 480.

    120    drafted: 2 h before the zone; the line rings, and nobody comes for 5 min
    125    unanswered; tried again 5 min after that
    130    attempt 2 rings

That would need an answer that differs from attempt to attempt; with fixed values all
attempts are alike, so here the first one is answered:

    120    drafted, ringing
    121    connected after 1 min
    126    delivered after 5 min
    130    handled after 4 min, acknowledged at once
    138    disseminated to all three patrols after 8 min
    141    heeded by them after 3 min

The patrols are to depart at 240, 360 and 480. Each meets the zone for the first time on the
way from its first or second waypoint; the first two wait until they are there as it ends,
at 480, and the third is not hindered.

The aid flight departs at 310 (23:10Z) at 210 kt; its party is never told. It crosses the
zone and, in its middle, the raid.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.findings.run import Run, run
from sim.model.journal import (
    Disseminated,
    FlightActed,
    FlightDeparted,
    NoticeStep,
    OperationBegan,
    OperationEnded,
    UnitReacted,
    ZoneActive,
    ZoneInactive,
    ZoneIssued,
)
from sim.scenario.reader import load
from tests.geodesics import GEOD, borders
from tests.stories import story

SCENARIO = Path(__file__).parents[2] / "scenarios" / "northwest_syria_2022.yaml"
KNOTS = 1852 / 3600
CENTER = (36.7, 36.3)
FIXED: dict[str, Any] = {
    "parties.russia.desk": {"officers": 1, "handling": "4 min", "dissemination": "8 min"},
    "parties.russia.response.comply": 1,
    "channels.deconfliction-line.answer": {"probability": 1, "wait": "1 min", "patience": "5 min"},
    "channels.deconfliction-line.transfer": "5 min",
    "channels.deconfliction-line.garble": {"probability": 0},
    "operations.raid.overrun": "10 min",
    "flights.patrol.repeat.jitter": "0 s",
}


@pytest.fixture(scope="module")
def twin() -> Run:
    return run(load(SCENARIO).replace(FIXED))


def test_the_night_by_the_clock(twin: Run) -> None:
    kinds = (NoticeStep, Disseminated, UnitReacted, ZoneIssued, ZoneActive, ZoneInactive)
    assert story(twin.journal, *kinds, OperationBegan, OperationEnded) == [
        (120, "raid-area v1 issued"),
        (120, "raid-area v1 to russia: drafted"),
        (120, "raid-area v1 to russia: attempted 1"),
        (120, "raid-area v1 to russia: calling 1"),
        (121, "raid-area v1 to russia: connected 1"),
        (126, "raid-area v1 to russia: delivered 1"),
        (130, "raid-area v1 to russia: handled"),
        (130, "raid-area v1 to russia: acknowledged"),
        (138, "raid-area v1 to patrol#1: disseminated"),
        (138, "raid-area v1 to patrol#2: disseminated"),
        (138, "raid-area v1 to patrol#3: disseminated"),
        (141, "patrol#1 heeds raid-area"),
        (141, "patrol#2 heeds raid-area"),
        (141, "patrol#3 heeds raid-area"),
        (240, "raid-area v1 active"),
        (270, "raid began"),
        (460, "raid ended"),
        (480, "raid-area v1 inactive"),
    ]


def test_the_patrols_wait(twin: Run) -> None:
    corners = [(35.95, 35.4), (36.5, 35.9), (37.2, 36.5)]
    first, _, length = GEOD.inv(*corners[0], *corners[1])
    del first
    # 35.9N 36.5E lies 48 km from the centre: the first leg stays outside, the second enters.
    assert GEOD.inv(*corners[1], *CENTER)[2] > 46_000
    to_border = (length + borders(corners[1], corners[2], CENTER, 46_000)[0]) / (420 * KNOTS) / 60
    departed = [(r.flight, r.at / 60) for r in twin.journal.of(FlightDeparted)]
    assert departed == [
        ("aid-flight", 310),
        ("patrol#1", pytest.approx(480 - to_border, abs=1e-5)),
        ("patrol#2", pytest.approx(480 - to_border, abs=1e-5)),
        ("patrol#3", 480),
    ]
    acted = [(r.at / 60, r.flight, r.action) for r in twin.journal.of(FlightActed)]
    assert acted == [(141, "patrol#1", "delay"), (141, "patrol#2", "delay")]
    assert twin.metrics["delay_s"] / 60 == pytest.approx(
        2 * (480 - to_border) - 240 - 360, abs=1e-4
    )


def test_nobody_told_the_aid_flight(twin: Run) -> None:
    (violation,) = twin.violations
    begin, end = (36.1, 36.1), (37.3, 36.5)
    into, out = (metres / (210 * KNOTS) for metres in borders(begin, end, CENTER, 46_000))
    assert violation.flight == "aid-flight"
    assert violation.entry == pytest.approx(310 * 60 + into, abs=1e-3)
    assert violation.exit == pytest.approx(310 * 60 + out, abs=1e-3)
    assert (violation.cause, violation.notice) == ("never_addressed", None)
    assert [e.text for e in violation.evidence] == [
        "version 1 of raid-area declared",
        "entered raid-area: never told",
    ]


def test_it_flies_through_the_raid_as_well(twin: Run) -> None:
    (incursion,) = twin.incursions
    begin, end = (36.1, 36.1), (37.3, 36.5)
    into, out = (metres / (210 * KNOTS) for metres in borders(begin, end, CENTER, 6_000))
    assert incursion.entry == pytest.approx(310 * 60 + into, abs=1e-3)
    assert incursion.exit == pytest.approx(310 * 60 + out, abs=1e-3)
    assert incursion.cause == "never_addressed"
    assert twin.violations[0].incursions == (incursion.id,)


def test_what_the_night_cost(twin: Run) -> None:
    metrics = twin.metrics
    # The cap of a sphere of the Earth's radius, 46 km wide, for four hours.
    assert metrics["denied_km2_h"] == pytest.approx(4 * 3.14159265 * 46**2, rel=1e-3)
    assert metrics["notices_in_time"] == 1
    assert metrics["latency_p50_s"] == 600
    # One line, held from 120 to 126 of 720 minutes.
    assert metrics["line_utilisation"] == pytest.approx(6 / 720)
    assert metrics["gap_km2_h"] == 0
    assert (metrics["violations"], metrics["p_uninformed"]) == (1, 1)
