"""Distributions against scipy's, and the laws that every inverse CDF keeps."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from scipy import stats

from sim.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LogNormal,
    Mixture,
    Normal,
    Triangular,
    Uniform,
    Weibull,
)
from tests import strategies

GRID = (1e-6, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 1e-6)
Z95 = 1.6448536269514722  # of the standard normal distribution, from a table

ORACLES: list[tuple[Distribution, Any]] = [
    (Uniform(-3.0, 9.0), stats.uniform(-3.0, 12.0)),
    (Triangular(2.0, 8.0, 30.0), stats.triang(6 / 28, 2.0, 28.0)),
    (Triangular(2.0, 2.0, 30.0), stats.triang(0.0, 2.0, 28.0)),
    (Triangular(2.0, 30.0, 30.0), stats.triang(1.0, 2.0, 28.0)),
    (Normal(5.0, 2.0), stats.norm(5.0, 2.0)),
    (LogNormal(240.0, 900.0), stats.lognorm(math.log(900 / 240) / Z95, scale=240.0)),
    (Exponential(600.0), stats.expon(scale=600.0)),
    (Gamma(300.0, 120.0), stats.gamma(6.25, scale=48.0)),
    (Weibull(60.0, 1.7), stats.weibull_min(1.7, scale=60.0)),
]


@pytest.mark.parametrize(("ours", "oracle"), ORACLES, ids=lambda d: type(d).__name__)
def test_quantiles_and_cdf_agree_with_scipy(ours: Distribution, oracle: Any) -> None:
    quantiles = [ours.ppf(u) for u in GRID]
    np.testing.assert_allclose(quantiles, oracle.ppf(GRID), rtol=1e-9)
    np.testing.assert_allclose([ours.cdf(x) for x in quantiles], GRID, rtol=1e-7)
    assert (ours.lower, ours.upper) == oracle.support()


def test_lognormal_has_the_median_and_the_95_percent_quantile_it_is_given() -> None:
    drawn = LogNormal(240.0, 900.0)
    assert drawn.ppf(0.5) == pytest.approx(240.0)
    assert drawn.ppf(0.95) == pytest.approx(900.0)


def test_a_lognormal_is_all_above_the_smallest_number() -> None:
    # 5e-324 / 4 is 0, of which there is no logarithm.
    assert LogNormal(4.0, 8.0).cdf(5e-324) == 0.0


def test_clipping_moves_values_and_never_draws_again() -> None:
    latency = Normal(0.0, 3.04, min=0.0)
    assert [latency.ppf(u) for u in (0.01, 0.4999)] == [0.0, 0.0]
    assert latency.ppf(0.95) == pytest.approx(5.0, abs=0.001)  # ASTM F3548: 5 s at 95 %
    assert latency.cdf(0.0) == pytest.approx(0.5)
    assert (latency.lower, latency.upper) == (0.0, math.inf)


def test_samples_are_the_observed_values_alone() -> None:
    observed = (5.0, 1.0, 9.0, 1.0)
    ours = Empirical(samples=observed)
    expected = np.quantile(observed, GRID, method="inverted_cdf")
    assert [ours.ppf(u) for u in GRID] == expected.tolist()


def test_quantiles_are_linear_between_and_level_beyond() -> None:
    # FACTS, lead of civil notices: 0 / 66 h / 143 h / 411 h / 1175 h
    table = Empirical(quantiles=((0.05, 0.0), (0.25, 66.0), (0.5, 143.0), (0.75, 411.0)))
    us = (0.01, 0.05, 0.15, 0.25, 0.6, 0.75, 0.9)
    expected = np.interp(us, (0.05, 0.25, 0.5, 0.75), (0.0, 66.0, 143.0, 411.0))
    np.testing.assert_allclose([table.ppf(u) for u in us], expected)


def test_a_mixture_inverts_its_true_cdf() -> None:
    # 90 % at once, 10 % after 100 to 200 s: u = 0.95 lies half way through the slow part
    mixture = Mixture(((9.0, Fixed(0.0)), (1.0, Uniform(100.0, 200.0))))
    assert [mixture.ppf(u) for u in (0.1, 0.9)] == [0.0, 0.0]
    assert mixture.ppf(0.95) == pytest.approx(150.0)
    assert Mixture(((1.0, Fixed(3.0)), (1.0, Fixed(7.0)), (1.0, Fixed(9.0)))).ppf(0.5) == 7.0


@given(strategies.distributions, strategies.uniforms, strategies.uniforms)
def test_quantiles_rise_with_u_within_the_bounds(drawn: Distribution, u: float, v: float) -> None:
    low, high = drawn.ppf(min(u, v)), drawn.ppf(max(u, v))
    slack = 1e-9 * max(1.0, abs(low))  # scipy's inverse gamma is not monotone to the last bit
    assert low <= high + slack
    assert drawn.lower - slack <= low
    assert high <= drawn.upper + slack


@given(strategies.distributions, strategies.uniforms)
def test_the_cdf_reaches_u_at_the_quantile(drawn: Distribution, u: float) -> None:
    x = drawn.ppf(u)
    assert drawn.cdf(x + 1e-9 * max(1.0, abs(x))) >= u - 1e-6


@given(strategies.distributions)
def test_distributions_are_values(drawn: Distribution) -> None:
    again = copy.deepcopy(drawn)
    assert again == drawn
    assert len({drawn, again}) == 1


@given(strategies.simple_distributions(), strategies.uniforms)
def test_a_mixture_of_one_is_that_one(drawn: Distribution, u: float) -> None:
    assert Mixture(((3.0, drawn),)).ppf(u) == pytest.approx(drawn.ppf(u))


@given(strategies.simple_distributions(), strategies.simple_distributions(), strategies.uniforms)
def test_a_mixture_lies_between_its_parts(a: Distribution, b: Distribution, u: float) -> None:
    low, high = sorted((a.ppf(u), b.ppf(u)))
    assume(math.isfinite(low) and math.isfinite(high))
    assert low <= Mixture(((1.0, a), (2.0, b))).ppf(u) <= high
