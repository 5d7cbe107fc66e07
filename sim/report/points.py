"""The answers of a sweep for programs: ``keepout-sweep-report/1`` as JSON, or a row a point."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from sim.report.records import interval_record

if TYPE_CHECKING:
    from sim.report.records import Tree
    from sim.sweeps.answers import Answers

SCHEMA = "keepout-sweep-report/1"


def answers_record(found: Answers) -> Tree:
    """Give the answers as a plain tree."""
    sweep = found.study.sweep
    on_front = {estimate.point.number for estimate in found.pareto}
    return {
        "schema": SCHEMA,
        "sweep": {"name": sweep.name, "seed": sweep.seed},
        "scenario": {"name": found.study.scenario.name},
        "factors": {label: path for path, label in found.study.labels.items()},
        "points": [
            {
                "point": estimate.point.number,
                "values": dict(estimate.point.values),
                "runs": estimate.runs,
                "failed": estimate.failed,
                "metrics": {n: interval_record(i) for n, i in estimate.metrics.items()},
                "pareto": estimate.point.number in on_front if sweep.pareto else None,
            }
            for estimate in found.estimates
        ],
        "recommended": None if found.recommended is None else found.recommended.point.number,
        "sobol": {name: [asdict(index) for index in found.sobol[name]] for name in found.sobol},
        "morris": {name: [asdict(one) for one in found.morris[name]] for name in found.morris},
    }


def answer_rows(found: Answers) -> str:
    """Give the answers as CSV, a row a point: for each metric its mean and its interval's ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ends = ("", "_low", "_high")
    named = [f"{name}{end}" for name in found.metrics for end in ends]
    writer.writerow(["point", *found.study.labels.values(), *named, "runs", "failed"])
    for estimate in found.estimates:
        bounds = [(i.mean, i.low, i.high) for i in map(estimate.metrics.get, found.metrics) if i]
        writer.writerow(
            [
                estimate.point.number,
                *estimate.point.values.values(),
                *("" if math.isnan(x) else x for three in bounds for x in three),
                estimate.runs,
                estimate.failed,
            ]
        )
    return out.getvalue()
