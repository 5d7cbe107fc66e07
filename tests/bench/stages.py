"""Where our time goes when overlaps are found, beside the least that it could be."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench import ours
from tests.bench.timing import ROUNDS, SLOW_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.workloads import Airspace


def stages(space: Airspace) -> list[tuple[str, float]]:
    """Give the name of each stage and its median seconds, in order.

    These are the steps that are public. To tell the broad phase, the filters, the
    exact tests and the writing apart, call them here one by one as
    `find_overlaps` does, each on what the one before gave, and append a row for
    each in place of the last row.
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

    volumes = clocked("reading", lambda: ours.read(space))
    volumes = clocked("projection", lambda: ours.ready(volumes))
    search = "broad phase, filters, exact tests, writing"
    clocked(search, lambda: ours.overlaps(volumes, space.group))
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
