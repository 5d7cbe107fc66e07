"""Times of the day, by the clock or by the sun, as stretches of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FormatError
from sim.formats.sun import EVENTS, stays_above, sun_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.units import Position

DAY_S = 86400.0
_MOST_STEPS = 5  # times of a day with their zones lie within three days
Window = tuple[float, float]  # from when until when, in Unix seconds


class Clock(NamedTuple):
    """A time of the day: seconds after midnight, or after an event of the sun."""

    seconds: float
    event: str = ""  # one of `sun.EVENTS`


class Sky:
    """Turns times of a day into Unix seconds, at a place for those of the sun."""

    def __init__(self, place: Position | None) -> None:
        self._place = place
        self._events: dict[tuple[float, str], float | None] = {}

    def stretch(
        self,
        midnight: float,
        begin: Clock,
        finish: Clock,
        *,
        last: float | None = None,
        step_s: float = DAY_S,
    ) -> Window | None:
        """Give the stretch from one time of a day to another, or to that of the next day.

        Where the sun does not rise or set on a day, from sunrise to sunset is all of a
        day on which it is up, and nothing of one on which it is not; likewise from
        sunset to sunrise, and with twilight. With a time by the clock at the other end,
        the day's own beginning or end stands in.

        Parameters
        ----------
        midnight
            When the day begins, in Unix seconds.
        begin, finish
            Times of the day.
        last
            When the day of the end begins, if it is another.
        step_s
            By what the end is later while it is not after the beginning.

        Raises
        ------
        FormatError
            If the sun decides, and no place is known.
        """
        by_sun = bool(begin.event and finish.event)
        ending = midnight if last is None else last
        opening = self._edge(midnight, begin, opens=True, by_sun=by_sun)
        closing = self._edge(ending, finish, opens=False, by_sun=by_sun)
        if opening is None or closing is None:
            return None
        for step in range(1, _MOST_STEPS):
            if closing is None or closing > opening:
                break
            closing = self._edge(ending + step * step_s, finish, opens=False, by_sun=by_sun)
        return None if closing is None else (opening, closing)

    def _edge(self, midnight: float, clock: Clock, *, opens: bool, by_sun: bool) -> float | None:
        """Give an end of a stretch; None if the sun is not where it would have to be."""
        if not clock.event:
            return midnight + clock.seconds
        crossing = self._crossing(midnight, clock.event)
        if crossing is not None:
            return crossing + clock.seconds
        event = EVENTS[clock.event]
        if by_sun and stays_above(self._known_place, event, midnight) is not (
            event.rising is opens
        ):
            return None
        return midnight if opens else midnight + DAY_S

    def _crossing(self, midnight: float, event: str) -> float | None:
        key = (midnight, event)
        if key not in self._events:
            self._events[key] = sun_event(self._known_place, EVENTS[event], midnight)
        return self._events[key]

    @property
    def _known_place(self) -> Position:
        if self._place is None:
            raise FormatError("sunrise and sunset need a place, and none is given")
        return self._place


def merged(windows: Iterable[Window]) -> list[Window]:
    """Give windows in order, those that meet or adjoin as one."""
    found: list[Window] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
