"""The journal: in order, typed, and the same again when it is read back."""

from __future__ import annotations

import json

import pytest

from sim.errors import JournalError
from sim.model.journal import Journal, Record, ZoneActive, ZoneInactive, ZoneIssued
from tests.stories import FLIGHT, ZONE, journal_of


def journal(*records: Record) -> Journal:
    return Journal(records, horizon=100.0, seed=1, replication=2)


def test_records_stand_in_order_of_time_and_endings_come_first() -> None:
    a, b, c = ZoneActive(5.0, "a", 1), ZoneInactive(5.0, "b", 1), ZoneActive(1.0, "c", 1)
    assert list(journal(a, b, c)) == [c, b, a]


def test_causes_stay_before_their_effects_at_one_instant() -> None:
    records = [ZoneActive(5.0, name, 1) for name in "zyx"]
    assert list(journal(*records)) == records


def test_records_are_found_by_kind_with_their_places() -> None:
    a, b = ZoneActive(1.0, "a", 1), ZoneInactive(2.0, "a", 1)
    found = journal(a, b)
    assert found.of(ZoneInactive) == [b]
    assert found.numbered(ZoneInactive) == [(1, b)]
    assert found.of(ZoneIssued) == []


def test_a_journal_reads_back_as_it_was() -> None:
    written = journal_of(zones={"z": ZONE}, flights={"f": FLIGHT})
    text = written.dumps()
    again = Journal.loads(text)
    assert again.records == written.records
    assert again.dumps() == text
    assert (again.seed, again.replication, again.horizon) == (0, 0, 21600.0)


def test_every_line_is_json_with_a_versioned_head() -> None:
    head, *records = (
        json.loads(line) for line in journal_of(zones={"z": ZONE}).dumps().splitlines()
    )
    assert head == {
        "schema": "keepout-journal/1",
        "horizon_s": 21600.0,
        "seed": 0,
        "replication": 0,
    }
    assert [record["at"] for record in records] == sorted(record["at"] for record in records)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no JSON"),
        ("[]", "line 1: a record is an object"),
        ('{"schema": "keepout-journal/9"}', "schema keepout-journal/9; this keepout reads"),
        ('{"schema": "keepout-journal/1"}', "the head of the journal lacks"),
        ("HEAD\nnonsense", "line 2: no JSON"),
        ('HEAD\n{"kind": "Nothing"}', "line 2: damaged record: 'Nothing'"),
        ('HEAD\n{"kind": "ZoneActive", "at": 1}', "line 2: damaged record"),
        ('HEAD\n{"kind": "ZoneIssued", "at": 1, "volume": {}}', "line 2: damaged record"),
        ('HEAD\n{"kind": "NoticeStep", "step": "sung"}', "line 2: damaged record"),
    ],
)
def test_a_damaged_journal_is_refused_with_its_line(text: str, message: str) -> None:
    head = journal().dumps().splitlines()[0]
    with pytest.raises(JournalError) as caught:
        Journal.loads(text.replace("HEAD", head))
    assert message in str(caught.value)
