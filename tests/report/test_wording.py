"""Clocks, numbers and names as people read them."""

from __future__ import annotations

import math

import pytest

from sim.findings.causes import CAUSES
from sim.geometry.altitude import Band, Limit, Reference
from sim.report.wording import (
    BRIEFLY,
    Clock,
    altitudes_text,
    band_text,
    counted,
    date_and_minute,
    explained,
    listed,
    minutes_text,
    named,
    number_text,
    plain,
    whole_minutes,
)
from sim.units import instant

START = instant("2022-12-31T23:00Z").seconds


def test_every_cause_has_a_short_form() -> None:
    assert tuple(BRIEFLY) == CAUSES


@pytest.mark.parametrize(
    ("horizon", "at", "second", "minute"),
    [
        (6 * 3600.0, 90.4, "23:01:30Z", "23:02Z"),
        (6 * 3600.0, 3599.6, "00:00:00Z", "00:00Z"),
        (48 * 3600.0, 3599.6, "01-01 00:00:00Z", "01-01 00:00Z"),
        (48 * 3600.0, -3600.0, "12-31 22:00:00Z", "12-31 22:00Z"),
        (700 * 86_400.0, -3600.0, "2022-12-31 22:00:00Z", "2022-12-31 22:00Z"),
    ],
)
def test_a_clock_rounds_to_what_it_shows(
    horizon: float, at: float, second: str, minute: str
) -> None:
    clock = Clock(START, horizon)
    assert (clock.second(at), clock.minute(at)) == (second, minute)


def test_a_span_of_many_months_has_its_years() -> None:
    clock = Clock(START, 700 * 86_400.0)
    assert clock.span(0.0, 600 * 86_400.0) == "2022-12-31 23:00 - 2024-08-22 23:00Z"
    assert clock.span(0.0, 600.0) == "2022-12-31 23:00-23:10Z"
    assert clock.second(600.0, since=0.0) == "23:10:00Z"
    assert clock.second(86_400.0, since=0.0) == "2023-01-01 23:00:00Z"


def test_a_span_may_be_open_or_an_instant() -> None:
    clock = Clock(START, 3600.0)
    assert clock.span(0.0, 1800.0) == "23:00-23:30Z"
    assert clock.span(-math.inf, 1800.0) == "-23:30Z"
    assert clock.span(0.0, math.inf) == "23:00Z-"
    assert clock.span(-math.inf, math.inf) == "always"
    assert clock.span(600.0, 601.0) == "23:10Z"
    assert clock.minute(None) == "-"


def test_a_day_is_not_said_twice() -> None:
    clock = Clock(START, 48 * 3600.0)
    assert clock.span(0.0, 1800.0) == "12-31 23:00-23:30Z"
    assert clock.span(0.0, 3600.0) == "12-31 23:00 - 01-01 00:00Z"
    assert clock.span(-math.inf, 3600.0) == "-01-01 00:00Z"
    assert clock.second(1800.0, 0.0) == "23:30:00Z"
    assert clock.second(3600.0, 0.0) == "01-01 00:00:00Z"


def test_a_date_carries_over_the_year() -> None:
    assert date_and_minute(START + 3600.0) == "2023-01-01 00:00Z"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (0.368, "0.37"),
        (9.876, "9.88"),
        (12.345, "12.3"),
        (5021.4, "5,021"),
        (0.0148, "0.015"),  # two decimals would be a third less
        (-0.005, "-0.005"),
        (1e-9, "0.00"),
    ],
)
def test_numbers_have_the_digits_that_people_read(value: float, said: str) -> None:
    assert number_text(value) == said


@pytest.mark.parametrize(
    ("reference", "lower", "upper", "said"),
    [
        ("MSL", None, None, "SFC-UNL"),
        ("AGL", -math.inf, math.inf, "SFC-UNL"),
        ("MSL", 1524.0, math.inf, "5,000 ft MSL-UNL"),
        ("FL", None, 5486.4, "SFC-FL180"),
        ("FL", 7620.0, 7620.0, "FL250"),
        ("FL", 3048.0, 5486.4, "FL100-FL180"),
        ("W84", 304.8, 609.6, "1,000-2,000 ft W84"),
        # 900 m are 2,953 ft and 905 m 2,969 ft: both 3,000 ft to the nearest hundred.
        ("MSL", 900.0, 905.0, "3,000 ft MSL"),
    ],
)
def test_altitudes_say_what_they_are_measured_from(
    reference: str, lower: float | None, upper: float | None, said: str
) -> None:
    assert altitudes_text(reference, lower, upper) == said


def test_feet_are_parted_by_thousands() -> None:
    band = Band(Limit(Reference.AGL, 365.76), Limit(Reference.MSL, 5486.4))
    assert band_text(band) == "1,200 ft AGL to 18,000 ft MSL"


@pytest.mark.parametrize(
    ("seconds", "tenths", "whole"),
    [
        (89.0, "1.5 min", "1 min"),
        (-213.0, "-3.5 min", "-4 min"),
        (5399.9999999, "90.0 min", "90 min"),
        (6420.0, "107 min", "107 min"),
        (90000.0, "1,500 min", "1,500 min"),
        (-20.0, "-0.3 min", "-20 s"),
        (59.6, "1.0 min", "1 min"),
        (0.0, "0 min", "0 s"),
    ],
)
def test_durations_are_in_minutes(seconds: float, tenths: str, whole: str) -> None:
    assert (minutes_text(seconds), whole_minutes(seconds)) == (tenths, whole)


def test_a_cause_and_its_short_form_do_not_say_the_same_twice() -> None:
    assert (named("unanswered"), explained("unanswered")) == ("unanswered", "calls unanswered")
    assert (named("not_yet_sent"), explained("not_yet_sent")) == (
        "not_yet_sent",
        "notice not sent yet",
    )
    assert named("never_addressed") == "never_addressed (never told)"
    assert explained("never_addressed") == "never told: never_addressed"


def test_things_are_counted_and_listed() -> None:
    assert [counted(n, "flight") for n in (0, 1, 2)] == ["no flight", "1 flight", "2 flights"]
    assert [listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_only_ordinary_characters_pass() -> None:
    assert plain("Ночь, é 夜 👩") == "Ночь, é 夜 👩"
    assert plain("a\tb\x07\u200f\ud800") == "a\\tb\\x07\\u200f\\ud800"
