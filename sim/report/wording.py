"""Words for people: clocks, names, lists and the short forms of causes."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sim.findings.causes import INFORMED
from sim.report.outline import Cell, Paragraph, Tone
from sim.units import METRES_PER_FOOT, show_altitude, show_instant, show_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.geometry.altitude import Band
    from sim.scenario.schema import Scenario

Item = TypeVar("Item")

DAY_S = 86_400.0
_MONTHS_S = 180.0 * DAY_S  # from here on a day alone says too little
_MINUTE_S = 60.0
ROWS = 24  # of a table: a report is read, and everything stands in the JSON

_LEAST_SHOWN = 1e-4  # of a number: less is as good as nothing
_THREE_DIGITS = 99.95  # from here on tenths mean nothing

BRIEFLY = {
    "never_addressed": "never told",
    "not_yet_sent": "notice not sent yet",
    "relay_gap": "notice held up at a relay",
    "in_transit": "notice still on its way",
    "unanswered": "calls unanswered",
    "lost": "notice lost",
    "misinformed": "told of another place or time",
    "not_disseminated": "desk told, crew not",
    "no_time": "told too late to stay out",
    "unable": "told, could not stay out",
    "disregarded": "told, went in all the same",
    "undeclared": "outside every declared zone",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """Shows instants of one scenario, with the day where it lasts more than one.

    Where it lasts so long that a day could be taken for one of another year, with the year.
    ``start_unix`` is the scenario's start as Unix time, ``horizon`` its length
    in seconds; instants are seconds since that start.
    """

    start_unix: float
    horizon: float

    @classmethod
    def of(cls, scenario: Scenario) -> Clock:
        """Make the clock of a scenario."""
        return cls(scenario.start_unix, scenario.end.since(scenario.start_unix))

    def second(self, at: float, since: float | None = None) -> str:
        """Give an instant to the second, without its day where that is the same as ``since``.

        ``22:30:05Z``, or ``02-03 22:30:05Z``.
        """
        text = show_instant(float(round(self.start_unix + at)))
        if since is not None and self.second(since)[:-9] == self._dated(text, ""):
            return text[11:]
        return self._dated(text, text[11:])

    def minute(self, at: float | None) -> str:
        """Give an instant to the minute: ``22:30Z``, or ``02-03 22:30Z``."""
        if at is None:
            return "-"
        text = show_instant(round((self.start_unix + at) / 60.0) * 60.0)
        return self._dated(text, text[11:16] + "Z")

    def span(self, start: float, end: float) -> str:
        """Give an interval to the minute; an open end has none: ``22:30Z-``."""
        first = self.minute(start) if math.isfinite(start) else ""
        last = self.minute(end) if math.isfinite(end) else ""
        if first == last:
            return first or "always"
        if first[:-6] == last[:-6]:  # the same day, or none
            last = last[-6:]
        dash = " - " if first and " " in last else "-"
        return f"{first.removesuffix('Z') if last else first}{dash}{last}"

    def _dated(self, instant: str, clock: str) -> str:
        if self.horizon <= DAY_S:
            return clock
        return f"{instant[0 if self.horizon > _MONTHS_S else 5 : 10]} {clock}"


def date_and_minute(unix: float) -> str:
    """Give a Unix time with its date, to the minute: ``2022-02-02 22:30Z``."""
    return show_instant(round(unix / 60.0) * 60.0)[:16].replace("T", " ") + "Z"


def plain(text: str) -> str:
    """Show control and direction characters as escapes, so that a terminal obeys none."""
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else char
        for char in text
    )


def party_name(scenario: Scenario, party: str) -> str:
    """Give a party's name with its id, or the id alone where it has no other name."""
    name = scenario.parties[party].name
    return f"{name} ({party})" if name and name != party else party


def listed(parts: Sequence[str]) -> str:
    """Join phrases as a sentence does: ``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """Count things: ``1 flight``, ``3 flights``, ``no flight``."""
    if number == 0:
        return f"no {one}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def cut(items: Iterable[Item], limit: int | None) -> tuple[list[Item], tuple[Paragraph, ...]]:
    """Keep what a reader can take in, and say how much there is beyond it; None keeps all."""
    everything = list(items)
    rest = 0 if limit is None else len(everything) - limit
    if rest <= 0:
        return everything, ()
    note = f"... and {counted(rest, 'more', 'more')}; --format json lists all."
    return everything[:limit], (Paragraph(note),)


def cause_cell(cause: str) -> Cell:
    """Give a cause, marked by whether the flight had been told."""
    return Cell(cause, Tone.DOUBTFUL if cause in INFORMED else Tone.BAD)


def band_text(band: Band) -> str:
    """Give a declared altitude band: ``SFC to FL180``."""
    return " to ".join(
        altitude_text(limit.reference, limit.metres) for limit in (band.lower, band.upper)
    )


def altitude_text(reference: str, metres: float) -> str:
    """Give an altitude with what it is measured from: ``FL180``, ``18,000 ft MSL``, ``SFC``."""
    if reference in {"FL", "SFC", "UNL"}:
        return show_altitude(reference, metres)
    return f"{metres / METRES_PER_FOOT:,.0f} ft {reference}"


def altitudes_text(reference: str, lower_m: float | None, upper_m: float | None) -> str:
    """Give metres above one reference to the nearest 100 ft; unbounded says SFC or UNL.

    ``FL200``, ``FL100-FL180``, ``3,500-3,900 ft MSL``, ``SFC-5,000 ft AGL``.
    """
    low, high = _hundreds(lower_m), _hundreds(upper_m)
    bottom = "SFC" if low is None else altitude_text(reference, low)
    top = "UNL" if high is None else altitude_text(reference, high)
    if bottom == top:
        return top
    if low is not None and high is not None:
        bottom = bottom.removesuffix(f" ft {reference}")  # the upper limit says it
    return f"{bottom}-{top}"


def _hundreds(metres: float | None) -> float | None:
    if metres is None or not math.isfinite(metres):
        return None
    return round(metres / METRES_PER_FOOT, -2) * METRES_PER_FOOT


def nautical(metres: float) -> str:
    """Give a length in nautical miles alone, for narrow columns."""
    return show_length(metres).partition(" (")[0]


def feet(metres: float) -> str:
    """Give a height in whole feet."""
    return f"{metres / METRES_PER_FOOT:,.0f} ft"


def area_text(km2: float | None) -> str:
    """Give an area: ``5,021 km2``, ``12.4 km2``."""
    return "-" if km2 is None or math.isnan(km2) else f"{number_text(km2)} km2"


def number_text(value: float) -> str:
    """Give a number with as many digits as people read: ``5,021``, ``12.4``, ``0.37``, ``3``."""
    size = abs(value)
    if size >= 100 or value == round(value):  # noqa: PLR2004 - three digits are enough
        return f"{value:,.0f}"
    if _LEAST_SHOWN <= size < 0.1:  # noqa: PLR2004 - two decimals would make 0.015 a third less
        return f"{value:.2g}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004


def minutes_text(seconds: float) -> str:
    """Give a duration in minutes, so that a column of them compares at a glance."""
    return f"{minutes_number(seconds)} min"


def minutes_number(seconds: float) -> str:
    """Give how many minutes a duration has: ``4.7``, ``61.7``, ``107``, ``0``."""
    minutes = seconds / 60.0
    return f"{minutes:,.1f}" if 0.0 < abs(minutes) < _THREE_DIGITS else f"{minutes:,.0f}"


def whole_minutes(seconds: float) -> str:
    """Give a duration to the minute, or to the second where it is shorter than one."""
    if abs(round(seconds)) < _MINUTE_S:
        return f"{round(seconds)} s"
    return f"{round(seconds / _MINUTE_S):,} min"


def explained(cause: str) -> str:
    """Give the short form of a cause with its name, which is not said twice."""
    if _says_itself(cause):
        return BRIEFLY[cause]
    return f"{BRIEFLY[cause]}: {cause}"


def named(cause: str) -> str:
    """Give a cause with its short form, where that says anything more."""
    return cause if _says_itself(cause) else f"{cause} ({BRIEFLY[cause]})"


def _says_itself(cause: str) -> bool:
    return set(cause.split("_")) <= set(BRIEFLY[cause].split())
