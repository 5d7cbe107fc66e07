"""Lanes: everything that a timeline shows of a run, as data, few rows or many."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from sim.plots.messages import Messages
from sim.plots.movements import Movements
from sim.plots.rows import Bar, Lane, Lanes, Link, Mark, Row
from sim.plots.selection import select
from sim.plots.spaces import operation_row, told_row, zone_row
from sim.report.wording import counted, party_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sim.findings.run import Run
    from sim.plots.selection import Instant, Selection

__all__ = ["Bar", "Lane", "Lanes", "Link", "Mark", "Row", "lanes"]

MOST_ROWS = 32  # of a timeline: more are told together
_FEWEST_FLIGHTS = 8  # rows of flights and strips, however many other rows there are
_SPELLS = 1000  # parts of the time shown: failures that lie nearer could not be told apart
_TOGETHER = {"operation": "operations", "zone": "zones", "told": "told zones"}
"""What rows of many of a kind are called."""


def lanes(
    run: Run,
    *,
    parties: Iterable[str] | None = None,
    flights: Iterable[str] | None = None,
    zones: Iterable[str] | None = None,
    between: tuple[Instant, Instant] | None = None,
    most: int = MOST_ROWS,
) -> Lanes:
    """Lay out a run as lanes of parties.

    Those who declare come first, then those who relay, then the others. Where there are
    more rows than ``most``, the flights of a stream share a strip, the largest first,
    then those of a party, and then its operations, its zones and what it was told.

    Parameters
    ----------
    run
        The run.
    parties, flights, zones, between
        What to show, see :func:`sim.plots.selection.select`; without them, all.
    most
        So many rows, or a third more before lanes are left out.

    Raises
    ------
    InputError
        If there is nothing of that name, or at that time.
    """
    return _Layout(run, select(run, parties, flights, zones, between), most).lanes()


class _Layout:
    """Puts together the rows of one run, as far as they are selected."""

    def __init__(self, run: Run, selection: Selection, most: int) -> None:
        self._run = run
        self._chosen = selection
        self._most = most
        self._messages = Messages(run, selection.zones)
        self._movements = Movements(run, selection.zones)

    def lanes(self) -> Lanes:
        """Give the lanes that have any row, and the links between their rows."""
        rows = {party: self._spaces(party) for party in self._in_order()}
        apart_s = (self._chosen.end - self._chosen.start) / _SPELLS
        channels = tuple(self._seen(self._messages.channel_rows(apart_s)))
        number = sum(map(len, rows.values())) + len(channels)
        if number > self._most:
            rows = {party: _together(party, own) for party, own in rows.items()}
            number = sum(map(len, rows.values())) + len(channels)
        for party, more in self._flight_rows(max(_FEWEST_FLIGHTS, self._most - number)).items():
            rows[party] += more
        found = [
            Lane(party, party_name(self._run.scenario, party), tuple(own))
            for party, own in rows.items()
            if own
        ]
        found, left_out = _the_busiest(found, self._most * 4 // 3)
        if channels and self._chosen.parties is None:
            found.append(Lane("", "Channels out of order", channels))
        ids = {row.id for lane in found for row in lane.rows}
        links = self._messages.links(ids, self._row_of_unit(found))
        return Lanes(
            self._chosen.start,
            self._chosen.end,
            tuple(found),
            tuple(link for link in links if self._chosen.is_seen(link.start, link.end)),
            left_out,
        )

    def _in_order(self) -> list[str]:
        """Give the parties shown: declarers, then relays, then the others."""
        zones = [zone for zone in self._run.plan.zones.values() if self._chosen.has_zone(zone.id)]
        declarers = {zone.party for zone in zones}
        declarers |= {one.party for one in self._run.plan.operations.values()}
        relays = {party for notice in self._run.notices for party in notice.route[1::2]}
        return sorted(
            (party for party in self._run.scenario.parties if self._chosen.has_party(party)),
            key=lambda party: (party not in declarers, party not in relays, party),
        )

    def _spaces(self, party: str) -> list[Row]:
        """Give a party's rows but for its flights: what it does, declares, has in hand, holds."""
        plan, chosen = self._run.plan, self._chosen
        zones = [zone for zone in plan.zones.values() if chosen.has_zone(zone.id)]
        covered = {zone.covers for zone in zones}
        rows: list[Row | None] = [
            operation_row(self._run, one.id)
            for one in plan.operations.values()
            if one.party == party and (chosen.zones is None or one.id in covered)
        ]
        rows += [zone_row(self._run, zone.id) for zone in zones if zone.party == party]
        rows.append(self._messages.desk_row(party))
        rows += [told_row(self._run, zone.id, party) for zone in zones]
        rows += [self._movements.site_row(s.id) for s in plan.sites.values() if s.party == party]
        return list(self._seen(row for row in rows if row is not None))

    def _seen(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Leave out what lies outside the time shown, and rows of nothing else."""
        for row in map(self._cut, rows):
            if row.bars or row.marks or row.kind == "desk":
                yield row

    def _cut(self, row: Row) -> Row:
        """Leave out of a row what lies outside the time shown."""
        bars = tuple(bar for bar in row.bars if self._chosen.is_seen(bar.start, bar.end))
        marks = tuple(mark for mark in row.marks if self._chosen.is_seen(mark.at, mark.at))
        return replace(row, bars=bars, marks=marks)

    def _flight_rows(self, most: int) -> dict[str, list[Row]]:
        """Give the rows of flights by party: one each, or strips of those of which are many."""
        rows: dict[str, list[Row]] = {}
        for (party, stream), flights in self._groups(most).items():
            if stream is None:
                made = self._movements.strip_row(f"strip:{party}", "all", flights)
            elif len(flights) > 1:
                made = self._movements.strip_row(f"strip:{stream}", stream, flights)
            else:
                made = self._movements.flight_row(flights[0])
            rows.setdefault(party, []).append(self._cut(made))
        return rows

    def _groups(self, most: int) -> _Groups:
        """Group the flights by party and row; ``None`` stands for all of a party's."""
        flights = self._run.flights
        single: _Groups = {(flights[id_].party, id_): [id_] for id_ in self._flights_shown(most)}
        return _grouped(_grouped(single, most, _stream_of), most, lambda _: None)

    def _flights_shown(self, most: int) -> list[str]:
        """Give the flights that fly while the figure lasts, and those told then if they fit."""
        chosen, flights = self._chosen, self._run.flights
        asked = [
            id_
            for id_, flight in flights.items()
            if chosen.has_flight(id_) and chosen.has_party(flight.party)
        ]
        spans = self._movements.spans
        flying = [id_ for id_ in asked if any(chosen.is_seen(*span) for span in spans(id_))]
        told = {
            id_ for id_ in asked if any(chosen.is_seen(at, at) for at in self._movements.hears(id_))
        }.union(flying)
        return sorted(told if len(told) <= most else flying, key=_numbered)

    def _row_of_unit(self, found: Iterable[Lane]) -> dict[str, str]:
        """Give the row of each unit that has one of its own, its first flight's or its site's."""
        units: dict[str, str] = {}
        for row in (row for lane in found for row in lane.rows):
            if row.kind == "flight":
                units.setdefault(self._run.flights[row.members[0]].unit, row.id)
            elif row.kind == "site":
                units.setdefault(row.label, row.id)
        return units


_Groups = dict[tuple[str, str | None], list[str]]


def _grouped(groups: _Groups, most: int, broader: Callable[[str | None], str | None]) -> _Groups:
    """Merge groups of flights by a broader name, the largest first, until they are few enough."""
    alike: defaultdict[tuple[str, str | None], list[tuple[str, str | None]]] = defaultdict(list)
    for party, name in groups:
        alike[party, broader(name)].append((party, name))
    excess, merged = len(groups) - most, set()
    for broad, several in sorted(alike.items(), key=lambda item: -len(item[1])):
        if excess > 0 and len(several) > 1:
            merged.add(broad)
            excess -= len(several) - 1
    found: _Groups = {}
    for (party, name), flights in groups.items():
        broad = (party, broader(name))
        found.setdefault(broad if broad in merged else (party, name), []).extend(flights)
    return found


def _together(party: str, rows: Sequence[Row]) -> list[Row]:
    """Tell several operations of a party in one row, and likewise zones, and what it was told."""
    found: list[Row] = []
    for kind, alike in groupby(rows, key=lambda row: row.kind):
        several = list(alike)
        if len(several) == 1 or kind not in _TOGETHER:
            found += several
            continue
        bars = tuple(bar for row in several for bar in row.bars)
        marks = tuple(mark for row in several for mark in row.marks)
        label = f"{len(several)} {_TOGETHER[kind]}"
        found.append(Row(f"{kind}s:{party}", kind, label, bars, marks))
    return found


def _the_busiest(found: list[Lane], most: int) -> tuple[list[Lane], str]:
    """Keep the lanes in which most happens, as far as there is room, and count the others."""
    kept: set[str] = set()
    room = most
    for lane in sorted(found, key=_business, reverse=True):
        if not kept or len(lane.rows) <= room:
            kept.add(lane.party)
            room -= len(lane.rows)
    left = len(found) - len(kept)
    said = f"{counted(left, 'party', 'parties')} of whom less is to tell left out" if left else ""
    return [lane for lane in found if lane.party in kept], said


def _business(lane: Lane) -> tuple[int, int]:
    """Rank a lane by what it entered and declared, and by all that lasts in it."""
    bars = [bar for row in lane.rows for bar in row.bars]
    return sum(bool(bar.cause) or bar.kind == "declared" for bar in bars), len(bars)


def _stream_of(name: str | None) -> str | None:
    return None if name is None else name.partition("#")[0]


def _numbered(flight: str) -> tuple[str, int]:
    """Sort ``patrol#10`` after ``patrol#9``."""
    stream, _, number = flight.partition("#")
    return stream, int(number or 0)
