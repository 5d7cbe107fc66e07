"""What ``keepout`` prints, in each of its formats."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Literal

from sim.findings.overlaps import plan_overlaps
from sim.report import entries, markdown, points, records, text
from sim.report.account import account
from sim.report.comparison import comparison_account
from sim.report.estimates import estimates
from sim.report.plans import overlap_account
from sim.report.responses import responses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from sim.findings.close import Close
    from sim.findings.overlaps import Overlap
    from sim.findings.run import Run
    from sim.report.outline import Outline
    from sim.scenario.planned import Plan
    from sim.sweeps.answers import Answers
    from sim.sweeps.comparing import Comparison
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Why

Format = Literal["text", "json", "markdown", "csv"]


def overlaps_report(
    plan: Plan,
    overlaps: Sequence[Overlap],
    close: Sequence[Close],
    form: Format,
    file: TextIO | None = None,
) -> str:
    """Report where plans overlap, or come too near; as CSV, with one row an overlap."""
    if form == "json":
        return records.dumps(records.overlaps_record(plan, overlaps, close))
    if form == "csv":
        return entries.overlap_rows(plan, overlaps)
    return _for_people(overlap_account(plan, overlaps, close), form, file)


def run_report(run: Run, form: Format, file: TextIO | None = None) -> str:
    """Report one run; ``file`` is where the text will go, and decides on colour and width."""
    if form == "json":
        return records.dumps(records.run_record(run))
    if form == "csv":
        return entries.dumps(run)
    return _for_people(account(run), form, file)


def replications_report(many: Replications, form: Format, file: TextIO | None = None) -> str:
    """Report many replications; as CSV, their metrics with one row a replication."""
    if form == "csv":
        return _metric_rows(many)
    overlaps = plan_overlaps(many.plan)
    if form == "json":
        return records.dumps(records.replications_record(many, overlaps))
    return _for_people(estimates(many, overlaps), form, file)


def why_report(why: Why, form: Format, file: TextIO | None = None) -> str:
    """Report many replications with what each link would have prevented; as CSV, a row a link."""
    if form == "csv":
        return why.to_frame().to_csv(lineterminator="\n")
    many = why.replications
    overlaps = plan_overlaps(many.plan)
    if form == "json":
        return records.dumps(records.why_record(why, overlaps))
    return _for_people(estimates(many, overlaps, why.links), form, file)


def comparison_report(comparison: Comparison, form: Format, file: TextIO | None = None) -> str:
    """Report what changed between two scenarios; as CSV, with a row a metric."""
    if form == "csv":
        return comparison.to_frame().to_csv(lineterminator="\n")
    if form == "json":
        return records.dumps(records.comparison_record(comparison))
    return _for_people(comparison_account(comparison), form, file)


def sweep_report(found: Answers, form: Format, file: TextIO | None = None) -> str:
    """Report a sweep; as CSV, with one row a point."""
    if form == "csv":
        return points.answer_rows(found)
    if form == "json":
        return records.dumps(points.answers_record(found))
    return _for_people(responses(found), form, file)


def _for_people(outline: Outline, form: Format, file: TextIO | None) -> str:
    return markdown.render(outline) if form == "markdown" else text.render(outline, file)


def _metric_rows(many: Replications) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["replication", *many.rows[0]])
    writer.writerows(
        [number, *("" if math.isnan(value) else value for value in row.values())]
        for number, row in enumerate(many.rows)
    )
    return out.getvalue()
