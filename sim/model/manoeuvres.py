"""What a flight can do to stay out of the volumes it was told of: pure functions of tracks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.geometry.altitude import band_above
from sim.geometry.crossing import find_crossings
from sim.geometry.detour import shortest_way
from sim.geometry.earth import GEOD, distance_m, travel
from sim.geometry.track import Track
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.geometry.altitude import Vertical
    from sim.geometry.crossing import Crossings
    from sim.geometry.volume import Volume

CLEARANCE_M = 50.0  # how far beyond a border a flight is out of it; a choice


@dataclass(frozen=True, slots=True)
class Avoidance:
    """What a flight stays out of, and how widely.

    ``told`` are the volumes as the flight was told them, ``margin_m`` the
    lateral distance it keeps from them where it can.
    """

    told: tuple[Volume, ...]
    margin_m: float
    vertical: Vertical

    def conflicts(self, track: Track) -> set[int]:
        """Which of the told volumes the track enters while they are in force."""
        return {int(k) for k in find_crossings([track], self.told, self.vertical).volume}

    def surrounding(self, track: Track, at: float) -> list[int]:
        """Which of the told volumes the track is in at an instant, in force or not."""
        longitude, latitude, altitude = track.at(at)
        around = []
        for k, volume in enumerate(self.told):
            floor, ceiling = band_above(track.reference, volume.band, self.vertical)
            if floor < altitude < ceiling and volume.footprint.contains(longitude, latitude):
                around.append(k)
        return around

    def delay(self, track: Track, earliest: float) -> float | None:
        """Find the shortest delay in seconds with which the same track meets nothing in force.

        A passage [a, b) through a volume in force during [s, e) forbids the
        delays between s - b and e - a; the answer is the least that no passage
        forbids and with which the flight departs no sooner than ``earliest``.
        None if the flight would have to wait for ever.
        """
        found = self._ever(track)
        forbidden = sorted(
            (self.told[k].window[0] - exit_, self.told[k].window[1] - entry)
            for k, entry, exit_ in zip(found.volume, found.entry, found.exit, strict=True)
        )
        least = max(0.0, earliest - track.start)
        for begins, ends in forbidden:
            if begins < least < ends:
                least = ends
        return least if least < inf else None

    def reroute(self, ahead: Track, begin: Track) -> Track | None:
        """Fly from where ``begin`` ends past the waypoints of ``ahead`` that are free.

        None if the destination cannot be reached.
        """
        return self._clear(lambda obstacles: self._detour(ahead, begin, obstacles))

    def divert(self, ahead: Track, begin: Track, alternate: Position) -> Track | None:
        """Fly from where ``begin`` ends to the alternate instead; None if there is no way."""
        last = _last(begin)

        def onward(obstacles: set[int]) -> Track | None:
            way = self._way(_position(begin, -1), alternate, obstacles)
            if way is None:
                return None
            return last.then(_level(last, way, ahead.speed_after(ahead.start)))

        return self._clear(onward)

    def leave(self, ahead: Track) -> Track:
        """Leave the volumes that the flight is in, one after the other by the shortest way."""
        out = ahead.cut(ahead.start, ahead.start)
        for _ in self.told:
            here = _position(out, -1)
            ways = [self.told[k].footprint.way_out(*here) for k in self.surrounding(out, out.end)]
            if not ways:
                break
            border, distance = min(ways, key=lambda way: way[1])
            azimuth, _, _ = GEOD.inv(*here, *border)
            beyond = travel(here, azimuth, distance + CLEARANCE_M)
            out = out.then(_level(out, [here, beyond], ahead.speed_after(ahead.start)))
        return out

    def _ever(self, track: Track) -> Crossings:
        """Find the track's passages through the told volumes, in force or not."""
        always = [replace(volume, window=(-inf, inf)) for volume in self.told]
        return find_crossings([track], always, self.vertical)

    def _clear(self, way: Callable[[set[int]], Track | None]) -> Track | None:
        """Go round more and more of what is in the way until nothing is."""
        obstacles: set[int] = set()
        while True:
            found = way(obstacles)
            if found is None:
                return None
            met = self.conflicts(found)
            if not met:
                return found
            if met <= obstacles:
                return None
            obstacles |= met

    def _detour(self, ahead: Track, begin: Track, obstacles: set[int]) -> Track | None:
        found = _last(begin)
        last = len(ahead.time) - 1
        for k in range(1, last + 1):
            here, there = _position(found, -1), _position(ahead, k)
            length, duration = _leg(ahead, k)
            if length == 0.0:
                found = found.then(_hover(found, duration)) if here == there else found
                continue
            way = self._way(here, there, obstacles)
            if way is not None:
                altitude = float(ahead.altitude_m[k])
                found = found.then(_climbing(found, way, altitude, length / duration))
            elif k == last:
                return None
        return found

    def _way(self, start: Position, goal: Position, obstacles: set[int]) -> list[Position] | None:
        footprints = [self.told[k].footprint for k in sorted(obstacles)]
        return shortest_way(start, goal, footprints, self.margin_m)


def _position(track: Track, k: int) -> Position:
    return Position(float(track.lon[k]), float(track.lat[k]))


def _last(track: Track) -> Track:
    return track.cut(track.end, track.end)


def _leg(track: Track, k: int) -> tuple[float, float]:
    """Give the length in metres and the duration in seconds of the leg that ends at point k."""
    return float(track.legs.distance[k - 1]), float(track.time[k] - track.time[k - 1])


def _hover(track: Track, duration: float) -> Track:
    """Stay where the track ends."""
    state = track.at(track.end)
    rows = np.array([[track.end, *state], [track.end + duration, *state]])
    return Track(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], track.reference)


def _level(track: Track, way: list[Position], speed: float) -> Track:
    """Fly on from where the track ends, at the altitude it ends at."""
    altitude = float(track.altitude_m[-1])
    return Track.along(
        way, [altitude] * len(way), [speed] * (len(way) - 1), track.end, track.reference
    )


def _climbing(track: Track, way: list[Position], altitude: float, speed: float) -> Track:
    """Fly on from where the track ends, reaching the altitude at the end of the way."""
    flown = np.concatenate([[0.0], np.cumsum([distance_m(a, b) for a, b in pairwise(way)])])
    before = float(track.altitude_m[-1])
    altitudes = before + (altitude - before) * (flown / flown[-1])
    return Track.along(way, altitudes, [speed] * (len(way) - 1), track.end, track.reference)
