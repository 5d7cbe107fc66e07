"""What became of each flight: one thing each, found from what it really flew."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.geometry.altitude import Reference
from sim.geometry.track import Track
from sim.model.journal import FlightActed, FlightDeparted, FlightFlown, Journal, ZoneIssued
from sim.report.fates import Fate, fates
from sim.units import Position

H = 3600.0
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def through(begins_h: float) -> Track:
    """Fly from west to east through the middle of the zone."""
    way = [Position(lon, 36.7) for lon in (34.7, 36.3, 38.7)]
    return Track.along(way, [3048.0] * 3, [60.0, 60.0], begins_h * H, Reference.FL)


def test_the_first_that_holds_counts(night: Any, plan: Any, made: Any) -> None:
    run = night(plan(flights=5), violations=(made.violation(),))
    departed = [FlightDeparted(0.0, name) for name in ("aid-flight", "waiting", "other-0")]
    acts = [
        FlightActed(0.0, "aid-flight", "raid-area", 1, "reroute"),
        FlightActed(0.0, "patrol", "raid-area", 1, "delay"),
        FlightActed(1.0, "patrol", "raid-area", 2, "cancel"),
        FlightActed(0.0, "waiting", "raid-area", 1, "delay"),
        FlightActed(0.0, "other-0", "raid-area", 1, "none"),
    ]
    run.journal = Journal([*departed, *acts], horizon=12 * H, seed=0, replication=0)
    assert fates(run) == {
        "aid-flight": Fate.ENTERED,
        "patrol": Fate.CANCELLED,
        "waiting": Fate.KEPT_OUT,
        "other-0": Fate.CLEAR,
        "other-1": Fate.GROUNDED,
    }


@pytest.mark.parametrize(
    ("name", "party", "departs_h", "fate"),
    [
        ("ambulance", "civil", 5.0, Fate.EXEMPT),
        ("ambulance", "civil", 9.0, Fate.CLEAR),  # the zone is over by then
        ("own", "us", 5.0, Fate.OWN),
    ],
)
def test_who_was_free_to_enter_is_told_apart(
    night: Any, plan: Any, name: str, party: str, departs_h: float, fate: Fate
) -> None:
    made_of = plan(flights=1)
    flight = made_of.flights.pop("aid-flight")
    flight.id, flight.party = name, party
    made_of.flights[name] = flight
    run = night(made_of, violations=())
    run.journal = Journal(
        [
            ZoneIssued(0.0, "raid-area", 1, "new", made_of.zones["raid-area"].volume),
            FlightDeparted(departs_h * H, name),
            FlightFlown(12 * H, name, through(departs_h)),
        ],
        horizon=12 * H,
        seed=0,
        replication=0,
    )
    assert fates(run) == {name: fate}


def test_one_and_many_are_told() -> None:
    assert Fate.KEPT_OUT.told(1) == "was told and kept out"
    assert Fate.KEPT_OUT.told(2) == "were told and kept out"


@pytest.mark.parametrize("seed", range(3))
def test_every_flight_of_a_real_run_has_one_fate(seed: int) -> None:
    run = sim.run(sim.load(SCENARIOS / "popup_tfr.yaml"), seed)
    found = fates(run)
    assert found.keys() == run.plan.flights.keys()
    assert found["ambulance"] is Fate.EXEMPT
    assert found["overhead"] is Fate.CLEAR
    assert Counter(found.values())[Fate.ENTERED] == len({v.flight for v in run.violations})
