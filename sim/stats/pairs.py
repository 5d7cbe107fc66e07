"""Pairs of replications that share their draws: their difference, and what sharing saved.

References
----------
.. [1] Law, A. M. (2015). Simulation Modeling and Analysis, 5th edition. McGraw-Hill.
   Section 10.2: comparing two systems, the paired t and Welch's interval; section
   11.2: common random numbers.
.. [2] Welch, B. L. (1938). The significance of the difference between two means when
   the population variances are unequal. Biometrika 29, 350-362.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.stats.intervals import CONFIDENCE, Interval, difference_interval, t_quantile, variance

if TYPE_CHECKING:
    from sim.stats.intervals import Floats

_COUNTABLE = 2**53  # beyond, a float no longer tells replications apart


@dataclass(frozen=True, slots=True)
class Paired:
    """How much more there is after than before, and what pairing replications saved.

    Parameters
    ----------
    difference
        The mean of after - before over the pairs of which both are defined, with
        the paired t interval.
    variance
        Of after - before.
    variance_ratio
        (var(before) + var(after)) / var(after - before): the variance that the
        difference of independent replications would have, in units of the one
        it has. Above 1 where sharing draws helped.
    independent_n
        How many replications of each, with independent draws, would give an
        interval that is no wider.
    replications_saved
        How many that is more than there are pairs; of each, so that twice as
        many runs were saved.

    Notes
    -----
    Of fewer than two pairs the last four are NaN. Where the difference does not
    vary, or by rounding only, but what is compared does, the last three are
    infinite; where nothing varies, the ratio is 1 and nothing was saved.
    """

    difference: Interval
    variance: float
    variance_ratio: float
    independent_n: float
    replications_saved: float


def paired(before: Floats, after: Floats, confidence: float = CONFIDENCE) -> Paired:
    """Compare two policies by replications that share their draws [1]_.

    Parameters
    ----------
    before, after
        One value a replication each, shape (n,), NaN where undefined; those of one
        place share their draws.
    confidence
        Coverage wanted of the intervals, in (0, 1).

    Returns
    -------
    Paired
        The independent replications to compare with are as many of each policy,
        with the variances seen here, and Welch's interval [2]_.

    Raises
    ------
    ValueError
        If there are not as many values before as after.

    Examples
    --------
    >>> paired([4.0, 9.0, 2.0, 7.0], [3.0, 7.0, 2.0, 6.0]).difference.mean
    -1.0
    """
    difference = difference_interval(after, before, confidence)
    first = np.asarray(before, dtype=np.float64)
    second = np.asarray(after, dtype=np.float64)
    defined = ~np.isnan(second - first)
    if difference.n < 2:  # noqa: PLR2004 - one pair shows no spread
        return Paired(difference, math.nan, math.nan, math.nan, math.nan)
    variances = (variance(first[defined]), variance(second[defined]))
    together = variance((second - first)[defined])
    if sum(variances) == 0.0:
        return Paired(difference, 0.0, 1.0, difference.n, 0)
    needed = _independent(variances, (difference.high - difference.low) / 2, confidence)
    ratio = math.inf if math.isinf(needed) else sum(variances) / together
    return Paired(difference, together, ratio, needed, needed - difference.n)


def _independent(variances: tuple[float, float], half: float, confidence: float) -> float:
    """Find the fewest replications of each whose Welch interval is no wider than this."""
    total = sum(variances)
    evenness = sum((one / total) ** 2 for one in variances)

    def narrow(count: int) -> bool:
        spread = math.sqrt(total / count)
        return t_quantile(confidence, (count - 1) / evenness) * spread <= half

    if not narrow(_COUNTABLE):
        return math.inf
    return 2 + bisect_left(range(2, _COUNTABLE), True, key=narrow)
