"""NOTAMs read from text: one, or a file of many."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim.errors import FormatError, quoted
from sim.formats.notam.areas import read_areas
from sim.formats.notam.items import (
    read_end,
    read_header,
    read_instant,
    read_limit,
    read_qualifiers,
)
from sim.formats.notam.messages import HEADER, Message, itemize, part, split
from sim.formats.notam.record import Notam
from sim.formats.notam.schedule import Schedule, leaves_out_holidays, read_schedule
from sim.formats.notam.series import linked
from sim.formats.records import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from sim.geometry.altitude import Limit

_LETTERS = "QABCDEFG"
_MOST_LOCATIONS = 50


@dataclass
class Reading:
    """A NOTAM as far as it could be read, and what could not."""

    notam: Notam
    line: int
    created: str = ""
    faults: list[Problem] = field(default_factory=list)  # of items
    unread: list[Problem] = field(default_factory=list)  # areas, and NOTAMs that it refers to


def parse(text: str) -> Notam:
    """Read one NOTAM, whose parts may be several messages, or single items of one.

    By ICAO Annex 15, appendix 6, and Doc 8126, chapter 6. Absent items are None:
    not all senders give a Q-line.

    Raises
    ------
    FormatError
        Names the first item that is not as it should be. Areas of item E) that
        cannot be read are no error: :func:`parse_many` tells of them.
    """
    readings = [_read(group) for group in _gathered(split(text))]
    if len(readings) != 1:
        raise FormatError(
            f"{len(readings)} NOTAMs where one is expected", hint="read many with parse_many"
        )
    for fault in readings[0].faults:
        raise FormatError(str(fault))
    return readings[0].notam


def parse_many(text: str) -> list[Notam | Problem]:
    """Read a file of NOTAMs in order, each followed by what of it could not be read.

    The parts of a NOTAM in parts are one. Without a readable header, B) or C) a
    NOTAM is left out, and its problem stands in its place. One that another of them
    cancels or replaces says by which and when: see
    :func:`~sim.formats.notam.series.linked`.
    """
    found: list[Notam | Problem] = []
    for reading in readings_of(text):
        found += (
            [reading]
            if isinstance(reading, Problem)
            else [reading.notam, *reading.faults, *reading.unread]
        )
    return found


def readings_of(text: str) -> list[Reading | Problem]:
    """Read a file of NOTAMs, each with what of it could not be read beside it."""
    found: list[Reading | Problem] = []
    for messages in _gathered(split(text)):
        try:
            found.append(_read(messages))
        except FormatError as error:
            found.append(Problem(f"line {messages[0].line}", error.message, error.hint))
    readings = [one for one in found if isinstance(one, Reading)]
    links = linked([reading.notam for reading in readings])
    for reading, (notam, fault) in zip(readings, links, strict=True):
        reading.notam = notam
        if fault:
            place = f"line {reading.line}, {notam.identity}"
            reading.unread.append(Problem(place, fault.message, fault.hint))
    return found


def _gathered(messages: list[Message]) -> list[list[Message]]:
    """Bring the parts of one NOTAM together, in the place of the first that comes."""
    if not messages:
        raise FormatError("nothing stands here: expected the text of a NOTAM")
    groups: dict[tuple[Any, ...], list[Message]] = {}
    for i, message in enumerate(messages):
        found = HEADER.match(message.text)
        numbered = part(message.text) if found else None
        key = (found.group(1, 2, 3), numbered[1]) if found and numbered else (i,)
        groups.setdefault(key, []).append(message)
    return list(groups.values())


def _read(messages: list[Message]) -> Reading:
    line = messages[0].line
    parted = sorted(messages, key=lambda m: (part(m.text) or (0, 0))[0])
    items = [_sorted_items(itemize(message.text)) for message in parted]
    merged = items[0]
    for other in items[1:]:
        merged = {
            **merged,
            **{k: v for k, v in other.items() if k != "E"},
            "header": merged["header"],
        }
    if texts := [item["E"] for item in items if "E" in item]:
        merged["E"] = "\n".join(texts)
    reading = _Items(merged, line).reading()
    if problem := _missing_parts(parted, line):
        reading.unread.append(problem)
    return reading


def _missing_parts(messages: list[Message], line: int) -> Problem | None:
    numbered = [found for message in messages if (found := part(message.text))]
    if not numbered:
        return None
    missing = set(range(1, numbered[0][1] + 1)) - {number for number, _ in numbered}
    if not missing:
        return None
    shown = ", ".join(str(number) for number in sorted(missing))
    return Problem(f"line {line}", f"of {numbered[0][1]} parts these are missing: {shown}")


def _sorted_items(items: list[str]) -> dict[str, str]:
    """Give the items of a message by letter, the header and the lines after them by name."""
    found: dict[str, str] = {}
    for item in items:
        letter = item[0]
        if letter in _LETTERS and item[1:2] == ")":
            found[letter] = item[2:].strip()
        elif item.startswith("CREATED:"):
            found["created"] = item
        elif not item.startswith("SOURCE:") or "header" not in found:
            found["header"] = item
    return found


class _Items:
    """The items of a NOTAM, read one by one; those that may fail are told of."""

    def __init__(self, items: dict[str, str], line: int) -> None:
        self._items = items
        self._line = line
        self._faults: list[Problem] = []
        self._unread: list[Problem] = []
        if not set(items) & set(_LETTERS) and not HEADER.match(items.get("header", "")):
            raise FormatError(
                f"{quoted(items.get('header', ''))} is no NOTAM: expected such as A0135/20 NOTAMN"
                " and items Q) to G)"
            )

    def reading(self) -> Reading:
        notam = self._header(Notam(text=self._items.get("E", "")))
        notam = self._times(self._limits(self._qualifiers(notam)))
        places = self._items.get("A", "").split()
        cut = places.index("PART") if "PART" in places else len(places)
        areas = read_areas(notam.text) if notam.text else []
        return Reading(
            replace(
                notam,
                locations=tuple(places[:cut][:_MOST_LOCATIONS]),
                areas=tuple(area for area in areas if not isinstance(area, Problem)),
            ),
            self._line,
            self._items.get("created", ""),
            self._faults,
            self._unread + [self._placed(p, p.place) for p in areas if isinstance(p, Problem)],
        )

    def _header(self, notam: Notam) -> Notam:
        if "header" not in self._items:
            return notam
        return replace(notam, **read_header(self._items["header"])._asdict())

    def _qualifiers(self, notam: Notam) -> Notam:
        if "Q" not in self._items:
            return notam
        try:
            return replace(notam, **read_qualifiers(self._items["Q"])._asdict())
        except FormatError as error:
            self._fault("item Q", error)
            return notam

    def _limits(self, notam: Notam) -> Notam:
        lower, upper = self._limit("F"), self._limit("G")
        return replace(notam, lower=lower or notam.lower, upper=upper or notam.upper)

    def _limit(self, letter: str) -> Limit | None:
        if letter not in self._items:
            return None
        try:
            return read_limit(self._items[letter])
        except FormatError as error:
            hint = error.hint or ("the limit of the Q-line stands in" if "Q" in self._items else "")
            self._fault(f"item {letter}", FormatError(error.message, hint=hint))
            return None

    def _times(self, notam: Notam) -> Notam:
        items = self._items
        effective = read_instant(items["B"]) if "B" in items else None
        notam = replace(notam, effective=effective)
        if "C" in items:
            expires, estimated, permanent = read_end(items["C"])
            if effective and expires and expires < effective:
                raise FormatError(
                    f"item C) {quoted(items['C'])} is before item B) {quoted(items['B'])}"
                )
            notam = replace(notam, expires=expires, estimated=estimated, permanent=permanent)
        return replace(
            notam, schedule=self._schedule(items["D"], effective) if "D" in items else None
        )

    def _schedule(self, text: str, effective: datetime | None) -> Schedule:
        try:
            found = read_schedule(text, effective)
        except FormatError as error:
            hint = error.hint or "until it is read, the zone counts as active all the time"
            self._fault("item D", FormatError(error.message, hint=hint))
            return Schedule(" ".join(text.split()))
        if leaves_out_holidays(text):
            why = "its holidays are not known here, and the zone counts as active on them"
            self._unread.append(self._placed(Problem("item D", why), "item D"))
        return found

    def _fault(self, place: str, error: FormatError) -> None:
        self._faults.append(self._placed(error, place))

    def _placed(self, what: FormatError | Problem, place: str) -> Problem:
        header = self._items.get("header", "").split()
        name = header[0].lstrip("(") if header else ""
        where = f"line {self._line}, {name} {place}" if name else f"line {self._line}, {place}"
        return Problem(where, what.message, what.hint)
