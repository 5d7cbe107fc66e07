"""Streams of movements: when they depart, from where to where, and that nothing else notices."""

from __future__ import annotations

import time
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.findings.run import Run, run_plan
from sim.geometry.footprint import Circle
from sim.model.engine import simulate
from sim.model.journal import (
    FlightActed,
    FlightArrived,
    FlightDeparted,
    FlightPlanned,
    Journal,
)
from sim.scenario.areas import footprint
from sim.scenario.plan import prepare
from sim.units import Position
from tests.stories import FLIGHT, LINE, ZONE, journal_of, run_of, scenario

# Eastbound along the equator like the single flight, 12 an hour.
STREAM: dict[str, Any] = {
    "party": "south",
    "from": "0N 2W",
    "to": "0N 2E",
    "rate": "12 per h",
    "speed": "1200 km/h",
    "altitude": "FL200",
}
EVEN = STREAM | {"pattern": "scheduled"}
HOUR = 3600.0
RUNS = 200


def planned(journal: Journal) -> list[FlightPlanned]:
    return journal.of(FlightPlanned)


def departures(journal: Journal) -> list[tuple[float, str]]:
    return [(round(r.at / 60, 6), r.flight) for r in journal.of(FlightDeparted)]


class TestStories:
    def test_scheduled_movements_depart_at_even_intervals(self) -> None:
        stream = EVEN | {"rate": "4 per h", "window": {"start": "+1 h", "duration": "1 h"}}
        assert departures(journal_of(traffic={"t": stream})) == [
            (60, "t#1"),
            (75, "t#2"),
            (90, "t#3"),
            (105, "t#4"),
        ]

    def test_each_flies_its_planned_track_and_arrives(self) -> None:
        journal = journal_of(traffic={"t": EVEN | {"window": {"start": "+1 h", "end": "+64 min"}}})
        assert [(r.flight, r.party, r.unit) for r in planned(journal)] == [("t#1", "south", "t#1")]
        (arrived,) = journal.of(FlightArrived)
        assert arrived.at / 60 == pytest.approx(60 + 445_277.963 / 20_000)

    def test_a_window_beyond_the_horizon_is_cut_off(self) -> None:
        stream = EVEN | {"rate": "1 per h", "window": {"start": "+5 h", "end": "+9 h"}}
        assert [r.flight for r in planned(journal_of(traffic={"t": stream}))] == ["t#1"]
        later = EVEN | {"window": {"start": "+7 h", "end": "+9 h"}}
        assert planned(journal_of(traffic={"t": later})) == []

    def test_a_movement_that_nobody_told_enters_and_is_never_addressed(self) -> None:
        stream = EVEN | {"party": "civil", "window": {"start": "+90 min", "duration": "4 min"}}
        parties: dict[str, Any] = {"north": {}, "south": {}, "civil": {}}
        run = run_of(zones={"z": ZONE}, traffic={"t": stream}, parties=parties)
        (violation,) = run.violations
        assert (violation.flight, violation.party) == ("t#1", "civil")
        assert violation.cause == "never_addressed"
        # As for the single flight that departs at 90: at the border at 98.632, inside for 5 min.
        assert violation.entry / 60 == pytest.approx(98.631949, abs=1e-5)
        assert violation.duration_s / 60 == pytest.approx(5, abs=1e-4)

    def test_movements_act_like_any_flight(self) -> None:
        stream = EVEN | {"rate": "1 per h"}
        response = {"actions": ["reroute"], "margin": "1 km"}
        run = run_of(
            zones={"z": ZONE},
            traffic={"t": stream},
            parties={"north": {}, "south": {"response": response}},
        )
        # The zone is there from 60 to 180 min, so the second and the third meet it.
        assert [(r.flight, r.action) for r in run.journal.of(FlightActed)] == [
            ("t#2", "reroute"),
            ("t#3", "reroute"),
        ]
        assert run.violations == ()
        assert run.metrics["flights"] == 6

    def test_movements_of_one_unit_are_told_together(self) -> None:
        stream = EVEN | {"rate": "1 per h", "unit": "ops"}
        run = run_of(zones={"z": ZONE}, traffic={"t": stream})
        (notice,) = run.notices
        assert [unit for unit, _ in notice.disseminated] == ["ops"]
        assert run.metrics["violations"] == 0
        alone = run_of(zones={"z": ZONE}, traffic={"t": EVEN | {"rate": "1 per h"}})
        assert len(alone.notices[0].disseminated) == 6

    @pytest.mark.parametrize("exempt", ["t", "south", "medevac"])
    def test_a_stream_is_exempt_by_its_name_its_party_or_a_tag(self, exempt: str) -> None:
        run = run_of(
            zones={"z": ZONE | {"exempt": [exempt]}},
            traffic={"t": EVEN | {"tags": "medevac"}},
        )
        assert run.journal.of(FlightActed) == []
        assert run.violations == ()

    def test_a_stream_has_no_part_in_the_overlaps_of_plans(self) -> None:
        assert run_of(zones={"z": ZONE}, traffic={"t": STREAM}).overlaps == ()

    def test_a_journal_can_be_judged_again(self) -> None:
        run = run_of(zones={"z": ZONE | {"notices": {}}}, traffic={"t": STREAM})
        again = Run(run.plan, Journal.loads(run.journal.dumps()))
        assert again.violations == run.violations
        assert len(run.violations) > 5
        assert again.ledgers == run.ledgers
        assert again.metrics.keys() == run.metrics.keys()


class TestDraws:
    def test_numbers_are_poisson(self) -> None:
        window = {"start": "+0 h", "duration": "2 h"}
        told = scenario(traffic={"t": STREAM | {"window": window}})
        counts = np.array([len(planned(journal_for(told, n))) for n in range(RUNS)])
        mean = 24.0  # 12 an hour for 2 h
        # 99.9 % intervals: the sum of Poisson numbers is Poisson, the dispersion chi-square.
        low, high = stats.poisson.interval(0.999, mean * RUNS)
        assert low <= counts.sum() <= high
        dispersion = ((counts - counts.mean()) ** 2).sum() / counts.mean()
        low, high = stats.chi2.interval(0.999, RUNS - 1)
        assert low <= dispersion <= high

    def test_departures_are_uniform_over_the_window(self) -> None:
        told = scenario(traffic={"t": STREAM})
        at = [r.track.start for n in range(20) for r in planned(journal_for(told, n))]
        assert stats.kstest(np.array(at) / (6 * HOUR), "uniform").pvalue > 0.001

    def test_places_are_uniform_in_a_circle(self) -> None:
        circle = {"circle": {"center": "0N 2W", "radius": "100 km"}}
        told = scenario(traffic={"t": STREAM | {"from": circle, "rate": "100 per h"}})
        tracks = [r.track for n in range(3) for r in planned(journal_for(told, n))]
        depth = np.array(
            [Circle(Position(-2, 0), 100_000.0).depth(t.lon[0], t.lat[0]) for t in tracks]
        )
        assert (depth > 0).all()
        # The share of a disc within a radius goes by its square.
        shares = (1 - depth / 100_000.0) ** 2
        assert stats.kstest(shares, "uniform").pvalue > 0.001
        assert len({(t.lon[0], t.lat[0]) for t in tracks}) == len(tracks)

    def test_places_lie_in_a_polygon_and_not_in_its_hole(self) -> None:
        ring = ["1S 1W", "1S 1E", "1N 1E", "1N 1W"]
        hole = ["0.5S 0.5W", "0.5S 0.5E", "0.5N 0.5E", "0.5N 0.5W"]
        area = {"polygon": {"points": ring, "holes": [hole]}}
        told = scenario(traffic={"t": STREAM | {"to": area, "rate": "60 per h"}})
        shape = footprint(told.traffic["t"].to)
        tracks = [r.track for r in planned(journal_for(told, 0))]
        assert all(shape.contains(float(t.lon[-1]), float(t.lat[-1])) for t in tracks)
        # Of the square's upper half as many as of its lower: 99.9 % of a binomial.
        north = sum(t.lat[-1] > 0 for t in tracks)
        assert abs(north - len(tracks) / 2) < 3.3 * sqrt(len(tracks) / 4)

    def test_levels_and_speeds_are_mixed(self) -> None:
        mixed = STREAM | {
            "altitude": ["FL200", "FL220", "900 m AGL"],
            "speed": {"uniform": {"min": "100 m/s", "max": "200 m/s"}},
            "rate": "60 per h",
        }
        drawn = planned(journal_of(traffic={"t": mixed}))
        levels = [(str(r.track.reference), round(float(r.track.altitude_m[0]))) for r in drawn]
        assert set(levels) == {("FL", 6096), ("FL", 6706), ("AGL", 900)}
        expected = len(drawn) / 3
        assert stats.chisquare([levels.count(one) for one in set(levels)]).pvalue > 0.001
        assert expected > 50
        speeds = np.array([r.track.length_m / (r.track.end - r.track.start) for r in drawn])
        assert stats.kstest((speeds - 100) / 100, "uniform").pvalue > 0.001

    def test_replications_and_seeds_differ(self) -> None:
        told = scenario(traffic={"t": STREAM})
        starts = {planned(journal_for(told, n))[0].track.start for n in range(5)}
        starts |= {planned(journal_for(told, 0, seed))[0].track.start for seed in range(1, 5)}
        assert len(starts) == 9


def journal_for(told: Any, replication: int, seed: int = 0) -> Journal:
    return simulate(prepare(told), seed, replication)


# Much is drawn in it: reactions, compliance, channels' times.
DRAWN: dict[str, Any] = {
    "zones": {"z": ZONE},
    "flights": {"f": FLIGHT | {"repeat": {"every": "20 min", "count": 8}}},
    "sites": {"camp": {"party": "south", "at": "0N 0E"}},
    "channels": {"line": LINE | {"transfer": {"exponential": {"mean": "20 min"}}}},
    "parties": {
        "north": {},
        "south": {
            "desk": {"dissemination": {"exponential": {"mean": "20 min"}}},
            "response": {"comply": 0.5, "reaction": {"exponential": {"mean": "5 min"}}},
        },
    },
}


def without(journal: Journal, *names: str) -> list[str]:
    """The lines of a journal that name none of these."""
    marks = [f'"{name}' for name in names]
    return [
        line for line in journal.dumps().splitlines() if not any(mark in line for mark in marks)
    ]


class TestLaws:
    @pytest.mark.parametrize("seed", range(3))
    def test_a_stream_changes_no_other_draw(self, seed: int) -> None:
        before = journal_of(seed, **DRAWN)
        after = journal_of(seed, **DRAWN, traffic={"t": STREAM})
        assert len(planned(after)) > 20
        assert without(after, "t#", 'kind":"FlightPlanned') == without(before, "t#")

    @pytest.mark.parametrize("seed", range(3))
    def test_a_site_changes_no_other_draw(self, seed: int) -> None:
        before = journal_of(seed, **DRAWN)
        bare = {key: value for key, value in DRAWN.items() if key != "sites"}
        assert without(before, "camp") == without(journal_of(seed, **bare), "camp")

    def test_an_unused_stream_and_site_change_nothing(self) -> None:
        parties = DRAWN["parties"] | {"aaa": {}}
        before = journal_of(**(DRAWN | {"parties": parties}))
        after = journal_of(
            **(
                DRAWN
                | {
                    "parties": parties,
                    "sites": DRAWN["sites"] | {"aaa-home": {"party": "aaa", "at": "0N 0E"}},
                    "traffic": {
                        "aaa-later": STREAM
                        | {"party": "aaa", "window": {"start": "+7 h", "end": "+9 h"}}
                    },
                }
            )
        )
        assert after.dumps() == before.dumps()

    def test_a_longer_window_adds_movements_and_changes_none(self) -> None:
        short, long = (
            planned(
                journal_of(traffic={"t": STREAM | {"window": {"start": "+1 h", "duration": hours}}})
            )
            for hours in ("2 h", "4 h")
        )
        assert len(short) < len(long)
        assert long[: len(short)] == short

    def test_another_rate_spreads_the_same_movements_otherwise(self) -> None:
        slow, fast = (
            planned(journal_of(traffic={"t": STREAM | {"rate": rate}}))
            for rate in ("6 per h", "12 per h")
        )
        assert [r.track.start for r in slow] == pytest.approx(
            [2 * r.track.start for r in fast][: len(slow)]
        )

    def test_the_order_of_the_file_changes_nothing(self) -> None:
        streams = {"t": STREAM, "s": STREAM | {"rate": "3 per h"}}
        backwards = dict(reversed(streams.items()))
        assert journal_of(traffic=streams).dumps() == journal_of(traffic=backwards).dumps()


def test_a_day_of_three_hundred_movements_and_four_zones_takes_seconds() -> None:
    area = {"circle": {"center": "0N 2W", "radius": "60 km"}}
    told = scenario(
        end="+24 h",
        zones={
            f"z{n}": ZONE
            | {
                "area": {"circle": {"center": f"0.{n}N 0E", "radius": "40 km"}},
                "window": {"start": f"+{2 + 5 * n} h", "duration": "6 h"},
            }
            for n in range(4)
        },
        parties={"north": {}, "south": {"response": {"comply": 0.9, "actions": ["reroute"]}}},
        traffic={"t": STREAM | {"rate": "300 per d", "from": area}},
    )
    began = time.perf_counter()
    found = run_plan(prepare(told))
    assert found.metrics["flights"] > 200
    assert len(found.violations) > 10
    assert time.perf_counter() - began < 5.0
