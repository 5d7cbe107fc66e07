"""Parties: desks that handle and disseminate notices, and units that heed or disregard them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import simpy

from sim.model.garbling import by_own_lights
from sim.model.journal import Disseminated, Step, UnitReacted
from sim.model.objections import meets_plans

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sim.geometry.volume import Volume
    from sim.model.copies import Copy
    from sim.model.flight import Flight
    from sim.model.hours import Hours
    from sim.model.journal import Recorder
    from sim.model.sending import Sender
    from sim.model.streams import Key, Streams
    from sim.scenario import people
    from sim.scenario.planned import Plan


class Unit:
    """Flies a party's flights and acts on what its desk passes on, after its reaction time.

    ``obeyed`` are the volumes that it stays out of: for each zone the newest
    version of those that it has heeded.
    """

    def __init__(
        self,
        env: simpy.Environment,
        id_: str,
        party: str,
        response: people.Response,
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self._env = env
        self.id = id_
        self.party = party
        self.response = response
        self.flights: list[Flight] = []
        self.obeyed: dict[str, tuple[int, Volume]] = {}
        self._notices = 0
        self._newest: dict[str, int] = {}
        self._streams = streams
        self._record = recorder.add

    def learn(self, copy: Copy, told: Volume) -> Generator[simpy.Event, object, None]:
        """Take in what a copy says, and heed it or not once the reaction time is over."""
        key: Key = ("unit", self.id, copy.zone, copy.notice, *copy.again)
        zone, version = copy.zone, copy.version
        before, self._notices = self._notices, self._notices + 1
        reaction = self._streams.value(self.response.reaction, key, "reaction", version)
        yield self._env.timeout(max(0.0, reaction))
        heeds = self._heeds(key, copy, told.window[0] - self._env.now, before)
        self._record(
            UnitReacted(
                self._env.now,
                zone,
                copy.notice,
                version,
                self.party,
                self.id,
                heeds,
                copy.sending,
            )
        )
        if version < self._newest.get(zone, 0):
            return  # overtaken on the way
        self._newest[zone] = version
        if copy.change == "cancel":
            self.obeyed.pop(zone, None)
        elif heeds:
            self.obeyed[zone] = (version, told)
            for flight in self.flights:
                flight.avoid(zone, self.obeyed)

    def _heeds(self, key: Key, copy: Copy, lead: float, before: int) -> bool:
        """Decide by one draw, whatever the probability depends on."""
        rule = self.response.comply
        factor = 1.0
        if late := [step for step in rule.lead_under if lead < step.lead]:
            factor *= min(late, key=lambda step: step.lead).factor
        if weary := [step for step in rule.after_notices if before >= step.count]:
            factor *= max(weary, key=lambda step: step.count).factor
        law = rule.from_.get(copy.sender, rule.base)
        owner: Key = ("party", self.party)
        return self._streams.chance(law, owner, key, "comply", copy.version, factor=factor)


class Desk:
    """The staffed point of a party: officers handle what lies in the tray, one notice each.

    Urgent notices come before routine ones. Outside its hours a desk takes
    nothing in hand, and finishes what it has.

    Parameters
    ----------
    env
        The clock.
    id_
        The party.
    spec
        How many officers, and how long they take.
    hours
        When they are there.
    units
        The party's units, by id.
    plan
        What the party, too, plans; nothing of the others' plans is asked of it.
    streams, recorder
        The replication's draws and records.
    """

    def __init__(
        self,
        env: simpy.Environment,
        id_: str,
        spec: people.Desk,
        hours: Hours,
        units: Mapping[str, Unit],
        plan: Plan,
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._party = id_
        self._owner: Key = ("party", id_)
        self._spec = spec
        self._hours = hours
        self._units = units
        self._plan = plan
        self._streams = streams
        self._record = recorder.add

    @cached_property
    def _officers(self) -> simpy.PriorityResource:
        return simpy.PriorityResource(self._env, capacity=self._spec.officers)

    def handle(self, copy: Copy, sender: Sender) -> Generator[simpy.Event, object, None]:
        """Read, interpret and log a delivered copy, then answer its sender, and pass it on."""
        yield from self._take_in_hand(copy)
        sender.acknowledge(copy)
        if copy.is_known:
            return  # it came twice
        copy.is_known = True
        if self._objects(copy):
            self._record(copy.step(self._env.now, Step.OBJECTED))
            sender.object(copy, self._objection_takes(copy))
        key = copy.key
        for unit in self._units.values():
            self._env.process(self._disseminate(copy, unit, key))

    def relay(self, copy: Copy) -> Generator[simpy.Event, object, bool]:
        """Read and log a copy for somebody else; tell whether it is passed on."""
        yield from self._take_in_hand(copy)
        spec = self._spec.relay
        omits = copy.recipient in spec.omits_to or self._streams.chance(
            spec.omits, self._owner, copy.leg_key, "omit"
        )
        self._record(copy.step(self._env.now, Step.OMITTED if omits else Step.RELAYED))
        return not omits

    def _objects(self, copy: Copy) -> bool:
        """Decide whether to object to a zone, by the party's own plans and what it was told."""
        rule, told = self._spec.objects, copy.told
        if rule is None or copy.change == "cancel":
            return False
        assert told is not None, "only what was delivered is handled"
        as_read = by_own_lights(told, -self._hours.ahead_s)  # plans are by the same clock
        now = self._env.now + self._hours.ahead_s
        return meets_plans(as_read, copy.zone, self._party, self._plan, now) and (
            self._streams.chance(rule.probability, self._owner, copy.key, "object")
        )

    def _objection_takes(self, copy: Copy) -> float:
        rule = self._spec.objects
        assert rule is not None, "only asked by a desk that objects"
        return max(0.0, self._streams.value(rule.after, copy.key, "objection"))

    def _take_in_hand(self, copy: Copy) -> Generator[simpy.Event, object, None]:
        with self._officers.request(priority=copy.priority) as officer:
            yield officer
            yield self._env.timeout(self._hours.next_open(self._env.now) - self._env.now)
            handling = self._streams.value(self._spec.handling, copy.leg_key, "handling")
            yield self._env.timeout(max(0.0, handling))
        self._record(copy.step(self._env.now, Step.HANDLED))

    def _disseminate(
        self, copy: Copy, unit: Unit, of_copy: Key
    ) -> Generator[simpy.Event, object, None]:
        key = (*of_copy, "unit", unit.id)
        delay = self._streams.value(self._spec.dissemination, key, "dissemination")
        told = copy.told
        assert told is not None, "only what was delivered is handled"
        yield self._env.timeout(max(0.0, delay))
        self._record(
            Disseminated(
                self._env.now,
                copy.zone,
                copy.notice,
                copy.version,
                unit.party,
                unit.id,
                copy.sending,
            )
        )
        yield from unit.learn(copy, told)
