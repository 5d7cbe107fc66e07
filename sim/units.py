"""Quantities, positions and times: text as people write it to SI numbers, and back.

Every reader here takes a text and raises :class:`~sim.errors.UnitError`, which says
what was found, what is expected, and gives an example. Units are spelt in one way
(`NM`, `kt`, `min`), so that a slip is refused and never guessed at.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

from sim import slips
from sim.errors import UnitError, did_you_mean, quoted

METRES_PER_FOOT = 0.3048  # exact, international foot (1959)
METRES_PER_NAUTICAL_MILE = 1852.0  # exact, ICAO Annex 5
STANDARD_PRESSURE_HPA = 1013.25  # ICAO standard atmosphere, Doc 7488
HPA_PER_INHG = 33.8638864  # inch of mercury at 0 degrees Celsius

_LENGTHS = {"m": 1.0, "km": 1000.0, "NM": METRES_PER_NAUTICAL_MILE, "ft": METRES_PER_FOOT}
_DURATIONS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_SPEEDS = {
    "kt": METRES_PER_NAUTICAL_MILE / 3600.0,
    "m/s": 1.0,
    "km/h": 1.0 / 3.6,
    "ft/min": 0.3048 / 60.0,
}
_PRESSURES = {"hPa": 1.0, "inHg": HPA_PER_INHG}
_ANGLES = {"deg": 1.0, "°": 1.0, "'": 1.0 / 60.0}
_SHARES = {"": 1.0, "%": 0.01}

SPELLINGS = {
    "length": tuple(_LENGTHS),
    "duration": tuple(_DURATIONS),
    "speed": tuple(_SPEEDS),
    "pressure": tuple(_PRESSURES),
    "angle": tuple(_ANGLES),
}

_LARGEST = 1e10  # in SI: three centuries, or farther than any orbit
_YEARS = range(1900, 2200)  # an instant and the longest durations about it stay in the calendar
_LONGEST = 200  # characters; no quantity, position or time is as long
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(rf"({_NUMBER})\s*(.*)", re.DOTALL)
_RATE = re.compile(rf"({_NUMBER})\s*per\s+([A-Za-z]+)")
_PART = re.compile(r"(?<![eE])([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([A-Za-z]+)\s*")
_ISO_DURATION = re.compile(
    r"([+-]?)P(?:([0-9.]+)D)?(?:T(?=[0-9])(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?"
)
_ISO_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:[.,]([0-9]{1,6}))?)?\s?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_FLIGHT_LEVEL = re.compile(r"FL\s?(-?[0-9]{1,3}(?:\.[0-9]+)?)")  # parts of one in records
_ALTITUDE = re.compile(r"(.*[^\s])\s+([A-Za-z][A-Za-z0-9]*)")
_BARE_PAIR = re.compile(rf"{_NUMBER}[\s,;]+{_NUMBER}")
_HALF = (  # degrees; or degrees, minutes and perhaps seconds with their signs
    r"([0-9]+(?:\.[0-9]+)?)\s?"
    r"(?:°\s?(?:([0-9]+(?:\.[0-9]+)?)'\s?(?:([0-9]+(?:\.[0-9]+)?)\"\s?)?)?)?"
)
_POSITION = re.compile(rf"{_HALF}([NS])\s*,?\s*{_HALF}([EW])")
_ONE_HALF = re.compile(rf"{_HALF}[NSEW]")
_PRIMES = str.maketrans({"′": "'", "’": "'", "″": '"', "”": '"', "º": "°"})  # noqa: RUF001 - as people type them

_FEWEST_PERCENT = 2.0  # 1.9 is as likely a slip for 0.9
_SHORT_S = 10.0  # below this, tenths of a second are shown
_NEXT_UNIT = {"min": 60, "h": 24}

_POSITION_EXAMPLES = "36.3N 36.7E, 361800N0364200E or 36°18'N 36°42'E"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Position(NamedTuple):
    """A place on WGS84: longitude east and latitude north, in degrees."""

    lon: float
    lat: float


class Time(NamedTuple):
    """An instant: Unix time in seconds, or seconds since the scenario's start if ``relative``."""

    seconds: float
    relative: bool

    def since(self, start_unix: float) -> float:
        """Give the seconds since a scenario's start, itself given in Unix time."""
        return self.seconds if self.relative else self.seconds - start_unix


def length(text: str) -> float:
    """Read a length such as ``6 km``, ``12 NM``, ``5000 ft`` or ``400 m``, in metres."""
    return _quantity(text, "a length", _LENGTHS, "6 km or 12 NM")


def duration(text: str) -> float:
    """Read a duration such as ``90 min``, ``1 h 30 min``, ``2 d`` or ``PT1H30M``, in seconds.

    A sign before the whole is allowed: ``-15 min``, ``-1 h 30 min``.
    """
    example = "90 min, 1 h 30 min or PT1H30M"
    stripped = _checked(text, "a duration", example)
    if iso := _ISO_DURATION.fullmatch(stripped):
        return _checked_size(text, _iso_duration(text, iso), "a duration", example)
    if clock := _CLOCK.fullmatch(stripped):
        meant = f"{int(clock[1])} h {int(clock[2])} min"
        raise UnitError(
            f"{quoted(text)} is a time of the day, no duration: expected {example}",
            hint=f"write {meant} if it lasts so long",
        )
    unsigned = stripped[1:] if stripped[0] in "+-" else stripped
    parts = _PART.findall(unsigned)
    if len(parts) > 1 and not _PART.sub("", unsigned):
        total = sum(_quantity(" ".join(p), "a duration", _DURATIONS, "90 min") for p in parts)
        signed = -total if stripped.startswith("-") else total
        return _checked_size(text, signed, "a duration", example)
    return _quantity(text, "a duration", _DURATIONS, example)


def speed(text: str) -> float:
    """Read a speed such as ``420 kt``, ``120 m/s`` or ``600 km/h``, in metres per second."""
    return _quantity(text, "a speed", _SPEEDS, "420 kt or 120 m/s")


def pressure(text: str) -> float:
    """Read a pressure such as ``1013 hPa`` or ``29.92 inHg``, or ``standard``, in hPa."""
    if text.strip() == "standard":
        return STANDARD_PRESSURE_HPA
    return _quantity(text, "a pressure", _PRESSURES, "1013 hPa, 29.92 inHg or standard")


def angle(text: str) -> float:
    """Read an angle such as ``90 deg``, ``90°`` or ``30'``, in degrees.

    Minutes of arc are written with their sign only: ``30 min`` is a time.
    """
    return _quantity(text, "an angle", _ANGLES, "90 deg or 30'")


def probability(text: str) -> float:
    """Read a probability such as ``0.85`` or ``85 %``, from 0 to 1."""
    value = _quantity(text, "a probability", _SHARES, "0.85 or 85 %")
    if not 0.0 <= value <= 1.0:
        is_percent = _FEWEST_PERCENT <= value <= 100.0 and "%" not in text  # noqa: PLR2004
        raise UnitError(
            f"{quoted(text)} is no probability: expected 0 to 1, such as 0.85 or 85 %",
            hint=f"write {value / 100.0:g} or {value:g} %" if is_percent else "",
        )
    return value


def rate(text: str) -> float:
    """Read a rate such as ``12 per h`` or ``300 per d``, in events per second."""
    example = "12 per h or 300 per d"
    stripped = _checked(text, "a rate", example)
    found = _RATE.fullmatch(stripped)
    if not found:
        raise UnitError(f"{quoted(text)} is no rate: expected {example}")
    if found[2] not in _DURATIONS:
        raise UnitError(
            f"{quoted(found[2])} in {quoted(text)} is no unit of a duration:"
            f" expected {', '.join(_DURATIONS)}, such as {example}",
            hint=did_you_mean(found[2], _DURATIONS),
        )
    return number(found[1]) / _DURATIONS[found[2]]


def number(text: str) -> float:
    """Read a plain number without a unit, such as a weight or a shape."""
    return _quantity(text, "a plain number", {"": 1.0}, "1.5")


def figure(text: str) -> float:
    """Read a plain number or a percentage, such as ``0.01`` or ``1 %``."""
    return _quantity(text, "a number", _SHARES, "0.01 or 1 %")


def parted(text: str) -> tuple[float, str]:
    """Part a number from what stands behind it: ``5 km``, ``FL`` being no number.

    Raises
    ------
    UnitError
        If the text does not begin with a number, or more digits follow it.
    """
    found = _QUANTITY.fullmatch(text.strip())
    if not found or any(sign.isdigit() for sign in found[2]):
        raise UnitError(f"{quoted(text)} is no number with a unit: expected such as 5 km")
    return _checked_size(text, float(found[1]), "a number", "5 km"), found[2]


def position(text: str) -> Position:
    """Read a position, latitude first, each half with its letter.

    Decimal degrees (``36.3N 36.7E``), the aeronautical digits ``DDMM[SS]N DDDMM[SS]E``
    (``361800N0364200E``; the last unit may have decimals), or degrees with minutes and
    seconds (``36°18'N 36°42'30"E``).
    """
    stripped = _checked(text, "a position", _POSITION_EXAMPLES)
    found = _POSITION.fullmatch(stripped.translate(_PRIMES).replace("''", '"'))
    if found:
        north = _half(text, found.group(1, 2, 3), "latitude", 90)
        east = _half(text, found.group(5, 6, 7), "longitude", 180)
        lat = -north if found[4] == "S" else north
        lon = -east if found[8] == "W" else east
        return Position(lon + 0.0, lat + 0.0)  # + 0.0 turns -0.0 into 0.0
    why = (
        "two bare numbers do not say which is the latitude, and half the world writes"
        " the longitude first"
        if _BARE_PAIR.fullmatch(stripped.strip("[]() "))
        else f"{quoted(text)} is no position"
    )
    raise UnitError(f"{why}: expected {_POSITION_EXAMPLES}", hint=_position_meant(stripped))


def instant(text: str) -> Time:
    """Read ISO 8601 with a zone (``2022-02-02T18:00Z``), or an offset from the start (``+4 h``)."""
    example = "2022-02-02T18:00Z, or +4 h after the scenario's start"
    stripped = _checked(text, "a time", example)
    if stripped[0] in "+-":
        return Time(duration(stripped), relative=True)
    found = _ISO_INSTANT.fullmatch(stripped)
    if not found:
        raise UnitError(
            f"{quoted(text)} is no time: expected {example}", hint=_instant_meant(stripped)
        )
    if not found[8]:
        raise UnitError(
            f"{quoted(text)} names no time zone: expected {example}",
            hint=f'write "{stripped}Z" if it is UTC',
        )
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if year not in _YEARS:
        raise UnitError(
            f"{quoted(text)} is out of reach: expected a year from {_YEARS[0]} to {_YEARS[-1]}"
        )
    micros = int((found[7] or "").ljust(6, "0"))
    try:
        moment = datetime(year, month, day, hour, minute, second, micros, _zone(found[8]))
    except ValueError as error:
        raise UnitError(f"{quoted(text)} is no time: {error}; expected {example}") from None
    return Time((moment - _EPOCH).total_seconds(), relative=False)


def altitude(text: str) -> tuple[str, float]:
    """Read an altitude with its reference.

    Returns
    -------
    tuple[str, float]
        The reference (``SFC``, ``AGL``, ``MSL``, ``FL``, ``W84`` or ``UNL``) and metres in it:
        ``FL180`` is 5486.4 m of pressure altitude, ``FL19.5`` 594.36 m, ``SFC`` 0, ``UNL``
        infinity.
    """
    example = "FL180, 5000 ft MSL, 1200 m AGL, 120 m W84, SFC or UNL"
    stripped = _checked(text, "an altitude", example)
    if stripped in ("SFC", "UNL"):
        return stripped, 0.0 if stripped == "SFC" else math.inf
    if level := _FLIGHT_LEVEL.fullmatch(stripped):
        return "FL", float(level[1]) * 100.0 * METRES_PER_FOOT
    found = _ALTITUDE.fullmatch(stripped)
    if found and found[2] in ("AGL", "MSL", "W84"):
        metres = _quantity(found[1], "an altitude", _LENGTHS, example)
        if found[2] == "AGL" and metres < 0.0:
            raise UnitError(f"{quoted(text)} lies below the ground: expected {example}")
        return found[2], metres
    if (plain := _QUANTITY.fullmatch(stripped)) and plain[2] in _LENGTHS:
        raise UnitError(
            f"{quoted(text)} does not say above what: expected {example}",
            hint=f'write "{stripped} MSL" if it is above mean sea level',
        )
    raise UnitError(
        f"{quoted(text)} is no altitude: expected {example}", hint=slips.altitude_meant(stripped)
    )


def show_clock(unix: float) -> str:
    """Give a Unix time as the nearest minute of the day, UTC: ``22:30Z``."""
    return (_EPOCH + timedelta(minutes=round(unix / 60.0))).strftime("%H:%MZ")


def show_instant(unix: float) -> str:
    """Give a Unix time as ISO 8601 in UTC, with milliseconds only where there are any.

    Raises
    ------
    UnitError
        If its year has not four digits.
    """
    try:
        moment = _EPOCH + timedelta(milliseconds=round(unix * 1000.0))
    except OverflowError:
        raise UnitError(
            f"{unix:g} s is no date: expected one of the years 1 to 9999",
            hint="leave an end out where there is none",
        ) from None
    timespec = "milliseconds" if moment.microsecond else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def show_duration(seconds: float) -> str:
    """Give a duration by its two largest units: ``1 h 05 min``, ``12 min 30 s``, ``4.2 s``."""
    sign = "-" if round(seconds, 1) < 0.0 else ""
    size = abs(seconds)
    if round(size, 1) < _SHORT_S:
        return f"{sign}{round(size, 1):g} s"
    if round(size) < 60:  # noqa: PLR2004
        return f"{sign}{round(size)} s"
    for large, small, step in (("min", "s", 1.0), ("h", "min", 60.0)):  # noqa: B007 - shown below
        whole, rest = divmod(round(size / step), 60)
        if whole < _NEXT_UNIT[large]:
            break
    else:
        large, small = "d", "h"
        whole, rest = divmod(round(size / 3600.0), 24)
    return f"{sign}{whole} {large}" + (f" {rest:02d} {small}" if rest else "")


def show_length(metres: float) -> str:
    """Give a length for people: ``12.3 NM (22.8 km)``, and below a kilometre ``350 m``."""
    if abs(metres) < 999.5:  # noqa: PLR2004 - rounds to a kilometre
        return f"{metres:.0f} m"
    return f"{metres / METRES_PER_NAUTICAL_MILE:.1f} NM ({metres / 1000.0:.1f} km)"


def show_altitude(reference: str, metres: float) -> str:
    """Give an altitude for people: ``FL180``, ``5000 ft MSL``, ``SFC``, ``UNL``."""
    if reference in ("SFC", "UNL"):
        return reference
    feet = metres / METRES_PER_FOOT
    return f"FL{round(feet / 100.0):03d}" if reference == "FL" else f"{feet:.0f} ft {reference}"


def _checked(text: str, what: str, example: str) -> str:
    """Give the text without outer blanks; nothing, and no quantity, is as long as this allows."""
    stripped = text.strip()
    if not stripped:
        raise UnitError(f"nothing stands here: expected {what} such as {example}")
    if len(stripped) > _LONGEST:
        raise UnitError(f"{quoted(text)} is no {what.split(' ', 1)[1]}: expected {example}")
    return stripped


def _position_meant(text: str) -> str:
    tidy = " ".join(text.translate(_PRIMES).replace("''", '"').upper().split())
    turned = slips.latitude_first(tidy)
    if turned is not None and _POSITION.fullmatch(turned):
        return f"write {turned}"
    return "write both halves, such as 36.3N 36.7E" if _ONE_HALF.fullmatch(tidy) else ""


def _instant_meant(text: str) -> str:
    zulu = slips.with_zulu(text)
    if zulu is not None and _ISO_INSTANT.fullmatch(zulu):
        return f"write {quoted(zulu)}"
    if hint := slips.half_an_instant(text):
        return hint
    try:
        duration(text)
    except UnitError:
        return ""
    return f"write {quoted('+' + text)} if it is counted from the start"


def _quantity(text: str, what: str, units: dict[str, float], example: str) -> float:
    stripped = _checked(text, what, example)
    found = _QUANTITY.fullmatch(stripped)
    if not found:
        raise UnitError(f"{quoted(text)} is no {what.split(' ', 1)[1]}: expected {example}")
    unit = found[2]
    if unit not in units:
        expected = ", ".join(name for name in units if name)
        if not unit:
            why = f"{quoted(text)} has no unit"
        elif not expected:
            raise UnitError(f"{quoted(text)} is not {what}: expected one such as {example}")
        else:
            why = f"{quoted(unit)} in {quoted(text)} is no unit of {what}"
        hint = slips.unit_meant(unit, units) or did_you_mean(unit, units)
        raise UnitError(f"{why}: expected {expected}, such as {example}", hint=hint)
    return _checked_size(text, float(found[1]) * units[unit], what, example)


def _checked_size(text: str, value: float, what: str, example: str) -> float:
    if not abs(value) <= _LARGEST:
        raise UnitError(f"{quoted(text)} is too large: expected {what} such as {example}")
    return value


def _iso_duration(text: str, found: re.Match[str]) -> float:
    sizes = (86400.0, 3600.0, 60.0, 1.0)
    given = [(size, part) for size, part in zip(sizes, found.groups()[1:], strict=True) if part]
    try:
        total = sum(size * float(part) for size, part in given)
    except ValueError:
        given = []
    if not given:
        raise UnitError(f"{quoted(text)} is no duration: expected 90 min or PT1H30M")
    return -total if found[1] == "-" else total


def _half(text: str, parts: tuple[str | Any, ...], what: str, limit: int) -> float:
    """Give one half of a position in degrees; undivided digits are cut as the AIP writes them."""
    whole, minutes, seconds = parts
    if minutes is None:
        digits, point, decimals = whole.partition(".")
        width = len(str(limit))  # 2 for latitudes, 3 for longitudes
        if len(digits) == width + 2:
            whole, minutes = digits[:width], digits[width:] + point + decimals
        elif len(digits) == width + 4:
            whole, minutes = digits[:width], digits[width : width + 2]
            seconds = digits[width + 2 :] + point + decimals
    elif "." in whole or (seconds is not None and "." in minutes):
        raise UnitError(f"{quoted(text)} is no position: only the last unit may have decimals")
    for name, part in (("minutes", minutes), ("seconds", seconds)):
        if part is not None and float(part) >= 60.0:  # noqa: PLR2004
            raise UnitError(f"{quoted(text)} is no position: {part} {name} are 60 or more")
    value = float(whole) + float(minutes or 0) / 60.0 + float(seconds or 0) / 3600.0
    if value > limit:
        raise UnitError(f"{quoted(text)} is no position: the {what} is more than {limit} degrees")
    return value


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes >= 60:  # noqa: PLR2004
        raise ValueError("the zone's minutes must be below 60")
    if hours >= 24:  # noqa: PLR2004
        raise ValueError("the zone must be less than 24 h from UTC")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
