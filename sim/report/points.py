"""The answers of a sweep for programs: ``keepout-sweep-report/1`` as JSON, or a row a point."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.report.records import interval_record, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.report.records import Tree
    from sim.sweeps.answers import Answers, Estimate

SCHEMA = "keepout-sweep-report/1"
_DIGITS = 6  # after the point, as metrics have


def answers_record(found: Answers) -> Tree:
    """Give the answers as a plain tree; metrics are in their own units, and shares of 1.

    What was not asked for is null or empty: ``recommended`` is the number of a point, and
    null also where no point meets the target of ``sweep.recommend``; ``pareto`` of a point
    tells whether it is on the front of ``sweep.pareto``. Intervals and indices that are
    undefined or have no end are null. ``runs`` counts those that failed too.
    """
    sweep = found.study.sweep
    front = {estimate.point.number for estimate in found.pareto} if sweep.pareto else None
    return {
        "schema": SCHEMA,
        "sweep": {
            "name": sweep.name,
            "seed": sweep.seed,
            "design": sweep.design.kind,
            "pareto": [*sweep.pareto] or None,
            "recommend": None if sweep.recommend is None else sweep.recommend.model_dump(),
        },
        "scenario": {"name": found.study.scenario.name},
        "factors": {label: path for path, label in found.study.labels.items()},
        "points": [_point(estimate, front) for estimate in found.estimates],
        "recommended": None if found.recommended is None else found.recommended.point.number,
        "sobol": _indices(found.sobol),
        "interactions": _indices(found.interactions),
        "morris": _indices(found.morris),
    }


def _point(estimate: Estimate, front: set[int] | None) -> Tree:
    return {
        "point": estimate.point.number,
        "values": estimate.point.values,
        "runs": estimate.runs,
        "failed": estimate.failed,
        "metrics": {name: interval_record(one) for name, one in estimate.metrics.items()},
        "pareto": None if front is None else estimate.point.number in front,
    }


def _indices(by_metric: Mapping[str, Iterable[Any]]) -> Tree:
    return {name: [_index(asdict(one)) for one in indices] for name, indices in by_metric.items()}


def _index(index: Tree) -> Tree:
    return {
        key: number(one, _DIGITS) if isinstance(one, float) else one for key, one in index.items()
    }


def answer_rows(found: Answers) -> str:
    """Give the answers as CSV, a row a point: for each metric its mean and its interval's ends.

    A mean that is undefined, and an end that there is none of, is left empty.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ends = ("", "_low", "_high")
    named = [f"{name}{end}" for name in found.metrics for end in ends]
    writer.writerow(["point", *found.study.labels.values(), *named, "runs", "failed"])
    for estimate in found.estimates:
        values = estimate.point.values
        of_metrics = [estimate.metrics[name] for name in found.metrics]
        bounds = [end for one in of_metrics for end in (one.mean, one.low, one.high)]
        writer.writerow(
            [
                estimate.point.number,
                *(values[label] for label in found.study.labels.values()),
                *(end if math.isfinite(end) else "" for end in bounds),
                estimate.runs,
                estimate.failed,
            ]
        )
    return out.getvalue()
