"""Intervals: known values, degenerate input, and coverage by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.stats import (
    bootstrap_interval,
    difference_interval,
    mean_interval,
    proportion_interval,
    quantile_interval,
    share_interval,
)


def binomial_slack(trials: int, coverage: float = 0.95) -> float:
    """Four standard errors of a coverage that is itself counted in ``trials``."""
    return 4 * math.sqrt(coverage * (1 - coverage) / trials)


def test_a_mean_has_students_interval() -> None:
    # 1, 2, 3: mean 2, sd 1, t(0.975, 2) = 4.302653 (any t table), half 4.302653 / sqrt 3.
    found = mean_interval([1.0, 2.0, 3.0])
    assert (found.mean, found.n, found.confidence) == (2.0, 3, 0.95)
    assert found.low == pytest.approx(2 - 2.484138, abs=1e-6)
    assert found.high == pytest.approx(2 + 2.484138, abs=1e-6)


def test_values_that_are_all_the_same_have_an_interval_of_no_width() -> None:
    found = mean_interval([0.1] * 7)  # whose mean is no float, nor their variance 0 but for care
    assert found.low == found.mean == found.high == pytest.approx(0.1)


def test_a_difference_is_that_of_pairs_and_not_of_means() -> None:
    # Both vary widely, by the same draws; the differences are 1, 2, 3.
    found = difference_interval([11.0, 102.0, 1003.0], [10.0, 100.0, 1000.0])
    assert found == mean_interval([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="zip"):
        difference_interval([1.0], [1.0, 2.0])


def test_undefined_values_are_left_out_and_counted() -> None:
    found = mean_interval([math.nan, 4.0, math.nan, 6.0])
    assert (found.mean, found.n) == (5.0, 2)


def test_no_value_and_one_value_promise_nothing() -> None:
    none = mean_interval([math.nan])
    assert none.n == 0
    assert math.isnan(none.mean)
    assert math.isnan(none.low)
    one = mean_interval([3.0])
    assert (one.mean, one.low, one.high) == (3.0, -math.inf, math.inf)


def test_a_proportion_has_wilsons_interval() -> None:
    # Newcombe (1998), table I, method 3: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to
    # 0.1611; 1 of 29 gives 0.0061 to 0.1718.
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = proportion_interval(successes, trials)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
        assert found.n == trials


def test_a_proportion_is_symmetric_and_refuses_nonsense() -> None:
    few, many = proportion_interval(3, 17), proportion_interval(14, 17)
    assert (1 - many.high, 1 - many.low) == pytest.approx((few.low, few.high))
    assert proportion_interval(17, 17).high == 1.0
    assert math.isnan(proportion_interval(0, 0).mean)
    with pytest.raises(ValueError, match="5 successes in 4 trials"):
        proportion_interval(5, 4)


def test_a_share_of_single_violations_is_nearly_a_proportion() -> None:
    # One violation in each replication: clusters of one are independent trials, so only the
    # t correction and the n/(n-1) of the variance part the two.
    parts = [1] * 30 + [0] * 70
    found = share_interval(parts, [1] * 100)
    plain = proportion_interval(30, 100)
    assert (found.violations, found.share) == (30, 0.3)
    assert found.low == pytest.approx(plain.low, abs=0.003)
    assert found.high == pytest.approx(plain.high, abs=0.003)
    assert found.low < plain.low < plain.high < found.high


def test_violations_that_go_together_count_as_one() -> None:
    # Ten violations a replication, all or none with the cause: as good as one each.
    clustered = share_interval([10] * 30 + [0] * 70, [10] * 100)
    single = share_interval([1] * 30 + [0] * 70, [1] * 100)
    assert clustered.violations == 300
    assert (clustered.low, clustered.high) == pytest.approx((single.low, single.high))


def test_a_share_without_variance_counts_replications() -> None:
    none = share_interval([0] * 20, [7] * 20)
    assert (none.share, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(proportion_interval(0, 20).high)
    alike = share_interval([1] * 8, [2] * 8)
    expected = proportion_interval(4, 8)
    assert (alike.low, alike.high) == pytest.approx((expected.low, expected.high))
    alone = share_interval([3, 0], [4, 0])
    assert alone.low < 0.75 < alone.high


def test_a_share_of_nothing_is_undefined() -> None:
    found = share_interval([0, 0], [0, 0])
    assert found.violations == 0
    assert math.isnan(found.share)


def test_the_t_interval_covers_as_often_as_it_says() -> None:
    trials = 2000
    values = np.random.default_rng(1).normal(3.0, 2.0, size=(trials, 8))
    hits = sum(found.low <= 3.0 <= found.high for found in (mean_interval(row) for row in values))
    assert hits / trials == pytest.approx(0.95, abs=binomial_slack(trials))


@pytest.mark.parametrize("chance", [0.5, 0.2])
def test_wilsons_interval_covers_as_often_as_it_says(chance: float) -> None:
    # Wilson's coverage swings around 95 % with n and p (Brown, Cai, DasGupta 2001: between
    # 93 and 97 % at n = 60 and these p), hence two points beside the counting error.
    trials = 2000
    counts = np.random.default_rng(2).binomial(60, chance, size=trials)
    hits = sum(
        found.low <= chance <= found.high
        for found in (proportion_interval(int(count), 60) for count in counts)
    )
    assert hits / trials == pytest.approx(0.95, abs=0.02 + binomial_slack(trials))


@pytest.mark.parametrize(("clusters", "chance"), [(12, 0.4), (60, 0.1), (200, 0.3)])
def test_the_share_covers_clusters_that_hang_together(clusters: int, chance: float) -> None:
    # Violations of a replication share its luck: p is drawn from Beta(chance k, (1-chance) k)
    # per replication with k = 2, an intra-cluster correlation of 1/3; sizes are Poisson.
    trials = 1500
    random = np.random.default_rng(3)
    hits = 0
    naive = 0
    for _ in range(trials):
        totals = random.poisson(5.0, size=clusters)
        luck = random.beta(2 * chance, 2 * (1 - chance), size=clusters)
        parts = random.binomial(totals, luck)
        found = share_interval(parts.tolist(), totals.tolist())
        hits += found.low <= chance <= found.high
        plain = proportion_interval(int(parts.sum()), int(totals.sum()))
        naive += plain.low <= chance <= plain.high
    assert hits / trials == pytest.approx(0.95, abs=0.02 + binomial_slack(trials))
    assert naive / trials < 0.85  # what ignoring the clusters would have promised


def test_a_bootstrap_is_the_same_for_the_same_seed_and_near_students() -> None:
    values = np.random.default_rng(4).normal(5.0, 2.0, size=400).tolist()
    found = bootstrap_interval([*values, math.nan], seed=3)
    assert found == bootstrap_interval(values, seed=3)
    assert found != bootstrap_interval(values, seed=4)
    plain = mean_interval(values)
    assert (found.mean, found.n) == (plain.mean, 400)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=0.02)


def test_a_bootstrap_moves_and_stretches_with_its_values() -> None:
    values = [0.0, 1.0, 1.5, 4.0, 11.0]
    found = bootstrap_interval(values)
    other = bootstrap_interval([7.0 + 1e-130 * value for value in values])
    tiny = bootstrap_interval([1e-130 * value for value in values])
    assert (other.low, other.high) == (7.0, 7.0)
    assert (tiny.low, tiny.high) == pytest.approx((1e-130 * found.low, 1e-130 * found.high))


def test_a_bootstrap_of_what_does_not_vary_has_no_width() -> None:
    found = bootstrap_interval([0.1] * 7)
    assert found.low == found.mean == found.high == pytest.approx(0.1)
    assert bootstrap_interval([3.0]) == mean_interval([3.0])
    assert bootstrap_interval([math.nan]).n == 0


def test_the_bootstrap_covers_normal_values_as_often_as_theory_says() -> None:
    # Resamples of n values spread as sd / sqrt n with the n-divisor sd, and normally: the
    # interval is mean +- 1.96 s sqrt((n - 1) / n) / sqrt n, which covers as Student's t says.
    trials, count = 800, 30
    values = np.random.default_rng(5).normal(size=(trials, count))
    hits = sum(found.low <= 0 <= found.high for found in map(bootstrap_interval, values))
    z = stats.norm.ppf(0.975) * math.sqrt((count - 1) / count)
    expected = float(2 * stats.t.cdf(z, count - 1) - 1)
    assert expected == pytest.approx(0.936, abs=5e-4)
    assert hits / trials == pytest.approx(expected, abs=binomial_slack(trials, expected))


def test_the_bootstrap_leans_to_the_long_tail() -> None:
    # Of skewed values Student's interval falls short of the mean far more often than it
    # goes beyond; Efron's corrections even that out.
    trials = 300
    values = np.random.default_rng(6).exponential(size=(trials, 40))
    pairs = [(bootstrap_interval(row), mean_interval(row)) for row in values]
    short = sum(ours.high < 1.0 for ours, _ in pairs)
    assert short < sum(plain.high < 1.0 for _, plain in pairs)
    assert all(ours.high - ours.mean > ours.mean - ours.low for ours, _ in pairs)
    covered = sum(ours.low <= 1.0 <= ours.high for ours, _ in pairs) / trials
    assert covered > 0.93 - binomial_slack(trials, 0.93)


@given(
    st.integers(1, 400),
    st.floats(0.01, 0.99),
    st.sampled_from([0.8, 0.9, 0.95, 0.99]),
)
def test_a_quantile_lies_between_the_innermost_values_that_do(
    count: int, q: float, confidence: float
) -> None:
    # The values are their own ranks; how many of n do not exceed the quantile is binomial.
    found = quantile_interval(range(1, count + 1), q, confidence)
    binomial = stats.binom(count, q)
    tail = (1 - confidence) / 2
    low = int(max(found.low, 0))
    high = int(min(found.high, count + 1))
    assert low <= found.mean <= high
    assert binomial.cdf(low - 1) <= tail <= binomial.cdf(low) * (1 + 1e-12)
    assert binomial.sf(high - 1) <= tail * (1 + 1e-12)
    assert binomial.sf(high - 2) > tail * (1 - 1e-12)


def test_a_quantile_of_few_values_is_bounded_on_one_side() -> None:
    # 0.95 ** 71 = 0.0262, 0.95 ** 72 = 0.0249: how often all values are under the percentile.
    assert quantile_interval(range(71), 0.95).high == math.inf
    assert quantile_interval(range(72), 0.95).high == 71
    assert quantile_interval(range(5), 0.5).low == -math.inf
    assert (quantile_interval(range(6), 0.5).low, quantile_interval(range(6), 0.5).high) == (0, 5)


def test_a_quantile_leaves_out_what_is_undefined_and_refuses_nonsense() -> None:
    found = quantile_interval([3.0, math.nan, 1.0, 2.0], 0.5)
    assert (found.mean, found.n) == (2.0, 3)
    assert quantile_interval([2.0], 0.5) == mean_interval([2.0])
    assert quantile_interval([math.nan], 0.5).n == 0
    for q in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="is not between 0 and 1"):
            quantile_interval([1.0], q)


@pytest.mark.parametrize(("count", "q"), [(20, 0.5), (200, 0.95), (60, 0.1)])
def test_the_quantile_covers_as_often_as_the_binomial_says(count: int, q: float) -> None:
    trials = 1500
    values = np.random.default_rng(7).exponential(size=(trials, count))
    truth = -math.log1p(-q)
    found = [quantile_interval(row, q) for row in values]
    hits = sum(one.low <= truth <= one.high for one in found)
    ranks = quantile_interval(range(1, count + 1), q)
    exact = float(
        stats.binom.cdf(ranks.high - 1, count, q) - stats.binom.cdf(ranks.low - 1, count, q)
    )
    assert 0.95 <= exact < 0.98
    assert hits / trials == pytest.approx(exact, abs=binomial_slack(trials, exact))


def test_the_quantile_covers_values_that_repeat_at_least_as_often() -> None:
    trials = 1000
    values = np.random.default_rng(8).poisson(2.0, size=(trials, 40)).astype(float)
    found = [quantile_interval(row, 0.5) for row in values]  # the median of Poisson (2) is 2
    assert sum(one.low <= 2.0 <= one.high for one in found) / trials >= 0.95
