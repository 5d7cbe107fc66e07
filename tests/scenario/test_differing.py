"""In what scenarios differ: values by their meaning, where --set would put them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.differing import Change, find_changes
from sim.scenario.presets import MEDIA
from tests.stories import FLIGHT, LINE, ZONE, scenario

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
SHIPPED = [
    sim.load(path) for at in (".", "causes") for path in sorted((SCENARIOS / at).glob("*.yaml"))
]
SYRIA = sim.load(SCENARIOS / "northwest_syria_2022.yaml")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("zones.raid-area.notices.first.lead", "2 h", "30 min"),
        ("zones.raid-area.notices.first.lead", "2 h", {"uniform": {"min": "1 h", "max": "2 h"}}),
        ("channels.deconfliction-line.transfer.lognormal.median", "5 min", "6 min"),
        ("channels.deconfliction-line.answer.probability", "0.85", "0.5"),
        ("channels.deconfliction-line.loss", MEDIA["hotline"]["loss"], "0.5"),
        ("flights.patrol.route.1", "35.9N 36.5E", "36N 36E"),
        ("flights.patrol.altitude", "FL250", "FL260"),
        ("zones.raid-area.exempt", [], ["aid-flight"]),
        ("parties.civil.response.comply", None, "0.5"),
        ("vertical.terrain", "400 m", "500 m"),
        ("end", "2022-02-03T06:00Z", "2022-02-03T07:00Z"),
    ],
)
def test_a_value_that_was_set_is_found_where_it_was_set(path: str, before: Any, after: Any) -> None:
    changed = SYRIA.replace({path: after})
    assert find_changes(SYRIA, changed) == (Change(path, before, after),)
    assert find_changes(changed, SYRIA) == (Change(path, after, before),)


def test_what_means_the_same_is_no_change() -> None:
    same = SYRIA.replace(
        {
            "name": "Another name",
            "zones.raid-area.notices.first.lead": "120 min",
            "zones.raid-area.notices.first.to": "russia",
            "parties.us.desk": {},
        }
    )
    assert find_changes(SYRIA, same) == ()


def test_what_one_lacks_is_none_there() -> None:
    one = scenario(zones={"z": ZONE})
    two = scenario(zones={"z": ZONE}, flights={"f": FLIGHT})
    (found,) = find_changes(one, two)
    assert (found.path, found.before) == ("flights.f", None)
    assert found.after == FLIGHT


def test_what_follows_from_a_medium_is_no_change_of_its_own() -> None:
    bare = {"medium": "hotline", "between": ["north", "south"]}
    one = scenario(channels={"line": bare})
    two = scenario(channels={"line": bare | {"medium": "datalink"}})
    assert find_changes(one, two) == (Change("channels.line.medium", "hotline", "datalink"),)


def test_an_author_s_own_keys_are_no_change() -> None:
    one = scenario(channels={"line": LINE | {"x-note": "mine"}})
    assert find_changes(one, scenario()) == ()


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.name)
def test_swapped_scenarios_have_the_same_changes(one: Any) -> None:
    assert find_changes(one, one.replace({})) == ()
    for other in SHIPPED:
        there = {change.path: (change.before, change.after) for change in find_changes(one, other)}
        back = {change.path: (change.after, change.before) for change in find_changes(other, one)}
        assert there == back
        assert bool(there) == (other is not one)
