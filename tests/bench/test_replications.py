"""The replay that runs are measured by does in SimPy what the run does there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
import simpy

import sim
from sim.model.engine import simulate
from sim.scenario.plan import prepare
from tests.bench.replications import ROOT, measure, replay, traced

if TYPE_CHECKING:
    from sim.scenario.planned import Plan
    from tests.bench.replications import Script


@pytest.fixture(params=["northwest_syria_2022", "popup_tfr"])
def plan(request: pytest.FixtureRequest) -> Plan:
    return prepare(sim.load(ROOT / "scenarios" / f"{request.param}.yaml"))


def counted(monkeypatch: pytest.MonkeyPatch, plan: Plan, script: Script) -> Counter[str]:
    """Count what SimPy processes in a replay, by kind."""
    kinds: Counter[str] = Counter()
    step = simpy.Environment.step

    def counting(env: simpy.Environment) -> None:
        kinds[type(env._queue[0][-1]).__name__] += 1
        step(env)

    with monkeypatch.context() as patch:
        patch.setattr(simpy.Environment, "step", counting)
        replay(script, plan.horizon)
    return kinds


def processes(script: Script) -> int:
    children = [step for step in script if isinstance(step, list)]
    return len(children) + sum(processes(child) for child in children)


@pytest.mark.parametrize("replication", range(3))
def test_a_replay_has_as_many_events_and_processes(
    replication: int, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    events, script = traced(plan, replication)
    kinds = counted(monkeypatch, plan, script)
    assert events <= kinds.total() <= events + 2
    assert kinds["Initialize"] == processes(script)


def test_tracing_changes_nothing(plan: Plan) -> None:
    before = simulate(plan, 0, 1).dumps()
    traced(plan, 1)
    assert simulate(plan, 0, 1).dumps() == before


def test_the_parts_are_all_measured(plan: Plan) -> None:
    split = measure(plan, 2)
    for column in vars(split).values():
        assert len(column) == 2
        assert all(value > 0 for value in column)
    assert simulate(plan, 0, 1).dumps() == simulate(plan, 0, 1).dumps()  # nothing is left patched
