"""Zones of NOTAMs: their areas, band and schedule as volumes."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from sim.errors import FormatError, GeometryError
from sim.formats.naming import Names
from sim.formats.notam.areas import read_areas
from sim.formats.notam.messages import created
from sim.formats.notam.reading import readings_of
from sim.formats.notam.windows import MOST_TIMES, expand
from sim.formats.records import Problem, Zone
from sim.geometry.altitude import Band
from sim.geometry.footprint import Circle
from sim.geometry.volume import Volume
from sim.units import METRES_PER_NAUTICAL_MILE, show_instant

if TYPE_CHECKING:
    from sim.formats.daytimes import Window
    from sim.formats.notam.record import Notam
    from sim.geometry.footprint import Footprint

_NOT_AIRSPACE = re.compile(r"Q[CFIKLMNOPS]")
_MOST_VOLUMES = 20_000  # of one NOTAM: its areas times its windows


def zones(text: str, *, between: Window | None = None) -> list[Zone | Problem]:
    """Read the zones of a file of NOTAMs in order, each with what could not be read of it.

    Replacements and cancellations are carried out by
    :func:`~sim.formats.notam.series.linked`: the zone of a NOTAM that another one of the
    text ends is over at that one's item B), and its attributes say by which it was
    (``cancelled_by``, ``replaced_by``) and when (``ended``). If it is over before it is
    active it is left out, and a problem says so. A cancellation is no zone, and one that
    stands in the text again, as in bulletins by aerodrome, is none once more.
    """
    found: list[Zone | Problem] = []
    names = Names()
    first: dict[str, Notam] = {}
    for reading in readings_of(text):
        if isinstance(reading, Problem):
            found.append(reading)
            continue
        identity = reading.notam.identity
        if first.get(identity) == reading.notam:
            why = "it stands there twice and is read once"
            found.append(Problem(f"line {reading.line}, {identity}", why))
            continue
        first.setdefault(identity, reading.notam)
        more = {}
        try:
            if reading.created and (moment := created(reading.created)):
                more["created"] = show_instant(moment.timestamp())
        except FormatError as error:
            reading.faults.append(Problem(reading.notam.identity, error.message, error.hint))
        faults = [*reading.faults, *reading.unread]
        if reading.notam.kind == "C":
            found += faults
        else:
            found += [
                replace(one, id=names.unique(one.id)) if isinstance(one, Zone) else one
                for one in _zone(reading.notam, between, faults, more)
            ]
    return found


def zone(notam: Notam, *, between: Window | None = None) -> list[Zone | Problem]:
    """Give the zone of one NOTAM, and then what its volumes could not follow.

    It has a volume for each area and each window of the schedule. Items F) and
    G) are the band, or without them the limits of the Q-line. Without areas in
    item E) the circle of the Q-line stands in, with a problem that says so: it
    is no safe envelope of what the text means. It does not where the code (Doc 8126,
    NOTAM Code) is of facilities, lighting, movement areas, procedures, services, obstacles
    or a checklist: the circle round an aerodrome whose runway is closed keeps nobody out.
    What cannot be read of a schedule leaves the zone active all the time.

    Parameters
    ----------
    notam
        A cancellation (kind C) gives no zone.
    between
        Unix times; only windows between them count. At most `MOST_TIMES`
        windows are given, and a problem where there would be more.
    """
    if notam.kind == "C":
        return []
    problems = [found for found in read_areas(notam.text) if isinstance(found, Problem)]
    return _zone(notam, between, problems, {})


def _zone(
    notam: Notam, between: Window | None, problems: list[Problem], more: dict[str, str]
) -> list[Zone | Problem]:
    place = notam.identity
    found = list(problems)
    try:
        footprints = _footprints(notam, found)
        volumes = _volumes(notam, footprints, between, found)
    except (FormatError, GeometryError) as error:
        return [*found, Problem(place, error.message, error.hint)]
    attributes = {**_attributes(notam), **more}
    if not notam.areas:
        attributes["area"] = "Q-line circle"
    name = " ".join((notam.code or "", *notam.locations)).strip()
    return [Zone(place, name, volumes, notam.code or "", attributes), *found]


def _footprints(notam: Notam, problems: list[Problem]) -> tuple[Footprint, ...]:
    if notam.areas:
        return notam.areas
    if notam.center is None or not notam.radius_nm:
        raise FormatError("neither item E) nor the Q-line gives an area")
    if notam.code and _NOT_AIRSPACE.match(notam.code):
        raise FormatError(f"no zone: {notam.code} is not about airspace, and item E) has no area")
    problems.append(
        Problem(
            notam.identity,
            "item E) gives no area that can be read; the circle of the Q-line stands in,"
            " which is no safe envelope",
            "draw the area from the text",
        )
    )
    return (Circle(notam.center, notam.radius_nm * METRES_PER_NAUTICAL_MILE),)


def _volumes(
    notam: Notam,
    footprints: tuple[Footprint, ...],
    between: Window | None,
    problems: list[Problem],
) -> tuple[Volume, ...]:
    if notam.lower is None or notam.upper is None:
        raise FormatError("it has neither items F) and G) nor a Q-line, so no altitudes")
    band = Band(notam.lower, notam.upper)
    windows, is_capped = expand(notam, between)
    if not windows:
        raise _never_active(notam, between)
    most = min(MOST_TIMES, max(1, _MOST_VOLUMES // len(footprints)))
    if is_capped or len(windows) > most:
        last = windows[:most][-1][1]
        until = f", until {show_instant(last)}" if isfinite(last) else ""
        problems.append(
            Problem(
                notam.identity,
                f"it is active more often than is read: {len(windows[:most])} times{until}",
                "say between when",
            )
        )
    if notam.expires is None and not notam.permanent and notam.ended is None:
        problems.append(Problem(notam.identity, "it has no item C) and so no end"))
    return tuple(
        Volume(footprint, band, window) for window in windows[:most] for footprint in footprints
    )


def _never_active(notam: Notam, between: Window | None) -> FormatError:
    if notam.ended and expand(replace(notam, ended=None), between).windows:
        how = f"cancelled by {notam.cancelled_by}" if notam.cancelled_by else ""
        how = how or f"replaced by {notam.replaced_by}"
        when = show_instant(notam.ended.timestamp())
        return FormatError(f"no zone: it is {how} at {when}, before it is active")
    if between:
        return FormatError("no zone: it is not active in the time asked for")
    return FormatError("it is never active", hint="compare items B), C) and D)")


def _attributes(notam: Notam) -> dict[str, str]:
    said = {
        "kind": notam.kind,
        "refers_to": notam.refers_to,
        "fir": notam.fir,
        "traffic": notam.traffic,
        "purpose": notam.purpose,
        "scope": notam.scope,
        "locations": " ".join(notam.locations),
        "schedule": str(notam.schedule or ""),
        "end": "estimated" if notam.estimated else "permanent" if notam.permanent else "",
        "cancelled_by": notam.cancelled_by,
        "replaced_by": notam.replaced_by,
        "ended": show_instant(notam.ended.timestamp()) if notam.ended else "",
        "text": notam.text,
    }
    return {name: value for name, value in said.items() if value}
