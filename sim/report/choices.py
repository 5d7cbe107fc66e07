"""The sentences about a sweep's points: which is recommended, and how far a metric goes."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from sim.report.figures import figure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.sweeps.answers import Answers, Estimate
    from sim.sweeps.schema import Recommendation

_LONGEST_VALUE = 40  # characters
_MANY_DIGITS = re.compile(r"\d+\.\d{6,}")  # of a value that a design made, not a person


def sweep_headline(found: Answers) -> str:
    """Say which point is recommended, or why none is; unasked, how far the first metric goes."""
    asked, best = found.study.sweep.recommend, found.recommended
    if asked is None:
        return range_headline(found, found.key_metrics[0], found.estimates)
    return _nearest(found, asked) if best is None else _recommended(found, asked, best)


def _recommended(found: Answers, asked: Recommendation, best: Estimate) -> str:
    figure, cost = figure_of(asked.metric), figure_of(asked.cost)
    chosen = best.metrics[asked.metric]
    mean, bound = figure.show(chosen.mean), figure.show(chosen.high)
    sure = f"{mean}, and with {chosen.confidence:.0%} confidence at most {bound}"
    if chosen.low == chosen.high:  # values without spread say how many they are, not how sure
        sure = f"{mean} in each of {chosen.n:,} runs"
    return (
        f"Recommended: {place(found, best)}. It keeps {figure.label} within the target of "
        f"{figure.show(asked.target)}: {sure}. Of the points "
        f"that surely do, it is the cheapest by {cost.label}: "
        f"{cost.show(best.metrics[asked.cost].mean)}."
    )


def _nearest(found: Answers, asked: Recommendation) -> str:
    figure = figure_of(asked.metric)
    known = [e for e in found.estimates if not math.isnan(e.metrics[asked.metric].high)]
    if not known:
        return f"No point can be recommended: no run gave a value of {figure.label}."
    nearest = min(known, key=lambda estimate: estimate.metrics[asked.metric].high)
    high = nearest.metrics[asked.metric].high
    if math.isinf(high):
        return (
            f"No point can be recommended: one value of {figure.label} at each says nothing of "
            "how sure it is; more replications would."
        )
    if high <= asked.target:
        return (
            f"No point can be recommended: where {figure.label} surely meets the target, no run "
            f"gave a value of {figure_of(asked.cost).label}."
        )
    target, bound = figure.show(asked.target), figure.show(high)
    return (
        f"No point surely keeps {figure.label} within {target}. The nearest is "
        f"{place(found, nearest)}, with at most {'a little more' if bound == target else bound}; "
        "more replications, or other values of the factors, may find one."
    )


def range_headline(
    found: Answers, name: str, estimates: Sequence[Estimate], factors: Sequence[str] = ()
) -> str:
    """Say how far a metric goes over some of the points, and where by the values of factors."""
    figure = figure_of(name)
    known = [e for e in estimates if not math.isnan(e.metrics[name].mean)]
    if not known:
        return f"No run gave a value of {figure.label}."
    ends = [pick(known, key=lambda e: e.metrics[name].mean) for pick in (min, max)]
    means = [estimate.metrics[name].mean for estimate in ends]
    least, most = map(figure.show, means)
    label = f"{figure.label[0].upper()}{figure.label[1:]}"
    if least == most or are_same(*means):
        everywhere = "every point" if len(known) == len(estimates) else "all that have any"
        return f"{label}: {least} at {everywhere}."
    first, last = (place(found, estimate, factors) for estimate in ends)
    return f"{label}: from {least}, at {first}, to {most}, at {last}."


def place(found: Answers, estimate: Estimate, factors: Sequence[str] = ()) -> str:
    """Say which point it is: ``point 3 (lead 2 h, buffer 20 km)``; unasked, by all factors."""
    names = factors or found.free
    values = ", ".join(f"{name} {brief(estimate.point.values[name])}" for name in names)
    return f"point {estimate.point.number} ({values})"


def brief(value: str) -> str:
    """Give a value with as many digits and letters as people read."""
    value = _MANY_DIGITS.sub(lambda digits: f"{float(digits.group()):.6g}", value)
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 3]}..."


def are_same(one: float, other: float) -> bool:
    """Tell whether values differ by no more than how they were summed."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
