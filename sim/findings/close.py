"""Close: planned volumes and tracks of different parties nearer than the scenario's minima."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.findings.overlaps import Planned, planned
from sim.geometry.minima import find_approaches
from sim.geometry.overlap import find_overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.geometry.minima import Minima
    from sim.scenario.planned import Plan


@dataclass(frozen=True, slots=True)
class Close:
    """Two plans of different parties that do not meet, and are nearer than the minima.

    ``first``, ``second``, ``parties`` and ``kind`` are as in an overlap, times
    in seconds since the scenario's start. ``lateral_m``, ``vertical_m`` and
    ``time_s`` tell how far two volumes are apart, 0 where they share what
    counts; times or altitudes not shared are those in between. Of a flight only
    the distance over ground is told: where it is nearest, at ``start`` to
    ``end`` it is nearer than the minima, at ``nearest`` the nearest.
    """

    first: str
    second: str
    parties: tuple[str, str]
    kind: str
    start: float
    end: float
    nearest: float
    lateral_m: float
    vertical_m: float | None
    time_s: float | None


@lru_cache(maxsize=8)  # all the runs of a plan have the same
def plan_close(plan: Plan) -> tuple[Close, ...]:
    """Find what is nearer than the scenario's minima, by start; nothing where it has none.

    Raises
    ------
    VerticalError
        If altitudes come near each other whose references the scenario cannot compare.
    """
    if plan.minima is None:
        return ()
    volumes = planned(plan)
    found = [*_of_volumes(plan, volumes, plan.minima), *_of_flights(plan, volumes, plan.minima)]
    return tuple(sorted(found, key=lambda c: (c.start, c.kind, c.first, c.second)))


def _of_volumes(plan: Plan, volumes: list[Planned], minima: Minima) -> Iterator[Close]:
    parties = {party: number for number, party in enumerate(plan.scenario.parties)}
    pairs = find_overlaps(
        [item.volume for item in volumes],
        [parties[item.party] for item in volumes],
        plan.vertical,
        minima,
    )
    for pair in pairs:
        if pair.close:
            first, second = volumes[pair.first], volumes[pair.second]
            yield Close(
                first=first.id,
                second=second.id,
                parties=(first.party, second.party),
                kind=f"{first.kind}-{second.kind}",
                start=pair.start,
                end=pair.end,
                nearest=pair.start,
                lateral_m=pair.lateral_m,
                vertical_m=pair.vertical_m,
                time_s=pair.time_s,
            )


def _of_flights(plan: Plan, volumes: list[Planned], minima: Minima) -> Iterator[Close]:
    flights = list(plan.flights.values())
    tracks = [flight.track for flight in flights]
    spaces = [item.volume for item in volumes]
    for near in find_approaches(tracks, spaces, minima, plan.vertical):
        flight, item = flights[near.track], volumes[near.volume]
        is_exempt = item.kind == "zone" and flight.id in plan.zones[item.id].exempt
        if flight.party != item.party and not is_exempt:
            yield Close(
                first=flight.id,
                second=item.id,
                parties=(flight.party, item.party),
                kind=f"flight-{item.kind}",
                start=near.entry,
                end=near.exit,
                nearest=near.instant,
                lateral_m=near.lateral_m,
                vertical_m=None,
                time_s=None,
            )
