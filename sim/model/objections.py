"""Objections: whether a zone, as a party was told of it, stands in the way of its own plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.geometry.crossing import find_crossings
from sim.geometry.overlap import find_overlaps

if TYPE_CHECKING:
    from sim.geometry.volume import Volume
    from sim.scenario.plan import Plan


def meets_plans(told: Volume, zone: str, party: str, plan: Plan) -> bool:
    """Tell whether a planned flight or operation of a party meets what it was told of a zone.

    Flights that the zone leaves out do not count, nor do movements of streams,
    which nobody has planned one by one.
    """
    tracks = [
        flight.track
        for flight in plan.flights.values()
        if flight.party == party and plan.binds(plan.zones[zone], flight)
    ]
    if len(find_crossings(tracks, [told], plan.vertical)):
        return True
    own = [o.volume for o in plan.operations.values() if o.party == party]
    groups = [0, *([1] * len(own))]
    return len(find_overlaps([told, *own], groups=groups, vertical=plan.vertical)) > 0
