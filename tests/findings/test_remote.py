"""Zones far from everybody else: the rule, its edge, and the quick answer that spares it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from sim.findings.remote import RemoteZone, find_remote_zones
from sim.scenario.nearness import is_surely_near
from sim.scenario.plan import prepare
from sim.scenario.reader import loads

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

DEGREE_M = 6_378_137.0 * math.pi / 180.0  # along the equator of WGS84
RADIUS_M = 100_000.0


ZONE = "party: us, area: {circle: {center: 0N 0E, radius: 100 km}}"


def scenario(others: str, zone: str = ZONE) -> Scenario:
    return loads(f"""
keepout: 1
name: t
start: 2026-01-01T00:00Z
end: +6 h
parties: {{us: {{}}, them: {{}}}}
zones:
  z: {{{zone}, altitude: [SFC, UNL], window: {{start: +1 h, end: +2 h}}}}
{others}
""")


def flight(route: str, party: str = "them") -> str:
    return (
        f"flights: {{f: {{party: {party}, route: [{route}], speed: 400 kt,"
        " altitude: FL100, departs: +1 h}}"
    )


# Each comes as near as 6 degrees of the equator; the zone's border lies 100 km on.
SIX_DEGREES = [
    (flight("6S 6E, 6N 6E"), "flight", "f"),
    (flight("0N 6E, 0N 9E"), "flight", "f"),
    ("sites: {s: {party: them, at: 0N 6E}}", "site", "s"),
    (
        (
            "traffic: {t: {party: them, from: 6S 6E, to: 6N 6E, rate: 1 per h, speed: 400 kt,"
            " altitude: FL100}}"
        ),
        "stream",
        "t",
    ),
]


@pytest.mark.parametrize(("others", "kind", "id_"), SIX_DEGREES)
def test_what_comes_nearest_is_named_with_its_distance(others: str, kind: str, id_: str) -> None:
    (found,) = find_remote_zones(prepare(scenario(others)))
    assert (found.zone, found.kind, found.nearest) == ("z", kind, id_)
    assert found.distance_m == pytest.approx(6 * DEGREE_M - RADIUS_M, abs=1.0)


@pytest.mark.parametrize(("others", "kind", "id_"), SIX_DEGREES)
def test_a_degree_nearer_is_near(others: str, kind: str, id_: str) -> None:
    assert 5 * DEGREE_M - RADIUS_M < 500_000.0 < 6 * DEGREE_M - RADIUS_M
    assert find_remote_zones(prepare(scenario(others.replace("6E", "5E")))) == (), (kind, id_)


@pytest.mark.parametrize(
    ("what", "radius_m"),
    [
        ("sites: {s: {party: them, area: {circle: {center: 0N 7E, radius: 150 km}}}}", 150_000.0),
        (
            (
                "operations: {s: {party: them, area: {circle: {center: 0N 7E, radius: 150 km}},"
                " altitude: [SFC, UNL], window: {start: +1 h, end: +2 h}}}"
            ),
            150_000.0,
        ),
        (
            (
                "traffic: {s: {party: them, from: {circle: {center: 6S 7E, radius: 150 km}},"
                " to: 6N 7E, rate: 1 per h, speed: 400 kt, altitude: FL100}}"
            ),
            150_000.0,
        ),
    ],
)
def test_of_areas_the_border_counts(what: str, radius_m: float) -> None:
    (found,) = find_remote_zones(prepare(scenario(what)))
    assert found.distance_m == pytest.approx(7 * DEGREE_M - RADIUS_M - radius_m, abs=1.0)


def test_what_is_the_partys_own_shows_nothing() -> None:
    own = "sites: {near: {party: us, at: 0N 0E}, far: {party: them, at: 0N 90E}}"
    (found,) = find_remote_zones(prepare(scenario(own)))
    assert found.nearest == "far"


def test_an_exempt_flight_shows_that_the_zone_is_where_it_was_meant_to_be() -> None:
    near, far = flight("0N 1E, 0N 2E"), "sites: {s: {party: them, at: 0N 90E}}"
    exempt = scenario(f"{near}\n{far}", f"{ZONE}, exempt: [f]")
    assert find_remote_zones(prepare(exempt)) == ()


def test_nobody_else_is_no_reason_to_warn() -> None:
    assert find_remote_zones(prepare(scenario(flight("0N 90E, 0N 91E", "us")))) == ()


@pytest.mark.parametrize("degrees", [0, 1, 4, 5, 6, 90, 179])
@pytest.mark.parametrize(
    "zone",
    [
        "party: us, area: {circle: {center: 0N 0E, radius: 100 km}}",
        "party: us, area: {polygon: [0N 0E, 0N 1E, 1N 1E]}",
        "party: us, area: {corridor: {route: [0N 0E, 1N 0E], width: 40 km}}",
        "covers: o, area: {buffer: 20 km}",
    ],
)
def test_what_is_surely_near_is_never_remote(degrees: int, zone: str) -> None:
    operation = (
        "operations: {o: {party: us, area: {circle: {center: 0N 0E, radius: 10 km}},"
        " altitude: [SFC, UNL], window: {start: +1 h, end: +2 h}}}\n"
    )
    sites = f"sites: {{mine: {{party: us, at: 0N 0E}}, s: {{party: them, at: 0N {degrees}E}}}}\n"
    text = scenario(operation + sites + flight(f"1N {degrees}E, 2N {degrees}E"), zone)
    remote = find_remote_zones(prepare(text))
    assert is_surely_near(text) == (degrees <= 4)  # 4 degrees are 445 km, 5 are 557 km
    if degrees <= 4:
        assert remote == ()
    elif degrees >= 6:  # 668 km, and no border lies 168 km from the zone's first corner
        assert [one.zone for one in remote] == ["z"]


def test_a_way_that_passes_near_between_far_waypoints_is_not_remote() -> None:
    passing = scenario(flight("9S 1E, 9N 1E"))
    assert not is_surely_near(passing)
    assert find_remote_zones(prepare(passing)) == ()


def test_swapped_latitude_and_longitude_are_found() -> None:
    swapped = scenario(
        flight("52.0N 10.0E, 52.6N 10.8E"),
        "party: us, area: {circle: {center: 10.4N 52.3E, radius: 20 km}}",
    )
    assert [type(one) for one in find_remote_zones(prepare(swapped))] == [RemoteZone]
