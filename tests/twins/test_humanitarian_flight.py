"""The twin of humanitarian_flight.yaml with everything fixed, worked out by hand.

Minutes after 2026-02-01T00:00Z. A call over any of the three channels is answered after
5 min and takes 30; each channel has one line, the liaison one officer who takes 45 min and
is there from 06:00 to 18:00.

The aid window is from 3330 (07:30Z on the 3rd) to 3510, and told 48 h before:

    450     drafted for both; the call about the air force goes first
    485     delivered to the liaison; the other call takes the line
    520     the other is delivered
    530     the first handled and passed on
    565     delivered to the air force
    575     the second handled, and not passed on: the liaison leaves out the ground force
    595     handled by the air force (30 min), with its crew at 655 (1 h), heeded at 665 (10 min)

The clearing is to be told to the air force at 2700 (21:00Z), 12 h before it begins, and the
liaison has gone home: four calls ring for 15 min each, 30 min apart, the last until 2850.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.findings.run import Run, run
from sim.model.journal import FlightActed, FlightDeparted, NoticeStep, Step, UnitReacted
from sim.scenario.reader import load
from tests.geodesics import GEOD, Place

SCENARIO = Path(__file__).parents[2] / "scenarios" / "humanitarian_flight.yaml"
FIXED: dict[str, Any] = {
    f"channels.{channel}.{key}": value
    for channel in ("requests", "air-line", "ground-line")
    for key, value in {
        "answer": {"probability": 1, "wait": "5 min", "patience": "15 min"},
        "transfer": "30 min",
        "loss": 0,
        "garble": {"probability": 0},
    }.items()
} | {
    "parties.liaison.desk.handling": "45 min",
    "parties.air-force.desk": {"officers": 1, "handling": "30 min", "dissemination": "1 h"},
}
AXIS: tuple[Place, Place] = ((44.2, 14.2), (44.9, 14.9))


@pytest.fixture(scope="module")
def twin() -> Run:
    return run(load(SCENARIO).replace(FIXED))


def steps(twin: Run, zone: str, notice: str) -> list[tuple[float, int, str]]:
    wanted = {Step.DRAFTED, Step.DELIVERED, Step.HANDLED, Step.RELAYED, Step.OMITTED}
    return [
        (s.at / 60, s.leg, str(s.step))
        for s in twin.journal.of(NoticeStep)
        if (s.zone, s.notice) == (zone, notice) and s.step in wanted
    ]


def test_the_notice_reaches_one_and_not_the_other(twin: Run) -> None:
    assert steps(twin, "aid-window", "air") == [
        (450, 0, "drafted"),
        (485, 0, "delivered"),
        (530, 0, "handled"),
        (530, 0, "relayed"),
        (565, 1, "delivered"),
        (595, 1, "handled"),
    ]
    assert steps(twin, "aid-window", "ground") == [
        (450, 0, "drafted"),
        (520, 0, "delivered"),
        (575, 0, "handled"),
        (575, 0, "omitted"),
    ]


def test_in_the_evening_nobody_is_there(twin: Run) -> None:
    assert steps(twin, "clearing-area", "courtesy") == [(2700, 0, "drafted")]
    rung = [
        (s.at / 60, str(s.step), s.why)
        for s in twin.journal.of(NoticeStep)
        if s.notice == "courtesy" and s.step in {Step.UNANSWERED, Step.GAVE_UP}
    ]
    closed = "outside the desk's hours"
    assert rung == [
        (2715, "unanswered", closed),
        (2760, "unanswered", closed),
        (2805, "unanswered", closed),
        (2850, "unanswered", closed),
        (2850, "gave_up", ""),
    ]


def test_the_jet_waits(twin: Run) -> None:
    reacted = [(r.at / 60, r.unit) for r in twin.journal.of(UnitReacted) if r.zone == "aid-window"]
    assert reacted == [(665, "jet")]
    acted = [(r.at / 60, r.flight, r.action) for r in twin.journal.of(FlightActed)]
    assert acted == [(665, "jet", "delay")]
    departed = {r.flight: r.at / 60 for r in twin.journal.of(FlightDeparted)}
    assert 3400 < departed["jet"] < 3510


def distance_to_axis(place: Place) -> float:
    """Least distance of a place from the corridor's axis, by thirds."""
    azimuth, _, length = GEOD.inv(*AXIS[0], *AXIS[1])

    def distance(metres: float) -> float:
        lon, lat, _ = GEOD.fwd(*AXIS[0], azimuth, metres)
        return float(GEOD.inv(lon, lat, *place)[2])

    low, high = 0.0, length
    for _ in range(100):
        third = (high - low) / 3
        if distance(low + third) < distance(high - third):
            high -= third
        else:
            low += third
    return distance(low)


def test_the_scout_flies_through(twin: Run) -> None:
    (violation,) = twin.violations
    azimuth, _, _ = GEOD.inv(44.3, 14.8, 44.8, 14.3)

    def is_inside(metres: float) -> bool:
        lon, lat, _ = GEOD.fwd(44.3, 14.8, azimuth, metres)
        return distance_to_axis((lon, lat)) < 15_000  # half of 20 km, and a buffer of 5

    outside, inside = 0.0, 40_000.0
    assert not is_inside(outside)
    assert is_inside(inside)
    for _ in range(40):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if is_inside(middle) else (middle, inside)
    entry = 3410 * 60 + inside / (90 * 1852 / 3600)
    assert (violation.flight, violation.cause) == ("scout", "relay_gap")
    assert violation.entry == pytest.approx(entry, abs=1e-3)
    assert "liaison had it and did not pass it on" in violation.detail


def test_nobody_looked_up_the_clinic(twin: Run) -> None:
    (incursion,) = twin.site_incursions
    assert (incursion.site, incursion.operation) == ("clinic", "clearing")
    assert (incursion.start / 60, incursion.cause) == (3420, "never_addressed")
    assert incursion.end is not None
    assert incursion.end / 60 == 3600
    kinds = {(o.kind, o.first, o.second) for o in twin.overlaps}
    assert ("site-operation", "clinic", "clearing") in kinds
