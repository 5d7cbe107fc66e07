"""How notices travel: a hotline with its lines, answers, transfers and retries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import simpy

from sim.model.journal import NoticeStep, Step

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.distributions import Distribution
    from sim.geometry.volume import Volume
    from sim.model.journal import Recorder
    from sim.model.streams import Key, Streams
    from sim.scenario import schema


@dataclass(eq=False, slots=True)
class Copy:
    """One version of one notice on its way to one recipient."""

    zone: str
    notice: str
    version: int
    change: str
    sender: str
    recipient: str
    route: tuple[str, ...]
    declared: Volume
    told: Volume | None = None
    in_call: bool = False
    given_up: bool = False
    superseded: bool = False

    @property
    def is_pending(self) -> bool:
        """Tell whether its sender still means to deliver it."""
        return self.told is None and not self.given_up and not self.superseded

    @property
    def key(self) -> Key:
        """What its draws are keyed by; never the channel itself."""
        return (self.zone, self.notice, self.version, self.recipient, *self.route)

    def step(
        self,
        at: float,
        step: Step,
        attempt: int = 0,
        *,
        told: Volume | None = None,
        garbled: bool = False,
    ) -> NoticeStep:
        """Put a step of this copy on record."""
        return NoticeStep(
            at=at,
            step=step,
            zone=self.zone,
            notice=self.notice,
            version=self.version,
            change=self.change,
            sender=self.sender,
            recipient=self.recipient,
            route=self.route,
            attempt=attempt,
            told=told,
            garbled=garbled,
        )


class Hotline:
    """A staffed line: calls wait for a free line, ring, are answered or not, and may break off.

    Parameters
    ----------
    env
        The clock.
    id_
        The channel's id.
    spec
        The channel, every value of its medium filled in.
    streams
        The replication's draws.
    recorder
        Takes the records.
    """

    def __init__(
        self,
        env: simpy.Environment,
        id_: str,
        spec: schema.Channel,
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._owner: Key = ("channel", id_)
        self._spec = spec
        self._streams = streams
        self._record = recorder.add
        self._lines = simpy.Resource(env, capacity=spec.lines)

    def send(self, copy: Copy) -> Generator[simpy.Event, object, bool]:
        """Try until the copy is delivered, a newer version takes over, or the tries run out."""
        retry = self._spec.retry
        for attempt in range(1, retry.attempts + 1):
            if (yield from self._attempt(copy, attempt)):
                return True
            if copy.superseded:
                return False
            if attempt < retry.attempts:
                pause = self._streams.value(retry.after, copy.key, "retry after", attempt)
                yield self._env.timeout(max(0.0, pause))
                if copy.superseded:
                    return False
        copy.given_up = True
        self._record(copy.step(self._env.now, Step.GAVE_UP, retry.attempts))
        return False

    def acknowledgement_delay(self, copy: Copy) -> float:
        """Draw how long it takes until the sender knows that the copy was handled."""
        law = self._spec.acknowledgement
        return max(0.0, self._streams.value(law, copy.key, "acknowledgement"))

    def _attempt(self, copy: Copy, attempt: int) -> Generator[simpy.Event, object, bool]:
        self._record(copy.step(self._env.now, Step.ATTEMPTED, attempt))
        with self._lines.request() as line:
            yield line
            if copy.superseded:
                return False
            copy.in_call = True
            yield from self._call(copy, attempt)
            copy.in_call = False
        if copy.superseded and copy.told is None:
            self._record(copy.step(self._env.now, Step.REPLACED))
        return copy.told is not None

    def _call(self, copy: Copy, attempt: int) -> Generator[simpy.Event, object, None]:
        self._record(copy.step(self._env.now, Step.CALLING, attempt))
        if not (yield from self._answered(copy, attempt)):
            self._record(copy.step(self._env.now, Step.UNANSWERED, attempt))
            return
        self._record(copy.step(self._env.now, Step.CONNECTED, attempt))
        yield from self._transfer(copy, attempt)
        if self._happens("loss", self._spec.loss, copy, attempt):
            self._record(copy.step(self._env.now, Step.LOST, attempt))
        else:
            self._deliver(copy, attempt)

    def _answered(self, copy: Copy, attempt: int) -> Generator[simpy.Event, object, bool]:
        """Ring until somebody competent answers or the caller's patience ends."""
        answer = self._spec.answer
        somebody = self._happens("answer", answer.probability, copy, attempt)
        wait = max(0.0, self._streams.value(answer.wait, copy.key, "answer wait", attempt))
        in_time = somebody and wait <= answer.patience
        yield self._env.timeout(wait if in_time else answer.patience)
        return in_time

    def _transfer(self, copy: Copy, attempt: int) -> Generator[simpy.Event, object, None]:
        law = self._spec.transfer
        yield self._env.timeout(max(0.0, self._streams.value(law, copy.key, "transfer", attempt)))

    def _deliver(self, copy: Copy, attempt: int) -> None:
        garbled = self._happens("garble", self._spec.garble.probability, copy, attempt)
        copy.told = self._garble(copy, attempt) if garbled else copy.declared
        self._record(
            copy.step(self._env.now, Step.DELIVERED, attempt, told=copy.told, garbled=garbled)
        )

    def _garble(self, copy: Copy, attempt: int) -> Volume:
        """Move the position that was passed, its shape and size kept."""
        garble = self._spec.garble
        offset = self._streams.value(garble.offset, copy.key, "garble offset", attempt)
        bearing = self._streams.value(garble.bearing, copy.key, "garble bearing", attempt)
        footprint = copy.declared.footprint.moved(bearing, offset)
        return replace(copy.declared, footprint=footprint)

    def _happens(self, decision: str, probability: Distribution, copy: Copy, attempt: int) -> bool:
        return self._streams.chance(probability, self._owner, copy.key, decision, attempt)
