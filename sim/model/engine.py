"""One run: the plan set in motion by a seed, everything that happens put on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import simpy

from sim.errors import GeometryError, ModelError
from sim.geometry.visits import look_ahead
from sim.model.flight import Flight
from sim.model.hours import Hours
from sim.model.journal import (
    ClockSet,
    FlightPlanned,
    Journal,
    OperationBegan,
    OperationCancelled,
    OperationEnded,
    OperationPostponed,
    Recorder,
)
from sim.model.media import MEDIA
from sim.model.party import Desk, Unit
from sim.model.streams import Streams
from sim.model.traffic import movements
from sim.model.zones import Zone

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.model.channel import Channel
    from sim.model.streams import Key
    from sim.scenario import schema
    from sim.scenario.planned import Plan, PlannedFlight, PlannedOperation, PlannedZone


_NEARLY_S = 3600.0  # windows may shift: what comes so near is looked at ahead


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
            id_: Hours(party.desk.hours, plan.scenario.start_unix, self._set_clock(id_))
            for id_, party in sorted(parties.items())
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
                plan,
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

    def can_put_off(self, planned: PlannedZone) -> bool:
        """Tell whether a zone, or the operation it covers, has yet to begin."""
        if planned.covers is not None:
            return self.operations[planned.covers].is_ahead
        return self.env.now < self.zones[planned.id].declared.window[0]

    def put_off(self, planned: PlannedZone, by: float) -> None:
        """Put off the operation that a zone covers, and with it all its zones; or the zone."""
        if planned.covers is not None:
            self.operations[planned.covers].put_off(by)
        for zone in self._with(planned):
            zone.put_off(by)

    def call_off(self, planned: PlannedZone) -> None:
        """Cancel the operation that a zone covers, and with it all its zones; or the zone."""
        if planned.covers is not None:
            self.operations[planned.covers].call_off()
        for zone in self._with(planned):
            zone.call_off()

    def _with(self, planned: PlannedZone) -> list[Zone]:
        """Give all zones of the operation that a zone covers; or the zone alone."""
        if planned.covers is None:
            return [self.zones[planned.id]]
        return [
            self.zones[zone.id]
            for zone in self.plan.zones.values()
            if zone.covers == planned.covers
        ]

    def _set_clock(self, party: str) -> float:
        """Draw by how many seconds a party's clocks are ahead of UTC."""
        law = self.plan.scenario.parties[party].clock
        ahead = self.streams.value(law, ("party", party), "clock")
        if ahead:
            self.recorder.add(ClockSet(0.0, party, ahead))
        return ahead

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
        planned = [operation.volume for operation in self.plan.operations.values()]
        planned += [zone.volume for zone in self.plan.zones.values()]
        look_ahead([one.track for one in drawn], planned, _NEARLY_S)
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
        flight = Flight(
            self.env,
            planned,
            unit.response,
            exempt=self.plan.free_of(planned),
            ahead_s=self.hours[planned.party].ahead_s,
            vertical=self.plan.vertical,
            streams=self.streams,
            recorder=self.recorder,
        )
        unit.flights.append(flight)
        return flight


class Operation:
    """What its party really does: it may slip, overrun, be moved, put off or cancelled.

    ``said`` is the window that its party has in mind, before it knows better;
    it really begins at ``begins`` and ends at ``ends``.
    """

    def __init__(self, world: World, planned: PlannedOperation) -> None:
        self._world = world
        self._planned = planned
        key: Key = ("operation", planned.id)
        draw = world.streams.value
        begins, ends = planned.volume.window
        slip = draw(planned.slip, key, "slip")
        overrun = draw(planned.overrun, key, "overrun")
        ahead = world.hours[planned.party].ahead_s
        self.said = (begins - ahead, ends - ahead)  # by its party's own clock
        self.begins = max(0.0, begins + slip - ahead)
        self.ends = self.begins + (ends - begins) + overrun
        self.cancelled = self.ends <= self.begins or world.streams.chance(
            planned.cancel, key, key, "cancel"
        )
        self._is_called_off = False
        self.move = None if planned.moved is None else self._draw_move(planned.moved, key)
        before = 0.0 if planned.moved is None else planned.moved.decided
        self.move_decided = min(begins - before, self.begins)
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

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to begin, as far as its party knows."""
        return not self._is_called_off and self._world.env.now < self.begins

    def put_off(self, by: float) -> None:
        """Begin and end so much later."""
        self.said = (self.said[0] + by, self.said[1] + by)
        self.begins += by
        self.ends += by
        if self._world.env.now < self.move_decided:
            self.move_decided += by
        self._world.recorder.add(OperationPostponed(self._world.env.now, self._planned.id, by))

    def call_off(self) -> None:
        """Do not take place, and say so now."""
        self.cancelled = self._is_called_off = True
        self._world.recorder.add(OperationCancelled(self._world.env.now, self._planned.id))

    def _proceed(self) -> Generator[simpy.Event, object, None]:
        env, record = self._world.env, self._world.recorder.add
        while env.now < self.begins:
            yield env.timeout(self.begins - env.now)
        if self._is_called_off:
            return
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
