"""How notices travel: what all channels share, their outages and their tries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sim.model.garbling import Understood, by_own_lights
from sim.model.journal import ChannelDown, ChannelUp, Step
from sim.units import show_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    import simpy

    from sim.distributions import Distribution
    from sim.model.copies import Copy
    from sim.model.hours import Hours
    from sim.model.journal import Recorder
    from sim.model.streams import Key, Streams
    from sim.scenario import channels
    from sim.scenario.planned import Plan

    Arrival = Callable[[Copy], None]


class Channel(ABC):
    """One channel: it may be down, and a copy that fails on it is tried again.

    Parameters
    ----------
    env
        The clock.
    id_
        The channel's id.
    plan
        What is simulated; ``plan.scenario.channels[id_]`` has every value of its
        medium filled in.
    hours
        When each party's desk is staffed.
    streams, recorder
        The replication's draws and records.
    """

    def __init__(
        self,
        env: simpy.Environment,
        id_: str,
        plan: Plan,
        hours: Mapping[str, Hours],
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self.env = env
        self.id = id_
        self.spec: channels.Channel = plan.scenario.channels[id_]
        self._parties = plan.scenario.parties
        self.hours = hours
        self.streams = streams
        self.record = recorder.add
        self._owner: Key = ("channel", id_)
        self._downs = 0
        self._changed = env.event()
        self._may_fail = bool(plan.outages[id_]) or self.spec.failures is not None
        for begins, ends in plan.outages[id_]:
            env.process(self._outage(begins, ends))
        if self.spec.failures is not None:
            env.process(self._fail_and_repair(self.spec.failures))

    @property
    def is_up(self) -> bool:
        """Whether it works at this instant."""
        return self._downs == 0

    def send(self, copy: Copy, arrived: Arrival) -> Generator[simpy.Event, object, None]:
        """Try until the copy arrives, gives way to a newer one, expires, or the tries run out.

        ``arrived`` is called once for every time that it arrives: a datalink
        may deliver it twice.
        """
        retry = self.spec.retry
        for attempt in range(1, retry.attempts + 1):
            if copy.superseded or self.expires(copy):
                return
            self.record(copy.step(self.env.now, Step.ATTEMPTED, attempt))
            if refusal := self._refusal(copy):
                self.record(copy.step(self.env.now, Step.LOST, attempt, why=refusal))
                break
            if (yield from self.attempt(copy, attempt, arrived)) or copy.superseded:
                return
            if attempt < retry.attempts:
                pause = self.streams.value(retry.after, copy.leg_key, "retry after", attempt)
                yield self.env.timeout(max(0.0, pause))
        if copy.superseded:
            return
        copy.given_up = True
        self.record(copy.step(self.env.now, Step.GAVE_UP, attempt))

    def expires(self, copy: Copy) -> bool:
        """Tell whether what a copy says is over by now, and put it on record if so."""
        is_over = copy.content.window[1] <= self.env.now
        if is_over:
            copy.given_up = True
            self.record(copy.step(self.env.now, Step.EXPIRED))
        return is_over

    def _refusal(self, copy: Copy) -> str:
        """Tell why a new notice is not taken: it comes too short before what it is about."""
        rule = self.spec.lead
        if rule is None or copy.change != "new":
            return ""
        asked = rule.asked if rule.urgent is None or copy.priority else rule.urgent
        if copy.content.window[0] - self.env.now >= asked:
            return ""
        if self.happens("late notice", rule.late, copy, 1):
            return ""
        return f"refused, as {show_duration(asked)} are asked for"

    @abstractmethod
    def attempt(
        self, copy: Copy, attempt: int, arrived: Arrival
    ) -> Generator[simpy.Event, object, bool]:
        """Try once; tell whether the copy has arrived, or will for certain."""

    def happens(self, decision: str, probability: Distribution, copy: Copy, attempt: int) -> bool:
        """Decide by chance, for this attempt of this copy."""
        return self.streams.chance(probability, self._owner, copy.leg_key, decision, attempt)

    def time(self, law: Distribution, decision: str, copy: Copy, attempt: int) -> float:
        """Draw a duration in seconds, for this attempt of this copy."""
        return max(0.0, self.streams.value(law, copy.leg_key, decision, attempt))

    def deliver(self, copy: Copy, attempt: int, what: Understood) -> None:
        """Put the copy, with what was understood of it, into the taker's hand.

        An intermediary passes on what it understood; only who is meant sets it
        against a clock.
        """
        told, why = what.content, what.why
        if copy.is_on_last_leg:
            trusts = what.stated_end is not None and self._trusts_estimates(copy)
            end = what.stated_end if trusts else None
            told = by_own_lights(told, self.hours[copy.taker].ahead_s, end)
            if trusts and not what.wrong:
                why = "its estimated end taken for the end"
        copy.told, copy.told_end = told, what.stated_end
        self.record(
            copy.step(self.env.now, Step.DELIVERED, attempt, told=told, garbled=what.wrong, why=why)
        )

    def _trusts_estimates(self, copy: Copy) -> bool:
        """Tell whether a taker takes the estimated end of a zone for certain."""
        law = self._parties[copy.taker].desk.trusts_estimates
        owner: Key = ("party", copy.taker)
        return self.streams.chance(law, owner, (*owner, "zone", copy.zone), "trust in estimate")

    def wait_or_break(self, seconds: float) -> Generator[simpy.Event, object, bool]:
        """Let time pass while the channel works; tell whether it did all the while."""
        done = self.env.timeout(seconds)
        if not self._may_fail:
            yield done
            return True
        while self.is_up and not done.processed:
            yield done | self._changed
        return done.processed and self.is_up

    def until_up(self) -> Generator[simpy.Event, object, None]:
        """Wait until the channel works."""
        while not self.is_up:
            yield self._changed

    def _outage(self, begins: float, ends: float) -> Generator[simpy.Event, object, None]:
        yield self.env.timeout(max(0.0, begins - self.env.now))
        self._go_down()
        yield self.env.timeout(ends - self.env.now)
        self._come_up()

    def _fail_and_repair(self, failures: channels.Failures) -> Generator[simpy.Event, object, None]:
        occasion = 0
        while True:
            lasts = self.streams.value(failures.after, self._owner, "works for", occasion)
            yield self.env.timeout(max(0.0, lasts))
            self._go_down()
            repair = self.streams.value(failures.repair, self._owner, "down for", occasion)
            yield self.env.timeout(max(0.0, repair))
            self._come_up()
            occasion += 1

    def _go_down(self) -> None:
        self._downs += 1
        if self._downs == 1:
            self.record(ChannelDown(self.env.now, self.id))
            self._signal()

    def _come_up(self) -> None:
        self._downs -= 1
        if self._downs == 0:
            self.record(ChannelUp(self.env.now, self.id))
            self._signal()

    def _signal(self) -> None:
        changed, self._changed = self._changed, self.env.event()
        changed.succeed()
