"""The report of a sweep: the finding first, then fronts, points and drivers, in every format."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from sim.findings.names import METRICS
from sim.report import text
from sim.report.faces import sweep_report
from sim.report.figures import FIGURES, figure_of
from sim.report.outline import Paragraph, Table
from sim.report.responses import responses
from sim.stats import Interval
from sim.sweeps.design import Point
from tests.sweeps.studies import ANSWERED, LABELS, LEAD, made_up

if TYPE_CHECKING:
    from sim.report.faces import Format
    from sim.report.outline import Outline
    from sim.sweeps.answers import Answers

ASKED = {"metric": "p_uninformed", "target": "1 %", "cost": "denied_km2_h"}
PAIR = ["p_uninformed", "denied_km2_h"]
CHANCE, DENIED = (FIGURES[name].label for name in PAIR)
MORE = "more replications would"
ONE_VALUE = Interval(3.0, -math.inf, math.inf, 0.95, 1)


def chance(mean: float, low: float, high: float) -> Interval:
    return Interval(mean, low, high, 0.95, 400)


def headline(found: Answers) -> str:
    return responses(found).headline


def rows(outline: Outline, title: str) -> list[list[str]]:
    (section,) = (section for section in outline.sections if section.title == title)
    table = next(block for block in section.blocks if isinstance(block, Table))
    return [
        [column.title for column in table.columns],
        *([cell.text for cell in row] for group in table.groups for row in group.rows),
    ]


def prose(outline: Outline, title: str) -> list[str]:
    (section,) = (section for section in outline.sections if section.title == title)
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def titles(outline: Outline) -> list[str]:
    return [section.title for section in outline.sections]


def with_values(found: Answers, value: str) -> Answers:
    """Let the factor of the first point have a value."""
    first = found.estimates[0]
    object.__setattr__(first, "point", Point(0, {LEAD: value}, LABELS))
    return found


THREE: dict[str, list[Any]] = {
    "p_uninformed": [chance(0.2, 0.15, 0.25), chance(0.002, 0.0, 0.009), chance(0.0, 0.0, 0.008)],
    "denied_km2_h": [100.0, 1521.3, 2000.0],
}


class TestHeadline:
    def test_what_is_recommended_is_said_with_its_bound_and_its_cost(self) -> None:
        assert headline(made_up(THREE, recommend=ASKED)) == (
            "Recommended: point 1 (lead 2 min). It keeps chance of any by the uninformed within"
            " the target of 1.0%: 0.2%, and with 95% confidence at most 0.9%. Of the points that"
            " surely do, it is the cheapest by airspace denied (area x time): 1,521 km2 h."
        )

    def test_values_without_spread_claim_no_confidence(self) -> None:
        asked = {"metric": "violations", "target": "0.5", "cost": "denied_km2_h"}
        found = made_up({"violations": [0.0, 1.0], "denied_km2_h": [2.0, 1.0]}, recommend=asked)
        assert "violations within the target of 0.50: 0 in each of " in headline(found)
        assert "confidence" not in headline(found)

    def test_where_none_meets_the_target_the_nearest_is_named(self) -> None:
        found = made_up(THREE, recommend={**ASKED, "target": "0.05 %"})
        assert headline(found) == (
            "No point surely keeps chance of any by the uninformed within 0.05%. The nearest is"
            " point 2 (lead 3 min), with at most 0.8%; more replications, or other values of the"
            " factors, may find one."
        )

    def test_a_bound_that_reads_like_the_target_is_said_to_be_more(self) -> None:
        found = made_up(THREE, recommend={**ASKED, "target": "0.7951 %"})
        assert "within 0.8%. The nearest is point 2 (lead 3 min), with at most a little more;" in (
            headline(found)
        )

    @pytest.mark.parametrize(
        ("columns", "why"),
        [
            (
                {"p_uninformed": [math.nan, math.nan], "denied_km2_h": [1.0, 2.0]},
                f"no run gave a value of {CHANCE}.",
            ),
            (
                {"p_uninformed": [ONE_VALUE, math.nan], "denied_km2_h": [1.0, 2.0]},
                f"one value of {CHANCE} at each says nothing of how sure it is; {MORE}.",
            ),
            (
                {"p_uninformed": [0.0, 0.0], "denied_km2_h": [math.nan, math.nan]},
                f"where {CHANCE} surely meets the target, no run gave a value of {DENIED}.",
            ),
        ],
    )
    def test_why_none_can_be_recommended_is_said(self, columns: Any, why: str) -> None:
        found = made_up(columns, recommend=ASKED)
        assert headline(found) == f"No point can be recommended: {why}"

    def test_without_a_recommendation_it_goes_from_least_to_most(self) -> None:
        assert headline(made_up({"violations": [1.25, 0.5, math.nan]})) == (
            "Violations: from 0.50, at point 1 (lead 2 min), to 1.25, at point 0 (lead 1 min)."
        )

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ([2.0, 2.0 + 1e-12], "Violations: 2 at every point."),
            ([2.0, math.nan], "Violations: 2 at all that have any."),
            ([math.nan, math.nan], "No run gave a value of violations."),
        ],
    )
    def test_what_is_the_same_everywhere_is_said_so(self, values: list[float], said: str) -> None:
        assert headline(made_up({"violations": values})) == said


class TestPoints:
    def test_each_has_its_factors_and_its_means_with_intervals(self) -> None:
        outline = responses(made_up(THREE, recommend=ASKED))
        assert rows(outline, "All points") == [
            ["point", "lead", "p_uninformed", "denied_km2_h", "runs"],
            ["0", "1 min", "20.0% (15.0% to 25.0%)", "100 km2 h", "20"],
            ["1", "2 min", "0.2% (0.0% to 0.9%)", "1,521 km2 h", "20"],
            ["2", "3 min", "0.0% (0.0% to 0.8%)", "2,000 km2 h", "20"],
        ]
        (legend,) = prose(outline, "All points")
        assert legend == (
            "Means, with 95% intervals in parentheses; where there is none, all runs gave the"
            " same. p_uninformed is chance of any by the uninformed; denied_km2_h is airspace"
            " denied (area x time)."
        )
        assert outline.subtitle.endswith("; lead varied; 3 points, 60 runs, seed 0")

    def test_one_value_is_told_from_many_that_are_the_same(self) -> None:
        outline = responses(made_up({"violations": [ONE_VALUE, 3.0, math.nan]}))
        cells = [row[2] for row in rows(outline, "All points")[1:]]
        assert cells == ["3 (one value)", "3", "-"]

    def test_the_front_has_a_table_of_its_own(self) -> None:
        outline = responses(made_up(THREE, pareto=PAIR))
        assert [row[0] for row in rows(outline, "Not dominated")[1:]] == ["0", "1", "2"]
        assert titles(outline) == ["Not dominated", "All points"]
        assert titles(responses(made_up(THREE))) == ["All points"]

    def test_a_reader_gets_sixty(self) -> None:
        outline = responses(made_up({"violations": [float(k) for k in range(70)]}))
        assert len(rows(outline, "All points")) == 61
        assert prose(outline, "All points")[0] == "... and 10 more; --format json lists all."

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ("14.1421356237 km", "14.1421 km"),
            ("36.12345N 36.7E", "36.12345N 36.7E"),
            ("{" + "x: 1, " * 20 + "}", "{x: 1, x: 1, x: 1, x: 1, x: 1, x: 1, ..."),
        ],
    )
    def test_values_are_as_long_as_people_read(self, value: str, said: str) -> None:
        found = with_values(made_up({"violations": [1.0]}), value)
        assert rows(responses(found), "All points")[1][1] == said
        assert json.loads(sweep_report(found, "json"))["points"][0]["values"] == {"lead": value}

    def test_control_characters_are_shown_and_not_obeyed(self) -> None:
        found = with_values(made_up({"violations": [1.0]}), "a\x1b[31m\nb")
        forms: tuple[Format, ...] = ("text", "markdown")
        for form in forms:
            said = sweep_report(found, form)
            assert "\x1b" not in said
            assert "x1b" in said

    @pytest.mark.parametrize("width", [40, 80, 120])
    def test_no_line_is_wider_than_the_terminal(self, width: int) -> None:
        outline = responses(made_up(THREE, recommend=ASKED, pareto=PAIR))
        assert max(map(len, text.render(outline, width=width).splitlines())) <= width


class TestFailures:
    def test_they_are_counted_with_their_points(self) -> None:
        found = responses(made_up({"violations": [1.0, 2.0, 3.0]}, failed={0: 2, 2: 1}))
        (said,) = prose(found, "Failed runs")
        assert said == (
            "3 runs at points 0 and 2 failed and were left out; their rows in runs.parquet have"
            " their errors and their seed. --resume --retry-failed runs them again."
        )

    def test_one_is_one(self) -> None:
        found = responses(made_up({"violations": [1.0, 2.0]}, failed={1: 1}))
        (said,) = prose(found, "Failed runs")
        assert said == (
            "1 run at point 1 failed and was left out; its row in runs.parquet has its error and"
            " its seed. --resume --retry-failed runs it again."
        )


class TestDrivers:
    # Two base points of A, A with b of B for either factor, B: the second factor does nothing.
    SALTELLI = {"violations": [1.0, 3.0, 1.0, 3.0, 2.0, 0.0, 2.0, 0.0]}  # noqa: RUF012

    def test_sobol_indices_stand_by_factor(self) -> None:
        design = {"saltelli": {"points": "2"}}
        outline = responses(made_up(self.SALTELLI, factors=(LEAD, ANSWERED), design=design))
        head, lead, answered = rows(outline, "What drives it")
        assert head == ["factor", "alone", "95% interval", "in all", "95% interval"]
        assert lead[0] == "lead"
        assert float(lead[3]) > 0.0
        assert answered == ["answered", "0.00", "0.00 to 0.00", "0.00", "0.00 to 0.00"]
        said = prose(outline, "What drives it")
        assert said[0] == "Of violations, from 2 base points:"
        assert said[-1].startswith("Shares of the variance. Alone is the first-order Sobol' index")
        assert titles(outline) == ["What drives it", "All points"]

    def test_pairs_stand_below_where_they_were_drawn_for(self) -> None:
        design = {"saltelli": {"points": "2", "second-order": "true"}}
        values = {"violations": [float(k * k % 7) for k in range(12)]}
        outline = responses(made_up(values, factors=(LEAD, ANSWERED), design=design))
        (section,) = (one for one in outline.sections if one.title == "What drives it")
        _, pairs = (block for block in section.blocks if isinstance(block, Table))
        assert pairs.groups[0].rows[0][0].text == "lead with answered"
        assert "what neither explains alone" in prose(outline, "What drives it")[-1]

    def test_morris_effects_have_the_unit_of_their_metric(self) -> None:
        found = made_up(
            {"denied_km2_h": [100.0, 400.0, 100.0, 400.0]}, design={"morris": {"trajectories": "2"}}
        )
        outline = responses(found)
        head, lead = rows(outline, "What drives it")
        assert head == ["factor", "effect", "its size", "95% interval", "spread"]
        assert lead[0] == "lead"
        assert all(cell.endswith(" km2 h") for cell in lead[1:])
        assert prose(outline, "What drives it")[0] == (
            "On airspace denied (area x time), of 2 trajectories:"
        )

    @pytest.mark.parametrize("value", [1.0, math.nan])
    @pytest.mark.parametrize(
        ("design", "points"),
        [({"saltelli": {"points": "2"}}, 6), ({"morris": {"trajectories": "2"}}, 4)],
    )
    def test_what_never_varies_is_driven_by_nothing(
        self, value: float, design: Any, points: int
    ) -> None:
        found = made_up({"violations": [value] * points}, design=design)
        assert prose(responses(found), "What drives it") == ["Nothing is seen to drive violations."]
        json.loads(sweep_report(found, "json"), parse_constant=pytest.fail)


class TestForPrograms:
    def test_the_record_is_strict_and_tells_what_was_asked(self) -> None:
        found = made_up(
            {"p_uninformed": [chance(0.2, 0.1, 0.3), math.nan], "denied_km2_h": [ONE_VALUE, 1.0]},
            recommend=ASKED,
            pareto=PAIR,
            failed={1: 20},
        )
        tree = json.loads(sweep_report(found, "json"), parse_constant=pytest.fail)
        assert tree["schema"] == "keepout-sweep-report/1"
        assert tree["sweep"] == {
            "name": "Tiny",
            "seed": 0,
            "design": "grid",
            "pareto": PAIR,
            "recommend": {"metric": "p_uninformed", "target": 0.01, "cost": "denied_km2_h"},
        }
        assert tree["factors"] == {"lead": LEAD}
        assert (tree["recommended"], tree["sobol"], tree["morris"]) == (None, {}, {})
        first, second = tree["points"]
        assert first == {
            "point": 0,
            "values": {"lead": "1 min"},
            "runs": 20,
            "failed": 0,
            "metrics": {
                "p_uninformed": {
                    "mean": 0.2,
                    "low": 0.1,
                    "high": 0.3,
                    "confidence": 0.95,
                    "n": 400,
                },
                "denied_km2_h": {
                    "mean": 3.0,
                    "low": None,
                    "high": None,
                    "confidence": 0.95,
                    "n": 1,
                },
            },
            "pareto": True,
        }
        assert (second["failed"], second["pareto"]) == (20, False)
        assert second["metrics"]["p_uninformed"]["mean"] is None

    def test_the_point_recommended_is_named_by_its_number(self) -> None:
        tree = json.loads(sweep_report(made_up(THREE, recommend=ASKED), "json"))
        assert tree["recommended"] == 1
        assert {point["pareto"] for point in tree["points"]} == {None}

    def test_rows_leave_empty_what_there_is_not(self) -> None:
        found = made_up(
            {"p_uninformed": [chance(0.2, 0.1, 0.3), math.nan], "denied_km2_h": [ONE_VALUE, 1.0]}
        )
        head, first, second = csv.reader(io.StringIO(sweep_report(found, "csv")))
        assert head == [
            *("point", "lead", "p_uninformed", "p_uninformed_low", "p_uninformed_high"),
            *("denied_km2_h", "denied_km2_h_low", "denied_km2_h_high", "runs", "failed"),
        ]
        assert first == ["0", "1 min", "0.2", "0.1", "0.3", "3.0", "", "", "20", "0"]
        assert second == ["1", "2 min", "", "", "", "1.0", "1.0", "1.0", "20", "0"]


def test_small_shares_keep_a_digit() -> None:
    show = FIGURES["p_uninformed"].show
    shown = {0.0: "0.0%", 0.0005: "0.05%", 0.001: "0.1%", 0.0104: "1.0%", 1e-17: "0.0%"}
    assert {share: show(share) for share in shown} == shown


def test_every_metric_can_be_told_of() -> None:
    for name in METRICS:
        assert figure_of(name).label
        assert responses(made_up({name: [1.0, 2e3]})).headline.endswith("(lead 2 min).")
