"""What a figure of a sweep is asked to show: its answers, a metric, a factor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.errors import InputError, did_you_mean, nearest, quoted
from sim.report.wording import counted, listed
from sim.sweeps.answers import Answers
from sim.sweeps.labels import factor_called

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.stats import Interval
    from sim.sweeps.answers import Estimate
    from sim.sweeps.results import SweepResult


def answers_of(subject: Answers | SweepResult) -> Answers:
    """Give the answers that a figure is of."""
    return subject if isinstance(subject, Answers) else subject.answers


def metric_of(found: Answers, metric: str | None) -> str:
    """Give the metric asked for; unasked, the first that the study asks something of.

    Raises
    ------
    InputError
        If the study keeps no such metric.
    """
    return found.key_metrics[0] if metric is None else kept(metric, found.metrics)


def kept(metric: str, metrics: Iterable[str]) -> str:
    """Give a metric that is to be one of some.

    Raises
    ------
    InputError
        If it is none of them.
    """
    known = [*metrics]
    if metric in known:
        return metric
    said = "" if nearest(metric, known) else f"; there are {listed(known)}"
    raise InputError(
        f"there is no metric {quoted(metric)} here{said}", hint=did_you_mean(metric, known)
    )


def factor_of(found: Answers, name: str) -> str:
    """Give the name of the factor that is called by its name or its path.

    Raises
    ------
    InputError
        If there is none, or the design does not move it itself.
    """
    label = found.study.labels[factor_called(name, found.study.labels)]
    if label not in found.free:
        raise InputError(
            f"{quoted(label)} is tied to another factor, and follows it",
            hint=f"ask for {listed(found.free)}",
        )
    return label


def has_value(estimate: Estimate, metric: str) -> bool:
    """Tell whether any run of a point gave a value of a metric."""
    return not math.isnan(estimate.metrics[metric].mean)


def has_interval(found: Interval) -> bool:
    """Tell whether there is an interval: it takes two values."""
    return math.isfinite(found.low) and math.isfinite(found.high)


def beside(found: Answers, *more: str) -> str:
    """Say in one line what a figure of a sweep is of, and what a reader has to know of it."""
    failed = sum(estimate.failed for estimate in found.estimates)
    left_out = f"{counted(failed, 'failed run')} left out" if failed else ""
    return "; ".join(part for part in (found.study.sweep.name, *more, left_out) if part)
