"""The day of two forces: as many calls as were reported, and every kind of decision."""

from __future__ import annotations

from statistics import fmean

import sim
from sim.findings.decisions import find_decisions
from sim.model.engine import simulate
from sim.model.journal import NoticeStep, Step
from sim.scenario.plan import prepare
from tests.test_laws import SHIPPED

DAYS = 20
(DAY,) = (path for path in SHIPPED if path.stem == "deconfliction_day")


def test_the_line_has_ten_to_twelve_calls_a_day() -> None:
    plan = prepare(sim.load(DAY))
    calls, decided = [], set()
    for day in range(DAYS):
        journal = simulate(plan, 0, day)
        steps = journal.of(NoticeStep)
        calls.append(sum(s.step is Step.CALLING and s.route == ("hotline",) for s in steps))
        decided |= {decision.decision for decision in find_decisions(journal)}
    assert 10 <= fmean(calls) <= 12
    assert {"keep", "shift", "retry"} <= decided
