"""Many replications of one scenario: their metrics, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.findings.causes import CAUSES
from sim.findings.run import run_plan
from sim.scenario.plan import prepare
from sim.stats import Interval, Share, mean_interval, proportion_interval, share_interval
from sim.sweeps.heap import settled_heap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from sim.findings.run import Run
    from sim.scenario.plan import Plan
    from sim.scenario.schema import Scenario

SHARES = frozenset({"notices_in_time", "line_utilisation"})
"""Metrics that are no more than 1 in any replication, beside ``p_uninformed``."""


@dataclass(frozen=True)
class Replications:
    """What replications of one plan showed, one row of metrics each.

    Parameters
    ----------
    plan
        What was simulated.
    seed
        The root seed that all replications share.
    rows
        For each replication, in order, its metrics by name; NaN where undefined.
    occurred
        What there was in any of them; see :func:`occurrences`.
    """

    plan: Plan = field(repr=False)
    seed: int
    rows: tuple[Mapping[str, float], ...] = field(repr=False)
    occurred: frozenset[str]

    @property
    def scenario(self) -> Scenario:
        """The scenario that was replicated."""
        return self.plan.scenario

    def __len__(self) -> int:
        """Count the replications."""
        return len(self.rows)

    @cached_property
    def metrics(self) -> dict[str, Interval]:
        """Each metric's mean over the replications where it is defined, with its interval.

        ``p_uninformed`` is a yes or no in each replication, and so has Wilson's
        interval; the others have Student's, cut to what is possible: no metric
        is negative, and no share above 1.
        """
        return {name: self._interval(name) for name in self.rows[0]}

    @cached_property
    def causes(self) -> dict[str, Share]:
        """Each cause's share of all that was attributed, with its interval."""
        totals = [sum(int(row[cause]) for cause in CAUSES) for row in self.rows]
        return {
            cause: share_interval([int(row[cause]) for row in self.rows], totals)
            for cause in CAUSES
        }

    def to_frame(self) -> pd.DataFrame:
        """Give the metrics as a table, one row a replication, indexed by ``replication``."""
        import pandas as pd  # noqa: PLC0415 - half a second, for those who analyse

        return pd.DataFrame(list(self.rows)).rename_axis(index="replication")

    def _interval(self, name: str) -> Interval:
        values = [row[name] for row in self.rows]
        if name == "p_uninformed":
            return proportion_interval(sum(value > 0 for value in values), len(values))
        found = mean_interval(values)
        if found.n < 2:  # noqa: PLR2004 - one value tells of no interval
            return found
        most = 1.0 if name in SHARES else math.inf
        return replace(found, low=max(0.0, found.low), high=min(most, found.high))


def replicate(
    scenario: Scenario,
    replications: int,
    seed: int = 0,
    *,
    done: Callable[[], object] | None = None,
) -> Replications:
    """Run a scenario many times, each time with other draws of the same seed.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        How many, at least 1. Replication k draws the same whatever their number.
    seed
        The root seed.
    done
        Called after each replication, to show progress.

    Raises
    ------
    InputError
        If fewer than one replication is asked for, or the scenario cannot be planned.
    """
    ask_replications(replications)
    return replicate_plan(prepare(scenario), replications, seed, done=done)


def ask_replications(replications: int) -> None:
    """Refuse fewer than one replication, before anything is planned."""
    if replications < 1:
        raise InputError(f"{replications} replications asked for; at least 1 is expected")


def replicate_plan(
    plan: Plan, replications: int, seed: int = 0, *, done: Callable[[], object] | None = None
) -> Replications:
    """Run a plan many times, for what is prepared already; see :func:`replicate`."""
    rows = []
    occurred: frozenset[str] = frozenset()
    with settled_heap():
        for replication in range(replications):
            run = run_plan(plan, seed, replication)
            rows.append(run.metrics)
            occurred |= occurrences(run)
            if done is not None:
                done()
    return Replications(plan, seed, tuple(rows), occurred)


def occurrences(run: Run) -> frozenset[str]:
    """Name the kinds of finding that a run has any of, as ``--fail-on`` calls them."""
    counted = {kind for kind in ("overlaps", "violations", "incursions") if run.metrics[kind]}
    return frozenset(counted | {"gaps"} if run.gaps else counted)
