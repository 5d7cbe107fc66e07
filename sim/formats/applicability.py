"""When a geozone applies: periods with weekly schedules, as windows in Unix time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from math import floor, inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError, quoted
from sim.formats.daytimes import DAY_S, Clock, Sky, Window, merged
from sim.formats.sun import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.formats.documents import Node
    from sim.units import Position

MOST_TIMES = 1000  # windows that one zone's schedule may give
_MOST_ENTRIES = 200  # of one schedule
_MOST_PERIODS = 200  # of one zone

_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday, and Monday is 0
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_ALL = frozenset(range(7))
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_OTHER_NAMES = {"EMCT": "EECT", "ECET": "EECT", "BCMT": "BMCT"}  # of the same events


class Daily(NamedTuple):
    """Weekdays (Monday is 0), and from when until when on each, UTC.

    An end that is not after the start is on the next day.
    """

    days: frozenset[int]
    start: Clock
    end: Clock


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
    if any(d.days == _ALL and _is_whole(d) for d in schedule):
        schedule = []  # all the time
    return Period(start, end, tuple(schedule))


def _is_whole(daily: Daily) -> bool:
    if daily.start.event or daily.end.event:
        return False
    lasting = daily.end.seconds - daily.start.seconds
    return lasting >= DAY_S or lasting % DAY_S == 0.0


def _is_yes(node: Node) -> bool:
    found = node.value if isinstance(node.value, bool) else str(node.value).strip().upper()
    if found in (True, False):
        return bool(found)
    if found not in ("YES", "NO"):
        raise node.refuse(f"expected YES or NO, not {quoted(node.value)}")
    return found == "YES"


def _daily(node: Node, notes: list[tuple[Node, str]]) -> Iterator[Daily]:
    """Read a daily period; one without days and times says nothing, and gives none."""
    start = _daytime(node, "start", notes)
    end = _daytime(node, "end", notes)
    days = _days(node.get("day", "days"))
    if start is None and end is None and not days:
        return
    yield Daily(days or _ALL, start or Clock(0.0), end or Clock(DAY_S))


def _days(node: Node) -> frozenset[int]:
    names = [member.text("a day such as MON, or ANY").upper() for member in node.one_or_many()]
    for name in names:
        if name not in _DAYS and name != "ANY":
            raise node.refuse(f"{quoted(name)} is no day: expected {', '.join(_DAYS)} or ANY")
    return _ALL if "ANY" in names else frozenset(map(_DAYS.index, names))


def _daytime(daily: Node, which: str, notes: list[tuple[Node, str]]) -> Clock | None:
    """Read the start or the end: a time of the day with its zone, or an event of the sun."""
    node, event = daily.get(f"{which}Time"), daily.get(f"{which}Event")
    if node.given and event.given:
        notes.append((event, f"there is a time, too: {quoted(node.value)} was taken"))
    if node.given:
        return Clock(_after_midnight(node))
    if not event.given:
        return None
    name = event.text("an event such as SR").upper()
    name = _OTHER_NAMES.get(name, name)
    if name not in EVENTS:
        raise event.refuse(f"{quoted(name)} is no event: expected {', '.join(EVENTS)}")
    return Clock(0.0, name)


def _after_midnight(node: Node) -> float:
    """Read a time of the day with its zone as seconds after 00:00 UTC."""
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
    if minute > 59 or second > 59 or of_day > DAY_S:  # noqa: PLR2004
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


def times(
    periods: list[Period], place: Position, between: Window | None, most: int = MOST_TIMES
) -> Times:
    """Give the windows in which any of some periods applies.

    Those without a schedule are given whole. The times of a schedule are those
    that meet ``between``, or the period itself if that is None, at most ``most``. The
    sun's are those of one place.

    Raises
    ------
    FormatError
        If a schedule has no beginning to count its times from.
    """
    found: list[Window] = []
    more = False
    sky = Sky(place)
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
        ahead = _occurrences(period, sky, low, high)
        found += islice(ahead, most)
        more = more or next(ahead, None) is not None
    return Times(merged(found), more)


def _occurrences(period: Period, sky: Sky, low: float, high: float) -> Iterator[Window]:
    """Give the times of a schedule that meet an interval, day by day."""
    day = floor(low / DAY_S) - 3  # one may begin in a zone a day ahead, and last two days
    while (day - 1) * DAY_S < high:
        weekday = (day + _EPOCH_WEEKDAY) % 7
        for daily in period.schedule:
            found = weekday in daily.days and sky.stretch(day * DAY_S, daily.start, daily.end)
            if found:
                start, end = max(period.start, found[0]), min(period.end, found[1])
                if start < end and low < end and start < high:
                    yield start, end
        day += 1
