"""Footprints as dense places, and answers from those: distances in space, no engine's plane.

A border is sampled so densely by pyproj's geodesics (or along its parallel, or straight in
degrees) that the chords through space between samples stand for it. Chords of s metres lie
s**2 / (8 R) below the ground: 1.8 mm at 300 m, the longest used. Sideways they leave a geodesic
by less than a micrometre, and a parallel by s**2 tan(latitude) / (8 R): 1.1 mm at 50 m and 80N,
the longest and farthest used. So a depth near a border is good to 2 mm. A chord of c metres is
shorter than the way over ground by c**3 / (24 R**2); where true distances count (circles,
corridors, buffers) the foot is found in space and the way to it solved by pyproj.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from pyproj import Geod, Proj
from scipy.spatial import KDTree

from sim.geometry.footprint import Circle, Corridor, Edges, Footprint, Grown, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.units import Position

    Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
SQUARE = GEOD.es
RADIUS_M = 6_371_000.0
CHORD_M = 300.0
CURVE_M = 50.0
# Nearer to a border than this either answer is right (ASTM F3548-21: 1 cm); the oracle's own
# 2 mm, on each side, and 4 mm inside that the engine counts as border come on top.
ZONE_M = 0.02
_NEIGHBOURS = 6
_MOST = 6000
_ROUNDS = 60
_STRIDE = 32


def in_space(lon: Floats, lat: Floats) -> Floats:
    """Give places on the ellipsoid in space, shape (n, 3)."""
    east, north = np.radians(lon), np.radians(lat)
    across = GEOD.a / np.sqrt(1.0 - SQUARE * np.sin(north) ** 2)
    return np.stack(
        [
            across * np.cos(north) * np.cos(east),
            across * np.cos(north) * np.sin(east),
            across * (1.0 - SQUARE) * np.sin(north),
        ],
        axis=-1,
    )


def on_ground(place: Floats) -> tuple[Floats, Floats]:
    """Give longitudes and latitudes of places that are within millimetres of the ground."""
    x, y, z = place.T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, (1 - SQUARE) * np.hypot(x, y)))


def travel(lon: Floats, lat: Floats, azimuth: Floats, metres: Floats) -> tuple[Floats, Floats]:
    lon, lat, azimuth, metres = np.broadcast_arrays(lon, lat, azimuth, metres)
    there = GEOD.fwd(lon, lat, azimuth, metres)
    return np.asarray(there[0]), np.asarray(there[1])


def ways(lon0: Floats, lat0: Floats, lon1: Floats, lat1: Floats) -> tuple[Floats, Floats]:
    """Give azimuths and lengths of geodesics."""
    x0, y0, x1, y1 = np.broadcast_arrays(*(np.atleast_1d(c) for c in (lon0, lat0, lon1, lat1)))
    azimuth, _, length = GEOD.inv(x0, y0, x1, y1)
    return np.asarray(azimuth), np.asarray(length)


class Line(NamedTuple):
    """Dense places along a ring or a route, shape (n,)."""

    lon: Floats
    lat: Floats


def sampled(vertices: Sequence[Position], style: Edges, step_m: float, *, closed: bool) -> Line:
    """Give places along edges of a style, at most so far apart."""
    ends = np.array([*vertices, vertices[0]] if closed else vertices)
    (lon0, lat0), (lon1, lat1) = ends[:-1].T, ends[1:].T
    azimuth, length = ways(lon0, lat0, lon1, lat1)
    lons, lats = [], []
    for k in range(len(lon0)):
        curved = style is Edges.STRAIGHT or (style is Edges.PARALLEL and lat0[k] == lat1[k])
        turn = (lon1[k] - lon0[k] + 180.0) % 360.0 - 180.0
        # along a parallel the way is longer than the geodesic by less than pi / 2
        span = length[k] * 1.6 / CURVE_M if curved else length[k] / step_m
        share = np.arange(int(np.ceil(span)) + 1) / (int(np.ceil(span)) + 1)
        if curved:
            lon, lat = lon0[k] + share * turn, lat0[k] + share * (lat1[k] - lat0[k])
        else:
            lon, lat = travel(lon0[k], lat0[k], azimuth[k], share * length[k])
        lons.append(lon)
        lats.append(lat)
    return Line(np.concatenate([*lons, lon1[-1:]]), np.concatenate([*lats, lat1[-1:]]))


class Sampled:
    """A footprint: all places nearer than ``reach`` to its core.

    The core is a place (of a circle), a route (of a corridor), or what rings enclose.
    """

    def __init__(self, footprint: Footprint) -> None:
        self.filled = False
        self.reach = 0.0
        core = footprint
        if isinstance(core, Grown):
            self.reach, core = core.metres, core.core
        if isinstance(core, Circle):
            self.reach = core.radius_m
            lines = [Line(*(np.array([v, v]) for v in core.center))]
        elif isinstance(core, Corridor):
            self.reach = core.width_m / 2
            lines = [sampled(core.route, core.edges, CHORD_M, closed=False)]
        else:
            assert isinstance(core, Polygon)
            self.filled = True
            rings = (core.exterior, *core.holes)
            lines = [sampled(ring, core.edges, CHORD_M, closed=True) for ring in rings]
        self.lines = lines
        self.lon = np.concatenate([line.lon for line in lines])
        self.lat = np.concatenate([line.lat for line in lines])
        self.place = in_space(self.lon, self.lat)
        joins = np.ones(len(self.lon), dtype=bool)
        joins[np.cumsum([len(line.lon) for line in lines]) - 1] = False
        self.starts = np.flatnonzero(joins)  # of the chords
        self.step = float(np.linalg.norm(np.diff(self.place, axis=0)[self.starts], axis=1).max())
        self.middle = self.place.mean(axis=0)
        self.radius = float(np.linalg.norm(self.place - self.middle, axis=1).max())

    @cached_property
    def stretches(self) -> tuple[Floats, Floats]:
        """Stretches of samples along the lines: the places in the list where they begin and end."""
        begins, ends = [], []
        first = 0
        for line in self.lines:
            last = first + len(line.lon) - 1
            cuts = np.append(np.arange(first, last, _STRIDE), last)
            begins.append(cuts[:-1])
            ends.append(cuts[1:])
            first = last + 1
        return np.concatenate(begins).astype(float), np.concatenate(ends).astype(float)

    @cached_property
    def _run(self) -> Floats:
        return np.concatenate(
            [[0.0], np.cumsum(np.linalg.norm(np.diff(self.place, axis=0), axis=1))]
        )

    def metres_at(self, at: Floats) -> Floats:
        """Give the way along the lines to places between samples."""
        return np.interp(at, np.arange(len(self._run)), self._run)

    @cached_property
    def tree(self) -> KDTree:
        return KDTree(self.place)

    @cached_property
    def _chord_of(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which chords end and begin at a place; where there is but one, that twice."""
        index = np.arange(len(self.lon))
        chord = np.full(len(self.lon), -1)
        chord[self.starts] = self.starts
        before = np.where((index > 0) & (np.roll(chord, 1) >= 0), index - 1, chord)
        return before, np.where(chord >= 0, chord, before)

    @cached_property
    def _map(self) -> tuple[Proj, shapely.Geometry]:
        """A conformal map about the middle, and in it what the rings enclose.

        It bends a geodesic r off its middle by r / (2 R**2): a chord of 300 m leaves it by
        less than 1 mm as far as 6,000 km.
        """
        lon, lat = on_ground(self.middle[None, :])
        proj = Proj(proj="stere", ellps="WGS84", lon_0=lon[0], lat_0=lat[0])
        outer, *holes = (np.stack(proj(line.lon, line.lat), axis=-1) for line in self.lines)
        shape: shapely.Geometry = shapely.Polygon(outer, holes)
        shapely.prepare(shape)
        return proj, shape

    def core_holds(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Tell which places lie within the rings."""
        held = np.zeros(len(lon), dtype=bool)
        if self.filled:
            away = np.linalg.norm(in_space(lon, lat) - self.middle, axis=1)
            near = np.flatnonzero(away < 1.2 * self.radius + 1.0)
            proj, shape = self._map
            held[near] = shapely.contains_xy(shape, *proj(lon[near], lat[near]))
        return held

    def inner(self) -> tuple[Floats, Floats]:
        """Give a place within the rings."""
        proj, shape = self._map
        x, y = shapely.get_coordinates(shapely.point_on_surface(shape)).T
        lon, lat = proj(x, y, inverse=True)
        return np.asarray(lon), np.asarray(lat)

    def feet(self, place: Floats) -> Floats:
        """Give the core's line's nearest points to places in space, shape (n, 3).

        About a line with no reach only near feet count to the millimetre: beyond eight steps
        the nearest sample's own chords do, which are off by step**2 / (8 x distance) at most.
        """
        if self.reach:
            return self._feet(place, self._nearest(place, _NEIGHBOURS))
        nearest = self._nearest(place, 1)
        foot = self._feet(place, nearest)
        apart = np.linalg.norm(place - self.place[nearest[:, 0]], axis=1)
        near = np.flatnonzero(apart < 8.0 * self.step)
        if near.size:
            foot[near] = self._feet(place[near], self._nearest(place[near], _NEIGHBOURS))
        return foot

    def _nearest(self, place: Floats, count: int) -> NDArray[np.int64]:
        """Give the samples nearest to places in space, shape (n, count) or fewer."""
        count = min(count, len(self.place))
        return np.asarray(self.tree.query(place, k=count)[1], dtype=np.int64).reshape(-1, count)

    def _feet(self, place: Floats, near: NDArray[np.int64]) -> Floats:
        """Give the nearest points on the chords that meet at given samples, shape (n, k)."""
        before, after = self._chord_of
        chord = np.concatenate([before[near], after[near]], axis=1)
        start, along = self.place[chord], self.place[chord + 1] - self.place[chord]
        size = np.maximum((along**2).sum(axis=-1), 1e-12)
        share = ((place[:, None] - start) * along).sum(axis=-1) / size
        foot = start + np.clip(share, 0.0, 1.0)[..., None] * along
        best = np.linalg.norm(place[:, None] - foot, axis=-1).argmin(axis=1)
        found: Floats = foot[np.arange(len(place)), best]
        return found

    def depth(self, lon: Floats, lat: Floats) -> Floats:
        """Give how deep places lie inside, in metres; negative outside.

        Within a filled core with no reach it is measured in space, for only its sign and
        what is small about it count.
        """
        place = in_space(lon, lat)
        foot = self.feet(place)
        if self.reach:
            metres = ways(lon, lat, *on_ground(foot))[1]
        else:
            metres = np.linalg.norm(place - foot, axis=1)
        sign = np.where(self.core_holds(lon, lat), 1.0, -1.0)
        depth: Floats = self.reach + sign * metres
        return depth


def meets(first: Sampled, second: Sampled, zone: float = ZONE_M) -> bool | None:
    """Tell whether two footprints meet, or None where they do so by less than the dead zone.

    What has a reach meets another where the cores come nearer than both reaches. Two that
    have none meet where a border goes inside: its depth in the other changes by no more than
    the way along it, which bounds it between samples.
    """
    reach = first.reach + second.reach
    slack = 1.2 if first.filled or second.filled else 1.0  # a cap bulges out of its rim's ball
    balls = slack * (first.radius + second.radius)
    if float(np.linalg.norm(first.middle - second.middle)) > balls + reach + zone:
        return False
    if reach:
        return _near(first, second, reach, zone)
    found = [_enters(first, second, zone), _enters(second, first, zone)]
    if True in found:
        return True
    if None not in found:
        return False
    for one, other in ((first, second), (second, first)):
        lon, lat = one.inner()
        if min(one.depth(lon, lat)[0], other.depth(lon, lat)[0]) > zone:
            return True
    return None


def _near(first: Sampled, second: Sampled, reach: float, zone: float) -> bool | None:
    if (
        first.core_holds(second.lon, second.lat).any()
        or second.core_holds(first.lon, first.lat).any()
    ):
        return True
    apart, other = _chords(first, second)
    order = np.argsort(apart)
    if apart[order[0]] - (first.step + second.step) / 2 > reach + zone:  # a chord is no longer
        return False
    nearest = np.inf
    tried: list[int] = []
    for k in order.tolist():
        if apart[k] > apart[order[0]] * 1.001 + first.step + second.step or len(tried) > 12:
            break
        if all(abs(k - t) > 2 for t in tried):
            tried.append(k)
            nearest = min(nearest, _closest(first, k, second, int(other[k])))
            if nearest < reach - zone:
                return True
    return False if nearest > reach + zone else None


def _chords(first: Sampled, second: Sampled) -> tuple[Floats, NDArray[np.int64]]:
    """Give the distance in space of the nearest sample of the second to each of the first.

    It is infinite where the samples about it show that others are nearer.
    """
    coarse = np.unique(np.append(np.arange(0, len(first.lon), _STRIDE), len(first.lon) - 1))
    rough = np.asarray(second.tree.query(first.place[coarse])[0])
    spans = _STRIDE * first.step
    lines = np.repeat(rough, np.diff(np.append(coarse, len(first.lon))))
    near = np.flatnonzero(lines - spans <= rough.min() * 1.001 + first.step + second.step)
    apart = np.full(len(first.lon), np.inf)
    other = np.zeros(len(first.lon), dtype=np.int64)
    apart[near], other[near] = second.tree.query(first.place[near])
    return apart, other


def _closest(first: Sampled, i: int, second: Sampled, j: int) -> float:
    """Close in on the nearest places of two lines about given samples."""
    best = np.inf
    here, there = float(i), float(j)
    width = 1.0
    for _ in range(9):
        one = _along(first, np.linspace(here - width, here + width, 9))
        two = _along(second, np.linspace(there - width, there + width, 9))
        rows, columns = (a.ravel() for a in np.meshgrid(np.arange(9), np.arange(9)))
        _, metres = ways(one[0][rows], one[1][rows], two[0][columns], two[1][columns])
        k = int(metres.argmin())
        best = min(best, float(metres[k]))
        here += width * (rows[k] - 4) / 4
        there += width * (columns[k] - 4) / 4
        width /= 2.5
    return best


def _along(footprint: Sampled, at: Floats) -> tuple[Floats, Floats]:
    """Give places between samples, by geodesic."""
    at = np.clip(at, 0.0, len(footprint.lon) - 1.0)
    low = np.minimum(at.astype(np.int64), len(footprint.lon) - 2)
    lon, lat = footprint.lon, footprint.lat
    azimuth, metres = ways(lon[low], lat[low], lon[low + 1], lat[low + 1])
    return travel(lon[low], lat[low], azimuth, (at - low) * metres)


def _enters(line: Sampled, other: Sampled, zone: float) -> bool | None:
    """Tell whether a border goes deeper into another footprint than the dead zone."""
    begin, end = line.stretches
    deep_begin, deep_end = (other.depth(*_along(line, at)) for at in (begin, end))
    for _ in range(_ROUNDS):
        if max(deep_begin.max(initial=-np.inf), deep_end.max(initial=-np.inf)) > zone:
            return True
        length = line.metres_at(end) - line.metres_at(begin)
        kept = (deep_begin + deep_end + length) / 2 > -zone
        if not kept.any():
            return False
        if kept.sum() > _MOST or length[kept].min() < zone / 4:
            return None
        begin, end, deep_begin, deep_end = (c[kept] for c in (begin, end, deep_begin, deep_end))
        # halves end on samples as long as there are some between
        middle = (begin + end) / 2
        middle = np.where(end - begin > 1.0, np.floor(middle), middle)
        deep = other.depth(*_along(line, middle))
        begin, end = np.concatenate([begin, middle]), np.concatenate([middle, end])
        deep_begin = np.concatenate([deep_begin, deep])
        deep_end = np.concatenate([deep, deep_end])
    return None


def sampled_pairs(
    footprints: Iterable[Footprint],
) -> dict[tuple[int, int], bool | None]:
    """Answer for every pair of footprints, by places in the list."""
    known: dict[Footprint, Sampled] = {}
    shapes = [known.setdefault(f, Sampled(f)) if f not in known else known[f] for f in footprints]
    answers: dict[tuple[Footprint, Footprint], bool | None] = {}
    places = list(footprints)
    found: dict[tuple[int, int], bool | None] = {}
    for i in range(len(shapes)):
        for j in range(i + 1, len(shapes)):
            pair = (places[i], places[j])
            if pair not in answers:
                answers[pair] = meets(shapes[i], shapes[j])
            found[i, j] = answers[pair]
    return found
