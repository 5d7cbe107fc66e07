"""Tracks, entries and sites to draw: where flights were to go and went, and where they came in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.model.journal import FlightFlown
from sim.plots.drawn import DrawnEntry, DrawnSite, DrawnTrack
from sim.plots.footprints import lines_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sim.findings.run import Run
    from sim.findings.violations import Incursion, Violation
    from sim.geometry.earth import Floats
    from sim.geometry.track import Track
    from sim.scenario.planned import PlannedSite
    from sim.units import Position

_NO_SAMPLES = np.empty((0, 4))


def drawn_tracks(run: Run, flights: Collection[str]) -> Iterator[DrawnTrack]:
    """Give planned and flown tracks of flights, their samples still to be added."""
    flown = {one.flight: one.track for one in run.journal.of(FlightFlown)}
    for flight in run.flights.values():
        if flight.id not in flights:
            continue
        planned = DrawnTrack(
            id=f"planned:{flight.id}",
            kind="planned",
            flight=flight.id,
            party=flight.party,
            track=flight.track,
            samples=_NO_SAMPLES,
        )
        yield planned
        if flight.id in flown:
            track = flown[flight.id]
            yield replace(
                planned,
                id=f"flown:{flight.id}",
                kind="flown",
                track=track,
                differs=not _same_way(track, flight.track),
            )


def drawn_entries(
    run: Run, flights: Collection[str], zones: Collection[str], operations: Collection[str]
) -> Iterator[DrawnEntry]:
    """Give entries of flights into zones and operations, and of operations over sites.

    The samples of the flights' are still to be added.
    """
    for violation in run.violations:
        if violation.zone in zones and violation.flight in flights:
            yield _entry("violation", violation, violation.zone)
    for incursion in run.incursions:
        if incursion.operation in operations and incursion.flight in flights:
            yield _entry("incursion", incursion, incursion.operation)
    for over in run.site_incursions:
        if over.operation in operations:
            yield DrawnEntry(
                id=over.id,
                kind="site_incursion",
                who=over.site,
                inside=over.operation,
                cause=over.cause,
                start=over.start,
                end=over.start + over.duration_s,
                place=_middle(run.plan.sites[over.site]),
                samples=_NO_SAMPLES,
            )


def drawn_site(site: PlannedSite) -> DrawnSite:
    """Give a site, marked in its middle."""
    return DrawnSite(
        id=site.id,
        party=site.party,
        place=_middle(site),
        outlines=() if site.footprint is None else lines_of(site.footprint),
        start=site.window[0],
        end=site.window[1],
    )


def _entry(kind: str, stay: Violation | Incursion, inside: str) -> DrawnEntry:
    return DrawnEntry(
        id=stay.id,
        kind=kind,
        who=stay.flight,
        inside=inside,
        cause=stay.cause,
        start=stay.entry,
        end=stay.entry + stay.duration_s,
        place=stay.entry_position,
        samples=_NO_SAMPLES,
    )


def _middle(site: PlannedSite) -> Position:
    if site.place is not None:
        return site.place
    assert site.footprint is not None, "a site without a place has a footprint"
    return site.footprint.cap.centre


def _same_way(track: Track, other: Track) -> bool:
    """Tell whether two tracks have the same places, one after another, at whatever times."""
    return np.array_equal(_distinct(track), _distinct(other))


def _distinct(track: Track) -> Floats:
    """Give the places of a track, shape (2, n), each once where it stays."""
    places = track.points[1:3]
    goes_on = np.append(True, (np.diff(places, axis=1) != 0.0).any(axis=0))
    found: Floats = places[:, goes_on]
    return found
