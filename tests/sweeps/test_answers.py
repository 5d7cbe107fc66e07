"""What a sweep answers: fronts and choices by brute force, and what drives known functions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.stats import Interval
from sim.sweeps import work
from sim.sweeps.design import unit_cube
from sim.sweeps.schema import Sweep
from sim.sweeps.sweeping import sweep
from tests.sweeps.studies import ANSWERED, LEAD, leads, made_up, study

if TYPE_CHECKING:
    from sim.sweeps.answers import Answers

PAIR = ["p_uninformed", "denied_km2_h"]
ASKED = {"metric": "p_uninformed", "target": "10 %", "cost": "denied_km2_h"}
TWO = (LEAD, ANSWERED)


def numbers(estimates: Any) -> list[int]:
    return [estimate.point.number for estimate in estimates]


def bound(mean: float, high: float) -> Interval:
    return Interval(mean, max(0.0, 2 * mean - high), high, 0.95, 20)


@pytest.mark.parametrize("seed", range(5))
def test_the_front_is_what_no_other_point_beats(seed: int) -> None:
    draw = np.random.default_rng(seed)
    costs = draw.integers(0, 6, (25, 2)).astype(float)  # so few that many tie
    costs[draw.random((25, 2)) < 0.05] = math.nan
    found = made_up({PAIR[0]: [*costs[:, 0]], PAIR[1]: [*costs[:, 1]]}, pareto=PAIR)
    assert numbers(found.pareto) == [
        k
        for k, mine in enumerate(costs)
        if not np.isnan(mine).any()
        and not any((other <= mine).all() and (other < mine).any() for other in costs)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_recommended_is_the_cheapest_that_surely_meets_the_target(seed: int) -> None:
    draw = np.random.default_rng(seed)
    highs = draw.integers(1, 20, 25) / 100.0
    cost = draw.integers(0, 6, 25).astype(float)
    highs[3], cost[4] = math.nan, math.nan
    found = made_up(
        {PAIR[0]: [bound(high / 2, high) for high in highs], PAIR[1]: [*cost]}, recommend=ASKED
    )
    will_do = [k for k in range(25) if highs[k] <= 0.1 and not math.isnan(cost[k])]
    best = min(will_do, key=lambda k: (cost[k], highs[k], k))
    assert found.recommended is found.estimates[best]


def test_nothing_is_recommended_where_nothing_is_sure_or_nothing_was_asked() -> None:
    one_value = Interval(0.0, -math.inf, math.inf, 0.95, 1)
    columns: dict[str, list[Any]] = {
        PAIR[0]: [bound(0.01, 0.11), one_value, math.nan],
        PAIR[1]: [1.0, 1.0, 1.0],
    }
    assert made_up(columns, recommend=ASKED).recommended is None
    nothing = made_up(columns)
    assert (nothing.recommended, nothing.pareto, nothing.sobol, nothing.morris) == (
        *(None, ()),
        *({}, {}),
    )


def test_means_that_differ_by_how_they_were_summed_are_the_same() -> None:
    # The same area over 400 and over 2000 runs: only the last digits are of the summing.
    nearly = 1521.3 * (1.0 + 4e-13)
    assert nearly != 1521.3
    columns: dict[str, list[Any]] = {
        PAIR[0]: [bound(0.02, 0.04), bound(0.01, 0.03)],
        PAIR[1]: [1521.3, nearly],
    }
    found = made_up(columns, recommend=ASKED, pareto=PAIR)
    assert found.recommended is found.estimates[1]  # as cheap, and of the lower bound
    assert numbers(found.pareto) == [1]


def of_function(design: dict[str, Any], outputs: Any) -> Answers:
    """Give the answers of a design whose metric is a function of the unit cube."""
    cube = unit_cube(as_sweep(design).design, len(TWO), 3)
    columns = {PAIR[1]: [*map(float, outputs(*cube.T))], PAIR[0]: [0.5] * len(cube)}
    return made_up(columns, factors=TWO, design=design, seed=3)


def as_sweep(design: dict[str, Any]) -> Sweep:
    return Sweep.model_validate(
        {"keepout-sweep": "1", "name": "x", "scenario": "x", "replications": "1", "design": design}
    )


def test_sobol_indices_are_those_of_a_known_function() -> None:
    # Of 3 a + b the variances are 9/12 and 1/12; nothing is left for the two together.
    design = {"saltelli": {"points": "512", "second-order": "true"}}
    found = of_function(design, lambda a, b: 3 * a + b)
    indices = found.sobol[PAIR[1]]
    assert [index.factor for index in indices] == ["lead", "answered"]
    assert [index.first for index in indices] == pytest.approx([0.9, 0.1], abs=0.03)
    assert [index.total for index in indices] == pytest.approx([0.9, 0.1], abs=0.03)
    assert all(math.isnan(index.total) for index in found.sobol[PAIR[0]])
    (pair,) = found.interactions[PAIR[1]]
    assert pair.factors == ("lead", "answered")
    assert pair.second == pytest.approx(0.0, abs=0.03)
    assert found.morris == {}


def test_interactions_are_computed_where_the_design_has_them_alone() -> None:
    # Of the product of a - 1/2 and b - 1/2 all variance is of the two together.
    def product(a: Any, b: Any) -> Any:
        return (a - 0.5) * (b - 0.5)

    having = of_function({"saltelli": {"points": "512", "second-order": "true"}}, product)
    (pair,) = having.interactions[PAIR[1]]
    assert pair.second == pytest.approx(1.0, abs=0.1)
    without = of_function({"saltelli": {"points": "8"}}, product)
    assert without.interactions == {}
    assert len(without.sobol[PAIR[1]]) == 2


def test_morris_effects_are_those_of_a_known_function() -> None:
    found = of_function({"morris": {"trajectories": "6"}}, lambda a, b: 3 * a - b)
    effects = found.morris[PAIR[1]]
    assert [effect.factor for effect in effects] == ["lead", "answered"]
    assert [effect.mu for effect in effects] == pytest.approx([3.0, -1.0])
    assert [effect.mu_star for effect in effects] == pytest.approx([3.0, 1.0])
    assert [effect.sigma for effect in effects] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert (found.sobol, found.interactions) == ({}, {})


def test_key_metrics_are_those_that_the_study_asks_something_of() -> None:
    columns = {
        name: [1.0]
        for name in ("violations", "incursions", "uninformed", "p_uninformed", "delay_s", PAIR[1])
    }
    until = {"until": {"metric": "uninformed", "half-width": "0.1"}}
    asked = made_up(
        columns, recommend=ASKED, replications=until, pareto=["denied_km2_h", "delay_s"]
    )
    assert asked.key_metrics == ("p_uninformed", "denied_km2_h", "uninformed", "delay_s")
    assert made_up(columns).key_metrics == tuple(columns)[:4]


def test_failed_runs_are_counted_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = {"replications": 6, "pareto": ["violations", "p_uninformed"]}
    points = leads("5 min", "20 min")
    whole = sweep(study(points, **spec), workers=1)
    rows = whole.to_frame(["point", "replication", "violations"])
    run_plan, begun = vars(work)["run_plan"], []

    def fails(plan: Any, seed: int, replication: int) -> Any:
        begun.append(replication)
        if len(begun) <= 6 or replication == 2:  # all of the first point, one of the second
            raise ArithmeticError("made up")
        return run_plan(plan, seed, replication)

    monkeypatch.setattr(work, "run_plan", fails)
    found = sweep(study(points, **spec), workers=1).answers
    none, some = found.estimates
    assert [(one.runs, one.failed) for one in found.estimates] == [(6, 6), (6, 1)]
    assert (none.metrics["violations"].n, some.metrics["violations"].n) == (0, 5)
    left = rows.query("point == 1 and replication != 2")["violations"]
    assert some.metrics["violations"].mean == pytest.approx(left.mean())
    assert numbers(found.pareto) == [1]  # nothing is known of the other
