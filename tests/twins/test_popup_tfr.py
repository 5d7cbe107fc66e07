"""The twin of popup_tfr.yaml with everything fixed, worked out by hand.

Minutes after 12:00Z. The ring of 30 NM (55 560 m) is declared at 112 and active from 120 to
240. One telephone line; an answer takes 1 min and a call 3.

    airline   112 drafted and calling, 113 connected, 116 delivered, 117 handled (1 min),
              121 with the crews (4 min), 122 heeded (1 min)
    club      125 drafted and calling, 126 connected, 129 delivered, 134 handled (5 min),
              149 with the crews (15 min), 151 heeded (2 min)

    inside         on the meridian from 39N at 240 kt, inside when the ring appears at 120;
                   its desk knows and it does not: not_disseminated
    first-in       in between 121, when it is told, and 122, when it could act: no_time
    turns-away     told at 121, heeds it at 122, not yet there: reroutes
    goes-round     likewise
    overhead       at 31 000 ft: above
    first-lesson   in before 125, when the club is first called: not_yet_sent
    second-lesson  in between 126 and 129, during the call: in_transit
    later-lesson   told on the ground: cancelled
    ambulance      exempt
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.findings.run import Run, run
from sim.model.journal import FlightActed, FlightFlown, NoticeStep, Step, UnitReacted
from sim.scenario.reader import load
from tests.geodesics import borders, meridian_arc

SCENARIO = Path(__file__).parents[2] / "scenarios" / "popup_tfr.yaml"
RADIUS = 30 * 1852
FIXED: dict[str, Any] = {
    "parties.airline.desk": {"officers": 2, "handling": "1 min", "dissemination": "4 min"},
    "parties.club.desk": {"officers": 1, "handling": "5 min", "dissemination": "15 min"},
    "parties.club.response.comply": 1,
    "channels.operations-phone.answer": {"probability": 1, "wait": "1 min", "patience": "3 min"},
    "channels.operations-phone.transfer": "3 min",
    "channels.operations-phone.garble.probability": 0,
}


@pytest.fixture(scope="module")
def twin() -> Run:
    return run(load(SCENARIO).replace(FIXED))


def test_the_calls_by_the_clock(twin: Run) -> None:
    at = {(s.recipient, s.step): s.at / 60 for s in twin.journal.of(NoticeStep)}
    steps = (Step.DRAFTED, Step.CALLING, Step.CONNECTED, Step.DELIVERED, Step.HANDLED)
    assert [at["airline", step] for step in steps] == [112, 112, 113, 116, 117]
    assert [at["club", step] for step in steps] == [125, 125, 126, 129, 134]
    reacted = {r.party: r.at / 60 for r in twin.journal.of(UnitReacted)}
    assert reacted == {"airline": 122, "club": 151}


def entry(
    departs: float, knots: float, start: tuple[float, float], end: tuple[float, float]
) -> float:
    return departs + borders(start, end, (-100.0, 40.0), RADIUS)[0] / (knots * 1852 / 3600) / 60


def test_who_entered_when_and_why(twin: Run) -> None:
    first = entry(111.5, 200, (-100.3, 41.0), (-100.3, 38.5))
    lessons = [entry(departs, 90, (-99.8, 39.2), (-99.8, 40.4)) for departs in (110, 115)]
    assert 121 < first < 122
    assert 120 < lessons[0] < 125
    assert 126 < lessons[1] < 129
    assert {v.flight: v.cause for v in twin.violations} == {
        "inside": "not_disseminated",
        "first-in": "no_time",
        "first-lesson": "not_yet_sent",
        "second-lesson": "in_transit",
    }
    assert {v.flight: v.entry / 60 for v in twin.violations} == pytest.approx(
        {"inside": 120, "first-in": first, "first-lesson": lessons[0], "second-lesson": lessons[1]},
        abs=1e-5,
    )


def test_what_the_crews_did(twin: Run) -> None:
    acted = {r.flight: (r.at / 60, r.action) for r in twin.journal.of(FlightActed)}
    assert acted == {
        "inside": (122, "exit"),
        "first-in": (122, "exit"),
        "turns-away": (122, "reroute"),
        "goes-round": (122, "reroute"),
        "first-lesson": (151, "exit"),
        "second-lesson": (151, "exit"),
        "later-lesson": (151, "cancel"),
    }
    assert "later-lesson" not in {r.flight for r in twin.journal.of(FlightFlown)}
    assert twin.metrics["cancelled"] == 1


def test_the_one_inside_leaves_by_the_shortest_way(twin: Run) -> None:
    (inside,) = [v for v in twin.violations if v.flight == "inside"]
    # On the meridian through the centre, 4 NM a minute since 107: a little past it.
    flown = (122 - 107) * 4 * 1852
    to_center = meridian_arc(39.0, 40.0)
    out = (RADIUS - abs(to_center - flown)) / (4 * 1852)
    assert inside.exit is not None
    assert inside.exit / 60 == pytest.approx(122 + out, abs=1e-4)


def test_inside_told_in_time_but_too_slow_to_leave() -> None:
    """Told an hour ahead, with crews that take half of it to react."""
    early = FIXED | {
        "zones.ring.notices.airline-call.lead": "1 h",
        "parties.airline.response.reaction": "49 min",
    }
    found = run(load(SCENARIO).replace(early))
    # Called at 60, with the crew at 69, heeded at 118: two minutes before the ring begins, and
    # at 4 NM a minute far more than two minutes from its border.
    (violation,) = [v for v in found.violations if v.flight == "inside"]
    assert violation.entry / 60 == pytest.approx(120, abs=1e-6)
    assert violation.cause == "no_time"


def test_what_the_ring_cost(twin: Run) -> None:
    assert twin.metrics["violations"] == 4
    assert twin.metrics["uninformed"] == 3
    # A cap of a sphere of the Earth's radius, 55.56 km wide, for two hours.
    assert twin.metrics["denied_km2_h"] == pytest.approx(2 * 3.14159265 * 55.56**2, rel=2e-3)
