"""Crossings: when and where tracks enter and leave volumes, solved and not sampled."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geometry.altitude import band_above
from sim.geometry.earth import Geodesics
from sim.geometry.lateral import find_spans, near_caps
from sim.geometry.nearby import Near, find_near
from sim.geometry.penetration import penetration
from sim.geometry.spaces import Sought, Spaces
from sim.geometry.stays import JOINT, SIDE, TRACK, Flight, Stays, merged, stays_on_ways
from sim.geometry.tracks import lots_of
from sim.geometry.ways import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.altitude import Reference, Vertical
    from sim.geometry.earth import Floats
    from sim.geometry.points import Points
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.geometry.ways import Indices

    Names = NDArray[np.str_]

__all__ = ["Crossing", "Crossings", "find_crossings", "penetration"]

_FACES = np.array(["joint", "side", "floor", "lid", "window", "track"])


@dataclass(frozen=True, slots=True)
class Crossing:
    """One stay of a track inside a volume: from ``entry`` to ``exit``, in seconds.

    Altitudes are above the track's own reference. A face says what was crossed:
    ``side``, ``lid``, ``floor``, ``window`` (it opened or closed round the
    track), or ``track`` (the track begins or ends inside).
    """

    track: int
    volume: int
    entry: float
    exit: float
    entry_lon: float
    entry_lat: float
    entry_altitude_m: float
    exit_lon: float
    exit_lat: float
    exit_altitude_m: float
    entry_face: str
    exit_face: str


@dataclass(frozen=True, eq=False)
class Crossings:
    """Crossings as columns of shape (k,), by track, volume and entry; iterates as records."""

    track: Indices
    volume: Indices
    entry: Floats
    exit: Floats
    entry_lon: Floats
    entry_lat: Floats
    entry_altitude_m: Floats
    exit_lon: Floats
    exit_lat: Floats
    exit_altitude_m: Floats
    entry_face: Names
    exit_face: Names

    def __len__(self) -> int:
        return len(self.track)

    def __iter__(self) -> Iterator[Crossing]:
        columns = (getattr(self, field.name).tolist() for field in fields(self))
        return (Crossing(*row) for row in zip(*columns, strict=True))


def find_crossings(
    tracks: Sequence[Track], volumes: Sequence[Volume], vertical: Vertical | None = None
) -> Crossings:
    """Find every stay of every track inside every volume.

    Only interiors count: a track along a border, on a floor or under a lid is
    outside, and so is one that goes no deeper than 4 mm. Windows are half-open.
    Stays are maximal: those on adjoining legs are one, re-entries are several.

    Parameters
    ----------
    tracks, volumes
        Any numbers of them; many that are searched often are best taken as `Tracks`
        and `Volumes` once. A track of a single point crosses nothing.
    vertical
        Settings that bring altitudes of different references on one axis.

    Returns
    -------
    Crossings
        Columns; ``track`` and ``volume`` are places in the lists given.

    Raises
    ------
    VerticalError
        If a track near a volume in space and time has altitudes that cannot be
        compared with the volume's limits.

    Examples
    --------
    >>> from sim.geometry.altitude import Band, Limit
    >>> from sim.geometry.footprint import Circle
    >>> from sim.geometry.track import Track
    >>> from sim.geometry.volume import Volume
    >>> everything = Band(Limit("SFC", 0), Limit("UNL", float("inf")))
    >>> zone = Volume(Circle((36, 35), 10_000), everything, (0, 3600))
    >>> north = Track.along([(36, 34), (36, 36)], 3000, 100, departs=0)
    >>> [(round(c.entry), round(c.exit), c.entry_face) for c in find_crossings([north], [zone])]
    [(1009, 1209, 'side')]
    """
    found = []
    searches: dict[Reference, _Search] = {}
    for lot in lots_of(tracks):
        search = searches.get(lot.reference)
        if search is None:
            search = searches[lot.reference] = _Search(volumes, lot.reference, vertical)
        columns = search.columns(lot.points, lot.place)
        if len(columns[0]):
            found.append(columns)
    if not found:
        none, faces = np.empty(0, dtype=np.int64), np.empty(0, dtype=_FACES.dtype)
        nan = np.empty(0)
        return Crossings(none, none, nan, nan, nan, nan, nan, nan, nan, nan, faces, faces)
    if len(found) == 1:
        return Crossings(*found[0])
    joined = [np.concatenate(column) for column in zip(*found, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return Crossings(*(column[order] for column in joined))


class _Search:
    """Volumes, ready to be searched for tracks whose altitudes are above one reference."""

    def __init__(
        self, volumes: Sequence[Volume], reference: Reference, vertical: Vertical | None
    ) -> None:
        self.volumes, self.reference, self.vertical = volumes, reference, vertical
        sought = Sought.of(volumes)
        self.shape, self.is_shared = sought.shape, sought.is_shared
        self.footprint = sought.footprint
        floor, ceiling, self.unknown = sought.heights.above(reference, vertical)
        caps, times = (sought.centre, sought.radius_m), (sought.opens, sought.closes)
        self.spaces = Spaces(*caps, *times, floor, ceiling)

    def columns(self, points: Points, places: Indices) -> tuple[NDArray[Any], ...]:
        """Find the crossings of some tracks, given with their places in the whole list."""
        found = (self._stays(near) for near in find_near(points, self.spaces))
        stays = [some for some in found if some is not None]
        if not stays:
            return (places[:0],)
        return _columns(points, *merged(stays, points.first), places)

    def _stays(self, near: Near) -> Stays | None:
        """Solve for pairs of ways and volumes."""
        flight = near.flight
        way, volume = self._nearer(*near)
        if not way.size:
            return None
        shape, on, pair = self.shape[volume], way, np.arange(len(way))
        if self.is_shared:
            name, pair = np.unique(shape * len(flight.begin) + way, return_inverse=True)
            shape, on = np.divmod(name, len(flight.begin))
        used, at = distinct(shape)
        spans = find_spans([self.footprint(k) for k in used.tolist()], flight.ways, at, on)
        if not spans.pair.size:
            return None
        return stays_on_ways(spans, pair, way, volume, flight, self.spaces)

    def _nearer(self, flight: Flight, way: Indices, volume: Indices) -> tuple[Indices, Indices]:
        """Keep of the pairs that meet in time those near in place, and then in altitude.

        Raises
        ------
        VerticalError
            If the altitudes of one that is near cannot be compared.
        """
        spaces, ways = self.spaces, flight.ways
        caps = spaces.centre[volume], spaces.radius_m[volume]
        near = near_caps(*caps, ways.middle[way], ways.reach_m[way])
        way, volume = way[near], volume[near]
        if self.unknown[volume].any():
            band = self.volumes[int(volume[self.unknown[volume]].min())].band
            band_above(self.reference, band, self.vertical)  # raises
        low = np.minimum(flight.low[way], flight.high[way])
        high = np.maximum(flight.low[way], flight.high[way])
        kept = (low < spaces.ceiling[volume]) & (high > spaces.floor[volume])
        return way[kept], volume[kept]


def _columns(
    points: Points, track: Indices, stays: Stays, places: Indices
) -> tuple[NDArray[Any], ...]:
    """Give the columns of `Crossings`."""
    last = np.append(points.first[1:], len(points.time)) - 1
    begins_inside = stays.entry <= points.time[points.first[track]]
    ends_inside = stays.exit >= points.time[last[track]]
    time = np.concatenate([stays.entry, stays.exit])
    states = _states(points, np.concatenate([stays.first, stays.last]), time)
    count = len(track)
    return (
        places[track],
        stays.volume,
        stays.entry,
        stays.exit,
        *(column[:count] for column in states),
        *(column[count:] for column in states),
        _named(stays.entry_face, begins_inside),
        _named(stays.exit_face, ends_inside),
    )


def _named(face: Indices, at_end: NDArray[np.bool_]) -> Names:
    """Name faces; at a joint that is no end of the track, the side lies at the joint itself."""
    names: Names = _FACES[np.where(face == JOINT, np.where(at_end, TRACK, SIDE), face)]
    return names


def _states(points: Points, leg: Indices, time: Floats) -> tuple[Floats, Floats, Floats]:
    """Give longitudes, latitudes and altitudes at instants on legs."""
    t0, t1, a0, a1 = (
        column[leg + step] for column in (points.time, points.altitude_m) for step in (0, 1)
    )
    share = (time - t0) / (t1 - t0)
    lon, lat = points.lon, points.lat
    legs = Geodesics(lon[leg], lat[leg], lon[leg + 1], lat[leg + 1])
    there = legs.at(share * legs.distance)
    return there.lon, there.lat, np.where(share == 1.0, a1, a0 + share * (a1 - a0))
