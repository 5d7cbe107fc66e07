"""Statistics of replications and sweeps, on numpy and scipy alone."""

from sim.stats.choice import pareto_front, recommend
from sim.stats.intervals import (
    CONFIDENCE,
    Interval,
    Share,
    bootstrap_interval,
    difference_interval,
    mean_interval,
    proportion_interval,
    quantile_interval,
    share_interval,
)
from sim.stats.pairs import Paired, paired
from sim.stats.stopping import Stopping

__all__ = [
    "CONFIDENCE",
    "Interval",
    "Paired",
    "Share",
    "Stopping",
    "bootstrap_interval",
    "difference_interval",
    "mean_interval",
    "paired",
    "pareto_front",
    "proportion_interval",
    "quantile_interval",
    "recommend",
    "share_interval",
]
