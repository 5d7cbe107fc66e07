"""Tracks: many of them as columns, read, checked and held in stretches all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np

from sim.errors import GeometryError
from sim.geometry.altitude import Reference
from sim.geometry.earth import MOST_DEG
from sim.geometry.points import Points
from sim.geometry.stretches import chords
from sim.geometry.track import Track, checked_reference
from sim.geometry.ways import read_starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import ArrayLike

    from sim.geometry.earth import Floats
    from sim.geometry.ways import Indices

_MOST_POINTS = 600_000  # of tracks that are searched together
_OPPOSITE = 1.99  # a chord of the unit sphere, of places that may be antipodes


class Lot(NamedTuple):
    """Tracks above one reference that are searched together."""

    reference: Reference
    place: Indices  # in the whole list, shape (m,)
    points: Points


class Tracks(Sequence[Track]):
    """Many tracks, as `find_crossings` takes them best; made once, it is quicker every time after.

    Attributes
    ----------
    lots
        The tracks, shared out by what their altitudes are measured from.
    """

    def __init__(self, lots: Iterable[Lot]) -> None:
        self.lots = tuple(lots)
        place = [lot.place for lot in self.lots]
        order = np.argsort(np.concatenate([*place, np.empty(0, dtype=np.int64)]))
        lot = np.repeat(np.arange(len(place)), [len(one) for one in place])
        at = np.concatenate([*(np.arange(len(one)) for one in place), np.empty(0, dtype=np.int64)])
        self._where = np.stack([lot, at], axis=-1)[order]

    @classmethod
    def of(cls, tracks: Iterable[Track]) -> Tracks:
        """Take tracks as columns; tracks that are columns already stay as they are."""
        return tracks if isinstance(tracks, Tracks) else cls(lots_of(list(tracks)))

    @classmethod
    def columns(
        cls,
        time: ArrayLike,
        lon: ArrayLike,
        lat: ArrayLike,
        altitude_m: ArrayLike,
        starts: ArrayLike,
        reference: Reference = Reference.MSL,
    ) -> Tracks:
        """Take tracks from columns.

        Parameters
        ----------
        time, lon, lat, altitude_m
            The points of all tracks, one track after another, as `Track` takes
            them, shape (p,) each.
        starts
            Where the points of each track begin, and the end of the last,
            shape (m + 1,).
        reference
            What the altitudes are measured from.

        Raises
        ------
        GeometryError
            If the columns do not fit each other, or a track is none: it is named
            by its place, with what is wrong.

        Examples
        --------
        >>> two = Tracks.columns([0, 600, 0, 900], [36, 37, 5, 5], [36, 36, 1, 2], [3000] * 4,
        ...     starts=[0, 2, 4])
        >>> len(two), two[1].end
        (2, 900.0)
        """
        columns = [np.asarray(column, np.float64) for column in (time, lon, lat, altitude_m)]
        shapes = {column.shape for column in columns}
        if len(shapes) > 1 or columns[0].ndim != 1:
            raise GeometryError(f"tracks need columns of one length, not shapes {sorted(shapes)}")
        begins = read_starts(starts, len(columns[0]), "track", "points")
        above, points = checked_reference(reference), np.array(columns)
        for k in _doubtful(points, begins).tolist():
            _check(points[:, begins[k] : begins[k + 1]], above, k)
        return cls(_cut(points, begins, above))

    def __len__(self) -> int:
        return len(self._where)

    @overload
    def __getitem__(self, at: int) -> Track: ...
    @overload
    def __getitem__(self, at: slice) -> list[Track]: ...
    def __getitem__(self, at: int | slice) -> Track | list[Track]:
        """Give one of them as a track of its own, or several as a list."""
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        k, place = self._where[range(len(self))[at]].tolist()
        reference, _, points = self.lots[k]
        return _track(points.of_track(place), reference)

    def prepare(self) -> Tracks:
        """Hold all legs in stretches now, and not when they are first searched; give the tracks."""
        for lot in self.lots:
            _ = lot.points.held
        return self


def lots_of(tracks: Sequence[Track]) -> Iterator[Lot]:
    """Share out tracks above each reference in lots of so many points, or one track."""
    if isinstance(tracks, Tracks):
        yield from tracks.lots
        return
    for reference, place in _by_reference(tracks).items():
        counts = np.array([len(tracks[k].time) for k in place.tolist()])
        for some in _shared_out(np.cumsum(counts)):
            chosen = place[some]
            yield Lot(reference, chosen, Points.of([tracks[k] for k in chosen.tolist()]))


def _by_reference(tracks: Sequence[Track]) -> dict[Reference, Indices]:
    references = [track.reference for track in tracks]
    found = dict.fromkeys(references)
    if len(found) == 1:
        return dict.fromkeys(found, np.arange(len(tracks)))
    every = np.array(references, dtype=object)
    return {one: np.flatnonzero(every == one) for one in found}


def _shared_out(ends: Indices) -> Iterator[slice]:
    """Share out tracks, given where the points of each end."""
    begin = 0
    while begin < len(ends):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _MOST_POINTS, side="right")))
        yield slice(begin, end)
        begin = end


def _cut(points: Floats, starts: Indices, reference: Reference) -> Iterator[Lot]:
    for some in _shared_out(starts[1:]):
        first, last = starts[some.start], starts[some.stop]
        place = np.arange(some.start, some.stop)
        yield Lot(reference, place, Points(points[:, first:last], starts[some] - first))


def _doubtful(points: Floats, starts: Indices) -> Indices:
    """Give the tracks that may be none."""
    if len(starts) == 1:
        return starts[:0]
    time, lon, lat, _ = points
    after = np.zeros(len(time), dtype=bool)
    wrong = ~np.isfinite(points).all(axis=0)
    wrong |= (np.abs(points[1:3]) > MOST_DEG).any(axis=0)
    with np.errstate(invalid="ignore"):
        after[1:] = (time[1:] < time[:-1]) | (chords(lon, lat) > _OPPOSITE)
    after[starts[:-1]] = False  # nothing is before the first point of a track
    wrong |= after
    return np.flatnonzero(np.logical_or.reduceat(wrong, starts[:-1]))


def _check(points: Floats, reference: Reference, k: int) -> None:
    try:
        _track(points, reference)
    except GeometryError as error:
        raise GeometryError(f"track {k}: {error.message}", hint=error.hint) from None


def _track(points: Floats, reference: Reference) -> Track:
    time, lon, lat, altitude_m = points
    return Track(time, lon, lat, altitude_m, reference)
