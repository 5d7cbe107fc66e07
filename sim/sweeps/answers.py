"""What a sweep answers: an interval for each point, the best of them, and what drives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.display import ROWS, card, interval_text, table
from sim.stats import pareto_front, recommend
from sim.sweeps.schema import Precision
from sim.sweeps.sensitivity import (
    morris_effects,
    morris_sample,
    sobol_indices,
    sobol_interactions,
)

_SHOWN = 4  # metrics, of a study that names none
_DIGITS = 9  # of means that are compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.stats import Interval
    from sim.sweeps.design import Point
    from sim.sweeps.reader import Study
    from sim.sweeps.sensitivity import MorrisEffect, SobolIndex, SobolInteraction


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the runs of one point gave.

    Attributes
    ----------
    point
        Which point it is.
    metrics
        The mean of each metric with its interval; runs that failed are left out.
    runs, failed
        How many runs there were, and how many of them failed.
    """

    point: Point
    metrics: dict[str, Interval]
    runs: int
    failed: int


@dataclass(frozen=True)
class Answers:
    """The estimates of all points of a study, in the order of its design."""

    study: Study = field(repr=False)
    metrics: tuple[str, ...]
    estimates: tuple[Estimate, ...] = field(repr=False)

    def _repr_html_(self) -> str:
        """Show in a notebook the points that matter, with their key metrics."""
        return self.as_card()

    def as_card(self, facts: Sequence[tuple[str, str]] = ()) -> str:
        """Set as HTML the points that matter, with their key metrics, below facts about them."""
        names = self.key_metrics
        best = self.recommended
        front = {estimate.point.number for estimate in self.pareto}
        shown = [e for e in self.estimates if e.point.number in front] or list(self.estimates)
        rows = [
            [
                str(estimate.point.number) + (", recommended" if estimate is best else ""),
                *estimate.point.values.values(),
                *(_text(estimate.metrics[name]) for name in names),
            ]
            for estimate in shown[:ROWS]
        ]
        sweep = self.study.sweep
        told = [("design", sweep.design.kind), ("points", f"{len(self.estimates):,}"), *facts]
        told += [("on the Pareto front", f"{len(front):,}")] if front else []
        labels = shown[0].point.values if shown else ()
        below = table(["point", *labels, *names], rows, len(shown))
        return card(sweep.name, told, below)

    @cached_property
    def pareto(self) -> tuple[Estimate, ...]:
        """The front of the metrics that the study asks for; empty where it asks for none."""
        names = self.study.sweep.pareto
        return self.front(names) if names else ()

    def front(self, names: Sequence[str]) -> tuple[Estimate, ...]:
        """Give the points than which no other is better in one of some metrics and as good.

        They are compared by their means, of which the smaller is better.
        """
        costs = np.transpose([_rounded(self._means(name)) for name in names])
        return tuple(e for e, on in zip(self.estimates, pareto_front(costs), strict=True) if on)

    @cached_property
    def recommended(self) -> Estimate | None:
        """The cheapest point whose upper confidence bound meets the target; None if none does."""
        asked = self.study.sweep.recommend
        if asked is None:
            return None
        upper = [e.metrics[asked.metric].high for e in self.estimates]
        cost = _rounded(self._means(asked.cost))
        means = _rounded(self._means(asked.metric))
        best = recommend(means, upper, cost, asked.target)
        return None if best is None else self.estimates[best]

    @cached_property
    def sobol(self) -> dict[str, tuple[SobolIndex, ...]]:
        """Each metric's Sobol' indices, by factor; empty unless the design is Saltelli's."""
        design = self.study.sweep.design.saltelli
        if design is None:
            return {}
        return {
            name: sobol_indices(
                self.free,
                self._means(name),
                second_order=design.second_order,
                seed=self.study.sweep.seed,
            )
            for name in self.metrics
        }

    @cached_property
    def interactions(self) -> dict[str, tuple[SobolInteraction, ...]]:
        """Each metric's second-order Sobol' indices, by pair; empty unless the design has them."""
        design, seed = self.study.sweep.design.saltelli, self.study.sweep.seed
        if design is None or not design.second_order:
            return {}
        return {
            name: sobol_interactions(self.free, self._means(name), seed=seed)
            for name in self.metrics
        }

    @cached_property
    def morris(self) -> dict[str, tuple[MorrisEffect, ...]]:
        """Each metric's elementary effects, by factor; empty unless the design is Morris'."""
        design, seed = self.study.sweep.design.morris, self.study.sweep.seed
        if design is None:
            return {}
        inputs = morris_sample(len(self.free), design.trajectories, levels=design.levels, seed=seed)
        return {
            name: morris_effects(self.free, inputs, self._means(name), seed=seed)
            for name in self.metrics
        }

    @property
    def free(self) -> tuple[str, ...]:
        """The names of the factors that the design moves, those tied to another left out."""
        return tuple(self.study.labels[path] for path in self.study.sweep.free)

    @property
    def key_metrics(self) -> tuple[str, ...]:
        """The metrics that the study asks something of; where it asks nothing, the first few."""
        sweep = self.study.sweep
        named: list[str] = []
        if sweep.recommend is not None:
            named += [sweep.recommend.metric, sweep.recommend.cost]
        if isinstance(sweep.replications, Precision):
            named.append(sweep.replications.metric)
        return tuple(dict.fromkeys([*named, *sweep.pareto])) or self.metrics[:_SHOWN]

    def _means(self, name: str) -> list[float]:
        return [estimate.metrics[name].mean for estimate in self.estimates]


def _text(found: Interval) -> str:
    return interval_text(found.mean, found.low, found.high)


def _rounded(means: list[float]) -> list[float]:
    """Leave out the last digits, in which means of one value differ by how many there are."""
    return [float(f"{mean:.{_DIGITS}g}") for mean in means]
