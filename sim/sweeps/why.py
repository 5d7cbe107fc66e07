"""Why: how often each cause, and how many violations each link would have prevented if perfect."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from math import nan
from typing import TYPE_CHECKING

from sim.display import card, interval_text, table
from sim.findings.run import run_plan
from sim.stats import Interval, Share, difference_interval
from sim.sweeps.links import LINKS, perfected
from sim.sweeps.runner import Replications, replicate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from sim.scenario.planned import Plan
    from sim.scenario.schema import Scenario

_COUNTED = ("violations", "uninformed", "incursions")

_Counts = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Prevented:
    """What one link, if it alone were perfect, would have prevented, a replication.

    Each interval is of the difference before - after over replications paired
    by their draws; a negative one says that there would have been more.
    ``share`` is what part of all violations of all replications falls away,
    NaN where there are none.
    """

    link: str
    violations: Interval
    uninformed: Interval
    incursions: Interval
    share: float


@dataclass(frozen=True)
class Why:
    """What broke, how often, and what mending it would have done.

    Parameters
    ----------
    replications
        The scenario as it is.
    links
        For each link of the chain, what it alone would have prevented.
    """

    replications: Replications = field(repr=False)
    links: dict[str, Prevented]

    def _repr_html_(self) -> str:
        """Show in a notebook what each link, if perfect, would prevent a replication."""
        rows = [
            [link, *(interval_text(one.mean, one.low, one.high) for one in _intervals(prevented))]
            for link, prevented in self.links.items()
        ]
        many = self.replications
        facts = [("replications", f"{len(many):,}"), ("seed", str(many.seed))]
        titles = ("perfect link", *(f"{name} prevented" for name in _COUNTED))
        return card(many.scenario.name, facts, table(titles, rows))

    @property
    def causes(self) -> dict[str, Share]:
        """Each cause's share of all that was attributed, with its interval."""
        return self.replications.causes

    def to_frame(self) -> pd.DataFrame:
        """Give the links as a table, one row each, indexed by ``link``.

        For each of violations, uninformed and incursions: the mean that is
        prevented a replication (``violations``), and its interval
        (``violations_low``, ``violations_high``).
        """
        import pandas as pd  # noqa: PLC0415 - half a second, for those who analyse

        rows = [_row(prevented) for prevented in self.links.values()]
        return pd.DataFrame(rows).set_index("link")


def _intervals(prevented: Prevented) -> tuple[Interval, Interval, Interval]:
    return prevented.violations, prevented.uninformed, prevented.incursions


def ask_why(
    scenario: Scenario,
    replications: int,
    seed: int = 0,
    *,
    done: Callable[[], object] | None = None,
) -> Why:
    """Find which link of the chain, if it alone were perfect, would have prevented how much.

    The scenario is run as it is, and once more with each link perfect, every
    time with the same draws: what differs is what that link does. Links do not
    add up: what two of them broke, either may prevent, or only both together.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        How many of each, at least 1.
    seed
        The root seed of all.
    done
        Called after each replication of each link, and of the scenario as it is.

    Raises
    ------
    InputError
        If fewer than one replication is asked for, or the scenario cannot be planned.

    Examples
    --------
    >>> why = ask_why(scenario, replications=1000, seed=7)
    >>> why.links["line"].violations
    Interval(mean=0.412, low=0.381, high=0.443, confidence=0.95, n=1000)
    """
    many = replicate(scenario, replications, seed, done=done)
    before = [(row["violations"], row["uninformed"], row["incursions"]) for row in many.rows]
    found = {}
    for link in LINKS:
        plan = perfected(scenario, link)
        after = before if plan is None else _counts(plan, replications, seed, done)
        if plan is None and done is not None:
            for _ in range(replications):
                done()
        found[link] = _prevented(link, before, after)
    return Why(many, found)


def _counts(
    plan: Plan, replications: int, seed: int, done: Callable[[], object] | None
) -> list[_Counts]:
    """Count violations, uninformed ones among them, and incursions in each replication."""
    counts = []
    for replication in range(replications):
        run = run_plan(plan, seed, replication)
        found = run.metrics
        counts.append((found["violations"], found["uninformed"], found["incursions"]))
        if done is not None:
            done()
    return counts


def _prevented(link: str, before: Sequence[_Counts], after: Sequence[_Counts]) -> Prevented:
    violations, uninformed, incursions = (
        difference_interval([b[place] for b in before], [a[place] for a in after])
        for place in range(len(_COUNTED))
    )
    total = sum(count[0] for count in before)
    share = 1.0 - sum(count[0] for count in after) / total if total else nan
    return Prevented(link, violations, uninformed, incursions, share)


def _row(prevented: Prevented) -> dict[str, object]:
    row: dict[str, object] = {"link": prevented.link}
    for name in _COUNTED:
        interval = asdict(getattr(prevented, name))
        row |= {name: interval["mean"]}
        row |= {f"{name}_{end}": interval[end] for end in ("low", "high")}
    return row | {"share": prevented.share}
