"""What senders do about silence and objections, told as (minutes, what)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.model.copies import Copy
from sim.model.journal import (
    Journal,
    NoticeStep,
    ObjectionAnswered,
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    OperationPostponed,
    Record,
    SenderReacted,
    Step,
    ZoneInactive,
    ZoneIssued,
)
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of, scenario, story

# Rings out after 2 min, once: nobody is ever there.
DEAD = LINE | {
    "answer": {"probability": 0, "wait": "1 min", "patience": "2 min"},
    "retry": {"after": "1 min", "attempts": 1},
}
RAID: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "20 km"}},
    "altitude": ["SFC", "UNL"],
    "window": {"start": "+60 min", "duration": "2 h"},
}


def silent(*then: Any, after: str = "10 min", via: str = "line", **zone: Any) -> dict[str, Any]:
    """Give a zone round the raid, told of at 30 min, and what is done about silence."""
    first: dict[str, Any] = {"to": "south", "via": via, "at": "+30 min"}
    first |= {"unacknowledged": {"after": after, "then": list(then)}}
    covers = {"covers": "raid", "area": {"buffer": "30 km"}, "notices": {"first": first}}
    return {"operations": {"raid": RAID}, "zones": {"z": covers | zone}}


def told(journal: Journal, *steps: Step, kinds: tuple[type[Record], ...] = ()) -> Any:
    """Tell of some steps of notices, and of all records of some kinds."""
    kept = [
        record
        for record in journal
        if isinstance(record, kinds) or (isinstance(record, NoticeStep) and record.step in steps)
    ]
    return story(kept)


class TestSilence:
    def test_a_sender_that_hears_nothing_sends_again(self) -> None:
        # The acknowledgement of the first, handled at 33, is lost on its way: so are all.
        lossy = LINE | {"acknowledgement": {"after": "1 min", "loss": 1}}
        journal = journal_of(**silent("retry", "go"), channels={"line": lossy})
        assert told(journal, Step.DRAFTED, Step.HANDLED, kinds=(SenderReacted,)) == [
            (30, "z v1 to south: drafted"),
            (33, "z v1 to south: handled"),
            (40, "north on south: retry by line"),
            (40, "z v1 to south: drafted"),
            (43, "z v1 to south: handled"),
            (50, "north on south: go"),
        ]

    def test_one_that_hears_does_nothing(self) -> None:
        journal = journal_of(**silent("retry"))
        assert journal.of(SenderReacted) == []
        assert len(story(journal, OperationBegan)) == 1

    def test_once_its_tries_have_run_out_it_waits_no_longer(self) -> None:
        journal = journal_of(**silent("retry", "go", after="1 h"), channels={"line": DEAD})
        assert told(journal, Step.DRAFTED, Step.GAVE_UP, kinds=(SenderReacted,)) == [
            (30, "z v1 to south: drafted"),
            (32, "z v1 to south: gave_up 1"),
            (32, "north on south: retry by line"),
            (32, "z v1 to south: drafted"),
            (34, "z v1 to south: gave_up 1"),
            (34, "north on south: go"),
        ]

    def test_another_route_is_kept_for_the_versions_to_come(self) -> None:
        late = RAID | {"overrun": "20 min"}
        sections = silent({"via": "other"}, amend={"overrun": {"extend": "30 min"}})
        journal = journal_of(
            **sections | {"operations": {"raid": late}}, channels={"line": DEAD, "other": LINE}
        )
        sent = [
            (record.at / 60, record.version, record.sending, record.route)
            for record in journal.of(NoticeStep)
            if record.step is Step.DRAFTED
        ]
        assert sent == [
            (30, 1, 0, ("line",)),
            (32, 1, 1, ("other",)),
            (180, 2, 0, ("other",)),
        ]

    def test_calls_going_on_give_way_to_the_other_route(self) -> None:
        patient = DEAD | {"retry": {"after": "1 min", "attempts": 50}}
        journal = journal_of(**silent({"via": "other"}), channels={"line": patient, "other": LINE})
        # Calls of 2 min, a minute apart: the one begun at 39 is under way at 40.
        assert told(journal, Step.REPLACED, Step.HANDLED, kinds=(SenderReacted,)) == [
            (40, "north on south: other_route by other"),
            (41, "z v1 to south: replaced"),
            (43, "z v1 to south: handled"),
        ]

    def test_an_operation_is_put_off_with_all_its_zones(self) -> None:
        sections = silent({"postpone": "40 min"}, "go", after="20 min")
        sections["zones"]["other"] = {"covers": "raid", "notices": {}}
        journal = journal_of(**sections, channels={"line": DEAD})
        kinds = (
            SenderReacted,
            OperationPostponed,
            ZoneIssued,
            ZoneInactive,
            OperationBegan,
            OperationEnded,
        )
        found = story(journal, *kinds)
        assert (found[:-3], set(found[-3:])) == (
            [
                (0, "other v1 issued"),
                (30, "z v1 issued"),
                (32, "north on south: postpone"),
                (32, "raid put off by 40"),
                (32, "other v2 issued"),
                (32, "z v2 issued"),
                (34, "north on south: go"),
                (100, "raid began"),
            ],
            {(220, "raid ended"), (220, "other v2 inactive"), (220, "z v2 inactive")},
        )
        assert run_of(**sections, channels={"line": DEAD}).metrics["postponed_s"] == 40 * 60

    def test_what_is_under_way_cannot_be_put_off(self) -> None:
        sections = silent({"postpone": "40 min"}, "go", after="40 min")
        lossy = LINE | {"acknowledgement": "none"}
        journal = journal_of(**sections, channels={"line": lossy})
        assert story(journal, SenderReacted) == [(70, "north on south: go")]

    def test_an_operation_is_called_off_and_its_zone_lifted(self) -> None:
        journal = journal_of(**silent("cancel"), channels={"line": DEAD})
        kinds = (SenderReacted, OperationCancelled, OperationBegan, ZoneIssued)
        assert told(journal, Step.CANCELLED, Step.DRAFTED, kinds=kinds) == [
            (30, "z v1 issued"),
            (30, "z v1 to south: drafted"),
            (32, "north on south: cancel"),
            (32, "raid cancelled"),
            (32, "z v2 issued"),
            (32, "z v2 to south: drafted"),
        ]

    def test_steps_are_taken_for_each_recipient(self) -> None:
        sections = silent("retry", via="net")
        first = sections["zones"]["z"]["notices"]["first"]
        first["to"] = ["south", "west"]
        net = {"medium": "datalink", "from": "north", "to": "all", "transfer": "2 s", "loss": 0}
        closed = {"desk": {"handling": "30 min"}}
        journal = journal_of(
            **sections,
            channels={"net": net},
            parties={"north": {}, "south": {}, "west": closed},
        )
        assert story(journal, SenderReacted) == [(40, "north on west: retry by net")]

    def test_a_flight_keeps_out_thanks_to_the_other_route(self) -> None:
        channels = {"line": DEAD, "other": LINE}
        flights = {"f": FLIGHT}
        alone = run_of(**silent("go"), flights=flights, channels=channels)
        (violation,) = alone.violations
        assert violation.cause == "unanswered"
        assert "decided to go ahead" in " ".join(e.text for e in violation.evidence)
        both = run_of(**silent({"via": "other"}), flights=flights, channels=channels)
        assert both.violations == ()
        (decision,) = both.decisions
        assert (decision.about, decision.decision) == ("no_acknowledgement", "other_route")
        assert decision.route == ("other",)

    def test_the_draws_of_a_later_sending_are_its_own(self) -> None:
        # A transfer from a law: equal draws would give equal times.
        law = {"uniform": {"min": "1 min", "max": "4 min"}}
        lossy = LINE | {"transfer": law, "acknowledgement": "none"}
        journal = journal_of(**silent("retry"), channels={"line": lossy})
        drafted = [r.at for r in journal.of(NoticeStep) if r.step is Step.DRAFTED]
        handled = [r.at for r in journal.of(NoticeStep) if r.step is Step.HANDLED]
        first, second = (h - d for h, d in zip(handled, drafted, strict=True))
        assert first != second
        plain = journal_of(**silent("go"), channels={"line": lossy})
        assert [r.at for r in plain.of(NoticeStep) if r.step is Step.HANDLED] == handled[:1]

    @pytest.mark.parametrize(
        ("then", "message"),
        [
            (["go", "retry"], "zones.z.notices.first.unacknowledged.then.0: nothing can follow go"),
            (["wait"], '"wait" is none of the choices here: expected retry or go or cancel'),
            ([{"via": ["nowhere"]}], 'no channel is called "nowhere"'),
            ([{"via": ["line", "south"]}], "expected a channel, or channel, relaying party"),
            ([{"via": ["back"]}], "back does not lead from north to south"),
            ([{"via": ["line"], "postpone": "1 h"}], "exactly one of do, via, postpone"),
            ([], "zones.z.notices.first.unacknowledged.then"),
        ],
    )
    def test_steps_that_cannot_be_are_refused(self, then: list[Any], message: str) -> None:
        back = {"medium": "datalink", "from": "south", "to": "north"}
        with pytest.raises(ScenarioError) as caught:
            scenario(**silent(*then), channels={"line": LINE, "back": back})
        assert message in str(caught.value)


def objecting(probability: float = 1, after: str = "5 min") -> dict[str, Any]:
    rule = {"probability": probability, "after": after}
    return {"parties": {"north": {}, "south": {"desk": {"objects": rule}}}}


def yielding(zone: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return {"zones": {"z": zone | {"objections": rule}}}


class TestObjections:
    """South objects to what its own flight, planned through the zone, would meet."""

    def test_a_declarer_keeps_its_zone_unless_it_says_otherwise(self) -> None:
        journal = journal_of(zones={"z": ZONE}, flights={"f": FLIGHT}, **objecting())
        assert told(journal, Step.OBJECTED, kinds=(ObjectionAnswered, ZoneIssued)) == [
            (30, "z v1 issued"),
            (33, "z v1 to south: objected"),
            (38, "north to south: keep"),
        ]

    def test_it_shrinks_the_zone_once(self) -> None:
        sections = yielding(ZONE, after="7 min", shrink="20 km")
        journal = journal_of(**sections, flights={"f": FLIGHT}, **objecting())
        # v2, told by a call of 3 min, still meets the flight: south objects again, in vain.
        assert told(journal, Step.OBJECTED, kinds=(ObjectionAnswered, ZoneIssued)) == [
            (30, "z v1 issued"),
            (33, "z v1 to south: objected"),
            (45, "north to south: shrink"),
            (45, "z v2 issued"),
            (48, "z v2 to south: objected"),
            (60, "north to south: keep"),
        ]
        first, second = (record.volume.footprint for record in journal.of(ZoneIssued))
        assert (first.cap.radius_m, second.cap.radius_m) == (50e3, 30e3)

    def test_it_puts_the_zone_off_with_its_operation(self) -> None:
        zone = {"covers": "raid", "notices": ZONE["notices"]}
        sections = yielding(zone, shift="2 h") | {"operations": {"raid": RAID}}
        # Departs at 90, flies across in the 10th minute: clear of what begins at 180.
        run = run_of(**sections, flights={"f": FLIGHT}, **objecting())
        kinds = (ObjectionAnswered, ZoneIssued, OperationBegan)
        assert told(run.journal, Step.OBJECTED, kinds=kinds) == [
            (30, "z v1 issued"),
            (33, "z v1 to south: objected"),
            (38, "north to south: shift"),
            (38, "z v2 issued"),
            (180, "raid began"),
        ]
        assert not run.violations
        assert not run.incursions
        assert [d.decision for d in run.decisions] == ["shift"]

    def test_who_has_no_plans_there_does_not_object(self) -> None:
        elsewhere = FLIGHT | {"route": ["10N 2W", "10N 2E"]}
        after_it = FLIGHT | {"departs": "+181 min"}
        for flight in (elsewhere, after_it):
            journal = journal_of(zones={"z": ZONE}, flights={"f": flight}, **objecting())
            assert journal.of(ObjectionAnswered) == []

    def test_whoever_is_exempt_does_not_object(self) -> None:
        zone = ZONE | {"exempt": ["f"]}
        journal = journal_of(zones={"z": zone}, flights={"f": FLIGHT}, **objecting())
        assert journal.of(ObjectionAnswered) == []

    def test_an_operation_in_the_way_is_a_reason_too(self) -> None:
        own = {"own": RAID | {"party": "south"}}
        journal = journal_of(zones={"z": ZONE}, operations=own, **objecting())
        assert len(journal.of(ObjectionAnswered)) == 1

    def test_it_goes_by_what_it_was_told(self) -> None:
        # Told 300 km to the north, where nothing of its own is planned.
        garbled = LINE | {"garble": {"probability": 1, "offset": "300 km", "bearing": "0 deg"}}
        journal = journal_of(
            zones={"z": ZONE}, flights={"f": FLIGHT}, channels={"line": garbled}, **objecting()
        )
        assert journal.of(ObjectionAnswered) == []

    @pytest.mark.parametrize(
        ("area", "rule", "message"),
        [
            ({"polygon": ["0N 0E", "0N 1E", "1N 0E"]}, {"shrink": "1 km"}, "can shrink"),
            (ZONE["area"], {"shrink": "60 km"}, "the zone can shrink by 49,999 m"),
            (ZONE["area"], {"shrink": "20 km", "most": 3}, "the zone can shrink by 49,999 m"),
            (ZONE["area"], {"shrink": "1 km", "shift": "1 h"}, "exactly one of shrink, shift"),
        ],
    )
    def test_a_zone_that_cannot_shrink_so_is_refused(
        self, area: dict[str, Any], rule: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ScenarioError) as caught:
            scenario(**yielding(ZONE | {"area": area}, **rule))
        assert message in str(caught.value)


def test_a_new_version_asks_only_of_copies_that_may_be_withdrawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def is_pending(copy: Copy) -> bool:
        asked.append(copy.version)
        return not (copy.leg or copy.told or copy.given_up or copy.superseded)

    monkeypatch.setattr(Copy, "is_pending", property(is_pending))
    late = RAID | {"slip": "200 min"}
    zone = {"covers": "raid", "notices": ZONE["notices"], "amend": {"slip": {"by": "1 min"}}}
    journal = journal_of(operations={"raid": late}, zones={"z": zone})
    assert len(journal.of(ZoneIssued)) == 201
    assert asked == list(range(1, 201))
