"""Coordinates in the free text of item E, in the spellings that people use."""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.errors import FormatError, quoted
from sim.units import Position

_PLAIN = str.maketrans(
    {
        **{chr(c): chr(c - 32) for c in range(ord("a"), ord("z") + 1)},
        **dict.fromkeys("′’´`", "'"),  # noqa: RUF001 - as people type them
        **dict.fromkeys("″”“", '"'),
        **dict.fromkeys("–—‑−", "-"),  # noqa: RUF001 - likewise
        "º": "°",
    }
)
_BLANKS = re.compile(r"[ \t]+")
_DECIMALS = r"[.,][0-9]{1,10}"
_SIXTY = 60.0


def _angle(width: int) -> str:
    """Give the pattern of an angle without its letter; ``width`` digits are whole degrees.

    In this order: with signs (51°29'00.5"), parted (51 29 00, 51-29.5), in one
    run (5129, 512900.5, 51.4833).
    """
    part = rf"[0-9]{{1,2}}(?:{_DECIMALS})?"
    signed = (
        rf"[0-9]{{1,{width}}}\s?(?:°|DEG)\s?"
        rf"(?:{part}\s?(?:'|MIN)?\s?(?:{part}\s?(?:\"|''|SEC)?\s?)?)?"
    )
    parted = rf"[0-9]{{{width}}}[ :-][0-9]{{2}}(?:[ :-][0-9]{{2}}(?:{_DECIMALS})?|{_DECIMALS})?\s?"
    run = rf"[0-9]{{{width}}}(?:[0-9]{{2}}){{0,2}}(?:{_DECIMALS})?\s?"
    short = rf"[0-9]{{1,{width}}}{_DECIMALS}\s?(?:°|DEG)?\s?"
    return f"(?:{signed}|{parted}|{run}|{short})"


_LAT, _LON = _angle(2), _angle(3)
_BETWEEN = r"[\s,/;-]{0,4}"
_PLACE = re.compile(
    rf"(?<![0-9.])(?<![0-9][A-Z])({_LAT})([NS]){_BETWEEN}({_LON})([EW])(?![A-Z])"
    rf"|(?<![A-Z0-9])([NS])\s?({_LAT}){_BETWEEN}([EW])\s?({_LON})(?![0-9A-Z])",
    re.ASCII,
)
_REMAINS = re.compile(  # of a coordinate that is none
    r"(?<![0-9])[0-9]{4,9}(?:\.[0-9]{1,6})?[NSEW](?![A-Z])|(?<![A-Z0-9])[NSEW][0-9]{4,9}(?![A-Z])",
    re.ASCII,
)
_FIGURES = re.compile(r"[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_MOST_PLACES = 5000


class Place(NamedTuple):
    """A position, and where in the text it stands."""

    position: Position
    start: int
    end: int


def plain(text: str) -> str:
    """Give a text in capitals, with one sort of dash and of primes, and single blanks."""
    single = _BLANKS.sub(" ", text.translate(_PLAIN))
    return single.replace(" \n", "\n").replace("\n ", "\n")


def find_places(text: str) -> list[Place]:
    """Find all coordinates of a `plain` text in order: latitude first, each half with its letter.

    ``512900N0002800W``, ``5129N 00028W``, ``N51 29 00 W000 28 00``, ``51-29-00N
    000-28-00W``, ``51°29'00"N 0°28'00"W``, ``51.4833N 0.4667W``. A run of digits is
    degrees, minutes and seconds: ``5129N`` is 51 degrees and 29 minutes.

    Raises
    ------
    FormatError
        If one is not on Earth, or there are too many.
    """
    found: list[Place] = []
    for match in _PLACE.finditer(text):
        if len(found) == _MOST_PLACES:
            raise FormatError(f"more than {_MOST_PLACES} places in one text")
        lat, south, lon, west = match.group(1, 2, 3, 4)
        if lat is None:
            south, lat, west, lon = match.group(5, 6, 7, 8)
        north = _degrees(lat, 2, match[0]) * (-1.0 if south == "S" else 1.0)
        east = _degrees(lon, 3, match[0]) * (-1.0 if west == "W" else 1.0)
        end = match.start() + len(match[0].rstrip())
        found.append(Place(Position(east + 0.0, north + 0.0), match.start(), end))
    return found


def remains(text: str) -> str | None:
    """Give what looks like half a coordinate in a text that should hold none; else None."""
    found = _REMAINS.search(text)
    return found[0] if found else None


def _degrees(text: str, width: int, whole: str) -> float:
    parts = [part.replace(",", ".") for part in _FIGURES.findall(text)]
    if len(parts) == 1:
        digits, point, decimals = parts[0].partition(".")
        if len(digits) > width:
            cuts = range(width, len(digits), 2)
            parts = [digits[:width], *(digits[i : i + 2] for i in cuts)]
            parts[-1] += point + decimals
    degrees, minutes, seconds = (float(part) for part in (*parts, "0", "0")[:3])
    if minutes >= _SIXTY or seconds >= _SIXTY:
        raise FormatError(f"{quoted(whole)} is no place: minutes and seconds are below 60")
    angle = degrees + minutes / 60.0 + seconds / 3600.0
    if angle > (90.0 if width == 2 else 180.0):  # noqa: PLR2004 - of latitude, of longitude
        raise FormatError(f"{quoted(whole)} is not on Earth")
    return angle
