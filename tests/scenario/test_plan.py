"""Plans share what does not differ between them, so that it is worked out once."""

from __future__ import annotations

from sim.scenario.plan import prepare
from tests.stories import FLIGHT, LINE, ZONE, scenario

STORY = scenario(channels={"line": LINE}, zones={"area": ZONE}, flights={"flight": FLIGHT})


def test_what_a_change_leaves_alone_is_the_same_in_both_plans() -> None:
    one = prepare(STORY)
    other = prepare(STORY.replace({"zones.area.notices.first.lead": "7 min"}))
    assert one.zones["area"].notices != other.zones["area"].notices
    assert one.zones["area"].volume.footprint is other.zones["area"].volume.footprint
    assert one.flights["flight"].track is other.flights["flight"].track


def test_what_a_change_touches_is_not() -> None:
    one, other = prepare(STORY), prepare(STORY.replace({"flights.flight.departs": "+50 min"}))
    assert one.flights["flight"].track.time[0] != other.flights["flight"].track.time[0]
