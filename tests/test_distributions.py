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
    read,
)
from sim.errors import InputError, UnitError
from sim.units import duration, probability
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


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5 min", Fixed(300.0)),
        ({"fixed": "5 min"}, Fixed(300.0)),
        ({"uniform": {"min": "10 s", "max": "5 min"}}, Uniform(10.0, 300.0)),
        (
            {"triangular": {"min": "2 min", "mode": "8 min", "max": "30 min"}},
            Triangular(120.0, 480.0, 1800.0),
        ),
        ({"normal": {"mean": "0 s", "sd": "3 s", "min": "0 s"}}, Normal(0.0, 3.0, min=0.0)),
        ({"lognormal": {"median": "4 min", "p95": "15 min"}}, LogNormal(240.0, 900.0)),
        ({"exponential": {"mean": "10 min", "max": "1 h"}}, Exponential(600.0, max=3600.0)),
        ({"gamma": {"mean": "5 min", "sd": "2 min"}}, Gamma(300.0, 120.0)),
        ({"weibull": {"scale": "1 min", "shape": "1.7"}}, Weibull(60.0, 1.7)),
        ({"empirical": {"samples": ["5 min", "1 min"]}}, Empirical(samples=(60.0, 300.0))),
        (
            {"empirical": {"quantiles": {"0.5": "5 min", "5 %": "1 min"}}},
            Empirical(quantiles=((0.05, 60.0), (0.5, 300.0))),
        ),
        (
            {"mixture": [{"weight": "9", "value": "0 s"}, {"weight": "1", "value": "1 min"}]},
            Mixture(((9.0, Fixed(0.0)), (1.0, Fixed(60.0)))),
        ),
    ],
)
def test_every_distribution_can_be_written(written: object, expected: Distribution) -> None:
    assert read(written, duration) == expected


@pytest.mark.parametrize(
    ("written", "at", "message"),
    [
        ({}, (), "a distribution is written as one name with its parameters, found none"),
        ({"normal": {}, "gamma": {}}, (), 'with its parameters, found "normal", "gamma"'),
        (["1 s"], (), "expected one value, found a list"),
        ({"norml": {}}, ("norml",), '"norml" is no distribution: expected one of fixed,'),
        ({"norml": {}}, ("norml",), 'did you mean "normal"?'),
        ({"uniform": "5 s"}, ("uniform",), "expected its parameters as {min: ..., max: ...}"),
        ({"uniform": {"min": "5 s"}}, ("uniform",), "max must be given"),
        ({"uniform": {"mn": "5 s"}}, ("uniform", "mn"), 'did you mean "min"?'),
        ({"uniform": {"min": "5", "max": "6 s"}}, ("uniform", "min"), '"5" has no unit'),
        (
            {"uniform": {"min": "5 s", "max": "4 s"}},
            ("uniform", "max"),
            'max must be above min, found "4 s"',
        ),
        (
            {"triangular": {"min": "1 s", "mode": "9 s", "max": "4 s"}},
            ("triangular", "mode"),
            'mode must lie from min to max, found "9 s"',
        ),
        ({"gamma": {"mean": "1 s", "sd": "0 s"}}, ("gamma", "sd"), "sd must be 0.001 to 100"),
        (
            {"weibull": {"scale": "1 s", "shape": "0"}},
            ("weibull", "shape"),
            "shape must be from 0.05 to 100",
        ),
        ({"empirical": {}}, ("empirical",), "exactly one of samples and quantiles"),
        ({"empirical": {"samples": "1 s"}}, ("empirical",), "exactly one of samples"),
        (
            {"empirical": {"samples": ["1 s", "2"]}},
            ("empirical", "samples", 1),
            '"2" has no unit',
        ),
        (
            {"empirical": {"quantiles": {"0.1": "5 s", "0.9": "1 s"}}},
            ("empirical", "quantiles"),
            "values must rise with their probabilities",
        ),
        (
            {"empirical": {"quantiles": {"1.5": "5 s"}}},
            ("empirical", "quantiles", "1.5"),
            '"1.5" is no probability',
        ),
        ({"mixture": []}, ("mixture",), "at least one part must be given"),
        ({"mixture": [{"weight": "1"}]}, ("mixture", 0), "{weight: 0.9, value: ...}"),
        (
            {"mixture": [{"weight": "-1", "value": "1 s"}]},
            ("mixture", 0, "weight"),
            "a weight must be above 0",
        ),
        (
            {"mixture": [{"weight": "1", "value": {"uniform": {"min": "1 s", "max": "x"}}}]},
            ("mixture", 0, "value", "uniform", "max"),
            '"x" is no duration',
        ),
    ],
)
def test_faults_say_where_and_what(
    written: object, at: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(written, duration)
    assert caught.value.at == at
    assert message in str(caught.value)


def test_probabilities_are_read_as_such() -> None:
    assert read("85 %", probability) == Fixed(0.85)
    with pytest.raises(UnitError, match="is no probability"):
        read({"uniform": {"min": "0", "max": "2"}}, probability)
