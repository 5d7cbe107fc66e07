"""One run: the plan set in motion by a seed, everything that happens put on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import simpy

from sim.distributions import Fixed
from sim.errors import GeometryError, ModelError
from sim.model.amendments import Amender
from sim.model.copies import Copy
from sim.model.flight import Flight
from sim.model.hours import Hours
from sim.model.journal import (
    FlightPlanned,
    Journal,
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    Recorder,
    Step,
    ZoneActive,
    ZoneInactive,
    ZoneIssued,
)
from sim.model.media import MEDIA
from sim.model.party import Desk, Unit
from sim.model.streams import Streams
from sim.model.traffic import movements

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.geometry.volume import Volume
    from sim.model.channel import Channel
    from sim.model.streams import Key
    from sim.scenario import schema
    from sim.scenario.plan import (
        Plan,
        PlannedFlight,
        PlannedNotice,
        PlannedOperation,
        PlannedZone,
    )


def simulate(plan: Plan, seed: int = 0, replication: int = 0) -> Journal:
    """Run a plan once.

    Parameters
    ----------
    plan
        A prepared scenario.
    seed
        The root seed of all draws.
    replication
        Which replication of that seed; each has draws of its own.

    Returns
    -------
    Journal
        All that happened from the start up to, not including, the end.

    Raises
    ------
    ModelError
        If the model itself fails, which is a fault of keepout's.
    """
    world = World(plan, Streams(seed, replication))
    try:
        world.run()
    except GeometryError as error:  # all input has been checked: this is the model's own doing
        run = f"seed {seed}, replication {replication}, {world.env.now:.0f} s after the start"
        raise ModelError(f"the simulation failed ({run}): {error}") from error
    return Journal(world.recorder.records, horizon=plan.horizon, seed=seed, replication=replication)


class World:
    """All the moving parts of one run, created in the order of their ids."""

    def __init__(self, plan: Plan, streams: Streams) -> None:
        self.plan = plan
        self.env = simpy.Environment()
        self.streams = streams
        self.recorder = Recorder()
        parties = plan.scenario.parties
        self.hours = {
            id_: Hours(party.desk.hours, plan.scenario.start_unix) for id_, party in parties.items()
        }
        self.channels = {id_: self._open(id_) for id_ in sorted(plan.scenario.channels)}
        drawn = self._draw_traffic()
        self.units = self._man(drawn)
        self.desks = {
            party: Desk(
                self.env,
                party,
                parties[party].desk,
                self.hours[party],
                units,
                streams,
                self.recorder,
            )
            for party, units in self.units.items()
        }
        self.operations = {id_: Operation(self, p) for id_, p in plan.operations.items()}
        self.zones = {id_: Zone(self, p) for id_, p in plan.zones.items()}
        self.flights = [self._fly(flight) for flight in (*plan.flights.values(), *drawn)]

    def run(self) -> None:
        """Let time pass up to the horizon, then cut off the tracks still being flown."""
        self.env.run(until=self.plan.horizon)
        for flight in self.flights:
            flight.cut_off()

    def _open(self, id_: str) -> Channel:
        medium = MEDIA[self.plan.scenario.channels[id_].medium]
        return medium(self.env, id_, self.plan, self.hours, self.streams, self.recorder)

    def _draw_traffic(self) -> list[PlannedFlight]:
        """Draw the movements of all streams, and put on record what no plan holds."""
        drawn = [
            flight
            for stream in self.plan.streams.values()
            for flight in movements(stream, self.streams)
        ]
        for one in drawn:
            self.recorder.add(FlightPlanned(0.0, one.id, one.party, one.unit, one.track))
        return drawn

    def _man(self, drawn: list[PlannedFlight]) -> dict[str, dict[str, Unit]]:
        """Make the units of each party, those of the movements drawn included."""
        names = {party: {*units} for party, units in self.plan.units.items()}
        for flight in drawn:
            names[flight.party].add(flight.unit)
        parties = self.plan.scenario.parties
        return {
            party: {
                unit: Unit(
                    self.env,
                    unit,
                    party,
                    parties[party].response_of(unit),
                    self.streams,
                    self.recorder,
                )
                for unit in sorted(units)
            }
            for party, units in names.items()
        }

    def _fly(self, planned: PlannedFlight) -> Flight:
        unit = self.units[planned.party][planned.unit]
        exempt = frozenset(
            z.id for z in self.plan.zones.values() if not self.plan.binds(z, planned)
        )
        flight = Flight(
            self.env,
            planned,
            unit.response,
            exempt=exempt,
            vertical=self.plan.vertical,
            streams=self.streams,
            recorder=self.recorder,
        )
        unit.flights.append(flight)
        return flight


class Operation:
    """What its party really does: it may slip, overrun, be moved or be cancelled."""

    def __init__(self, world: World, planned: PlannedOperation) -> None:
        self._world = world
        self._planned = planned
        key: Key = ("operation", planned.id)
        draw = world.streams.value
        begins, ends = planned.volume.window
        slip = draw(planned.slip, key, "slip")
        overrun = draw(planned.overrun, key, "overrun")
        self.begins = max(0.0, begins + slip)
        self.ends = self.begins + (ends - begins) + overrun
        self.cancelled = self.ends <= self.begins or world.streams.chance(
            planned.cancel, key, key, "cancel"
        )
        self.move = None if planned.moved is None else self._draw_move(planned.moved, key)
        ahead = 0.0 if planned.moved is None else planned.moved.decided
        self.move_decided = min(begins - ahead, self.begins)
        world.env.process(self._proceed())

    def _draw_move(self, rule: schema.Move, key: Key) -> tuple[float, float] | None:
        """Draw the bearing in degrees and the metres by which it is moved; None if it is not."""
        streams = self._world.streams
        if not streams.chance(rule.probability, key, key, "move"):
            return None
        metres = streams.value(rule.by, key, "move by")
        return (streams.value(rule.bearing, key, "move bearing"), metres) if metres else None

    def is_over(self) -> bool:
        """Tell whether its party need not wait for its end any more."""
        return self.cancelled or self.ends <= self._world.env.now

    def _proceed(self) -> Generator[simpy.Event, object, None]:
        env, record = self._world.env, self._world.recorder.add
        yield env.timeout(self.begins)
        if self.cancelled:
            record(OperationCancelled(env.now, self._planned.id))
            return
        footprint = self._planned.volume.footprint
        true = replace(
            self._planned.volume,
            footprint=footprint if self.move is None else footprint.moved(*self.move),
            window=(self.begins, self.ends),
        )
        record(OperationBegan(env.now, self._planned.id, true))
        yield env.timeout(self.ends - env.now)
        record(OperationEnded(env.now, self._planned.id))


class Zone:
    """What its party declares: issued in versions, each of which is told to all recipients."""

    def __init__(self, world: World, planned: PlannedZone) -> None:
        self._world = world
        self._planned = planned
        self._version = 0
        self._active: int | None = None
        self._declared = planned.volume
        self._copies: list[Copy] = []
        self._sent: list[PlannedNotice] = []
        drafts = {notice.id: self._drafting(notice) for notice in planned.notices}
        issued = planned.issued
        if issued is None:
            issued = min(drafts.values(), default=0.0)
        world.env.process(self._declare(issued))
        for notice in planned.notices:
            world.env.process(self._notify(max(issued, drafts[notice.id]), notice))

    def _drafting(self, notice: PlannedNotice) -> float:
        if notice.at is not None:
            return notice.at
        key: Key = ("zone", self._planned.id, "notice", notice.id)
        lead = self._world.streams.value(notice.lead or Fixed(0.0), key, "lead")
        return max(0.0, self._planned.volume.window[0] - lead)

    def _declare(self, at: float) -> Generator[simpy.Event, object, None]:
        yield self._world.env.timeout(at)
        self._issue("new", self._planned.volume)
        covers = self._planned.covers
        if covers is not None:
            operation = self._world.operations[covers]
            planned = self._world.plan.operations[covers].volume.window
            amender = Amender(self._world.env, self, operation, planned, self._world.streams)
            amender.start(self._planned.amend)

    def _issue(self, change: str, volume: Volume) -> None:
        """Make a version the declared one, and keep its activity on record."""
        env, record = self._world.env, self._world.recorder.add
        self._version += 1
        self._declared = volume
        record(ZoneIssued(env.now, self._planned.id, self._version, change, volume))
        begins, ends = volume.window
        goes_on = change != "cancel" and begins <= env.now < ends
        if self._active is not None and not goes_on:
            record(ZoneInactive(env.now, self._planned.id, self._active))
            self._active = None
        if change != "cancel":
            env.process(self._keep_active(self._version, volume.window))

    def _keep_active(
        self, version: int, window: tuple[float, float]
    ) -> Generator[simpy.Event, object, None]:
        env, record = self._world.env, self._world.recorder.add
        begins, ends = window
        if env.now < begins:
            yield env.timeout(begins - env.now)
        if version != self._version or ends <= env.now:
            return
        self._active = version
        record(ZoneActive(env.now, self._planned.id, version))
        yield env.timeout(ends - env.now)
        if version == self._version:
            self._active = None
            record(ZoneInactive(env.now, self._planned.id, version))

    def _notify(self, at: float, notice: PlannedNotice) -> Generator[simpy.Event, object, None]:
        """Send the version that is declared by then."""
        yield self._world.env.timeout(at)
        self._sent.append(notice)
        self._send(notice, "new")

    def _send(self, notice: PlannedNotice, change: str) -> None:
        for recipient in notice.recipients:
            copy = Copy(
                zone=self._planned.id,
                notice=notice.id,
                version=self._version,
                change=change,
                sender=self._planned.party,
                recipient=recipient,
                route=notice.route,
                priority=notice.priority,
                declared=self._declared,
            )
            self._copies.append(copy)
            self._world.recorder.add(copy.step(self._world.env.now, Step.DRAFTED))
            self._world.env.process(self._carry(copy))

    def _carry(self, copy: Copy) -> Generator[simpy.Event, object, None]:
        """Send a copy on its way, over the leg it is on."""
        return self._world.channels[copy.channel].send(copy, self._arrived)

    def _arrived(self, copy: Copy) -> None:
        hand = self._handle(copy) if copy.is_on_last_leg else self._relay(copy)
        self._world.env.process(hand)

    def _handle(self, copy: Copy) -> Generator[simpy.Event, object, None]:
        desk = self._world.desks[copy.recipient]
        return desk.handle(copy, self._expect_acknowledgement)

    def _relay(self, copy: Copy) -> Generator[simpy.Event, object, None]:
        """Have an intermediary read a copy and pass on what it understood, or leave it."""
        leg = copy.leg
        if (yield from self._world.desks[copy.taker].relay(copy)) and copy.leg == leg:
            copy.leg += 1
            yield from self._carry(copy)

    def _expect_acknowledgement(self, copy: Copy) -> None:
        self._world.env.process(self._acknowledge(copy))

    def _acknowledge(self, copy: Copy) -> Generator[simpy.Event, object, None]:
        """Let the sender know; an answer that is lost leaves it not knowing."""
        channel = self._world.channels[copy.channel]
        delay = channel.time(channel.spec.acknowledgement.after, "acknowledgement", copy, 0)
        yield self._world.env.timeout(delay)
        if not channel.happens(
            "loss of acknowledgement", channel.spec.acknowledgement.loss, copy, 0
        ):
            self._world.recorder.add(copy.step(self._world.env.now, Step.ACKNOWLEDGED))

    @property
    def id(self) -> str:
        """The zone's id."""
        return self._planned.id

    @property
    def version(self) -> int:
        """The version that is declared now."""
        return self._version

    @property
    def declared(self) -> Volume:
        """The volume that is declared now."""
        return self._declared

    def amend(self, change: str, volume: Volume) -> None:
        """Issue a new version; copies still pending give way to it, a call going on is ended."""
        self._issue(change, volume)
        for copy in self._copies:
            if copy.is_pending:
                copy.superseded = True
                if not copy.in_call:
                    self._world.recorder.add(copy.step(self._world.env.now, Step.REPLACED))
        for notice in self._sent:
            self._send(notice, change)
