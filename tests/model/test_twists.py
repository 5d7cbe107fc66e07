"""Twists of the chain: what several things at once must not lead to, told as (minutes, what)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sim.model.journal import (
    Disseminated,
    FlightActed,
    Journal,
    NoticeStep,
    ObjectionAnswered,
    OperationBegan,
    OperationCancelled,
    SenderReacted,
    Step,
    ZoneActive,
    ZoneInactive,
    ZoneIssued,
)
from sim.report.faces import run_report
from sim.sweeps.links import perfected
from tests.model.test_sending import DEAD, RAID, objecting, silent, yielding
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of, scenario, story

if TYPE_CHECKING:
    from sim.findings.run import Run

NOTICE = {"n": {"to": "south", "via": "line", "at": "+30 min"}}
LINK: dict[str, Any] = {
    "medium": "datalink",
    "between": ["north", "south"],
    "transfer": "2 s",
    "loss": 0,
}
TRUSTING: dict[str, Any] = {"parties": {"north": {}, "south": {"desk": {"trusts_estimates": 1}}}}
ESTIMATED = {"covers": "raid", "window": {"pad": "0 min", "estimated": "true"}, "notices": NOTICE}


def taken(journal: Journal, *kinds: Step, **only: Any) -> list[tuple[float, str]]:
    """Give the steps of notices, those with other values left out."""
    return [
        (round(s.at / 60, 4), str(s.step))
        for s in journal.of(NoticeStep)
        if (not kinds or s.step in kinds) and all(getattr(s, k) == v for k, v in only.items())
    ]


def told(journal: Journal) -> list[tuple[float, ...]]:
    delivered = (s.told for s in journal.of(NoticeStep) if s.step is Step.DELIVERED)
    return [tuple(t / 60 for t in volume.window) for volume in delivered if volume is not None]


def one_cause(run: Run) -> tuple[str, str]:
    (violation,) = run.violations
    return violation.cause, violation.detail


class TestEstimates:
    def test_a_garbled_time_shifts_an_estimated_end_with_it(self) -> None:
        garble = {"probability": 1, "offset": "0 km", "bearing": "0 deg", "time": "3 h"}
        journal = journal_of(
            operations={"raid": RAID},
            zones={"z": ESTIMATED},
            channels={"line": LINE | {"garble": garble}},
            **TRUSTING,
        )
        assert told(journal) == [(240, 360)]

    def test_an_extended_estimate_is_reported(self) -> None:
        zone = ESTIMATED | {"amend": {"overrun": {"extend": "20 min"}}}
        run = run_of(operations={"raid": RAID | {"overrun": "30 min"}}, zones={"z": zone})
        # In force all the time: the second version matters from its issue on, at 180.
        assert [notice.lead_left_s for notice in run.notices] == [27 * 60, -3 * 60, -3 * 60]
        for form in ("text", "json", "markdown", "csv"):
            assert run_report(run, form)

    def test_what_was_garbled_is_told_as_that(self) -> None:
        garble = {"probability": 1, "offset": "300 km", "bearing": "0 deg"}
        run = run_of(
            operations={"raid": RAID},
            zones={"z": ESTIMATED},
            channels={"line": LINE | {"garble": garble}},
            flights={"f": FLIGHT},
            **TRUSTING,
        )
        assert one_cause(run)[1].startswith("version 1 was garbled on its way")

    def test_a_wrong_clock_is_no_estimate(self) -> None:
        # Ahead by 13 min 20 s and a third: no such sum is exact.
        window = {"start": "+60 min", "duration": "210 min"}
        run = run_of(
            zones={"z": ZONE | {"window": window}},
            parties={"north": {}, "south": {"clock": "-800.333 s"}},
            flights={"f": FLIGHT | {"departs": "+42 min"}},
        )
        assert one_cause(run) == ("misinformed", "the clock of south was 13 min 20 s behind")


class TestDatalinksAndRelays:
    ROUTE: ClassVar[dict[str, Any]] = ZONE | {
        "notices": {"first": {"to": "south", "via": ["a", "west", "b"], "at": "+5 min"}}
    }
    PARTIES: ClassVar[dict[str, Any]] = {"north": {}, "west": {}, "south": {}}

    def links(self, **first: Any) -> dict[str, Any]:
        return {
            "a": LINK | {"between": ["north", "west"], "transfer": "1 min"} | first,
            "b": LINK | {"between": ["west", "south"], "transfer": "60 min"},
        }

    @pytest.mark.parametrize("handling", ["0 s", "10 min"])
    def test_a_message_that_comes_twice_is_relayed_once(self, handling: str) -> None:
        journal = journal_of(
            zones={"z": self.ROUTE},
            channels=self.links(duplicate=1),
            parties=self.PARTIES | {"west": {"desk": {"handling": handling}}},
        )
        relayed = 6 + float(handling.split(maxsplit=1)[0])
        assert taken(journal, Step.RELAYED, leg=0) == [(relayed, "relayed")]
        assert taken(journal, Step.DELIVERED, leg=1) == [(relayed + 60, "delivered")]
        assert taken(journal, Step.HANDLED, leg=1) == [(relayed + 60, "handled")]

    def test_what_is_lost_does_not_come_a_second_time(self) -> None:
        journal = journal_of(
            zones={"z": ZONE}, channels={"line": LINK | {"loss": 1, "duplicate": 1}}
        )
        assert taken(journal, Step.DELIVERED) == []

    def test_a_message_that_comes_twice_is_objected_to_once(self) -> None:
        sections = yielding(ZONE, shrink="20 km") | objecting(after="1 min")
        journal = journal_of(
            **sections, flights={"f": FLIGHT}, channels={"line": LINK | {"duplicate": 1}}
        )
        assert [record.answer for record in journal.of(ObjectionAnswered)] == ["shrink", "keep"]
        assert [record.version for record in journal.of(Disseminated)] == [1, 2]

    def test_a_later_leg_goes_by_what_the_intermediary_holds(self) -> None:
        # West was told three hours later, 240 to 360: it is not over when west reads it at 190.
        garble = {"probability": 1, "offset": "0 km", "bearing": "0 deg", "time": "3 h"}
        links = self.links(garble=garble)
        links["b"] |= {"lead": {"asked": "30 min"}, "transfer": "1 min"}
        journal = journal_of(
            zones={"z": self.ROUTE},
            channels=links,
            parties=self.PARTIES | {"west": {"desk": {"handling": "184 min"}}},
        )
        assert taken(journal, Step.HANDLED, leg=1) == [(191, "handled")]

    def test_a_version_given_up_at_once_is_not_sent(self) -> None:
        raid = RAID | {
            "slip": "30 min",
            "moved": {"by": "30 km", "bearing": "0 deg", "decided": "0 min"},
        }
        zone = {
            "covers": "raid",
            "notices": NOTICE,
            "amend": {"slip": {"by": "40 min"}, "move": {}},
        }
        journal = journal_of(operations={"raid": raid}, zones={"z": zone}, channels={"line": LINK})
        for copy in {(s.version, s.sending) for s in journal.of(NoticeStep)}:
            steps = [what for _, what in taken(journal, version=copy[0], sending=copy[1])]
            if "replaced" in steps:
                assert steps == ["drafted", "replaced"]


class TestCancellation:
    def test_nothing_is_told_anew_of_what_is_cancelled(self) -> None:
        sections = silent("cancel")
        zone = sections["zones"]["z"]
        zone["notices"]["second"] = {"to": "west", "via": "w", "at": "+50 min"}
        sections["zones"]["late"] = {
            "covers": "raid",
            "notices": {"n": {"to": "west", "via": "w", "at": "+50 min"}},
        }
        run = run_of(
            **sections,
            channels={"line": DEAD, "w": LINE | {"between": ["north", "west"]}},
            parties={"north": {}, "south": {}, "west": {}},
            flights={"f": FLIGHT | {"party": "west", "departs": "+70 min"}},
        )
        assert story(run.journal, OperationCancelled) == [(32, "raid cancelled")]
        assert taken(run.journal, Step.DRAFTED, recipient="west") == []
        assert [record.zone for record in run.journal.of(ZoneIssued)] == ["z", "z"]
        assert run.metrics["denied_km2_h"] == 0

    def test_an_older_version_that_comes_later_is_not_obeyed(self) -> None:
        # Version 1 takes 40 min from the desk to the crew, its cancellation 1 min.
        law = {"empirical": {"samples": ["1 min", "40 min"]}}
        parties = {"north": {}, "south": {"desk": {"dissemination": law}}}
        deaf = LINE | {"acknowledgement": "none"}
        overtaken = 0
        for seed in range(12):
            journal = journal_of(
                seed,
                **silent("cancel", after="5 min"),
                channels={"line": deaf},
                parties=parties,
                flights={"f": FLIGHT | {"departs": "+120 min"}},
            )
            if [record.version for record in journal.of(Disseminated)] == [2, 1]:
                overtaken += 1
                assert journal.of(FlightActed) == []
        assert overtaken


class TestWithdrawing:
    def test_another_route_takes_no_publication_back(self) -> None:
        notam = {
            "medium": "notam",
            "between": ["north", "south"],
            "transfer": "5 min",
            "poll": "1 h",
            "unread": 0,
        }
        sections = silent({"via": "dead"}, after="10 min", via="nt")
        sections["zones"]["z"]["notices"]["first"]["at"] = "+0 min"
        run = run_of(
            **sections,
            channels={"nt": notam, "dead": DEAD},
            flights={"f": FLIGHT | {"departs": "+65 min"}},
        )
        assert len(run.journal.of(SenderReacted)) == 1
        assert len(taken(run.journal, Step.HANDLED)) == 1
        assert run.violations == ()

    def test_what_is_in_the_tray_is_in_transit(self) -> None:
        slow = LINK | {"transfer": "10 min"}
        run = run_of(
            **silent({"via": "dead"}, "go", after="5 min", via="dl"),
            channels={"dl": slow, "dead": DEAD},
            parties={"north": {}, "south": {"desk": {"handling": "60 min"}}},
            flights={"f": FLIGHT | {"departs": "+60 min"}},
        )
        assert one_cause(run)[0] == "in_transit"

    def test_a_copy_ends_once(self) -> None:
        notam = {"medium": "notam", "between": ["north", "south"], "poll": "1 h", "unread": 0}
        zone = {"covers": "raid", "notices": NOTICE, "amend": {"slip": {"by": "5 min"}}}
        journal = journal_of(
            operations={"raid": RAID | {"slip": "19 min"}},
            zones={"z": zone},
            channels={"line": notam},
        )
        ends = [what for _, what in taken(journal, Step.REPLACED, version=2)]
        assert ends == ["replaced"]

    def test_who_has_given_way_does_not_keep_the_queue_full(self) -> None:
        other = ZONE | {"notices": {"n": {"to": "south", "via": "line", "at": "+29 min"}}}
        late = {"n": {"to": "south", "via": "line", "at": "+55 min"}}
        zone = {"covers": "raid", "notices": late, "amend": {"slip": {"by": "20 min"}}}
        journal = journal_of(
            operations={"raid": RAID | {"slip": "19 min"}},
            zones={"a": other, "z": zone},
            channels={
                "line": LINE
                | {"waiting": 1, "transfer": "40 min", "retry": {"after": "1 min", "attempts": 1}}
            },
        )
        assert taken(journal, Step.REPLACED, zone="z", version=1) == [(60, "replaced")]
        assert taken(journal, Step.UNANSWERED) == []
        assert taken(journal, Step.HANDLED, zone="z", version=2) == [(111, "handled")]

    def test_a_newer_call_tells_the_cause_and_not_an_older_one_given_up(self) -> None:
        zone = {
            "covers": "raid",
            "area": {"buffer": "30 km"},
            "notices": NOTICE,
            "amend": {"slip": {"by": "5 min"}},
        }
        line = LINE | {
            "loss": 1,
            "retry": {"after": "1 min", "attempts": 1},
            "outages": [{"start": "+50 min", "duration": "5 h"}],
        }
        run = run_of(
            operations={"raid": RAID | {"slip": "4 min"}},
            zones={"z": zone},
            channels={"line": line},
            flights={"f": FLIGHT},
        )
        assert one_cause(run)[0] == "unanswered"

    def test_every_sending_loads_its_line(self) -> None:
        patient = DEAD | {"retry": {"after": "1 min", "attempts": 50}}
        run = run_of(**silent({"via": "other"}), channels={"line": patient, "other": LINE})
        busy = {load.channel: load.busy_s for load in run.notice_statistics.loads}
        # Four calls of 2 min until 41; one of 3 min.
        assert busy == {"line": 480, "other": 180}


class TestWhatOneCanKnow:
    def test_a_party_on_time_by_its_own_clock_amends_nothing(self) -> None:
        amend = {"slip": {"by": "20 min"}, "overrun": {"extend": "20 min"}}
        zone = {"covers": "raid", "notices": NOTICE, "amend": amend}
        journal = journal_of(
            operations={"raid": RAID},
            zones={"z": zone},
            parties={"north": {"clock": "-10 min"}, "south": {}},
        )
        assert story(journal, OperationBegan, ZoneIssued) == [
            (30, "z v1 issued"),
            (70, "raid began"),
        ]

    @pytest.mark.parametrize("clock", ["-10 min", "0 s", "10 min"])
    def test_plans_and_what_was_told_are_compared_by_one_clock(self, clock: str) -> None:
        for departs, objections in ((177, 0), (170, 1)):  # at the border 8.6 min later; until 180
            sections = objecting()
            sections["parties"]["south"]["clock"] = clock
            flight = FLIGHT | {"departs": f"+{departs} min"}
            journal = journal_of(zones={"z": ZONE}, flights={"f": flight}, **sections)
            assert len(journal.of(ObjectionAnswered)) == objections

    def test_a_first_notice_has_no_version_before(self) -> None:
        zone = {
            "covers": "raid",
            "issued": "+10 min",
            "notices": {"n": NOTICE["n"] | {"at": "+80 min"}},
            "amend": {"slip": {"by": "20 min"}},
        }
        journal = journal_of(
            operations={"raid": RAID | {"slip": "15 min"}},
            zones={"z": zone},
            channels={"line": LINE | {"garble": LINE["garble"] | {"outdated": 1}}},
        )
        assert told(journal) == [(80, 200)]

    def test_who_is_known_to_hold_the_version_is_not_chased(self) -> None:
        sections = silent("cancel")
        second = {"to": "south", "via": "good", "at": "+20 min"}
        sections["zones"]["z"] |= {"issued": "+0 min"}
        sections["zones"]["z"]["notices"]["second"] = second
        journal = journal_of(**sections, channels={"line": DEAD, "good": LINE})
        assert journal.of(SenderReacted) == []

    def test_whoever_is_told_besides_steers_nothing(self) -> None:
        sections = silent("cancel") | {
            "parties": {"north": {}, "south": {}, "west": {"desk": {"handling": "30 min"}}},
            "flights": {"f": FLIGHT | {"party": "west"}},
        }
        plan = perfected(scenario(**sections), "addressing")
        assert plan is not None
        others = [n for n in plan.zones["z"].notices if n.recipients == ("west",)]
        assert [notice.unacknowledged for notice in others] == [None]

    def test_one_silence_of_several_puts_off_once(self) -> None:
        sections = silent({"postpone": "40 min"}, "go", via="net")
        sections["zones"]["z"]["notices"]["first"]["to"] = ["south", "west"]
        net = LINK | {"from": "north", "to": "all", "acknowledgement": "none"}
        del net["between"]
        journal = journal_of(
            **sections, channels={"net": net}, parties={"north": {}, "south": {}, "west": {}}
        )
        assert story(journal, OperationBegan) == [(100, "raid began")]

    def test_what_is_put_off_is_told_and_moved_as_much_later(self) -> None:
        sections = silent({"postpone": "60 min"}, "go", after="5 min", amend={"move": {}})
        moved = {"by": "30 km", "bearing": "0 deg", "decided": "10 min"}
        sections["operations"] = {"raid": RAID | {"moved": moved}}
        sections["zones"]["z"]["notices"]["second"] = {"to": "west", "via": "w", "lead": "20 min"}
        sections["zones"]["old"] = {
            "covers": "raid",
            "window": {"start": "+1 min", "end": "+20 min"},
        }
        journal = journal_of(
            **sections,
            channels={"line": DEAD, "w": LINE | {"between": ["north", "west"]}},
            parties={"north": {}, "south": {}, "west": {}},
        )
        # Put off at 32 from 60 to 120: decided at 110, told of at 100. What is over stays over.
        assert taken(journal, Step.DRAFTED, recipient="west")[:1] == [(100, "drafted")]
        assert story(journal, ZoneIssued) == [
            (0, "old v1 issued"),
            (30, "z v1 issued"),
            (32, "z v2 issued"),
            (110, "z v3 issued"),
        ]


def test_a_zone_that_is_shifted_as_it_begins_was_never_active() -> None:
    zone = {"covers": "raid", "notices": NOTICE, "amend": {"slip": {"by": "20 min"}}}
    journal = journal_of(operations={"raid": RAID | {"slip": "15 min"}}, zones={"z": zone})
    assert story(journal, ZoneActive, ZoneInactive) == [
        (80, "z v2 active"),
        (200, "z v2 inactive"),
    ]
