"""Ground: a track's way over ground, without its times, and what of it lies inside footprints."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.geometry.earth import EARTH_RADIUS_M, GEOD, SPREAD, Geodesics, unit_vectors
from sim.geometry.frames import PIECE_M
from sim.geometry.lateral import find_spans, near_caps
from sim.geometry.ways import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.geometry.earth import Floats
    from sim.geometry.edges import Cap
    from sim.geometry.footprint import Footprint
    from sim.geometry.ways import Ways

    Vector = tuple[float, float, float]

_MOST = 32  # footprints that the stretches inside are kept for
_WIDE = 0.51 * sqrt(SPREAD**4 - 1.0)  # of a leg's length: how far it may leave its great circle
_LONG = 0.5  # of the Earth's radius; of longer legs that is not asked
_SLACK = 1e-5  # of the Earth's radius


class Stretch(NamedTuple):
    """A part of a way inside a footprint, as shares of the leg's time and length."""

    leg: int
    way_begin: float  # of the leg
    way_end: float
    begin: float  # of the way
    end: float
    deep: bool  # whether it leaves the border


class Inside(NamedTuple):
    """All of a way that lies inside a footprint: stretches along it.

    ``runs`` are the first and the last stretch of each unbroken run of them, as
    far as all leave the border; None where some do not, or may overlap.
    """

    stretches: tuple[Stretch, ...]
    runs: tuple[tuple[Stretch, Stretch], ...] | None

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> Inside:
        """Sort stretches, and join those of which one begins where another ends."""
        ordered = tuple(sorted(stretches))
        runs: list[tuple[Stretch, Stretch]] = []
        for one in ordered:
            last = runs[-1][1] if runs else None
            if not one.deep or (last is not None and one[:2] <= last[:2]):
                return cls(ordered, None)
            if last is not None and _goes_on(last, one):
                runs[-1] = (runs[-1][0], one)
            else:
                runs.append((one, one))
        return cls(ordered, tuple(runs))


def _goes_on(last: Stretch, then: Stretch) -> bool:
    """Tell whether a stretch begins where another ends."""
    if last.end < 1.0 or then.begin > 0.0:
        return False
    if then.leg == last.leg:
        return then.way_begin == last.way_end
    return then.leg == last.leg + 1 and last.way_end == 1.0 and then.way_begin == 0.0


_NOWHERE = Inside((), ())


class Ground:
    """Places joined by geodesics, as a track flies them.

    It is shared by all tracks that fly the same at other times. What is derived
    from it is computed when first asked for and kept; it never changes.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).
    lasts
        Which of the legs take time, shape (n - 1,).
    """

    def __init__(self, lon: Floats, lat: Floats, lasts: NDArray[np.bool_]) -> None:
        self.lon, self.lat, self.lasts = lon, lat, lasts
        self._inside: dict[int, tuple[Footprint, Inside]] = {}

    @cached_property
    def legs(self) -> Geodesics:
        """All legs, n - 1 of them."""
        return Geodesics(self.lon[:-1], self.lat[:-1], self.lon[1:], self.lat[1:])

    @cached_property
    def ways(self) -> Ways:
        """The legs that take time, cut so short that they are straight in a gnomonic frame."""
        return cut(self.lon, self.lat, np.flatnonzero(self.lasts))

    @cached_property
    def still(self) -> tuple[int, ...]:
        """The legs that take time and lead nowhere."""
        if not (self.lat[1:] == self.lat[:-1]).any():
            return ()
        return tuple(np.flatnonzero((self.legs.distance == 0.0) & self.lasts).tolist())

    def inside(self, footprint: Footprint) -> Inside:
        """Give the stretches of ways inside a footprint; those of the last few are kept."""
        kept = self._inside.get(id(footprint))  # kept alive, so that no other has its number
        if kept is not None:
            return kept[1]
        found = self._find(footprint)
        self.keep(footprint, found)
        return found

    def keep(self, footprint: Footprint, found: Inside) -> None:
        """Keep what was found to be inside a footprint."""
        while len(self._inside) >= _MOST:
            del self._inside[next(iter(self._inside))]
        self._inside[id(footprint)] = (footprint, found)

    def place(self, leg: int, share: float) -> tuple[float, float]:
        """Give the longitude and latitude at a share of a leg."""
        legs = self.legs
        metres = share * float(legs.distance[leg])
        start = float(legs.lon[leg]), float(legs.lat[leg]), float(legs.azimuth[leg])
        lon, lat, _ = GEOD.fwd(*start, metres)
        return lon, lat

    def _find(self, footprint: Footprint) -> Inside:
        if not self._comes_near(footprint.cap):
            return _NOWHERE
        ways = self.ways
        way = np.arange(len(ways.leg))
        spans = find_spans([footprint], ways, np.zeros_like(way), way)
        if not len(spans.pair):
            return _NOWHERE
        columns = (ways.leg, ways.begin_share, ways.end_share)
        rows = [column[spans.pair].tolist() for column in columns]
        rows += [column.tolist() for column in spans[1:]]
        return Inside.of(Stretch(*row) for row in zip(*rows, strict=True))

    @cached_property
    def _vectors(self) -> list[Vector]:
        """The places as unit vectors."""
        found = []
        for lon, lat in zip(self.lon.tolist(), self.lat.tolist(), strict=True):
            east, north = radians(lon), radians(lat)
            found.append((cos(north) * cos(east), cos(north) * sin(east), sin(north)))
        return found

    def _comes_near(self, cap: Cap) -> bool:
        """Tell by great circles whether any leg may meet a cap; it never misses one.

        The distances of a place of a leg from both ends come to the leg's length. So
        none is farther from the middle than half of that, nor, as angles are within
        SPREAD of distances, far from the great circle of the ends.
        """
        x, y, z = cap.vector.tolist()
        reach = cap.radius_m * SPREAD / EARTH_RADIUS_M + _SLACK
        places = self._vectors
        for (a, b, c), (d, e, f) in pairwise(places):
            chord = hypot(a - d, b - e, c - f)
            arc = 2.0 * asin(min(1.0, chord / 2.0))
            off = hypot((a + d) / 2.0 - x, (b + e) / 2.0 - y, (c + f) / 2.0 - z)
            if off > arc * SPREAD**2 / 2.0 + reach:
                continue
            u, v, w = b * f - c * e, c * d - a * f, a * e - b * d
            size = hypot(u, v, w)
            if not _SLACK < arc < _LONG or abs(u * x + v * y + w * z) <= size * (
                reach + arc * _WIDE
            ):
                return True
        return False


def solve_all(
    grounds: Sequence[Ground], footprints: Sequence[Footprint], wanted: NDArray[np.bool_]
) -> None:
    """Find what of many ways lies inside footprints, and keep it with them.

    One by one they would find the same; together it takes a fifth of the time.

    Parameters
    ----------
    grounds, footprints
        The ways, n of them, and m footprints.
    wanted
        Which of them to look for in which, shape (n, m).
    """
    counts = np.array([len(ground.lon) for ground in grounds])
    first = np.cumsum(counts) - counts
    lon, lat = (np.concatenate([getattr(g, name) for g in grounds]) for name in ("lon", "lat"))
    flown = np.concatenate([np.append(ground.lasts, False) for ground in grounds])
    legs = np.flatnonzero(flown)
    caps = [footprint.cap for footprint in footprints]
    centres, radii = np.array([cap.vector for cap in caps]), np.array([c.radius_m for c in caps])
    vectors = unit_vectors(lon, lat)
    near = _near_legs(vectors[legs], vectors[legs + 1], centres, radii)
    near &= np.repeat(wanted, counts, axis=0)[legs]
    ways = cut(lon, lat, legs[near.any(axis=1)])
    way, which = np.nonzero(near[np.searchsorted(legs, ways.leg)])
    close = near_caps(
        centres[which], radii[which], ways.middle[way], np.full(len(way), PIECE_M / 2)
    )
    way, which = way[close], which[close]
    used, at = np.unique(which, return_inverse=True)
    spans = find_spans([footprints[k] for k in used.tolist()], ways, at, way)
    way, which = way[spans.pair], which[spans.pair]
    owner = np.searchsorted(first, ways.leg[way], side="right") - 1
    leg = ways.leg[way] - first[owner]
    columns = (owner, which, leg, ways.begin_share[way], ways.end_share[way], *spans[1:])
    found: defaultdict[tuple[int, int], list[Stretch]] = defaultdict(list)
    for k, j, *row in zip(*(column.tolist() for column in columns), strict=True):
        found[k, j].append(Stretch(*row))
    for k, j in np.argwhere(wanted).tolist():
        stretches = found.get((k, j))
        grounds[k].keep(footprints[j], Inside.of(stretches) if stretches else _NOWHERE)


def _near_legs(start: Floats, goal: Floats, centres: Floats, radii: Floats) -> NDArray[np.bool_]:
    """Tell which legs, shape (n,), may meet which caps, shape (m,): shape (n, m)."""
    reach = radii * SPREAD / EARTH_RADIUS_M + _SLACK
    chord = np.linalg.norm(goal - start, axis=-1)
    arc = 2.0 * np.arcsin(np.minimum(1.0, chord / 2.0))[:, None]
    off = np.linalg.norm((start + goal)[:, None] / 2.0 - centres, axis=-1)
    normal = np.cross(start, goal)
    size = np.linalg.norm(normal, axis=-1, keepdims=True)
    across = np.abs(normal @ centres.T) <= size * (reach + arc * _WIDE)
    across |= (arc <= _SLACK) | (arc >= _LONG)
    near: NDArray[np.bool_] = (off <= arc * SPREAD**2 / 2.0 + reach) & across
    return near
