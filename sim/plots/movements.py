"""Rows of flights, one by one or many in a strip, and of people on the ground."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.model.journal import Disseminated, FlightActed, FlightFlown, UnitReacted
from sim.plots.rows import Bar, Mark, Row, notice_gid
from sim.report.wording import BRIEFLY, Clock, counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sim.findings.run import Run
    from sim.findings.violations import Stay
    from sim.geometry.track import Track


class Movements:
    """Makes the rows of one run's flights and sites.

    Parameters
    ----------
    run
        The run.
    zones
        The zones that are shown, whose violations are; None for all.
    """

    def __init__(self, run: Run, zones: Collection[str] | None = None) -> None:
        self._run = run
        self._clock = Clock.of(run.scenario)
        self._flown = {record.flight: record.track for record in run.journal.of(FlightFlown)}
        self._entries = _by_flight(run, zones)
        self._told = _by_unit(run, zones)
        self._acted: dict[str, list[FlightActed]] = {}
        for acted in run.journal.of(FlightActed):
            if zones is None or acted.zone in zones:
                self._acted.setdefault(acted.flight, []).append(acted)

    def spans(self, flight: str) -> Iterator[tuple[float, float]]:
        """Give from when to when a flight is planned, and flown if it is."""
        for track in (self._run.flights[flight].track, self._flown.get(flight)):
            if track is not None:
                yield track.start, track.end

    def hears(self, flight: str) -> Iterator[float]:
        """Give when a flight's crew is told something."""
        return (record.at for record in self._told.get(self._run.flights[flight].unit, ()))

    def flight_row(self, flight: str) -> Row:
        """Tell when one flight was planned and flown, where it entered, and what it was told."""
        planned = self._run.flights[flight].track
        bars = [
            Bar(
                f"flight:{flight}/planned",
                "planned",
                planned.start,
                planned.end,
                f"{flight} as planned, {self._clock.span(planned.start, planned.end)}",
            )
        ]
        track = self._flown.get(flight)
        if track is not None:
            bars.append(_flown_bar(flight, track, self._clock))
        bars += self._entry_bars((flight,))
        marks = sorted(self._heard_marks((flight,)), key=lambda mark: mark.at)
        return Row(
            f"flight:{flight}",
            "flight",
            flight,
            tuple(bars),
            tuple(marks),
            members=(flight,),
            note="" if track is not None else "did not fly",
        )

    def strip_row(self, id_: str, name: str, flights: Sequence[str]) -> Row:
        """Tell how many of many flights were in the air, and which entered something."""
        tracks = [self._flown[flight] for flight in flights if flight in self._flown]
        counts = airborne(tracks)
        most = max((number for _, number in counts), default=0)
        return Row(
            id_,
            "strip",
            name,
            tuple(self._entry_bars(flights)),
            tuple(sorted(self._heard_marks(flights), key=lambda mark: mark.at)),
            counts,
            tuple(flights),
            f"{counted(len(flights), 'flight')}, {most} at once",
        )

    def site_row(self, site: str) -> Row:
        """Tell when people are at a site, and when operations were over them."""
        start, end = self._run.plan.sites[site].window
        horizon = self._run.plan.horizon
        present = Bar(
            f"site:{site}",
            "present",
            max(start, 0.0),
            min(end, horizon),
            f"people at {site}, {self._clock.span(start, end)}",
        )
        over = [
            Bar(
                f"site-incursion:{one.id}",
                "site-incursion",
                one.start,
                one.start + one.duration_s,
                f"{one.id}: {one.operation} over {site}"
                f" from {self._clock.second(one.start)}, {BRIEFLY[one.cause]}: {one.detail}",
                cause=one.cause,
            )
            for one in self._run.site_incursions
            if one.site == site
        ]
        marks = tuple(_heard(one) for one in self._told.get(site, ()))
        return Row(f"site:{site}", "site", site, (present, *over), marks)

    def _entry_bars(self, flights: Sequence[str]) -> list[Bar]:
        """Give what flights entered, by entry; a violation stands before the incursions in it."""
        found = [bar for flight in flights for bar in self._entries.get(flight, ())]
        return [
            Bar(
                f"{kind}:{stay.id}",
                kind,
                stay.entry,
                stay.entry + stay.duration_s,
                f"{stay.id}: {stay.flight} in {place} from {self._clock.second(stay.entry)},"
                f" {BRIEFLY[stay.cause]}: {stay.detail}",
                cause=stay.cause,
            )
            for kind, place, stay in sorted(found, key=lambda one: (one[2].entry, one[0][0] == "i"))
        ]

    def _heard_marks(self, flights: Sequence[str]) -> Iterator[Mark]:
        for unit in dict.fromkeys(self._run.flights[flight].unit for flight in flights):
            yield from (_heard(record) for record in self._told.get(unit, ()))
        for flight in flights:
            for acted in self._acted.get(flight, ()):
                said = "found nothing to do" if acted.action == "none" else f"chose {acted.action}"
                about = f"{flight} {said} about {acted.zone} v{acted.version}"
                gid = f"flight:{flight}/acted/{acted.zone}/v{acted.version}"
                yield Mark(gid, "acted", acted.at, about, acted.action)


def airborne(tracks: Sequence[Track]) -> tuple[tuple[float, int], ...]:
    """Count the tracks being flown from each instant on at which their number changes."""
    changes: Counter[float] = Counter()
    for track in tracks:
        changes[track.start] += 1
        changes[track.end] -= 1
    counts, number = [], 0
    for at, change in sorted(changes.items()):
        number += change
        if change:
            counts.append((at, number))
    return tuple(counts)


def _flown_bar(flight: str, track: Track, clock: Clock) -> Bar:
    about = f"{flight} as flown, {clock.span(track.start, track.end)}"
    return Bar(f"flight:{flight}", "flown", track.start, track.end, about)


_Entered = dict[str, list[tuple[str, str, "Stay"]]]


def _by_flight(run: Run, zones: Collection[str] | None) -> _Entered:
    """Give the violations and incursions of each flight, with what they were of."""
    found: _Entered = {}
    for stay in run.violations:
        if zones is None or stay.zone in zones:
            found.setdefault(stay.flight, []).append(("violation", stay.zone, stay))
    covered = None if zones is None else {run.plan.zones[zone].covers for zone in zones}
    for came in run.incursions:
        if covered is None or came.operation in covered:
            found.setdefault(came.flight, []).append(("incursion", came.operation, came))
    return found


_Told = dict[str, list[Disseminated | UnitReacted]]


def _by_unit(run: Run, zones: Collection[str] | None) -> _Told:
    """Give what each unit was told, and how it reacted."""
    found: _Told = {}
    heard: list[Disseminated | UnitReacted] = [*run.journal.of(Disseminated)]
    for record in (*heard, *run.journal.of(UnitReacted)):
        if zones is None or record.zone in zones:
            found.setdefault(record.unit, []).append(record)
    return found


def _heard(record: Disseminated | UnitReacted) -> Mark:
    kind, said = "told", "was told of"
    if isinstance(record, UnitReacted):
        kind, said = ("heeded", "heeded") if record.heeded else ("disregarded", "disregarded")
    gid = notice_gid(record.zone, record.notice, record.version, record.party, record.sending)
    about = f"{record.unit} {said} {record.zone} v{record.version}"
    return Mark(f"{gid}/{kind}/{record.unit}", kind, record.at, about)
