"""Titles of what was entered: when it was declared and planned, and when it really was."""

from __future__ import annotations

from typing import Any

import pytest

from sim.model.journal import (
    Journal,
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    Record,
    ZoneIssued,
)
from sim.report.outline import Paragraph
from sim.report.places import cancelled, place_title

H = 3600.0


def journal(*records: Record) -> Journal:
    return Journal(records, horizon=12 * H, seed=0, replication=0)


def test_later_versions_of_a_zone_are_told_with_their_ends(night: Any, made: Any) -> None:
    # Hours count from 18:00Z: version 2 is issued at 01:47Z and ends at 02:30Z.
    issued = (
        ZoneIssued(2 * H, "raid-area", 1, "new", made.volume(4, 8)),
        ZoneIssued(7 * H + 47 * 60, "raid-area", 2, "replace", made.volume(4, 8.5)),
    )
    title = place_title(night(journal=journal(*issued)), made.violation())
    assert title == (
        "Zone raid-area of United States (us), declared 22:00-02:00Z,"
        " v2 from 01:47Z to 02:30Z, SFC to FL180"
    )


def test_a_version_issued_before_its_window_counts_from_there(night: Any, made: Any) -> None:
    issued = (
        ZoneIssued(2 * H, "raid-area", 1, "new", made.volume(4, 8)),
        ZoneIssued(3 * H, "raid-area", 2, "replace", made.volume(4, 9)),
    )
    assert "v2 from 22:00Z to 03:00Z" in place_title(
        night(journal=journal(*issued)), made.violation()
    )


def test_of_many_versions_the_first_and_the_last_are_told(night: Any, made: Any) -> None:
    issued = [
        ZoneIssued(number * H, "raid-area", number, "replace", made.volume(0, number + 1))
        for number in range(1, 7)
    ]
    assert (
        "declared 18:00-20:00Z, v2 from 20:00Z to 21:00Z, ..., v6 from 00:00Z to 01:00Z, SFC"
    ) in place_title(night(journal=journal(*issued)), made.violation())


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (4.5, 7.5, "as planned 22:30-01:30Z"),
        (4.5, 7.75, "planned 22:30-01:30Z, really 22:30-01:45Z"),
        (5.0, 8.0, "planned 22:30-01:30Z, really 23:00-02:00Z"),
        (5.0, None, "planned 22:30-01:30Z, really from 23:00Z and still on at the end"),
    ],
)
def test_an_operation_is_told_as_planned_and_as_it_was(
    night: Any, made: Any, begins: float, ends: float | None, said: str
) -> None:
    records: list[Record] = [OperationBegan(begins * H, "raid", made.volume(begins, ends or 13))]
    if ends is not None:
        records.append(OperationEnded(ends * H, "raid"))
    title = place_title(night(journal=journal(*records)), made.incursion())
    assert title == f"Operation raid of United States (us), {said}, SFC to FL180"


def test_cancelled_operations_are_named(night: Any) -> None:
    one = OperationCancelled(1.0, "raid")
    assert cancelled(night()) == ()
    assert cancelled(night(journal=journal(one))) == (Paragraph("Operation raid was cancelled."),)
    assert cancelled(night(journal=journal(one, OperationCancelled(2.0, "drill")))) == (
        Paragraph("Operations raid and drill were cancelled."),
    )
