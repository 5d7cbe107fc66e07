"""Overlaps of plans: of every kind, and only between different parties."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories import FLIGHT, ZONE, run_of

AREA = {"circle": {"center": "0N 0E", "radius": "10 km"}}
OPERATION: dict[str, Any] = {
    "party": "south",
    "area": AREA,
    "altitude": ["FL100", "FL300"],
    "window": {"start": "+90 min", "duration": "1 h"},
}


def test_every_kind_is_found_with_its_window_altitudes_and_area() -> None:
    north = OPERATION | {"party": "north", "altitude": ["FL200", "FL400"]}
    own = {"party": "south", "area": AREA, "altitude": ["SFC", "FL150"]}
    own |= {"window": {"start": "+150 min", "duration": "1 h"}}
    run = run_of(
        operations={"n": north, "s": OPERATION},
        zones={"z": ZONE, "y": own},
        flights={"f": FLIGHT},
    )
    feet = 0.3048
    circle = 3.14159265 * 10**2
    found = {
        (o.kind, o.first, o.second): (o.start / 60, o.end / 60, o.lower_m, o.upper_m, o.area_km2)
        for o in run.overlaps
    }
    into, middle = 222_638.982 / 20_000 - 0.5, 222_638.982 / 20_000
    level = 20_000 * feet
    assert found.keys() == {
        ("operation-operation", "n", "s"),
        ("operation-zone", "s", "z"),
        ("zone-zone", "y", "z"),
        ("flight-zone", "f", "z"),  # and not the operation n, whose floor it flies along
    }
    assert found["operation-operation", "n", "s"] == pytest.approx(
        (90, 150, 20_000 * feet, 30_000 * feet, circle), rel=1e-4
    )
    assert found["operation-zone", "s", "z"] == pytest.approx(
        (90, 150, 10_000 * feet, 30_000 * feet, circle), rel=1e-4
    )
    start, end, lower, upper, area = found["zone-zone", "y", "z"]
    assert (start, end, lower) == (150, 180, None)
    assert upper == pytest.approx(15_000 * feet)
    assert area == pytest.approx(circle, rel=1e-4)
    start, end, lower, upper, area = found["flight-zone", "f", "z"]
    assert (start, end) == pytest.approx((90 + into - 2, 90 + middle + 2.5), abs=1e-5)
    assert (lower, upper, area) == (level, level, None)


def test_plans_of_one_party_do_not_overlap() -> None:
    run = run_of(operations={"s": OPERATION}, flights={"f": FLIGHT})
    assert run.overlaps == ()


def test_windows_that_touch_do_not_overlap() -> None:
    later = OPERATION | {"party": "north", "window": {"start": "+150 min", "duration": "1 h"}}
    assert run_of(operations={"n": later, "s": OPERATION}).overlaps == ()


def test_bands_that_touch_do_not_overlap() -> None:
    above = OPERATION | {"party": "north", "altitude": ["FL300", "FL400"]}
    assert run_of(operations={"n": above, "s": OPERATION}).overlaps == ()


def test_the_plan_overlaps_even_where_the_flight_then_keeps_out() -> None:
    run = run_of(zones={"z": ZONE}, flights={"f": FLIGHT})
    assert [o.kind for o in run.overlaps] == ["flight-zone"]
    assert run.violations == ()


def test_plans_beyond_the_horizon_do_not_overlap() -> None:
    # The flight would be inside from 98.6 to 103.6 min.
    late: dict[str, Any] = {"zones": {"z": ZONE}, "flights": {"f": FLIGHT}}
    assert run_of(end="+95 min", **late).overlaps == ()
    (cut,) = run_of(end="+100 min", **late).overlaps
    assert cut.end == 100 * 60


def test_an_exempt_flight_overlaps_and_says_so_with_its_altitudes_as_planned() -> None:
    run = run_of(zones={"z": ZONE | {"exempt": ["f"]}}, flights={"f": FLIGHT, "g": FLIGHT})
    assert [(o.first, o.exempt, o.reference) for o in run.overlaps] == [
        ("f", True, "FL"),
        ("g", False, "FL"),
    ]


def test_altitudes_of_different_references_are_given_above_mean_sea_level() -> None:
    north = OPERATION | {"party": "north", "altitude": ["1000 m MSL", "4000 m MSL"]}
    run = run_of(operations={"n": north, "s": OPERATION}, vertical={"qnh": "standard"})
    (overlap,) = run.overlaps
    # FL100 is 3048 m in the standard atmosphere, which is what QNH 1013.25 hPa makes of it.
    assert overlap.reference == "MSL"
    assert (overlap.lower_m, overlap.upper_m) == pytest.approx((3048, 4000))
