"""Objections: whether a zone, as a party was told of it, stands in the way of its own plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.geometry.crossing import find_crossings
from sim.geometry.overlap import find_overlaps

if TYPE_CHECKING:
    from sim.geometry.volume import Volume
    from sim.scenario.planned import Plan


def meets_plans(told: Volume, zone: str, party: str, plan: Plan, now: float) -> bool:
    """Tell whether a planned flight or operation of a party meets what it was told of a zone.

    Whatever is over by now does not count, nor do flights that the zone leaves
    out, and movements of streams, which nobody has planned one by one.
    """
    if party in plan.zones[zone].exempt_names:
        return False
    tracks = [
        flight.track
        for flight in plan.flights.values()
        if flight.party == party and flight.track.end > now and plan.binds(plan.zones[zone], flight)
    ]
    if len(find_crossings(tracks, [told], plan.vertical)):
        return True
    operations = [o.volume for o in plan.operations.values() if o.party == party]
    own = [volume for volume in operations if volume.window[1] > now]
    groups = [0, *([1] * len(own))]
    return len(find_overlaps([told, *own], groups=groups, vertical=plan.vertical)) > 0
