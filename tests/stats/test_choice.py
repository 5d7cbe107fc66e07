"""Pareto fronts against brute force, and the cheapest point that meets a target."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stats import pareto_front, recommend

NAN = math.nan
# Few different values, so that ties and undefined costs are common.
COST = st.sampled_from([-math.inf, -1.0, -0.0, 0.0, 0.5, 2.0, math.inf, NAN])
TABLES = st.integers(1, 4).flatmap(
    lambda k: st.lists(st.lists(COST, min_size=k, max_size=k), min_size=1, max_size=25)
)


def dominates(one: list[float], other: list[float]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True)) and one != other


@given(TABLES)
def test_the_front_is_what_no_other_point_dominates(table: list[list[float]]) -> None:
    expected = [
        not any(map(math.isnan, row)) and not any(dominates(other, row) for other in table)
        for row in table
    ]
    assert pareto_front(table).tolist() == expected


def test_points_that_tie_are_on_the_front_together() -> None:
    front = pareto_front([(1, 5), (1, 5), (1, 6), (3, 2), (4, 2), (NAN, 0)])
    assert front.tolist() == [True, True, False, True, False, False]


def test_a_front_of_nothing_is_empty() -> None:
    assert pareto_front(np.empty((0, 2))).tolist() == []
    assert pareto_front([[NAN, NAN]]).tolist() == [False]
    with pytest.raises(ValueError, match="costs have 1 axes"):
        pareto_front([1.0, 2.0])


def test_the_cheapest_point_under_the_target_is_recommended() -> None:
    means = [0.0] * 5
    uppers = [0.002, 0.009, 0.01, 0.011, NAN]
    costs = [900.0, 500.0, 400.0, 100.0, 1.0]
    assert recommend(means, uppers, costs, 0.01) == 2
    assert recommend(means, uppers, costs, 0.0099) == 1
    assert recommend(means, uppers, costs, 0.001) is None
    assert recommend([], [], [], 0.01) is None


def test_of_points_that_cost_the_same_the_best_the_surest_and_then_the_first() -> None:
    same = [5.0, 5.0, 5.0]
    assert recommend([0.1, 0.0, 0.1], [0.2, 0.3, 0.1], same, 0.5) == 1
    assert recommend([0.1, 0.1, 0.1], [0.3, 0.2, 0.2], same, 0.5) == 1
    assert recommend([0.0, 0.0], [0.1, 0.2], [NAN, 5.0], 0.5) == 1


def test_a_recommendation_needs_a_cost_for_each_bound() -> None:
    with pytest.raises(ValueError, match="zip"):
        recommend([0.1], [0.1], [1.0, 2.0], 0.5)
