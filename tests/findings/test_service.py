"""Notice statistics: where the time goes, how often it is tried again, how busy lines are."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.findings.service import LATENCIES
from tests.stories import FLIGHT, LINE, ZONE, run_of

UNHEARD = {"probability": 0, "wait": "1 min", "patience": "5 min"}
SOUTH = {
    "north": {},
    "south": {"desk": {"handling": "4 min", "dissemination": "7 min"}},
}


def minutes(run: Any) -> dict[str, float]:
    return {name: spread.p50_s / 60 for name, spread in run.notice_statistics.latencies.items()}


def test_a_notice_s_time_is_cut_into_its_steps() -> None:
    flights = {"f": FLIGHT, "g": FLIGHT}
    run = run_of(zones={"z": ZONE}, flights=flights, parties=SOUTH)
    found = run.notice_statistics
    assert minutes(run) == dict(zip(LATENCIES, (1, 2, 4, 7), strict=True))
    assert [found.latencies[name].n for name in LATENCIES] == [1, 1, 1, 2]
    # Drafted at 30, handled at 37, for a zone from 60 on.
    assert (found.lead_left.n, found.lead_left.mean_s / 60) == (1, 23)
    assert (found.drafted, found.sent, found.handled, found.in_time, found.retries) == (
        *(1, 1, 1, 1),
        0,
    )


def test_a_retry_is_part_of_the_way_to_a_connection() -> None:
    # On the way from 30 on: down at 31, and found down on calling again at 34; at 37 it is up.
    outage = LINE | {"outages": [{"start": "+30.5 min", "duration": "6 min"}]}
    run = run_of(zones={"z": ZONE}, channels={"line": outage})
    found = run.notice_statistics
    (load,) = found.loads
    assert found.retries == load.unanswered == load.attempts - 1
    assert found.retries > 0
    assert load.delivered == 1
    assert minutes(run)["connected_to_delivered"] == 2
    delivered = run.notices[0].delivered
    assert delivered is not None
    assert minutes(run)["drafted_to_connected"] == pytest.approx(delivered / 60 - 2 - 30)


def test_what_was_handled_too_late_has_less_than_no_lead() -> None:
    late = ZONE | {"notices": {"first": {"to": "south", "via": "line", "at": "+70 min"}}}
    found = run_of(zones={"z": late}).notice_statistics
    assert (found.handled, found.in_time, found.lead_left.most_s / 60) == (1, 0, -13)


def test_the_load_of_lines_is_what_calls_hold() -> None:
    unheard = LINE | {"answer": UNHEARD, "retry": {"after": "1 min", "attempts": 2}}
    run = run_of(zones={"z": ZONE}, channels={"line": unheard})
    (load,) = run.notice_statistics.loads
    assert (load.channel, load.attempts, load.unanswered, load.lost) == ("line", 2, 2, 0)
    assert load.busy_s == 600
    assert load.utilisation == pytest.approx(10 / 360)
    assert load.utilisation == run.metrics["line_utilisation"]


def test_each_leg_of_a_relay_loads_its_own_channel() -> None:
    first = {"to": "south", "via": ["line", "hub", "on"], "at": "+10 min"}
    run = run_of(
        parties={"north": {}, "south": {}, "hub": {"desk": {"handling": "5 min"}}},
        channels={
            "line": LINE | {"between": ["north", "hub"]},
            "on": LINE | {"between": ["hub", "south"], "transfer": "8 min"},
        },
        zones={"z": ZONE | {"notices": {"first": first}}},
    )
    found = run.notice_statistics
    assert {load.channel: load.busy_s / 60 for load in found.loads} == {"line": 3, "on": 9}
    # The last leg is connected after 3 min to the intermediary, 5 there, and 1 to an answer.
    assert minutes(run)["drafted_to_connected"] == 9
    assert minutes(run)["connected_to_delivered"] == 8


def test_what_has_no_lines_has_no_utilisation_and_does_not_count_with_lines() -> None:
    datalink = {"medium": "datalink", "from": "north", "to": "all", "transfer": "3 s", "loss": 0}
    second = {"to": "east", "via": "link", "at": "+10 min"}
    run = run_of(
        parties={"north": {}, "south": {}, "east": {}},
        channels={"line": LINE, "link": datalink},
        zones={"z": ZONE | {"notices": ZONE["notices"] | {"second": second}}},
    )
    line, link = run.notice_statistics.loads
    assert (line.busy_s, link.attempts, link.delivered) == (180, 1, 1)
    assert math.isnan(link.busy_s)
    assert math.isnan(link.utilisation)
    assert run.metrics["line_utilisation"] == pytest.approx(3 / 360)


def test_a_publication_is_connected_when_it_is_out() -> None:
    notam: dict[str, Any] = {"medium": "notam", "from": "north", "to": "all", "transfer": "10 min"}
    notam |= {"poll": "1 h", "unread": 0, "garble": {"probability": 0}}
    first = {"to": "south", "via": "paper", "at": "+10 min"}
    run = run_of(channels={"paper": notam}, zones={"z": ZONE | {"notices": {"first": first}}})
    assert minutes(run)["drafted_to_connected"] == 10
    assert 0 <= minutes(run)["connected_to_delivered"] < 60


def test_where_there_are_no_notices_there_are_no_times() -> None:
    found = run_of().notice_statistics
    assert (found.drafted, found.lead_left.n, found.loads[0].attempts) == (0, 0, 0)
    assert all(math.isnan(spread.p50_s) for spread in found.latencies.values())
