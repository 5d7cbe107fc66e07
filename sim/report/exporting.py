"""Plans and runs to the formats of the world: who must stay out of what, and who flies where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError, did_you_mean
from sim.findings.versions import declared
from sim.formats import czml, ed318, f3548, geojson, kml, notam, openair
from sim.formats import tracks as tables
from sim.formats.records import Problem, Zone
from sim.formats.tracks import FlownTrack
from sim.model.journal import FlightFlown, ZoneIssued

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sim.findings.run import Run
    from sim.geometry.altitude import Vertical
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.scenario.plan import Plan, PlannedZone


class Chart(NamedTuple):
    """What is exported: zones and tracks in Unix time, and what brings their altitudes together.

    Parameters
    ----------
    name
        Of the scenario.
    zones
        As declared. What operations really are is never among them: nobody but
        their own party knows.
    tracks
        Of flights.
    vertical
        The scenario's settings.
    """

    name: str
    zones: tuple[Zone, ...]
    tracks: tuple[FlownTrack, ...]
    vertical: Vertical


class Exported(NamedTuple):
    """The text of a file, and what the format could not say."""

    text: str
    problems: tuple[Problem, ...]


def chart_of_plan(plan: Plan) -> Chart:
    """Give the zones and the flights of a scenario as they are planned."""
    start = plan.scenario.start_unix
    zones = tuple(_zone(zone, [zone.volume], zone.issued, start) for zone in plan.zones.values())
    tracks = tuple(_track(flight.id, flight.track, start) for flight in plan.flights.values())
    return Chart(plan.scenario.name, zones, tracks, plan.vertical)


def chart_of_run(run: Run) -> Chart:
    """Give the zones of a run as they were declared, version by version, and what was flown."""
    start, journal = run.scenario.start_unix, run.journal
    issued: dict[str, float] = {}
    for record in journal.of(ZoneIssued):
        issued.setdefault(record.zone, record.at)
    zones = tuple(
        _zone(run.plan.zones[id_], [volume for _, volume in versions], issued[id_], start)
        for id_, versions in declared(journal).items()
        if versions
    )
    tracks = tuple(_track(one.flight, one.track, start) for one in journal.of(FlightFlown))
    return Chart(run.scenario.name, zones, tracks, run.plan.vertical)


def export(chart: Chart, form: str, *, fir: str = "") -> Exported:
    """Write a chart in a format; what that cannot say is told, and the rest goes on.

    Parameters
    ----------
    chart
        As :func:`chart_of_plan` and :func:`chart_of_run` give it.
    form
        One of :data:`FORMATS`.
    fir
        The flight information region that NOTAMs are drafted for, by its four letters.

    Raises
    ------
    InputError
        If there is no such format, or nothing that it can say.
    """
    if form not in FORMATS:
        raise InputError(
            f"{form!r} is no format: expected one of {', '.join(FORMATS)}",
            hint=did_you_mean(form, FORMATS),
        )
    write = _writer(form, chart, fir)
    problems: list[Problem] = []
    zones, tracks = chart.zones, chart.tracks
    if form in _HOLDS_NO_TRACKS and tracks:
        problems.append(Problem("flights", f"{form} has none: {len(tracks)} left out"))
        tracks = ()
    if form in _HOLDS_NO_ZONES and zones:
        problems.append(Problem("zones", f"{form} has none: {len(zones)} left out"))
        zones = ()
    said = _sayable((*zones, *tracks), write, problems)
    if not said:
        why = "; ".join(str(problem) for problem in problems)
        raise InputError(f"there is nothing to write as {form}" + (f": {why}" if why else ""))
    return Exported(write(said), tuple(problems))


def _zone(zone: PlannedZone, volumes: Sequence[Volume], issued: float | None, start: float) -> Zone:
    about = {"party": zone.party, "covers": zone.covers or ""}
    if issued is not None:
        about["created"] = datetime.fromtimestamp(start + issued, UTC).isoformat()
    return Zone(
        id=zone.id,
        name=zone.id,
        volumes=tuple(_in_unix_time(volume, start) for volume in volumes),
        kind="PROHIBITED",
        attributes={name: text for name, text in about.items() if text},
    )


def _in_unix_time(volume: Volume, start: float) -> Volume:
    begins, ends = volume.window
    return replace(volume, window=(start + begins, start + ends))


def _track(id_: str, track: Track, start: float) -> FlownTrack:
    return FlownTrack(id_, id_, "", track.shifted(start))


_Items = list[Zone | FlownTrack]


def _sayable(
    found: Iterable[Zone | FlownTrack],
    write: Callable[[_Items], str],
    problems: list[Problem],
) -> _Items:
    """Leave out, and tell, what a format cannot say."""
    kept: _Items = []
    for one in found:
        try:
            write([one])
        except InputError as error:
            what = "zone" if isinstance(one, Zone) else "flight"
            problems.append(Problem(f"{what} {one.id}", error.message, error.hint or ""))
        else:
            kept.append(one)
    return kept


def _writer(form: str, chart: Chart, fir: str) -> Callable[[_Items], str]:
    """Give the function that writes zones and tracks, of which a format takes its own kind."""
    both, vertical = _BOTH.get(form), chart.vertical
    if both is not None:
        return lambda items: both(_zones(items), _tracks(items), name=chart.name, vertical=vertical)
    if form in _HOLDS_NO_ZONES:
        return lambda items: tables.write_csv(_tracks(items))
    if form == "notam":
        if len(fir) != _FIR_LETTERS or not fir.isalpha():
            raise InputError(
                "a NOTAM is of a flight information region", hint="name it: --fir EDGG, say"
            )
        return lambda items: "\n".join(
            f"({notam.draft(zone, fir=fir.upper(), number=number, vertical=vertical)})\n"
            for number, zone in enumerate(_zones(items), start=1)
        )
    one = _ZONES[form]
    return lambda items: one(_zones(items), vertical).rstrip("\n") + "\n"


def _zones(items: Iterable[Zone | FlownTrack]) -> list[Zone]:
    return [one for one in items if isinstance(one, Zone)]


def _tracks(items: Iterable[Zone | FlownTrack]) -> list[FlownTrack]:
    return [one for one in items if isinstance(one, FlownTrack)]


_FIR_LETTERS = 4
_BOTH = {"kml": kml.write, "czml": czml.write}
_ZONES: Mapping[str, Callable[[list[Zone], Vertical], str]] = {
    "f3548": lambda zones, vertical: f3548.write(
        [volume for zone in zones for volume in zone.volumes], vertical=vertical
    ),
    "ed318": lambda zones, vertical: ed318.write(zones, vertical=vertical),
    "geojson": lambda zones, _: geojson.write(zones),
    "openair": lambda zones, _: openair.write([replace(zone, kind="P") for zone in zones]),
}
_HOLDS_NO_TRACKS = (*_ZONES, "notam")
_HOLDS_NO_ZONES = ("csv",)
FORMATS = (*_HOLDS_NO_TRACKS, *_BOTH, *_HOLDS_NO_ZONES)
"""What can be written: zones alone, both, or tracks alone."""
