"""Where a flight is over areas, and how high those reach: what its altitude profile shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from sim.errors import InputError, did_you_mean, quoted
from sim.geometry.altitude import Band, Limit, Reference, is_unbounded_below
from sim.geometry.visits import ALWAYS, find_visits
from sim.plots.places import find_places
from sim.report.wording import feet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.findings.run import Run
    from sim.geometry.altitude import Vertical
    from sim.geometry.track import Track
    from sim.plots.drawn import DrawnEntry, DrawnFootprint
    from sim.scenario.planned import PlannedFlight

_ALL_HEIGHTS = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
_AXES = {
    Reference.FL: "feet of pressure altitude",
    Reference.W84: "feet above the WGS84 ellipsoid",
    Reference.AGL: "feet above ground",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A time in which a flight is over or under or in an area; seconds, metres on the axis.

    Parameters
    ----------
    id
        That of the area, and which passage it is: ``declared:raid-area/v1/1``.
    kind
        ``declared``, ``told`` or ``true``, while it is in force; of a zone as declared,
        ``idle`` where it is not active all the time, ``free`` where it does not bind the
        flight, and ``meant`` where the flight was to go while it is active, but went another
        way or at another time.
    name
        Of the zone or the operation.
    start, end
        From when to when.
    band
        How high it reaches, as it says itself.
    lower, upper
        The same on the axis; infinite where it is unbounded.
    """

    id: str
    kind: str
    name: str
    start: float
    end: float
    band: Band
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Profile:
    """What the altitude profile of a flight shows.

    Parameters
    ----------
    flight
        The flight.
    flown
        As it flew; None if it did not.
    planned
        As it was to fly, where that is something else.
    passages, entries
        By time.
    heights
        Brings altitudes on one axis.
    """

    flight: PlannedFlight
    flown: Track | None
    planned: Track | None
    passages: tuple[Passage, ...]
    entries: tuple[DrawnEntry, ...]
    heights: Heights


class Heights:
    """Metres on the axis of a profile: above mean sea level, if the settings allow.

    Parameters
    ----------
    vertical
        Those of the scenario.
    used
        The references of all that is shown.
    """

    def __init__(self, vertical: Vertical, used: set[Reference]) -> None:
        self._vertical = vertical
        self._used = used - {Reference.UNL}
        apart = self._used - {Reference.SFC}
        self._unknown = {one for one in apart if vertical.offset_m(one) is None}
        self._only = next(iter(apart)) if self._unknown == apart and len(apart) == 1 else None

    @property
    def label(self) -> str:
        """What the axis is of."""
        return "feet above mean sea level" if self._only is None else _AXES[self._only]

    @property
    def ground_m(self) -> float | None:
        """Where the ground is; None if that is not known."""
        if self._only is None:
            return self._vertical.terrain_m
        return 0.0 if self._only is Reference.AGL else None

    @property
    def about(self) -> str:
        """How references were brought on the axis, as far as that matters."""
        if self._only is not None:
            return ""
        vertical, said = self._vertical, []
        if Reference.FL in self._used and vertical.qnh_hpa is not None:
            said.append(f"flight levels at QNH {vertical.qnh_hpa:g} hPa")
        if {Reference.AGL, Reference.SFC} & self._used and vertical.terrain_m is not None:
            said.append(f"ground at {feet(vertical.terrain_m)}")
        if Reference.W84 in self._used and vertical.geoid_m is not None:
            said.append(f"mean sea level {feet(vertical.geoid_m)} above the ellipsoid")
        said += [f"{one} as if above mean sea level" for one in sorted(self._unknown)]
        return ", ".join(said)

    def metres(self, reference: Reference, metres: float) -> float:
        """Give a height on the axis."""
        return (
            metres
            if self._only is not None
            else metres + (self._vertical.offset_m(reference) or 0.0)
        )

    def limits(self, band: Band) -> tuple[float, float]:
        """Give the lower and upper limits of a band on the axis."""
        lower = -inf if is_unbounded_below(band.lower) else self._limit(band.lower)
        return lower, self._limit(band.upper)

    def _limit(self, limit: Limit) -> float:
        return self.metres(limit.reference, limit.metres)


def find_profile(run: Run, flight: str | None = None) -> Profile | None:
    """Find what the altitude profile of a flight shows.

    Parameters
    ----------
    run
        The run.
    flight
        Its id. That of a repeated flight or of a stream means the first of its flights
        that entered something, or the first of all. None: likewise of all flights.

    Returns
    -------
    Profile or None
        None if there are no flights.

    Raises
    ------
    InputError
        If there is no such flight.
    """
    id_ = _which(run, flight)
    if id_ is None:
        return None
    places = find_places(run, flights=[id_])
    chosen = run.flights[id_]
    tracks = {one.kind: one for one in places.tracks}
    flown = tracks["flown"].track if "flown" in tracks else None
    track = chosen.track if flown is None else flown
    planned = None if flown is not None and flown == chosen.track else chosen.track
    ways = [way for way in (flown, planned) if way is not None]
    nearby = _footprints(places.footprints, chosen.party)
    over = [one for one in nearby if any(_stays(one, way) for way in ways)]
    bands = [one.volume.band for one in over]
    used = {limit.reference for band in bands for limit in (band.lower, band.upper)}
    heights = Heights(run.plan.vertical, used | {track.reference})
    unbound = _unbound(run, chosen)
    found = [*_in_force(over, track, heights, unbound), *_idle(over, track, heights, unbound)]
    if planned is not None and flown is not None:
        met = [one for one in found if one.kind == "declared"]
        found += [one for one in _meant(over, planned, heights, unbound) if not _again(one, met)]
    return Profile(
        flight=chosen,
        flown=flown,
        planned=planned,
        passages=tuple(sorted(found, key=lambda one: (one.start, one.id))),
        entries=tuple(one for one in places.entries if one.who == id_ and len(one.samples)),
        heights=heights,
    )


def _which(run: Run, flight: str | None) -> str | None:
    known = {one.partition("#")[0] for one in run.flights} | {*run.flights, *run.plan.streams}
    if flight is not None and flight not in known:
        raise InputError(f"there is no flight {quoted(flight)}", hint=did_you_mean(flight, known))
    if flight in run.flights:
        return flight
    fitting = [one for one in run.flights if flight in {None, one.partition("#")[0]}]
    entered = [one.flight for one in (*run.violations, *run.incursions) if one.flight in fitting]
    return next(iter((*entered, *fitting)), None)


def _footprints(footprints: Sequence[DrawnFootprint], party: str) -> Iterator[DrawnFootprint]:
    """Give those of others, and what the flight's party holds of zones."""
    for one in footprints:
        if one.kind == "declared" or (one.kind == "told" and one.party == party):
            yield one
        if one.kind == "true" and one.party != party:
            yield one


def _unbound(run: Run, flight: PlannedFlight) -> set[str]:
    """Give the zones that do not bind a flight."""
    return {zone.id for zone in run.plan.zones.values() if not run.plan.binds(zone, flight)}


def _in_force(
    over: Sequence[DrawnFootprint], track: Track, heights: Heights, unbound: set[str]
) -> Iterator[Passage]:
    for one in over:
        if one.kind != "true" and one.name in unbound:
            continue
        for number, (start, end) in enumerate(_stays(one, track), 1):
            begin, last = max(start, one.start), min(end, one.end)
            if begin < last:
                yield _passage(one, number, (begin, last), heights)


def _meant(
    over: Sequence[DrawnFootprint], planned: Track, heights: Heights, unbound: set[str]
) -> Iterator[Passage]:
    """Give where a flight was to be in zones, had it flown as planned."""
    for one in _in_force(over, planned, heights, unbound):
        levels = [heights.metres(planned.reference, at) for at in planned.altitude_m.tolist()]
        if one.kind == "declared" and min(levels) < one.upper and max(levels) > one.lower:
            yield replace(one, id=one.id.replace("declared", "meant", 1), kind="meant")


def _again(meant: Passage, met: Sequence[Passage]) -> bool:
    """Tell whether a flight was over a zone also at the time at which it was to be."""
    return any(
        one.name == meant.name and one.start < meant.end and one.end > meant.start for one in met
    )


def _idle(
    over: Sequence[DrawnFootprint], track: Track, heights: Heights, unbound: set[str]
) -> Iterator[Passage]:
    """Give stays over zones that were not in force all the time, by their newest version."""
    newest = {one.name: one for one in over if one.kind == "declared"}
    for one in newest.values():
        windows = [v for v in over if v.kind == "declared" and v.name == one.name]
        for number, (start, end) in enumerate(_stays(one, track), 1):
            lasting = sum(max(0.0, min(end, v.end) - max(start, v.start)) for v in windows)
            if one.name in unbound or lasting < end - start:
                kind = "free" if one.name in unbound else "idle"
                passage = _passage(one, number, (start, end), heights)
                yield replace(passage, id=passage.id.replace("declared", kind, 1), kind=kind)


def _stays(one: DrawnFootprint, track: Track) -> list[tuple[float, float]]:
    """Give when a track is within an area, at whatever height and time."""
    column = replace(one.volume, band=_ALL_HEIGHTS, window=ALWAYS)
    return [(visit.entry, visit.exit) for visit in find_visits(track, column, None)]


def _passage(
    one: DrawnFootprint, number: int, stay: tuple[float, float], heights: Heights
) -> Passage:
    band = one.volume.band
    return Passage(f"{one.id}/{number}", one.kind, one.name, *stay, band, *heights.limits(band))
