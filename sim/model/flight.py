"""Flights: they depart, fly, keep out of what they are told of where they can, and arrive."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from sim.distributions import Fixed
from sim.geometry.visits import find_visits
from sim.model.journal import FlightActed, FlightArrived, FlightDeparted, FlightFlown
from sim.model.levels import LevelChange
from sim.model.manoeuvres import Avoidance
from sim.scenario.plan import flight_track

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    import simpy

    from sim.geometry.altitude import Vertical
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.model.journal import Recorder
    from sim.model.streams import Key, Streams
    from sim.scenario import people
    from sim.scenario.planned import PlannedFlight

NOTHING = "none"
_SOON_S = 1.0


class Flight:
    """One flight of a unit.

    ``track`` is what it means to fly from where it is now; ``avoid`` changes
    it. Whether it needs to change is judged by what the flight was told, never
    by what is true.

    Parameters
    ----------
    env
        The clock.
    planned
        The flight as planned.
    response
        What its party's units may do to stay out.
    exempt
        The zones that do not bind it.
    ahead_s
        By how many seconds the clock it departs by is ahead of UTC.
    vertical
        Brings altitudes together.
    streams, recorder
        The replication's draws and records.
    """

    def __init__(
        self,
        env: simpy.Environment,
        planned: PlannedFlight,
        response: people.Response,
        *,
        exempt: frozenset[str],
        ahead_s: float,
        vertical: Vertical,
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._planned = planned
        self._response = response
        self._exempt = exempt
        self._vertical = vertical
        self._record = recorder.add
        self._is_airborne = False
        self._is_over = False
        self._is_diverted = False
        self._held = 0.0
        self.track = _intended(planned, streams, vertical)
        if ahead_s:
            self.track = self.track.shifted(-ahead_s)
        self._scheduled = self.track.start
        self._intend(self.track)

    def avoid(self, zone: str, obeyed: Mapping[str, tuple[int, Volume]]) -> None:
        """Act on a zone just heeded, minding all the others that are obeyed too."""
        if self._is_over or zone in self._exempt:
            return
        told = [obeyed[name][1] for name in sorted(obeyed.keys() - self._exempt)]
        if not any(self._may_meet(volume) for volume in told):
            return
        ahead = self._ahead()
        action, extra = NOTHING, 0.0
        # Where the time margin cannot be kept, the told windows themselves still count.
        for margin in dict.fromkeys((self._response.time_margin, 0.0)):
            avoidance = self._avoidance(told, margin)
            if not avoidance.conflicts(ahead):
                return
            action, extra = self._act(avoidance, ahead)
            if action != NOTHING:
                break
        delay = self.track.start - self._scheduled if action == "delay" else 0.0
        version = obeyed[zone][0]
        self._record(
            FlightActed(self._env.now, self._planned.id, zone, version, action, delay, extra)
        )

    def _may_meet(self, told: Volume) -> bool:
        """Tell whether what is still to be flown may enter a told volume in force.

        Of a flight in the air that is asked of its whole track, what it has flown
        left out but for a second: the rest is cut off only where it may matter.
        """
        margin, (begins, ends) = self._response.time_margin, told.window
        since = self._env.now - _SOON_S if self._is_airborne else -inf
        visits = find_visits(self.track, told, self._vertical, (begins - margin, ends + margin))
        return any(visit.exit > since for visit in visits)

    def _avoidance(self, told: Sequence[Volume], time_margin: float) -> Avoidance:
        return Avoidance(
            told=tuple(_lasting(volume, time_margin) for volume in told),
            margin_m=self._response.margin,
            speed_mps=self.track.speed_after(self._env.now),
            vertical=self._vertical,
        )

    def cut_off(self) -> None:
        """Put on record what was flown by the horizon of a flight still in the air."""
        if self._is_airborne and not self._is_over:
            flown = self.track.cut(self.track.start, self._env.now)
            self._record(FlightFlown(self._env.now, self._planned.id, flown))

    def _intend(self, track: Track) -> None:
        """Mean to fly a track from now on; what was set going for the one before lapses."""
        self.track = track
        self._env.process(self._land(track) if self._is_airborne else self._depart(track))

    def _depart(self, track: Track) -> Generator[simpy.Event, object, None]:
        yield self._env.timeout(max(0.0, track.start - self._env.now))
        if self.track is not track or self._is_over:
            return
        self._is_airborne = True
        self._record(FlightDeparted(self._env.now, self._planned.id))
        yield from self._land(track)

    def _land(self, track: Track) -> Generator[simpy.Event, object, None]:
        yield self._env.timeout(max(0.0, track.end - self._env.now))
        if self.track is not track:
            return
        self._is_over = True
        self._record(FlightArrived(self._env.now, self._planned.id, self._is_diverted))
        self._record(FlightFlown(self._env.now, self._planned.id, track))

    def _ahead(self) -> Track:
        """Give the part of the track that is still to be flown."""
        if not self._is_airborne:
            return self.track
        return self.track.cut(self._env.now, self.track.end)

    def _act(self, avoidance: Avoidance, ahead: Track) -> tuple[str, float]:
        """Take the first allowed action that works; give its name and the extra metres."""
        if self._is_airborne and avoidance.caught(ahead):
            if avoidance.speed_mps == 0.0:
                return NOTHING, 0.0  # it never moves
            return "exit", self._leave(avoidance, ahead)
        for action in self._response.actions:
            extra = self._try(action, avoidance, ahead)
            if extra is not None:
                return action, extra
        return NOTHING, 0.0

    def _try(self, action: str, avoidance: Avoidance, ahead: Track) -> float | None:
        """Try one action; give the extra metres flown, or None where it is not possible."""
        if action in {"reroute", "divert"}:
            return self._go_round(action, avoidance, ahead)
        if action in {"climb", "descend"}:
            return self._change_level(action, avoidance, ahead)
        if self._is_airborne:
            return self._wait(avoidance, ahead) if action == "hold" else None
        if action == "hold":
            return None
        return self._delay(avoidance) if action == "delay" else self._cancel()

    def _go_round(self, action: str, avoidance: Avoidance, ahead: Track) -> float | None:
        if not self._is_airborne and (action == "divert" or avoidance.caught(ahead)):
            return None  # no way leads round what it would depart in
        ahead = avoidance.once_outside(ahead)
        here = ahead.cut(ahead.start, ahead.start)
        go = self._reroute if action == "reroute" else self._divert
        return go(avoidance, ahead, here)

    def _delay(self, avoidance: Avoidance) -> float | None:
        delay = avoidance.delay(self.track, self._env.now)
        if delay is None:
            return None
        later = self.track.shifted(delay)
        limit = self._response.max_delay
        if limit is not None and later.start - self._scheduled > limit:
            return None
        self._intend(later)
        return 0.0

    def _reroute(self, avoidance: Avoidance, ahead: Track, begin: Track) -> float | None:
        way = avoidance.reroute(ahead, begin)
        if way is None:
            return None
        extra = _extra_m(begin, way, ahead)
        limit = self._response.max_detour
        if limit is not None and extra > limit:
            return None
        self._follow(way)
        return extra

    def _divert(self, avoidance: Avoidance, ahead: Track, begin: Track) -> float | None:
        way = avoidance.divert(begin, self._planned.alternate)
        if way is None:
            return None
        self._follow(way)
        self._is_diverted = True
        return _extra_m(begin, way, ahead)

    def _change_level(self, action: str, avoidance: Avoidance, ahead: Track) -> float | None:
        limits = self._response
        change = LevelChange(
            limits.vertical_margin, limits.climb_rate, limits.floor, limits.ceiling
        )
        move = change.above if action == "climb" else change.below
        way = move(avoidance, ahead)
        if way is None:
            return None
        self._follow(way)
        return 0.0

    def _wait(self, avoidance: Avoidance, ahead: Track) -> float | None:
        found = avoidance.hold_before(ahead)
        if found is None or not self._waits(*found, self._response.max_hold):
            return None
        return 0.0

    def _cancel(self) -> float:
        self._is_over = True
        return 0.0

    def _leave(self, avoidance: Avoidance, ahead: Track) -> float:
        """Leave by the shortest way; then fly on, to the alternate, or wait until it can fly on."""
        out = avoidance.leave(ahead)
        self._follow(out)
        for action in self._response.actions:
            extra = None
            if action == "reroute":
                extra = self._reroute(avoidance, ahead, out)
            elif action == "divert":
                extra = self._divert(avoidance, ahead, out)
            elif action == "hold":
                extra = self._hold(avoidance, ahead, out, self._response.max_hold)
            if extra is not None:
                return extra
        extra = self._hold(avoidance, ahead, out, None)
        if extra is None:
            self._is_diverted = True
        return extra or 0.0

    def _hold(
        self, avoidance: Avoidance, ahead: Track, begin: Track, limit: float | None
    ) -> float | None:
        """Wait outside, and fly on when the way is free."""
        found = avoidance.hold(ahead, begin)
        if found is None or not self._waits(*found, limit):
            return None
        return _extra_m(begin, found[0], ahead)

    def _waits(self, way: Track, wait: float, limit: float | None) -> bool:
        """Fly a way that waits, if the flight may, counting what it waited in the air before."""
        if limit is not None and self._held + wait > limit:
            return False
        self._held += wait
        self._follow(way)
        return True

    def _follow(self, way: Track) -> None:
        """Fly the way instead of what was meant from its start on; keep what is already flown."""
        if way.start > self.track.start:
            way = self.track.cut(self.track.start, way.start).then(way)
        self._intend(way)


def _lasting(volume: Volume, time_margin: float) -> Volume:
    """Give a told volume as in force for a margin before and after its window."""
    begins, ends = volume.window
    return replace(volume, window=(begins - time_margin, ends + time_margin))


def _extra_m(begin: Track, way: Track, ahead: Track) -> float:
    """Give by how many metres what is flown now is longer than what was ahead, if it is."""
    return max(0.0, begin.length_m + way.length_m - ahead.length_m)


def _intended(planned: PlannedFlight, streams: Streams, vertical: Vertical) -> Track:
    """Draw when the flight means to depart and how fast it flies."""
    if planned.spec is None:
        return planned.track
    key: Key = ("flight", planned.id)
    jitter = streams.value(planned.jitter, key, "jitter")
    speed = planned.spec.speed
    if speed is None or isinstance(speed, Fixed):
        return planned.track.shifted(jitter)
    drawn = streams.value(speed, key, "speed")
    return flight_track(planned.spec, planned.track.start + jitter, drawn, vertical)
