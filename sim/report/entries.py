"""The report as one table: a CSV row for each violation and incursion, or for each overlap."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from sim.report.records import overlaps_record, run_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.findings.overlaps import Overlap
    from sim.findings.run import Run
    from sim.scenario.planned import Plan

COLUMNS = (
    "id",
    "kind",
    "flight",
    "party",
    "zone",
    "version",
    "operation",
    "entry",
    "exit",
    "censored",
    "duration_s",
    "entry_lat",
    "entry_lon",
    "entry_altitude_m",
    "depth_m",
    "deepest",
    "cause",
    "detail",
    "notice",
    "incursions",
    "zones",
)

OVERLAP_COLUMNS = (
    "first",
    "second",
    "parties",
    "kind",
    "start",
    "end",
    "lower_m",
    "upper_m",
    "altitude_reference",
    "area_km2",
    "exempt",
)


def dumps(run: Run) -> str:
    """Write the violations, then the incursions, of a run as CSV with a header.

    Fields are those of the JSON report; lists are joined by blanks, what is
    absent is empty.
    """
    tree = run_record(run)
    rows = [
        {"kind": kind, **entry} for kind in ("violation", "incursion") for entry in tree[f"{kind}s"]
    ]
    return _table(COLUMNS, rows)


def overlap_rows(plan: Plan, overlaps: Sequence[Overlap]) -> str:
    """Write overlaps of plans as CSV with a header, likewise."""
    return _table(OVERLAP_COLUMNS, overlaps_record(plan, overlaps, ())["overlaps"])


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return value
