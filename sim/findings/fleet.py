"""The fleet: all flights of a run, those planned and those that the run drew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.journal import FlightPlanned
from sim.scenario.plan import movement

if TYPE_CHECKING:
    from sim.model.journal import Journal
    from sim.scenario.plan import Plan, PlannedFlight


def fleet(plan: Plan, journal: Journal) -> dict[str, PlannedFlight]:
    """Give every flight by its id: the plan's, then the movements of streams."""
    drawn = {
        record.flight: movement(record.flight, record.party, record.unit, record.track)
        for record in journal.of(FlightPlanned)
    }
    return plan.flights | drawn
