"""Positions of OpenAir: ``39:29:54N 119:46:06W`` or ``39:29.9N 119:46.1W`` (section "Units")."""

from __future__ import annotations

import re

from sim.errors import FormatError, quoted
from sim.geometry.earth import checked_position
from sim.units import Position

_HALF = (  # with colons, undivided digits, or decimal degrees
    r"(?:([0-9]{1,3}):([0-9]{1,2}(?:\.[0-9]{1,12})?)(?::([0-9]{1,2}(?:\.[0-9]{1,12})?))?"
    r"|([0-9]{4,7}(?:\.[0-9]{1,12})?)"
    r"|([0-9]{1,3}\.[0-9]{1,15}))"
)
_PLACE = re.compile(rf"\s*{_HALF}\s*([NS])\s*,?\s*{_HALF}\s*([EW])\s*", re.IGNORECASE)
_SIXTY = 60.0
_UNITS_PER_DEGREE = 600_000_000  # ten-millionths of a minute: 0.2 mm


def place(text: str) -> Position:
    """Read one position.

    Raises
    ------
    FormatError
        If it is none; minutes and seconds are below 60.
    """
    found = _PLACE.fullmatch(text)
    if not found:
        raise FormatError(f"{quoted(text)} is no position: expected such as 45:15:30 N 014:18:20 E")
    return _position(found, text)


def two_places(text: str) -> tuple[Position, Position]:
    """Read two positions with a comma between.

    Raises
    ------
    FormatError
        If they are not two.
    """
    first = _PLACE.match(text)
    rest = text[first.end() :].lstrip() if first else ""
    if not first or not rest.startswith(","):
        raise FormatError(
            f"{quoted(text)} are not two positions:"
            " expected such as 45:15:30 N 014:18:20 E, 45:20:00 N 014:18:20 E"
        )
    return _position(first, first[0].strip()), place(rest[1:])


def text_of(position: Position) -> str:
    """Write a position in degrees and decimal minutes, exact to 0.2 mm."""
    lon, lat = checked_position(position, "a place")
    return f"{_half(lat, 2, 'NS')} {_half(lon, 3, 'EW')}"


def _half(degrees: float, width: int, letters: str) -> str:
    whole, rest = divmod(round(abs(degrees) * _UNITS_PER_DEGREE), _UNITS_PER_DEGREE)
    minutes, part = divmod(rest, 10_000_000)
    return f"{whole:0{width}d}:{minutes:02d}.{part:07d}{letters[degrees < 0.0]}"


def _position(found: re.Match[str], text: str) -> Position:
    north = _degrees(found.group(1, 2, 3, 4, 5), 90, text)
    east = _degrees(found.group(7, 8, 9, 10, 11), 180, text)
    lat = -north if found[6] in "Ss" else north
    lon = -east if found[12] in "Ww" else east
    return Position(lon + 0.0, lat + 0.0)  # + 0.0 turns -0.0 into 0.0


def _degrees(parts: tuple[str | None, ...], most: int, text: str) -> float:
    whole, minutes, seconds, digits, decimal = parts
    if decimal is not None:
        value = float(decimal)
    else:
        if digits is not None:
            whole, minutes, seconds = _undivided(digits, len(str(most)), text)
        if seconds is not None and "." in str(minutes):
            raise FormatError(f"{quoted(text)} is no position: decimal minutes and seconds")
        for what, part in (("minutes", minutes), ("seconds", seconds)):
            if part is not None and float(part) >= _SIXTY:
                raise FormatError(
                    f"{quoted(text)} is no position: {part} {what}, expected less than 60"
                )
        value = float(whole or 0) + float(minutes or 0) / 60.0 + float(seconds or 0) / 3600.0
    if value > most:
        raise FormatError(f"{quoted(text)} is no position: more than {most} degrees")
    return value


def _undivided(digits: str, width: int, text: str) -> tuple[str, str, str | None]:
    """Part ``DDMM``, ``DDMMSS`` or, of longitudes, ``DDDMM`` and ``DDDMMSS``."""
    whole = digits.partition(".")[0]
    if len(whole) == width + 2:
        return digits[:width], digits[width:], None
    if len(whole) == width + 4:
        return digits[:width], digits[width : width + 2], digits[width + 2 :]
    raise FormatError(
        f"{quoted(text)} is no position: {quoted(digits)} has too few digits, or more"
    )
