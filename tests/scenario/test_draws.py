"""Distributions as a scenario writes them, and what is said of those that are none."""

from __future__ import annotations

import pytest

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
from sim.errors import InputError, UnitError
from sim.scenario.draws import read_distribution
from sim.units import duration, probability


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
    assert read_distribution(written, duration) == expected


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
        read_distribution(written, duration)
    assert caught.value.at == at
    assert message in str(caught.value)


def test_probabilities_are_read_as_such() -> None:
    assert read_distribution("85 %", probability) == Fixed(0.85)
    with pytest.raises(UnitError, match="is no probability"):
        read_distribution({"uniform": {"min": "0", "max": "2"}}, probability)
