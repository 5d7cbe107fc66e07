"""Flights that are told to keep out, and what they do about it, told as (minutes, what).

The zone is 50 km round 0N 0E from 60 to 180 min; the flight passes its middle along the
equator at 20 km a minute. A degree of the equator is 111 319.491 m, so from 2W it is
222 638.982 m to the middle: 8.631 949 min to the border, 5 min inside.
"""

from __future__ import annotations

from math import acos, pi, sqrt
from typing import Any

import pytest

from sim.geometry.altitude import Reference, Vertical
from sim.geometry.track import Track
from sim.model.journal import (
    FlightActed,
    FlightArrived,
    FlightDeparted,
    FlightFlown,
    Journal,
    UnitReacted,
)
from sim.model.manoeuvres import Avoidance
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of

ENTRY = 222_638.982 / 20_000 - 2.5  # minutes from departure to the border
AT_ONCE = LINE | {
    "answer": {"probability": 1, "wait": "0 s", "patience": "5 min"},
    "transfer": "0 s",
}


def told_at(minute: float, flight: dict[str, Any] = FLIGHT, **response: Any) -> dict[str, Any]:
    """Tell the flight of the zone at a minute, all at once."""
    first = {"to": "south", "via": "line", "at": f"+{minute} min"}
    return {
        "zones": {"z": ZONE | {"issued": "+0 min", "notices": {"first": first}}},
        "flights": {"f": flight},
        "channels": {"line": AT_ONCE},
        "parties": {"north": {}, "south": {"response": response}},
    }


def flown(journal: Journal) -> Any:
    return journal.of(FlightFlown)[0].track


def acted(journal: Journal) -> list[tuple[float, str]]:
    return [(record.at / 60, record.action) for record in journal.of(FlightActed)]


def test_an_untold_flight_flies_as_planned() -> None:
    journal = journal_of(flights={"f": FLIGHT})
    assert [r.at / 60 for r in journal.of(FlightDeparted)] == [90]
    assert [r.at / 60 for r in journal.of(FlightArrived)] == pytest.approx(
        [90 + 445_277.963 / 20_000]
    )


def test_a_flight_on_the_ground_waits_until_it_meets_nothing() -> None:
    journal = journal_of(**told_at(30, actions=["delay"]))
    assert acted(journal) == [(30, "delay")]
    # It may be at the border when the window ends, at 180.
    departed = journal.of(FlightDeparted)[0].at / 60
    assert departed == pytest.approx(180 - ENTRY, abs=1e-5)
    assert journal.of(FlightActed)[0].delay_s / 60 == pytest.approx(90 - ENTRY, abs=1e-5)


def test_a_delay_over_the_limit_is_no_way_out() -> None:
    run = run_of(**told_at(30, actions=["delay"], max_delay="81 min"))
    assert acted(run.journal) == [(30, "none")]
    assert [v.cause for v in run.violations] == ["unable"]
    assert acted(journal_of(**told_at(30, actions=["delay"], max_delay="82 min"))) == [
        (30, "delay")
    ]


@pytest.mark.parametrize("minute", [30, 92])
def test_a_flight_goes_round_with_its_margin(minute: float) -> None:
    run = run_of(**told_at(minute, actions=["reroute"], margin="10 km"))
    assert acted(run.journal) == [(minute, "reroute")]
    assert run.violations == ()
    # Tangent, arc, tangent round a circle of 60 km, flat to well within 100 m of widening.
    begun = 222_638.982 - max(0, minute - 90) * 20_000
    legs = sqrt(begun**2 - 60_000**2) + sqrt(222_638.982**2 - 60_000**2)
    arc = 60_000 * (pi - acos(60_000 / begun) - acos(60_000 / 222_638.982))
    extra = legs + arc - begun - 222_638.982
    assert run.journal.of(FlightActed)[0].extra_m == pytest.approx(extra, abs=200)


def test_a_detour_over_the_limit_is_no_way_out() -> None:
    limited = told_at(30, actions=["reroute", "cancel"], max_detour="1 km")
    assert acted(journal_of(**limited)) == [(30, "cancel")]


def test_on_the_ground_nobody_diverts_and_in_the_air_nobody_waits() -> None:
    assert acted(journal_of(**told_at(30, actions=["divert"]))) == [(30, "none")]
    assert acted(journal_of(**told_at(92, actions=["delay", "cancel"]))) == [(92, "none")]


def test_a_flight_turns_back_where_it_came_from() -> None:
    journal = journal_of(**told_at(94, actions=["divert"]))
    assert acted(journal) == [(94, "divert")]
    arrived = journal.of(FlightArrived)[0]
    assert arrived.diverted
    assert arrived.at / 60 == pytest.approx(98)
    assert flown(journal).at(98 * 60)[:2] == pytest.approx((-2, 0), abs=1e-6)


def test_a_flight_diverts_to_its_alternate() -> None:
    journal = journal_of(**told_at(94, FLIGHT | {"alternate": "1N 1.5W"}, actions=["divert"]))
    assert flown(journal).lon[-1] == pytest.approx(-1.5)
    assert flown(journal).lat[-1] == pytest.approx(1.0)


def test_a_cancelled_flight_never_departs() -> None:
    journal = journal_of(**told_at(30, actions=["cancel"]))
    assert acted(journal) == [(30, "cancel")]
    assert journal.of(FlightDeparted) == []


def test_a_flight_told_inside_leaves_by_the_shortest_way_and_flies_on() -> None:
    # At 100 min it is 1.368 051 min inside: 27 361 m from the western border.
    run = run_of(**told_at(100, actions=["reroute"]))
    assert acted(run.journal) == [(100, "exit")]
    (violation,) = run.violations
    assert violation.exit is not None
    assert violation.exit / 60 == pytest.approx(100 + 27_361.018 / 20_000, abs=1e-4)
    assert violation.cause == "not_yet_sent"
    track = flown(run.journal)
    assert (track.lon[-1], track.lat[-1]) == pytest.approx((2, 0), abs=1e-9)


def test_a_flight_inside_with_nothing_else_allowed_waits_outside() -> None:
    run = run_of(**told_at(100, actions=["delay"]))
    assert acted(run.journal) == [(100, "exit")]
    arrived = run.journal.of(FlightArrived)[0]
    assert not arrived.diverted
    # Out to the west, then on from there when the zone ends at 180: 2.5 + 11.13 min to go.
    assert arrived.at / 60 == pytest.approx(180 + 2.5 + 222_638.982 / 20_000, abs=0.01)
    assert len(run.violations) == 1


def test_a_flight_out_and_back_gives_up_the_turning_point() -> None:
    there = FLIGHT | {"route": ["0N 2W", "0N 0E", "0N 2W"], "departs": "+90 min"}
    run = run_of(**told_at(30, there, actions=["reroute"]))
    assert acted(run.journal) == [(30, "reroute")]
    assert run.violations == ()


HOVER: dict[str, Any] = {
    "party": "south",
    "route": ["0N 0E", {"at": "0N 0E", "time": "2 h"}],
    "altitude": "FL10",
    "departs": "+40 min",
}


def test_what_never_moves_cannot_leave() -> None:
    run = run_of(**told_at(50, HOVER))
    assert acted(run.journal) == [(50, "none")]
    assert [v.cause for v in run.violations] == ["no_time"]


def test_what_hovers_at_the_end_of_its_way_leaves_at_the_speed_it_came_with() -> None:
    route = ["0N 2W", {"at": "0N 0E", "time": "20 min"}, {"at": "0N 0E", "time": "2 h"}]
    run = run_of(**told_at(70, HOVER | {"route": route}))
    (violation,) = run.violations
    # At 222 639 m in 20 min it needs 4.49 min for 50 km.
    assert violation.exit is not None
    assert violation.exit / 60 == pytest.approx(70 + 50_000 / 222_638.982 * 20, abs=1e-3)


@pytest.mark.parametrize("knots", range(60, 460, 20))
def test_a_delay_leaves_nothing_inside_by_rounding(knots: int) -> None:
    slow = FLIGHT | {"route": ["1S 0E", "1N 0.3E"], "speed": f"{knots} kt", "departs": "+50 min"}
    run = run_of(**told_at(30, slow, actions=["delay"]))
    assert acted(run.journal) == [(30, "delay")]
    assert run.violations == ()


def test_inside_two_zones_at_once_a_flight_leaves_both() -> None:
    first = {"to": "south", "via": "line", "at": "+101 min"}
    circles = {
        "y": {"circle": {"center": "0N 0E", "radius": "60 km"}},
        "z": {"circle": {"center": "0N 0.9E", "radius": "60 km"}},
    }
    zones = {
        name: ZONE | {"area": area, "issued": "+0 min", "notices": {"first": first}}
        for name, area in circles.items()
    }
    # Eastbound along the equator, told in the lens that both have in common.
    story = told_at(101, FLIGHT | {"departs": "+87.5 min"}, actions=["delay"]) | {"zones": zones}
    run = run_of(**story | {"channels": {"line": AT_ONCE | {"lines": 2}}})
    assert {action for _, action in acted(run.journal)} == {"exit"}
    # One stay in each, and out of both to the north or south, where the lens ends nearest.
    assert sorted(v.zone for v in run.violations) == ["y", "z"]
    assert all(v.exit is not None and v.exit < 106 * 60 for v in run.violations)


def test_a_flight_does_not_leave_a_zone_that_begins_when_it_is_gone() -> None:
    back = FLIGHT | {"route": ["0N 2W", "0N 2E", "0N 2W"], "departs": "+10 min"}
    # Told at 22, in the middle of a zone from 40 on that it will leave at 23.6 and meet again.
    late = told_at(22, back, actions=["reroute"])
    late["zones"]["z"] = late["zones"]["z"] | {"window": {"start": "+40 min", "duration": "2 h"}}
    run = run_of(**late)
    assert acted(run.journal) == [(22, "reroute")]
    assert run.violations == ()


def test_the_way_to_an_alternate_counts_as_extra_only_where_it_is_longer() -> None:
    near = journal_of(**told_at(94, actions=["divert"]))
    assert near.of(FlightActed)[0].extra_m == 0
    far = journal_of(**told_at(94, FLIGHT | {"alternate": "0N 9W"}, actions=["divert"]))
    # Back the 80 km flown and 7 degrees on, instead of the rest of 4 degrees.
    degree = 111_319.491
    expected = 80_000 + 7 * degree - (4 * degree - 80_000)
    assert far.of(FlightActed)[0].extra_m == pytest.approx(expected, abs=1)


def test_a_unit_acts_only_after_its_reaction_time_and_if_it_complies() -> None:
    journal = journal_of(**told_at(92, actions=["divert"], reaction="3 min"))
    assert acted(journal) == [(95, "divert")]
    journal = journal_of(**told_at(92, actions=["divert"], comply=0))
    assert [(r.at / 60, r.heeded) for r in journal.of(UnitReacted)] == [(92, False)]
    assert acted(journal) == []


def test_a_flight_that_meets_nothing_does_nothing() -> None:
    assert acted(journal_of(**told_at(30, FLIGHT | {"route": ["3N 2W", "3N 2E"]}))) == []
    assert acted(journal_of(**told_at(30, FLIGHT | {"departs": "+200 min"}))) == []


def test_a_unit_told_twice_makes_up_its_mind_twice() -> None:
    story = told_at(30, comply=0.5, reaction={"uniform": {"min": "0 s", "max": "10 min"}})
    again = {"to": "south", "via": "line", "at": "+50 min"}
    story["zones"]["z"]["notices"]["second"] = again
    decisions = []
    for seed in range(40):
        first, second = journal_of(seed, **story).of(UnitReacted)
        assert first.at - 30 * 60 != second.at - 50 * 60
        decisions.append((first.heeded, second.heeded))
    assert set(decisions) == {(x, y) for x in (True, False) for y in (True, False)}


def test_a_unit_obeys_a_version_only_once_it_has_reacted_to_it() -> None:
    notices = {
        "first": {"to": "south", "via": "line", "at": "+10 min"},
        "second": {"to": "south", "via": "line", "at": "+30 min"},
    }
    story = told_at(30, actions=["cancel"], reaction="40 min")
    story["zones"]["z"] = story["zones"]["z"] | {"notices": notices}
    assert acted(journal_of(**story)) == [(50, "cancel")]


def test_an_exempt_flight_does_nothing() -> None:
    for exempt in ("south", "f", "medevac"):
        story = told_at(30, FLIGHT | {"tags": ["medevac"]})
        story["zones"]["z"] = story["zones"]["z"] | {"exempt": [exempt]}
        run = run_of(**story)
        assert acted(run.journal) == []
        assert run.violations == ()


def test_a_patrol_leaves_out_the_waypoint_it_cannot_reach() -> None:
    patrol = FLIGHT | {"route": ["0N 2W", "0N 0E", "1.5N 0E", "0N 2W"]}
    run = run_of(**told_at(30, patrol, actions=["reroute"]))
    assert run.violations == ()
    track = flown(run.journal)
    corners = [(round(x, 6), round(y, 6)) for x, y in zip(track.lon, track.lat, strict=True)]
    assert corners[0] == corners[-1] == (-2, 0)
    assert (0, 1.5) in corners
    assert (0, 0) not in corners


def test_a_repeated_flight_departs_again_and_again_with_its_jitter() -> None:
    journal = journal_of(
        flights={"f": FLIGHT | {"repeat": {"every": "1 h", "count": 3, "jitter": "-5 min"}}}
    )
    departed = [(r.flight, r.at / 60) for r in journal.of(FlightDeparted)]
    assert departed == [("f#1", 85), ("f#2", 145), ("f#3", 205)]


def test_a_track_is_cut_off_at_the_horizon() -> None:
    journal = journal_of(flights={"f": FLIGHT | {"departs": "+350 min"}})
    assert flown(journal).end == 360 * 60
    assert journal.of(FlightArrived) == []


def test_a_flight_follows_speeds_altitudes_and_times_of_its_waypoints() -> None:
    route = [
        {"at": "0N 0E", "altitude": "1000 ft MSL", "speed": "100 m/s"},
        {"at": "0N 1E", "altitude": "3000 ft MSL", "speed": "50 m/s"},
        "0N 2E",
    ]
    flight = {"party": "south", "route": route, "departs": "+0 min", "altitude": "FL10"}
    track = flown(journal_of(flights={"f": flight}, vertical={"qnh": "standard"}))
    degree = 111_319.491
    assert track.time.tolist() == pytest.approx(
        [0, degree / 100, degree / 100 + degree / 50], abs=1e-3
    )
    assert track.altitude_m.tolist() == pytest.approx([304.8, 914.4, 304.8])


def test_a_flight_hovers_between_two_times_at_one_place() -> None:
    route = ["0N 0E", {"at": "0N 1E", "time": "20 min"}, {"at": "0N 1E", "time": "40 min"}]
    flight = FLIGHT | {"route": route, "departs": "+10 min"}
    del flight["speed"]
    track = flown(journal_of(flights={"f": flight}))
    assert track.time.tolist() == [600, 1800, 3000]
    assert track.at(2400)[:2] == (1, 0)


def test_altitudes_of_several_references_meet_above_mean_sea_level() -> None:
    route = [{"at": "0N 0E", "altitude": "SFC"}, {"at": "0N 1E", "altitude": "300 m AGL"}, "0N 2E"]
    flight = {
        "party": "south",
        "route": route,
        "departs": "+0 min",
        "speed": "100 m/s",
        "altitude": "1000 m MSL",
    }
    track = flown(journal_of(flights={"f": flight}, vertical={"terrain": "500 m"}))
    assert track.altitude_m.tolist() == [500, 800, 1000]


def test_a_way_ahead_whose_first_leg_is_too_short_for_the_clock_is_flown_on() -> None:
    # The clock has 15 ps at 10^5 s: a waypoint as near as that comes at the instant of the cut.
    instants, north = [100_000.0, 100_000.0, 101_000.0], [26.0, 26.0 + 7e-15, 27.0]
    ahead = Track(instants, [10.0] * 3, north, [6000.0] * 3, Reference.FL)
    out = Track([99_990.0, 100_000.0], [10.0, 10.1], [26.0, 26.0], [6000.0] * 2, Reference.FL)
    way = Avoidance((), 0.0, 200.0, Vertical()).reroute(ahead, out)
    assert way is not None
    assert (way.lon[-1], way.lat[-1]) == (10.0, 27.0)
