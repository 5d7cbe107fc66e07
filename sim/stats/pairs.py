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

from sim.stats.intervals import (
    CONFIDENCE,
    Interval,
    difference_interval,
    mean_interval,
    t_quantile,
    variance,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.stats.intervals import Floats

_ROUNDING = 1e-9  # of the values' size
_COUNTABLE = 2**53  # beyond, a float no longer tells replications apart


@dataclass(frozen=True, slots=True)
class Paired:
    """How much more there is after than before, and what pairing replications saved.

    Parameters
    ----------
    before, after
        The mean of each side over the values that it has, with its t interval.
    difference
        The mean of after - before over the pairs of which both are defined, with
        the paired t interval.
    variance_ratio
        (var(before) + var(after)) / var(after - before): the variance that the
        difference of independent replications would have, in units of the one
        it has. Above 1 where sharing draws helped.
    independent_n
        How many replications of each, with independent draws, would give an
        interval that is no wider.

    Notes
    -----
    Of fewer than two pairs, and where nothing varies, the last two are NaN. Where
    the difference does not vary, or by rounding only, but what is compared does,
    they are infinite.
    """

    before: Interval
    after: Interval
    difference: Interval
    variance_ratio: float
    independent_n: float

    @property
    def n(self) -> int:
        """How many pairs there are of which both are defined."""
        return self.difference.n

    @property
    def replications_saved(self) -> float:
        """How many replications of each, beyond the pairs, independent draws would take."""
        return self.independent_n - self.n


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
    sides = (mean_interval(before, confidence), mean_interval(after, confidence))
    difference = difference_interval(after, before, confidence)
    first = np.asarray(before, dtype=np.float64)
    second = np.asarray(after, dtype=np.float64)
    defined = ~np.isnan(second - first)
    first, second = first[defined], second[defined]
    if len(first) < 2 or not (_varies(first) or _varies(second)):  # noqa: PLR2004 - no spread
        return Paired(*sides, difference, math.nan, math.nan)
    variances = (variance(first), variance(second))
    needed = _independent(variances, (difference.high - difference.low) / 2, confidence)
    ratio = math.inf if math.isinf(needed) else sum(variances) / variance(second - first)
    return Paired(*sides, difference, ratio, needed)


def _varies(values: npt.NDArray[np.float64]) -> bool:
    """Tell whether values differ by more than rounding."""
    return float(np.ptp(values)) > _ROUNDING * float(np.abs(values).max())


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
