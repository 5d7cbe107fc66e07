"""Texts to SI and back: every unit by its definition, every refusal by its words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import units
from sim.errors import UnitError
from sim.units import Position, Time
from tests import strategies

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[str], object]


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("6 km", 6000.0),
        ("12 NM", 22224.0),
        ("5000 ft", 1524.0),
        ("400 m", 400.0),
        ("400m", 400.0),
        (" 1.5 km ", 1500.0),
        (".5 km", 500.0),
        ("1e3 m", 1000.0),
        ("-30 m", -30.0),
    ],
)
def test_lengths(text: str, metres: float) -> None:
    assert units.length(text) == pytest.approx(metres, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 min", 5400.0),
        ("2 h", 7200.0),
        ("1 h 30 min", 5400.0),
        ("1h30min", 5400.0),
        ("1 h 05 min", 3900.0),
        ("30 s", 30.0),
        ("250 ms", 0.25),
        ("2 d", 172800.0),
        ("1 d 12 h", 129600.0),
        ("-15 min", -900.0),
        ("+15 min", 900.0),
        ("-1 h 30 min", -5400.0),
        ("PT1H30M", 5400.0),
        ("P1DT6H", 108000.0),
        ("-PT0.5S", -0.5),
        ("1e3 s", 1000.0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert units.duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "mps"),
    [("420 kt", 420 * 1852 / 3600), ("120 m/s", 120.0), ("600 km/h", 600 / 3.6)],
)
def test_speeds(text: str, mps: float) -> None:
    assert units.speed(text) == pytest.approx(mps, rel=1e-15)


def test_pressures_angles_probabilities_and_plain_numbers() -> None:
    assert units.pressure("1013 hPa") == 1013.0
    assert units.pressure("29.92 inHg") == pytest.approx(1013.2, abs=0.05)  # the usual equivalent
    assert units.pressure("standard") == 1013.25
    assert units.angle("90 deg") == units.angle("90°") == 90.0
    assert [units.angle(text) for text in ("30'", "15 '", "5'")] == [0.5, 0.25, 5 / 60]
    assert units.probability("0.85") == units.probability("85 %") == pytest.approx(0.85)
    assert units.number("1.5") == 1.5


SYRIA = Position(36.7, 36.3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36.3N 36.7E", SYRIA),
        ("36.3 N, 36.7 E", SYRIA),
        ("361800N0364200E", SYRIA),
        ("361800N 0364200E", SYRIA),
        ("3618N03642E", SYRIA),
        ("3618.0N 03642.00E", SYRIA),
        ("361800.00N0364200.00E", SYRIA),
        ("36°18'N 36°42'E", SYRIA),
        ("36° 18' 00\" N 36° 42' 00\" E", SYRIA),
        ("36°18′00″N, 036°42′00″E", SYRIA),  # noqa: RUF001 - as people type them
        ("36°18.0'N 36°42.0'E", SYRIA),
        ("36N 36E", Position(36.0, 36.0)),
        ("33.5S 70.5W", Position(-70.5, -33.5)),
        ("0N 180W", Position(-180.0, 0.0)),
        ("90S 0W", Position(0.0, -90.0)),
        ("123456S0123456W", Position(-(12 + 34 / 60 + 56 / 3600), -(12 + 34 / 60 + 56 / 3600))),
    ],
)
def test_positions(text: str, expected: Position) -> None:
    assert units.position(text) == pytest.approx(expected, abs=1e-12)


def test_a_position_on_the_equator_has_no_negative_zero() -> None:
    assert math.copysign(1.0, units.position("0S 0W").lat) == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-02-02T18:00Z", datetime(2022, 2, 2, 18, tzinfo=UTC)),
        ("2022-02-02 18:00Z", datetime(2022, 2, 2, 18, tzinfo=UTC)),
        ("2022-02-02T18:00:30Z", datetime(2022, 2, 2, 18, 0, 30, tzinfo=UTC)),
        ("2022-02-02T21:00+03:00", datetime(2022, 2, 2, 18, tzinfo=UTC)),
        ("2022-02-02T15:30-0230", datetime(2022, 2, 2, 18, tzinfo=UTC)),
        ("2022-02-02T18:00:00.250Z", datetime(2022, 2, 2, 18, 0, 0, 250_000, tzinfo=UTC)),
        ("2024-02-29T00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_instants(text: str, expected: datetime) -> None:
    assert units.instant(text) == Time(expected.timestamp(), relative=False)


def test_offsets_count_from_the_start() -> None:
    assert units.instant("+4 h") == Time(14400.0, relative=True)
    assert units.instant("-30 min") == Time(-1800.0, relative=True)
    assert units.instant("+4 h").since(1e9) == 14400.0
    assert units.instant("1970-01-01T01:00Z").since(600.0) == 3000.0


@pytest.mark.parametrize(
    ("text", "reference", "metres"),
    [
        ("FL180", "FL", 5486.4),
        ("FL 95", "FL", 2895.6),
        ("FL19.5", "FL", 594.36),
        ("FL-0.75", "FL", -22.86),
        ("5000 ft MSL", "MSL", 1524.0),
        ("1200 m AGL", "AGL", 1200.0),
        ("120 m W84", "W84", 120.0),
        ("-100 ft MSL", "MSL", -30.48),
        ("SFC", "SFC", 0.0),
        ("UNL", "UNL", math.inf),
    ],
)
def test_altitudes(text: str, reference: str, metres: float) -> None:
    above, size = units.altitude(text)
    assert above == reference
    assert size == pytest.approx(metres)


@pytest.mark.parametrize(
    ("reader", "text", "message"),
    [
        (units.length, "6", '"6" has no unit: expected m, km, NM, ft, such as 6 km or 12 NM'),
        (units.length, "6 nm", 'did you mean "NM"?'),
        (units.length, "6 feet", 'did you mean "ft"?'),
        (units.length, "6 s", '"s" in "6 s" is no unit of a length'),
        (units.length, "six km", '"six km" is no length'),
        (units.length, "", "nothing stands here: expected a length such as 6 km or 12 NM"),
        (units.length, "1,5 km", '",5 km" in "1,5 km" is no unit of a length'),
        (units.length, "1_000 m", '"_000 m" in "1_000 m" is no unit'),
        (units.length, "٣ km", "is no length"),
        (units.length, "9" * 500 + " m", '..." is no length'),
        (units.length, "1e11 m", "is too large"),
        (units.duration, "90 mins", 'did you mean "min"?'),
        (units.duration, "1 h 30", '"h 30" in "1 h 30" is no unit of a duration'),
        (units.duration, "1 h -30 min", "is no unit of a duration"),
        (units.duration, "9000000000 s 9000000000 s", "is too large"),
        (units.duration, "P999999999D", "is too large"),
        (units.duration, "P", "is no duration: expected 90 min or PT1H30M"),
        (units.duration, "PT1.2.3H", "is no duration: expected 90 min or PT1H30M"),
        (units.duration, "P1M", "is no duration"),
        (units.speed, "420 kts", 'did you mean "kt"?'),
        (units.pressure, "1013", '"1013" has no unit: expected hPa, inHg'),
        (
            units.angle,
            "30 min",
            "expected deg, °, ', such as 90 deg or 30'; did you mean \"'\"?",
        ),
        (units.angle, "30′", 'did you mean "\'"?'),  # noqa: RUF001 - as people type it
        (units.angle, "30", '"30" has no unit'),
        (units.probability, "1.2", "expected 0 to 1, such as 0.85 or 85 %"),
        (units.probability, "-0.1", "expected 0 to 1"),
        (units.probability, "high", "is no probability"),
        (units.number, "3 km", "is not a plain number"),
        (units.position, "36.3 36.7", "two bare numbers do not say which is the latitude"),
        (units.position, "36.3, -36.7", "two bare numbers do not say which is the latitude"),
        (units.position, "36.7E 36.3N", "is no position"),
        (units.position, "91N 0E", "the latitude is more than 90 degrees"),
        (units.position, "0N 181E", "the longitude is more than 180 degrees"),
        (units.position, "3660N03642E", "60 minutes are 60 or more"),
        (units.position, "36°18'60\"N 36°E", "60 seconds are 60 or more"),
        (units.position, "36.5°18'N 36°E", "only the last unit may have decimals"),
        (units.instant, "2022-02-02T18:00", 'write "2022-02-02T18:00Z" if it is UTC'),
        (units.instant, "2022-02-02", "is no time"),
        (units.instant, "18:00Z", "is no time"),
        (units.instant, "2022-02-30T18:00Z", "day is out of range for month"),
        (units.instant, "2022-02-02T24:00Z", "hour must be in 0..23"),
        (units.instant, "2022-02-02T18:00+25:00", "the zone must be less than 24 h from UTC"),
        (units.instant, "2022-02-02T18:00-24:00", "the zone must be less than 24 h from UTC"),
        (units.instant, "2022-02-02T18:00+03:99", "the zone's minutes must be below 60"),
        (units.instant, "4 h", "is no time"),
        (units.instant, "0001-01-01T00:00+14:00", "expected a year from 1900 to 2199"),
        (units.instant, "+1000000000000 s", "is too large"),
        (units.altitude, "5000 ft", 'write "5000 ft MSL" if it is above mean sea level'),
        (units.altitude, "GND", 'did you mean "SFC"?'),
        (units.altitude, "5000 ft AMSL", 'did you mean "MSL"?'),
        (units.altitude, "FL1800", "is no altitude"),
        (units.altitude, "FL19.", "is no altitude"),
        (units.altitude, "-5 m AGL", "lies below the ground"),
    ],
)
def test_refusals_say_what_was_found_and_what_is_expected(
    reader: Reader, text: str, message: str
) -> None:
    with pytest.raises(UnitError) as caught:
        reader(text)
    assert message in str(caught.value)


READERS = [
    units.length,
    units.duration,
    units.speed,
    units.pressure,
    units.angle,
    units.probability,
    units.number,
    units.position,
    units.instant,
    units.altitude,
]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader.__name__))
@pytest.mark.parametrize("odd", ["nan", "inf", "-inf", "NaN km", "inf s", "nan MSL", "1e999 m"])
def test_what_is_no_number_is_refused_everywhere(reader: Reader, odd: str) -> None:
    with pytest.raises(UnitError):
        reader(odd)


@given(st.text(max_size=40), st.sampled_from(READERS))
def test_any_text_is_read_or_refused(text: str, reader: Reader) -> None:
    try:
        reader(text)
    except UnitError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right


@given(strategies.unix_times)
def test_instants_round_trip_to_the_millisecond(unix: float) -> None:
    shown = units.instant(units.show_instant(unix))
    assert shown.seconds == pytest.approx(unix, abs=0.00051)


@given(st.floats(-1e8, 1e8))
def test_durations_round_trip_to_the_smaller_unit_shown(seconds: float) -> None:
    shown = units.show_duration(seconds)
    size = abs(seconds)
    step = 0.1 if size < 10 else 1.0 if size < 3600 else 60.0 if size < 86400 else 3600.0
    assert units.duration(shown) == pytest.approx(seconds, abs=step / 2 * 1.0001)


@given(strategies.positions)
def test_positions_round_trip_through_decimal_degrees(place: Position) -> None:
    lat = f"{abs(place.lat):.9f}{'S' if place.lat < 0 else 'N'}"
    lon = f"{abs(place.lon):.9f}{'W' if place.lon < 0 else 'E'}"
    assert units.position(f"{lat} {lon}") == pytest.approx(place, abs=1e-9)


@given(st.integers(0, 999))
def test_flight_levels_round_trip(level: int) -> None:
    assert units.show_altitude(*units.altitude(f"FL{level:03d}")) == f"FL{level:03d}"


@given(st.integers(-1000, 60_000), st.sampled_from(["MSL", "W84"]))
def test_altitudes_in_feet_round_trip(feet: int, reference: str) -> None:
    text = f"{feet} ft {reference}"
    assert units.show_altitude(*units.altitude(text)) == text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 s"),
        (-0.01, "0 s"),
        (4.23, "4.2 s"),
        (9.97, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (750.0, "12 min 30 s"),
        (3599.6, "1 h"),
        (3900.0, "1 h 05 min"),
        (-3900.0, "-1 h 05 min"),
        (86399.0, "1 d"),
        (100_000.0, "1 d 04 h"),
    ],
)
def test_durations_are_shown_by_their_two_largest_units(seconds: float, shown: str) -> None:
    assert units.show_duration(seconds) == shown


def test_what_people_see() -> None:
    moment = datetime(2022, 2, 2, 22, 30, tzinfo=UTC).timestamp()
    assert units.show_clock(moment) == "22:30Z"
    assert units.show_clock(moment - 0.001) == "22:30Z"
    assert units.show_instant(moment) == "2022-02-02T22:30:00Z"
    assert units.show_instant(moment + 0.25) == "2022-02-02T22:30:00.250Z"
    assert units.show_length(22_780.0) == "12.3 NM (22.8 km)"
    assert units.show_length(350.4) == "350 m"
    assert units.show_altitude("FL", 5486.4) == "FL180"
    assert units.show_altitude("MSL", 1524.0) == "5000 ft MSL"
    assert units.show_altitude("SFC", 0.0) == "SFC"
    assert units.show_altitude("UNL", math.inf) == "UNL"
