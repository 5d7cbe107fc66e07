"""Amendments: the new versions that a declarer issues as its operation turns out otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.distributions import Distribution
    from sim.model.engine import Operation
    from sim.model.streams import Key, Streams
    from sim.model.zones import Zone
    from sim.scenario import schema

    Process = Generator[simpy.Event, object, None]


class Amender:
    """Amends one zone as its operation slips, overruns, is moved or is called off.

    It goes by what its own party has said of the operation so far: it is to
    begin at ``start`` and to end at ``end``, in seconds since the scenario's
    start. Each new version says so much more, and no more than that.

    Parameters
    ----------
    env
        The clock.
    zone
        The zone, already issued.
    operation
        The operation that it covers.
    said
        When the operation is to begin and to end, as its party has said so far.
    streams
        The replication's draws.
    """

    def __init__(
        self,
        env: simpy.Environment,
        zone: Zone,
        operation: Operation,
        said: tuple[float, float],
        streams: Streams,
    ) -> None:
        self._env = env
        self._zone = zone
        self._operation = operation
        self._said_start, self._said_end = said
        self._streams = streams
        self._key: Key = ("zone", zone.id)

    def start(self, rules: schema.Amendments) -> None:
        """Set going what the zone's rules ask for."""
        if rules.slip is not None:
            self._env.process(self._on_slip(rules.slip))
        if rules.overrun is not None:
            self._env.process(self._on_overrun(rules.overrun))
        if rules.move is not None and self._operation.move is not None:
            self._env.process(self._on_move(rules.move, self._operation.move))
        if rules.cancel is not None and self._operation.cancelled:
            self._env.process(self._on_cancellation(rules.cancel))
        if rules.end is not None:
            self._env.process(self._on_end(rules.end))

    def put_off(self, by: float) -> None:
        """Know that the operation is put off, as its zones say by a version of their own."""
        self._said_start += by
        self._said_end += by

    def _on_slip(self, rule: schema.SlipAmendment) -> Process:
        """Shift the zone each time its operation has not begun when it was said to."""
        while True:
            yield from self._until(self._said_start)
            if self._env.now < self._said_start:
                continue  # it has been put off meanwhile
            if self._operation.begins <= self._env.now:
                return
            yield from self._delay(rule.delay, "amend for slip")
            if self._operation.begins <= self._env.now:
                return
            if self._env.now < self._said_start:
                continue
            self._said_start += rule.by
            self._said_end += rule.by
            self._shift(rule.by, rule.by)

    def _on_overrun(self, rule: schema.OverrunAmendment) -> Process:
        """Lengthen the zone each time its operation goes on when it was said to be over."""
        while True:
            yield from self._until(self._said_end)
            if self._env.now < self._said_end:
                continue  # it has slipped, or been put off, meanwhile
            if self._operation.is_over():
                return
            yield from self._delay(rule.delay, "amend")
            if self._operation.is_over():
                return
            if self._env.now < self._said_end:
                continue
            self._said_end += rule.extend
            self._shift(0.0, rule.extend)

    def _on_move(self, rule: schema.MoveAmendment, move: tuple[float, float]) -> Process:
        """Move the zone once it is decided to move its operation, unless that is off by then."""
        while self._env.now < self._operation.move_decided:
            yield from self._until(self._operation.move_decided)
        yield from self._delay(rule.delay, "amend for move")
        if self._operation.is_over() and self._operation.begins <= self._env.now:
            return
        declared = self._zone.declared
        self._zone.amend("replace", replace(declared, footprint=declared.footprint.moved(*move)))

    def _on_cancellation(self, rule: schema.CancelAmendment) -> Process:
        """Cancel the zone with its operation."""
        while self._env.now < self._operation.begins:
            yield from self._until(self._operation.begins)
        yield from self._delay(rule.delay, "amend for cancellation")
        self._zone.amend("cancel", self._zone.declared)

    def _on_end(self, rule: schema.EndAmendment) -> Process:
        """Lift the zone once its operation has taken place."""
        while self._env.now < self._operation.ends:
            yield from self._until(self._operation.ends)
        if self._operation.cancelled:
            return
        yield from self._delay(rule.delay, "amend for end")
        self._zone.amend("cancel", self._zone.declared)

    def _until(self, at: float) -> Process:
        yield self._env.timeout(max(0.0, at - self._env.now))

    def _delay(self, law: Distribution, decision: str) -> Process:
        delay = self._streams.value(law, self._key, decision, self._zone.version)
        yield self._env.timeout(max(0.0, delay))

    def _shift(self, start: float, end: float) -> None:
        begins, ends = self._zone.declared.window
        window = (begins + start, ends + end)
        self._zone.amend("replace", replace(self._zone.declared, window=window))
