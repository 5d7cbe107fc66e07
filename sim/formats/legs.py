"""Positions to legs: pieces without gaps or jumps, and fewer points within a stated error."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import GeometryError
from sim.geometry.earth import GEOD, Geodesics, inverse
from sim.geometry.track import Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.geometry.earth import Floats

    Indices = NDArray[np.int64]

_RESOLUTION_S = 1.0  # receivers' clocks are no finer: shorter times are taken as this
_PERSISTENT = 3  # positions in a row that agree with each other are no stray ones
_STRETCH = 500  # points of a track that become one leg at most: each step looks at them all


class Pieces(NamedTuple):
    """The indices of the points of each piece, and of the points left out as stray."""

    kept: list[Indices]
    stray: Indices


def pieces(time: Floats, lon: Floats, lat: Floats, gap_s: float, speed: float) -> Pieces:
    """Part points, in order of time, where there are none for too long, or a jump.

    A point that cannot be reached from the last at a speed (m/s) is stray, unless
    the two behind it agree with it: then the track goes on there, in a new piece.
    """
    metres = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:]).distance
    lasting = np.diff(time)
    is_gap = lasting > gap_s
    runs = np.split(np.arange(len(time)), np.flatnonzero(is_gap) + 1)
    if not ((metres > speed * np.maximum(lasting, _RESOLUTION_S)) & ~is_gap).any():
        return Pieces(runs, np.empty(0, dtype=np.int64))
    kept: list[Indices] = []
    stray: list[int] = []
    for run in runs:
        _follow(run, time, lon, lat, speed, kept, stray)
    return Pieces(kept, np.array(stray, dtype=np.int64))


def _follow(
    run: Indices,
    time: Floats,
    lon: Floats,
    lat: Floats,
    speed: float,
    kept: list[Indices],
    stray: list[int],
) -> None:
    """Part one run at its jumps."""

    def reaches(a: int, b: int) -> bool:
        metres = float(GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2])
        return metres <= speed * max(float(time[b] - time[a]), _RESOLUTION_S)

    piece: list[int] = []
    elsewhere: list[int] = []
    for at in run.tolist():
        if not piece or reaches(piece[-1], at):
            piece.append(at)
            stray += elsewhere
            elsewhere = []
            continue
        if elsewhere and not reaches(elsewhere[-1], at):
            stray += elsewhere
            elsewhere = []
        elsewhere.append(at)
        if len(elsewhere) >= _PERSISTENT:
            kept.append(np.array(piece))
            piece, elsewhere = elsewhere, []
    stray += elsewhere
    kept.append(np.array(piece))


def thin(track: Track, error_m: float) -> Track:
    """Give a track with fewer points, that is nowhere farther off than an error.

    A point left out lies within ``error_m`` metres, in space, of where the thinned
    track is at that instant. Legs are halved at their worst point until none is
    worse (Meratnia and de By 2004, "top-down time ratio"), all at once.

    Raises
    ------
    GeometryError
        If the error is not a positive number.
    """
    if not (np.isfinite(error_m) and error_m > 0.0):
        raise GeometryError(f"an error to thin within is a positive number, not {error_m:g} m")
    count = len(track.time)
    keep = np.zeros(count, dtype=bool)
    keep[::_STRETCH] = keep[-1] = True
    open_ = np.flatnonzero(~keep)
    while open_.size:
        ends = np.flatnonzero(keep)
        leg = np.searchsorted(ends, open_) - 1
        off = _off(track, ends[leg], ends[leg + 1], open_)
        order = np.lexsort((off, leg))
        worst = order[np.flatnonzero(np.diff(leg[order], append=-1))]  # the last of each leg
        bad = off[worst] > error_m
        keep[open_[worst[bad]]] = True
        open_ = open_[np.isin(leg, leg[worst[bad]]) & ~keep[open_]]
    time, lon, lat, altitude = track.points[:, keep]
    return Track(time, lon, lat, altitude, track.reference)


def _off(track: Track, start: Indices, end: Indices, at: Indices) -> Floats:
    """Give how far points are from where legs between two others are at their instants (m)."""
    time, lon, lat, altitude = track.points
    lasting = np.maximum(time[end] - time[start], np.finfo(float).tiny)
    share = (time[at] - time[start]) / lasting
    legs = Geodesics(lon[start], lat[start], lon[end], lat[end])
    there = legs.at(share * legs.distance)
    climbed = altitude[start] + share * (altitude[end] - altitude[start])
    off: Floats = np.hypot(
        inverse(there.lon, there.lat, lon[at], lat[at]).distance, altitude[at] - climbed
    )
    return off
