"""The CSV report: one row a violation or incursion, whatever the texts hold."""

from __future__ import annotations

import csv
import io
from typing import Any

from sim.report import entries


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_for_each_violation_and_incursion(night: Any) -> None:
    rows = read(entries.dumps(night()))
    assert [(row["id"], row["kind"]) for row in rows] == [
        ("violation-1", "violation"),
        ("violation-2", "violation"),
        ("incursion-1", "incursion"),
    ]
    assert rows[0]["entry"] == "2022-02-02T23:00:04.568Z"
    assert rows[0]["incursions"] == "incursion-1"
    assert (rows[0]["operation"], rows[2]["operation"], rows[2]["zone"]) == ("", "raid", "")
    assert (rows[1]["exit"], rows[1]["censored"], rows[0]["censored"]) == ("", "true", "false")


def test_a_quiet_night_is_a_header_alone(night: Any) -> None:
    text = entries.dumps(night(violations=(), incursions=()))
    assert text == ",".join(entries.COLUMNS) + "\n"


def test_commas_and_quotes_come_back(night: Any, made: Any) -> None:
    detail = 'two, "of them"\nover lines'
    rows = read(entries.dumps(night(violations=(made.violation(detail=detail),))))
    assert rows[0]["detail"] == detail
