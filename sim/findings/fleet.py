"""The fleet: all flights of a run, those planned and those that the run drew."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.model.journal import FlightPlanned
from sim.scenario.plan import movement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.model.journal import Journal
    from sim.scenario.planned import Plan, PlannedFlight


@lru_cache(maxsize=1)  # asked for by several findings of one run
def fleet(plan: Plan, journal: Journal) -> Mapping[str, PlannedFlight]:
    """Give every flight by its id: the plan's, then the movements of streams."""
    drawn = {
        record.flight: movement(record.flight, record.party, record.unit, record.track)
        for record in journal.of(FlightPlanned)
    }
    return MappingProxyType(plan.flights | drawn)
