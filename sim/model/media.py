"""The media: calls on a line, publications that are read, and messages on a datalink."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import simpy

from sim.geometry.edges import corners
from sim.geometry.footprint import Corridor, Polygon
from sim.model.channel import Channel
from sim.model.garbling import as_said, understood
from sim.model.journal import Step

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sim.geometry.footprint import Footprint
    from sim.model.channel import Arrival
    from sim.model.copies import Copy
    from sim.model.hours import Hours
    from sim.model.journal import Recorder
    from sim.model.streams import Key, Streams
    from sim.scenario.planned import Plan


class Telephone(Channel):
    """Calls on staffed lines: they wait for a line, ring, are answered or not, may break off."""

    @cached_property
    def _lines(self) -> simpy.PriorityResource:
        return simpy.PriorityResource(self.env, capacity=self.spec.lines or 1)

    @cached_property
    def _queue(self) -> list[Copy]:
        """The copies that wait for a line, those that have given way meanwhile included."""
        return []

    def attempt(
        self, copy: Copy, attempt: int, arrived: Arrival
    ) -> Generator[simpy.Event, object, bool]:
        """Call once: a line, an answer, the transfer."""
        self._queue = [waiting for waiting in self._queue if not waiting.superseded]
        if self._is_full():
            self.record(copy.step(self.env.now, Step.UNANSWERED, attempt, why="all lines busy"))
            return False
        with self._lines.request(priority=copy.priority) as line:
            self._queue.append(copy)
            yield line
            if copy.superseded:
                return False
            self._queue.remove(copy)
            copy.under_way = True
            has_arrived = yield from self._call(copy, attempt)
            copy.under_way = False
        if has_arrived:
            arrived(copy)
        elif copy.superseded:
            self.record(copy.gives_way(self.env.now))
        return has_arrived

    def _is_full(self) -> bool:
        """Tell whether all lines are taken, and as many callers wait as may."""
        if self.spec.waiting is None or self._lines.count < self._lines.capacity:
            return False
        return len(self._queue) >= self.spec.waiting

    def _call(self, copy: Copy, attempt: int) -> Generator[simpy.Event, object, bool]:
        self.record(copy.step(self.env.now, Step.CALLING, attempt))
        why = yield from self._ring(copy, attempt)
        if why:
            self.record(copy.step(self.env.now, Step.UNANSWERED, attempt, why=why))
            return False
        self.record(copy.step(self.env.now, Step.CONNECTED, attempt))
        passed = yield from self.wait_or_break(self._length(copy, attempt))
        if not passed or self.happens("loss", self.spec.loss, copy, attempt):
            why = "" if passed else "the line went down"
            self.record(copy.step(self.env.now, Step.LOST, attempt, why=why))
            return False
        what = understood(self, copy, attempt)
        if what.wrong and self.happens("read back", self.spec.read_back, copy, attempt):
            yield self.env.timeout(self.time(self.spec.transfer, "passed again", copy, attempt))
            what = as_said(copy, "wrong, and mended when read back")
        self.deliver(copy, attempt, what)
        return True

    def _ring(self, copy: Copy, attempt: int) -> Generator[simpy.Event, object, str]:
        """Ring until somebody competent answers or patience ends; give why nobody did."""
        if not self.is_up:
            return "the line was down"
        answer = self.spec.answer
        assert answer is not None, "the preset of a telephone has answers"
        somebody = self.happens("answer", answer.probability, copy, attempt)
        wait = self.time(answer.wait, "answer wait", copy, attempt)
        absent = self.happens("contact absent", answer.absent, copy, attempt)
        if absent:
            wait += self.time(answer.returns, "contact returns", copy, attempt)
        staffed = self.hours[copy.taker].is_open(self.env.now)
        in_time = staffed and somebody and wait <= answer.patience
        held = yield from self.wait_or_break(wait if in_time else answer.patience)
        if not held:
            return "the line went down"
        if in_time:
            return ""
        if not staffed:
            return "outside the desk's hours"
        return "the named contact was absent" if somebody and absent else "nobody there"

    def _length(self, copy: Copy, attempt: int) -> float:
        """Draw how long it takes to pass the notice: more with each corner, and an interpreter."""
        length = self.time(self.spec.transfer, "transfer", copy, attempt)
        length += self.time(self.spec.interpretation, "interpretation", copy, attempt)
        each = self.time(self.spec.per_corner, "per corner", copy, attempt)
        return length + each * _corners(copy.content.footprint) if each else length


class Publication(Channel):
    """A notice that is published, and read by each reader at the reader's own times."""

    def attempt(
        self, copy: Copy, attempt: int, arrived: Arrival
    ) -> Generator[simpy.Event, object, bool]:
        """Publish the notice, and wait until it is read; one that is never read stays there."""
        yield self.env.timeout(self.time(self.spec.transfer, "transfer", copy, attempt))
        yield from self.until_up()
        if copy.superseded:
            return False
        if self.happens("loss", self.spec.loss, copy, attempt):
            self.record(copy.step(self.env.now, Step.LOST, attempt))
            return False
        copy.is_out = True
        self.record(copy.step(self.env.now, Step.PUBLISHED, attempt))
        if self.happens("unread", self.spec.unread, copy, attempt):
            return True
        yield self.env.timeout(self._next_reading(copy) - self.env.now)
        if copy.superseded or self.expires(copy):
            return True
        self.deliver(copy, attempt, understood(self, copy, attempt))
        arrived(copy)
        return True

    def _next_reading(self, copy: Copy) -> float:
        """Give when the reader next looks: every so often from a start of its own, if there."""
        every = self.spec.poll
        if every is None or every == 0.0:
            return self.hours[copy.taker].next_open(self.env.now)
        reader: Key = ("channel", self.id, "reader", copy.taker)
        phase = self.streams.uniform(reader, "reads") * every
        rounds = -((phase - self.env.now) // every)
        at = phase + rounds * every
        while not self.hours[copy.taker].is_open(at):
            at += every
        return at


class Datalink(Channel):
    """Messages between machines: late, lost in bursts, out of order, or delivered twice."""

    def __init__(
        self,
        env: simpy.Environment,
        id_: str,
        plan: Plan,
        hours: Mapping[str, Hours],
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        super().__init__(env, id_, plan, hours, streams, recorder)
        self._in_burst = False
        if self.spec.bursts is not None:
            env.process(self._burst())

    def attempt(
        self, copy: Copy, attempt: int, arrived: Arrival
    ) -> Generator[simpy.Event, object, bool]:
        """Send one message; its loss depends on whether a burst is going on."""
        copy.under_way = True
        self.record(copy.step(self.env.now, Step.CONNECTED, attempt))
        bursts = self.spec.bursts
        loss = bursts.loss if bursts is not None and self._in_burst else self.spec.loss
        is_lost = not self.is_up or self.happens("loss", loss, copy, attempt)
        if not is_lost and self.happens("duplicate", self.spec.duplicate, copy, attempt):
            self.env.process(self._again(copy, attempt, arrived))
        yield self.env.timeout(self.time(self.spec.transfer, "transfer", copy, attempt))
        copy.under_way = False
        if is_lost:
            self.record(copy.step(self.env.now, Step.LOST, attempt))
            if copy.superseded:
                self.record(copy.gives_way(self.env.now))
            return False
        self._hand_over(copy, attempt, arrived)
        return True

    def _hand_over(self, copy: Copy, attempt: int, arrived: Arrival) -> None:
        self.deliver(copy, attempt, understood(self, copy, attempt))
        arrived(copy)

    def _again(
        self, copy: Copy, attempt: int, arrived: Arrival
    ) -> Generator[simpy.Event, object, None]:
        """Deliver the same message a second time, with a delay of its own."""
        yield self.env.timeout(self.time(self.spec.transfer, "transfer again", copy, attempt))
        self._hand_over(copy, attempt, arrived)

    def _burst(self) -> Generator[simpy.Event, object, None]:
        bursts, key = self.spec.bursts, ("channel", self.id)
        assert bursts is not None, "only started for bursts"
        occasion = 0
        while True:
            calm = self.streams.value(bursts.every, key, "burst after", occasion)
            yield self.env.timeout(max(0.0, calm))
            self._in_burst = True
            lasts = self.streams.value(bursts.lasting, key, "burst lasts", occasion)
            yield self.env.timeout(max(0.0, lasts))
            self._in_burst = False
            occasion += 1


MEDIA: dict[str, type[Channel]] = {
    "hotline": Telephone,
    "relay": Telephone,
    "notam": Publication,
    "datalink": Datalink,
}
"""What carries the notices of each medium."""


def _corners(footprint: Footprint) -> int:
    """Count what has to be said of an area: the corners of a ring or a route, one for a circle."""
    if isinstance(footprint, Polygon):
        return sum(corners(path, closed=True) for path in footprint.paths)
    return corners(footprint.path, closed=False) if isinstance(footprint, Corridor) else 1
