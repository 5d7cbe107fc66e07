"""What happens to a notice on its way, told as (minutes, what)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.geometry.footprint import Circle
from sim.model.journal import Disseminated, NoticeStep, Step
from tests.stories import FLIGHT, LINE, ZONE, journal_of, story

STEPS = (NoticeStep, Disseminated)
UNHEARD = {"probability": 0, "wait": "1 min", "patience": "5 min"}


def notices(at: dict[str, str]) -> dict[str, Any]:
    return {
        "zones": {
            k: ZONE | {"notices": {"first": ZONE["notices"]["first"] | {"lead": v}}}
            for k, v in at.items()
        }
    }


def test_a_notice_goes_from_hand_to_hand() -> None:
    journal = journal_of(
        zones={"z": ZONE},
        flights={"f": FLIGHT},
        parties={"north": {}, "south": {"desk": {"handling": "4 min", "dissemination": "8 min"}}},
        channels={"line": LINE | {"acknowledgement": "30 s"}},
    )
    assert story(journal, *STEPS) == [
        (30, "z v1 to south: drafted"),
        (30, "z v1 to south: attempted 1"),
        (30, "z v1 to south: calling 1"),
        (31, "z v1 to south: connected 1"),
        (33, "z v1 to south: delivered 1"),
        (37, "z v1 to south: handled"),
        (37.5, "z v1 to south: acknowledged"),
        (45, "z v1 to f: disseminated"),
    ]


def test_a_caller_hangs_up_after_its_patience_and_tries_again_until_it_gives_up() -> None:
    journal = journal_of(
        zones={"z": ZONE},
        channels={"line": LINE | {"answer": UNHEARD, "retry": {"after": "3 min", "attempts": 2}}},
    )
    assert story(journal, NoticeStep)[1:] == [
        (30, "z v1 to south: attempted 1"),
        (30, "z v1 to south: calling 1"),
        (35, "z v1 to south: unanswered 1"),
        (38, "z v1 to south: attempted 2"),
        (38, "z v1 to south: calling 2"),
        (43, "z v1 to south: unanswered 2"),
        (43, "z v1 to south: gave_up 2"),
    ]


def test_an_answer_after_the_patience_comes_too_late() -> None:
    late = {"probability": 1, "wait": "6 min", "patience": "5 min"}
    journal = journal_of(zones={"z": ZONE}, channels={"line": LINE | {"answer": late}})
    assert (35, "z v1 to south: unanswered 1") in story(journal, NoticeStep)


def test_a_call_that_breaks_off_is_lost_and_tried_again() -> None:
    journal = journal_of(
        zones={"z": ZONE},
        channels={"line": LINE | {"loss": 1, "retry": {"after": "3 min", "attempts": 2}}},
    )
    assert [what for _, what in story(journal, NoticeStep)][4:] == [
        "z v1 to south: lost 1",
        "z v1 to south: attempted 2",
        "z v1 to south: calling 2",
        "z v1 to south: connected 2",
        "z v1 to south: lost 2",
        "z v1 to south: gave_up 2",
    ]


def test_calls_wait_for_a_free_line() -> None:
    journal = journal_of(**notices({"a": "30 min", "b": "30 min"}))
    told = story(journal, NoticeStep)
    assert [line for line in told if line[1].startswith("a ")] == [
        (30, "a v1 to south: drafted"),
        (30, "a v1 to south: attempted 1"),
        (30, "a v1 to south: calling 1"),
        (31, "a v1 to south: connected 1"),
        (33, "a v1 to south: delivered 1"),
        (33, "a v1 to south: handled"),
        (33, "a v1 to south: acknowledged"),
    ]
    assert [line for line in told if line[1].startswith("b ")] == [
        (30, "b v1 to south: drafted"),
        (30, "b v1 to south: attempted 1"),
        (33, "b v1 to south: calling 1"),
        (34, "b v1 to south: connected 1"),
        (36, "b v1 to south: delivered 1"),
        (36, "b v1 to south: handled"),
        (36, "b v1 to south: acknowledged"),
    ]


def test_two_lines_carry_two_calls() -> None:
    journal = journal_of(
        **notices({"a": "30 min", "b": "30 min"}), channels={"line": LINE | {"lines": 2}}
    )
    delivered = [s.at / 60 for s in journal.of(NoticeStep) if s.step is Step.DELIVERED]
    assert delivered == [33, 33]


@pytest.mark.parametrize(("officers", "expected"), [(1, [43, 53]), (2, [43, 43])])
def test_notices_wait_in_the_tray_for_an_officer(officers: int, expected: list[float]) -> None:
    journal = journal_of(
        **notices({"a": "30 min", "b": "30 min"}),
        channels={"line": LINE | {"lines": 2}},
        parties={"north": {}, "south": {"desk": {"officers": officers, "handling": "10 min"}}},
    )
    handled = [s.at / 60 for s in journal.of(NoticeStep) if s.step is Step.HANDLED]
    assert handled == expected


def test_a_garbled_position_is_off_by_the_offset_towards_the_bearing() -> None:
    garble = {"probability": 1, "offset": "9 km", "bearing": "90 deg"}
    journal = journal_of(zones={"z": ZONE}, channels={"line": LINE | {"garble": garble}})
    delivered = next(s for s in journal.of(NoticeStep) if s.step is Step.DELIVERED)
    assert delivered.garbled
    assert delivered.told is not None
    circle = delivered.told.footprint
    assert isinstance(circle, Circle)
    center = circle.center
    # East along the equator, whose radius is 6 378 137 m.
    assert center.lon == pytest.approx(9000 / 6378137 * 57.29577951308232, abs=1e-9)
    assert center.lat == pytest.approx(0.0, abs=1e-9)
    assert circle.radius_m == 50_000


def test_each_unit_is_told_for_itself() -> None:
    journal = journal_of(
        zones={"z": ZONE},
        flights={
            "f": FLIGHT | {"repeat": {"every": "1 h", "count": 2}},
            "g": FLIGHT | {"unit": "wing"},
        },
    )
    told = [(r.at / 60, r.unit) for r in journal.of(Disseminated)]
    assert told == [(33, "f#1"), (33, "f#2"), (33, "wing")]


def test_recipients_are_called_in_the_order_given_and_groups_are_resolved() -> None:
    zone = ZONE | {"notices": {"first": {"to": ["all-others"], "via": "line", "lead": "30 min"}}}
    journal = journal_of(
        zones={"z": zone},
        parties={"north": {}, "south": {}, "east": {}},
        groups={"all-others": ["south", "east"]},
        channels={
            "line": {k: v for k, v in LINE.items() if k != "between"}
            | {"from": "north", "to": ["all-others"]}
        },
    )
    calling = [(s.at / 60, s.recipient) for s in journal.of(NoticeStep) if s.step is Step.CALLING]
    assert calling == [(30, "south"), (33, "east")]
