"""Sunrise, sunset and twilight against the sun's height by other formulas, and at the poles."""

from __future__ import annotations

from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import FormatError
from sim.formats.daytimes import DAY_S, Clock, Sky, merged
from sim.formats.sun import EVENTS, stays_above, sun_event
from sim.units import Position

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC).timestamp()
SUMMER, WINTER = (datetime(2024, month, 21, tzinfo=UTC).timestamp() for month in (6, 12))
SVALBARD = Position(15.0, 78.0)


def height_deg(place: Position, instant: float) -> float:
    """The height of the sun's centre, by the low-precision formulas of the Astronomical Almanac.

    Good to 0.01 degrees from 1950 to 2050 (section C, "low precision formulas for the Sun").
    """
    days = (instant - J2000) / DAY_S
    mean = 280.460 + 0.9856474 * days
    anomaly = radians(357.528 + 0.9856003 * days)
    longitude = radians(mean + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439 - 0.0000004 * days)
    ascension = atan2(cos(tilt) * sin(longitude), cos(longitude))
    declination = asin(sin(tilt) * sin(longitude))
    sidereal = radians(280.46062 + 360.98564737 * days + place.lon)
    lat = radians(place.lat)
    up = sin(lat) * sin(declination) + cos(lat) * cos(declination) * cos(sidereal - ascension)
    return degrees(asin(max(-1.0, min(1.0, up))))


places = st.builds(Position, st.floats(-180, 180), st.floats(-64, 64))
starts = st.floats(0.0, 2.5e9)


@given(places, starts, st.sampled_from([*EVENTS]))
def test_at_an_event_the_sun_has_its_height(place: Position, start: float, name: str) -> None:
    event = EVENTS[name]
    instant = sun_event(place, event, start)
    if instant is None:  # bright nights of 60 degrees and more
        assert abs(place.lat) > 55
        return
    assert start <= instant < start + DAY_S
    assert height_deg(place, instant) == pytest.approx(90.0 - event.zenith_deg, abs=0.1)
    risen = height_deg(place, instant + 60) > height_deg(place, instant - 60)
    assert risen is event.rising


def test_the_day_is_the_same_from_any_instant_of_it() -> None:
    place = Position(170.0, -45.0)
    found = {round(sun_event(place, EVENTS["SR"], SUMMER + h * 3600) or 0, -1) for h in range(18)}
    assert len(found) == 1


@pytest.mark.parametrize(("day", "up"), [(SUMMER, True), (WINTER, False)])
def test_far_north_it_stays_up_or_down(day: float, up: bool) -> None:
    assert {sun_event(SVALBARD, event, day) for event in EVENTS.values()} == {None}
    assert {stays_above(SVALBARD, event, day) for event in EVENTS.values()} == {up}


SR, SS = Clock(0.0, "SR"), Clock(0.0, "SS")


@pytest.mark.parametrize(
    ("day", "begin", "finish", "hours"),
    [
        (SUMMER, SR, SS, (0, 24)),
        (SUMMER, SS, SR, None),
        (WINTER, SR, SS, None),
        (WINTER, SS, SR, (0, 24)),
        (SUMMER, Clock(36_000.0), SS, (10, 24)),
        (WINTER, SR, Clock(36_000.0), (0, 10)),
    ],
)
def test_stretches_where_the_sun_does_not_rise_or_set(
    day: float, begin: Clock, finish: Clock, hours: tuple[float, float] | None
) -> None:
    found = Sky(SVALBARD).stretch(day, begin, finish)
    assert found == (None if hours is None else tuple(day + h * 3600 for h in hours))


def test_times_by_the_clock_need_no_place_and_those_of_the_sun_do() -> None:
    night = Sky(None).stretch(0.0, Clock(79_200.0), Clock(21_600.0))
    assert night == (79_200.0, DAY_S + 21_600.0)
    with pytest.raises(FormatError, match="need a place"):
        Sky(None).stretch(0.0, SR, SS)


def test_windows_that_adjoin_are_one() -> None:
    assert merged([(5.0, 6.0), (0.0, 2.0), (2.0, 3.0), (1.0, 2.5)]) == [(0.0, 3.0), (5.0, 6.0)]
