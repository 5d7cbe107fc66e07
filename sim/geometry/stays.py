"""Stays: stretches of time inside volumes, on single ways, and those that adjoin joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.ways import ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.lateral import Spans
    from sim.geometry.points import Points
    from sim.geometry.spaces import Spaces
    from sim.geometry.ways import Indices, Ways

    Bools = NDArray[np.bool_]

JOINT, SIDE, FLOOR, LID, WINDOW, TRACK = range(6)
LEVEL_M = 0.001  # what rises no higher above the floor, or below the lid, flies along it
INSTANT_S = 1e-6  # stretches no farther apart are one


class Stays(NamedTuple):
    """Stretches of time inside volumes, columns of shape (k,)."""

    volume: Indices
    entry: Floats
    exit: Floats
    entry_face: Indices
    exit_face: Indices
    first: Indices  # the legs at their ends
    last: Indices
    deep: Bools
    level_m: Floats  # how far they leave floor and lid

    def at(self, which: Indices | Bools) -> Stays:
        """Give some of the stays, in an order."""
        return Stays(*(column[which] for column in self))  # type: ignore[arg-type]


class Flight(NamedTuple):
    """Ways with the times and altitudes at their ends, shape (n,) each."""

    ways: Ways
    begin: Floats
    end: Floats
    low: Floats  # at the beginning
    high: Floats  # at the end

    @classmethod
    def of(cls, points: Points, ways: Ways) -> Flight:
        """Interpolate the points of tracks at the ends of ways; exact at the points."""
        ends = []
        for column in (points.time, points.altitude_m):
            before, after = column[ways.leg], column[ways.leg + 1]
            for share in (ways.begin_share, ways.end_share):
                between = before + share * (after - before)
                ends.append(np.where(share == 1.0, after, between))
        return cls(ways, *ends)


def stays_on_ways(
    spans: Spans, pair: Indices, way: Indices, volume: Indices, flight: Flight, spaces: Spaces
) -> Stays:
    """Intersect lateral spans with the altitudes and the windows of volumes.

    Parameters
    ----------
    spans
        Where ways are inside footprints.
    pair, way, volume
        Ways and volumes that may meet, and for each the way and footprint that
        the spans name, shape (n,).
    """
    counts = np.bincount(spans.pair, minlength=int(pair.max()) + 1)
    order = np.argsort(spans.pair, kind="stable")
    owner, place = ranges((np.cumsum(counts) - counts)[pair], counts[pair])
    span, way, volume = order[place], way[owner], volume[owner]
    floor, ceiling = spaces.floor[volume], spaces.ceiling[volume]
    low, high = flight.low[way], flight.high[way]
    climbs, (rises, sinks) = high > low, _in_band(low, high, floor, ceiling)
    shares = np.stack([spans.begin[span], spans.end[span], rises, sinks])
    entry, exit_, risen, sunk = _instants(shares, flight.begin[way], flight.end[way])
    entry_face = np.where(shares[0] > 0, SIDE, JOINT)
    exit_face = np.where(shares[1] < 1, SIDE, JOINT)
    later = (rises >= 0) & (risen >= entry)
    entry = np.where(later, risen, entry)
    entry_face = np.where(later, np.where(climbs, FLOOR, LID), entry_face)
    sooner = (sinks <= 1) & (sunk <= exit_)
    exit_ = np.where(sooner, sunk, exit_)
    exit_face = np.where(sooner, np.where(climbs, LID, FLOOR), exit_face)
    opens, closes = spaces.opens[volume], spaces.closes[volume]
    entry_face = np.where(opens >= entry, WINDOW, entry_face)
    exit_face = np.where(closes <= exit_, WINDOW, exit_face)
    entry, exit_ = np.maximum(entry, opens), np.minimum(exit_, closes)
    level = np.minimum(np.maximum(low, high) - floor, ceiling - np.minimum(low, high))
    kept = np.flatnonzero((entry < exit_) & (level > 0) & (rises < sinks))
    leg = flight.ways.leg[way]
    deep = spans.deep[span]
    return Stays(volume, entry, exit_, entry_face, exit_face, leg, leg, deep, level).at(kept)


def _instants(share: Floats, begin: Floats, end: Floats) -> Floats:
    """Give the instants at shares of ways, exact at their ends; beyond those, the ends."""
    inner = begin + np.minimum(np.maximum(share, 0.0), 1.0) * (end - begin)
    return np.where(share <= 0, begin, np.where(share >= 1, end, inner))


def _in_band(low: Floats, high: Floats, floor: Floats, ceiling: Floats) -> tuple[Floats, Floats]:
    """Give the shares of ways between which they are within a band, if they are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        at_floor, at_ceiling = ((limit - low) / (high - low) for limit in (floor, ceiling))
    climbs, level = high > low, low == high
    rises = np.where(level, -np.inf, np.where(climbs, at_floor, at_ceiling))
    sinks = np.where(level, np.inf, np.where(climbs, at_ceiling, at_floor))
    return rises, sinks


def merged(stays: Sequence[Stays], first: Indices) -> tuple[Indices, Stays]:
    """Join stays that adjoin, and drop those that never leave the border.

    Parameters
    ----------
    stays
        Stays on single ways, at least one column of them.
    first
        The first legs of the tracks, shape (m,).

    Returns
    -------
    tuple
        The places of the tracks, shape (k,), and the stays, by track, volume
        and entry.
    """
    all_ = stays[0]
    if len(stays) > 1:
        all_ = Stays(*(np.concatenate(column) for column in zip(*stays, strict=True)))
    track = np.searchsorted(first, all_.first, side="right") - 1
    if len(track) > 1:
        track, all_ = _joined(track, all_)
    kept = all_.deep & (all_.level_m > LEVEL_M)
    return track[kept], all_.at(kept)


def _joined(track: Indices, all_: Stays) -> tuple[Indices, Stays]:
    order = np.lexsort((all_.first, all_.exit, all_.entry, all_.volume, track))
    track, all_ = track[order], all_.at(order)
    fresh = np.ones(len(track), dtype=bool)
    np.not_equal(track[1:], track[:-1], out=fresh[1:])
    fresh[1:] |= all_.volume[1:] != all_.volume[:-1]
    tail = _latest(np.cumsum(fresh), all_.exit)
    fresh[1:] |= all_.entry[1:] > all_.exit[tail[:-1]] + INSTANT_S
    start = np.flatnonzero(fresh)
    deep = np.logical_or.reduceat(all_.deep, start)
    # A stay lasts from where it first leaves the border to where it last does.
    within = all_.deep | ~np.repeat(deep, np.diff(np.append(start, len(fresh))))
    head = np.minimum.reduceat(np.where(within, np.arange(len(fresh)), len(fresh)), start)
    tail = _latest(np.cumsum(fresh), np.where(within, all_.exit, -np.inf))
    tail = tail[np.append(start[1:], len(fresh)) - 1]
    return track[start], Stays(
        all_.volume[start],
        all_.entry[head],
        all_.exit[tail],
        all_.entry_face[head],
        all_.exit_face[tail],
        all_.first[head],
        all_.last[tail],
        deep,
        np.maximum.reduceat(all_.level_m, start),
    )


def _latest(group: Indices, exit_: Floats) -> Indices:
    """Give for each row the row of its group, up to it, that exits last; of equals the first."""
    count = len(group)
    by_exit = np.lexsort((-np.arange(count), exit_))
    rank = np.empty(count, dtype=np.int64)
    rank[by_exit] = np.arange(count)
    latest = np.maximum.accumulate(group * count + rank)
    found: Indices = by_exit[latest - group * count]
    return found
