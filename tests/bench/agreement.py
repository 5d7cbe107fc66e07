"""Whether two answers are the same, give or take a centimetre (ASTM F3548-21) and an instant."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.plane import Paths, Scene
    from tests.bench.workloads import Floats, Indices

SHALLOW_M = 0.01
TOLERANCE_S = 0.05  # a leg at constant speed is not linear in the plane: up to 1.5 m, or 10 ms
_FINE = 64  # places at which a stretch of track is looked at


class Rows(NamedTuple):
    """Stays of tracks in volumes, by track, volume and entry; columns of shape (k,)."""

    track: Indices
    volume: Indices
    entry: Floats
    exit: Floats

    @classmethod
    def sorted(cls, track: Indices, volume: Indices, entry: Floats, exit_: Floats) -> Rows:
        """Put stays in order."""
        order = np.lexsort((entry, volume, track))
        return cls(track[order], volume[order], entry[order], exit_[order])

    def of(self, tracks: int) -> Rows:
        """Give the stays of the first few tracks."""
        upto = int(np.searchsorted(self.track, tracks))
        return Rows(self.track[:upto], self.volume[:upto], self.entry[:upto], self.exit[:upto])


@dataclass(frozen=True)
class Agreement:
    """How two answers compare."""

    same: int
    shallow: tuple[str, ...] = ()  # differences that a centimetre explains
    wrong: tuple[str, ...] = ()  # those that it does not
    worst_s: float = 0.0  # the largest difference of instants

    def __str__(self) -> str:
        """Say it in a few words."""
        if self.wrong:
            return f"DISAGREES in {len(self.wrong)} of {self.same + len(self.wrong)}"
        within = f" within {self.worst_s * 1000:.1f} ms" if self.worst_s else ""
        but = f", {len(self.shallow)} under 1 cm" if self.shallow else ""
        return f"same {self.same:,}{within}{but}"


def pair_keys(first: Indices, second: Indices, volumes: int) -> Indices:
    """Give pairs as sorted numbers first * n + second."""
    return np.sort(first.astype(np.int64) * volumes + second)


def compare_pairs(ours: Indices, theirs: Indices, scene: Scene) -> Agreement:
    """Compare pairs; those that only one side has must meet, or be apart, by under 1 cm."""
    odd = np.setxor1d(ours, theirs, assume_unique=True)
    first, second = np.divmod(odd, len(scene))
    one, other = scene.polygon[first], scene.polygon[second]
    core = shapely.buffer(one, -SHALLOW_M, join_style="mitre")
    near = ~shapely.intersects(core, other) & (shapely.distance(one, other) <= SHALLOW_M)
    told = [f"volumes {a} and {b}" for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    same = len(np.intersect1d(ours, theirs, assume_unique=True))
    return Agreement(same, _where(told, near.tolist()), _where(told, (~near).tolist()))


def _where(told: Sequence[str], wanted: Sequence[bool]) -> tuple[str, ...]:
    return tuple(text for text, is_wanted in zip(told, wanted, strict=True) if is_wanted)


def compare_stays(ours: Rows, theirs: Rows, scene: Scene, paths: Paths) -> Agreement:
    """Compare stays by the times that only one side counts as inside.

    Such a time is an instant's tolerance if it is no longer than ``TOLERANCE_S``;
    else the track must all the while lie within 1 cm of the volume's border.
    """
    same, worst = 0, 0.0
    shallow: list[str] = []
    wrong: list[str] = []
    one, other = _by_pair(ours), _by_pair(theirs)
    for (track, volume), times in {**other, **one}.items():
        odd = _only_one(one.get((track, volume), []), other.get((track, volume), []))
        lasting = [end - begin for begin, end in odd]
        long = [(b, e) for b, e in odd if e - b > TOLERANCE_S]
        worst = max([worst, *(s for s in lasting if s <= TOLERANCE_S)])
        same += len(times) * (not long)
        for begin, end in long:
            text = f"track {track} in volume {volume}, {begin:.3f} s to {end:.3f} s"
            flat = _is_shallow(scene, volume, paths, track, (begin, end))
            (shallow if flat else wrong).append(text)
    return Agreement(same, tuple(shallow), tuple(wrong), worst)


def _by_pair(rows: Rows) -> dict[tuple[int, int], list[tuple[float, float]]]:
    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for track, volume, entry, exit_ in zip(*(column.tolist() for column in rows), strict=True):
        found.setdefault((track, volume), []).append((entry, exit_))
    return found


def _only_one(
    ours: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Give the times that lie in the intervals of one side alone."""
    ends = sorted({t for interval in (*ours, *theirs) for t in interval})
    odd = []
    for begin, end in pairwise(ends):
        middle = (begin + end) / 2
        inside = [any(a < middle < b for a, b in side) for side in (ours, theirs)]
        if inside[0] != inside[1]:
            odd.append((begin, end))
    return odd


def _is_shallow(
    scene: Scene, volume: int, paths: Paths, track: int, times: tuple[float, float]
) -> bool:
    """Tell whether a track all the while lies within 1 cm of a volume's border or limits."""
    points = slice(int(paths.starts[track]), int(paths.starts[track + 1]))
    when = np.linspace(*times, _FINE)
    x, y, z = (
        np.interp(when, paths.time[points], column[points])
        for column in (*paths.place.T, paths.altitude_m)
    )
    border = shapely.distance(scene.polygon[volume].boundary, shapely.points(x, y))
    level = np.minimum(np.abs(z - scene.lower_m[volume]), np.abs(z - scene.upper_m[volume]))
    return bool((np.minimum(border, level) <= SHALLOW_M).all())
