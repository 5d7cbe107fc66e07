"""Gaps: what a declaration, or what a party holds, leaves out of an operation."""

from __future__ import annotations

from math import acos, pi, sqrt
from typing import Any

import pytest

from tests.stories import LINE, run_of

OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
    "altitude": ["FL100", "FL300"],
    "window": {"start": "+60 min", "duration": "1 h"},
}
CIRCLE = pi * 10**2  # km2; a flat circle, and the Earth is flat to 1e-6 over 10 km
FOOT = 0.3048


def crescent(radius: float, apart: float) -> float:
    """Give what one of two equal circles has outside the other, by the lens they share."""
    half = apart / 2
    lens = 2 * radius**2 * acos(half / radius) - apart * sqrt(radius**2 - half**2)
    return pi * radius**2 - lens


def gaps(operation: dict[str, Any], zone: dict[str, Any], **sections: Any) -> list[tuple[Any, ...]]:
    run = run_of(operations={"op": operation}, zones={"z": {"covers": "op"} | zone}, **sections)
    return [
        (g.kind, g.holder, g.start / 60, g.end / 60, g.area_km2, g.lower_m, g.upper_m)
        for g in run.gaps
    ]


def test_a_zone_as_large_as_its_operation_leaves_none() -> None:
    assert gaps(OPERATION, {}) == []


def test_an_overrun_leaves_a_gap_of_time() -> None:
    found = gaps(OPERATION | {"overrun": "30 min"}, {})
    assert found == [
        ("time", None, 120, 150, pytest.approx(CIRCLE, rel=1e-4), 10_000 * FOOT, 30_000 * FOOT)
    ]


def test_a_slip_leaves_one_at_the_end_only() -> None:
    found = gaps(OPERATION | {"slip": "20 min"}, {})
    assert [(kind, start, end) for kind, _, start, end, *_ in found] == [("time", 120, 140)]


def test_a_padding_covers_an_overrun() -> None:
    assert gaps(OPERATION | {"overrun": "30 min"}, {"window": {"pad": "30 min"}}) == []


def test_an_amendment_closes_the_gap_when_it_is_issued() -> None:
    amend = {"overrun": {"delay": "10 min", "extend": "1 h"}}
    found = gaps(OPERATION | {"overrun": "30 min"}, {"amend": amend})
    assert [(kind, start, end) for kind, _, start, end, *_ in found] == [("time", 120, 130)]


def test_a_smaller_area_leaves_a_gap_of_space() -> None:
    small = {"circle": {"center": "0N 0E", "radius": "6 km"}}
    found = gaps(OPERATION, {"area": small})
    ring = pytest.approx(pi * (10**2 - 6**2), rel=1e-4)
    assert found == [("space", None, 60, 120, ring, 10_000 * FOOT, 30_000 * FOOT)]


def test_an_offset_too_large_for_the_buffer_leaves_a_gap_of_space() -> None:
    # Coarser by nothing, and moved by 8 km: flat to 1e-6 over such distances.
    offset = {"by": "8 km", "bearing": "45 deg"}
    found = gaps(OPERATION, {"area": {"bounding_circle": "0 km", "offset": offset}})
    left = pytest.approx(crescent(10, 8), rel=1e-4)
    assert found == [("space", None, 60, 120, left, 10_000 * FOOT, 30_000 * FOOT)]


def test_a_moved_operation_leaves_a_gap_of_space_until_its_zone_follows() -> None:
    operation = OPERATION | {"moved": {"by": "8 km", "bearing": "45 deg"}}
    left = pytest.approx(crescent(10, 8), rel=1e-4)
    band = (10_000 * FOOT, 30_000 * FOOT)
    assert gaps(operation, {}) == [("space", None, 60, 120, left, *band)]
    # Decided at 60, as it begins; said at 75.
    amend = {"move": {"delay": "15 min"}}
    assert gaps(operation, {"amend": amend}) == [("space", None, 60, 75, left, *band)]


def test_a_party_not_yet_told_of_a_move_keeps_a_gap_of_its_own() -> None:
    operation = OPERATION | {"moved": {"by": "30 km", "bearing": "45 deg", "decided": "10 min"}}
    notices = {"first": {"to": "south", "via": "line", "at": "+10 min"}}
    found = gaps(operation, {"amend": {"move": {"delay": "8 min"}}, "notices": notices})
    # Issued at 58, before it begins; rung, answered at 59, delivered and handled at 61.
    whole = pytest.approx(CIRCLE, rel=1e-4)
    assert [gap[:5] for gap in found] == [("space", "south", 60, 61, whole)]


def test_an_offset_within_the_buffer_leaves_none() -> None:
    offset = {"by": "8 km", "bearing": "45 deg"}
    assert gaps(OPERATION, {"area": {"buffer": "8 km", "offset": offset}}) == []


@pytest.mark.parametrize(
    ("declared", "lower", "upper"),
    [
        (["SFC", "FL200"], 20_000, 30_000),
        (["FL150", "UNL"], 10_000, 15_000),
        (["FL150", "FL200"], 10_000, 30_000),
        (["FL400", "UNL"], 10_000, 30_000),
    ],
)
def test_a_narrower_band_leaves_a_gap_of_altitude(
    declared: list[str], lower: float, upper: float
) -> None:
    found = gaps(OPERATION, {"altitude": declared})
    area = pytest.approx(CIRCLE, rel=1e-4)
    assert found == [("altitude", None, 60, 120, area, lower * FOOT, upper * FOOT)]


def test_a_party_that_holds_an_old_version_leaves_a_gap_of_its_own() -> None:
    amend = {"overrun": {"extend": "1 h"}}
    notices = {"first": {"to": "south", "via": "line", "at": "+10 min"}}
    found = gaps(OPERATION | {"overrun": "30 min"}, {"amend": amend, "notices": notices})
    # Issued at 120, rung, answered at 121, delivered and handled at 123.
    assert [(kind, who, start, end) for kind, who, start, end, *_ in found] == [
        ("time", "south", 120, 123)
    ]


def test_a_garbled_position_leaves_a_gap_with_whom_it_misled() -> None:
    garble = {"probability": 1, "offset": "50 km", "bearing": "0 deg"}
    notices = {"first": {"to": "south", "via": "line", "at": "+10 min"}}
    found = gaps(OPERATION, {"notices": notices}, channels={"line": LINE | {"garble": garble}})
    assert [(kind, who, start, end) for kind, who, start, end, *_ in found] == [
        ("space", "south", 60, 120)
    ]
    assert found[0][4] == pytest.approx(CIRCLE, rel=1e-4)


def test_a_party_told_nothing_leaves_no_gap_of_its_own() -> None:
    assert gaps(OPERATION, {"notices": {}}) == []


def test_nothing_counts_after_the_horizon() -> None:
    found = gaps(OPERATION | {"overrun": "9 h"}, {})
    assert [(start, end) for _, _, start, end, *_ in found] == [(120, 360)]


def test_the_size_is_area_times_time() -> None:
    run = run_of(
        operations={"op": OPERATION | {"overrun": "30 min"}}, zones={"z": {"covers": "op"}}
    )
    assert run.gaps[0].km2_h == pytest.approx(CIRCLE / 2, rel=1e-4)
    assert run.metrics["gap_km2_h"] == run.gaps[0].km2_h
