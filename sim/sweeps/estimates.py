"""What a metric's values say of its mean: an interval fit for the kind of metric."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.stats import Interval, mean_interval, proportion_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHARES = frozenset({"notices_in_time", "line_utilisation"})


def estimate(name: str, values: Sequence[float] | NDArray[np.float64]) -> Interval:
    """Estimate the mean of a metric over the replications where it is defined.

    ``p_uninformed`` is a yes or no in each replication, and so has Wilson's interval;
    the others have Student's, cut to what is possible: no metric is negative, and no
    share above 1.
    """
    column = np.asarray(values, dtype=np.float64)
    column = column[~np.isnan(column)]
    if name == "p_uninformed":
        return proportion_interval(int((column > 0).sum()), int(column.size))
    found = mean_interval(column)
    if found.n < 2:  # noqa: PLR2004 - one value tells of no interval
        return found
    most = 1.0 if name in SHARES else math.inf
    return replace(found, low=max(0.0, found.low), high=min(most, found.high))
