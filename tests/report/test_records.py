"""The JSON report: field names, units, rounding, null, and the same bytes each time."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

from sim.report import records
from sim.stats import Interval, Share

ENTRY = {
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
    "evidence",
}


def test_the_fields_are_those_of_the_design(night: Any) -> None:
    tree = records.run_record(night())
    assert tree["schema"] == "keepout-report/1"
    assert set(tree) == {
        "schema",
        "scenario",
        "seed",
        "replication",
        "overlaps",
        "close",
        "violations",
        "incursions",
        "site_incursions",
        "gaps",
        "notices",
        "decisions",
        "notice_statistics",
        "ledgers",
        "disagreements",
        "metrics",
    }
    assert set(tree["violations"][0]) == ENTRY | {
        *("id", "flight", "party", "zone", "version", "incursions")
    }
    assert set(tree["incursions"][0]) == ENTRY | {"id", "flight", "party", "operation", "zones"}
    assert set(tree["overlaps"][0]) == {
        *("first", "second", "parties", "kind", "start", "end", "lower_m", "upper_m", "area_km2"),
        *("altitude_reference", "exempt"),
    }
    assert tree["overlaps"][0]["altitude_reference"] == "FL"
    assert tree["overlaps"][0]["exempt"] is False


def test_instants_are_iso_and_numbers_rounded(night: Any) -> None:
    violation = records.run_record(night())["violations"][0]
    # 5 h and 4.5678 s after 18:00Z.
    assert violation["entry"] == "2022-02-02T23:00:04.568Z"
    assert violation["exit"] == "2022-02-02T23:30:00Z"
    assert violation["duration_s"] == 1795.432
    assert violation["entry_lon"] == 36.1234568
    assert violation["evidence"][0] == {
        "at": "2022-02-02T23:00:04.568Z",
        "record": 17,
        "step": "entered",
        "text": "entered: never told",
    }


def test_what_is_absent_open_or_unbounded_is_null(night: Any, made: Any) -> None:
    tree = records.run_record(
        night(overlaps=(made.overlap(start=-math.inf, end=math.inf, area_km2=math.nan),))
    )
    overlap = tree["overlaps"][0]
    assert (overlap["start"], overlap["end"], overlap["area_km2"]) == (None, None, None)
    assert tree["violations"][1]["exit"] is None
    assert tree["violations"][1]["censored"] is True
    assert (tree["gaps"][0]["lower_m"], tree["gaps"][0]["upper_m"]) == (None, None)
    assert tree["metrics"]["latency_p95_s"] is None
    assert tree["metrics"]["denied_km2_h"] == 23123.456789


def test_there_is_no_negative_zero(night: Any, made: Any) -> None:
    tree = records.run_record(night(violations=(made.violation(depth_m=-0.0001),)))
    assert math.copysign(1.0, tree["violations"][0]["depth_m"]) == 1.0


def test_the_text_is_strict_json_and_always_the_same(night: Any, plan: Any) -> None:
    run = night(plan=plan(name='Ночь "one"\n'))
    text = records.dumps(records.run_record(run))
    assert text == records.dumps(records.run_record(run))
    assert json.loads(text)["scenario"]["name"] == 'Ночь "one"\n'
    assert "Ночь" in text
    assert text.endswith("}\n")


def test_replications_have_intervals_and_shares(plan: Any, made: Any) -> None:
    class Many(SimpleNamespace):
        def __len__(self) -> int:
            return 200

    made_of = Many(
        scenario=plan().scenario,
        seed=7,
        metrics={
            "violations": Interval(2.0, 1.5, 2.5, 0.95, 200),
            "latency_p50_s": Interval(300.0, -math.inf, math.inf, 0.95, 1),
        },
        causes={"lost": Share(40, 0.4, 0.3, 0.5), "unable": Share(0, math.nan, math.nan, math.nan)},
    )
    tree = records.replications_record(made_of, [made.overlap()])  # type: ignore[arg-type]
    assert tree["replications"] == 200
    assert tree["metrics"]["violations"] == {
        "mean": 2.0,
        "low": 1.5,
        "high": 2.5,
        "confidence": 0.95,
        "n": 200,
    }
    assert tree["metrics"]["latency_p50_s"]["low"] is None
    assert tree["causes"]["lost"] == {"violations": 40, "share": 0.4, "low": 0.3, "high": 0.5}
    assert tree["causes"]["unable"]["share"] is None
    assert len(tree["overlaps"]) == 1
