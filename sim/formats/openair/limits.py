"""Altitude limits of OpenAir: AH and AL (section "Altitude Definitions")."""

from __future__ import annotations

import re
from math import inf

from sim.errors import FormatError, quoted
from sim.geometry.altitude import Limit, Reference, Vertical
from sim.units import METRES_PER_FOOT

_FEET_PER_LEVEL = 100.0
_HIGHEST_LEVEL = 999
_NUMBER = r"([+-]?[0-9]{1,6}(?:\.[0-9]{1,9})?)"
_LEVEL = re.compile(rf"FL\s*{_NUMBER}(?:\s*STD)?", re.IGNORECASE)
_HEIGHT = re.compile(rf"{_NUMBER}\s*(FT|F|M(?!SL))?\s*([A-Z]*)", re.IGNORECASE)
_GROUND = {"GND", "SFC", "0"}
_UNLIMITED = {"UNL", "UNLIM", "UNLTD", "UNLIMITED"}
_REFERENCES = {
    "": Reference.MSL,  # as WinPilot has it
    "AMSL": Reference.MSL,
    "MSL": Reference.MSL,
    "ASL": Reference.MSL,
    "AGL": Reference.AGL,
    "ASFC": Reference.AGL,
    "GND": Reference.AGL,
    "SFC": Reference.AGL,
    "STD": Reference.FL,
}


def limit(text: str, *, upper: bool) -> Limit:
    """Read a limit: ``FL95``, ``1000ft AGL``, ``1500 m AMSL``, ``3000ft STD``, ``GND``, ``UNL``.

    A bare number is in feet, and above mean sea level if it does not say what
    else. What is 0 ft above ground as a lower limit is the ground.

    Raises
    ------
    FormatError
        If it is none, ``GND`` is the upper limit or ``UNL`` the lower one.
    """
    command = "AH" if upper else "AL"
    word = text.strip().upper()
    if word in _UNLIMITED:
        if not upper:
            raise FormatError(f"AL {quoted(text)}: only an upper limit may be unlimited")
        return Limit(Reference.UNL, inf)
    if word in _GROUND:
        if upper:
            raise FormatError(f"AH {quoted(text)}: an upper limit lies above the ground")
        return Limit(Reference.SFC, 0.0)
    if level := _LEVEL.fullmatch(word):
        return Limit(Reference.FL, float(level[1]) * _FEET_PER_LEVEL * METRES_PER_FOOT)
    height = _HEIGHT.fullmatch(word)
    if not height or height[3] not in _REFERENCES:
        hint = "one limit only, above one reference" if "/" in word else ""
        expected = "FL95, 1000ft AGL, 1500m AMSL, GND or UNL"
        raise FormatError(
            f"{command} {quoted(text)} is no altitude: expected such as {expected}", hint=hint
        )
    metres = float(height[1]) * (1.0 if height[2] == "M" else METRES_PER_FOOT)
    return _above(_REFERENCES[height[3]], metres, text, upper=upper)


def _above(reference: Reference, metres: float, text: str, *, upper: bool) -> Limit:
    if reference is Reference.AGL and metres < 0.0:
        raise FormatError(f"{quoted(text)} lies below the ground")
    if reference is Reference.AGL and metres == 0.0 and not upper:
        return Limit(Reference.SFC, 0.0)
    return Limit(reference, metres)


def text_of(limit: Limit, vertical: Vertical) -> str:
    """Write a limit in feet, exact to a tenth of a millimetre.

    One above the WGS84 ellipsoid, which OpenAir has no word for, is given above mean
    sea level.

    Raises
    ------
    VerticalError
        If the setting that this needs is missing.
    """
    if limit.reference is Reference.W84:
        limit = Limit(Reference.MSL, vertical.msl(limit))
    if limit.reference in (Reference.SFC, Reference.UNL):
        return "GND" if limit.reference is Reference.SFC else "UNL"
    feet = round(limit.metres / METRES_PER_FOOT, 4)
    if limit.reference is Reference.FL:
        level = round(feet / _FEET_PER_LEVEL)
        is_whole = feet == level * _FEET_PER_LEVEL and 0 <= level <= _HIGHEST_LEVEL
        return f"FL{level:03d}" if is_whole else f"{_plain(feet)}ft STD"
    return f"{_plain(feet)}ft {'AMSL' if limit.reference is Reference.MSL else 'AGL'}"


def _plain(feet: float) -> str:
    return f"{feet:.4f}".rstrip("0").rstrip(".")
