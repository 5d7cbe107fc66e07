"""The report as one table: a CSV row for each violation and each incursion."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from sim.report.records import run_record

if TYPE_CHECKING:
    from sim.findings.run import Run

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


def dumps(run: Run) -> str:
    """Write the violations, then the incursions, of a run as CSV with a header.

    Fields are those of the JSON report; lists are joined by blanks, what is
    absent is empty.
    """
    tree = run_record(run)
    rows = [
        {"kind": kind, **entry} for kind in ("violation", "incursion") for entry in tree[f"{kind}s"]
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return value
