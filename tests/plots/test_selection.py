"""Selections: what they let through, and what they say of names and times that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sim.errors import InputError
from sim.plots.selection import instant_in, select
from tests.stories import FLIGHT, START, ZONE, run_of

DAY = "2026-01-01"
STORY = run_of(
    zones={"area": ZONE}, flights={"mapper": FLIGHT | {"repeat": {"every": "1 h", "count": 2}}}
)


def test_without_arguments_everything_is_shown() -> None:
    chosen = select(STORY)
    assert chosen.has_party("north")
    assert chosen.has_zone("area")
    assert chosen.has_flight("mapper#2")
    assert (chosen.start, chosen.end) == (0.0, 6 * 3600.0)


def test_a_repeated_flight_stands_for_all_of_its_flights() -> None:
    assert select(STORY, flights=["mapper"]).has_flight("mapper#2")
    assert not select(STORY, flights=["mapper#1"]).has_flight("mapper#2")


def test_one_name_need_not_stand_in_a_list() -> None:
    assert select(STORY, parties="north").parties == frozenset({"north"})


@pytest.mark.parametrize(
    "between",
    [
        (3600.0, 7200.0),
        ("+1 h", "+2 h"),
        ("2026-01-01T01:00Z", "2026-01-01T02:00Z"),
        (START + timedelta(hours=1), datetime(2026, 1, 1, 2, tzinfo=UTC)),
    ],
    ids=["seconds", "offsets", "texts", "dates"],
)
def test_times_are_given_as_people_have_them(between: Any) -> None:
    chosen = select(STORY, between=between)
    assert (chosen.start, chosen.end) == (3600.0, 7200.0)


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ({"parties": ["nroth"]}, 'there is no party "nroth"', 'did you mean "north"?'),
        ({"flights": ["maper"]}, 'there is no flight "maper"', 'did you mean "mapper"?'),
        ({"zones": ["aera"]}, 'there is no zone "aera"', 'did you mean "area"?'),
        (
            {"between": (7200.0, 3600.0)},
            "between ends at 2026-01-01T01:00:00Z, not after its start 2026-01-01T02:00:00Z",
            "give the earlier instant first",
        ),
        (
            {"between": ("+7 h", "+8 h")},
            (
                f"nothing happens from {DAY}T07:00:00Z to {DAY}T08:00:00Z:"
                f" the run lasts from {DAY}T00:00:00Z to {DAY}T06:00:00Z"
            ),
            "give instants within the run",
        ),
        (
            {"between": (datetime(2026, 1, 1, 1), START)},  # noqa: DTZ001 - the point of it
            "2026-01-01T01:00:00 has no time zone",
            "make it 2026-01-01T01:00:00+00:00 if it is UTC",
        ),
    ],
    ids=["party", "flight", "zone", "order", "outside", "naive"],
)
def test_what_is_wrong_is_said_with_a_way_out(arguments: Any, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        select(STORY, **arguments)
    assert str(caught.value) == f"{message}; {hint}"


@pytest.mark.parametrize("at", [3600.0, "+1 h", "2026-01-01T01:00Z", START + timedelta(hours=1)])
def test_an_instant_is_given_likewise(at: Any) -> None:
    assert instant_in(STORY, at) == 3600.0


@pytest.mark.parametrize("at", ["+6 h", "-1 s", "2026-01-02T00:00Z"])
def test_an_instant_outside_the_run_is_an_error(at: str) -> None:
    with pytest.raises(InputError, match=rf"lasts from {DAY}T00:00:00Z to {DAY}T06:00:00Z"):
        instant_in(STORY, at)


def test_windows_are_half_open_and_instants_are_not() -> None:
    chosen = select(STORY, between=("+1 h", "+2 h"))
    hour = 3600.0
    assert chosen.is_seen(0.0, 1.5 * hour)
    assert chosen.is_seen(1.5 * hour, 3.0 * hour)
    assert not chosen.is_seen(0.0, hour)
    assert not chosen.is_seen(2.0 * hour, 3.0 * hour)
    assert chosen.is_seen(hour, hour)
    assert chosen.is_seen(2.0 * hour, 2.0 * hour)
