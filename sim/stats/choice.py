"""Choosing among points of a sweep: those that nothing beats, and the cheapest that will do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.stats.intervals import Floats


def pareto_front(costs: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Mark the points that no other point dominates.

    One point dominates another if none of its costs is larger and one is smaller.

    Parameters
    ----------
    costs
        Shape (n, k): k costs of each of n points, the smaller the better.

    Returns
    -------
    numpy.ndarray
        Shape (n,), True on the front. Points that equal each other in every cost
        are on it together or not at all; those with an undefined cost (NaN) are
        never on it, and dominate nothing.

    Raises
    ------
    ValueError
        If ``costs`` has not two axes.
    """
    table = np.asarray(costs, dtype=np.float64)
    if table.ndim != 2:  # noqa: PLR2004 - points and their costs
        raise ValueError(f"costs have {table.ndim} axes; 2 are expected: points and their costs")
    defined = np.flatnonzero(~np.isnan(table).any(axis=1))
    rows, places = np.unique(table[defined], axis=0, return_inverse=True)
    best = np.ones(len(rows), dtype=np.bool_)
    for place, row in enumerate(rows):  # sorted: only an earlier row can dominate a later one
        if best[place]:
            best[place + 1 :] &= (rows[place + 1 :] < row).any(axis=1)
    front = np.zeros(len(table), dtype=np.bool_)
    front[defined] = best[places.reshape(-1)]
    return front


def recommend(means: Floats, uppers: Floats, costs: Floats, target: float) -> int | None:
    """Find the cheapest point of which we may be confident that it meets a target.

    Parameters
    ----------
    means, uppers
        For each point, the estimate of what should be small, and its upper
        confidence bound, shape (n,) each.
    costs
        For each point, what it costs, shape (n,).
    target
        What the upper bound may at most be.

    Returns
    -------
    int or None
        The place of the point; of those that cost the same, that of the lowest
        estimate, then of the lowest bound, which tells only how often a point was
        run, and then the first. None if no bound meets the target. Points of
        which either is undefined (NaN) are never recommended.

    Notes
    -----
    Each bound fails as often as it says, for its own point. The cheapest of many
    that meet the target was picked for meeting it, and may owe that to a bound
    that fails; the chance is at most that of any failing, by Bonferroni's
    inequality their number times that of one. To be sure of a recommended
    point, replicate it with another seed.
    """
    points = zip(costs, means, uppers, range(len(costs)), strict=True)
    meeting = [point for point in points if point[2] <= target and not math.isnan(point[0])]
    return min(meeting)[3] if meeting else None
