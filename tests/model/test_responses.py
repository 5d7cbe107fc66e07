"""Changes of level, holds, margins in time and who heeds what, told as (minutes, what).

Flight and zone are those of `test_flights`: the flight is at FL200 and would be inside from
98.631 949 to 103.631 949 min. 1,000 ft take 40 s at 1,500 ft/min, and 3,000 ft two minutes.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.model.journal import (
    FlightActed,
    FlightArrived,
    FlightDeparted,
    FlightFlown,
    UnitReacted,
)
from sim.model.streams import Streams
from sim.scenario.fields import ACTIONS
from tests.model.test_flights import AT_ONCE, ENTRY, acted, flown, told_at
from tests.oracles import derive_cause
from tests.stories import FLIGHT, ZONE, journal_of, run_of

INSIDE = 90 + ENTRY  # minutes
OUTSIDE = INSIDE + 5
FOOT = 0.3048
FL200 = 20_000 * FOOT


def told_of(
    minute: float,
    altitude: list[str],
    flight: dict[str, Any] = FLIGHT,
    *,
    end: str = "+180 min",
    **response: Any,
) -> dict[str, Any]:
    """Tell the flight at a minute of a zone between two altitudes."""
    story = told_at(minute, flight, **response)
    window = {"start": "+60 min", "end": end}
    story["zones"]["z"] = story["zones"]["z"] | {"altitude": altitude, "window": window}
    return story


def levels(story: dict[str, Any], *minutes: float) -> list[float]:
    """Give the flight levels (in hundreds of feet) that were flown at some minutes."""
    track = flown(run_of(**story).journal)
    return [round(track.at(minute * 60).altitude_m / FOOT / 100, 3) for minute in minutes]


LOW = ["SFC", "FL220"]
HIGH = ["FL180", "UNL"]


@pytest.mark.parametrize(
    ("action", "altitude", "changed"), [("climb", LOW, 230), ("descend", HIGH, 170)]
)
def test_a_flight_changes_level_at_once_and_comes_back(
    action: str, altitude: list[str], changed: float
) -> None:
    story = told_of(94, altitude, actions=[action])
    run = run_of(**story)
    assert acted(run.journal) == [(94, action)]
    assert run.violations == ()
    halfway = (200 + changed) / 2
    over = [94, 95, 96, INSIDE, OUTSIDE, OUTSIDE + 1, OUTSIDE + 2.001, 112]
    expected = [200, halfway, changed, changed, changed, halfway, 200, 200]
    assert levels(story, *over) == pytest.approx(expected, abs=0.01)
    (arrived,) = run.journal.of(FlightArrived)
    assert arrived.at / 60 == pytest.approx(90 + 445_277.963 / 20_000)
    assert run.journal.of(FlightActed)[0].extra_m == 0


@pytest.mark.parametrize(
    ("action", "altitude", "cause"),
    [("climb", LOW, "unable"), ("descend", HIGH, "unable")],
)
def test_a_change_of_level_is_complete_before_the_border_or_not_begun(
    action: str, altitude: list[str], cause: str
) -> None:
    in_time = run_of(**told_of(INSIDE - 2.01, altitude, actions=[action]))
    assert [what for _, what in acted(in_time.journal)] == [action]
    assert in_time.violations == ()
    late = run_of(**told_of(INSIDE - 1.99, altitude, actions=[action]))
    assert [what for _, what in acted(late.journal)] == ["none"]
    assert [v.cause for v in late.violations] == [cause]
    faster = told_of(INSIDE - 1.99, altitude, actions=[action], climb_rate="1510 ft/min")
    assert [what for _, what in acted(run_of(**faster).journal)] == [action]


def test_a_flight_has_to_be_back_at_its_level_when_it_arrives() -> None:
    # The descent of 2 min takes 40 km: 0.82E lies 41.3 km behind the border, 0.8E 39.1 km.
    for longitude, action in (("0.82E", "climb"), ("0.8E", "none")):
        short = FLIGHT | {"route": ["0N 2W", f"0N {longitude}"]}
        assert acted(run_of(**told_of(94, LOW, short, actions=["climb"])).journal) == [(94, action)]


def test_a_climb_before_departure_begins_with_it() -> None:
    story = told_of(30, LOW, actions=["climb"])
    assert acted(run_of(**story).journal) == [(30, "climb")]
    assert levels(story, 90, 91, 92) == [200, 215, 230]


def test_a_level_is_kept_no_longer_than_the_zone_lasts() -> None:
    story = told_of(94, LOW, end="+101 min", actions=["climb"])
    assert levels(story, 100.99, 102, 103.01) == pytest.approx([230, 215, 200], abs=0.01)
    assert run_of(**story).violations == ()


@pytest.mark.parametrize("action", ["climb", "descend"])
def test_nobody_climbs_over_or_goes_under_what_has_no_end(action: str) -> None:
    assert acted(run_of(**told_of(30, ["SFC", "UNL"], actions=[action])).journal) == [(30, "none")]


@pytest.mark.parametrize(
    ("action", "altitude", "limit", "expected"),
    [
        ("climb", LOW, {"ceiling": "FL230"}, "climb"),
        ("climb", LOW, {"ceiling": "FL229"}, "none"),
        ("descend", HIGH, {"floor": "FL170"}, "descend"),
        ("descend", HIGH, {"floor": "FL171"}, "none"),
        ("climb", LOW, {"ceiling": "FL229", "vertical_margin": "900 ft"}, "climb"),
        ("descend", ["FL10", "UNL"], {"climb_rate": "9000 ft/min"}, "none"),  # the sea
        ("descend", ["FL11", "UNL"], {"climb_rate": "9000 ft/min"}, "descend"),
    ],
)
def test_limits_of_a_level(
    action: str, altitude: list[str], limit: dict[str, Any], expected: str
) -> None:
    assert acted(run_of(**told_of(94, altitude, actions=[action], **limit)).journal) == [
        (94, expected)
    ]


def test_the_ground_is_where_the_scenario_says() -> None:
    for terrain, expected in (("3300 ft", "descend"), ("3500 ft", "none")):
        story = told_of(94, ["FL44", "UNL"], actions=["descend"], climb_rate="9000 ft/min")
        vertical = {"terrain": terrain, "qnh": "standard"}
        assert acted(run_of(**story, vertical=vertical).journal) == [(94, expected)]


@pytest.mark.parametrize(("floor", "level"), [("FL240", 230), ("FL235", 270), ("FL220", 270)])
def test_the_nearest_level_is_one_that_is_free_with_its_margin(floor: str, level: float) -> None:
    story = told_of(92, LOW, actions=["climb"])
    story["zones"]["y"] = story["zones"]["z"] | {"altitude": [floor, "FL260"]}
    story["channels"] = {"line": AT_ONCE | {"lines": 2}}
    run = run_of(**story)
    assert run.violations == ()
    assert levels(story, INSIDE) == [level]


def test_a_flight_stays_high_until_past_what_it_would_come_down_into() -> None:
    # Planned down from FL300 to FL140 over the whole way: FL220 in the middle of the zone.
    down = FLIGHT | {
        "route": [{"at": "0N 2W", "altitude": "FL300"}, {"at": "0N 2E", "altitude": "FL140"}],
    }
    story = told_of(92, LOW, down, actions=["climb"], vertical_margin="2000 ft")
    run = run_of(**story)
    assert acted(run.journal) == [(92, "climb")]
    assert run.violations == ()
    # FL240 from where it reaches that by plan, 8.35 min after departure; it comes down faster.
    planned = [300 - 160 * (minute - 90) / (445_277.963 / 20_000) for minute in (95, 112)]
    assert levels(story, 95, 98.5, OUTSIDE, 112) == pytest.approx(
        [planned[0], 240, 240, planned[1]], abs=0.01
    )


def test_a_flight_holds_before_the_zone_until_it_is_over() -> None:
    story = told_at(92, actions=["hold"], margin="10 km")
    run = run_of(**story)
    assert acted(run.journal) == [(92, "hold")]
    assert run.violations == ()
    # 10 km are half a minute: it waits from 98.13 until half a minute before the end.
    wait = 180 - INSIDE
    assert run.metrics["held_s"] / 60 == pytest.approx(wait, abs=1e-4)
    track = flown(run.journal)
    assert track.at(150 * 60).lon == pytest.approx(-60_000 / 111_319.491, abs=1e-6)
    assert track.end / 60 == pytest.approx(90 + 445_277.963 / 20_000 + wait, abs=1e-4)


def test_a_flight_within_its_margin_holds_where_it_is() -> None:
    run = run_of(**told_at(98.4, actions=["hold"], margin="10 km"))
    assert acted(run.journal) == [(98.4, "hold")]
    assert run.violations == ()
    assert flown(run.journal).at(150 * 60).lon == pytest.approx(-2 + 168_000 / 111_319.491)


def test_a_hold_over_the_limit_is_no_way_out() -> None:
    for limit, action in (("81 min", "none"), ("82 min", "hold")):
        run = run_of(**told_at(92, actions=["hold"], max_hold=limit))
        assert acted(run.journal) == [(92, action)]
    assert acted(run_of(**told_at(30, actions=["hold"])).journal) == [(30, "none")]


def test_a_flight_holds_at_once_where_the_last_place_is_not_free() -> None:
    # The place 60 km before the middle is in y from 100 to 120, when the flight has passed y.
    story = told_at(92, actions=["hold"], margin="10 km")
    story["zones"]["y"] = story["zones"]["z"] | {
        "area": {"circle": {"center": "0N 0.54W", "radius": "20 km"}},
        "window": {"start": "+100 min", "end": "+120 min"},
    }
    story["channels"] = {"line": AT_ONCE | {"lines": 2}}
    run = run_of(**story)
    assert run.violations == ()
    assert flown(run.journal).at(150 * 60).lon == pytest.approx(-2 + 40_000 / 111_319.491)


def test_what_was_held_before_counts_towards_the_limit() -> None:
    notices = {
        "first": {"to": "south", "via": "line", "at": "+92 min"},
        "second": {"to": "south", "via": "line", "at": "+120 min"},
    }
    operation = {
        "party": "north",
        "area": ZONE["area"],
        "altitude": ZONE["altitude"],
        "window": {"start": "+60 min", "end": "+110 min"},
        "overrun": "30 min",
    }
    cover = {
        "covers": "op",
        "notices": {"first": notices["first"]},
        "amend": {"overrun": {"extend": "30 min"}},
    }
    # Held from 98.53 to 109.90 and told at 110 of 30 min more: 11.4 and 30 - 0.1 min.
    for limit, actions in (("45 min", ["hold", "hold"]), ("35 min", ["hold", "none"])):
        story = told_at(92, actions=["hold"], max_hold=limit, margin="2 km")
        run = run_of(**story | {"zones": {"z": cover}}, operations={"op": operation})
        assert [what for _, what in acted(run.journal)] == actions


def test_a_flight_told_inside_waits_outside_if_it_would_rather() -> None:
    for limit, is_diverted in (("90 min", False), ("10 min", True)):
        run = run_of(**told_at(100, actions=["hold", "divert"], max_hold=limit))
        assert acted(run.journal) == [(100, "exit")]
        assert run.journal.of(FlightArrived)[0].diverted is is_diverted
        assert (run.metrics["held_s"] > 0) is not is_diverted


def test_a_flight_that_plans_to_hover_is_not_held() -> None:
    route = ["0N 2W", {"at": "0N 1.5W", "time": "10 min"}, {"at": "0N 1.5W", "time": "40 min"}]
    hover = FLIGHT | {"route": [*route, {"at": "0N 2E", "time": "1 h"}]}
    del hover["speed"]
    assert run_of(flights={"f": hover}).metrics["held_s"] == 0


def test_a_delay_keeps_the_margin_in_time_where_it_can() -> None:
    for limit, margin in (("92 min", 10), ("91 min", 0)):
        story = told_at(30, actions=["delay"], time_margin="10 min", max_delay=limit)
        run = run_of(**story)
        assert acted(run.journal) == [(30, "delay")]
        departed = run.journal.of(FlightDeparted)[0].at / 60
        assert departed == pytest.approx(180 + margin - ENTRY, abs=1e-5)


def test_no_way_leads_round_what_a_flight_would_depart_in() -> None:
    # Told at 33 of a zone in force from 60 to 180; to depart in its middle at 90.
    inside = FLIGHT | {"route": ["0N 0E", "0N 2E"]}
    for actions, expected in ((["reroute", "delay"], "delay"), (["reroute"], "none")):
        run = run_of(
            zones={"z": ZONE},
            flights={"f": inside},
            parties={"north": {}, "south": {"response": {"actions": actions}}},
        )
        assert [record.action for record in run.journal.of(FlightActed)] == [expected]
        assert [v.cause for v in run.violations] == (["unable"] if expected == "none" else [])


@pytest.mark.parametrize(("margin", "expected"), [("6 min", []), ("7 min", [(30, "reroute")])])
def test_a_flight_goes_round_what_begins_soon_after_it(margin: str, expected: list[Any]) -> None:
    # Departing at 40 it leaves the area 53.63 min after the start, 6.37 min before the zone.
    early = FLIGHT | {"departs": "+40 min"}
    run = run_of(**told_at(30, early, actions=["reroute"], time_margin=margin))
    assert acted(run.journal) == expected


def heeded(seed: int = 0, **sections: Any) -> list[bool]:
    return [record.heeded for record in journal_of(seed, **sections).of(UnitReacted)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"base": 1}, True),
        ({"base": 0}, False),
        ({"base": 0, "from": {"north": 1}}, True),
        ({"base": 1, "from": {"north": 0}}, False),
        ({"base": 1, "from": {"east": 0}}, True),
        ({"from": {"east": 0}}, True),
    ],
)
def test_compliance_depends_on_who_sends(rule: dict[str, Any], expected: bool) -> None:
    story = told_at(30, comply=rule)
    story["parties"]["east"] = {}
    assert heeded(**story) == [expected]


@pytest.mark.parametrize(
    ("minute", "reaction", "expected"),
    [
        (30, "0 min", True),  # 30 min are left
        (30.1, "0 min", False),
        (29, "1 min", True),
        (29, "1.1 min", False),
        (50, "0 min", False),
        (50.1, "0 min", True),  # less than 10 min, of which the other factor tells
        (70, "0 min", True),  # it has begun
    ],
)
def test_compliance_depends_on_how_much_notice_is_left(
    minute: float,
    reaction: str,
    expected: bool,
) -> None:
    steps = [{"lead": "30 min", "factor": 0}, {"lead": "10 min", "factor": 1}]
    story = told_at(minute, reaction=reaction, comply={"lead_under": steps})
    assert heeded(**story) == [expected]


def test_compliance_depends_on_how_many_notices_came_before() -> None:
    notices = {f"n{k}": {"to": "south", "via": "line", "at": f"+{10 * k} min"} for k in range(1, 5)}
    steps = [{"count": 3, "factor": 1}, {"count": 2, "factor": 0}]
    story = told_at(0, comply={"after_notices": steps})
    story["zones"]["z"] = story["zones"]["z"] | {"notices": notices}
    assert heeded(**story) == [True, True, False, True]


def test_one_draw_decides_whatever_the_probability_depends_on() -> None:
    rules = {
        0.8: 0.8,
        0.4: {"base": 0.8, "lead_under": [{"lead": "1 h", "factor": 0.5}]},
        0.1: {"from": {"north": 0.2}, "lead_under": [{"lead": "1 h", "factor": 0.5}]},
    }
    for seed in range(30):
        drawn = Streams(seed).uniform(("unit", "f", "z", "first"), "comply", 1)
        for probability, rule in rules.items():
            assert heeded(seed, **told_at(30, comply=rule)) == [drawn < probability]


def test_factors_multiply() -> None:
    rule = {
        "base": 0.9,
        "lead_under": [{"lead": "1 h", "factor": 0.9}],
        "after_notices": [{"count": 1, "factor": 0.5}],
    }
    story = told_at(30, comply=rule)
    story["zones"]["z"]["notices"]["second"] = {"to": "south", "via": "line", "at": "+40 min"}
    for seed in range(30):
        draws = [
            Streams(seed).uniform(("unit", "f", "z", notice), "comply", 1)
            for notice in ("first", "second")
        ]
        assert heeded(seed, **story) == [draws[0] < 0.81, draws[1] < 0.405]


def test_a_unit_with_a_response_of_its_own_takes_the_rest_from_its_party() -> None:
    party: dict[str, Any] = {
        "comply": 0.5,
        "margin": "10 km",
        "actions": ["cancel"],
        "max_detour": "1 km",
    }
    own: dict[str, Any] = {"comply": 1, "actions": ["reroute"], "max_detour": "90 km"}
    told = told_at(30, **party)
    merged = told_at(30, **party | own)
    told["parties"]["south"]["units"] = {"f": {"response": own}}
    for seed in range(5):
        assert journal_of(seed, **told).dumps() == journal_of(seed, **merged).dumps()


def test_units_of_one_party_respond_each_in_its_own_way() -> None:
    story = told_at(30, actions=["cancel"])
    story["flights"] = {
        "f": FLIGHT,
        "g": FLIGHT | {"unit": "wing"},
        "h": FLIGHT | {"repeat": {"every": "1 min", "count": 2}},
    }
    story["parties"]["south"]["units"] = {
        "wing": {"response": {"actions": ["reroute"]}},
        "h": {"response": {"actions": ["delay"]}},
    }
    found = {(record.flight, record.action) for record in journal_of(**story).of(FlightActed)}
    assert found == {("f", "cancel"), ("g", "reroute"), ("h#1", "delay"), ("h#2", "delay")}


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    east=st.floats(-1.5, 1.5),
    north=st.floats(-1.5, 1.5),
    final=st.sampled_from(["FL200", "FL100", "FL280"]),
    told=st.integers(0, 200),
    band=st.sampled_from([["SFC", "FL220"], ["FL180", "UNL"], ["FL150", "FL240"]]),
    second=st.sampled_from([["SFC", "UNL"], ["FL230", "FL270"], ["FL100", "FL185"]]),
    actions=st.permutations(ACTIONS).map(lambda x: x[:3]),
    margin=st.sampled_from(["0 min", "10 min"]),
)
def test_what_is_done_keeps_out_whatever_the_story(
    *,
    east: float,
    north: float,
    final: str,
    told: int,
    band: list[str],
    second: list[str],
    actions: list[str],
    margin: str,
) -> None:
    middle = (
        f"{abs(north):.4f}{'S' if north < 0 else 'N'} {abs(east):.4f}{'W' if east < 0 else 'E'}"
    )
    route = ["0N 2W", {"at": middle, "altitude": final}, "0.1N 2E"]
    story = told_of(told, band, FLIGHT | {"route": route}, actions=actions, time_margin=margin)
    story["zones"]["y"] = story["zones"]["z"] | {
        "area": {"circle": {"center": "0.3N 0.6E", "radius": "40 km"}},
        "altitude": second,
        "window": {"start": "+95 min", "end": "+130 min"},
    }
    story["channels"] = {"line": AT_ONCE | {"lines": 2}}
    run = run_of(**story)
    for violation in run.violations:
        derived = derive_cause(
            run.scenario.document,
            run.journal.dumps(),
            flight="f",
            zone=violation.zone,
            entry=violation.entry,
        )
        assert derived == violation.cause
        if violation.cause == "unable":  # only who found nothing to do fails; what is done works
            acts = [a.action for a in run.journal.of(FlightActed) if a.at <= violation.entry]
            assert {"none", "exit"} & {*acts}
    # Who changed its level is back at the planned one when it arrives.
    for flight in run.journal.of(FlightFlown):
        if run.journal.of(FlightArrived) and not run.journal.of(FlightArrived)[0].diverted:
            assert flight.track.altitude_m[-1] == FL200
