"""Crossings: when and where tracks enter and leave volumes, solved and not sampled."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.altitude import band_above
from sim.geometry.lateral import Ways, find_spans
from sim.geometry.penetration import penetration
from sim.geometry.region import is_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.geometry.altitude import Vertical
    from sim.geometry.earth import Floats
    from sim.geometry.footprint import Footprint
    from sim.geometry.lateral import Spans
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume

    Indices = NDArray[np.int64]
    Names = NDArray[np.str_]

__all__ = ["Crossing", "Crossings", "find_crossings", "penetration"]

_FACES = np.array(["joint", "side", "floor", "lid", "window", "track"])
_JOINT, _SIDE, _FLOOR, _LID, _WINDOW, _TRACK = range(6)
_LEVEL_M = 0.001  # what rises no higher above the floor, or below the lid, flies along it
_INSTANT_S = 1e-6  # stretches no farther apart are one


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


class _Stay(NamedTuple):
    """A stretch of time inside a volume, on one piece of a track or several that adjoin."""

    track: int
    volume: int
    entry: float
    exit: float
    entry_face: int
    exit_face: int
    first: int  # the ways at its ends
    last: int
    deep: bool
    level_m: float  # how far it leaves floor and lid


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
        Any numbers of them. A track of a single point crosses nothing.
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
    ways = Ways(tracks) if tracks else None
    if ways is None or not len(ways):
        return _columns([], tracks, ways)
    flight = _Flight(tracks, ways)
    stays: list[_Stay] = []
    for footprint, places in _by_footprint(volumes).items():
        stays += _stays(footprint, [(k, volumes[k]) for k in places], flight, vertical)
    return _columns(_merged(stays), tracks, ways)


class _Flight:
    """Times and altitudes at the ends of the ways, shape (n,)."""

    def __init__(self, tracks: Sequence[Track], ways: Ways) -> None:
        self.tracks = tracks
        self.ways = ways
        offsets = np.cumsum([0, *(len(track) for track in tracks)])[ways.track]
        leg = offsets + ways.leg
        time = np.concatenate([track.time for track in tracks])
        altitude = np.concatenate([track.altitude_m for track in tracks])
        self.begin, self.end = _between(time, leg, ways)
        self.low, self.high = _between(altitude, leg, ways)  # at begin and at end
        self.level = self.low == self.high

    def limits(
        self, volume: Volume, which: Indices, vertical: Vertical | None
    ) -> tuple[Floats, Floats]:
        """Give the floor and ceiling of a volume above the references of some ways' tracks."""
        references = {
            t: self.tracks[t].reference for t in np.unique(self.ways.track[which]).tolist()
        }
        bands = {r: band_above(r, volume.band, vertical) for r in set(references.values())}
        if len(bands) == 1:
            floor, ceiling = next(iter(bands.values()))
            return np.full(len(which), floor), np.full(len(which), ceiling)
        pairs = np.array([bands[references[t]] for t in self.ways.track[which].tolist()])
        return pairs[:, 0], pairs[:, 1]


def _between(column: Floats, leg: Indices, ways: Ways) -> tuple[Floats, Floats]:
    """Interpolate a column of the tracks' points at the ends of ways; exact at the points."""
    before, after = column[leg], column[leg + 1]
    return tuple(  # type: ignore[return-value]
        np.where(share == 1.0, after, before + share * (after - before))
        for share in (ways.begin_share, ways.end_share)
    )


def _by_footprint(volumes: Sequence[Volume]) -> dict[Footprint, list[int]]:
    places: dict[Footprint, list[int]] = {}
    for k, volume in enumerate(volumes):
        places.setdefault(volume.footprint, []).append(k)
    return places


def _stays(
    footprint: Footprint,
    volumes: Sequence[tuple[int, Volume]],
    flight: _Flight,
    vertical: Vertical | None,
) -> list[_Stay]:
    """Find the stays on single ways in volumes of one footprint; the cheapest tests come first."""
    ways = flight.ways
    opens = min(volume.window[0] for _, volume in volumes)
    closes = max(volume.window[1] for _, volume in volumes)
    near = np.flatnonzero((flight.begin < closes) & (flight.end > opens))
    near = near[is_near(footprint.cap, ways.middle[near], ways.half_m[near])]
    chosen = []
    for place, volume in volumes:
        start, end = volume.window
        which = near[(flight.begin[near] < end) & (flight.end[near] > start)]
        if which.size:
            floor, ceiling = flight.limits(volume, which, vertical)
            low = np.minimum(flight.low[which], flight.high[which])
            high = np.maximum(flight.low[which], flight.high[which])
            kept = (low < ceiling) & (high > floor)
            if kept.any():
                chosen.append((place, volume, which[kept], floor[kept], ceiling[kept]))
    if not chosen:
        return []
    wanted = np.unique(np.concatenate([which for _, _, which, _, _ in chosen]))
    spans = find_spans(footprint, ways, wanted)
    stays: list[_Stay] = []
    if len(spans.way):
        for place, volume, which, floor, ceiling in chosen:
            limits = np.full((2, len(ways)), np.nan)
            limits[:, which] = floor, ceiling
            stays += _in_volume(place, volume, spans, limits, flight)
    return stays


def _in_volume(
    place: int, volume: Volume, spans: Spans, limits: Floats, flight: _Flight
) -> list[_Stay]:
    """Intersect lateral spans with the altitudes and the window of a volume."""
    way, deep = spans.way, spans.deep
    floor, ceiling = limits[:, way]
    begin, duration = flight.begin[way], flight.end[way] - flight.begin[way]
    low, high = flight.low[way], flight.high[way]
    with np.errstate(divide="ignore", invalid="ignore"):
        at_floor, at_ceiling = ((limit - low) / (high - low) for limit in (floor, ceiling))
    climbs, level = high > low, flight.level[way]
    rises = np.where(level, -np.inf, np.where(climbs, at_floor, at_ceiling))
    sinks = np.where(level, np.inf, np.where(climbs, at_ceiling, at_floor))

    def instant(share: Floats) -> Floats:
        inner = begin + np.clip(share, 0.0, 1.0) * duration
        return np.where(share <= 0, begin, np.where(share >= 1, flight.end[way], inner))

    entry, exit_ = instant(spans.begin), instant(spans.end)
    entry_face = np.where(spans.begin > 0, _SIDE, _JOINT)
    exit_face = np.where(spans.end < 1, _SIDE, _JOINT)
    later = (rises >= 0) & (instant(rises) >= entry)
    entry = np.where(later, instant(rises), entry)
    entry_face = np.where(later, np.where(climbs, _FLOOR, _LID), entry_face)
    sooner = (sinks <= 1) & (instant(sinks) <= exit_)
    exit_ = np.where(sooner, instant(sinks), exit_)
    exit_face = np.where(sooner, np.where(climbs, _LID, _FLOOR), exit_face)
    start, end = volume.window
    entry_face = np.where(start >= entry, _WINDOW, entry_face)
    exit_face = np.where(end <= exit_, _WINDOW, exit_face)
    entry, exit_ = np.maximum(entry, start), np.minimum(exit_, end)
    height = np.minimum(np.maximum(low, high) - floor, ceiling - np.minimum(low, high))
    kept = np.flatnonzero((entry < exit_) & (height > 0) & (rises < sinks))
    columns = (flight.ways.track[way], entry, exit_, entry_face, exit_face, way, deep, height)
    return [
        _Stay(track, place, begins, ends, came_by, left_by, at, at, is_deep, level_m)
        for track, begins, ends, came_by, left_by, at, is_deep, level_m in zip(
            *(column[kept].tolist() for column in columns), strict=True
        )
    ]


def _merged(stays: list[_Stay]) -> list[_Stay]:
    """Join stays that adjoin, and drop those that never leave the border."""
    merged: list[_Stay] = []
    for stay in sorted(stays):
        last = merged[-1] if merged else None
        if (
            last is not None
            and (last.track, last.volume) == (stay.track, stay.volume)
            and stay.entry <= last.exit + _INSTANT_S
        ):
            tail = stay if stay.exit > last.exit else last
            merged[-1] = last._replace(
                exit=tail.exit,
                exit_face=tail.exit_face,
                last=tail.last,
                deep=last.deep or stay.deep,
                level_m=max(last.level_m, stay.level_m),
            )
        else:
            merged.append(stay)
    return [stay for stay in merged if stay.deep and stay.level_m > _LEVEL_M]


def _columns(stays: list[_Stay], tracks: Sequence[Track], ways: Ways | None) -> Crossings:
    if not stays or ways is None:
        none, faces = np.empty(0, dtype=np.int64), np.empty(0, dtype=_FACES.dtype)
        nan = np.empty(0)
        return Crossings(none, none, nan, nan, nan, nan, nan, nan, nan, nan, faces, faces)
    track, volume, entry, exit_, entry_face, exit_face, first, last, *_ = zip(*stays, strict=True)
    entries, exits = np.array(entry), np.array(exit_)
    entry_lon, entry_lat, entry_altitude = _states(tracks, ways, np.array(first), entries)
    exit_lon, exit_lat, exit_altitude = _states(tracks, ways, np.array(last), exits)
    begins_inside = entries <= np.array([tracks[t].start for t in track])
    ends_inside = exits >= np.array([tracks[t].end for t in track])
    return Crossings(
        np.array(track),
        np.array(volume),
        entries,
        exits,
        entry_lon,
        entry_lat,
        entry_altitude,
        exit_lon,
        exit_lat,
        exit_altitude,
        _named(np.array(entry_face), begins_inside),
        _named(np.array(exit_face), ends_inside),
    )


def _named(face: Indices, at_end: NDArray[np.bool_]) -> Names:
    """Name faces; at a joint that is no end of the track, the side lies at the joint itself."""
    names: Names = _FACES[np.where(face == _JOINT, np.where(at_end, _TRACK, _SIDE), face)]
    return names


def _states(
    tracks: Sequence[Track], ways: Ways, way: Indices, time: Floats
) -> tuple[Floats, Floats, Floats]:
    """Give longitudes, latitudes and altitudes at instants on given ways."""
    before = [(tracks[t].time[k], tracks[t].altitude_m[k]) for t, k in _points(ways, way, 0)]
    after = [(tracks[t].time[k], tracks[t].altitude_m[k]) for t, k in _points(ways, way, 1)]
    (t0, a0), (t1, a1) = np.array(before).T, np.array(after).T
    share = (time - t0) / (t1 - t0)
    legs = ways.legs[way]
    there = legs.at(share * legs.distance)
    return there.lon, there.lat, np.where(share == 1.0, a1, a0 + share * (a1 - a0))


def _points(ways: Ways, way: Indices, offset: int) -> Iterator[tuple[int, int]]:
    return zip(ways.track[way].tolist(), (ways.leg[way] + offset).tolist(), strict=True)
