"""Where our time goes when overlaps are found, beside the least that it could be."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from sim.geometry.overlap import _extents
from sim.geometry.pairing import near_pairs
from sim.geometry.reaches import Reaches
from sim.geometry.rings import caps, closed
from sim.geometry.shapes import Planes
from tests.bench import ours
from tests.bench.timing import ROUNDS, SLOW_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.workloads import Airspace


def stages(space: Airspace) -> list[tuple[str, float]]:
    """Give the name of each stage and its median seconds, in order.

    They are the steps of :func:`sim.find_overlaps` called one by one, each on
    what the one before gave; writing is what is left of the whole.
    """
    rounds = [_steps(space)]
    if sum(rounds[0].values()) <= SLOW_S:
        rounds += [_steps(space) for _ in range(ROUNDS - 1)]
    return [(name, median(taken[name] for taken in rounds)) for name in rounds[0]]


def _steps(space: Airspace) -> dict[str, float]:
    taken: dict[str, float] = {}

    def clocked(name: str, task: Callable[[], Any]) -> Any:
        begun = perf_counter()
        answer = task()
        taken[name] = perf_counter() - begun
        return answer

    def read() -> tuple[Any, ...]:
        rings = closed(space.lon, space.lat, space.starts)
        return (*caps(rings), np.ones(len(space), dtype=bool), rings)

    given = clocked("reading", read)
    clocked("checks, and how far shapes reach", lambda: Reaches(*given))
    volumes = ours.read(space)
    shapes, shape = volumes.shapes, volumes.shape
    extents = _extents(volumes, space.group, None, sim.Minima())
    pairs = clocked("broad phase", lambda: near_pairs(extents))
    first, second = np.divmod(pairs.number, pairs.count)
    clocked("filters", lambda: volumes.heights.shared(first, second, None))
    one, other = shape[first], shape[second]
    _, unsure = clocked("reaches compared", lambda: shapes.reaches.decide(one, other))
    one, other = one[unsure], other[unsure]
    planes = Planes(*given)
    clocked("projection and drawing", lambda: planes.meet(one, other))
    clocked("exact tests", lambda: planes.meet(one, other))  # of what is drawn by now
    taken["projection and drawing"] -= taken["exact tests"]
    before = sum(taken.values())
    whole = clocked("writing", lambda: ours.overlaps(ours.read(space), space.group))
    assert len(whole) <= len(first)
    taken["writing"] = max(0.0, taken["writing"] - before)
    return taken


def floor(space: Airspace, found: Any) -> float:
    """Give the seconds it takes to read the input once and write the answer once."""
    given = vars(space).values()
    answer = (found.first, found.second, found.start, found.end, found.lower_m, found.upper_m)
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        for column in (*given, *answer):
            np.array(column, copy=True)
        times.append(perf_counter() - begun)
    return median(times)
