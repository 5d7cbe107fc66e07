"""What people write instead of what is read; only ever used to suggest what they mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Container

_SPOKEN = {
    "nm": "NM", "nmi": "NM", "feet": "ft", "foot": "ft", "meter": "m", "meters": "m",
    "metre": "m", "metres": "m", "kilometers": "km", "kilometres": "km",
    "sec": "s", "second": "s", "seconds": "s", "m": "min", "mins": "min", "minute": "min",
    "minutes": "min", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
    "kn": "kt", "kts": "kt", "knot": "kt", "knots": "kt", "mps": "m/s", "kph": "km/h",
    "kmh": "km/h", "mb": "hPa", "mbar": "hPa", "degrees": "deg", "degree": "deg",
    "min": "'", "arcmin": "'", "arcmins": "'", "º": "°",
    "′": "'", "’": "'",  # noqa: RUF001 - as people type them
}  # fmt: skip
_MILES = dict.fromkeys(("mi", "mile", "miles"), "a nautical mile is 1 NM, a statute one 1.609 km")
_FOREIGN = _MILES | {"mph": "a knot is 1 kt, a statute mile an hour 1.609 km/h"}
_GROUND_AND_SKY = {
    "GND": "SFC", "GROUND": "SFC", "SURFACE": "SFC", "UNLIMITED": "UNL", "UNLTD": "UNL",
    "AMSL": "MSL", "ASL": "MSL",
}  # fmt: skip
_TURNED = (  # halves in either order, with their letters behind or before
    re.compile(r"([0-9][^NSEW,;]*?)\s?([NSEW])\s*[,;]?\s*([0-9][^NSEW,;]*?)\s?([NSEW])"),
    re.compile(r"([NSEW])\s?([0-9][^NSEW,;]*?)\s*[,;]?\s*([NSEW])\s?([0-9][^NSEW,;]*)"),
)
_LEVEL = re.compile(r"FL?\s?(?:([0-9]{1,3})|([0-9]{3})00)")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?")


def unit_meant(unit: str, known: Container[str]) -> str:
    """Suggest the spelling of a unit that goes by another, or say what a foreign one is."""
    spoken = _SPOKEN.get(unit.lower())
    if spoken is not None and spoken in known:
        return f"did you mean {quoted(spoken)}?"
    return _FOREIGN.get(unit.lower(), "")


def latitude_first(text: str) -> str | None:
    """Give a position, in capitals, with latitude first and each letter behind its half.

    None if the text is not two halves; the answer may still be no position.
    """
    for pattern in _TURNED:
        if found := pattern.fullmatch(text):
            halves = ("".join(found.group(1, 2)), "".join(found.group(3, 4)))
            north, east = (
                re.sub(r"^([NSEW])(.*)$", r"\2\1", half)
                for half in sorted(halves, key=lambda half: "E" in half or "W" in half)
            )
            return f"{north} {east}"
    return None


def with_zulu(text: str) -> str | None:
    """Give a time whose zone is UTC in words with a Z; None if it is not."""
    zulu = re.sub(r"\s?(?:UTC|GMT|z)$", "Z", text)
    return None if zulu == text else zulu


def half_an_instant(text: str) -> str:
    """Say what a time of the day, or a day, lacks."""
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s?[A-Za-z]*", text):
        return "put its date before it, such as 2022-02-02T22:30Z"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return f'add the time of the day, such as "{text}T18:00Z"'
    return ""


def altitude_meant(text: str) -> str:
    """Suggest how to write an altitude in other words, or without its unit."""
    upper = text.upper()
    if meant := _GROUND_AND_SKY.get(upper.split()[-1], upper if upper in {"SFC", "UNL"} else ""):
        return f"did you mean {quoted(meant)}?"
    if level := _LEVEL.fullmatch(upper):
        return f"write FL{level[1] or level[2]}"
    if not _NUMBER.fullmatch(text):
        return ""
    is_ground = float(text) == 0.0
    return "write SFC for the ground" if is_ground else f'write "{text} ft MSL" if it is in feet'
