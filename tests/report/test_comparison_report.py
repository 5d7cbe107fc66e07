"""The report of a comparison: the finding first, and what was changed, in every format."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from sim.findings.causes import CAUSES
from sim.report import records, text
from sim.report.comparison import comparison_account
from sim.report.faces import comparison_report
from sim.report.figures import FIGURES
from sim.report.outline import Outline, Paragraph, Table
from sim.stats import Interval
from sim.sweeps.comparing import Comparison, compare
from sim.sweeps.runner import Replications
from tests.stories import FLIGHT, LINE, ZONE, scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAKY = LINE | {
    "answer": {"probability": 0.8, "wait": "1 min", "patience": "2 min"},
    "retry": {"after": "1 min", "attempts": 1},
}
BEFORE = scenario(channels={"line": FLAKY}, zones={"z": ZONE}, flights={"f": FLIGHT})
WORSE = BEFORE.replace({"channels.line.answer.probability": "0.4"})
LATER = BEFORE.replace({"zones.z.notices.first.lead": "31 min"})
N = 40


def made(
    night: Any,
    before: Mapping[str, list[float]] | None = None,
    after: Mapping[str, list[float]] | None = None,
    n: int = N,
) -> Outline:
    """Give the report of a night of which some metrics differ, the others being as they are."""
    sides = []
    for scene, columns in ((BEFORE, before or {}), (WORSE, after or {})):
        rows = tuple(
            night().metrics | {name: values[k % len(values)] for name, values in columns.items()}
            for k in range(n)
        )
        plan: Any = SimpleNamespace(scenario=scene, horizon=6 * 3600.0)
        sides.append(Replications(plan, 7, rows, frozenset()))
    return comparison_account(Comparison(*sides))


def table(outline: Outline, title: str) -> dict[str, list[str]]:
    (section,) = (section for section in outline.sections if section.title == title)
    (found,) = (block for block in section.blocks if isinstance(block, Table))
    return {
        row[0].text: [group.title, *(cell.text for cell in row[1:])]
        for group in found.groups
        for row in group.rows
    }


def prose(outline: Outline, title: str) -> str:
    (section,) = (section for section in outline.sections if section.title == title)
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


@pytest.fixture(scope="module")
def worse() -> Comparison:
    return compare(BEFORE, WORSE, N, seed=3)


def test_the_headline_tells_the_finding_and_what_moved_beside_it(night: Any) -> None:
    # 20 of 40 before, 30 after, the same ten in between: 25 points, t(39) s / sqrt(40) = 14.02.
    before = {"p_uninformed": [0.0, 1.0, 0.0, 1.0], "denied_km2_h": [1000.0]}
    after = {"p_uninformed": [0.0, 1.0, 1.0, 1.0], "denied_km2_h": [3310.0]}
    outline = made(night, before, after)
    assert outline.headline == (
        "The chance that some flight enters a zone that it does not know of rises from 50% to 75%:"
        " +25 points (95% interval +11 to +39). Also moved: airspace denied (area x time) by"
        " +2,310 km2 h."
    )
    assert outline.title == "Story: before and after"
    assert outline.subtitle.endswith("(6 h), seed 7, 40 pairs of replications")
    swapped = made(night, after, before).headline
    assert "falls from 75% to 50%: -25 points (95% interval -39 to -11)" in swapped


def test_a_finding_that_is_not_there_is_told_with_its_interval(night: Any) -> None:
    # Of 40, one pair differs: less than decides anything.
    late = {"violations": [2.0] * 39 + [3.0]}
    assert made(night, {"violations": [2.0]}, late).headline == (
        "No difference shows in the mean number of violations: 2.000 before, 2.025 after,"
        " +0.025 (95% interval -0.026 to +0.076)."
    )
    only = made(night, {"delay_s": [60.0]}, {"delay_s": [600.0]})
    assert only.headline == (
        "No difference shows: the chance that some flight enters a zone that it does not know of"
        " is 100% with both, in every pair. Also moved: delay of flights by +9 min."
    )


def test_what_differs_by_the_same_always_needs_no_interval(night: Any) -> None:
    outline = made(night, {"incursions": [3.0]}, {"incursions": [1.0]})
    assert outline.headline == (
        "The mean number of incursions falls from 3 to 1: -2 in every pair."
    )
    row = table(outline, "Metrics")["incursions"]
    assert row == ["A difference shows", "3", "1", "-2", "always the same", "-"]


def test_no_metric_that_differs_is_said(night: Any) -> None:
    assert made(night).headline == (
        "The scenarios differ in 1 value, but no metric differs in any of 40 pairs of replications."
    )


def test_the_same_scenario_twice_is_said_and_nothing_else() -> None:
    outline = comparison_account(compare(BEFORE, BEFORE, 2))
    assert outline.headline == (
        "The two scenarios are the same, so no difference can come of them."
    )
    assert outline.sections == ()


def test_one_pair_shows_nothing(night: Any) -> None:
    outline = made(night, {"violations": [1.0]}, {"violations": [3.0]}, n=1)
    assert outline.headline == ("One pair of replications cannot show a difference; ask for more.")
    assert outline.subtitle.endswith("1 pair of replications")
    row = table(outline, "Metrics")["violations"]
    assert row == ["No difference shows", "1", "3", "+2", "unknown: one pair", "-"]


def test_numbers_of_a_row_have_their_last_digit_in_common(night: Any) -> None:
    # In minutes: 60 and 60 + (0, 0.1, 0.2, 0.3), whose half-width is t(39) 0.113 / sqrt 40 = 0.036.
    after = {"violation_s": [3600.0, 3606.0, 3612.0, 3618.0]}
    rows = table(made(night, {"violation_s": [3600.0]}, after), "Metrics")
    assert rows["time in violation, min"][1:5] == ["60.000", "60.150", "+0.150", "+0.114 to +0.186"]


def test_what_pairing_was_worth_is_told(night: Any) -> None:
    # Variances 632e6 before and 633e6 after, of the difference 900: 40 x 1265e6 / 900, less by
    # the square of the normal over the t quantile of 39 degrees, (1.960 / 2.023)**2.
    before = {"delay_s": [600.0, 6000.0, 60000.0, 6.0]}
    after = {"delay_s": [660.0, 6000.0, 60060.0, 6.0]}
    outline = made(night, before, after)
    assert table(outline, "Metrics")["delay of flights, min"][-1] == "53,000,000"
    assert (
        "The 40 pairs did the work of 53,000,000 independent replications a side for delay of"
        " flights; the column unpaired tells it for each row."
    ) in prose(outline, "Metrics")
    assert "saved no replications here" in prose(
        made(night, {"delay_s": [0.0]}, {"delay_s": [0.0, 60.0]}), "Metrics"
    )


def test_what_never_differs_is_folded_and_what_nobody_defines_left_out(night: Any) -> None:
    outline = made(night, {"violations": [1.0]}, {"violations": [1.0, 2.0]})
    assert list(table(outline, "Metrics")) == ["violations"]
    folded = prose(outline, "Metrics").partition("The same in every pair: ")[2]
    assert "flights that flew; time in violation; incursions;" in folded
    assert "95th percentile" not in folded  # NaN on both sides
    assert prose(outline, "Violations by cause") == (
        "The same in every pair: never_addressed; disregarded."
    )


def test_what_one_side_lacks_has_no_difference(night: Any) -> None:
    outline = made(night, {"site_incursions": [2.0]})
    row = table(outline, "Metrics")["incursions upon sites"]
    assert row == ["No difference shows", "2", "-", "-", "-", "-", "0"]
    assert "the means are of those that have one" not in prose(outline, "Metrics")
    partly = made(night, {"latency_p95_s": [60.0, float("nan")]}, {"latency_p95_s": [120.0]})
    row = table(partly, "Metrics")["drafted to handled, 95th percentile, min"]
    assert row == ["A difference shows", "1", "2", "+1", "always the same", "-", "20"]
    assert "the difference is of the pairs in which both have" in prose(partly, "Metrics")


def test_a_percentile_of_one_notice_is_told_once(night: Any) -> None:
    both = ("latency_p50_s", "latency_p95_s")
    before, after = {name: [60.0] for name in both}, {name: [60.0, 120.0] for name in both}
    rows = table(made(night, before, after), "Metrics")
    assert "drafted to handled, median, min" in rows
    assert "drafted to handled, 95th percentile, min" not in rows


def test_causes_have_their_own_table(worse: Comparison) -> None:
    rows = table(comparison_account(worse), "Violations by cause")
    assert list(rows) == ["unanswered"]
    assert rows["unanswered"][1] == "calls unanswered"


def test_what_was_changed_is_listed_and_cut(worse: Comparison) -> None:
    assert table(comparison_account(worse), "What was changed") == {
        "channels.line.answer.probability": ["", "0.8", "0.4"]
    }
    many = {f"f{k}": FLIGHT for k in range(20)}
    other = scenario(channels={"line": FLAKY}, zones={"z": ZONE}, flights=many)
    outline = comparison_account(compare(BEFORE, other, 2))
    rows = table(outline, "What was changed")
    assert len(rows) == 12
    assert rows["flights.f0"] == ["", "not given", "{party: south, route: [0N 2W, 0N ..."]
    assert "... and 9 more; --format json lists all." in prose(outline, "What was changed")


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_its_width(worse: Comparison, width: int) -> None:
    lines = text.render(comparison_account(worse), io.StringIO(), width).splitlines()
    assert max(map(len, lines)) <= width


def test_names_that_differ_are_both_in_the_title() -> None:
    other = compare(BEFORE, WORSE.replace({"name": "Worse", "end": "+7 h"}), 2)
    outline = comparison_account(other)
    assert outline.title == "Story, against Worse"
    assert "(6 h), against 2026-01-01 00:00Z to 2026-01-01 07:00Z (7 h)" in outline.subtitle


def test_programs_read_strict_json(worse: Comparison) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    tree = json.loads(comparison_report(worse, "json"), parse_constant=refuse)
    assert tree["schema"] == "keepout-comparison/1"
    assert (tree["seed"], tree["replications"]) == (3, N)
    assert tree["before"] == tree["after"]  # their names and times
    assert tree["changes"] == [
        {"path": "channels.line.answer.probability", "before": "0.8", "after": "0.4"}
    ]
    assert set(tree["metrics"]) == {*FIGURES, *CAUSES}
    found, paired = tree["metrics"]["violations"], worse.metrics["violations"]
    assert found["before"] == records.replications_record(worse.before, ())["metrics"]["violations"]
    assert found["difference"]["mean"] == round(paired.difference.mean, 6)
    assert found["independent_n"] == round(paired.independent_n, 6)
    assert (found["n"], found["differing"]) == (N, worse.differing["violations"])
    absent = tree["metrics"]["site_incursions"]
    assert (absent["difference"]["mean"], absent["variance_ratio"], absent["n"]) == (None, None, 0)


def test_tables_have_a_row_for_each_metric(worse: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(comparison_report(worse, "csv"))))
    assert [row["metric"] for row in rows] == list(worse.metrics)
    assert float(rows[0]["difference"]) == worse.metrics["violations"].difference.mean


def test_markdown_has_the_same_parts(worse: Comparison) -> None:
    out = comparison_report(worse, "markdown")
    assert out.startswith("# Story: before and after\n")
    for part in (
        "## What was changed",
        "## Metrics",
        "### A difference shows",
        "| per replication",
    ):
        assert part in out


def test_no_difference_is_never_signed() -> None:
    quiet = compare(BEFORE, LATER, 3)
    assert quiet.metrics["violations"].difference == Interval(0.0, 0.0, 0.0, 0.95, 3)
    assert "+0 " not in comparison_report(quiet, "text")
