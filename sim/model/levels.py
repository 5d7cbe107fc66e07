"""How a flight climbs over, or descends under, what it was told of: pure functions of tracks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.geometry.altitude import Band, Limit, Reference, band_above
from sim.geometry.track import Track
from sim.geometry.visits import find_visits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.altitude import Vertical
    from sim.geometry.volume import Volume
    from sim.model.manoeuvres import Avoidance

_SFC, _UNL = Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf)
_SLACK_S = 1e-4  # by which a level is kept longer than it must be, so that rounding cannot undo it


@dataclass(frozen=True, slots=True)
class LevelChange:
    """How a flight may change its level.

    ``margin_m`` is kept above or below what is avoided, ``rate_mps`` is the
    vertical speed, ``floor`` and ``ceiling`` bound the levels to choose from.
    """

    margin_m: float
    rate_mps: float
    floor: Limit | None
    ceiling: Limit | None

    def above(self, avoidance: Avoidance, ahead: Track) -> Track | None:
        """Climb at once to the nearest free level, and come back once past what is in the way.

        The ground track and its times stay. The level is that of a told
        volume's lid, and the margin; the climb is complete before anything
        told would have been entered, and the flight is back on its planned
        profile by its end. None if no level up to the ceiling does that.
        """
        return self._change(avoidance, ahead, 1.0)

    def below(self, avoidance: Avoidance, ahead: Track) -> Track | None:
        """Descend at once to the nearest free level likewise; None if there is none."""
        return self._change(avoidance, ahead, -1.0)

    def _change(self, avoidance: Avoidance, ahead: Track, sign: float) -> Track | None:
        entry = min(
            visits[0].entry
            for told in avoidance.told
            if (visits := find_visits(ahead, told, avoidance.vertical))
        )
        for level in self._levels(avoidance, ahead.reference, sign):
            rise = max(0.0, sign * (level - float(ahead.altitude_m[0])))
            reached = ahead.start + rise / self.rate_mps
            if reached <= entry:
                track = self._at_level(avoidance, ahead, level, reached, sign)
                if track is not None:
                    return track
        return None

    def _levels(self, avoidance: Avoidance, reference: Reference, sign: float) -> Iterator[float]:
        """Give the levels just clear of a told volume each, the nearest to all of them first."""
        band = Band(self.floor or _SFC, self.ceiling or _UNL)
        lowest, highest = band_above(reference, band, avoidance.vertical)
        ground = _ground(reference, avoidance.vertical)
        bands = [band_above(reference, v.band, avoidance.vertical) for v in avoidance.told]
        if sign > 0.0:
            levels = {ceiling + self.margin_m for _, ceiling in bands}
        else:
            levels = {floor - self.margin_m for floor, _ in bands}
        for level in sorted(levels, key=lambda level: sign * level):
            if lowest <= level <= highest and ground < level < inf:
                yield level

    def _at_level(
        self, avoidance: Avoidance, ahead: Track, level: float, reached: float, sign: float
    ) -> Track | None:
        """Fly at a level until past all that is in the way below; None if something still is."""
        wide = [self._widened(v, ahead.reference, avoidance.vertical) for v in avoidance.told]
        passed = avoidance.conflicts(ahead)
        while True:
            clear = _leaves(ahead, [avoidance.told[k] for k in sorted(passed)]) + _SLACK_S
            track = _laid_over(ahead, level, (reached, clear), self.rate_mps, sign)
            if track is None:
                return None
            kept = track.cut(reached, clear)
            near = (k for k, told in enumerate(wide) if find_visits(kept, told, avoidance.vertical))
            met = avoidance.conflicts(track).union(near)
            if not met:
                return track
            if met <= passed:
                return None
            passed |= met

    def _widened(self, volume: Volume, reference: Reference, vertical: Vertical) -> Volume:
        """Give a volume with the margin above and below it, on a track's axis."""
        floor, ceiling = band_above(reference, volume.band, vertical)
        lower = _SFC if floor == -inf else Limit(reference, floor - self.margin_m)
        upper = _UNL if ceiling == inf else Limit(reference, ceiling + self.margin_m)
        return replace(volume, band=Band(lower, upper))


def _ground(reference: Reference, vertical: Vertical) -> float:
    """Give the ground on a track's axis; where that is not known, the zero of the axis."""
    here, ground = vertical.offset_m(reference), vertical.offset_m(Reference.AGL)
    return 0.0 if here is None or ground is None else ground - here


def _leaves(ahead: Track, volumes: list[Volume]) -> float:
    """Give when a track is past volumes for good, whatever its altitude."""
    high = (replace(volume, band=Band(_SFC, _UNL)) for volume in volumes)
    return max(visit.exit for volume in high for visit in find_visits(ahead, volume, None))


def _laid_over(
    ahead: Track, level: float, times: tuple[float, float], rate: float, sign: float
) -> Track | None:
    """Raise a track (lower it, with a negative sign) to a level from one instant to another.

    Before, it changes level evenly from its first instant on; after, at ``rate`` until it
    meets its plan again. None if it ends before that.
    """
    reached, clear = times[0], min(times[1], ahead.end)
    begin = float(ahead.altitude_m[0]) if reached > ahead.start else level
    end = level - sign * rate * (ahead.end - clear)
    raised = _bounded(ahead.cut(ahead.start, reached), begin, level, sign)
    raised = raised.then(_bounded(ahead.cut(reached, clear), level, level, sign))
    raised = raised.then(_bounded(ahead.cut(clear, ahead.end), level, end, sign, until_met=True))
    return raised if raised.altitude_m[-1] == ahead.altitude_m[-1] else None


def _bounded(
    part: Track, begin: float, end: float, sign: float, *, until_met: bool = False
) -> Track:
    """Keep a track above (below) a bound that moves evenly from ``begin`` to ``end``.

    With ``until_met``, only up to where the track first is beyond the bound by itself.
    """
    bound = np.interp(part.time, [part.start, part.end], [begin, end])
    spare = sign * (part.altitude_m - bound)
    rows: list[tuple[float, float]] = []
    is_free = False
    for k in range(len(part)):
        if k and not is_free and spare[k - 1] * spare[k] < 0.0 and part.time[k - 1] < part.time[k]:
            share = spare[k - 1] / (spare[k - 1] - spare[k])
            before, after = part.altitude_m[k - 1], part.altitude_m[k]
            at = part.time[k - 1] + share * (part.time[k] - part.time[k - 1])
            rows.append((at, before + share * (after - before)))
            is_free = until_met
        is_free = is_free or (until_met and spare[k] >= 0.0)
        altitude = part.altitude_m[k] if is_free or spare[k] >= 0.0 else bound[k]
        rows.append((part.time[k], altitude))
    time, altitudes = np.array(rows).T
    lon, lat = np.array([part.at(t)[:2] for t in time]).T
    return Track(time, lon, lat, altitudes, part.reference)
