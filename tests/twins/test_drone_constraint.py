"""The twin of drone_constraint.yaml with everything fixed, worked out by hand.

Seconds after 09:00Z. The constraint is active from 3600 to 7200, and declared ten minutes
before.

    3000    drafted, sent to both operators
    3002    delivered to both after 2 s, handled by the parcel drones' machine at once
    3007    heeded by every parcel drone 5 s later
    3122    handled by the survey drones' officer after 2 min
    3422    with the survey crews after 5 min more
    3452    heeded by them 30 s later

All that are told know it before 3600 and keep out. The visitor is never told; it leaves
48.09N 11.47E at 4320 at 10 m/s. The rescue drone is exempt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.findings.run import Run, run
from sim.model.journal import FlightActed, NoticeStep, Step, UnitReacted
from sim.scenario.reader import load
from tests.geodesics import Place, borders

SCENARIO = Path(__file__).parents[2] / "scenarios" / "drone_constraint.yaml"
FIXED: dict[str, Any] = {
    "channels.network.transfer": "2 s",
    "channels.network.loss": 0,
    "parties.surveyors.desk": {"officers": 1, "handling": "2 min", "dissemination": "5 min"},
    "parties.surveyors.response.comply": 1,
    "flights.parcel-east.repeat.jitter": "0 s",
    "flights.parcel-south.repeat.jitter": "0 s",
}


@pytest.fixture(scope="module")
def twin() -> Run:
    return run(load(SCENARIO).replace(FIXED))


def test_the_messages_by_the_clock(twin: Run) -> None:
    at = {(s.recipient, s.step): s.at for s in twin.journal.of(NoticeStep)}
    steps = (Step.DRAFTED, Step.CONNECTED, Step.DELIVERED, Step.HANDLED)
    assert [at["parcels", step] for step in steps] == [3000, 3000, 3002, 3002]
    assert [at["surveyors", step] for step in steps] == [3000, 3000, 3002, 3122]
    reacted = {(r.party, r.at) for r in twin.journal.of(UnitReacted)}
    assert reacted == {("parcels", 3007), ("surveyors", 3452)}


def test_only_the_visitor_enters(twin: Run) -> None:
    (violation,) = twin.violations
    into, out = borders((11.47, 48.09), (11.53, 48.11), (11.50, 48.10), 1500)
    assert (violation.flight, violation.cause) == ("visitor", "never_addressed")
    assert violation.entry == pytest.approx(4320 + into / 10, abs=1e-3)
    assert violation.exit == pytest.approx(4320 + out / 10, abs=1e-3)


@pytest.mark.parametrize(
    ("stream", "first", "every", "count", "speed", "begin", "end"),
    [
        ("parcel-east", 1200, 240, 30, 16, (11.44, 48.10), (11.56, 48.10)),
        ("parcel-south", 1320, 300, 24, 14, (11.495, 48.14), (11.505, 48.06)),
    ],
)
def test_those_who_would_wait_too_long_go_round(
    twin: Run,
    stream: str,
    first: int,
    every: int,
    count: int,
    speed: int,
    begin: Place,
    end: Place,
) -> None:
    """A drone that would be inside from 3600 to 7200 waits until it no longer is, or goes round."""
    into, out = (metres / speed for metres in borders(begin, end, (11.50, 48.10), 1500))
    departures = {f"{stream}#{k + 1}": first + every * k for k in range(count)}
    hindered = {n: at for n, at in departures.items() if at + out > 3600 and at + into < 7200}
    assert min(hindered.values()) > 3007  # all of them are told on the ground
    expected = {
        name: "delay" if 7200 - into - at <= 600 else "reroute" for name, at in hindered.items()
    }
    assert {"delay", "reroute"} == set(expected.values())
    acted = [r for r in twin.journal.of(FlightActed) if r.flight.startswith(stream)]
    assert {r.flight: r.action for r in acted} == expected
    for act in acted:
        if act.action == "delay":
            assert act.delay_s == pytest.approx(7200 - into - hindered[act.flight], abs=1e-3)


def test_the_exempt_one_enters_freely(twin: Run) -> None:
    assert "rescue-drone" not in {v.flight for v in twin.violations}
    assert [(o.first, o.exempt) for o in twin.overlaps if o.first == "rescue-drone"] == [
        ("rescue-drone", True)
    ]
