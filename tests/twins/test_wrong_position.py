"""The twin of wrong_position.yaml with everything fixed, worked out by hand.

All three flights fly along a meridian towards the centre of a circle on it, so the way from
a latitude to the border is the meridian's arc less the radius. The arc is the integral of
the meridian's radius of curvature a (1 - e2) / (1 - e2 sin2)^1.5 (WGS84: a = 6 378 137 m,
e2 = 0.006 694 379 990 14), taken here by Simpson's rule.

The notice (minutes after 12:00Z)
     30    drafted: 1 h before the zone begins at 90 (operation 120-180, padded by 30)
     31    answered after 1 min
     36    delivered after 5 min, 9 km to the east of what was declared
     40    handled after 4 min
     48    disseminated after 8 min
     51    the crew heeds it after 3 min: its way keeps 9 km from the centre it was told,
           more than the radius of 8 km, and it sees no need to do anything

The transport leaves 34.7N at 125 and meets the border of the true circle, 8 km south of
35.3N, while the desk holds a position that does not cover it: misinformed. It flies 16 km
inside and, as the operation of 3 km is under way, 6 km within that.

The stop call
    140    drafted, and the line rings at once: the contact is away for 27 min
    167    connected
    171.5  delivered after 4.5 min: under five minutes once answered
    172.5  handled after 1 min
    174.5  disseminated after 2 min
    175.5  heeded after 1 min

The early watch leaves 34.9N at 150 and is inside before anybody answers: unanswered. The
late one leaves 34.3N at 170, is still on its way at 175.5, and goes round.
"""

from __future__ import annotations

from math import acos, pi, sqrt
from pathlib import Path
from typing import Any

import pytest

from sim.findings.run import Run, run
from sim.model.journal import Disseminated, FlightActed, NoticeStep, Step, UnitReacted
from sim.scenario.reader import load
from tests.geodesics import meridian_arc
from tests.stories import story

SCENARIO = Path(__file__).parents[2] / "scenarios" / "wrong_position.yaml"
KNOTS = 1852 / 3600
FIXED: dict[str, Any] = {
    "parties.west.desk": {"officers": 2, "handling": "1 min", "dissemination": "2 min"},
    "parties.east.desk": {"officers": 1, "handling": "4 min", "dissemination": "8 min"},
    "parties.east.response.comply": 1,
    "channels.west-calls-east.answer": {"probability": 1, "wait": "1 min", "patience": "5 min"},
    "channels.west-calls-east.transfer": "5 min",
    "channels.west-calls-east.garble.bearing": "90 deg",
    "channels.east-calls-west.answer.wait": "27 min",
    "channels.east-calls-west.transfer": "4.5 min",
}


@pytest.fixture(scope="module")
def twin() -> Run:
    return run(load(SCENARIO).replace(FIXED))


def test_the_notice_goes_its_way_by_the_clock(twin: Run) -> None:
    told = [
        line
        for line in story(twin.journal, NoticeStep, Disseminated, UnitReacted)
        if "keep-clear" in line[1]
    ]
    assert told == [
        (30, "keep-clear v1 to east: drafted"),
        (30, "keep-clear v1 to east: attempted 1"),
        (30, "keep-clear v1 to east: calling 1"),
        (31, "keep-clear v1 to east: connected 1"),
        (36, "keep-clear v1 to east: delivered 1"),
        (40, "keep-clear v1 to east: handled"),
        (40, "keep-clear v1 to east: acknowledged"),
        (48, "keep-clear v1 to transport: disseminated"),
        (51, "transport heeds keep-clear"),
    ]


def test_the_stop_call_is_27_minutes_late_and_then_takes_under_five(twin: Run) -> None:
    steps = {s.step: s.at / 60 for s in twin.journal.of(NoticeStep) if s.zone == "stop-area"}
    assert (steps[Step.CALLING], steps[Step.CONNECTED], steps[Step.DELIVERED]) == (140, 167, 171.5)
    assert steps[Step.CONNECTED] - steps[Step.CALLING] == 27
    assert steps[Step.DELIVERED] - steps[Step.CONNECTED] < 5
    reacted = [(r.at / 60, r.unit) for r in twin.journal.of(UnitReacted) if r.zone == "stop-area"]
    assert reacted == [(175.5, "watch-early"), (175.5, "watch-late")]
    acted = [(r.at / 60, r.flight, r.action) for r in twin.journal.of(FlightActed)]
    assert acted == [(175.5, "watch-late", "reroute")]


def test_the_transport_enters_what_it_was_told_wrongly(twin: Run) -> None:
    (transport,) = [v for v in twin.violations if v.flight == "transport"]
    speed = 300 * KNOTS
    entry = 125 * 60 + (meridian_arc(34.7, 35.3) - 8000) / speed
    assert transport.entry == pytest.approx(entry, abs=1e-3)
    assert transport.duration_s == pytest.approx(16000 / speed, abs=1e-3)
    assert transport.depth_m == pytest.approx(8000, abs=0.01)
    assert (transport.cause, transport.notice) == ("misinformed", "keep-clear.first")
    (incursion,) = twin.incursions
    assert transport.incursions == (incursion.id,)
    assert incursion.entry == pytest.approx(entry + 5000 / speed, abs=1e-3)
    assert incursion.duration_s == pytest.approx(6000 / speed, abs=1e-3)
    assert incursion.cause == "misinformed"


def test_the_early_watch_enters_while_nobody_answers(twin: Run) -> None:
    (watch,) = [v for v in twin.violations if v.flight == "watch-early"]
    speed = 240 * KNOTS
    entry = 150 * 60 + (meridian_arc(34.9, 35.3) - 10_000) / speed
    assert watch.entry == pytest.approx(entry, abs=1e-3)
    assert watch.duration_s == pytest.approx(20_000 / speed, abs=1e-3)
    assert watch.cause == "unanswered"
    # Out again before the contact came to the telephone.
    assert watch.entry + watch.duration_s < 167 * 60


def test_nobody_else_enters_and_the_late_watch_pays_with_a_detour(twin: Run) -> None:
    assert [v.flight for v in twin.violations] == ["transport", "watch-early"]
    assert [g.holder for g in twin.gaps] == ["east"]
    (acted,) = twin.journal.of(FlightActed)
    # Tangents and an arc round 10 km and a margin of 5 km, in the plane; at 175.5 it has
    # flown 5.5 min, and the destination is as far beyond the centre as 35.9N.
    before = meridian_arc(34.3, 35.3) - 330 * 240 * KNOTS
    after, radius = meridian_arc(35.3, 35.9), 15_000.0
    around = sqrt(before**2 - radius**2) + sqrt(after**2 - radius**2)
    arc = radius * (pi - acos(radius / before) - acos(radius / after))
    assert acted.extra_m == pytest.approx(around + arc - before - after, abs=100)


def test_east_holds_a_circle_beside_the_operation(twin: Run) -> None:
    (gap,) = twin.gaps
    # Two circles of 3 and 8 km, 9 km apart: what of the smaller lies outside the larger.
    r, big, d = 3.0, 8.0, 9.0
    lens = (
        r**2 * acos((d**2 + r**2 - big**2) / (2 * d * r))
        + big**2 * acos((d**2 + big**2 - r**2) / (2 * d * big))
        - sqrt((-d + r + big) * (d + r - big) * (d - r + big) * (d + r + big)) / 2
    )
    assert gap.area_km2 == pytest.approx(pi * r**2 - lens, rel=1e-4)
    assert (gap.kind, gap.start / 60, gap.end / 60) == ("space", 120, 180)
    assert gap.km2_h == pytest.approx(gap.area_km2)
