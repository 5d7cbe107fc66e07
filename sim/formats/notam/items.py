"""The header and the items Q, A, B, C, F and G of a NOTAM, each a text to values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from math import inf
from typing import NamedTuple

from sim.errors import FormatError, quoted
from sim.formats.notam.messages import HEADER
from sim.geometry.altitude import Limit, Reference
from sim.units import METRES_PER_FOOT, Position

_CENTURY = 2000  # NOTAMs give two digits of the year; those of the last century are not read
_FIELDS = 8
_UNBOUNDED = 999  # as an upper limit of the Q-line
_Q_FORMS = (
    ("the FIR", re.compile(r"[A-Z]{4}"), "four letters"),
    ("the code", re.compile(r"Q[A-Z]{4}"), "Q and four letters"),
    ("traffic", re.compile(r"[IVK]{1,2}"), "I, V or IV, K"),
    ("the purpose", re.compile(r"[NBOMK]{1,5}"), "of N, B, O, M, K"),
    ("the scope", re.compile(r"[AEWK]{1,3}"), "of A, E, W, K"),
    ("the lower limit", re.compile(r"[0-9]{3}"), "three digits"),
    ("the upper limit", re.compile(r"[0-9]{3}"), "three digits"),
)
_CENTRE = re.compile(
    r"([0-9]{2})([0-5][0-9])([0-5][0-9])?([NS])([0-9]{3})([0-5][0-9])([0-5][0-9])?([EW])([0-9]{3})?"
)
_TIME = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
_END = re.compile(r"([0-9]{10})\s{0,4}(EST)?")
_LEVEL = re.compile(r"FL\s{0,2}([0-9]{1,3})")
_HEIGHT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?)\s{0,2}(FT|M)\s{0,2}([A-Z]{3,4})?")
_REFERENCES = {
    "AMSL": Reference.MSL,
    "MSL": Reference.MSL,
    "AGL": Reference.AGL,
    "ASFC": Reference.AGL,
}
_FEET_A_LEVEL = 100.0
_LIMIT_EXAMPLES = "SFC, GND, UNL, FL100, 2000FT AMSL or 300M AGL"


class Header(NamedTuple):
    """Who a NOTAM is, and whom it replaces or cancels."""

    series: str
    number: int
    year: int
    kind: str
    refers_to: str | None


class Qualifiers(NamedTuple):
    """The Q-line."""

    fir: str
    code: str
    traffic: str
    purpose: str
    scope: str
    lower: Limit
    upper: Limit
    center: Position | None
    radius_nm: int | None


def read_header(text: str) -> Header:
    """Read such as ``A0137/20 NOTAMR A0135/20`` (Doc 8126, 6.3.4).

    Raises
    ------
    FormatError
        If N refers to another, R or C to none, or more follows.
    """
    found = HEADER.match(text)
    if not found:
        raise FormatError(f"{quoted(text)} is no header: expected such as A0135/20 NOTAMN")
    series, number, year, _, _, kind, *other = found.groups()
    refers_to = f"{other[0]}{int(other[1]):04d}/{other[2]}" if other[0] else None
    if kind == "N" and refers_to:
        raise FormatError(f"{quoted(text)}: a new NOTAM refers to no other")
    if kind != "N" and not refers_to:
        does = "replaces" if kind == "R" else "cancels"
        raise FormatError(
            f"{quoted(text)} does not say which it {does}: expected such as"
            f" A0137/20 NOTAM{kind} A0135/20"
        )
    if text[found.end() :].strip():
        raise FormatError(f"{quoted(text[found.end() :].strip())} stands after the header")
    return Header(series, int(number), _CENTURY + int(year), kind, refers_to)


def read_qualifiers(text: str) -> Qualifiers:
    """Read such as ``EGTT/QMRLC/IV/NBO/AE/000/999/5129N00028W005``, padding allowed.

    Doc 8126, 6.3.5: limits are flight levels, 000 the ground, 999 none; the
    centre is in whole minutes, the radius in whole NM. Centre and radius may be
    absent.
    """
    fields = ["".join(field.split()) for field in text.split("/")]
    if len(fields) not in (_FIELDS - 1, _FIELDS):
        raise FormatError(
            f"{quoted(text)} has {len(fields)} fields: expected {_FIELDS}, such as"
            " EGTT/QMRLC/IV/NBO/A/000/999/5129N00028W005"
        )
    for field, (name, form, expected) in zip(fields, _Q_FORMS, strict=False):
        if not form.fullmatch(field):
            raise FormatError(f"{name} of the Q-line is {quoted(field)}: expected {expected}")
    lower, upper = int(fields[5]), int(fields[6])
    if lower > upper:
        raise FormatError(f"the Q-line's lower limit {lower:03d} is above its upper, {upper:03d}")
    center, radius_nm = _circle(fields[7]) if len(fields) == _FIELDS and fields[7] else (None, None)
    return Qualifiers(
        fields[0],
        fields[1],
        fields[2],
        fields[3],
        fields[4],
        _level(lower) if lower else Limit(Reference.SFC, 0.0),
        _level(upper) if upper < _UNBOUNDED else Limit(Reference.UNL, inf),
        center,
        radius_nm,
    )


def _circle(field: str) -> tuple[Position, int | None]:
    found = _CENTRE.fullmatch(field)
    if not found:
        raise FormatError(
            f"the Q-line's circle is {quoted(field)}: expected such as 5129N00028W005"
        )
    lat = _degrees(*found.group(1, 2, 3)) * (-1 if found[4] == "S" else 1)
    lon = _degrees(*found.group(5, 6, 7)) * (-1 if found[8] == "W" else 1)
    if abs(lat) > 90.0 or abs(lon) > 180.0:  # noqa: PLR2004 - degrees
        raise FormatError(f"the Q-line's circle {quoted(field)} is not on Earth")
    return Position(lon + 0.0, lat + 0.0), int(found[9]) if found[9] else None


def _degrees(degrees: str, minutes: str, seconds: str | None) -> float:
    return int(degrees) + int(minutes) / 60.0 + int(seconds or 0) / 3600.0


def _level(level: int) -> Limit:
    return Limit(Reference.FL, level * _FEET_A_LEVEL * METRES_PER_FOOT)


def read_instant(text: str) -> datetime:
    """Read ``YYMMDDhhmm`` in UTC; 24:00 is the next midnight."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise FormatError(f"{quoted(text)} is no time: expected ten digits such as 2401150800")
    year, month, day, hour, minute = (int(digits) for digits in found.groups())
    ends_day = (hour, minute) == (24, 0)
    try:
        moment = datetime(_CENTURY + year, month, day, 0 if ends_day else hour, minute, tzinfo=UTC)
    except ValueError as error:
        raise FormatError(f"{quoted(text)} is no time: {error}") from None
    return moment + timedelta(days=1) if ends_day else moment


def read_end(text: str) -> tuple[datetime | None, bool, bool]:
    """Read item C): the time, whether it is an estimate, whether there is none (PERM).

    EST says that the time is an estimate; it is UTC all the same.
    """
    stripped = text.strip()
    if stripped == "PERM":
        return None, False, True
    found = _END.fullmatch(stripped)
    if not found:
        raise FormatError(
            f"{quoted(text)} is no end: expected such as 2401152000, 2401152000 EST or PERM"
        )
    return read_instant(found[1]), bool(found[2]), False


def read_limit(text: str) -> Limit:
    """Read item F) or G): ``SFC``, ``UNL``, ``FL100``, ``2000FT AMSL``, ``1100 M AGL``.

    Raises
    ------
    FormatError
        Also if a height does not say above what.
    """
    stripped = " ".join(text.upper().split())
    if stripped in {"SFC", "GND"}:
        return Limit(Reference.SFC, 0.0)
    if stripped in {"UNL", "UNLTD"}:
        return Limit(Reference.UNL, inf)
    if level := _LEVEL.fullmatch(stripped):
        return _level(int(level[1]))
    found = _HEIGHT.fullmatch(stripped)
    if not found or (found[3] and found[3] not in _REFERENCES):
        raise FormatError(f"{quoted(text)} is no limit: expected {_LIMIT_EXAMPLES}")
    if not found[3]:
        raise FormatError(
            f"{quoted(text)} does not say above what: expected {_LIMIT_EXAMPLES}",
            hint="add AMSL if it is above mean sea level",
        )
    metres = float(found[1]) * (METRES_PER_FOOT if found[2] == "FT" else 1.0)
    return Limit(_REFERENCES[found[3]], metres)
