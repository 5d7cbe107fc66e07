"""When a NOTAM is active: its schedule expanded into windows of time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError
from sim.formats.notam.schedule import WHOLE_DAY, Clock, Days, Period
from sim.formats.notam.sun import is_up, sun_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.formats.notam.record import Notam
    from sim.units import Position

MOST_TIMES = 1000  # of one NOTAM
_MOST_DAYS = 7400  # twenty years of them are looked through
_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)
_DAY_S = 86400.0
_WEEK = 7
_FARTHEST_S = 7.2e9  # as far as the calendar goes here: the year 2198

Window = tuple[float, float]


class Times(NamedTuple):
    """The windows, in order and apart, in Unix seconds; and whether there would be more."""

    windows: tuple[Window, ...]
    is_capped: bool


def validity(notam: Notam) -> Window:
    """Give items B) and C) in Unix seconds; unbounded without them, or with PERM.

    An estimated end counts as the end: before it, another NOTAM is to replace or
    cancel this one (Annex 15, appendix 6).
    """
    return (
        notam.effective.timestamp() if notam.effective else -inf,
        notam.expires.timestamp() if notam.expires else inf,
    )


def expand(notam: Notam, between: Window | None = None) -> Times:
    """Give the windows in which a NOTAM is active.

    Parameters
    ----------
    notam
        Without a schedule it is active all the time of its validity.
    between
        Only what lies between these Unix times, too.

    Returns
    -------
    Times
        At most `MOST_TIMES`; windows that adjoin are one.

    Raises
    ------
    FormatError
        If sunrise or sunset is asked for where no place is known, or a schedule
        has neither item B) nor a start to count from.
    """
    start, end = validity(notam)
    if between:
        start, end = max(start, between[0]), min(end, between[1])
    if not start < end:
        return Times((), is_capped=False)
    if notam.schedule is None or not notam.schedule.periods:
        return Times(((start, end),), is_capped=False)
    if abs(start) > _FARTHEST_S:
        raise FormatError("a schedule without item B) has no first day", hint="say between when")
    horizon = min(end, start + _MOST_DAYS * _DAY_S)
    sky = _Sky(_place(notam))
    runs = [
        list(
            islice(
                _of_period(period, sky, start, end if _is_always(period) else horizon),
                MOST_TIMES + 1,
            )
        )
        for period in notam.schedule.periods
    ]
    reach = min((run[-1][0] for run in runs if len(run) > MOST_TIMES), default=inf)
    merged = _merged(sorted(w for run in runs for w in run if w[0] < reach))
    is_capped = reach < inf or len(merged) > MOST_TIMES or _goes_on(notam, horizon, end)
    return Times(tuple(merged[:MOST_TIMES]), is_capped)


def _is_always(period: Period) -> bool:
    return period == Period((Days(),), (WHOLE_DAY,))


def _goes_on(notam: Notam, horizon: float, end: float) -> bool:
    """Tell whether a schedule has days between the horizon and the end."""
    assert notam.schedule is not None
    return horizon < end and any(
        not (days.last and _midnight(days.last) < horizon)
        for period in notam.schedule.periods
        if not _is_always(period)
        for days in period.days
    )


def _place(notam: Notam) -> Position | None:
    return notam.areas[0].cap.centre if notam.areas else notam.center


class _Sky:
    """Turns times of a day into Unix seconds, at a place for those of the sun."""

    def __init__(self, place: Position | None) -> None:
        self._place = place
        self._events: dict[tuple[date, str], float | None] = {}

    def instant(self, day: date, clock: Clock) -> float | None:
        """Give the instant; None where the sun stays up, or down, on that day."""
        if not clock.sun:
            return _midnight(day) + clock.minutes * 60.0
        key = (day, clock.sun)
        if key not in self._events:
            self._events[key] = sun_event(self.place, day, rising=clock.sun == "SR")
        crossing = self._events[key]
        return None if crossing is None else crossing + clock.minutes * 60.0

    @property
    def place(self) -> Position:
        """Where the sun is looked at."""
        if self._place is None:
            raise FormatError("sunrise and sunset need a place, and the NOTAM gives none")
        return self._place


def _midnight(day: date) -> float:
    return (day - _EPOCH).days * _DAY_S


def _of_period(period: Period, sky: _Sky, start: float, end: float) -> Iterator[Window]:
    if _is_always(period):
        yield start, end
        return
    for day in _candidates(period.days, _EPOCH + timedelta(seconds=start) - _DAY, end):
        if any(days.holds(day) for days in period.exceptions):
            continue
        for begin, finish in period.times:
            window = _window(day, begin, finish, period.until, sky)
            if window and window[0] < end and window[1] > start:
                yield max(window[0], start), min(window[1], end)


def _candidates(days: tuple[Days, ...], first: date, end: float) -> Iterator[date]:
    """Give the days in order, from the first to that of the end."""
    dated = [(d.first, d.last) for d in days if d.first and d.last]
    last = _EPOCH + timedelta(seconds=end)
    if len(dated) == len(days):
        first = max(first, min(begin for begin, _ in dated))
        last = min(last, max(finish for _, finish in dated))
    for i in range((last - first).days + 1):
        day = first + i * _DAY
        if any(d.holds(day) for d in days):
            yield day


def _window(day: date, begin: Clock, finish: Clock, until: Days | None, sky: _Sky) -> Window | None:
    last = day
    if until:
        last = until.first or day + _DAY * ((until.weekdays[0] - day.weekday()) % _WEEK)
    opening, closing = sky.instant(day, begin), sky.instant(last, finish)
    if begin.sun and finish.sun and (opening is None or closing is None):
        is_on = is_up(sky.place, day) is (begin.sun == "SR")
        return (_midnight(day), _midnight(day) + _DAY_S) if is_on else None
    opening = _edge(day, begin) if opening is None else opening
    closing = _edge(last, finish) if closing is None else closing
    if closing <= opening:
        last += _DAY * (_WEEK if until and until.weekdays else 1)
        again = sky.instant(last, finish)
        closing = _edge(last, finish) if again is None else again
    return (opening, closing) if closing > opening else None


def _edge(day: date, clock: Clock) -> float:
    """Give what stands for a sunrise or sunset that does not come: the day's beginning or end."""
    return _midnight(day) + (_DAY_S if clock.sun == "SS" else 0.0)


def _merged(windows: list[Window]) -> list[Window]:
    merged: list[Window] = []
    for start, end in windows:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
