"""The report of many replications: headline, shares and intervals."""

from __future__ import annotations

import io
import math
from types import SimpleNamespace
from typing import Any

import pytest

from sim.findings.causes import CAUSES
from sim.report import text
from sim.report.estimates import estimates
from sim.report.outline import Paragraph, Table
from sim.stats import Interval, Share


class Many(SimpleNamespace):
    def __len__(self) -> int:
        return 200


@pytest.fixture
def many(night: Any, plan: Any) -> Any:
    metrics = {name: Interval(1.0, 1.0, 1.0, 0.95, 200) for name in night().metrics}
    metrics |= {
        "p_uninformed": Interval(0.82, 0.761, 0.867, 0.95, 200),
        "violation_s": Interval(1980.0, 1800.0, 2160.0, 0.95, 200),
        "latency_p50_s": Interval(300.0, -math.inf, math.inf, 0.95, 1),
        "latency_p95_s": Interval(math.nan, math.nan, math.nan, 0.95, 0),
    }
    causes = {cause: Share(0, 0.0, 0.0, 0.02) for cause in CAUSES}
    causes |= {
        "never_addressed": Share(200, 0.727, 0.685, 0.765),
        "lost": Share(75, 0.273, 0.2, 0.3),
    }
    made = plan()
    return Many(plan=made, scenario=made.scenario, seed=7, metrics=metrics, causes=causes)


def table(outline: Any, title: str) -> dict[str, list[str]]:
    (section,) = (section for section in outline.sections if section.title == title)
    tables = [block for block in section.blocks if isinstance(block, Table)]
    rows = [[cell.text for cell in row] for row in tables[0].groups[0].rows]
    return {row[0]: row[1:] for row in rows}


def test_the_headline_gives_the_chance_and_the_most_common_cause(many: Any, made: Any) -> None:
    outline = estimates(many, (made.overlap(),))
    assert outline.subtitle.endswith("seed 7, 200 replications")
    assert outline.headline == (
        "In 82.0% of 200 replications (95% interval 76.1% to 86.7%) at least one flight entered a"
        " zone that it did not know of. The most common cause is never_addressed (never told),"
        " 73% of all (68% to 76%). Plans overlap once (flight-zone)."
    )


def test_only_causes_that_occur_have_a_share(many: Any) -> None:
    assert table(estimates(many, ()), "Shares by cause") == {
        "never_addressed": ["never told", "200", "72.7%", "68.5% to 76.5%"],
        "lost": ["notice lost", "75", "27.3%", "20.0% to 30.0%"],
    }


def test_metrics_have_intervals_in_units_that_people_use(many: Any) -> None:
    rows = table(estimates(many, ()), "Metrics")
    assert rows["time in violation"] == ["33.0 min", "30.0 to 36.0 min", "200"]
    assert rows["chance of any by the uninformed"] == ["82.0%", "76.1% to 86.7%", "200"]
    assert rows["violations"] == ["1", "always the same", "200"]
    assert rows["drafted to handled, median"] == ["5.0 min", "unknown: one value", "1"]
    assert rows["extra distance"] == ["0.5 NM", "always the same", "200"]  # 1 km
    assert "drafted to handled, 95th percentile" not in rows


def test_replications_are_not_counted_where_all_define_all_metrics(many: Any) -> None:
    many.metrics |= dict.fromkeys(
        ("latency_p50_s", "latency_p95_s"), Interval(300.0, 240.0, 360.0, 0.95, 200)
    )
    outline = estimates(many, ())
    rows = table(outline, "Metrics")
    assert rows["drafted to handled, median"] == ["5.0 min", "4.0 to 6.0 min"]
    assert "drafted to handled, 95th percentile" not in rows  # which is of one notice each
    (metrics,) = (section for section in outline.sections if section.title == "Metrics")
    assert len(metrics.blocks) == 1


def test_nothing_happened_is_said(many: Any) -> None:
    many.causes = {cause: Share(0, math.nan, math.nan, math.nan) for cause in CAUSES}
    outline = estimates(many, ())
    assert "Nobody entered anything in any of them." in outline.headline
    assert Paragraph("Nobody entered anything in any replication.") in outline.sections[0].blocks


def test_it_fits_80_columns(many: Any) -> None:
    lines = text.render(estimates(many, ()), io.StringIO(), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.endswith("76.1% to 86.7%  200") for line in lines)
