"""What is understood of a notice, by which clock, and when it is over: told as (minutes, what)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.model.journal import (
    ClockSet,
    FlightActed,
    FlightDeparted,
    Journal,
    NoticeStep,
    OperationBegan,
    Step,
    ZoneActive,
    ZoneInactive,
    ZoneIssued,
)
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of, scenario, story

RAID: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "20 km"}},
    "altitude": ["SFC", "UNL"],
    "window": {"start": "+60 min", "duration": "2 h"},
}
NOTICE = {"first": {"to": "south", "via": "line", "at": "+30 min"}}


def told(journal: Journal) -> list[tuple[float, ...]]:
    """Give the windows told on the last leg, in minutes."""
    delivered = (s.told for s in journal.of(NoticeStep) if s.step is Step.DELIVERED)
    return [tuple(t / 60 for t in volume.window) for volume in delivered if volume is not None]


def steps(journal: Journal, *kinds: Step) -> list[tuple[float, str]]:
    return [
        (s.at / 60, f"{s.step} {s.why}".strip()) for s in journal.of(NoticeStep) if s.step in kinds
    ]


def parties(**south: Any) -> dict[str, Any]:
    return {"parties": {"north": {}, "south": south}}


class TestClocks:
    def test_whoever_is_ahead_takes_a_told_window_for_earlier(self) -> None:
        journal = journal_of(zones={"z": ZONE}, **parties(clock="4 min"))
        assert told(journal) == [(56, 176)]
        assert [(c.party, c.ahead_s) for c in journal.of(ClockSet)] == [("south", 240)]
        behind = journal_of(zones={"z": ZONE}, **parties(clock="-4 min"))
        assert told(behind) == [(64, 184)]

    def test_an_intermediary_passes_on_what_was_said(self) -> None:
        line = {"medium": "datalink", "transfer": "0 s", "loss": 0}
        journal = journal_of(
            zones={
                "z": ZONE | {"notices": {"first": NOTICE["first"] | {"via": ["a", "west", "b"]}}}
            },
            channels={
                "a": line | {"between": ["north", "west"]},
                "b": line | {"between": ["west", "south"]},
            },
            parties={"north": {}, "west": {"clock": "9 min"}, "south": {"clock": "4 min"}},
        )
        assert told(journal) == [(60, 180), (56, 176)]

    def test_operations_and_flights_begin_by_their_party_s_clock(self) -> None:
        journal = journal_of(
            operations={"raid": RAID},
            flights={"f": FLIGHT},
            parties={"north": {"clock": "3 min"}, "south": {"clock": "-2 min"}},
        )
        assert story(journal, OperationBegan) == [(57, "raid began")]
        assert [r.at / 60 for r in journal.of(FlightDeparted)] == [92]

    def test_a_desk_opens_by_its_own_clock(self) -> None:
        journal = journal_of(
            zones={"z": ZONE | {"notices": NOTICE}},
            **parties(clock="5 min", desk={"hours": ["00:50-12:00"]}),
            channels={"line": LINE | {"answer": {"probability": 1, "wait": "0 s"}}},
        )
        # Opens at 50 by its clock, 45 by the sun. Calls last 5 min, 3 apart: 30, 38, 46.
        assert steps(journal, Step.CONNECTED) == [(46, "connected")]

    def test_the_error_is_drawn_once_for_a_whole_run(self) -> None:
        law = {"uniform": {"min": "-9 min", "max": "9 min"}}
        zones = {name: ZONE | {"notices": NOTICE} for name in ("a", "b")}
        journal = journal_of(zones=zones, **parties(clock=law))
        first, second = told(journal)
        assert first == second != (60, 180)


class TestEstimatedEnds:
    def zone(self, **amend: Any) -> dict[str, Any]:
        window = {"pad": "10 min", "estimated": "true"}
        return {
            "operations": {"raid": RAID | {"overrun": "30 min"}},
            "zones": {"z": {"covers": "raid", "window": window, "notices": NOTICE, "amend": amend}},
        }

    def test_the_zone_stays_in_force_until_its_sender_lifts_it(self) -> None:
        journal = journal_of(**self.zone(end={"delay": "7 min"}))
        assert story(journal, ZoneIssued, ZoneActive, ZoneInactive) == [
            (30, "z v1 issued"),
            (50, "z v1 active"),
            (217, "z v1 inactive"),
            (217, "z v2 issued"),
        ]
        assert told(journal) == [(50, float("inf")), (50, float("inf"))]

    def test_nobody_waits_for_what_has_no_end(self) -> None:
        # At the border, 202.6 km on, at 185.1: by the estimate it has to wait until 190.
        late = FLIGHT | {"departs": "+175 min"}
        for trusts, action in ((0, "reroute"), (1, "delay")):
            journal = journal_of(
                **self.zone(), flights={"f": late}, **parties(desk={"trusts_estimates": trusts})
            )
            assert [record.action for record in journal.of(FlightActed)] == [action]

    def test_and_to_the_end_where_nobody_does(self) -> None:
        journal = journal_of(**self.zone())
        assert story(journal, ZoneInactive) == []

    def test_a_desk_may_take_the_estimate_for_the_end(self) -> None:
        journal = journal_of(**self.zone(), **parties(desk={"trusts_estimates": 1}))
        assert told(journal) == [(50, 190)]

    def test_a_zone_may_be_lifted_early(self) -> None:
        zone = {"covers": "raid", "window": {"pad": "60 min"}, "notices": NOTICE}
        short = RAID | {"overrun": "0 s", "window": {"start": "+90 min", "duration": "30 min"}}
        journal = journal_of(operations={"raid": short}, zones={"z": zone | {"amend": {"end": {}}}})
        assert story(journal, ZoneActive, ZoneInactive) == [
            (30, "z v1 active"),
            (120, "z v1 inactive"),
        ]

    def test_a_zone_in_its_own_right_has_no_estimate(self) -> None:
        window = {"start": "+1 h", "duration": "1 h", "estimated": "yes"}
        with pytest.raises(ScenarioError, match=r"z\.window\.estimated: this needs an operation"):
            scenario(zones={"z": ZONE | {"window": window}})


class TestExpiry:
    def test_nobody_is_called_about_what_is_over(self) -> None:
        short = ZONE | {"window": {"start": "+31 min", "duration": "10 min"}, "notices": NOTICE}
        deaf = LINE | {"answer": {"probability": 0, "wait": "0 s", "patience": "2 min"}}
        journal = journal_of(zones={"z": short}, channels={"line": deaf})
        # Calls from 30 to 32, 35 to 37 and 40 to 42; the next would be at 45, after 41.
        assert steps(journal, Step.ATTEMPTED, Step.EXPIRED) == [
            (30, "attempted"),
            (35, "attempted"),
            (40, "attempted"),
            (45, "expired"),
        ]
        (notice,) = run_of(zones={"z": short}, channels={"line": deaf}).notices
        assert notice.outcome == "expired"

    def test_nor_is_it_read_any_more(self) -> None:
        notam = {
            "medium": "notam",
            "between": ["north", "south"],
            "transfer": "10 min",
            "poll": "0 s",
            "unread": 0,
        }
        short = ZONE | {"window": {"start": "+31 min", "duration": "8 min"}, "notices": NOTICE}
        with pytest.raises(ScenarioError):  # a reader looks every so often, not every 0 s
            scenario(zones={"z": short}, channels={"line": notam})
        journal = journal_of(zones={"z": short}, channels={"line": notam | {"poll": "1 s"}})
        assert [step for _, step in steps(journal, Step.EXPIRED, Step.DELIVERED)] == ["expired"]


class TestLead:
    """A channel asks for new notices some time before the zone begins, at 60 min."""

    @pytest.mark.parametrize(
        ("at", "priority", "handled"),
        [
            (11, "routine", False),
            (10, "routine", True),
            (39, "urgent", True),
            (41, "urgent", False),
        ],
    )
    def test_what_comes_late_is_refused(self, at: int, priority: str, handled: bool) -> None:
        rule = {"asked": "50 min", "urgent": "20 min"}
        first = {"to": "south", "via": "line", "at": f"+{at} min", "priority": priority}
        journal = journal_of(
            zones={"z": ZONE | {"notices": {"first": first}}},
            channels={"line": LINE | {"lead": rule}},
        )
        found = steps(journal, Step.LOST, Step.GAVE_UP, Step.HANDLED)
        asked = "50 min" if priority == "routine" else "20 min"
        refused = [(at, f"lost refused, as {asked} are asked for"), (at, "gave_up")]
        assert found == ([(at + 3, "handled")] if handled else refused)

    def test_amendments_may_come_at_any_time(self) -> None:
        zone = {"covers": "raid", "notices": NOTICE, "amend": {"overrun": {"extend": "30 min"}}}
        journal = journal_of(
            operations={"raid": RAID | {"overrun": "10 min"}},
            zones={"z": zone},
            channels={"line": LINE | {"lead": {"asked": "30 min"}}},
        )
        assert [at for at, _ in steps(journal, Step.HANDLED)] == [33, 183]

    def test_some_are_taken_all_the_same(self) -> None:
        rule = {"asked": "50 min", "late": 1}
        journal = journal_of(zones={"z": ZONE}, channels={"line": LINE | {"lead": rule}})
        assert [at for at, _ in steps(journal, Step.HANDLED)] == [33]


class TestContents:
    def test_who_has_to_be_fetched_takes_time(self) -> None:
        fetched = LINE | {"answer": LINE["answer"] | {"absent": 1, "returns": "3 min"}}
        journal = journal_of(zones={"z": ZONE}, channels={"line": fetched})
        assert steps(journal, Step.CONNECTED) == [(34, "connected")]
        longer = LINE | {"answer": LINE["answer"] | {"absent": 1, "returns": "5 min"}}
        journal = journal_of(zones={"z": ZONE}, channels={"line": longer})
        assert steps(journal, Step.UNANSWERED)[0] == (
            35,
            "unanswered the named contact was absent",
        )

    def test_an_interpreter_takes_time(self) -> None:
        spoken = LINE | {"interpretation": "2 min"}
        journal = journal_of(zones={"z": ZONE}, channels={"line": spoken})
        assert steps(journal, Step.DELIVERED) == [(35, "delivered")]

    def test_a_garbled_message_is_garbled_on_a_datalink_too(self) -> None:
        link = {
            "medium": "datalink",
            "between": ["north", "south"],
            "garble": {"probability": 1, "offset": "9 km", "bearing": "90 deg", "time": "5 min"},
        }
        journal = journal_of(zones={"z": ZONE}, channels={"line": link})
        assert told(journal) == [(65, 185)]

    def test_what_arrives_twice_is_understood_the_same_way_twice(self) -> None:
        link = {
            "medium": "datalink",
            "between": ["north", "south"],
            "transfer": "2 s",
            "duplicate": 1,
            "garble": {"probability": 1, "offset": "9 km", "bearing": "90 deg", "time": "5 min"},
        }
        journal = journal_of(zones={"z": ZONE}, channels={"line": link}, **parties(clock="1 min"))
        assert told(journal) == [(64, 184), (64, 184)]

    def test_a_contradiction_is_settled_by_a_coin(self) -> None:
        both = {"probability": 1, "offset": "9 km", "bearing": "90 deg", "contradictory": 1}
        zones = {f"z{n}": ZONE | {"notices": NOTICE} for n in range(400)}
        line = LINE | {"garble": both, "lines": 400}
        journal = journal_of(zones=zones, channels={"line": line})
        wrong = [s.garbled for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
        assert len(wrong) == 400
        # Four standard errors of 400 even coins.
        assert sum(wrong) / 400 == pytest.approx(0.5, abs=4 * 0.5 / 20)

    def test_reading_back_catches_the_old_version_too(self) -> None:
        sections: dict[str, Any] = {
            "operations": {"raid": RAID | {"overrun": "10 min"}},
            "zones": {
                "z": {
                    "covers": "raid",
                    "notices": NOTICE,
                    "amend": {"overrun": {"extend": "30 min"}},
                }
            },
        }
        stale = LINE | {"garble": LINE["garble"] | {"outdated": 1}}
        journal = journal_of(**sections, channels={"line": stale})
        assert told(journal) == [(60, 180), (60, 180)]
        mended = journal_of(**sections, channels={"line": stale | {"read_back": 1}})
        assert told(mended) == [(60, 180), (60, 210)]
