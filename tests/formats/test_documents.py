"""JSON of others: what is read whatever its form, and what is refused and where."""

from __future__ import annotations

import time
from math import inf

import pytest

from sim.errors import FormatError
from sim.formats.documents import DEEPEST, Node, parse, place_of

GOOD = '{"name": "Sjö", "values": [1, 2.5, null]}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_bytes_are_read_in_every_encoding_json_may_have(encoding: str) -> None:
    assert parse(GOOD.encode(encoding)).value["name"] == "Sjö"


def test_a_text_may_begin_with_a_byte_order_mark() -> None:
    assert parse("\ufeff" + GOOD).value["values"] == [1, 2.5, None]


def test_what_is_parsed_already_stays_as_it_is() -> None:
    assert parse({"a": 1}).get("a").value == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b'{"a": "\xe9"}', "byte 7 is not UTF-8"),
        (b"", "line 1, column 1: no JSON"),
        ("{\n'a': 1}", "line 2, column 1: no JSON"),
        ('{"a": "NaN",\n "b": NaN}', 'line 2: "NaN" is no finite number'),
        ("[1,\n\n1e400]", 'line 3: "1e400" is no finite number'),
        ("[-Infinity]", '"-Infinity" is no finite number'),
        ("[" * 500_000, "nested deeper than 64"),
        ("[" * 100 + "]" * 100, "nested deeper than 64"),
        ('{"a": {"b": 1, "b": 2}}', '"b" stands twice'),
        ("9" * 10_000, "more digits than any quantity"),
        ("x" * 10_000_000, "line 1, column 1: no JSON"),
    ],
)
def test_hostile_documents_get_one_clear_error_soon(document: str | bytes, message: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FormatError, match=message) as caught:
        parse(document)
    assert time.perf_counter() - began < 5.0
    assert len(str(caught.value)) < 300


def test_a_name_that_says_the_same_twice_is_no_matter() -> None:
    assert parse('{"a": 1, "a": 1}').value == {"a": 1}


def test_a_parsed_document_may_not_hold_itself() -> None:
    knot: list[object] = []
    knot.append(knot)
    with pytest.raises(FormatError, match=f"deeper than {DEEPEST}"):
        parse(knot)


def test_an_instant_keeps_its_zone_and_microseconds() -> None:
    assert Node("1970-01-01T01:00:00.123456789+01:00").instant() == 0.123456
    assert Node("1970-01-01t00:01:00z").instant() == 60.0


@pytest.mark.parametrize(
    ("text", "unix"), [("9999-12-31T23:59:59Z", inf), ("0001-01-01T00:00:00Z", -inf)]
)
def test_a_year_far_away_says_that_there_is_no_end(text: str, unix: float) -> None:
    assert Node(text).instant() == unix


@pytest.mark.parametrize("value", ["2022-02-02T18:00:00", "+4 h", "soon", 5, {}, "1 e 2"])
def test_what_is_no_instant_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        Node(value).instant()


@pytest.mark.parametrize("value", [True, "x", "", None, [], 10**400, "1e400", "5 m"])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(FormatError, match="expected an altitude"):
        Node(value).number("an altitude")


def test_a_number_may_be_a_text() -> None:
    assert Node("120").number("an altitude") == 120.0


@pytest.mark.parametrize("value", [[1], ["1", 2], None, [200, 100], [[1, 2], 3], [10**400, 1]])
def test_what_is_no_position_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        Node(value).position()


def test_a_latitude_first_is_told() -> None:
    with pytest.raises(FormatError, match="longitude comes first"):
        Node([36.3, 136.7]).position()


def test_places_are_written_as_one_reads_them() -> None:
    assert place_of(("features", 3, "geometry")) == "features[3].geometry"
    assert place_of(()) == "the document"
