"""Stopping rules: where they look, that history does not matter, and what they cover."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from sim.stats import Interval, Stopping, mean_interval, proportion_interval

NORMAL = np.random.default_rng(1).normal(size=4000).tolist()


def yes_or_no(values: Any) -> Interval:
    return proportion_interval(int(sum(value > 0 for value in values)), len(values))


def test_the_rule_looks_at_the_minimum_and_then_after_every_batch() -> None:
    seen: list[int] = []

    def never(values: object) -> Interval:
        seen.append(len(values))  # type: ignore[arg-type]
        return Interval(0.0, -1.0, 1.0, 0.95, seen[-1])

    rule = Stopping(never, half_width=0.5, minimum=10, maximum=50, batch=15)
    assert rule.stopped(NORMAL) == 50
    assert seen == [10, 25, 40]  # at the maximum nothing is left to decide


def test_it_asks_for_one_look_more_until_it_is_enough() -> None:
    rule = Stopping(mean_interval, half_width=0.1, minimum=50, maximum=4000, batch=25)
    count, following = 0, rule.after([])
    asked = []
    while following is not None:
        asked.append(following)
        count = following
        following = rule.after(NORMAL[:count])
    assert asked == list(range(50, count + 1, 25))
    assert count == rule.stopped(NORMAL)
    last, before = mean_interval(NORMAL[:count]), mean_interval(NORMAL[: count - 25])
    assert (last.high - last.low) / 2 <= 0.1 < (before.high - before.low) / 2


@given(st.lists(st.integers(0, 3000), max_size=6))
def test_it_stops_at_the_same_place_whatever_was_there_before(counts: list[int]) -> None:
    # As after a crash, or for values that another rule had asked for.
    rule = Stopping(mean_interval, half_width=0.08, minimum=100, maximum=900, batch=100)
    end = rule.stopped(NORMAL)
    assert end is not None
    for count in counts:
        assert rule.stopped(NORMAL[:count]) == (end if count >= end else None)


def test_the_maximum_ends_it_though_no_batch_ends_there() -> None:
    rule = Stopping(mean_interval, half_width=1e-6, minimum=10, maximum=25, batch=10)
    assert [rule.after(NORMAL[:count]) for count in (0, 10, 20, 25)] == [10, 20, 25, None]
    assert rule.stopped(NORMAL) == 25


def test_undefined_values_do_not_stop_it() -> None:
    rule = Stopping(mean_interval, half_width=0.5, minimum=2, maximum=10, batch=2)
    assert rule.after([math.nan] * 4) == 6
    assert rule.after([math.nan, math.nan, math.nan, 1.0]) == 6


def test_what_does_not_vary_is_enough_at_the_minimum_unless_the_interval_knows_better() -> None:
    plain = Stopping(mean_interval, half_width=0.02, minimum=20, maximum=500, batch=20)
    assert plain.stopped([0.0] * 500) == 20
    wilson = Stopping(yes_or_no, half_width=0.02, minimum=20, maximum=500, batch=20)
    # 0 of n has a Wilson interval of z**2 / (n + z**2): under 0.04 from n = 93 on.
    assert wilson.stopped([0.0] * 500) == 100


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"half_width": 0.0}, "half-width 0.0 is not above 0"),
        ({"half_width": math.nan}, "half-width nan is not above 0"),
        ({"minimum": 1}, "minimum 1 is under 2"),
        ({"maximum": 9}, "maximum 9 is under the minimum 10"),
        ({"batch": 0}, "batch 0 is under 1"),
    ],
)
def test_numbers_that_make_no_rule_are_refused(change: dict[str, float], message: str) -> None:
    numbers = {"half_width": 0.5, "minimum": 10, "maximum": 20, "batch": 5} | change
    with pytest.raises(ValueError, match=message):
        Stopping(mean_interval, **numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minimum", "batch", "half_width", "stated"),
    [(2, 1, 0.5, 0.88), (10, 1, 0.5, 0.937), (20, 10, 0.5, 0.947), (100, 100, 0.1, 0.949)],
)
def test_stopping_covers_normal_values_as_often_as_it_states(
    minimum: int, batch: int, half_width: float, stated: float
) -> None:
    # Of normal values the mean and the variances seen, on which the rule stops, are
    # independent: given that it stopped at n with half-width h, it covers by
    # 2 Phi(h sqrt n) - 1. The mean of that has far less noise than counting.
    trials = 800
    rule = Stopping(mean_interval, half_width, minimum, maximum=1500, batch=batch)
    hits, given_width = 0, []
    for values in np.random.default_rng(2).normal(size=(trials, 1500)):
        count = rule.stopped(values)
        found = mean_interval(values[:count])
        hits += found.low <= 0 <= found.high
        given_width.append(2 * ndtr((found.high - found.low) / 2 * math.sqrt(found.n)) - 1)
    coverage = fmean(given_width)
    noise = 4 * float(np.std(given_width)) / math.sqrt(trials)
    assert coverage == pytest.approx(stated, abs=noise + 0.0005)  # stated to three digits
    assert hits / trials == pytest.approx(
        coverage, abs=4 * math.sqrt(coverage * (1 - coverage) / trials)
    )


@pytest.mark.parametrize("chance", [0.05, 0.3])
def test_stopping_covers_a_proportion_to_two_points(chance: float) -> None:
    # Wilson's own coverage swings about 95 % by up to a point at these sizes (hundreds).
    trials = 400
    rule = Stopping(yes_or_no, half_width=0.03, minimum=100, maximum=1500, batch=100)
    draws = np.random.default_rng(3).random(size=(trials, 1500)) < chance
    hits = 0
    for values in draws.astype(float):
        count = rule.stopped(values)
        found = yes_or_no(values[:count])
        hits += found.low <= chance <= found.high
    assert hits / trials >= 0.93 - 4 * math.sqrt(0.95 * 0.05 / trials)
