"""Channels of every medium, told as (minutes, what)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.model.journal import ChannelDown, ChannelUp, Journal, NoticeStep, Step
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of, story

DATALINK: dict[str, Any] = {
    "medium": "datalink",
    "between": ["north", "south"],
    "transfer": "2 s",
    "loss": 0,
    "acknowledgement": {"after": "1 s", "loss": 0},
    "retry": {"after": "5 s", "attempts": 3},
}
NOTAM: dict[str, Any] = {
    "medium": "notam",
    "between": ["north", "south"],
    "transfer": "10 min",
    "poll": "1 h",
    "unread": 0,
    "garble": {"probability": 0},
}


def steps(journal: Journal, *kinds: Step) -> list[tuple[float, str]]:
    """Give when the steps of some kinds were taken, and why where that is said."""
    return [
        (round(s.at / 60, 9), f"{s.step} {s.why}".strip())
        for s in journal.of(NoticeStep)
        if not kinds or s.step in kinds
    ]


def told(**leads: str) -> dict[str, Any]:
    """Declare zones that are told at the same or other times, by routine or urgent calls."""
    zones = {}
    for name, at in leads.items():
        first = {"to": "south", "via": "line", "at": at}
        if name.startswith("urgent"):
            first["priority"] = "urgent"
        zones[name] = ZONE | {"notices": {"first": first}}
    return {"zones": zones}


def line(**changes: Any) -> dict[str, Any]:
    return {"channels": {"line": LINE | changes}}


class TestTelephone:
    def test_a_caller_who_may_not_wait_finds_all_lines_busy(self) -> None:
        journal = journal_of(
            **told(a="+30 min", b="+31 min"),
            **line(waiting=0, retry={"after": "1 min", "attempts": 9}),
        )
        assert [s for s in steps(journal) if "busy" in s[1]] == [
            (31, "unanswered all lines busy"),
            (32, "unanswered all lines busy"),
        ]
        assert [t for t, what in steps(journal, Step.DELIVERED)] == [33, 36]

    def test_so_many_may_wait(self) -> None:
        journal = journal_of(**told(a="+30 min", b="+31 min", c="+32 min"), **line(waiting=1))
        assert [t for t, what in steps(journal) if "busy" in what] == [32]

    def test_the_urgent_overtakes_the_routine(self) -> None:
        journal = journal_of(**told(a="+30 min", b="+31 min", urgent="+32 min"), **line())
        calling = [(s.at / 60, s.zone) for s in journal.of(NoticeStep) if s.step is Step.CALLING]
        assert calling == [(30, "a"), (33, "urgent"), (36, "b")]

    def test_the_urgent_overtakes_in_the_tray_too(self) -> None:
        journal = journal_of(
            **told(a="+30 min", b="+31 min", urgent="+32 min"),
            **line(lines=3),
            parties={"north": {}, "south": {"desk": {"handling": "10 min"}}},
        )
        handled = [(s.at / 60, s.zone) for s in journal.of(NoticeStep) if s.step is Step.HANDLED]
        assert handled == [(43, "a"), (53, "urgent"), (63, "b")]

    def test_nobody_answers_outside_the_desk_s_hours(self) -> None:
        # The story starts at midnight.
        parties = {"north": {}, "south": {"desk": {"hours": ["00:40-06:00"]}}}
        journal = journal_of(**told(a="+30 min"), **line(), parties=parties)
        # Rung at 30 and 38, until patience ends; at 46 somebody is there.
        assert steps(journal, Step.UNANSWERED, Step.DELIVERED) == [
            (35, "unanswered outside the desk's hours"),
            (43, "unanswered outside the desk's hours"),
            (49, "delivered"),
        ]

    def test_a_line_that_is_out_of_order_does_not_ring(self) -> None:
        outages = [{"start": "+20 min", "duration": "12 min"}]
        journal = journal_of(**told(a="+30 min"), **line(outages=outages))
        assert steps(journal, Step.UNANSWERED, Step.DELIVERED) == [
            (30, "unanswered the line was down"),
            (36, "delivered"),
        ]
        assert story(journal, ChannelDown, ChannelUp) == [(20, "ChannelDown"), (32, "ChannelUp")]

    @pytest.mark.parametrize(
        ("begins", "expected"),
        [(30.5, "unanswered the line went down"), (32, "lost the line went down")],
    )
    def test_a_call_breaks_off_when_the_line_goes_down(self, begins: float, expected: str) -> None:
        outages = [{"start": f"+{begins} min", "duration": "1 min"}]
        journal = journal_of(**told(a="+30 min"), **line(outages=outages))
        assert steps(journal, Step.UNANSWERED, Step.LOST) == [(begins, expected)]
        # Tried again three minutes after the end of the failed attempt, and passed in three more.
        assert steps(journal, Step.DELIVERED) == [(begins + 6, "delivered")]

    def test_times_and_altitudes_may_arrive_wrong(self) -> None:
        garble = {
            "probability": 1,
            "offset": "0 km",
            "bearing": "0 deg",
            "time": "-1 h",
            "altitude": "300 m",
        }
        zone = told(a="+30 min")["zones"]["a"] | {"altitude": ["1000 m MSL", "UNL"]}
        journal = journal_of(zones={"a": zone}, **line(garble=garble))
        (delivered,) = [s for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
        assert delivered.told is not None
        assert delivered.told.window == (0, 120 * 60)
        assert (delivered.told.band.lower.metres, str(delivered.told.band.upper)) == (1300, "UNL")

    def test_reading_back_catches_a_wrong_position_and_costs_a_second_passing(self) -> None:
        garble = {"probability": 1, "offset": "9 km", "bearing": "0 deg"}
        journal = journal_of(**told(a="+30 min"), **line(garble=garble, read_back=1))
        (delivered,) = [s for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
        assert (delivered.at / 60, delivered.garbled) == (35, False)

    def test_a_call_is_longer_by_what_is_to_be_said(self) -> None:
        square = {"polygon": ["1S 1W", "1S 1E", "1N 1E", "1N 1W"]}
        zone = told(a="+30 min")["zones"]["a"] | {"area": square}
        journal = journal_of(zones={"a": zone}, **line(per_corner="30 s"))
        assert steps(journal, Step.DELIVERED) == [(30 + 1 + 2 + 4 * 0.5, "delivered")]

    @pytest.mark.parametrize(
        ("area", "count"),
        [
            ({"grid": "30'"}, 4),
            ({"grid": "30'", "offset": {"by": "10 km", "bearing": "45 deg"}}, 4),
            ({"buffer": "5 km"}, 2),
        ],
    )
    def test_only_corners_are_said(self, area: dict[str, Any], count: int) -> None:
        # Four cells along a parallel, at whose sides there are more vertices than corners.
        operation = {
            "party": "north",
            "area": {"corridor": {"route": ["45.25N 0.25E", "45.25N 1.75E"], "width": "1 km"}},
            "altitude": ["SFC", "UNL"],
            "window": {"start": "+60 min", "duration": "1 h"},
        }
        zone = {"covers": "op", "area": area, "notices": told(a="+30 min")["zones"]["a"]["notices"]}
        journal = journal_of(
            operations={"op": operation}, zones={"a": zone}, **line(per_corner="30 s")
        )
        assert steps(journal, Step.DELIVERED) == [(30 + 1 + 2 + count * 0.5, "delivered")]

    def test_a_lost_acknowledgement_leaves_the_sender_not_knowing(self) -> None:
        journal = journal_of(**told(a="+30 min"), **line(acknowledgement={"loss": 1}))
        assert steps(journal, Step.HANDLED, Step.ACKNOWLEDGED) == [(33, "handled")]


class TestPublication:
    def test_a_publication_is_read_at_the_reader_s_next_look(self) -> None:
        for seed in range(20):
            journal = journal_of(seed, **told(a="+30 min"), channels={"line": NOTAM})
            (published,) = steps(journal, Step.PUBLISHED)
            (delivered,) = steps(journal, Step.DELIVERED)
            assert published == (40, "published")
            assert 40 <= delivered[0] < 100

    def test_a_reader_looks_at_the_same_minutes_of_every_round(self) -> None:
        early = journal_of(3, **told(a="+30 min"), channels={"line": NOTAM})
        late = journal_of(3, **told(a="+90 min"), channels={"line": NOTAM})
        (first,), (second,) = steps(early, Step.DELIVERED), steps(late, Step.DELIVERED)
        assert second[0] - first[0] == pytest.approx(60)

    def test_a_reader_looks_only_while_at_the_desk(self) -> None:
        parties = {"north": {}, "south": {"desk": {"hours": ["02:00-03:00"]}}}
        journal = journal_of(**told(a="+30 min"), channels={"line": NOTAM}, parties=parties)
        assert 120 <= steps(journal, Step.DELIVERED)[0][0] < 180

    def test_what_is_never_read_stays_in_transit(self) -> None:
        run = run_of(
            **told(z="+0 min"), channels={"line": NOTAM | {"unread": 1}}, flights={"f": FLIGHT}
        )
        (violation,) = run.violations
        assert violation.cause == "in_transit"
        assert violation.detail.startswith("published, and not read")

    def test_nothing_is_published_while_the_channel_is_down(self) -> None:
        outages = [{"start": "+35 min", "duration": "20 min"}]
        journal = journal_of(**told(a="+30 min"), channels={"line": NOTAM | {"outages": outages}})
        assert steps(journal, Step.PUBLISHED) == [(55, "published")]

    def test_an_older_version_is_not_read_once_a_newer_is_out(self) -> None:
        operation = {
            "party": "north",
            "area": {"circle": {"center": "0N 0E", "radius": "6 km"}},
            "altitude": ["SFC", "FL300"],
            "window": {"start": "+60 min", "duration": "1 h"},
            "overrun": "1 h",
        }
        first = {"to": "south", "via": "line", "at": "+115 min"}
        zone = {
            "covers": "op",
            "notices": {"first": first},
            "amend": {"overrun": {"extend": "2 h"}},
        }
        parties = {"north": {}, "south": {"desk": {"hours": ["02:30-06:00"]}}}
        journal = journal_of(
            operations={"op": operation},
            zones={"z": zone},
            channels={"line": NOTAM},
            parties=parties,
        )
        delivered = [s.version for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
        assert delivered == [2]


class TestDatalink:
    def test_a_message_takes_its_time_and_is_acknowledged(self) -> None:
        journal = journal_of(**told(a="+30 min"), channels={"line": DATALINK})
        assert [(round(t * 60 - 1800, 6), what) for t, what in steps(journal)] == [
            (0, "drafted"),
            (0, "attempted"),
            (0, "connected"),
            (2, "delivered"),
            (2, "handled"),
            (3, "acknowledged"),
        ]

    def test_a_lost_message_is_sent_again(self) -> None:
        journal = journal_of(**told(a="+30 min"), channels={"line": DATALINK | {"loss": 1}})
        lost = [round(t * 60 - 1800, 6) for t, _ in steps(journal, Step.LOST)]
        assert lost == [2, 9, 16]
        assert steps(journal, Step.GAVE_UP) != []

    def test_losses_come_in_bursts(self) -> None:
        bursts = {"every": "29 min", "lasting": "2 min", "loss": 1}
        # In bursts from 29 to 31 min, and from 60 to 62.
        journal = journal_of(
            **told(a="+20 min", b="+30 min", c="+40 min"),
            channels={"line": DATALINK | {"bursts": bursts}},
        )
        lost = {s.zone for s in journal.of(NoticeStep) if s.step is Step.LOST}
        assert lost == {"b"}

    def test_a_message_that_arrives_twice_is_handled_twice_and_known_once(self) -> None:
        journal = journal_of(
            **told(a="+30 min"),
            channels={"line": DATALINK | {"duplicate": 1}},
            flights={"f": FLIGHT},
        )
        assert len(steps(journal, Step.DELIVERED)) == len(steps(journal, Step.HANDLED)) == 2

    def test_messages_can_overtake_each_other(self) -> None:
        late = {"uniform": {"min": "0 s", "max": "30 min"}}
        orders = set()
        for seed in range(20):
            journal = journal_of(
                seed,
                **told(a="+30 min", b="+31 min"),
                channels={"line": DATALINK | {"transfer": late}},
            )
            delivered = [s.zone for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
            orders.add(tuple(delivered))
        assert orders == {("a", "b"), ("b", "a")}


class TestRelay:
    def sections(self, middle: dict[str, Any] | None = None, **second: Any) -> dict[str, Any]:
        first_leg = LINE | {"between": ["north", "middle"]}
        second_leg = LINE | {"between": ["middle", "south"]} | second
        notice = {"to": "south", "via": ["in", "middle", "out"], "at": "+30 min"}
        return {
            "zones": {"z": ZONE | {"notices": {"first": notice}}},
            "channels": {"in": first_leg, "out": second_leg},
            "parties": {
                "north": {},
                "south": {},
                "middle": {"desk": middle or {"handling": "10 min"}},
            },
        }

    def test_a_notice_goes_from_leg_to_leg(self) -> None:
        journal = journal_of(**self.sections())
        told = [(s.at / 60, s.leg, str(s.step)) for s in journal.of(NoticeStep)]
        assert told == [
            (30, 0, "drafted"),
            (30, 0, "attempted"),
            (30, 0, "calling"),
            (31, 0, "connected"),
            (33, 0, "delivered"),
            (43, 0, "handled"),
            (43, 0, "relayed"),
            (43, 1, "attempted"),
            (43, 1, "calling"),
            (44, 1, "connected"),
            (46, 1, "delivered"),
            (46, 1, "handled"),
            (46, 1, "acknowledged"),
        ]

    @pytest.mark.parametrize("relay", [{"omits": 1}, {"omits_to": ["south"]}])
    def test_an_intermediary_may_leave_it(self, relay: dict[str, Any]) -> None:
        run = run_of(**self.sections({"relay": relay}), flights={"f": FLIGHT})
        assert steps(run.journal)[-1] == (33, "omitted")
        (violation,) = run.violations
        assert violation.cause == "relay_gap"
        assert violation.detail.startswith("middle had it and did not pass it on")

    def test_what_lies_in_the_intermediary_s_tray_is_a_relay_gap_too(self) -> None:
        run = run_of(**self.sections({"handling": "2 h"}), flights={"f": FLIGHT})
        (violation,) = run.violations
        assert violation.cause == "relay_gap"
        assert violation.detail.startswith("middle had it and had not passed it on yet")

    def test_the_second_leg_has_causes_of_its_own(self) -> None:
        unheard = {"probability": 0, "wait": "1 min", "patience": "2 min"}
        run = run_of(**self.sections(answer=unheard), flights={"f": FLIGHT})
        assert [v.cause for v in run.violations] == ["unanswered"]

    def test_what_was_garbled_on_the_way_in_is_passed_on_as_it_was_understood(self) -> None:
        story_ = self.sections()
        garble = {"probability": 1, "offset": "200 km", "bearing": "0 deg"}
        story_["channels"]["in"] = story_["channels"]["in"] | {"garble": garble}
        run = run_of(**story_, flights={"f": FLIGHT})
        assert [v.cause for v in run.violations] == ["misinformed"]
        assert "garbled" in run.violations[0].detail


def test_an_unused_channel_of_any_medium_changes_nothing() -> None:
    plain = journal_of(7, **told(a="+30 min"), channels={"line": LINE}).dumps()
    spares = {
        "line": LINE,
        "notices": NOTAM,
        "link": DATALINK | {"bursts": {"every": "1 h", "lasting": "1 min", "loss": 1}},
    }
    assert journal_of(7, **told(a="+30 min"), channels=spares).dumps() == plain


@pytest.mark.parametrize(
    ("channel", "message"),
    [
        (NOTAM | {"lines": 2}, "lines: this means nothing to a notam"),
        (DATALINK | {"answer": {}}, "answer: this means nothing to a datalink"),
        (LINE | {"poll": "1 h"}, "poll: this means nothing to a hotline"),
    ],
)
def test_what_means_nothing_to_a_medium_is_refused(channel: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        journal_of(channels={"line": channel})
