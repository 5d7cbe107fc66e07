"""Tiny sweeps for tests: what a sweep file would be read into, made by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from sim.scenario.tree import Source
from sim.stats import CONFIDENCE, Interval
from sim.sweeps.answers import Answers, Estimate
from sim.sweeps.design import Point
from sim.sweeps.reader import Study
from sim.sweeps.schema import Sweep
from tests.stories import FLIGHT, LINE, ZONE, scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.scenario.schema import Scenario

LEAD = "zones.area.notices.first.lead"
ANSWERED = "channels.line.answer.probability"
LABELS = {LEAD: "lead", ANSWERED: "answered"}
METRICS = ("p_uninformed", "denied_km2_h", "latency_p50_s", "violations")


def tiny(**sections: Any) -> Scenario:
    """One notice over a line whose caller has to wait, and one flight through the zone."""
    line = LINE | {
        "answer": {
            "probability": "0.6",
            "wait": {"uniform": {"min": "1 min", "max": "9 min"}},
            "patience": "5 min",
        }
    }
    flight = FLIGHT | {"departs": "+30 min"}
    own = {"channels": {"line": line}, "zones": {"area": ZONE}, "flights": {"flight": flight}}
    return scenario(**own | sections)


def grid(
    leads: Sequence[str] = ("5 min", "20 min"), chances: Sequence[str] = ("0.6", "0.95")
) -> tuple[Point, ...]:
    """All pairs of some leads and chances of an answer."""
    return tuple(
        Point(number, {LEAD: lead, ANSWERED: answered}, LABELS)
        for number, (lead, answered) in enumerate(product(leads, chances))
    )


def leads(*values: str) -> tuple[Point, ...]:
    """Points of some leads, the wait at random."""
    return tuple(Point(number, {LEAD: lead}, LABELS) for number, lead in enumerate(values))


def study(points: tuple[Point, ...] | None = None, **keys: Any) -> Study:
    """Make a study; keys go before those of the tiny sweep."""
    tree = {"keepout-sweep": "1", "name": "Tiny", "scenario": "tiny.yaml", "replications": "20"}
    written = {key: str(one) if isinstance(one, int) else one for key, one in keys.items()}
    document = {**tree, "metrics": [*METRICS], **written}
    sweep = Sweep.model_validate(document)
    points = grid() if points is None else points
    labels = {path: label for path, label in LABELS.items() if path in points[0].changes}
    return Study(sweep, tiny(), points, labels, Source("", document), ())


def made_up(
    columns: Mapping[str, Sequence[float | Interval] | Sequence[float]],
    *,
    failed: Mapping[int, int] | None = None,
    factors: Sequence[str] = (LEAD,),
    **keys: Any,
) -> Answers:
    """Give a sweep's answers without running it: of each metric a value, or interval, a point.

    A bare number is the mean of 20 runs that all gave it, and nan of none that did. The
    factors are a range each; ``failed`` tells by point how many runs failed.
    """
    count = len(next(iter(columns.values())))
    spec = {path: {"from": "1 min", "to": f"{count + 1} min", "steps": "2"} for path in factors}
    points = tuple(Point(k, dict.fromkeys(factors, f"{k + 1} min"), LABELS) for k in range(count))
    estimates = tuple(
        Estimate(
            points[k],
            {name: _interval(column[k]) for name, column in columns.items()},
            20,
            (failed or {}).get(k, 0),
        )
        for k in range(count)
    )
    metrics = keys.pop("metrics", [*columns])
    return Answers(study(points, factors=spec, metrics=metrics, **keys), (*columns,), estimates)


def at_points(
    axes: Mapping[str, Sequence[str]],
    metric: str,
    value: Callable[..., float | Interval],
    *,
    rows: Sequence[Sequence[str]] | None = None,
    failed: Mapping[int, int] | None = None,
    **keys: Any,
) -> Answers:
    """Give the answers of a grid of some values, whose metric is a function of its points.

    ``axes`` are the values of each factor by its path, and ``rows`` those of each point
    where it is no grid. The function gets a point's numbers in SI, in their order.
    """
    labels = {path: LABELS.get(path, path.rpartition(".")[2]) for path in axes}
    points = tuple(
        Point(k, dict(zip(axes, row, strict=True)), labels)
        for k, row in enumerate(product(*axes.values()) if rows is None else rows)
    )
    estimates = tuple(
        Estimate(
            point,
            {metric: _interval(value(*point.numbers.values()))},
            20,
            (failed or {}).get(point.number, 0),
        )
        for point in points
    )
    spec = {path: [*values] for path, values in axes.items()}
    made = study(points, factors=spec, metrics=[metric], **keys)
    made = replace(made, labels=labels)
    return Answers(made, (metric,), estimates)


def _interval(value: float | Interval) -> Interval:
    if isinstance(value, Interval):
        return value
    return Interval(value, value, value, CONFIDENCE, 0 if math.isnan(value) else 20)
