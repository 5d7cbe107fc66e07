"""When a NOTAM is active: its schedule expanded into windows of time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError
from sim.formats.daytimes import DAY_S, Sky, Window, merged
from sim.formats.notam.schedule import WHOLE_DAY, Days, Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.formats.daytimes import Clock
    from sim.formats.notam.record import Notam
    from sim.units import Position

MOST_TIMES = 1000  # of one NOTAM
_MOST_DAYS = 7400  # twenty years of them are looked through
_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)
_WEEK = 7
_FARTHEST_S = 7.2e9  # as far as the calendar goes here: the year 2198


class Times(NamedTuple):
    """The windows, in order and apart, in Unix seconds; and whether there would be more."""

    windows: tuple[Window, ...]
    is_capped: bool


def validity(notam: Notam) -> Window:
    """Give items B) and C) in Unix seconds; unbounded without them, or with PERM.

    An estimated end counts as the end: before it, another NOTAM is to replace or
    cancel this one (Annex 15, appendix 6). Where one does so, that is the end.
    """
    ends = [end.timestamp() for end in (notam.expires, notam.ended) if end]
    return notam.effective.timestamp() if notam.effective else -inf, min(ends, default=inf)


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
    horizon = min(end, start + _MOST_DAYS * DAY_S)
    sky = Sky(_place(notam))
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
    windows = merged(w for run in runs for w in run if w[0] < reach)
    is_capped = reach < inf or len(windows) > MOST_TIMES or _goes_on(notam, horizon, end)
    return Times(tuple(windows[:MOST_TIMES]), is_capped)


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


def _midnight(day: date) -> float:
    return (day - _EPOCH).days * DAY_S


def _of_period(period: Period, sky: Sky, start: float, end: float) -> Iterator[Window]:
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


def _window(day: date, begin: Clock, finish: Clock, until: Days | None, sky: Sky) -> Window | None:
    if until is None:
        return sky.stretch(_midnight(day), begin, finish)
    last = until.first or day + _DAY * ((until.weekdays[0] - day.weekday()) % _WEEK)
    step_s = DAY_S * (_WEEK if until.weekdays else 1)
    return sky.stretch(_midnight(day), begin, finish, last=_midnight(last), step_s=step_s)
