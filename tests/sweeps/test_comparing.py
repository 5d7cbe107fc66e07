"""Comparing: pairs by the same draws, their differences, and what sharing draws is worth."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.findings.causes import CAUSES
from sim.findings.run import run_plan
from sim.scenario.plan import prepare
from sim.stats import mean_interval, proportion_interval
from sim.sweeps.comparing import Comparison, compare
from sim.sweeps.runner import Replications, replicate
from tests.stories import FLIGHT, LINE, ZONE, scenario

# Answered four times in five, by the same draws whatever the zone's radius.
FLAKY = LINE | {
    "answer": {"probability": 0.8, "wait": "1 min", "patience": "2 min"},
    "retry": {"after": "1 min", "attempts": 1},
}
FLIGHTS = {"f": FLIGHT, "g": FLIGHT | {"departs": "+60 min"}}
BEFORE = scenario(channels={"line": FLAKY}, zones={"z": ZONE}, flights=FLIGHTS)
WORSE = BEFORE.replace({"channels.line.answer.probability": "0.6"})


def pairs(before: dict[str, list[float]], after: dict[str, list[float]], seed: int = 0) -> Any:
    """Compare rows made by hand: a column of values by metric on either side."""
    return Comparison(many(before), many(after, seed))


def many(columns: dict[str, list[float]], seed: int = 0) -> Replications:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    plan: Any = SimpleNamespace(scenario=None)
    return Replications(plan, seed, tuple(rows), frozenset())


@pytest.fixture(scope="module")
def worse() -> Comparison:
    return compare(BEFORE, WORSE, 60, seed=3)


def test_both_sides_are_replications_of_the_same_seed(worse: Comparison) -> None:
    assert worse.before.rows == replicate(BEFORE, 60, 3).rows
    assert worse.after.rows == replicate(WORSE, 60, 3).rows
    assert (len(worse), worse.seed) == (60, 3)


def test_a_difference_is_the_mean_of_what_the_pairs_differ_by(worse: Comparison) -> None:
    both = zip(worse.before.rows, worse.after.rows, strict=True)
    change = [second["violations"] - first["violations"] for first, second in both]
    assert sum(change) > 0
    found = worse.metrics["violations"]
    assert found.difference == mean_interval(change)
    assert worse.differing["violations"] == sum(one != 0 for one in change)
    assert found.before == worse.before.metrics["violations"]
    assert found.after == worse.after.metrics["violations"]
    assert found.difference.mean == pytest.approx(found.after.mean - found.before.mean)


def test_every_metric_and_every_cause_is_paired(worse: Comparison) -> None:
    assert list(worse.metrics) == list(worse.before.rows[0])
    assert set(CAUSES) < set(worse.metrics)
    assert worse.shows("unanswered")


def test_swapped_sides_give_the_opposite_difference(worse: Comparison) -> None:
    swapped = Comparison(worse.after, worse.before)
    for name, found in worse.metrics.items():
        other = swapped.metrics[name]
        for one, opposite in (
            (found.difference.mean, other.difference.mean),
            (found.difference.low, other.difference.high),
            (found.difference.high, other.difference.low),
        ):
            assert one == pytest.approx(-opposite, abs=1e-9, nan_ok=True)
        assert found.variance_ratio == pytest.approx(other.variance_ratio, nan_ok=True)
        assert (found.n, worse.differing[name]) == (other.n, swapped.differing[name])
        assert worse.shows(name) == swapped.shows(name)


def test_a_scenario_does_not_differ_from_itself() -> None:
    same = compare(BEFORE, BEFORE.replace({"name": "Told otherwise"}), 8)
    assert same.changes == ()
    for name, found in same.metrics.items():
        assert same.differing[name] == 0
        assert not same.shows(name)
        assert found.n == 0 or (found.difference.low, found.difference.high) == (0.0, 0.0)
    # What varies on both sides alike leaves no spread to its difference.
    assert same.metrics["violations"].variance_ratio == math.inf
    assert math.isnan(same.metrics["flights"].variance_ratio)


def test_common_draws_help_where_the_sides_share_what_varies(worse: Comparison) -> None:
    # One uniform decides on the answer: of those unanswered at 0.8, all are at 0.6.
    found = worse.metrics["violations"]
    assert found.variance_ratio > 1.2
    # So many need a smaller t quantile than the pairs: a little fewer.
    assert found.n < found.independent_n <= found.n * found.variance_ratio + 1
    both = zip(worse.before.rows, worse.after.rows, strict=True)
    assert all(first["violations"] <= second["violations"] for first, second in both)


def test_the_saving_is_that_against_independent_seeds() -> None:
    # Sides that share no draws, being of different replications, have a wider interval, by the
    # square root of the variance ratio of those that do.
    plans = [prepare(one) for one in (BEFORE, WORSE)]
    rows = [[run_plan(plan, 5, k).metrics["violations"] for k in range(400)] for plan in plans]
    before, after = rows
    ratio = pairs({"x": before}, {"x": after}).metrics["x"].variance_ratio
    apart = [after[k] - before[(k + 200) % 400] for k in range(400)]  # of other draws
    together = [second - first for first, second in zip(before, after, strict=True)]
    spread = [mean_interval(one) for one in (apart, together)]
    wide, narrow = (one.high - one.low for one in spread)
    assert ratio == pytest.approx((wide / narrow) ** 2, rel=0.15)


def test_a_metric_that_one_side_lacks_has_no_difference() -> None:
    found = pairs({"x": [1.0, 2.0], "y": [1.0, 2.0]}, {"y": [1.0, 3.0], "z": [math.nan, 5.0]})
    x, z = found.metrics["x"], found.metrics["z"]
    assert (x.before.mean, x.after.n, x.n, z.before.n, z.after.mean) == (1.5, 0, 0, 0, 5.0)
    assert math.isnan(x.difference.mean)
    assert math.isnan(x.after.mean)
    assert not found.shows("x")
    assert found.metrics["y"].difference.mean == 0.5


def test_a_pair_with_an_undefined_side_is_left_out() -> None:
    nan = math.nan
    found = pairs({"x": [1.0, 2.0, nan, 5.0]}, {"x": [2.0, nan, 9.0, 8.0]})
    assert found.metrics["x"].difference == mean_interval([1.0, 3.0])
    assert (found.metrics["x"].n, found.differing["x"]) == (2, 2)


@pytest.mark.parametrize(("differing", "shows"), [(5, False), (6, True), (7, True)])
def test_fewer_than_six_pairs_that_differ_decide_nothing(differing: int, shows: bool) -> None:
    after = [1.0] * differing + [0.0] * (40 - differing)
    found = pairs({"x": [0.0] * 40}, {"x": after})
    assert found.metrics["x"].difference.low > 0
    assert found.shows("x") is shows


def test_where_nothing_differs_a_difference_seldom_shows() -> None:
    # Yes or no in 60 pairs, of which as many may go one way as the other.
    trials = 1500
    draws = np.random.default_rng(8).random((trials, 60))
    found = [
        pairs({"x": list(one)}, {"x": list(other)})
        for one, other in zip((draws < 0.05) * 1.0, (draws > 0.95) * 1.0, strict=True)
    ]
    assert sum(one.shows("x") for one in found) / trials <= 0.05
    # Where just four differ they go one way one time in eight, and the interval leaves 0 out.
    four = [one.metrics["x"].difference for one in found if one.differing["x"] == 4]
    wrong = sum(not one.low <= 0.0 <= one.high for one in four)
    assert wrong / len(four) == pytest.approx(0.125, abs=0.06)


def test_what_differs_by_the_same_in_every_pair_shows() -> None:
    assert pairs({"x": [1.0, 2.0]}, {"x": [3.0, 4.0]}).shows("x")
    assert not pairs({"x": [1.0]}, {"x": [3.0]}).shows("x")
    assert not pairs({"x": [1.0, 2.0, 5.0]}, {"x": [3.0, 4.1, 7.0]}).shows("x")


def test_rounding_is_no_difference() -> None:
    found = pairs({"x": [0.1 + 0.2, 1e6 + 1e-9]}, {"x": [0.3, 1e6]})
    assert found.differing["x"] == 0
    assert found.metrics["x"].variance_ratio == math.inf


def test_no_share_changes_by_more_than_all_of_it() -> None:
    found = pairs({"p_uninformed": [0.0] * 3 + [1.0]}, {"p_uninformed": [1.0] * 4})
    assert found.metrics["p_uninformed"].difference.high == 1.0
    assert found.metrics["p_uninformed"].before == proportion_interval(1, 4)


def test_a_table_has_a_row_for_each_metric(worse: Comparison) -> None:
    table = worse.to_frame()
    assert list(table.index) == list(worse.metrics)
    row, found = table.loc["violations"], worse.metrics["violations"]
    assert (row["difference"], row["difference_low"], row["after_high"], row["n"]) == (
        found.difference.mean,
        found.difference.low,
        found.after.high,
        60,
    )
    each = worse.after.to_frame() - worse.before.to_frame()
    assert each["violations"].mean() == pytest.approx(row["difference"])


def test_what_are_no_pairs_is_refused() -> None:
    with pytest.raises(InputError, match="seed: 0 before and 1 after; pairs need the same"):
        pairs({"x": [1.0]}, {"x": [1.0]}, seed=1)
    with pytest.raises(InputError, match="replications: 1 before and 2 after"):
        pairs({"x": [1.0]}, {"x": [1.0, 2.0]})


def test_no_replications_are_refused_before_anything_is_planned() -> None:
    nothing: Any = None
    with pytest.raises(InputError, match="0 replications asked for; at least 1 is expected"):
        compare(nothing, nothing, 0)


def test_progress_is_told_of_every_replication_of_either() -> None:
    told: list[None] = []
    sim.compare(BEFORE, WORSE, 2, done=lambda: told.append(None))
    assert len(told) == 4
