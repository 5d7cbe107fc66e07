"""What a flight can do to stay out of the volumes it was told of: pure functions of tracks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.geometry.altitude import Band, Limit, Reference, band_above
from sim.geometry.crossing import find_crossings
from sim.geometry.detour import shortest_way
from sim.geometry.earth import GEOD, distance_m, travel
from sim.geometry.track import Track
from sim.geometry.visits import ALWAYS, find_visits
from sim.geometry.volume import Volume
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.geometry.altitude import Vertical
    from sim.geometry.visits import Visit

CLEARANCE_M = 50.0  # how far beyond a border a flight is out of it; a choice
_SLACK_S = 1e-4  # by which a delay is longer than it must be, so that rounding cannot undo it
_FARTHEST_M = 5e6  # no flight looks farther for a way out
_EVERYWHERE = Band(Limit(Reference.SFC, 0.0), Limit(Reference.UNL, inf))
_BEARINGS = 72  # in which a flight looks for the way out of several volumes at once


@dataclass(frozen=True, slots=True)
class Avoidance:
    """What a flight stays out of, how widely, and how fast it flies.

    ``told`` are the volumes as the flight was told them, ``margin_m`` the
    lateral distance it keeps from them where it can, ``speed_mps`` the ground
    speed at which it leaves its planned way.
    """

    told: tuple[Volume, ...]
    margin_m: float
    speed_mps: float
    vertical: Vertical

    def conflicts(self, track: Track) -> set[int]:
        """Which of the told volumes the track enters while they are in force."""
        return {k for k, told in enumerate(self.told) if find_visits(track, told, self.vertical)}

    def caught(self, ahead: Track) -> set[int]:
        """Which of the told volumes the flight is in as they are in force, unless it leaves."""
        return {
            k
            for k, left in self._present_stays(ahead).items()
            if any(v.entry < left for v in find_visits(ahead, self.told[k], self.vertical))
        }

    def once_outside(self, ahead: Track) -> Track:
        """Give the part of a track that comes after the stays that it begins with.

        They are in volumes not in force yet: nothing keeps the flight from
        flying on until it is out of them.
        """
        outside = max(self._present_stays(ahead).values(), default=ahead.start)
        if outside > ahead.start and self.speed_mps > 0.0:
            outside += CLEARANCE_M / self.speed_mps
        return ahead.cut(min(outside, ahead.end), ahead.end)

    def delay(self, track: Track, earliest: float) -> float | None:
        """Find the shortest delay in seconds with which the same track meets nothing in force.

        A passage [a, b) through a volume in force during [s, e) forbids the
        delays between s - b and e - a; the answer is the least that no passage
        forbids and with which the flight departs no sooner than ``earliest``.
        None if the flight would have to wait for ever.
        """
        forbidden = sorted(
            (self.told[k].window[0] - visit.exit, self.told[k].window[1] - visit.entry)
            for k, visits in enumerate(self._ever(track))
            for visit in visits
        )
        least = max(0.0, earliest - track.start)
        for begins, ends in forbidden:
            if begins < least < ends + _SLACK_S:
                least = ends + _SLACK_S
        return least if least < inf else None

    def reroute(self, ahead: Track, begin: Track) -> Track | None:
        """Fly from where ``begin`` ends past the waypoints of ``ahead`` that are free.

        None if the destination cannot be reached.
        """
        is_ahead = begin.end == ahead.start  # with nothing to go round, what is ahead is flown
        met = self.conflicts(ahead) if is_ahead else set()
        return self._clear(lambda obstacles: self._detour(ahead, begin, obstacles), met)

    def divert(self, begin: Track, alternate: Position) -> Track | None:
        """Fly from where ``begin`` ends to the alternate instead; None if there is no way."""
        last = _last(begin)
        if self.speed_mps == 0.0:
            return None

        def onward(obstacles: set[int]) -> Track | None:
            way = self._way(_position(begin, -1), alternate, obstacles)
            return None if way is None else last.then(_level(last, way, self.speed_mps))

        return self._clear(onward)

    def hold(self, ahead: Track, begin: Track) -> tuple[Track, float] | None:
        """Stay where ``begin`` ends until the way past all waypoints of ``ahead`` is free.

        Give what is flown from there and for how many seconds it stays; None
        if the way never is free.
        """
        onward = self._detour(ahead, begin, set())
        wait = None if onward is None else self.delay(onward, begin.end)
        if onward is None or wait is None:
            return None
        return (_hover(_last(begin), wait).then(onward.shifted(wait)) if wait else onward), wait

    def hold_before(self, ahead: Track) -> tuple[Track, float] | None:
        """Hold on the way until all of the rest is free; give what is flown, and for how long.

        That is where the flight comes within the margin of the first volume it
        would enter, or at once where that place is not free. None if neither
        will do.
        """
        for at in dict.fromkeys((self._comes_near(ahead), ahead.start)):
            rest = ahead.cut(at, ahead.end)
            wait = self.delay(rest, at)
            if wait is None:
                continue
            before = ahead.cut(ahead.start, at)
            way = before.then(_hover(_last(before), wait)).then(rest.shifted(wait))
            if not self.conflicts(way):
                return way, wait
        return None

    def leave(self, ahead: Track) -> Track:
        """Leave the volumes that the flight is caught in by the shortest way out of all.

        Out of one volume that is its nearest border. Where that lies in
        another, the shortest of the straight ways towards 72 bearings is taken.
        """
        here = _last(ahead.cut(ahead.start, ahead.start))
        place = _position(here, -1)
        nearest = min(
            (self._way_out(place, k) for k in sorted(self.caught(ahead))), key=lambda way: way[1]
        )
        if self._is_inside_any(nearest[0], here):
            nearest = self._way_out_of_all(place, here)
        return here.then(_level(here, [place, nearest[0]], self.speed_mps))

    def _way_out(self, here: Position, k: int) -> tuple[Position, float]:
        """Give a place just out of a volume, by the shortest way, and its distance."""
        border, distance = self.told[k].footprint.way_out(*here)
        azimuth, _, _ = GEOD.inv(*here, *border)
        return travel(here, azimuth, distance + CLEARANCE_M), distance + CLEARANCE_M

    def _is_inside_any(self, place: Position, state: Track) -> bool:
        """Tell whether a place is in the footprint of a volume that is, or will be, in force."""
        return any(
            volume.window[1] > state.end
            and floor < state.altitude_m[-1] < ceiling
            and volume.footprint.contains(*place)
            for volume in self.told
            for floor, ceiling in (band_above(state.reference, volume.band, self.vertical),)
        )

    def _way_out_of_all(self, here: Position, state: Track) -> tuple[Position, float]:
        """Give the nearest place straight ahead on some bearing that is out of everything."""
        reach = 2.0 * sum(volume.footprint.cap.radius_m for volume in self.told) + CLEARANCE_M
        reach = min(reach, _FARTHEST_M)
        bearings = [360.0 * k / _BEARINGS for k in range(_BEARINGS)]
        rays = [_level(state, [here, travel(here, b, reach)], 1.0) for b in bearings]
        lasting = [replace(v, window=(-inf, inf)) for v in self.told if v.window[1] > state.end]
        found = find_crossings(rays, lasting, self.vertical)
        inside = [0.0] * _BEARINGS  # how far along each ray the first free place is
        for ray, entry, exit_ in sorted(zip(found.track, found.entry, found.exit, strict=True)):
            if entry - state.end <= inside[ray] + CLEARANCE_M:
                inside[ray] = max(inside[ray], exit_ - state.end)
        distance, bearing = min(zip(inside, bearings, strict=True))
        return travel(here, bearing, distance + CLEARANCE_M), distance + CLEARANCE_M

    def _comes_near(self, ahead: Track) -> float:
        """Give when a flight comes within the margin of the first volume that it enters."""
        entry, first = min(
            (visits[0].entry, k)
            for k, told in enumerate(self.told)
            if (visits := find_visits(ahead, told, self.vertical))
        )
        footprint = self.told[first].footprint
        near = Volume(footprint.buffer(max(self.margin_m, CLEARANCE_M)), _EVERYWHERE, ALWAYS)
        stays = find_visits(ahead, near, self.vertical)
        return max(stay.entry for stay in stays if stay.entry <= entry)

    def _ever(self, track: Track) -> list[Sequence[Visit]]:
        """Find the track's passages through each told volume, in force or not."""
        return [find_visits(track, told, self.vertical, ALWAYS) for told in self.told]

    def _present_stays(self, ahead: Track) -> dict[int, float]:
        """Give the told volumes that a track starts in, in force or not, and when it leaves."""
        return {
            k: visits[0].exit
            for k, visits in enumerate(self._ever(ahead))
            if visits and visits[0].entry <= ahead.start
        }

    def _clear(
        self, way: Callable[[set[int]], Track | None], met: Iterable[int] = ()
    ) -> Track | None:
        """Go round more and more of what is in the way until nothing is; first round those met."""
        obstacles = set(met)
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
            if here == there and length == 0.0:
                found = found.then(_hover(found, duration))
            if length == 0.0 or distance_m(here, there) == 0.0:
                continue
            way = self._way(here, there, obstacles)
            if way is not None:
                altitude = float(ahead.altitude_m[k])
                # a leg too short for the clock takes no time: it is flown as fast as before
                speed = length / duration if duration > 0.0 else self.speed_mps
                found = found.then(_climbing(found, way, altitude, speed))
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
