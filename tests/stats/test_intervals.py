"""Intervals: known values, degenerate input, and coverage by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.stats import difference_interval, mean_interval, proportion_interval, share_interval


def binomial_slack(trials: int, coverage: float = 0.95) -> float:
    """Four standard errors of a coverage that is itself counted in ``trials``."""
    return 4 * math.sqrt(coverage * (1 - coverage) / trials)


def test_a_mean_has_students_interval() -> None:
    # 1, 2, 3: mean 2, sd 1, t(0.975, 2) = 4.302653 (any t table), half 4.302653 / sqrt 3.
    found = mean_interval([1.0, 2.0, 3.0])
    assert (found.mean, found.n, found.confidence) == (2.0, 3, 0.95)
    assert found.low == pytest.approx(2 - 2.484138, abs=1e-6)
    assert found.high == pytest.approx(2 + 2.484138, abs=1e-6)


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
