"""What became of each flight: exactly one thing, so that the counts in the headline add up."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sim.findings.versions import declared
from sim.geometry.crossing import find_crossings
from sim.model.journal import FlightActed, FlightDeparted, FlightFlown

if TYPE_CHECKING:
    from sim.findings.run import Run


class Fate(Enum):
    """How a flight came through a run."""

    ENTERED = "entered a zone that binds it"
    KEPT_OUT = "{was} told and kept out"
    CANCELLED = "{was} told and cancelled"
    EXEMPT = "{was} exempt and entered freely"
    OWN = "entered only zones of the same party"
    GROUNDED = "had not departed by the end"
    CLEAR = "flew clear"

    def told(self, flights: int) -> str:
        """Say it of so many flights, as the end of a sentence."""
        return self.value.format(was="was" if flights == 1 else "were")


def fates(run: Run) -> dict[str, Fate]:
    """Tell for each flight of a run's plan what became of it; the first that holds counts."""
    entered = {violation.flight for violation in run.violations}
    actions = {acted.flight: acted.action for acted in run.journal.of(FlightActed)}
    departed = {record.flight for record in run.journal.of(FlightDeparted)}
    free = _entered_freely(run)
    found = {}
    for flight in run.flights:
        action = actions.get(flight, "none")
        if flight in entered:
            found[flight] = Fate.ENTERED
        elif action != "none":
            found[flight] = Fate.CANCELLED if action == "cancel" else Fate.KEPT_OUT
        elif flight not in departed:
            found[flight] = Fate.GROUNDED
        else:
            found[flight] = free.get(flight, Fate.CLEAR)
    return found


def _entered_freely(run: Run) -> dict[str, Fate]:
    """Find the flights that really were in an active zone that does not bind them."""
    flown = {record.flight: record.track for record in run.journal.of(FlightFlown)}
    free: dict[str, Fate] = {}
    for id_, versions in declared(run.journal).items():
        zone = run.plan.zones[id_]
        names = [name for name in flown if not run.plan.binds(zone, run.flights[name])]
        volumes = [volume for _, volume in versions]
        crossings = find_crossings([flown[name] for name in names], volumes, run.plan.vertical)
        for crossing in crossings:
            flight = names[crossing.track]
            if flight in zone.exempt:
                free[flight] = Fate.EXEMPT
            else:
                free.setdefault(flight, Fate.OWN)
    return free
