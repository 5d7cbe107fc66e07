"""Visits: when one track is inside one volume, for the few that somebody flying looks at.

They are the stays that :func:`~sim.geometry.crossing.find_crossings` finds among many, to the
last bit: the same steps, taken in plain numbers, which for a single pair cost a
fiftieth of what columns do. What depends on the way over ground alone is solved
there, and kept with it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import VerticalError
from sim.geometry.altitude import band_above
from sim.geometry.crossing import find_crossings
from sim.geometry.ground import solve_all
from sim.geometry.stays import INSTANT_S, LEVEL_M
from sim.geometry.track import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.geometry.altitude import Vertical
    from sim.geometry.ground import Stretch
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume

ALWAYS = (-inf, inf)


class Visit(NamedTuple):
    """A maximal stay from ``entry`` to ``exit`` (s), and the legs at its ends."""

    entry: float
    exit: float
    first: int
    last: int


class _Stay(NamedTuple):
    """A stay on one way; sorted by time."""

    entry: float
    exit: float
    leg: int
    deep: bool
    level_m: float


def find_visits(
    track: Track,
    volume: Volume,
    vertical: Vertical | None,
    window: tuple[float, float] | None = None,
) -> Sequence[Visit]:
    """Find every stay of a track inside a volume, by entry.

    Parameters
    ----------
    track, volume
        Who flies, and inside what.
    vertical
        Settings that bring altitudes of different references on one axis.
    window
        When the volume is in force; by default as it says itself.

    Raises
    ------
    VerticalError
        As :func:`~sim.geometry.crossing.find_crossings` does.
    """
    opens, closes = window or volume.window
    time = track.time
    if not (time[0] < closes and time[-1] > opens):
        return ()
    inside = track.ground.inside(volume.footprint)
    if not inside.stretches:
        return ()
    try:
        floor, ceiling = band_above(track.reference, volume.band, vertical)
    except VerticalError:
        find_crossings([track], [volume], vertical)  # raises, if that matters
        return ()
    altitudes, window = track.altitude_m.tolist(), (opens, closes)
    lowest, highest = min(altitudes), max(altitudes)
    if not (lowest < ceiling and highest > floor):
        return ()
    if lowest == highest and inside.runs is not None:
        level = min(highest - floor, ceiling - lowest)
        visits = _on_runs(time.tolist(), inside.runs, window) if level > LEVEL_M else []
        if visits is not None:
            return visits
    stays = list(_stays(track, inside.stretches, (floor, ceiling), window))
    return _merged(stays) if stays else ()


def look_ahead(tracks: Sequence[Track], volumes: Sequence[Volume], nearly_s: float) -> None:
    """Solve at once where tracks fly through volumes; later visits find it kept.

    Only what is flown while a volume is in force, or at most ``nearly_s`` seconds
    before or after, is looked at.
    """
    times = np.array([(track.time[0], track.time[-1]) for track in tracks]).reshape(-1, 2)
    windows = np.array([volume.window for volume in volumes]).reshape(-1, 2)
    wanted = times[:, :1] < windows[:, 1] + nearly_s
    wanted &= times[:, 1:] > windows[:, 0] - nearly_s
    if wanted.any():
        grounds = [track.ground for track in tracks]
        solve_all(grounds, [volume.footprint for volume in volumes], wanted)


def entry_state(track: Track, visit: Visit) -> State:
    """Give where a visit begins, and the altitude there."""
    leg, time, altitude = visit.first, track.time, track.altitude_m
    share = float((visit.entry - time[leg]) / (time[leg + 1] - time[leg]))
    lon, lat = track.ground.place(leg, share)
    if share == 1.0:
        return State(lon, lat, float(altitude[leg + 1]))
    before, after = altitude[leg], altitude[leg + 1]
    return State(lon, lat, float(before + share * (after - before)))


def _on_runs(
    times: list[float],
    runs: Iterable[tuple[Stretch, Stretch]],
    window: tuple[float, float],
) -> list[Visit] | None:
    """Intersect unbroken runs of a level track with a window; None where they are to be joined."""
    opens, closes = window
    found: list[Visit] = []
    latest = -inf
    for head, tail in runs:
        leg, begin, end, share, _, _ = head
        entry = _instant(share, _between(times, leg, begin), _between(times, leg, end))
        last, begin, end, _, share, _ = tail
        exit_ = _instant(share, _between(times, last, begin), _between(times, last, end))
        if entry <= latest + INSTANT_S:
            return None
        latest = exit_
        if entry < opens:
            entry, leg = opens, bisect_right(times, opens) - 1
        if exit_ > closes:
            exit_, last = closes, bisect_left(times, closes) - 1
        if entry < exit_:
            found.append(Visit(entry, exit_, leg, last))
    return found


def _stays(
    track: Track,
    stretches: Iterable[Stretch],
    band: tuple[float, float],
    window: tuple[float, float],
) -> Iterable[_Stay]:
    """Intersect stretches with altitudes and a window; see `sim.geometry.stays`."""
    (floor, ceiling), (opens, closes) = band, window
    times, altitudes = track.time.tolist(), track.altitude_m.tolist()
    for leg, way_begin, way_end, share_in, share_out, deep in stretches:
        begin, end = (_between(times, leg, share) for share in (way_begin, way_end))
        if begin >= closes or end <= opens:
            continue
        low, high = (_between(altitudes, leg, share) for share in (way_begin, way_end))
        level = min(max(low, high) - floor, ceiling - min(low, high))
        if not level > 0.0:
            continue
        entry, exit_ = _instant(share_in, begin, end), _instant(share_out, begin, end)
        if low != high:
            rises, sinks = (floor - low) / (high - low), (ceiling - low) / (high - low)
            if high < low:
                rises, sinks = sinks, rises
            if not rises < sinks:
                continue
            if rises >= 0.0:
                entry = max(entry, _instant(rises, begin, end))
            if sinks <= 1.0:
                exit_ = min(exit_, _instant(sinks, begin, end))
        entry, exit_ = max(entry, opens), min(exit_, closes)
        if entry < exit_:
            yield _Stay(entry, exit_, leg, deep, level)


def _between(column: Sequence[float], leg: int, share: float) -> float:
    """Interpolate between the ends of a leg; exact at both."""
    before, after = column[leg], column[leg + 1]
    return after if share == 1.0 else before + share * (after - before)


def _instant(share: float, begin: float, end: float) -> float:
    """Give the instant at a share of a way, exact at its ends; beyond those, the ends."""
    if share <= 0.0:
        return begin
    return end if share >= 1.0 else begin + share * (end - begin)


def _merged(stays: list[_Stay]) -> list[Visit]:
    """Join stays that adjoin, and drop those that never leave the border."""
    stays.sort(key=lambda stay: stay[:3])
    found: list[Visit] = []
    group = [stays[0]]
    latest = stays[0].exit
    for stay in stays[1:]:
        if stay.entry > latest + INSTANT_S:
            found += _visit(group)
            group = []
        group.append(stay)
        latest = max(latest, stay.exit)
    return found + _visit(group)


def _visit(group: Sequence[_Stay]) -> list[Visit]:
    """Make one visit of adjoining stays: from where it first leaves the border to where last."""
    within = [stay for stay in group if stay.deep]
    if not within or max(stay.level_m for stay in group) <= LEVEL_M:
        return []
    last = max(within, key=lambda stay: stay.exit)
    return [Visit(within[0].entry, last.exit, within[0].leg, last.leg)]
