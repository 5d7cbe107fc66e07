"""Item D, the schedule of a NOTAM: on which days and between which times it is active."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from sim.errors import FormatError, quoted
from sim.formats.daytimes import DAY_S, Clock
from sim.formats.notam.messages import MONTHS

if TYPE_CHECKING:
    from datetime import datetime

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_MOST_PERIODS = 100
_MOST_TOKENS = 1000
_EXAMPLES = "DAILY 0800-1600, MON-FRI H24, FEB 08-28 2000-2200 or SR-SS"
_END = r"(?![A-Z0-9])"
_TOKEN = re.compile(
    rf"(?P<month>{'|'.join(MONTHS)}){_END}"
    rf"|(?P<weekday>{'|'.join(WEEKDAYS)}){_END}"
    r"|(?P<sun>SR|SS)(?:(?P<sign>\s{1,4}PLUS|\s{1,4}MINUS|\s?\+|\s?-(?=[0-9]{1,3}\s{0,4}(?:[-,]|TO\b|\Z)))"
    r"\s{0,4}(?P<offset>[0-9]{1,3})(?:\s?MINS?)?)?(?![A-Z0-9])"
    r"|(?P<time>[0-9]{2}:?[0-9]{2})Z?(?![A-Z0-9])"
    r"|(?P<day>[0-9]{1,2})(?![A-Z0-9])"
    rf"|(?P<word>H24|HJ|HN|DAILY|DLY|EXC){_END}"
    rf"|(?P<mark>[-,]|TO{_END})"
    r"|(?P<blank>\s{1,80}|[.:])"
    rf"|(?:AND|BTN){_END}",
    re.ASCII,
)
_BETWEEN = re.compile(r"\bBTN\s{1,4}([0-9]{4})\s{1,4}AND\s{1,4}([0-9]{4})\b", re.ASCII)
_HOLIDAYS = re.compile(
    r"[\s,]{0,8}\bEXC(?:EPT|L|LUDING)?\s{1,4}(?:PUBLIC\s{1,4})?(?:HOL|HOLS|HOLIDAYS?|PH)\b"
    r"(?=\s{0,8}(?:,|\Z|[0-9]{2}:?[0-9]{2}\b))",  # and nothing else with them
    re.ASCII,
)


class Days(NamedTuple):
    """Dates from first to last, or the weekdays named (Monday is 0), or every day."""

    first: date | None = None
    last: date | None = None
    weekdays: tuple[int, ...] = ()

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        if self.first and self.last:
            return self.first <= day <= self.last
        return not self.weekdays or day.weekday() in self.weekdays


class Period(NamedTuple):
    """Times on days, less exceptions; a time that ends before it begins ends on the next day.

    With ``until``, a single stretch that begins on the (one) day and ends on
    that other one.
    """

    days: tuple[Days, ...]
    times: tuple[tuple[Clock, Clock], ...]
    exceptions: tuple[Days, ...] = ()
    until: Days | None = None


WHOLE_DAY = (Clock(0.0), Clock(DAY_S))
_WORDS = {
    "H24": WHOLE_DAY,
    "HJ": (Clock(0.0, "SR"), Clock(0.0, "SS")),
    "HN": (Clock(0.0, "SS"), Clock(0.0, "SR")),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Item D as it stands, and what it means; without periods, it could not be read."""

    text: str
    periods: tuple[Period, ...] = ()

    def __str__(self) -> str:
        """Give the item as it stands."""
        return self.text


class _Token(NamedTuple):
    kind: str
    text: str
    clock: Clock | None = None


def read_schedule(text: str, effective: datetime | None) -> Schedule:
    """Read item D) (Doc 8126, 6.3.9; OPADD 2.3.20), all times UTC.

    Groups of days and times stand between commas; where those are left out, days
    after times begin the next group if that one began with days. Days without times take those
    of the next group, or the whole day; times without days those of the group
    before, or every day. An exception of holidays is left out: see
    :func:`leaves_out_holidays`. Dates follow item B): a month that is earlier in the
    year lies in the next one.

    Raises
    ------
    FormatError
        If any of it is not understood: half a schedule is none.
    """
    known = _HOLIDAYS.sub("", text.upper())
    return Schedule(" ".join(text.split()), _Reader(known, effective).periods())


def leaves_out_holidays(text: str) -> bool:
    """Tell whether item D) excepts holidays, which nobody here knows: the schedule has them."""
    return bool(_HOLIDAYS.search(text.upper()))


class _Reader:
    """Tokens in, periods out."""

    def __init__(self, text: str, effective: datetime | None) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._base = effective.date() if effective else None
        self._month: tuple[int, int] | None = None  # the year and month named last

    def periods(self) -> tuple[Period, ...]:
        found: list[Period] = []
        waiting: list[Days] = []  # days whose times are yet to come
        while True:
            has_days = self._is_at_days()
            if self._takes("EXC"):
                exceptions = tuple(self._days())
                if not found or not exceptions:
                    self._refuse("an exception from nothing")
                found = [p._replace(exceptions=p.exceptions + exceptions) for p in found]
            else:
                group = self._group(tuple(waiting), found)
                waiting = list(group.days) if not group.times else []
                if group.times:
                    found.append(group)
            if len(found) > _MOST_PERIODS:
                self._refuse(f"more than {_MOST_PERIODS} groups")
            if self._peek() is None:
                break
            if not self._takes(",") and not (has_days and self._is_at_days()):
                self._refuse(f"{quoted(self._tokens[self._at].text)} where a comma is expected")
        if waiting:
            found.append(Period(tuple(waiting), (WHOLE_DAY,)))
        return tuple(found)

    def _group(self, waiting: tuple[Days, ...], before: list[Period]) -> Period:
        days = (*waiting, *self._days())
        if span := self._span(days):
            return span
        times = tuple(self._times())
        if not days and not times:
            token = self._peek()
            self._refuse(f"{quoted(token.text)} where days or times are expected" if token else "")
        if times and not days and self._takes_daily():
            days = (Days(),)
        if not days:
            days = before[-1].days if before else (Days(),)
        exceptions: tuple[Days, ...] = ()
        if times and self._takes("EXC"):
            exceptions = tuple(self._days())
            if not exceptions:
                self._refuse("EXC without days")
        return Period(days, times, exceptions)

    def _span(self, days: tuple[Days, ...]) -> Period | None:
        """Read what goes on from a time of one day to a time of another: 08 0800-12 2000."""
        begin, dash, then = (self._peek(i) for i in range(3))
        is_span = begin and begin.clock and dash and dash.text == "-" and then
        if not is_span or not then or then.kind not in {"day", "month", "weekday"} or not begin:
            return None
        if len(days) != 1 or not begin.clock:
            self._refuse("a stretch over days that begins on several")
        self._at += 2
        until = self._day()
        end = self._clock()
        if days[0].first and until.first and until.first < days[0].first:
            self._refuse("a stretch that ends before it begins")
        return Period(days, ((begin.clock, end),), until=until)

    def _days(self) -> list[Days]:
        if self._takes_daily():
            return [Days()]
        found = []
        while self._is_at_days():
            first = self._day()
            then = self._peek(1)
            if (dash := self._peek()) and dash.text == "-" and then:
                self._at += 1
                first = self._range(first, self._day())
            found.append(first)
        return _without_their_names(found)

    def _is_at_days(self) -> bool:
        token = self._peek()
        return token is not None and token.kind in {"day", "month", "weekday"}

    def _range(self, first: Days, last: Days) -> Days:
        if first.first and last.first:
            if last.first < first.first:
                self._refuse("a range of dates that ends before it begins")
            return Days(first.first, last.first)
        if not (first.weekdays and last.weekdays):
            self._refuse("a range from a date to a weekday")
        begin, end = first.weekdays[0], last.weekdays[0]
        count = (end - begin) % 7 + 1
        return Days(weekdays=tuple(sorted((begin + i) % 7 for i in range(count))))

    def _day(self) -> Days:
        token = self._next()
        if token.kind == "weekday":
            return Days(weekdays=(WEEKDAYS.index(token.text),))
        if token.kind == "month":
            self._name_month(MONTHS.index(token.text) + 1)
            token = self._next()
        if token.kind != "day":
            self._refuse(f"{quoted(token.text)} where a day is expected")
        day = self._date(int(token.text))
        return Days(day, day)

    def _name_month(self, month: int) -> None:
        base = self._known_base()
        self._month = (base.year + (month < base.month), month)

    def _date(self, day: int) -> date:
        base = self._known_base()
        year, month = self._month or (base.year, base.month)
        if not self._month and day < base.day:  # the first month named is that of item B
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004
        try:
            return date(year, month, day)
        except ValueError:
            self._refuse(f"{day} {MONTHS[month - 1]} {year}, which is no date")

    def _known_base(self) -> date:
        if self._base is None:
            self._refuse("dates, which without item B) have no year")
        return self._base

    def _times(self) -> list[tuple[Clock, Clock]]:
        found = []
        while token := self._peek():
            if token.text in _WORDS:
                self._at += 1
                found.append(_WORDS[token.text])
            elif token.clock:
                begin = self._clock()
                if not self._takes("-"):
                    self._refuse("a time without an end")
                found.append((begin, self._clock()))
            else:
                break
        return found

    def _clock(self) -> Clock:
        token = self._next()
        if token.clock is None:
            self._refuse(f"{quoted(token.text)} where a time is expected")
        if not token.clock.event and (
            token.clock.seconds > DAY_S or int(token.text.removesuffix("Z")[-2:]) >= 60  # noqa: PLR2004
        ):
            self._refuse(f"{quoted(token.text)}, which is no time of the day")
        return token.clock

    def _peek(self, ahead: int = 0) -> _Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _next(self) -> _Token:
        token = self._peek()
        if token is None:
            self._refuse("an end where more is expected")
        self._at += 1
        return token

    def _takes_daily(self) -> bool:
        return self._takes("DAILY") or self._takes("DLY")

    def _takes(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self._at += 1
        return True

    def _refuse(self, found: str) -> NoReturn:
        raise FormatError(
            f"the schedule {quoted(' '.join(self._text.split()))} has {found or 'nothing in it'}:"
            f" expected such as {_EXAMPLES}"
        )


def _without_their_names(days: list[Days]) -> list[Days]:
    """Leave out weekdays that only say what the dates beside them are: MON 06 TUE 07."""
    pairs = [*zip(days[::2], days[1::2], strict=False)]
    dates = [one if one.first else other for one, other in pairs]
    names = [other if one.first else one for one, other in pairs]
    are_names = len(days) % 2 == 0 and all(
        date.first is not None
        and date.first == date.last
        and name.weekdays == (date.first.weekday(),)
        for date, name in zip(dates, names, strict=True)
    )
    return dates if are_names else days


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    text = _BETWEEN.sub(r"\1-\2", text)
    at = 0
    while at < len(text):
        if len(tokens) > _MOST_TOKENS:
            raise FormatError(f"a schedule of more than {_MOST_TOKENS} words and figures")
        found = _TOKEN.match(text, at)
        if not found:
            raise FormatError(
                f"the schedule has {quoted(text[at : at + 24])}: expected such as {_EXAMPLES}"
            )
        at = found.end()
        kind = found.lastgroup or "blank"
        if kind == "time":
            digits = found["time"].replace(":", "")
            tokens.append(
                _Token(kind, found[0], Clock(int(digits[:2]) * 3600.0 + int(digits[2:]) * 60.0))
            )
        elif found["sun"]:
            sign = -1 if (found["sign"] or "").strip() in {"MINUS", "-"} else 1
            minutes = sign * int(found["offset"] or 0)
            tokens.append(_Token("sun", found[0], Clock(minutes * 60.0, found["sun"])))
        elif kind != "blank":
            tokens.append(_Token(kind, "-" if found[0] == "TO" else found[0]))
    return tokens
