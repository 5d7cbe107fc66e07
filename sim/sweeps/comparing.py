"""Two scenarios compared, replication by replication, by the same draws."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sim.display import card, interval_text, table
from sim.errors import InputError
from sim.scenario.differing import find_changes
from sim.scenario.plan import prepare
from sim.scenario.writer import write_value
from sim.stats import Interval, Paired, paired
from sim.sweeps.estimates import SHARES
from sim.sweeps.runner import Replications, ask_replications, replicate_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sim.scenario.differing import Change
    from sim.scenario.planned import Plan
    from sim.scenario.schema import Scenario
    from sim.scenario.tree import Tree

_ROUNDING = 1e-9
_DECISIVE = 6


@dataclass(frozen=True)
class Comparison:
    """What changed between two scenarios whose replications share their draws.

    Parameters
    ----------
    before, after
        As many replications of each, of the same seed.

    Raises
    ------
    InputError
        If the two differ in their seed or in their number, and so are no pairs.
    """

    before: Replications = field(repr=False)
    after: Replications = field(repr=False)

    def __post_init__(self) -> None:
        for what, one, other in (
            ("seed", self.before.seed, self.after.seed),
            ("replications", len(self.before), len(self.after)),
        ):
            if one != other:
                raise InputError(
                    f"{what}: {one} before and {other} after; pairs need the same of both"
                )

    def _repr_html_(self) -> str:
        """Show in a notebook what was changed, and the metrics that the pairs show to differ."""
        rows = [
            [name, *(_text(one) for one in (found.before, found.after, found.difference))]
            for name, found in self.metrics.items()
            if self.shows(name)
        ]
        facts = [
            (change.path, f"{_shown(change.before)} > {_shown(change.after)}")
            for change in self.changes
        ]
        titles = ("metric", "before", "after", "difference (95% interval)")
        title = f"{len(self):,} pairs of replications, seed {self.seed}: what differs"
        return card(title, facts, table(titles, rows))

    def __len__(self) -> int:
        """Count the pairs of replications."""
        return len(self.before)

    @property
    def seed(self) -> int:
        """The root seed that both share."""
        return self.before.seed

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """In what the two scenarios differ; see :func:`sim.scenario.differing.find_changes`."""
        return find_changes(self.before.scenario, self.after.scenario)

    @cached_property
    def metrics(self) -> dict[str, Paired]:
        """Each metric before, after, and by how much it changed (after - before).

        The causes are among them. The intervals of the two sides are those of
        their own :attr:`Replications.metrics`; the difference has the paired t
        interval, over the pairs in which both sides define the metric. What only
        one side has is NaN, and 0 values, on the other.
        """
        return {name: self._paired(name) for name in self._names}

    @cached_property
    def differing(self) -> dict[str, int]:
        """For each metric, in how many pairs of replications it is not the same."""
        return {
            name: sum(
                not math.isclose(*pair, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
                for pair in zip(*self._columns(name), strict=True)
                if not math.isnan(sum(pair))
            )
            for name in self._names
        }

    def shows(self, metric: str) -> bool:
        """Tell whether the pairs show that a metric differs.

        They do if its interval leaves 0 out and at least six pairs differ, as fewer
        decide nothing: by the sign test, five of one sign have a probability of
        2/2**5 = 6 % where nothing differs. They also do if every pair, of two or
        more, differs by the same.
        """
        found, differing = self.metrics[metric], self.differing[metric]
        difference = found.difference
        if not difference.low > 0.0 and not difference.high < 0.0:
            return False
        alike = math.isclose(difference.low, difference.high, rel_tol=_ROUNDING)
        return differing >= _DECISIVE or (alike and differing == found.n)

    def to_frame(self) -> pd.DataFrame:
        """Give the metrics as a table, one row each, indexed by ``metric``.

        For each of ``before``, ``after`` and ``difference`` the mean and its
        interval (``before``, ``before_low``, ``before_high``); then
        ``variance_ratio``, ``independent_n``, how many pairs there are (``n``) and
        how many of them differ (``differing``). What each pair shows is
        ``comparison.after.to_frame() - comparison.before.to_frame()``.
        """
        import pandas as pd  # noqa: PLC0415 - half a second, for those who analyse

        rows = [
            {"metric": name, **_row(found), "differing": self.differing[name]}
            for name, found in self.metrics.items()
        ]
        return pd.DataFrame(rows).set_index("metric")

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.before.rows[0], *self.after.rows[0]]))

    def _columns(self, name: str) -> tuple[list[float], list[float]]:
        first, second = (
            [row.get(name, math.nan) for row in side.rows] for side in (self.before, self.after)
        )
        return first, second

    def _paired(self, name: str) -> Paired:
        found = paired(*self._columns(name))
        change = found.difference
        if change.n > 1 and name in {"p_uninformed", *SHARES}:
            change = replace(change, low=max(-1.0, change.low), high=min(1.0, change.high))
        return replace(
            found,
            difference=change,
            before=self.before.metrics.get(name, found.before),
            after=self.after.metrics.get(name, found.after),
        )


def compare(
    before: Scenario,
    after: Scenario,
    replications: int,
    seed: int = 0,
    *,
    done: Callable[[], object] | None = None,
) -> Comparison:
    """Run two scenarios with the same draws, and find what differs and by how much.

    Every draw is of a seed, a replication and a decision (common random
    numbers), so that what no change touches is the same on both sides, and a
    difference varies less than the sides do.

    Parameters
    ----------
    before, after
        The scenarios, of which the second is often the first with values replaced.
    replications
        How many of each, at least 1.
    seed
        The root seed of both.
    done
        Called after each replication of either, to show progress.

    Raises
    ------
    InputError
        If fewer than one replication is asked for, or a scenario cannot be planned.

    Examples
    --------
    >>> later = scenario.replace({"zones.raid-area.notices.first.lead": "30 min"})
    >>> both = compare(scenario, later, replications=1000)
    >>> both.metrics["uninformed"].difference
    Interval(mean=0.412, low=0.381, high=0.443, confidence=0.95, n=1000)
    """
    ask_replications(replications)
    return compare_plans(prepare(before), prepare(after), replications, seed, done=done)


def compare_plans(
    before: Plan,
    after: Plan,
    replications: int,
    seed: int = 0,
    *,
    done: Callable[[], object] | None = None,
) -> Comparison:
    """Compare two plans, for what is prepared already; see :func:`compare`."""
    return Comparison(
        replicate_plan(before, replications, seed, done=done),
        replicate_plan(after, replications, seed, done=done),
    )


def _shown(value: Tree | None) -> str:
    return "absent" if value is None else write_value(value)


def _text(found: Interval) -> str:
    return interval_text(found.mean, found.low, found.high)


def _row(found: Paired) -> dict[str, float]:
    row: dict[str, float] = {}
    for name in ("before", "after", "difference"):
        interval = asdict(getattr(found, name))
        row |= {name: interval["mean"]}
        row |= {f"{name}_{end}": interval[end] for end in ("low", "high")}
    return row | {
        "variance_ratio": found.variance_ratio,
        "independent_n": found.independent_n,
        "n": found.n,
    }
