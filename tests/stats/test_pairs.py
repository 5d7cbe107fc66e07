"""Paired replications: closed forms of normal pairs, what was saved, and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.stats import difference_interval, mean_interval, paired

NAN = math.nan


def normal_pairs(
    random: np.random.Generator, correlation: float, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Draw before with mean 1, after with mean 3, sd 1 and 2, and a given correlation."""
    shared, own = random.normal(size=shape), random.normal(size=shape)
    return 1 + shared, 3 + 2 * (correlation * shared + math.sqrt(1 - correlation**2) * own)


def welch_half(before: np.ndarray, after: np.ndarray, count: int) -> float:
    """Half of scipy's Welch interval for ``count`` values each that vary as these do."""
    shape = stats.zscore(np.arange(count), ddof=1)
    samples = (shape * before.std(ddof=1), shape * after.std(ddof=1))
    found = stats.ttest_ind(*samples, equal_var=False).confidence_interval(0.95)
    return float(found.high - found.low) / 2


def test_the_difference_is_after_less_before() -> None:
    found = paired([11.0, 102.0, 1003.0], [10.0, 100.0, 1000.0])
    assert found.difference == mean_interval([-1.0, -2.0, -3.0])
    assert found.difference == difference_interval([10.0, 100.0, 1000.0], [11.0, 102.0, 1003.0])
    assert found.variance == pytest.approx(1.0)


@pytest.mark.parametrize("correlation", [0.9, 0.5, 0.0, -0.6])
def test_the_variance_ratio_of_normal_pairs_has_a_closed_form(correlation: float) -> None:
    # var(after - before) = 1 + 4 - 2 * 2 * rho; its ratio to 5 varies by about sqrt(2 / n) twice.
    count = 40_000
    before, after = normal_pairs(np.random.default_rng(1), correlation, (count,))
    found = paired(before, after)
    slack = 4 * math.sqrt(2 / count) * 2
    assert found.variance == pytest.approx(5 - 4 * correlation, rel=slack)
    assert found.variance_ratio == pytest.approx(5 / (5 - 4 * correlation), rel=slack)
    # So many values make both t quantiles normal: the ratio is that of the numbers, too.
    assert found.independent_n == pytest.approx(count * found.variance_ratio, rel=1e-3)
    assert found.replications_saved == found.independent_n - count


@pytest.mark.parametrize("correlation", [0.95, 0.2, -0.9])
def test_so_many_independent_replications_are_as_good_and_no_fewer(correlation: float) -> None:
    before, after = normal_pairs(np.random.default_rng(2), correlation, (12,))
    found = paired(before, after)
    half = (found.difference.high - found.difference.low) / 2
    count = int(found.independent_n)
    assert count == found.independent_n
    assert welch_half(before, after, count) <= half < welch_half(before, after, count - 1)
    assert (found.replications_saved > 0) == (correlation > 0)


def test_the_independent_replications_give_that_half_width_when_run() -> None:
    # 200 pairs, correlation 0.9: with as many independent draws as it says, the interval
    # of the difference is as wide, give or take what 4 standard errors of the sds allow.
    random = np.random.default_rng(3)
    before, after = normal_pairs(random, 0.9, (200,))
    found = paired(before, after)
    count = int(found.independent_n)
    others, _ = normal_pairs(random, 0.0, (count,))
    _, more = normal_pairs(random, 0.0, (count,))
    half = (found.difference.high - found.difference.low) / 2
    slack = 4 * (math.sqrt(1 / (2 * 200)) + math.sqrt(1 / (2 * count)))
    assert welch_half(others, more, count) == pytest.approx(half, rel=slack)


def test_the_paired_interval_covers_as_often_as_it_says() -> None:
    trials = 1000
    before, after = normal_pairs(np.random.default_rng(4), 0.7, (trials, 9))
    found = [paired(one, other).difference for one, other in zip(before, after, strict=True)]
    hits = sum(one.low <= 2.0 <= one.high for one in found)
    assert hits / trials == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / trials))


def test_columns_and_lists_are_the_same() -> None:
    before, after = normal_pairs(np.random.default_rng(6), 0.5, (30,))
    assert paired(before, after) == paired(before.tolist(), after.tolist())


def test_only_pairs_defined_in_both_count() -> None:
    found = paired([1.0, NAN, 5.0, 2.0, 9.0], [2.0, 4.0, NAN, 4.0, 8.0])
    assert found == paired([1.0, 2.0, 9.0], [2.0, 4.0, 8.0])
    assert found.difference.n == 3


def test_a_difference_that_never_varies_needs_no_end_of_independent_seeds() -> None:
    found = paired([1.0, 2.0, 4.0], [2.0, 3.0, 5.0])
    assert (found.difference.low, found.difference.high) == (1.0, 1.0)
    assert (found.variance, found.variance_ratio) == (0.0, math.inf)
    assert (found.independent_n, found.replications_saved) == (math.inf, math.inf)


def test_a_difference_that_varies_by_rounding_does_not_vary() -> None:
    before = np.random.default_rng(5).normal(0.0, 10.0, size=50)
    found = paired(before, before + 0.1)
    assert 0.0 < found.variance < 1e-18
    assert (found.variance_ratio, found.independent_n) == (math.inf, math.inf)


def test_where_nothing_varies_nothing_is_saved() -> None:
    found = paired([0.1] * 7, [0.3] * 7)
    assert found.difference.low == found.difference.high == pytest.approx(0.2)
    assert (found.variance, found.variance_ratio) == (0.0, 1.0)
    assert (found.independent_n, found.replications_saved) == (7, 0)


@pytest.mark.parametrize("after", [[NAN], [2.0], []])
def test_fewer_than_two_pairs_tell_of_no_saving(after: list[float]) -> None:
    found = paired([1.0] * len(after), after)
    assert found.difference.n == sum(not math.isnan(value) for value in after)
    assert math.isnan(found.variance_ratio)
    assert math.isnan(found.independent_n)
    assert math.isnan(found.replications_saved)


def test_pairs_come_in_pairs() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired([1.0], [1.0, 2.0])
