"""Texts that are hard on a reader give a clear answer in bounded time."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import FormatError
from sim.formats import notam
from sim.formats.notam import areas, schedule
from sim.formats.records import Problem

HEAD = (
    "A0001/24 NOTAMN\nQ) EGTT/QRTCA/IV/BO/W/000/999/5130N00030W005\n"
    "A) EGTT B) 2401010000 C) 2412312359\n"
)
PIECES = (
    *("1", "9", "0", " ", "\n", "-", ".", ",", "(", ")", "°", "'", "N", "A", "\x00", "\u0661"),
    *("E) ", "F) ", "F) SFC G) ", "Q)", "A0001/24 ", "NOTAMN ", "5129N", "00028W", "N51 "),
    *("RADIUS ", "RADIUS 1", "5NM ", "1NM RADIUS ", "CENTRED ON ", "ARC ", "CLOCKWISE TO "),
    *("5129N00028W ", "5129N00028W - ", "5129N00028W ARC ", "EITHER SIDE OF ", "WIDTH OF "),
    *("5129N00028W RADIUS 1NM ", "BTN BEARINGS 1 AND ", "090-", "090 TO ", "WI ", "1. ", "A. "),
    *("ALONG BORDER ", "512900N0002800W ALONG ", "MON-", "0800-1000 ", "08 ", "EXC ", "PART 1 OF "),
    *("CREATED: ", "SOURCE: x\n", "MAY 27 0530-1000, ", "SR MINUS", "GG EGLL ", "\u0130", "\xa0"),
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("before", ["", HEAD + "E) ", HEAD + "D) ", "A0001/24 NOTAMN\nQ) "])
def test_a_piece_repeated_for_long_is_read_in_bounded_time(piece: str, before: str) -> None:
    begin = time.process_time()
    with suppress(FormatError):
        notam.parse_many(before + piece * (99_000 // len(piece)))
    assert time.process_time() - begin < 3.0


@pytest.mark.parametrize(
    ("piece", "length"),
    [("1", 1e7), (" ", 1e7), ("\n", 1e7), ("A0001/24 NOTAMN\n", 1e6), ("(A0001/24 NOTAMN)\n", 1e6)],
)
def test_megabytes_are_read_in_bounded_time(piece: str, length: float) -> None:
    begin = time.process_time()
    try:
        found = notam.parse_many(piece * (int(length) // len(piece)))
    except FormatError:
        found = []
    assert all(isinstance(f, (Problem, notam.Notam)) for f in found)
    assert time.process_time() - begin < 20.0


def test_one_that_is_too_long_is_a_problem_and_the_next_is_read() -> None:
    found = notam.parse_many(HEAD + "E) " + "X" * 200_000 + "\n" + HEAD + "E) SHORT")
    assert [type(f) for f in found] == [Problem, notam.Notam]
    assert "characters" in str(found[0])


@pytest.mark.parametrize("text", ["", "  \n", "hello", "\x00", "{}", "\ufeff", "NOTAM", "Q"])
def test_what_is_no_notam_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        notam.parse(text)


WORDS = st.sampled_from([*PIECES, "512900N 0002800W", "FRI", "2401010000", "PERM", "B) ", "C) "])


@given(st.lists(st.one_of(WORDS, st.text(max_size=5)), max_size=60).map("".join))
def test_whatever_stands_in_a_notam_is_read_or_told_of(text: str) -> None:
    for whole in (text, HEAD + "E) " + text, HEAD + "D) " + text, HEAD + text):
        try:
            found = [*notam.parse_many(whole), *notam.zones(whole)]
        except FormatError:
            continue
        assert found
    areas.read_areas(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "08",
                "MAY",
                "MON",
                "-",
                "0800-1000",
                "SR",
                "SS",
                ",",
                "EXC",
                "H24",
                "2200",
                "31",
                "FEB",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_a_schedule_of_any_words_expands_or_is_refused(text: str) -> None:
    try:
        found = notam.parse(HEAD + f"D) {text}\nE) X")
        windows = notam.expand(found).windows
    except FormatError:
        return
    assert all(start < end for start, end in windows)
    assert all(a[1] < b[0] for a, b in pairwise(windows))
    assert len(windows) <= 1000
    assert isinstance(found.schedule, schedule.Schedule)
