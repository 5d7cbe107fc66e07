"""What a map is given to show: footprints, tracks, sites and entries, of a run or a part of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import InputError
from sim.findings.run import Run, run
from sim.plots.places import Places, find_places
from sim.scenario.reader import load
from tests.stories import FLIGHT, LINE, MINUTE, ZONE, run_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HOUR = 60.0 * MINUTE
OPERATION: dict[str, Any] = {
    "party": "north",
    "area": {"circle": {"center": "0N 0E", "radius": "10 km"}},
    "altitude": ["SFC", "FL300"],
    "window": {"start": "+60 min", "duration": "2 h"},
}
GARBLING = LINE | {"garble": {"probability": 1, "offset": "9 km", "bearing": "90 deg"}}


@pytest.fixture(scope="module")
def day() -> Run:
    return run(load(SCENARIOS / "deconfliction_day.yaml"))


def ids(drawn: tuple[Any, ...]) -> list[str]:
    return [one.id for one in drawn]


def entered(**sections: Any) -> Run:
    """Let a flight go through a zone round an operation, of which nobody told it."""
    zone = ZONE | {"covers": "raid", "notices": {}, "issued": "+1 min"}
    del zone["party"]
    return run_of(
        **{
            "operations": {"raid": OPERATION},
            "zones": {"area": zone},
            "flights": {"mapper": FLIGHT},
        }
        | sections
    )


def test_of_nothing_there_is_nothing() -> None:
    places = find_places(run_of())
    assert places.bounds is None
    assert (places.footprints, places.tracks, places.sites, places.entries) == ((), (), (), ())
    assert places.at(HOUR).bounds is None


def test_operations_are_planned_and_true_and_zones_declared_and_told() -> None:
    told = run_of(operations={"raid": OPERATION}, zones={"area": ZONE})
    assert sorted(ids(find_places(told).footprints)) == [
        "declared:area/v1",
        "planned:raid",
        "told:area/v1/south",
        "true:raid",
    ]


def test_what_was_told_wrongly_lies_where_it_was_told() -> None:
    told = run_of(channels={"line": GARBLING}, zones={"area": ZONE})
    by_kind = {one.kind: one for one in find_places(told).footprints}
    declared, heard = by_kind["declared"], by_kind["told"]
    assert (declared.differs, heard.differs) == (False, True)
    assert heard.party == "south"
    plane = find_places(told).projection
    middles = [plane.polygons(one.outlines[0])[0][0].mean(axis=0) for one in (declared, heard)]
    assert np.linalg.norm(middles[1] - middles[0]) == pytest.approx(9_000.0, rel=1e-2)


def test_what_is_held_counts_from_when_the_desk_knew() -> None:
    late = ZONE | {"notices": {"first": {"to": "south", "via": "line", "lead": "-30 min"}}}
    told = run_of(
        parties={"north": {}, "south": {"desk": {"handling": "4 min"}}}, zones={"area": late}
    )
    (heard,) = [one for one in find_places(told).footprints if one.kind == "told"]
    assert heard.start == (90 + 1 + 2 + 4) * MINUTE


def test_an_entry_is_where_the_flight_came_in_and_its_way_lies_within() -> None:
    places = find_places(entered())
    violation, incursion = places.entries
    assert (violation.kind, violation.who, violation.inside) == ("violation", "mapper", "area")
    assert (incursion.kind, incursion.inside) == ("incursion", "raid")
    assert violation.place.lon == pytest.approx(-50_000.0 / 111_319.49, abs=1e-6)
    time, lon, lat, _ = violation.samples.T
    assert lon[[0, -1]] == pytest.approx([-0.449158, 0.449158], abs=1e-5)
    assert time[[0, -1]].tolist() == pytest.approx([violation.start, violation.end])
    assert np.abs(lat).max() < 1e-9


def test_a_flight_that_flew_as_planned_does_not_differ() -> None:
    planned, flown = find_places(entered()).tracks
    assert (planned.id, flown.id) == ("planned:mapper", "flown:mapper")
    assert not flown.differs
    assert flown.at(flown.start).lon == pytest.approx(-2.0)


def test_flights_that_turned_away_differ(day: Run) -> None:
    tracks = find_places(day).tracks
    assert len(tracks) == 2 * len(day.flights)
    assert 0 < sum(one.differs for one in tracks) < len(day.flights)


def test_an_instant_has_what_is_in_force_and_who_is_in_the_air() -> None:
    whole = find_places(entered())
    early, within = whole.at(95 * MINUTE), whole.at(101 * MINUTE)
    assert early.instant == 95 * MINUTE
    assert ids(early.footprints) == ["declared:area/v1", "planned:raid", "true:raid"]
    assert ids(early.tracks) == ["planned:mapper", "flown:mapper"]
    assert early.entries == ()
    assert [one.kind for one in within.entries] == ["violation", "incursion"]
    assert early.bounds == whole.bounds
    assert ids(whole.at(4 * HOUR).footprints) == []


def test_a_stretch_cuts_tracks_and_stays_to_itself() -> None:
    whole = find_places(entered())
    part = whole.between(101 * MINUTE, 102 * MINUTE)
    for track in part.tracks:
        assert track.samples[[0, -1], 0].tolist() == [101 * MINUTE, 102 * MINUTE]
    flown = part.tracks[1]
    for entry in part.entries:  # marked where it goes on from
        assert entry.place == pytest.approx(flown.at(101 * MINUTE))
        assert entry.samples[0, 0] == 101 * MINUTE
    violation, incursion = part.entries
    assert violation.samples[-1, 0] == 102 * MINUTE
    assert incursion.samples[-1, 0] == pytest.approx(incursion.end)


def test_a_stretch_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(InputError, match="is nothing"):
        find_places(entered()).between(HOUR, HOUR)


def test_sites_are_places_and_those_that_were_come_over_have_entries() -> None:
    sites = {
        "clinic": {"party": "south", "at": "0N 0E"},
        "camp": {"party": "south", "area": {"circle": {"center": "1N 1E", "radius": "2 km"}}},
    }
    places = find_places(entered(sites=sites))
    assert ids(places.sites) == ["camp", "clinic"]
    assert [len(one.outlines) for one in places.sites] == [1, 0]
    (over,) = [one for one in places.entries if one.kind == "site_incursion"]
    assert (over.who, over.inside, len(over.samples)) == ("clinic", "raid", 0)
    assert ids(find_places(entered(sites=sites), zones=["area"]).sites) == ["clinic"]


def test_a_party_has_its_flights_what_it_holds_and_what_it_entered(day: Run) -> None:
    places = find_places(day, parties=["airlines"])
    assert {one.party for one in places.tracks} == {"airlines"}
    assert {one.party for one in places.footprints if one.kind == "told"} == {"airlines"}
    held = {one.name for one in places.footprints if one.kind == "told"}
    came_into = {one.zone for one in day.violations if one.party == "airlines"}
    assert held | came_into == {one.name for one in places.footprints if one.kind == "declared"}


def test_a_stream_stands_for_its_flights(day: Run) -> None:
    places = find_places(day, flights=["aid-lifts"])
    assert {one.flight.partition("#")[0] for one in places.tracks} == {"aid-lifts"}
    assert {one.who.partition("#")[0] for one in places.entries if one.samples.size} <= {
        "aid-lifts"
    }


def test_a_zone_has_the_operation_that_it_covers(day: Run) -> None:
    places = find_places(day, zones="night-area")
    assert {one.name for one in places.footprints} == {"night-area", "north-night"}
    assert {one.inside for one in places.entries} <= {"night-area", "north-night"}


@pytest.mark.parametrize("which", ["parties", "flights", "zones"])
def test_what_there_is_not_is_an_error(which: str) -> None:
    with pytest.raises(InputError, match="there is no"):
        find_places(entered(), **{which: ["nobody"]})


def test_what_lies_about_the_antimeridian_is_one_place() -> None:
    fiji = ZONE | {"area": {"circle": {"center": "17S 179.9E", "radius": "50 km"}}}
    flight = FLIGHT | {"route": ["17S 179E", "17S 179W"]}
    places: Places = find_places(
        entered(zones={"area": fiji | {"notices": {}}}, flights={"f": flight})
    )
    assert places.bounds is not None
    west, east, south, north = places.bounds
    assert east - west < 20_100_000.0  # with the operation at 0N 0E
    alone = find_places(run_of(zones={"area": fiji | {"notices": {}}}, flights={"f": flight}))
    assert alone.bounds is not None
    west, east, south, north = alone.bounds
    assert (east - west, north - south) == pytest.approx((212_900.0, 100_000.0), rel=0.01)


def test_a_map_of_a_zone_is_about_that_zone(day: Run) -> None:
    night, everything = find_places(day, zones=["night-area"]), find_places(day)
    assert night.bounds is not None
    assert everything.bounds is not None
    zone = next(one.outlines[0] for one in night.footprints if one.id == "declared:night-area/v1")
    west, east, south, north = night.bounds
    plane = night.projection.project(*zone.exterior.T)
    assert [west, south] == pytest.approx(plane.min(axis=0).tolist())
    assert [east, north] == pytest.approx(plane.max(axis=0).tolist())
    assert east - west < (everything.bounds[1] - everything.bounds[0]) / 3.0


def test_a_map_of_flights_is_about_those() -> None:
    far = FLIGHT | {"route": ["50N 10E", "50N 12E"]}
    told = entered(flights={"mapper": FLIGHT, "far": far})
    places = find_places(told, flights=["far"])
    assert places.projection.centre == pytest.approx((11.0, 50.0), abs=0.1)
    assert ids(places.tracks) == ["planned:far", "flown:far"]
    assert places.at(95 * MINUTE).bounds == places.bounds
