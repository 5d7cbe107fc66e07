"""Lanes: tiny stories told as rows, bars, marks and links of (minutes, what)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sim.findings.run import run
from sim.plots.lanes import lanes
from sim.plots.movements import airborne
from sim.scenario.reader import load
from tests.stories import FLIGHT, LINE, MINUTE, ZONE, run_of

if TYPE_CHECKING:
    from sim.findings.run import Run
    from sim.geometry.track import Track
    from sim.plots.lanes import Lanes, Row

SCENARIOS = Path(__file__).parents[2] / "scenarios"
OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "50 km"}},
    "altitude": ["SFC", "UNL"],
    "window": {"start": "+60 min", "duration": "2 h"},
    "slip": "10 min",
}


def rows(laid: Lanes) -> dict[str, list[str]]:
    return {lane.party: [row.id for row in lane.rows] for lane in laid.lanes}


def row(laid: Lanes, id_: str) -> Row:
    return next(row for row in laid.rows if row.id == id_)


def bars(found: Row) -> list[tuple[float, float, str]]:
    return [(bar.start / MINUTE, round(bar.end / MINUTE, 6), bar.kind) for bar in found.bars]


def marks(found: Row) -> list[tuple[float, str]]:
    return [(round(mark.at / MINUTE, 6), mark.kind) for mark in found.marks]


def links(laid: Lanes) -> list[tuple[float, float, str, str, str]]:
    return [
        (round(x.start / MINUTE, 6), round(x.end / MINUTE, 6), x.kind, x.source, x.target)
        for x in laid.links
    ]


def told() -> Run:
    """Tell south at +30 min; its desk takes 4 min, its crews 5 more to hear, and they obey."""
    return run_of(
        parties={"north": {}, "south": {"desk": {"handling": "4 min", "dissemination": "5 min"}}},
        zones={"area": ZONE},
        flights={"mapper": FLIGHT},
    )


def test_a_run_of_nothing_has_no_lanes() -> None:
    laid = lanes(run_of())
    assert (laid.lanes, laid.links, laid.start, laid.end) == ((), (), 0.0, 360 * MINUTE)


def test_declarers_stand_above_those_who_are_told() -> None:
    assert rows(lanes(told())) == {
        "north": ["zone:area", "desk:north"],
        "south": ["desk:south", "told:area/south", "flight:mapper"],
    }


def test_a_notice_goes_from_desk_to_desk_and_on_to_the_crew() -> None:
    laid = lanes(told())
    assert links(laid) == [
        (31, 33, "passed", "desk:north", "desk:south"),
        (37, 37, "acknowledged", "desk:south", "desk:north"),
        (37, 42, "disseminated", "desk:south", "flight:mapper"),
    ]
    assert marks(row(laid, "desk:north")) == [
        (30, "drafted"),
        (30, "attempted"),
        (37, "acknowledged"),
    ]
    assert bars(row(laid, "desk:north")) == [(30, 31, "waiting")]
    assert bars(row(laid, "desk:south")) == [(33, 37, "waiting")]
    assert marks(row(laid, "flight:mapper")) == [(42, "told"), (42, "heeded"), (42, "acted")]


def test_a_link_is_named_by_its_notice() -> None:
    first = lanes(told()).links[0]
    assert (first.gid, first.about) == (
        "notice:area.first/v1/south",
        "area.first v1 to south passed from north to south",
    )


def test_a_zone_was_declared_before_it_begins_and_told_later() -> None:
    laid = lanes(told())
    assert bars(row(laid, "zone:area")) == [(30, 60, "announced"), (60, 180, "declared")]
    (bar,) = row(laid, "told:area/south").bars
    assert (bar.gid, bar.start, bar.end, bar.since) == (
        "told:area/v1/south",
        60 * MINUTE,
        180 * MINUTE,
        60 * MINUTE,
    )


def test_what_is_known_too_late_counts_from_then_on() -> None:
    late = run_of(
        parties={"north": {}, "south": {"desk": {"handling": "50 min"}}},
        zones={"area": ZONE},
    )
    (bar,) = row(lanes(late), "told:area/south").bars
    assert (bar.start, bar.since) == (60 * MINUTE, 83 * MINUTE)


def test_an_operation_has_a_plan_and_a_truth() -> None:
    laid = lanes(run_of(operations={"work": OPERATION}))
    assert bars(row(laid, "operation:work")) == [(60, 180, "planned"), (70, 190, "real")]


def test_who_enters_has_a_bar_of_its_cause() -> None:
    zone = ZONE | {"covers": "work", "window": {"pad": "0 min"}, "notices": {}, "issued": "+1 min"}
    for key in ("party", "altitude"):
        del zone[key]
    entered = run_of(
        operations={"work": OPERATION},
        zones={"area": zone | {"area": {"buffer": "10 km"}}},
        flights={"mapper": FLIGHT},
    )
    found = row(lanes(entered), "flight:mapper").bars
    assert [bar.kind for bar in found] == ["planned", "flown", "violation", "incursion"]
    (violation,), (incursion,) = entered.violations, entered.incursions
    assert (found[2].gid, found[2].start, found[2].cause) == (
        "violation:violation-1",
        violation.entry,
        "never_addressed",
    )
    assert found[3].end == incursion.entry + incursion.duration_s


def test_calls_that_fail_go_to_a_desk_that_had_nothing_else_to_do() -> None:
    deaf = LINE | {"answer": {"probability": 0, "wait": "1 min", "patience": "5 min"}}
    laid = lanes(run_of(channels={"line": deaf}, zones={"area": ZONE}))
    assert links(laid) == [
        (at, at + 5, "unanswered", "desk:north", "desk:south") for at in (30, 38, 46, 54)
    ]
    assert bars(row(laid, "desk:north")) == [(30, 59, "waiting")]
    assert row(laid, "desk:south").bars == ()


def test_a_call_that_breaks_off_is_lost() -> None:
    laid = lanes(
        run_of(
            channels={"line": LINE | {"loss": 1, "retry": {"after": "1 min", "attempts": 1}}},
            zones={"area": ZONE},
        )
    )
    assert links(laid) == [(31, 33, "lost", "desk:north", "desk:south")]


def test_a_relay_has_the_notice_in_between() -> None:
    ends = {"first": ["north", "middle"], "second": ["middle", "south"]}
    zone = ZONE | {
        "notices": {
            "first": {"to": "south", "via": ["first", "middle", "second"], "lead": "30 min"}
        }
    }
    laid = lanes(
        run_of(
            parties={"north": {}, "middle": {"desk": {"handling": "4 min"}}, "south": {}},
            channels={id_: LINE | {"between": between} for id_, between in ends.items()},
            zones={"area": zone},
        )
    )
    assert list(rows(laid)) == ["north", "middle", "south"]
    assert [(x.gid, x.source, x.target) for x in laid.links if x.kind == "passed"] == [
        ("notice:area.first/v1/south/leg0", "desk:north", "desk:middle"),
        ("notice:area.first/v1/south", "desk:middle", "desk:south"),
    ]
    assert bars(row(laid, "desk:middle")) == [(33, 37, "waiting"), (37, 38, "waiting")]


def test_what_was_garbled_says_so() -> None:
    garble = {"probability": 1, "offset": "9 km", "bearing": "90 deg"}
    laid = lanes(run_of(channels={"line": LINE | {"garble": garble}}, zones={"area": ZONE}))
    (bar,) = row(laid, "told:area/south").bars
    assert bar.label == "garbled"
    assert "garbled" in [mark.kind for mark in row(laid, "desk:south").marks]


def test_closed_desks_and_dead_channels_are_rows_of_their_own() -> None:
    laid = lanes(
        run_of(
            parties={"north": {}, "south": {"desk": {"hours": ["02:00-24:00"]}}},
            channels={"line": LINE | {"outages": [{"start": "+3 h", "duration": "1 h"}]}},
        )
    )
    assert rows(laid) == {"south": ["desk:south"], "": ["channel:line"]}
    assert bars(row(laid, "desk:south")) == [(0, 120, "closed")]
    assert bars(row(laid, "channel:line")) == [(180, 240, "down")]


def test_failures_too_close_to_be_told_apart_are_one_bar() -> None:
    flickering = LINE | {"failures": {"after": "1 s", "repair": "1 s"}}
    long_ago = {"outages": [{"start": "+1 h", "duration": "1 h"}]}
    found = run_of(channels={"line": flickering, "phone": LINE | long_ago})
    assert bars(row(lanes(found), "channel:phone")) == [(60, 120, "down")]
    (bar,) = row(lanes(found), "channel:line").bars
    assert (bar.start, bar.end) == (1.0, 6 * 60 * MINUTE)
    assert bar.about == "line out of order 10,800 times, 00:00-06:00Z"
    shown = lanes(found, between=("+10 min", "+11 min"))
    assert len(row(shown, "channel:line").bars) == 30


def test_people_on_the_ground_and_what_was_over_them() -> None:
    laid = lanes(
        run_of(
            operations={"work": OPERATION},
            sites={"camp": {"party": "south", "at": "0N 0E"}},
        )
    )
    assert bars(row(laid, "site:camp")) == [(0, 360, "present"), (70, 190, "site-incursion")]


def test_many_flights_share_a_strip_that_counts_them() -> None:
    many = run_of(
        zones={"area": ZONE | {"notices": {}, "issued": "+1 min"}},
        flights={"mapper": FLIGHT | {"repeat": {"every": "10 min", "count": 12}}},
    )
    laid = lanes(many, most=10)
    strip = row(laid, "strip:mapper")
    assert (strip.kind, strip.note) == ("strip", "12 flights, 3 at once")
    assert len(strip.members) == 12
    assert sum(change for _, change in strip.counts[-1:]) == 0
    assert {bar.gid for bar in strip.bars} == {f"violation:{v.id}" for v in many.violations}


def test_named_flights_are_told_one_by_one() -> None:
    many = run_of(flights={"mapper": FLIGHT | {"repeat": {"every": "10 min", "count": 12}}})
    laid = lanes(many, flights=["mapper#2", "mapper#11"], most=10)
    assert [found.id for found in laid.rows] == ["flight:mapper#2", "flight:mapper#11"]


def test_what_is_not_chosen_is_left_out_with_its_links() -> None:
    assert rows(lanes(told(), parties=["north"])) == {"north": ["zone:area", "desk:north"]}
    assert lanes(told(), parties=["north"]).links == ()
    assert rows(lanes(told(), zones=[])) == {"south": ["flight:mapper"]}


def test_a_stretch_of_time_shows_what_lasts_or_happens_in_it() -> None:
    laid = lanes(told(), between=(0.0, 45 * MINUTE))
    assert (laid.start, laid.end) == (0.0, 45 * MINUTE)
    assert rows(laid) == {
        "north": ["zone:area", "desk:north"],
        "south": ["desk:south", "flight:mapper"],  # which is told by then, and flies later
    }
    assert bars(row(laid, "zone:area")) == [(30, 60, "announced")]


def test_many_zones_of_a_party_share_a_row() -> None:
    laid = lanes(run_of(zones={f"area-{n}": ZONE for n in range(9)}), most=10)
    assert rows(laid) == {
        "north": ["zones:north", "desk:north"],
        "south": ["desk:south", "tolds:south"],
    }
    assert row(laid, "zones:north").label == "9 zones"
    assert len(row(laid, "tolds:south").bars) == 9


def test_of_very_many_parties_the_busiest_are_shown() -> None:
    parties: dict[str, Any] = {"north": {}, "south": {}} | {f"p{n}": {} for n in range(60)}
    flights = {f"f{n}": FLIGHT | {"party": f"p{n}"} for n in range(60)}
    crowd = run_of(
        parties=parties,
        flights=flights | {"mapper": FLIGHT},
        zones={"area": ZONE | {"exempt": list(flights), "notices": {}, "issued": "+1 min"}},
    )
    laid = lanes(crowd, most=10)
    assert len(laid.rows) == 13
    assert "south" in rows(laid)  # who entered
    assert laid.left_out == "49 parties of whom less is to tell left out"


def test_flights_in_the_air_are_counted_from_change_to_change() -> None:
    many = run_of(
        flights={
            "first": FLIGHT | {"departs": "+0 min"},
            "other": FLIGHT | {"departs": "+10 min"},
        }
    )
    tracks: list[Track] = [flight.track for flight in many.flights.values()]
    (_, end), length = (tracks[0].start, tracks[0].end), 10 * MINUTE
    assert airborne(tracks) == ((0.0, 1), (length, 2), (end, 1), (end + length, 0))
    assert airborne([]) == ()


@pytest.mark.parametrize(
    "name", ["northwest_syria_2022", "deconfliction_day", "launch_hazard", "humanitarian_flight"]
)
def test_everything_has_a_name_of_its_own_and_every_link_its_rows(name: str) -> None:
    laid = lanes(run(load(SCENARIOS / f"{name}.yaml")))
    ids = [found.id for found in laid.rows]
    assert len(set(ids)) == len(ids) <= 40
    gids = [bar.gid for found in laid.rows for bar in found.bars]
    gids += [mark.gid for found in laid.rows for mark in found.marks]
    assert len(set(gids)) == len(gids)
    assert all({link.source, link.target} <= set(ids) for link in laid.links)


def test_every_entry_of_a_large_run_is_on_it() -> None:
    day = run(load(SCENARIOS / "deconfliction_day.yaml"))
    drawn = [bar.gid for found in lanes(day).rows for bar in found.bars if bar.cause]
    assert sorted(drawn) == sorted(
        [f"violation:{one.id}" for one in day.violations]
        + [f"incursion:{one.id}" for one in day.incursions]
        + [f"site-incursion:{one.id}" for one in day.site_incursions]
    )
