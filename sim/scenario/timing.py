"""Faults in time: what ends before it begins, and what lies outside the scenario's time."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.bulk import FROM
from sim.scenario.tree import Complaint
from sim.units import Time, show_duration, show_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.distributions import Distribution
    from sim.scenario import schema
    from sim.scenario.channels import Channel
    from sim.scenario.flights import Flight
    from sim.scenario.tree import Path

_MOST_SPELLS = 100_000  # of one channel in a run, which takes seconds
_QUANTILES = 50
_MOST_MOVEMENTS = 20_000  # of one stream in a run; a continent has as many flights a day
_DAY_S = 86_400.0
_EPSILON_S = 1e-6  # below what two roundings of Unix time can differ by


class _Span(NamedTuple):
    """When a scenario starts, in Unix time, and how long it lasts, s."""

    start: float
    length: float

    def __str__(self) -> str:
        ends = show_instant(self.start + self.length)
        return f"the scenario ({show_instant(self.start)} to {ends})"


def timing_complaints(scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of windows that end before they begin, and of what is too early or too late."""
    span = _Span(scenario.start_unix, scenario.end.since(scenario.start_unix))
    if span.length <= 0.0:
        yield Complaint(("end",), *_order(scenario.start, scenario.end, span.start))
        return
    for id_, operation in scenario.operations.items():
        yield from _operation(("operations", id_), operation, span)
    for id_, zone in scenario.zones.items():
        yield from _zone(("zones", id_), zone, scenario, span)
    yield from _zone_files(scenario, span)
    for id_, flight in scenario.flights.items():
        departs = flight.departs or _departure(scenario, id_)
        if departs is not None:
            yield from _flight(("flights", id_), flight, departs, span)
        yield from _legs(("flights", id_), flight)
    for id_, site in scenario.sites.items():
        if site.present is not None:
            window = site.present
            yield from _ends_first(("sites", id_, "present"), window.start, window.end, span.start)
    for id_, stream in scenario.traffic.items():
        yield from _stream(("traffic", id_), stream, scenario)
    for id_, channel in scenario.channels.items():
        yield from _channel(("channels", id_), channel, span)


def _operation(here: Path, operation: schema.Operation, span: _Span) -> Iterator[Complaint]:
    path, window = (*here, "window"), operation.window
    wrong = [*_ends_first(path, window.start, window.end, span.start)]
    yield from wrong or _late(
        path, "the operation begins", window.start, span, by=-operation.slip.lower
    )
    yield from _early(
        path,
        "the operation may begin",
        window.start,
        span.start,
        by=-operation.slip.lower,
        unbounded=((*here, "slip"), "min"),
    )
    if operation.moved is not None:
        ahead = operation.moved.decided
        path, what = (*here, "moved", "decided"), "the move is decided"
        yield from _early(path, what, window.start, span.start, by=ahead)


def _zone(
    here: Path, zone: schema.Zone, scenario: schema.Scenario, span: _Span
) -> Iterator[Complaint]:
    wrong = [*_zone_window((*here, "window"), zone.window, span)]
    yield from wrong
    if zone.issued is not None:
        yield from _early((*here, "issued"), "the zone is issued", zone.issued, span.start)
        yield from _late((*here, "issued"), "the zone is issued", zone.issued, span)
    begins, before = _declared_start(zone, scenario)
    for key, notice in zone.notices.items():
        there = (*here, "notices", key)
        if notice.at is not None:
            yield from _early((*there, "at"), _DRAFTED, notice.at, span.start)
            yield from _late((*there, "at"), _DRAFTED, notice.at, span)
        elif notice.lead is not None and begins is not None and not wrong:
            yield from _lead((*there, "lead"), notice.lead, begins, before, span)


_DRAFTED = "the notice is drafted"


def _zone_files(scenario: schema.Scenario, span: _Span) -> Iterator[Complaint]:
    """Complain of files of whose zones others are told too early or too late."""
    for place, file in enumerate(scenario.zone_files):
        if file.at is not None:
            path: Path = ("zones", FROM, place, "at")
            yield from _early(path, "they are told", file.at, span.start)
            yield from _late(path, "they are told", file.at, span)


def _zone_window(path: Path, window: schema.ZoneWindow | None, span: _Span) -> Iterator[Complaint]:
    """Complain of a window of a zone's own of which nothing lies within the scenario."""
    if window is None or window.start is None:
        return
    if wrong := [*_ends_first(path, window.start, window.end, span.start)]:
        yield from wrong
        return
    yield from _late(path, "the zone begins", window.start, span)
    begins = window.start.since(span.start)
    ends = window.end.since(span.start) if window.end else begins + (window.duration or 0.0)
    if ends <= _EPSILON_S:
        yield Complaint(
            path,
            f"the zone ends at {show_instant(span.start + ends)}, before {span} begins",
            "make it later, or let the scenario start earlier",
        )


def _lead(
    path: Path, lead: Distribution, begins: Time, before: float, span: _Span
) -> Iterator[Complaint]:
    """Complain of a lead before a zone's start, itself ``before`` seconds ahead of ``begins``."""
    yield from _early(
        path,
        "the notice may have to be drafted",
        begins,
        span.start,
        by=before + lead.upper,
        unbounded=(path, "max"),
    )
    if begins.since(span.start) - before < span.length:  # or the zone is late itself
        yield from _late(path, _DRAFTED, begins, span, by=before + lead.upper)


def _declared_start(zone: schema.Zone, scenario: schema.Scenario) -> tuple[Time | None, float]:
    """Give the instant from which a zone's start is counted, and how long before it lies."""
    if zone.window is not None and zone.window.start is not None:
        return zone.window.start, 0.0
    covered = scenario.operations.get(zone.covers or "")
    if covered is None:
        return None, 0.0
    pad = zone.window.pad if zone.window else None
    return covered.window.start, pad.before if pad else 0.0


def _departure(scenario: schema.Scenario, id_: str) -> Time | None:
    """Give when a flight with a track of its own times departs, or the scenario starts.

    None where that is unknown, or after the end: then it is no part of the scenario.
    """
    track = scenario.sides.tracks.get(id_)
    ends = scenario.start_unix + scenario.end.since(scenario.start_unix)
    if track is None or track.start >= ends:
        return None
    return Time(max(track.start, scenario.start_unix), relative=False)


def _flight(here: Path, flight: Flight, departs: Time, span: _Span) -> Iterator[Complaint]:
    path, by = (*here, "departs"), -flight.repeat.jitter.lower if flight.repeat else 0.0
    yield from _late(path, "the flight departs", departs, span, by)
    yield from _early(
        path,
        "the flight may depart",
        departs,
        span.start,
        by,
        unbounded=((*here, "repeat", "jitter"), "min"),
    )


def _stream(here: Path, stream: schema.Traffic, scenario: schema.Scenario) -> Iterator[Complaint]:
    """Complain of a stream whose window cannot be, or that is too many movements to be one."""
    start = scenario.start_unix
    begins, ends = 0.0, scenario.end.since(start)
    if stream.window is not None:
        window = stream.window
        yield from _ends_first((*here, "window"), window.start, window.end, start)
        yield from _early((*here, "window"), "the first may depart", window.start, start)
        begins = window.start.since(start)
        last = window.end.since(start) if window.end else begins + (window.duration or 0.0)
        ends = min(ends, last)
    expected = stream.rate * (ends - begins)
    if expected > _MOST_MOVEMENTS:
        yield Complaint(
            (*here, "rate"),
            f"this makes {expected:.0f} movements: expected {_MOST_MOVEMENTS} or fewer",
            "lower the rate, or give it a shorter window",
        )


def _channel(here: Path, channel: Channel, span: _Span) -> Iterator[Complaint]:
    if channel.failures is not None:
        law = channel.failures
        yield from _spells((*here, "failures"), law.after, law.repair, span)
    if channel.bursts is not None:
        spells = channel.bursts
        yield from _spells((*here, "bursts"), spells.every, spells.lasting, span)


def _spells(
    here: Path, between: Distribution, lasting: Distribution, span: _Span
) -> Iterator[Complaint]:
    """Complain of spells that follow each other so fast that a run would never end."""
    cycle = _typical(between) + _typical(lasting)
    if cycle * _MOST_SPELLS < span.length:
        yield Complaint(
            here,
            f"one follows another too soon: expected {_MOST_SPELLS} or fewer in {span}",
            "let them be rarer, or last longer",
        )


def _typical(law: Distribution) -> float:
    """Give the mean of a time, about: that of its quantiles at even steps."""
    return sum(max(0.0, law.ppf((k + 0.5) / _QUANTILES)) for k in range(_QUANTILES)) / _QUANTILES


def _legs(here: Path, flight: Flight) -> Iterator[Complaint]:
    """Complain of legs whose speed is unknown or given twice, and of times that do not rise."""
    route = flight.route
    if any(point.time is not None for point in route):
        if route[0].time:
            yield Complaint((*here, "route", 0, "time"), "the first time is 0 s, the departure")
        for place, (one, other) in enumerate(pairwise(route), start=1):
            if other.time is None:
                yield Complaint(
                    (*here, "route", place),
                    "time is missing: expected one at every waypoint after the first, or at none",
                )
            elif other.time <= (one.time or 0.0):
                yield Complaint(
                    (*here, "route", place, "time"),
                    f"times must rise, and {show_duration(other.time)} does not come after "
                    f"{show_duration(one.time or 0.0)}",
                )
        for place, point in enumerate(route):
            if point.speed is not None:
                yield Complaint(
                    (*here, "route", place, "speed"), "the times give the speed: expected no other"
                )
        return
    if route and flight.speed is None and route[0].speed is None:
        yield Complaint(here, "speed is missing: expected such as 420 kt, or times at waypoints")


def _ends_first(path: Path, begins: Time, ends: Time | None, start: float) -> Iterator[Complaint]:
    if ends is not None and ends.since(start) <= begins.since(start):
        yield Complaint(path, *_order(begins, ends, start))


def _order(begins: Time, ends: Time, start: float) -> tuple[str, str]:
    """Say that something ends before it begins, and what to write instead."""
    first, last = begins.since(start), ends.since(start)
    relation = "the same as" if first == last else "before"
    message = f"end {show_instant(start + last)} is {relation} start {show_instant(start + first)}"
    if last < first < last + _DAY_S:
        return message, f"write {show_instant(start + last + _DAY_S)} if it is on the next day"
    return message, "let it end later"


def _early(
    path: Path,
    what: str,
    anchor: Time,
    start: float,
    by: float = 0.0,
    unbounded: tuple[Path, str] = ((), ""),
) -> Iterator[Complaint]:
    """Complain of what is due ``by`` seconds before ``anchor`` if that is before the start."""
    if math.isinf(by) and by > 0.0:
        where, bound = unbounded
        yield Complaint(
            where,
            f"{what} any time before the scenario's start: this distribution has no {bound}",
            f"give it a {bound}",
        )
        return
    due = anchor.since(start) - by
    if due < -_EPSILON_S:
        hint = (
            f"let it be {show_duration(math.ceil(-due))} later"
            if anchor.relative
            else f"start the scenario at {show_instant(start + due)} or earlier"
        )
        yield Complaint(
            path,
            f"{what} at {show_instant(start + due)}, before the scenario's start "
            f"{show_instant(start)}",
            hint,
        )


def _late(path: Path, what: str, anchor: Time, span: _Span, by: float = 0.0) -> Iterator[Complaint]:
    """Complain of what is due at the earliest ``by`` seconds before ``anchor`` if that is late."""
    due = anchor.since(span.start) - by
    if due > span.length - _EPSILON_S:
        at_least = " or later" if by else ""
        yield Complaint(
            path,
            f"{what} at {show_instant(span.start + due)}{at_least}, when {span} is over",
            "make it earlier, or let the scenario end later",
        )
