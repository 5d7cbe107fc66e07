"""The twin of launch_hazard.yaml with everything fixed, worked out by hand.

Minutes after 2026-03-10T00:00Z. The second stage is planned from 1630 (03:10Z on the 11th)
to 1680; its zone b is padded by 30, so first declared for 1600 to 1710. It slips by 100 and
really lasts from 1730 to 1780.

    160     drafted, a day before the zone begins; published 10 min later
    1630    not begun; said at 1635: version 2, an hour later: 1660 to 1770
    1690    not begun; said at 1695: version 3: 1720 to 1830
    1750    begun at 1730: no more is said

Both amendments are published 10 min after they are said, at 1645 and 1705, and read within
the hour after. The areas a and c follow the same pattern 10 min earlier and 20 min later.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.findings.run import Run, run
from sim.model.journal import (
    FlightArrived,
    NoticeStep,
    OperationBegan,
    OperationEnded,
    Step,
    ZoneIssued,
)
from sim.scenario.reader import load
from tests.geodesics import meridian_arc
from tests.stories import story

SCENARIO = Path(__file__).parents[2] / "scenarios" / "launch_hazard.yaml"
FIXED: dict[str, Any] = {
    "channels.notices.transfer": "10 min",
    "channels.notices.unread": 0,
    "channels.notices.garble.probability": 0,
    "parties.oceanic.desk": {"officers": 2, "handling": "10 min", "dissemination": "5 min"},
    "parties.charter.desk": {"officers": 1, "handling": "30 min", "dissemination": "10 min"},
    "parties.charter.response.comply": 1,
    "flights.northbound.repeat.jitter": "0 s",
}


@pytest.fixture(scope="module")
def twin() -> Run:
    return run(load(SCENARIO).replace(FIXED))


def test_the_areas_move_twice(twin: Run) -> None:
    issued = {
        zone: [
            (r.at / 60, r.volume.window[0] / 60, r.volume.window[1] / 60)
            for r in twin.journal.of(ZoneIssued)
            if r.zone == zone
        ]
        for zone in ("area-a", "area-b", "area-c")
    }
    assert issued["area-b"] == [(160, 1600, 1710), (1635, 1660, 1770), (1695, 1720, 1830)]
    assert issued["area-a"] == [(150, 1590, 1700), (1625, 1650, 1760), (1685, 1710, 1820)]
    assert issued["area-c"] == [(180, 1620, 1730), (1655, 1680, 1790), (1715, 1740, 1850)]
    assert story(twin.journal, OperationBegan, OperationEnded) == [
        (1720, "first-stage began"),
        (1730, "second-stage began"),
        (1750, "fairing began"),
        (1770, "first-stage ended"),
        (1780, "second-stage ended"),
        (1800, "fairing ended"),
    ]


def test_each_version_is_published_and_read_within_the_hour(twin: Run) -> None:
    steps = [s for s in twin.journal.of(NoticeStep) if s.zone == "area-b"]
    published = {(s.recipient, s.version): s.at / 60 for s in steps if s.step is Step.PUBLISHED}
    for recipient in ("oceanic", "charter"):
        assert [published[recipient, version] for version in (1, 2, 3)] == [170, 1645, 1705]
    for step in steps:
        if step.step is Step.DELIVERED and step.recipient == "oceanic":
            wait = step.at / 60 - published[step.recipient, step.version]
            assert 0 <= wait < 60


def test_the_zone_across_the_antimeridian_is_whole(twin: Run) -> None:
    (first, *_) = [r.volume for r in twin.journal.of(ZoneIssued) if r.zone == "area-b"]
    # 120 NM and a buffer of 20: as far to the east of 180 as to the west.
    assert first.footprint.contains(179.0, 24.0)
    assert first.footprint.contains(-179.0, 24.0)
    assert first.footprint.depth(180.0, 24.0) == pytest.approx(140 * 1852, abs=0.02)


def test_a_plan_along_the_antimeridian_overlaps_for_as_long_as_it_is_inside(twin: Run) -> None:
    # The third northbound flight would leave 10N at 1510 + 150 at 480 kt, with no delay.
    overlaps = [o for o in twin.overlaps if o.kind == "flight-zone" and o.first == "northbound#2"]
    knots = 1852 / 3600
    departs, radius = 1510 + 75, 140 * 1852
    into = departs * 60 + (meridian_arc(10, 24) - radius) / (480 * knots)
    out = into + 2 * radius / (480 * knots)
    (overlap,) = overlaps
    # It is planned against the zone as first declared, until 1710.
    assert overlap.start == pytest.approx(max(into, 1600 * 60), abs=1e-3)
    assert overlap.end == pytest.approx(min(out, 1710 * 60), abs=1e-3)


def test_only_old_versions_let_flights_in(twin: Run) -> None:
    """Whoever enters held a version that had ended, or did not cover the area as it had moved."""
    assert twin.violations
    assert {v.cause for v in twin.violations} <= {"in_transit", "misinformed", "not_disseminated"}
    assert all(v.version > 1 for v in twin.violations)


def test_a_flight_all_but_at_a_waypoint_goes_on_from_there() -> None:
    """In this run one left an area within a nanometre of its destination."""
    assert run(load(SCENARIO), seed=7, replication=15).journal.of(FlightArrived)
