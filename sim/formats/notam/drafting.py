"""The text of a NOTAM for a zone, drafted for a notice office to check and number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil, floor, isfinite
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.errors import FormatError, quoted
from sim.formats.notam.areas import read_areas
from sim.formats.notam.messages import MONTHS
from sim.formats.notam.outlines import described, envelope
from sim.formats.records import Problem
from sim.geometry.altitude import Reference, Vertical
from sim.units import METRES_PER_FOOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.formats.daytimes import Window
    from sim.formats.records import Zone
    from sim.geometry.altitude import Band, Limit
    from sim.geometry.footprint import Footprint
    from sim.units import Position

_WIDTH = 69  # characters a line: Annex 10, volume II, 4.4
_MINUTE_S = 60.0
_DAY_S = 86400.0
_LEVEL_M = 100.0 * METRES_PER_FOOT
_HIGHEST = 999
_TINY = 1e-6
_YEARS = range(2000, 2100)
_NAME = 60
MOST_OF_SERIES = 9999
"""Numbers that a series has in a year: four digits (Doc 8126, 6.3.4)."""


def draft(
    zone: Zone,
    *,
    fir: str,
    locations: Sequence[str] = (),
    series: str = "A",
    number: int = 1,
    kind: str = "N",
    refers_to: str = "",
    code: str = "QRTCA",
    traffic: str = "IV",
    purpose: str = "BO",
    scope: str = "W",
    vertical: Vertical | None = None,
) -> str:
    """Draft the text of a zone's NOTAM.

    The Q-line's limits are rounded outwards to hundreds of feet (Doc 8126,
    6.3.5.7), its circle is the smallest in whole minutes and whole NM that holds
    all areas, rounded outwards too. Coordinates have as many decimals of a second
    as keep them within 1 cm. The number's year is the one in which the zone was
    ``created``, by its attributes, or else begins. :func:`parse` and :func:`zone` read
    it back.

    Parameters
    ----------
    zone
        All its volumes have one band, and all areas the same windows, which
        begin and end in whole minutes, or are widened to them.
    fir, locations
        Item A) is the FIR if no locations are given.
    code
        By Doc 8126, appendix: QRTCA is a temporary restricted area activated.
    vertical
        Where the zone has none of its own, brings limits above mean sea level or ground
        to levels for the Q-line; without it, 1 hPa and the ground are not known: heights
        above ground give 000 and 999, and altitudes count as levels of the standard
        atmosphere.

    Raises
    ------
    FormatError
        If a NOTAM cannot say what the zone is; the hint says what to part.
    """
    if (kind == "N") is bool(refers_to):
        raise FormatError(f"kind {kind} with {refers_to or 'nothing'} to refer to")
    if not 1 <= number <= MOST_OF_SERIES:
        raise FormatError(
            f"a NOTAM's number is from 1 to {MOST_OF_SERIES}, not {number}",
            hint="go on in another series",
        )
    band = _band(zone)
    footprints, windows = _areas_and_windows(zone)
    center, radius_nm = envelope(footprints)
    levels = _levels(band, zone.vertical or vertical or Vertical())
    circle = f"{_minutes(center)}{radius_nm:03d}"
    start, end = windows[0][0], windows[-1][1]
    if not isfinite(start):
        raise FormatError(f"zone {quoted(zone.id)} has no start, and item B) needs one")
    of, finish = issued(zone) or _moment(start), _finish(zone, end)
    lines = [
        f"{series}{number:04d}/{of:%y} NOTAM{kind} {refers_to}".rstrip(),
        f"Q) {fir}/{code}/{traffic}/{purpose}/{scope}/{levels[0]:03d}/{levels[1]:03d}/{circle}",
        f"A) {' '.join(locations) or fir} B) {_digits(start)} C) {finish}",
        *_wrapped(f"D) {_schedule(windows)}" if len(windows) > 1 else ""),
        _text(zone, footprints),
        f"F) {_limit(band.lower)} G) {_limit(band.upper)}",
    ]
    return "\n".join(lines)


def issued(zone: Zone) -> datetime | None:
    """Give when a zone was ``created``, by its attributes; None where they give no such instant."""
    try:
        moment = datetime.fromisoformat(zone.attributes.get("created", ""))
    except ValueError:
        return None
    known = moment.tzinfo is not None and moment.year in _YEARS
    return moment.astimezone(UTC) if known else None


def _finish(zone: Zone, end: float) -> str:
    """Give item C); EST where the zone's attributes say so, as :func:`zone` reads it."""
    if not isfinite(end):
        return "PERM"
    return _digits(end) + (" EST" if zone.attributes.get("end") == "estimated" else "")


def _band(zone: Zone) -> Band:
    bands = {volume.band for volume in zone.volumes}
    if len(bands) != 1:
        raise FormatError(
            f"zone {quoted(zone.id)} has {len(bands)} bands of altitude, and a NOTAM has one",
            hint="draft one for each layer",
        )
    return bands.pop()


def _areas_and_windows(zone: Zone) -> tuple[list[Footprint], list[Window]]:
    """Give the areas, and the windows that all of them have, in whole minutes."""
    by_area: dict[Footprint, set[Window]] = {}
    for volume in zone.volumes:
        by_area.setdefault(volume.footprint, set()).add(volume.window)
    first, *others = by_area.values()
    if any(other != first for other in others):
        raise FormatError(
            f"zone {quoted(zone.id)} has areas that are active at different times",
            hint="draft one for each area",
        )
    windows: list[Window] = []
    for start, end in sorted(first):
        widened = (_floor_minute(start), _ceil_minute(end))
        if windows and widened[0] <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], widened[1]))
        else:
            windows.append(widened)
    return list(by_area), windows


def _floor_minute(instant: float) -> float:
    """Give the minute in which an instant lies; -inf is kept."""
    return floor(instant / _MINUTE_S + _TINY) * _MINUTE_S if isfinite(instant) else instant


def _ceil_minute(instant: float) -> float:
    """Give the first minute that is not before an instant; inf is kept."""
    return ceil(instant / _MINUTE_S - _TINY) * _MINUTE_S if isfinite(instant) else instant


def _moment(unix: float) -> datetime:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(max(unix, -2e9), 1e10))
    if moment.year not in _YEARS:
        raise FormatError(f"a NOTAM has two digits for the year: {moment.year} is not from 2000 on")
    return moment


def _digits(unix: float) -> str:
    return _moment(unix).strftime("%y%m%d%H%M")


def _schedule(windows: list[Window]) -> str:
    """Give item D): daily if it is, or else each window with its dates."""
    steps = {b[0] - a[0] for a, b in pairwise(windows)}
    lengths = {end - start for start, end in windows}
    if steps == {_DAY_S} and len(lengths) == 1:
        return f"DAILY {_clock(windows[0][0])}-{_clock_end(windows[0])}"
    last = windows[-1][1]
    if not isfinite(last) or _months(last) - _months(windows[0][0]) >= 12:  # noqa: PLR2004
        raise FormatError("single dates do not say their year", hint="draft one for each year")
    return ", ".join(_dated(window) for window in windows)


def _months(unix: float) -> int:
    moment = _moment(unix)
    return moment.year * 12 + moment.month


def _dated(window: Window) -> str:
    start, end = (_moment(instant) for instant in window)
    if window[1] - window[0] < _DAY_S:
        return f"{_date(start)} {_clock(window[0])}-{_clock_end(window)}"
    return f"{_date(start)} {_clock(window[0])}-{_date(end)} {_clock(window[1])}"


def _date(moment: datetime) -> str:
    return f"{MONTHS[moment.month - 1]} {moment.day:02d}"


def _clock(unix: float) -> str:
    return _moment(unix).strftime("%H%M")


def _clock_end(window: Window) -> str:
    text = _clock(window[1])
    return "2400" if text == "0000" else text


def _levels(band: Band, vertical: Vertical) -> tuple[int, int]:
    """Give the Q-line's limits in hundreds of feet, rounded outwards."""
    lower, upper = _pressure_m(band.lower, vertical), _pressure_m(band.upper, vertical)
    below = (
        0
        if lower is None or band.lower.reference is Reference.SFC
        else floor(lower / _LEVEL_M + _TINY)
    )
    above = _HIGHEST if upper is None else ceil(upper / _LEVEL_M - _TINY)
    return max(0, min(below, _HIGHEST)), max(0, min(above, _HIGHEST))


def _pressure_m(limit: Limit, vertical: Vertical) -> float | None:
    if limit.reference is Reference.FL:
        return limit.metres
    if limit.reference is Reference.UNL or vertical.offset_m(limit.reference) is None:
        return None
    return vertical.msl(limit) - (vertical.offset_m(Reference.FL) or 0.0)


def _limit(limit: Limit) -> str:
    if limit.reference in {Reference.SFC, Reference.UNL}:
        return str(limit.reference)
    if limit.reference is Reference.FL:
        level = limit.metres / _LEVEL_M
        if abs(level - round(level)) > _TINY or not 0 <= level <= _HIGHEST:
            raise FormatError(
                f"{limit.metres:g} m above 1013.25 hPa is no flight level",
                hint="round it outwards to hundreds of feet",
            )
        return f"FL{round(level):03d}"
    if limit.reference is Reference.W84 or limit.metres < 0.0:
        raise FormatError(
            f"a NOTAM cannot say {limit}", hint="give it above mean sea level, or ground"
        )
    feet = limit.metres / METRES_PER_FOOT
    size = (
        f"{round(feet)}FT" if abs(feet - round(feet)) < 1e-3 else f"{_decimal(limit.metres, 3)}M"  # noqa: PLR2004
    )
    return f"{size} {'AMSL' if limit.reference is Reference.MSL else 'AGL'}"


def _decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


def _minutes(place: Position) -> str:
    lat, lon = round(abs(place.lat) * 60.0), round(abs(place.lon) * 60.0)
    north, east = "S" if place.lat < 0 else "N", "W" if place.lon < 0 else "E"
    return f"{lat // 60:02d}{lat % 60:02d}{north}{lon // 60:03d}{lon % 60:02d}{east}"


def _text(zone: Zone, footprints: Sequence[Footprint]) -> str:
    """Give item E), with the zone's name unless that could be taken for part of an area."""
    body = "\n".join(line for text in described(footprints) for line in _wrapped(text))
    letters = "".join(c if c.isascii() and (c.isalnum() or c in "/.-") else " " for c in zone.name)
    name = " ".join(letters.upper().split())[:_NAME]
    meant = read_areas(body)
    if len(meant) != len(footprints) or any(isinstance(area, Problem) for area in meant):
        raise FormatError(f"a NOTAM has no words for the areas of zone {quoted(zone.id)}")
    titles = [f"TEMPO RESTRICTED AREA {name} ACT:", "TEMPO RESTRICTED AREA ACT:"]
    texts = ["\n".join((*_wrapped(f"E) {title}"), body)) for title in titles]
    return texts[0] if name and read_areas(texts[0][len("E) ") :]) == meant else texts[1]


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
