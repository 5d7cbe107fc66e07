"""Statistics of replications and sweeps, on numpy and scipy alone."""

from sim.stats.intervals import (
    CONFIDENCE,
    Interval,
    Share,
    difference_interval,
    mean_interval,
    proportion_interval,
    share_interval,
)

__all__ = [
    "CONFIDENCE",
    "Interval",
    "Share",
    "difference_interval",
    "mean_interval",
    "proportion_interval",
    "share_interval",
]
