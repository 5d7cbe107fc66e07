"""What runs of a scenario share: its operations, zones, flights, sites and streams, as planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.distributions import Distribution
    from sim.geometry.altitude import Limit, Vertical
    from sim.geometry.footprint import Footprint
    from sim.geometry.minima import Minima
    from sim.geometry.track import Track
    from sim.geometry.volume import Volume
    from sim.scenario import schema
    from sim.scenario.flights import Flight
    from sim.scenario.notices import Objections, Unacknowledged
    from sim.units import Position


@dataclass(frozen=True, slots=True)
class PlannedOperation:
    """An operation as its party plans it, and how it may turn out otherwise."""

    id: str
    party: str
    volume: Volume
    slip: Distribution
    overrun: Distribution
    cancel: Distribution
    moved: schema.Move | None


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """Who is to be told of a zone, by which route, and when it is drafted.

    Exactly one of ``lead`` (before the declared zone's start) and ``at`` is set.
    """

    id: str
    recipients: tuple[str, ...]
    route: tuple[str, ...]
    lead: Distribution | None
    at: float | None
    priority: int
    """Smaller comes first: 0 urgent, 1 routine."""
    unacknowledged: Unacknowledged | None


@dataclass(frozen=True, slots=True)
class PlannedZone:
    """A zone as first declared; ``exempt`` are the ids of flights and streams it does not bind."""

    id: str
    party: str
    covers: str | None
    volume: Volume
    estimated: bool
    """Whether the end is an estimate, past which it stays in force."""
    issued: float | None
    exempt: frozenset[str]
    exempt_names: tuple[str, ...]
    """Parties, flights and tags that the exemption names, as the scenario has it."""
    notices: tuple[PlannedNotice, ...]
    objections: Objections | None
    amend: schema.Amendments

    @property
    def may_be_put_off(self) -> bool:
        """Whether silence or an objection may lead to its being put off."""
        silence = (n.unacknowledged for n in self.notices if n.unacknowledged is not None)
        by_silence = any(step.postpone is not None for rule in silence for step in rule.then)
        return by_silence or (self.objections is not None and self.objections.shift is not None)


@dataclass(frozen=True, slots=True)
class PlannedFlight:
    """One flight with its planned track; a repeated flight is planned once a repeat."""

    id: str
    party: str
    unit: str
    spec: Flight | None
    """None for a movement of a stream, whose track is drawn already."""
    track: Track
    alternate: Position
    jitter: Distribution

    @property
    def stream(self) -> str:
        """The stream that a movement belongs to; or the flight that this one repeats."""
        return self.id.partition("#")[0]


@dataclass(frozen=True, slots=True)
class PlannedSite:
    """A party's presence on the ground: exactly one of a place and a footprint.

    The site's people are a unit of the party, of the same id.
    """

    id: str
    party: str
    place: Position | None
    footprint: Footprint | None
    window: tuple[float, float]
    """When people are there; -inf to inf where always."""


@dataclass(frozen=True, slots=True)
class PlannedStream:
    """A stream of movements, whose flights each replication draws for itself.

    They depart from an origin to a destination, each a place or a footprint,
    ``rate`` of them a second on average while the window lasts.
    """

    id: str
    party: str
    unit: str | None
    origin: Position | Footprint
    destination: Position | Footprint
    rate: float
    pattern: str
    speed: Distribution
    levels: tuple[Limit, ...]
    window: tuple[float, float]


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """All that the runs of one scenario share; times in seconds since its start.

    Everything is ordered by id, so that the order of the file means nothing.
    """

    scenario: schema.Scenario
    horizon: float
    vertical: Vertical
    operations: dict[str, PlannedOperation]
    zones: dict[str, PlannedZone]
    flights: dict[str, PlannedFlight]
    """The single flights and their repeats; the movements of streams are each run's own."""
    sites: dict[str, PlannedSite]
    streams: dict[str, PlannedStream]
    units: dict[str, tuple[str, ...]]
    """The units of each party, those of its streams' movements left out."""
    outages: dict[str, tuple[tuple[float, float], ...]]
    """When each channel is out of order, as announced."""
    minima: Minima | None
    unbound: dict[str, frozenset[str]]
    """The zones that do not bind each flight, or, by its id and ``#``, a stream's movements."""

    def binds(self, zone: PlannedZone, flight: PlannedFlight) -> bool:
        """Tell whether the zone is one that the flight has to stay out of."""
        return zone.id not in self.free_of(flight)

    def free_of(self, flight: PlannedFlight) -> frozenset[str]:
        """Give the zones that do not bind a flight: those of its own party, and that exempt it."""
        return self.unbound[flight.id if flight.spec is not None else f"{flight.stream}#"]

    def exempts(self, zone: PlannedZone, flight: str) -> bool:
        """Tell whether a zone leaves out a flight, or the stream that a movement belongs to."""
        stream, _, _ = flight.partition("#")
        return flight in zone.exempt or (stream in self.streams and stream in zone.exempt)

    def addresses(self, zone: str, party: str) -> bool:
        """Tell whether any notice of the zone is meant for the party."""
        return any(party in notice.recipients for notice in self.zones[zone].notices)
