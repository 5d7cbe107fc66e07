"""What a map shows of a run, and the plane that it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from sim.errors import InputError
from sim.findings.versions import held
from sim.formats.drawing import STEP_M, samples
from sim.geometry.earth import inverse
from sim.plots.footprints import (
    declared_footprints,
    planned_footprints,
    told_footprints,
    true_footprints,
)
from sim.plots.projection import Projection, middle_of
from sim.plots.selection import select
from sim.plots.ways import drawn_entries, drawn_site, drawn_tracks
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from sim.findings.run import Run
    from sim.geometry.altitude import Vertical
    from sim.geometry.earth import Floats
    from sim.geometry.track import Track
    from sim.plots.drawn import DrawnEntry, DrawnFootprint, DrawnSite, DrawnTrack
    from sim.plots.selection import Selection
    from sim.scenario.planned import PlannedZone

_PIECES = 100  # of a way from side to side: straight lines between do not show

Focus: TypeAlias = Literal["everything", "zones", "flights"]
Timed: TypeAlias = "DrawnFootprint | DrawnTrack | DrawnSite | DrawnEntry"


@dataclass(frozen=True)
class Places:
    """All that a map shows, each kind in the order of its ids, footprints and entries by time.

    Times are seconds since the scenario's start. ``projection`` and ``bounds`` are of the
    whole run, also where :meth:`at` and :meth:`between` have chosen of it.

    Parameters
    ----------
    footprints, tracks, sites, entries
        What there is.
    projection
        Azimuthal, about the middle of what the map is about.
    span
        What is shown: an instant, if its ends are the same.
    focus
        What the map is about, by kind: everything, or the ``zones`` or the ``flights`` that
        were asked for.
    """

    footprints: tuple[DrawnFootprint, ...]
    tracks: tuple[DrawnTrack, ...]
    sites: tuple[DrawnSite, ...]
    entries: tuple[DrawnEntry, ...]
    projection: Projection
    span: tuple[float, float]
    focus: Focus = "everything"
    whole: Places | None = None

    @property
    def instant(self) -> float | None:
        """The one instant that is shown; None where it is a span."""
        return self.span[0] if self.span[0] == self.span[1] else None

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """The least and greatest x, then y, of what the map is about; None of nothing."""
        if self.whole is not None:
            return self.whole.bounds
        plane = [points for points in self._planar() if len(points)]
        if not plane:
            return None
        corners = np.concatenate(plane)
        (west, south), (east, north) = np.nanmin(corners, axis=0), np.nanmax(corners, axis=0)
        return float(west), float(east), float(south), float(north)

    def at(self, instant: float) -> Places:
        """Choose what there is at one instant: flights in the air, and what is in force."""
        return self._during(instant, instant, lambda one: one.start <= instant < one.end)

    def between(self, start: float, end: float) -> Places:
        """Choose what there is at any time from one instant to another, tracks cut to that.

        Raises
        ------
        InputError
            If the end is not after the start.
        """
        if not start < end:
            raise InputError(f"what is between {start:g} s and {end:g} s is nothing")
        chosen = self._during(start, end, lambda one: one.start < end and one.end > start)
        tracks = {one.id: one.track for one in chosen.tracks}
        return replace(
            chosen,
            tracks=tuple(
                replace(one, samples=_cut(one.samples, one.track, start, end))
                for one in chosen.tracks
            ),
            entries=tuple(
                _cut_entry(one, tracks[f"flown:{one.who}"], start, end) if len(one.samples) else one
                for one in chosen.entries
            ),
        )

    def _during(self, start: float, end: float, matters: Callable[[Timed], bool]) -> Places:
        return replace(
            self,
            footprints=tuple(one for one in self.footprints if matters(one)),
            tracks=tuple(one for one in self.tracks if matters(one)),
            sites=tuple(one for one in self.sites if matters(one)),
            entries=tuple(one for one in self.entries if matters(one)),
            span=(start, end),
            whole=self.whole or self,
        )

    def _planar(self) -> Iterator[Floats]:
        """Give the corners of what the map is about, in the plane."""
        seen: set[int] = set()
        outlined, tracks, sites = _about(self.focus, self.footprints, self.tracks, self.sites)
        for one in outlined:
            for outline in one.outlines:
                if id(outline) not in seen:
                    seen.add(id(outline))
                    yield from (polygon[0] for polygon in self.projection.polygons(outline))
        for track in tracks:
            yield self.projection.project(track.samples[:, 1], track.samples[:, 2])
        for site in sites:
            yield self.projection.project(*site.place)


def find_places(
    run: Run,
    *,
    parties: Iterable[str] | None = None,
    flights: Iterable[str] | None = None,
    zones: Iterable[str] | None = None,
) -> Places:
    """Find all that a map of a run shows.

    Parameters
    ----------
    run
        The run.
    parties
        Those whose flights, sites, operations and zones are shown, with the zones that
        they hold, as they hold them, and what their flights entered.
    flights
        Those to show, by ids; that of a repeated flight or of a stream means all of its
        flights.
    zones
        Those to show, with the operations that they cover, and those sites alone that
        such an operation came over. The map is about them then, and otherwise about the
        flights that are asked for, if any are.

    Raises
    ------
    InputError
        If there is no party, flight or zone of a name.
    """
    chosen = _choose(run, select(run, parties, flights, zones), only_zones=zones is not None)
    footprints = [
        *planned_footprints(run.plan, chosen.operations),
        *true_footprints(run, chosen.operations),
        *declared_footprints(run, chosen.zones),
        *(one for one in told_footprints(run, chosen.zones) if one.party in chosen.parties),
    ]
    tracks = [*drawn_tracks(run, chosen.flights)]
    sites = [drawn_site(run.plan.sites[one]) for one in chosen.sites]
    focus: Focus = "zones" if zones is not None else "everything" if flights is None else "flights"
    projection, reach_m = _plane(*_about(focus, footprints, tracks, sites))
    entries = drawn_entries(run, chosen.flights, chosen.zones, chosen.operations)
    sampled = _Sampler(run.plan.vertical, max(STEP_M, reach_m / _PIECES))
    flown = {one.flight: one.track for one in tracks if one.kind == "flown"}
    return Places(
        footprints=tuple(sorted(footprints, key=_by_time)),
        tracks=tuple(sampled.track(one) for one in tracks),
        sites=tuple(sites),
        entries=tuple(
            sampled.entry(one, flown)
            for one in sorted(entries, key=_by_time)
            if one.kind != "site_incursion" or one.who in chosen.sites
        ),
        projection=projection,
        span=(0.0, run.plan.horizon),
        focus=focus,
    )


class _Choice(NamedTuple):
    """The ids of what is shown, in the order of the scenario."""

    parties: frozenset[str]
    flights: frozenset[str]
    zones: frozenset[str]
    operations: frozenset[str]
    sites: tuple[str, ...]


def _choose(run: Run, selection: Selection, *, only_zones: bool) -> _Choice:
    """Choose what concerns the parties, flights and zones that are selected."""
    flights = frozenset(
        flight.id
        for flight in run.flights.values()
        if selection.has_flight(flight.id) and selection.has_party(flight.party)
    )
    zones = frozenset(
        zone.id
        for zone in run.plan.zones.values()
        if selection.has_zone(zone.id)
        and (selection.parties is None or _concerns(run, zone, selection.parties, flights))
    )
    covered = {run.plan.zones[zone].covers for zone in zones}
    came_in = {one.operation for one in run.incursions if one.flight in flights}
    operations = frozenset(
        one.id
        for one in run.plan.operations.values()
        if one.id in covered
        or (not only_zones and (one.id in came_in or selection.has_party(one.party)))
    )
    over = {one.site for one in run.site_incursions if one.operation in operations}
    return _Choice(
        selection.parties or frozenset(run.scenario.parties),
        flights,
        zones,
        operations,
        tuple(
            site.id
            for site in run.plan.sites.values()
            if selection.has_party(site.party) and (not only_zones or site.id in over)
        ),
    )


def _concerns(
    run: Run, zone: PlannedZone, parties: Collection[str], flights: Collection[str]
) -> bool:
    """Tell whether a zone is one of parties', is held by them, or was entered by flights."""
    return (
        zone.party in parties
        or not held(run.journal, zone.id).keys().isdisjoint(parties)
        or any(one.zone == zone.id and one.flight in flights for one in run.violations)
    )


class _Sampler(NamedTuple):
    """Adds places between the points of tracks, so far apart at most."""

    vertical: Vertical
    step_m: float

    def track(self, drawn: DrawnTrack) -> DrawnTrack:
        return replace(drawn, samples=samples(drawn.track, self.vertical, self.step_m))

    def entry(self, drawn: DrawnEntry, flown: Mapping[str, Track]) -> DrawnEntry:
        if drawn.kind == "site_incursion":
            return drawn
        within = flown[drawn.who].cut(drawn.start, drawn.end)
        return replace(drawn, samples=samples(within, self.vertical, self.step_m))


def _by_time(drawn: DrawnFootprint | DrawnEntry) -> tuple[float, str]:
    return drawn.start, drawn.id


def _about(
    focus: Focus,
    footprints: Iterable[DrawnFootprint],
    tracks: Iterable[DrawnTrack],
    sites: Iterable[DrawnSite],
) -> tuple[list[DrawnFootprint | DrawnSite], list[DrawnTrack], list[DrawnSite]]:
    """Give what has outlines, what has tracks, and what places, of what a map is about."""
    if focus == "flights" and (about := list(tracks)):
        return [], about, []
    return [*footprints, *sites], [] if focus == "zones" else [*tracks], [*sites]


def _plane(
    outlined: Iterable[DrawnFootprint | DrawnSite],
    tracks: Iterable[DrawnTrack],
    sites: Iterable[DrawnSite],
) -> tuple[Projection, float]:
    """Give the projection about the middle of everything, and how far from there it reaches."""
    lines = {id(line): line for one in outlined for line in one.outlines}
    corners = [line.exterior.T for line in lines.values()]
    corners += [one.track.points[1:3] for one in tracks]
    corners += [np.array([site.place]).T for site in sites]
    if not corners:
        return Projection(Position(0.0, 0.0)), 0.0
    lon, lat = np.concatenate(corners, axis=1)
    centre = middle_of(lon, lat)
    return Projection(centre), float(inverse(*centre, lon, lat).distance.max())


def _cut_entry(entry: DrawnEntry, track: Track, start: float, end: float) -> DrawnEntry:
    """Keep the part of a stay from one instant to another; it is marked where that begins."""
    way = _cut(entry.samples, track, start, end)
    place = entry.place if entry.start >= start else Position(float(way[0, 1]), float(way[0, 2]))
    return replace(entry, place=place, samples=way)


def _cut(samples_: Floats, track: Track, start: float, end: float) -> Floats:
    """Keep the part of a track's samples from one instant to another, exact at its ends."""
    time = samples_[:, 0]
    ends = np.array([max(start, time[0]), min(end, time[-1])])
    height = np.interp(ends, time, samples_[:, 3])
    first, last = np.stack([ends, *track.places(ends), height], axis=-1)
    between = samples_[(time > ends[0]) & (time < ends[1])]
    return np.concatenate([[first], between, [last]])
