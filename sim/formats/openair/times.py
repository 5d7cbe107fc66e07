"""Activation times of OpenAir: AA (section "Airspace Activation Times")."""

from __future__ import annotations

import re
from math import inf, isfinite

from sim.errors import FormatError, UnitError, quoted
from sim.units import instant, show_instant

UNKNOWN = "NONE"
_DAY_S = 86400.0
_SOONEST, _LATEST = -2.2e9, 7.2e9
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T24:00(:00)?Z")
_EXPECTED = "expected START/END in UTC, such as 2023-12-16T12:00Z/2023-12-16T13:00Z"


def window(text: str) -> tuple[float, float]:
    """Read an interval in Unix seconds; ``NONE`` in place of one of its ends is unbounded.

    Raises
    ------
    FormatError
        If it is none, or does not start before it ends.
    """
    start, slash, end = text.strip().partition("/")
    if not slash or (start, end) == (UNKNOWN, UNKNOWN):
        raise FormatError(f"AA {quoted(text)} is no interval: {_EXPECTED}")
    begin = -inf if start == UNKNOWN else _instant(start)
    until = inf if end == UNKNOWN else _instant(end)
    if not begin < until:
        raise FormatError(f"AA {quoted(text)} does not start before it ends: {_EXPECTED}")
    return begin, until


def text_of(window: tuple[float, float]) -> str:
    """Write an interval, to the millisecond.

    Raises
    ------
    FormatError
        If an end of it is in no year from 1900 to 2198.
    """
    if any(isfinite(t) and not _SOONEST <= t <= _LATEST for t in window):
        raise FormatError(f"OpenAir's times are from 1900 to 2198, not {window[0]:g}/{window[1]:g}")
    return "/".join(show_instant(t) if isfinite(t) else UNKNOWN for t in window)


def _instant(text: str) -> float:
    whole_day = _MIDNIGHT.fullmatch(text)
    try:
        time = instant(f"{whole_day[1]}T00:00Z" if whole_day else text)
    except UnitError as error:
        raise FormatError(f"AA {error.message}", hint=error.hint) from None
    if time.relative or not text.endswith("Z"):
        raise FormatError(f"AA {quoted(text)} is no time in UTC: {_EXPECTED}")
    return time.seconds + (_DAY_S if whole_day else 0.0)
