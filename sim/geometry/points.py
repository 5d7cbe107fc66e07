"""Points: those of many tracks as columns, and the stretches that hold the legs between them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.stretches import LONG, chords, gathered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.stretches import Coarse, Stretches
    from sim.geometry.track import Track
    from sim.geometry.ways import Indices


class Held(NamedTuple):
    """Legs that take time: short ones, which are one way each, in stretches, and long ones."""

    short: Stretches
    long: Indices  # shape (k,)
    chord: Coarse  # about how long those are, on the unit sphere


class Points:
    """The points of some tracks one after another.

    A leg goes by the place of its first point; the last point of a track is
    the first of no leg.

    Parameters
    ----------
    columns
        Time, longitude, latitude and altitude, shape (4, p).
    first
        Where each of the tracks begins, shape (m,).
    """

    def __init__(self, columns: Floats, first: Indices) -> None:
        self.time, self.lon, self.lat, self.altitude_m = self._columns = columns
        self.first = first

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> Points:
        """Join the points of tracks, at least one."""
        if len(tracks) == 1:
            return cls(tracks[0].points, np.zeros(1, dtype=np.int64))
        counts = np.array([len(track.time) for track in tracks])
        joined = np.concatenate([track.points for track in tracks], axis=1)
        return cls(joined, np.cumsum(counts) - counts)

    def of_track(self, place: int) -> Floats:
        """Give the points of one of the tracks, shape (4, n)."""
        last = self.first[place + 1] if place + 1 < len(self.first) else len(self.time)
        return self._columns[:, self.first[place] : last]

    def lasts(self) -> NDArray[np.bool_]:
        """Tell which points, shape (p,), begin a leg that takes time; nothing happens in others."""
        lasts = np.zeros(len(self.time), dtype=bool)
        np.greater(self.time[1:], self.time[:-1], out=lasts[:-1])
        lasts[self.first[1:] - 1] = False
        return lasts

    @cached_property
    def held(self) -> Held:
        """The legs that take time, and what holds the short ones."""
        is_short, chord = self.lasts(), chords(self.lon, self.lat)
        long_ = np.flatnonzero(is_short[:-1] & (chord > LONG))
        is_short[long_] = False
        return Held(gathered(self, chord, is_short), long_, chord[long_])
