"""Many replications of one scenario: their metrics, with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sim.display import card, interval_text, table
from sim.errors import InputError, did_you_mean
from sim.findings.causes import CAUSES
from sim.findings.run import run_plan
from sim.scenario.plan import prepare
from sim.stats import Interval, Share, quantile_interval, share_interval
from sim.sweeps.estimates import estimate
from sim.sweeps.heap import settled_heap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from sim.findings.run import Run
    from sim.scenario.planned import Plan
    from sim.scenario.schema import Scenario


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

    def _repr_html_(self) -> str:
        """Show the metrics in a notebook, those left out that are 0 or undefined throughout."""
        rows = [
            [name, interval_text(found.mean, found.low, found.high)]
            for name, found in self.metrics.items()
            if found.mean
        ]
        facts = [("replications", f"{len(self):,}"), ("seed", str(self.seed))]
        return card(self.scenario.name, facts, table(["metric", "mean (95% interval)"], rows))

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
        return {name: estimate(name, [row[name] for row in self.rows]) for name in self.rows[0]}

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

    def quantile(self, metric: str, q: float) -> Interval:
        """Estimate a quantile of a metric over replications: what q of them stay under.

        See :func:`sim.stats.quantile_interval`.

        Raises
        ------
        InputError
            If there is no such metric.
        """
        if metric not in self.rows[0]:
            raise InputError(
                f"there is no metric {metric!r}", hint=did_you_mean(metric, [*self.rows[0]])
            )
        return quantile_interval([row[metric] for row in self.rows], q)


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
