"""When a geozone applies: periods with weekly schedules, as windows in Unix time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from math import floor, inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.formats.documents import Node

Window = tuple[float, float]

MOST_TIMES = 1000  # windows that one zone's schedule may give
_MOST_ENTRIES = 200  # of one schedule
_MOST_PERIODS = 200  # of one zone

_DAY_S = 86400.0
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday, and Monday is 0
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_ALL = frozenset(range(7))
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_EVENTS = ("BMCT", "SR", "SS", "EECT")  # civil twilight and the sun (ED-318)


class Daily(NamedTuple):
    """Weekdays (Monday is 0), and from when until when on each, in seconds after 00:00 UTC.

    The end lies after the start, beyond 24 h if it is on the next day.
    """

    days: frozenset[int]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when, and in it by which schedule; without one, all the time."""

    start: float
    end: float
    schedule: tuple[Daily, ...] = ()


class Times(NamedTuple):
    """Windows in their order, none meeting another, and whether there are more of them."""

    windows: list[Window]
    more: bool


def read_period(node: Node, notes: list[tuple[Node, str]]) -> Period:
    """Read a time period (ED-318, timePeriod; ED-269, ApplicableTimePeriod).

    Parameters
    ----------
    node
        ``permanent`` (ED-269), ``startDateTime``, ``endDateTime`` and ``schedule``. The
        latter was ``dailyPeriod`` in early files. What is absent or null does not
        limit.
    notes
        Takes what a reader should know of how it was read.

    Raises
    ------
    FormatError
        If something in it is not what it should be.
    """
    first, last = node.get("startDateTime"), node.get("endDateTime")
    start = first.instant() if first.given else -inf
    end = last.instant() if last.given else inf
    permanent = node.get("permanent")
    if permanent.given and _is_yes(permanent) and (isfinite(start) or isfinite(end)):
        notes.append((node, "it is permanent and yet has dates: taken as permanent"))
        start, end = -inf, inf
    if not start < end:
        raise node.refuse("the period does not start before it ends")
    entries = node.get("schedule", "dailyPeriod").one_or_many()
    if len(entries) > _MOST_ENTRIES:
        raise node.refuse(f"a schedule has at most {_MOST_ENTRIES} entries, not {len(entries)}")
    schedule = [daily for entry in entries for daily in _daily(entry, notes)]
    if any(d.days == _ALL and d.end - d.start >= _DAY_S for d in schedule):
        schedule = []  # all the time
    return Period(start, end, tuple(schedule))


def _is_yes(node: Node) -> bool:
    found = node.value if isinstance(node.value, bool) else str(node.value).strip().upper()
    if found in (True, False):
        return bool(found)
    if found not in ("YES", "NO"):
        raise node.refuse(f"expected YES or NO, not {quoted(node.value)}")
    return found == "YES"


def _daily(node: Node, notes: list[tuple[Node, str]]) -> Iterator[Daily]:
    """Read a daily period; one without days and times says nothing, and gives none."""
    start = _daytime(node.get("startTime"), node.get("startEvent"), 0.0, notes)
    end = _daytime(node.get("endTime"), node.get("endEvent"), _DAY_S, notes)
    days = _days(node.get("day", "days"))
    if start is None and end is None and not days:
        return
    start, end = start or 0.0, _DAY_S if end is None else end
    while end <= start:
        end += _DAY_S
    yield Daily(days or _ALL, start, end)


def _days(node: Node) -> frozenset[int]:
    names = [member.text("a day such as MON, or ANY").upper() for member in node.one_or_many()]
    for name in names:
        if name not in _DAYS and name != "ANY":
            raise node.refuse(f"{quoted(name)} is no day: expected {', '.join(_DAYS)} or ANY")
    return _ALL if "ANY" in names else frozenset(map(_DAYS.index, names))


def _daytime(node: Node, event: Node, widest: float, notes: list[tuple[Node, str]]) -> float | None:
    """Read a time of the day with its zone as seconds after 00:00 UTC.

    What depends on the sun is taken as wide as it can be, and noted.
    """
    if event.given and not node.given:
        name = event.text("an event such as SR").upper()
        if name not in _EVENTS:
            raise event.refuse(f"{quoted(name)} is no event: expected {', '.join(_EVENTS)}")
        notes.append((event, f"{name} follows the sun: taken as {widest / 3600.0:02.0f}:00 UTC"))
        return widest
    if not node.given:
        return None
    text = node.text("a time of the day such as 17:00Z").upper()
    found = _TIME.fullmatch(text)
    if not found:
        bare = _TIME.fullmatch(f"{text}Z")
        raise node.refuse(
            f"{quoted(text)} "
            + ("names no time zone: " if bare else "is no time of the day: ")
            + "expected such as 17:00Z",
            f'write "{text}Z" if it is UTC' if bare else "",
        )
    hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3))
    of_day = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or of_day > _DAY_S:  # noqa: PLR2004
        raise node.refuse(f"{quoted(text)} is no time of the day: it ends at 24:00")
    return of_day - _offset(found[4])


def _offset(zone: str) -> float:
    if zone == "Z":
        return 0.0
    size = int(zone[1:3]) * 3600.0 + int(zone[-2:]) * 60.0
    return -size if zone[0] == "-" else size


def read_periods(node: Node, notes: list[tuple[Node, str]]) -> list[Period]:
    """Read a list of periods; none means all the time."""
    members = node.one_or_many()
    if len(members) > _MOST_PERIODS:
        raise node.refuse(f"a zone has at most {_MOST_PERIODS} periods, not {len(members)}")
    return [read_period(member, notes) for member in members] or [Period(-inf, inf)]


def times(periods: list[Period], between: Window | None, most: int = MOST_TIMES) -> Times:
    """Give the windows in which any of some periods applies.

    Those without a schedule are given whole. The times of a schedule are those
    that meet ``between``, or the period itself if that is None, at most ``most``.

    Raises
    ------
    FormatError
        If a schedule has no beginning to count its times from.
    """
    found: list[Window] = []
    more = False
    for period in periods:
        if not period.schedule:
            found.append((period.start, period.end))
            continue
        low, high = between or (-inf, inf)
        low, high = max(low, period.start), min(high, period.end)
        if low == -inf:
            raise FormatError(
                "a schedule that has no beginning has no first time",
                hint="say for which time the zones are wanted: between=(start, end)",
            )
        ahead = _occurrences(period, low, high)
        found += islice(ahead, most)
        more = more or next(ahead, None) is not None
    return Times(_merged(found), more)


def _occurrences(period: Period, low: float, high: float) -> Iterator[Window]:
    """Give the times of a schedule that meet an interval, day by day."""
    day = floor(low / _DAY_S) - 3  # one may begin in a zone a day ahead, and last two days
    while (day - 1) * _DAY_S < high:
        weekday = (day + _EPOCH_WEEKDAY) % 7
        for daily in period.schedule:
            if weekday in daily.days:
                start = max(period.start, day * _DAY_S + daily.start)
                end = min(period.end, day * _DAY_S + daily.end)
                if start < end and low < end and start < high:
                    yield start, end
        day += 1


def _merged(windows: list[Window]) -> list[Window]:
    merged: list[Window] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
