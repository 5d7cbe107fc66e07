"""Plans nearer than the minima: told beside the overlaps, and never both."""

from __future__ import annotations

from typing import Any

import pytest

from sim.report.faces import run_report
from tests.geometry.oracle import GEOD
from tests.stories import FLIGHT, ZONE, run_of

# The flight's way north of the circle of 50 km comes nearest at its centre's meridian.
NORTH = FLIGHT | {"route": ["0.6N 2W", "0.6N 2E"]}
AZIMUTH, _, LENGTH = GEOD.inv(-2, 0.6, 2, 0.6)
MIDDLE = GEOD.fwd(-2, 0.6, AZIMUTH, LENGTH / 2)
APART = GEOD.inv(0, 0, *MIDDLE[:2])[2] - 50_000


def close(minima: dict[str, Any], **sections: Any) -> list[tuple[str, str, str]]:
    run = run_of(minima=minima, **sections)
    assert not {(o.first, o.second) for o in run.overlaps} & {
        (c.first, c.second) for c in run.close
    }
    return [(c.kind, c.first, c.second) for c in run.close]


def test_without_minima_nothing_is_close() -> None:
    assert run_of(zones={"z": ZONE}, flights={"f": NORTH}).close == ()


@pytest.mark.parametrize(("miles", "found"), [(8, 0), (10, 1)])
def test_a_flight_that_passes_nearer_than_the_minima_is_close(miles: int, found: int) -> None:
    sections = {"zones": {"z": ZONE}, "flights": {"f": NORTH}}
    pairs = close({"lateral": f"{miles} NM"}, **sections)
    assert pairs == [("flight-zone", "f", "z")] * found


def test_where_and_when_it_is_nearest() -> None:
    run = run_of(minima={"lateral": "10 NM"}, zones={"z": ZONE}, flights={"f": NORTH})
    (one,) = run.close
    assert one.lateral_m == pytest.approx(APART, abs=0.01)
    assert one.nearest / 60 == pytest.approx(90 + LENGTH / 2 / 20_000, abs=0.01)
    assert one.start < one.nearest < one.end


def test_what_enters_is_no_approach() -> None:
    run = run_of(minima={"lateral": "10 NM"}, zones={"z": ZONE}, flights={"f": FLIGHT})
    assert len(run.overlaps) == 1
    assert run.close == ()


def test_those_exempt_and_of_the_same_party_may_be_near() -> None:
    minima = {"lateral": "10 NM"}
    assert close(minima, zones={"z": ZONE | {"exempt": ["f"]}}, flights={"f": NORTH}) == []
    assert close(minima, zones={"z": ZONE}, flights={"f": NORTH | {"party": "north"}}) == []


def test_volumes_are_close_in_altitude_and_time_too() -> None:
    other = ZONE | {"party": "south", "notices": {}, "window": {"start": "+3 h", "duration": "1 h"}}
    assert close({"time": "10 min"}, zones={"z": ZONE, "y": other}) == [("zone-zone", "y", "z")]
    assert close({"lateral": "10 NM"}, zones={"z": ZONE, "y": other}) == []


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_reports_tell_of_it(form: Any) -> None:
    run = run_of(minima={"lateral": "10 NM"}, zones={"z": ZONE}, flights={"f": NORTH})
    report = run_report(run, form)
    if form in {"text", "markdown"}:
        assert "Nearer than the minima" in report
        assert "8.8 NM" in report  # 16.4 km
