"""Intervals for what replications estimate: means, proportions, and shares of a cause.

References
----------
.. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and
   statistical inference. Journal of the American Statistical Association 22, 209-212.
.. [2] Kish, L. (1965). Survey Sampling. Wiley. Section 8.2: the design effect and
   the effective sample size.
.. [3] Cochran, W. G. (1977). Sampling Techniques, 3rd edition. Wiley. Section 6.4:
   the variance of a ratio estimate.
.. [4] Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions
   with small expected number of positive counts estimated from survey data. Survey
   Methodology 24, 193-201. The correction for few clusters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over ``n`` values, and the interval that should hold the true one.

    ``low`` and ``high`` are infinite where the values say nothing about the
    spread (a single one), and all three are NaN where there is no value at all.
    """

    mean: float
    low: float
    high: float
    confidence: float
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many violations have one cause, and what part of all of them that is."""

    violations: int
    share: float
    low: float
    high: float


def mean_interval(values: Iterable[float], confidence: float = CONFIDENCE) -> Interval:
    """Estimate a mean, with Student's t interval.

    Parameters
    ----------
    values
        One value a replication; NaN, "undefined in this replication", is left out.
    confidence
        Coverage wanted, in (0, 1).

    Returns
    -------
    Interval
        ``n`` says how many values counted. Values that are all the same give an
        interval of no width: they show no spread, which is not to say there is none.
    """
    column = np.fromiter(values, dtype=np.float64)
    column = column[~np.isnan(column)]
    count = int(column.size)
    if count == 0:
        return Interval(math.nan, math.nan, math.nan, confidence, 0)
    mean = float(column.mean())
    if count == 1:
        return Interval(mean, -math.inf, math.inf, confidence, 1)
    half = _t_quantile(confidence, count - 1) * float(column.std(ddof=1)) / math.sqrt(count)
    return Interval(mean, mean - half, mean + half, confidence, count)


def difference_interval(
    before: Sequence[float], after: Sequence[float], confidence: float = CONFIDENCE
) -> Interval:
    """Estimate by how much less there is after than before, with the paired t interval.

    Parameters
    ----------
    before, after
        One value a replication each, shape (n,); those of one place share their
        draws, so that their difference varies less than they do themselves.
    confidence
        Coverage wanted, in (0, 1).
    """
    pairs = zip(before, after, strict=True)
    return mean_interval((first - second for first, second in pairs), confidence)


def proportion_interval(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """Estimate the probability of a yes from independent trials, with Wilson's interval [1]_.

    It keeps its coverage near 0 and 1, where a mean with a t interval does not,
    and is never empty: 0 of 20 gives 0 to 0.161.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    if trials == 0:
        return Interval(math.nan, math.nan, math.nan, confidence, 0)
    share = successes / trials
    low, high = _wilson(share, trials, confidence)
    return Interval(share, low, high, confidence, trials)


def share_interval(
    parts: Sequence[int], totals: Sequence[int], confidence: float = CONFIDENCE
) -> Share:
    """Estimate a share of things that come in clusters.

    Violations of one replication have their notices and draws in common, so they
    are no independent trials. The share is the ratio of the two sums; its
    variance is that of a ratio estimate over replications [3]_; the number of
    independent trials that would give the same variance is the effective sample
    size [2]_, brought down for few clusters by the squared ratio of the normal to
    the t quantile [4]_; and Wilson's interval [1]_ is taken at that size.

    Parameters
    ----------
    parts
        For each replication, how many violations have the cause, shape (n,).
    totals
        For each replication, how many violations there are, shape (n,).
    confidence
        Coverage wanted, in (0, 1).

    Returns
    -------
    Share
        NaN share and bounds where no replication has any violation. Where the
        replications show no variance (all or none have the cause, or only one
        replication has violations) each counts as a single trial, which
        overstates the width rather than understates it.
    """
    part = np.asarray(parts, dtype=np.float64)
    total = np.asarray(totals, dtype=np.float64)
    filled = total > 0
    clusters = int(filled.sum())
    count = int(part.sum())
    if clusters == 0:
        return Share(count, math.nan, math.nan, math.nan)
    share = count / float(total.sum())
    size = _effective_size(part[filled], total[filled], confidence)
    low, high = _wilson(share, size, confidence)
    return Share(count, share, low, high)


def _effective_size(
    part: np.ndarray[tuple[int], np.dtype[np.float64]],
    total: np.ndarray[tuple[int], np.dtype[np.float64]],
    confidence: float,
) -> float:
    """Count the independent trials that would tell as much as these clusters."""
    clusters = int(total.size)
    share = float(part.sum() / total.sum())
    if clusters == 1 or not 0.0 < share < 1.0:
        return clusters
    residuals = part - share * total
    variance = float(residuals @ residuals) / float(total.sum()) ** 2 * clusters / (clusters - 1)
    if variance <= 0.0:
        return clusters
    few = _normal_quantile(confidence) / _t_quantile(confidence, clusters - 1)
    return share * (1.0 - share) / variance * few**2


def _wilson(share: float, size: float, confidence: float) -> tuple[float, float]:
    z2 = _normal_quantile(confidence) ** 2
    center = (share + z2 / (2 * size)) / (1 + z2 / size)
    spread = share * (1 - share) / size + z2 / (4 * size**2)
    half = math.sqrt(z2 * spread) / (1 + z2 / size)
    # At 0 and 1 the bound is exact; rounding must not carry it past the share.
    low = 0.0 if share == 0.0 else max(0.0, center - half)
    high = 1.0 if share == 1.0 else min(1.0, center + half)
    return low, high


def _normal_quantile(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _t_quantile(confidence: float, freedom: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 - a fifth of a second, only here

    return float(stdtrit(freedom, 0.5 + confidence / 2))
