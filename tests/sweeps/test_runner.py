"""Replications: each run once with its own number, and summed up with intervals."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from sim.errors import InputError
from sim.findings.causes import CAUSES
from sim.stats import mean_interval, proportion_interval, quantile_interval, share_interval
from sim.sweeps import runner
from sim.sweeps.runner import replicate

# What four replications find: lost, no_time, and how long the median notice took.
LOST = (2, 0, 1, 0)
NO_TIME = (1, 0, 0, 3)
LATENCY = (60.0, math.nan, 120.0, math.nan)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Let runs find what stands above; give the (seed, replication) of each run asked for."""
    calls: list[tuple[int, int]] = []

    def run_plan(_plan: Any, seed: int, replication: int) -> Any:
        calls.append((seed, replication))
        place = replication % 4
        row = dict.fromkeys(CAUSES, 0.0)
        row |= {
            "lost": float(LOST[place]),
            "no_time": float(NO_TIME[place]),
            "violations": float(LOST[place] + NO_TIME[place]),
            "incursions": 0.0,
            "overlaps": 0.0,
            "p_uninformed": float(LOST[place] > 0),
            "latency_p50_s": LATENCY[place],
        }
        return SimpleNamespace(metrics=row, gaps=())

    monkeypatch.setattr(runner, "prepare", lambda scenario: SimpleNamespace(scenario=scenario))
    monkeypatch.setattr(runner, "run_plan", run_plan)
    return calls


def replicated(replications: int = 4, seed: int = 0, **options: Any) -> runner.Replications:
    scenario: Any = "the scenario"
    return replicate(scenario, replications, seed, **options)


def test_each_replication_runs_once_under_the_same_seed(asked: list[tuple[int, int]]) -> None:
    many = replicated(3, seed=7)
    assert asked == [(7, 0), (7, 1), (7, 2)]
    assert (len(many), many.seed) == (3, 7)
    assert str(many.scenario) == "the scenario"


@pytest.mark.usefixtures("asked")
def test_metrics_are_means_with_what_is_undefined_left_out() -> None:
    many = replicated()
    # The t interval of these four reaches below 0, where no count can be.
    assert mean_interval([3, 0, 1, 3]).low < 0
    assert many.metrics["violations"] == replace(mean_interval([3, 0, 1, 3]), low=0.0)
    assert many.metrics["latency_p50_s"] == replace(mean_interval([60.0, 120.0]), low=0.0)
    assert many.metrics["latency_p50_s"].n == 2


@pytest.mark.usefixtures("asked")
def test_a_yes_or_no_has_wilsons_interval() -> None:
    assert replicated().metrics["p_uninformed"] == proportion_interval(2, 4)


@pytest.mark.usefixtures("asked")
def test_causes_are_shares_of_all_with_replications_as_clusters() -> None:
    many = replicated()
    assert tuple(many.causes) == CAUSES
    assert many.causes["lost"] == share_interval([2, 0, 1, 0], [3, 0, 1, 3])
    assert many.causes["lost"].share == 3 / 7
    assert many.causes["unable"].violations == 0


@pytest.mark.usefixtures("asked")
def test_what_occurred_in_any_replication_occurred() -> None:
    assert replicated(1).occurred == {"violations"}
    assert replicated(4).occurred == {"violations"}


@pytest.mark.usefixtures("asked")
def test_progress_is_told_of_each_replication() -> None:
    told: list[None] = []
    replicated(5, done=lambda: told.append(None))
    assert len(told) == 5


@pytest.mark.usefixtures("asked")
def test_a_table_has_a_row_for_each_replication() -> None:
    frame = replicated().to_frame()
    assert frame.index.name == "replication"
    assert frame["lost"].tolist() == [2.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize("replications", [0, -3])
def test_no_replications_are_refused(replications: int) -> None:
    with pytest.raises(InputError, match=f"{replications} replications asked for; at least 1"):
        replicated(replications)


@pytest.mark.usefixtures("asked")
def test_quantiles_are_of_the_replications_where_a_metric_is_defined() -> None:
    many = replicated(40)
    values = [row["latency_p50_s"] for row in many.rows]
    assert many.quantile("latency_p50_s", 0.5) == quantile_interval(values, 0.5)
    with pytest.raises(InputError, match=r"latency_p50_z.*did you mean"):
        many.quantile("latency_p50_z", 0.5)
