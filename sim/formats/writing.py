"""Writing a file of whichever format: what that cannot say is told, and the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sim.errors import FormatError, InputError, did_you_mean
from sim.formats import czml, ed318, f3548, geojson, kml, notam, openair, tracks
from sim.formats.losses import losses
from sim.formats.records import Problem
from sim.geometry.altitude import Vertical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sim.formats.records import Zone
    from sim.formats.tracks import FlownTrack

_FIR_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Chart:
    """What a file is to show, in Unix time.

    Parameters
    ----------
    name
        Of the whole.
    zones, tracks
        Among their ``attributes`` may be the ``party`` whose they are, and of a zone
        when it was ``created`` (ISO 8601), and the id of the one that it ``replaces``. A
        problem says why something is not there.
    violations
        Stretches of tracks inside what they had to stay out of, where a format plays
        on a globe.
    parties
        What parties are called, by their ids.
    vertical
        Brings altitudes to the references that a format knows, which is told.
    """

    name: str = "keepout"
    zones: tuple[Zone | Problem, ...] = ()
    tracks: tuple[FlownTrack | Problem, ...] = ()
    violations: tuple[FlownTrack, ...] = ()
    parties: Mapping[str, str] = field(default_factory=dict)
    vertical: Vertical = field(default_factory=Vertical)


class Written(NamedTuple):
    """The text of a file, and what its format could not say."""

    text: str
    problems: tuple[Problem, ...]


class _Items(NamedTuple):
    """What is written of a chart."""

    zones: list[Zone]
    tracks: list[FlownTrack]
    violations: list[FlownTrack]


class _Format(NamedTuple):
    write: Callable[[_Items, Chart], str]
    has_zones: bool = True
    has_tracks: bool = False


def write(chart: Chart, form: str, *, fir: str = "") -> Written:
    """Write a chart in a format.

    Parameters
    ----------
    chart
        A zone, or a track, that the format cannot say is left out, and told with the
        reason; and so is what it says otherwise: see :func:`~sim.formats.losses.losses`.
    form
        One of :data:`FORMATS`.
    fir
        The flight information region that NOTAMs are drafted for, by its four letters.

    Raises
    ------
    FormatError
        If there is no such format, or nothing that it can say.
    """
    if form not in FORMATS:
        raise FormatError(
            f"{form!r} is no format: expected one of {', '.join(FORMATS)}",
            hint=did_you_mean(form, FORMATS),
        )
    taken = _notam(fir) if form == "notam" else _FORMATS[form]
    problems: list[Problem] = []
    zones = _taken(chart.zones, taken.has_zones, Problem("zones", f"{form} has none"), problems)
    tracks = _taken(
        chart.tracks, taken.has_tracks, Problem("flights", f"{form} has none"), problems
    )
    items = _Items(zones, tracks, [*chart.violations])
    try:
        text = taken.write(items, chart)
    except InputError:
        items = _sayable(items, chart, taken, problems)
        text = taken.write(items, chart)
    if not (items.zones or items.tracks):
        why = "; ".join(map(str, problems))
        raise FormatError(f"there is nothing to write as {form}" + (f": {why}" if why else ""))
    problems += losses(form, items.zones, items.tracks, chart.vertical)
    return Written(text.rstrip("\n") + "\n", tuple(problems))


T = TypeVar("T")


def _taken(
    found: Sequence[T | Problem], has_any: bool, without: Problem, problems: list[Problem]
) -> list[T]:
    """Give what there is of a kind that a format has, and tell the rest."""
    items = [one for one in found if not isinstance(one, Problem)]
    if has_any:
        problems += [one for one in found if isinstance(one, Problem)]
        return items
    if items:
        problems.append(replace(without, message=f"{without.message}: {len(items)} left out"))
    return []


def _sayable(items: _Items, chart: Chart, taken: _Format, problems: list[Problem]) -> _Items:
    """Leave out, and tell, what a format cannot say."""

    def can_say(name: str, alone: _Items) -> bool:
        try:
            taken.write(alone, chart)
        except InputError as error:
            problems.append(Problem(name, error.message, error.hint))
            return False
        return True

    return items._replace(
        zones=[one for one in items.zones if can_say(f"zone {one.id}", _Items([one], [], []))],
        tracks=[one for one in items.tracks if can_say(f"flight {one.id}", _Items([], [one], []))],
    )


def _notam(fir: str) -> _Format:
    """Give the writer of NOTAMs for a region; one replaces another as its zone does.

    They are of series A, and of the next ones where there are more than it has numbers.
    """
    if len(fir) != _FIR_LETTERS or not (fir.isascii() and fir.isalpha()):
        raise FormatError(
            "a NOTAM is of a flight information region", hint="name it: --fir EDGG, say"
        )
    return _Format(lambda items, chart: "\n".join(_drafts(items.zones, fir.upper(), chart)))


def _drafts(zones: Iterable[Zone], fir: str, chart: Chart) -> Iterator[str]:
    named: dict[str, str] = {}
    for place, zone in enumerate(zones):
        series, number = divmod(place, notam.MOST_OF_SERIES)
        if series >= len(ascii_uppercase):
            raise FormatError("NOTAMs of a year have no more than 26 series", hint="write fewer")
        earlier = named.get(zone.attributes.get("replaces", ""), "")
        text = notam.draft(
            zone,
            fir=fir,
            series=ascii_uppercase[series],
            number=number + 1,
            kind="R" if earlier else "N",
            refers_to=earlier,
            vertical=chart.vertical,
        )
        named[zone.id] = text.partition(" ")[0]
        created = notam.issued(zone)
        below = f"CREATED: {created:%d %b %Y %H:%M:%S}\n" if created else ""
        yield f"({text})\n{below}"


def _on_globe(write_globe: Callable[..., str]) -> _Format:
    """Give a writer of what plays on a globe, as a whole."""
    return _Format(
        lambda items, chart: write_globe(
            items.zones,
            items.tracks,
            violations=items.violations,
            name=chart.name,
            parties=chart.parties,
            vertical=chart.vertical,
        ),
        has_tracks=True,
    )


_FORMATS = {
    "f3548": _Format(lambda items, chart: f3548.write(items.zones, vertical=chart.vertical)),
    "ed318": _Format(lambda items, chart: ed318.write(items.zones, vertical=chart.vertical)),
    "geojson": _Format(lambda items, _: geojson.write(items.zones)),
    "openair": _Format(lambda items, chart: openair.write(items.zones, vertical=chart.vertical)),
    "kml": _on_globe(kml.write),
    "czml": _on_globe(czml.write),
    "csv": _Format(
        lambda items, _: tracks.write_csv(items.tracks), has_zones=False, has_tracks=True
    ),
}
FORMATS = ("notam", *_FORMATS)
"""Zones alone, zones and tracks (``kml``, ``czml``), or tracks alone (``csv``)."""
