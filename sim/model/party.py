"""Parties: desks that handle and disseminate notices, and units that heed or disregard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

from sim.model.journal import Disseminated, Step, UnitReacted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from sim.geometry.volume import Volume
    from sim.model.channel import Copy
    from sim.model.flight import Flight
    from sim.model.journal import Recorder
    from sim.model.streams import Key, Streams
    from sim.scenario import schema


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
        response: schema.Response,
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self._env = env
        self.id = id_
        self.party = party
        self.response = response
        self.flights: list[Flight] = []
        self.obeyed: dict[str, tuple[int, Volume]] = {}
        self._streams = streams
        self._record = recorder.add

    def learn(self, copy: Copy, told: Volume) -> Generator[simpy.Event, object, None]:
        """Take in what a copy says, and heed it or not once the reaction time is over."""
        key: Key = ("unit", self.id, copy.zone, copy.notice)
        owner: Key = ("party", self.party)
        zone, version = copy.zone, copy.version
        reaction = self._streams.value(self.response.reaction, key, "reaction", version)
        yield self._env.timeout(max(0.0, reaction))
        heeds = self._streams.chance(self.response.comply, owner, key, "comply", version)
        self._record(
            UnitReacted(self._env.now, zone, copy.notice, version, self.party, self.id, heeds)
        )
        if heeds and (zone not in self.obeyed or version >= self.obeyed[zone][0]):
            self.obeyed[zone] = (version, told)
            for flight in self.flights:
                flight.avoid(zone, self.obeyed)


class Desk:
    """The staffed point of a party: officers handle what lies in the tray, one notice each.

    Parameters
    ----------
    env
        The clock.
    spec
        How many officers, and how long they take.
    units
        The party's units, by id.
    streams, recorder
        The replication's draws and records.
    """

    def __init__(
        self,
        env: simpy.Environment,
        spec: schema.Desk,
        units: Mapping[str, Unit],
        streams: Streams,
        recorder: Recorder,
    ) -> None:
        self._env = env
        self._spec = spec
        self._units = units
        self._streams = streams
        self._record = recorder.add
        self._officers = simpy.Resource(env, capacity=spec.officers)

    def handle(
        self, copy: Copy, acknowledge: Callable[[Copy], None]
    ) -> Generator[simpy.Event, object, None]:
        """Read, interpret and log a delivered copy, then acknowledge and pass it on."""
        with self._officers.request() as officer:
            yield officer
            handling = self._streams.value(self._spec.handling, copy.key, "handling")
            yield self._env.timeout(max(0.0, handling))
        self._record(copy.step(self._env.now, Step.HANDLED))
        acknowledge(copy)
        for unit in self._units.values():
            self._env.process(self._disseminate(copy, unit))

    def _disseminate(self, copy: Copy, unit: Unit) -> Generator[simpy.Event, object, None]:
        key: Key = (*copy.key, "unit", unit.id)
        delay = self._streams.value(self._spec.dissemination, key, "dissemination")
        yield self._env.timeout(max(0.0, delay))
        self._record(
            Disseminated(self._env.now, copy.zone, copy.notice, copy.version, unit.party, unit.id)
        )
        assert copy.told is not None, "only delivered copies are handled"
        yield from unit.learn(copy, copy.told)
