"""Minima: how near is too near, and which tracks come so near to volumes without entering them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import TYPE_CHECKING

from sim.errors import GeometryError
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.crossing import find_crossings
from sim.geometry.penetration import penetration
from sim.geometry.volume import Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.geometry.altitude import Vertical
    from sim.geometry.crossing import Crossing
    from sim.geometry.track import Track


@dataclass(frozen=True, slots=True)
class Minima:
    """Separation minima: what is less than all of them apart is close.

    Parameters
    ----------
    lateral_m, vertical_m, time_s
        Distances over ground, in altitude and in time; 0 where only what is
        shared counts.

    Raises
    ------
    GeometryError
        If one is negative or not finite.
    """

    lateral_m: float = 0.0
    vertical_m: float = 0.0
    time_s: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isfinite(value) and value >= 0.0):
                raise GeometryError(f"{field.name} of the minima is at least 0, not {value}")

    def around(self, volume: Volume) -> Volume:
        """Give all that is nearer to a volume than the minima."""
        begins, ends = volume.window
        return Volume(
            volume.footprint.buffer(self.lateral_m),
            Band(_moved(volume.band.lower, -self.vertical_m), self._lid(volume.band.upper)),
            (begins - self.time_s, ends + self.time_s),
        )

    def _lid(self, upper: Limit) -> Limit:
        if upper.reference is Reference.SFC:  # the surface is 0 m above ground
            upper = Limit(Reference.AGL, 0.0)
        return _moved(upper, self.vertical_m)


def _moved(limit: Limit, metres: float) -> Limit:
    """Raise a limit, unless it is none."""
    if limit.reference in {Reference.SFC, Reference.UNL}:
        return limit
    return replace(limit, metres=limit.metres + metres)


@dataclass(frozen=True, slots=True)
class Approach:
    """A track is nearer to a volume than the minima from ``entry`` to ``exit``, and never in it.

    ``track`` and ``volume`` are places in the lists given. It comes nearest over
    ground, by ``lateral_m``, at ``instant``; 0 where it passes above, below,
    before or after. Times in seconds.
    """

    track: int
    volume: int
    entry: float
    exit: float
    instant: float
    lateral_m: float


def find_approaches(
    tracks: Sequence[Track],
    volumes: Sequence[Volume],
    minima: Minima,
    vertical: Vertical | None = None,
) -> tuple[Approach, ...]:
    """Find the stays of tracks nearer to volumes than the minima, those that enter left out.

    Parameters
    ----------
    tracks, volumes
        Any numbers of them.
    minima
        How near is too near.
    vertical
        Settings that bring altitudes of different references on one axis.

    Returns
    -------
    tuple of Approach
        By track, volume and entry.

    Raises
    ------
    VerticalError
        As for :func:`~sim.geometry.crossing.find_crossings`.

    Examples
    --------
    >>> from sim.geometry.footprint import Circle
    >>> from sim.geometry.track import Track
    >>> everything = Band(Limit("SFC", 0), Limit("UNL", float("inf")))
    >>> zone = Volume(Circle((36, 35), 10_000), everything, (0, 3600))
    >>> past = Track.along([(36.15, 34), (36.15, 36)], 3000, 100, departs=0)
    >>> [(round(a.lateral_m), round(a.instant))
    ...  for a in find_approaches([past], [zone], Minima(lateral_m=9260))]
    [(3693, 1109)]
    """
    around = [minima.around(volume) for volume in volumes]
    entered: defaultdict[tuple[int, int], list[Crossing]] = defaultdict(list)
    for stay in find_crossings(tracks, volumes, vertical):
        entered[stay.track, stay.volume].append(stay)
    found = []
    for near in find_crossings(tracks, around, vertical):
        stays = entered[near.track, near.volume]
        if any(stay.entry < near.exit and near.entry < stay.exit for stay in stays):
            continue
        depth, instant = penetration(tracks[near.track], around[near.volume], near.entry, near.exit)
        lateral = max(0.0, minima.lateral_m - depth)
        found.append(Approach(near.track, near.volume, near.entry, near.exit, instant, lateral))
    return tuple(found)
