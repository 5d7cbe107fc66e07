"""A night made by hand: four flights, of which one was never told and one knew."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from sim.findings.causes import CAUSES
from sim.findings.evidence import Evidence
from sim.findings.gaps import Gap
from sim.findings.ledgers import Claim, Disagreement
from sim.findings.notices import NoticeSummary
from sim.findings.overlaps import Overlap
from sim.findings.service import LATENCIES, Load, NoticeStatistics, Spread
from sim.findings.violations import Incursion, Violation
from sim.geometry.altitude import Band, Limit, Reference
from sim.geometry.footprint import Circle
from sim.geometry.volume import Volume
from sim.model.journal import (
    FlightActed,
    FlightDeparted,
    Journal,
    OperationBegan,
    OperationEnded,
    Record,
    ZoneIssued,
)
from sim.units import Position, Time, instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.findings.run import Run

START = instant("2022-02-02T18:00Z").seconds
H = 3600.0


def make_volume(begins_h: float, ends_h: float) -> Volume:
    band = Band(Limit(Reference.SFC, 0.0), Limit(Reference.FL, 5486.4))
    return Volume(Circle(Position(36.3, 36.7), 46e3), band, (begins_h * H, ends_h * H))


def place(id_: str, party: str, volume: Volume) -> SimpleNamespace:
    return SimpleNamespace(id=id_, party=party, volume=volume, exempt=frozenset({"ambulance"}))


NAMES = ("aid-flight", "patrol", "waiting", *(f"other-{n}" for n in range(20)))


def make_flight(name: str) -> SimpleNamespace:
    return SimpleNamespace(id=name, party="russia" if name == "patrol" else "civil")


def make_plan(
    name: str = "A night", party: str = "Civil traffic", hours: float = 12.0, flights: int = 4
) -> Any:
    scenario = SimpleNamespace(
        name=name,
        start_unix=START,
        end=Time(START + hours * H, relative=False),
        parties={
            "us": SimpleNamespace(name="United States"),
            "russia": SimpleNamespace(name=""),
            "civil": SimpleNamespace(name=party),
        },
    )
    return SimpleNamespace(
        scenario=scenario,
        horizon=hours * H,
        vertical=None,
        zones={"raid-area": place("raid-area", "us", make_volume(4, 8))},
        operations={"raid": place("raid", "us", make_volume(4.5, 7.5))},
        flights={name: make_flight(name) for name in NAMES[:flights]},
        binds=lambda zone, flight: flight.party != zone.party and flight.id not in zone.exempt,
        addresses=lambda _zone, party: party == "russia",
    )


def make_violation(**changes: Any) -> Violation:
    values: dict[str, Any] = {
        "id": "violation-1",
        "flight": "aid-flight",
        "party": "civil",
        "zone": "raid-area",
        "version": 1,
        "entry": 5 * H + 4.5678,
        "exit": 5.5 * H,
        "censored": False,
        "duration_s": 0.5 * H - 4.5678,
        "depth_m": 18520.0,
        "deepest": 5.25 * H,
        "entry_position": Position(36.123456789, 36.2),
        "entry_altitude_m": 3048.0,
        "cause": "never_addressed",
        "detail": "no notice of raid-area names civil",
        "notice": None,
        "incursions": ("incursion-1",),
        "evidence": (Evidence(5 * H + 4.5678, 17, "entered", "entered: never told"),),
    }
    return Violation(**values | changes)


def make_incursion(**changes: Any) -> Incursion:
    values: dict[str, Any] = {
        "id": "incursion-1",
        "flight": "aid-flight",
        "party": "civil",
        "operation": "raid",
        "zones": ("raid-area",),
        "entry": 5.1 * H,
        "exit": 5.2 * H,
        "censored": False,
        "duration_s": 0.1 * H,
        "depth_m": 3000.0,
        "deepest": 5.15 * H,
        "entry_position": Position(36.3, 36.3),
        "entry_altitude_m": 3048.0,
        "cause": "never_addressed",
        "detail": "",
        "notice": None,
        "evidence": (),
    }
    return Incursion(**values | changes)


def make_overlap(**changes: Any) -> Overlap:
    values: dict[str, Any] = {
        "first": "aid-flight",
        "second": "raid-area",
        "parties": ("civil", "us"),
        "kind": "flight-zone",
        "start": 5 * H,
        "end": 5.5 * H,
        "lower_m": 3048.0,
        "upper_m": 3048.0,
        "reference": "FL",
        "area_km2": None,
        "exempt": False,
    }
    return Overlap(**values | changes)


def make_gap(**changes: Any) -> Gap:
    values: dict[str, Any] = {
        "operation": "raid",
        "zone": "raid-area",
        "holder": "russia",
        "start": 7.5 * H,
        "end": 8 * H,
        "area_km2": 113.1,
        "lower_m": None,
        "upper_m": math.inf,
        "kind": "time",
        "km2_h": 56.55,
    }
    return Gap(**values | changes)


def make_notice(**changes: Any) -> NoticeSummary:
    values: dict[str, Any] = {
        "zone": "raid-area",
        "notice": "first",
        "version": 1,
        "sender": "us",
        "recipient": "russia",
        "route": ("line",),
        "drafted": 2 * H,
        "attempts": 2,
        "delivered": 2.5 * H,
        "handled": 2.6 * H,
        "acknowledged": 2.6 * H,
        "disseminated": (("patrol", 2.75 * H),),
        "garbled": False,
        "outcome": "acknowledged",
        "lead_left_s": 1.4 * H,
    }
    return NoticeSummary(**values | changes)


def make_claim(**changes: Any) -> Claim:
    values: dict[str, Any] = {
        "book": "us",
        "flight": "aid-flight",
        "party": "civil",
        "zone": "raid-area",
        "entry": 5 * H,
        "exit": None,
        "duration_s": 7 * H,
    }
    return Claim(**values | changes)


def make_disagreement(**changes: Any) -> Disagreement:
    values: dict[str, Any] = {
        "claimed_by": "us",
        "missing_in": "civil",
        "flight": "aid-flight",
        "party": "civil",
        "zone": "raid-area",
        "entry": 5 * H,
        "exit": None,
        "reason": "not_told",
        "detail": "the desk of civil never held a notice of raid-area",
    }
    return Disagreement(**values | changes)


HOUR = Spread(1, H, H, H, H, H)
STATISTICS = NoticeStatistics(
    drafted=1,
    sent=1,
    handled=1,
    in_time=1,
    retries=1,
    latencies=dict.fromkeys(LATENCIES, HOUR),
    lead_left=HOUR,
    loads=(Load("line", 2, 1, 0, 1, 600.0, 1 / 72),),
)

METRICS = {
    "violations": 2.0,
    "incursions": 1.0,
    "uninformed": 1.0,
    "p_uninformed": 1.0,
    **dict.fromkeys(CAUSES, 0.0),
    "never_addressed": 1.0,
    "disregarded": 1.0,
    "violation_s": 3595.4322,
    "overlaps": 1.0,
    "gap_km2_h": 56.55,
    "denied_km2_h": 23123.456789012,
    "notices_sent": 1.0,
    "notices_in_time": 1.0,
    "latency_p50_s": 2160.0,
    "latency_p95_s": math.nan,
    "flights": 4.0,
    "delay_s": 0.0,
    "extra_km": 0.0,
    "cancelled": 0.0,
    "diverted": 0.0,
    "line_utilisation": 0.031,
    "held_s": 0.0,
    "site_incursions": math.nan,
    "postponed_s": math.nan,
}

SECOND = make_violation(
    id="violation-2",
    flight="patrol",
    party="russia",
    exit=None,
    censored=True,
    cause="disregarded",
    detail="told at 20:45Z",
    notice="first",
    incursions=(),
)


def make_journal(plan: Any, *more: Record) -> Journal:
    """Record a night as planned, in which the flight that waits is the one that acts."""
    acted = [name for name in plan.flights if name == "waiting"]
    records: list[Record] = [
        ZoneIssued(2 * H, "raid-area", 1, "new", plan.zones["raid-area"].volume),
        OperationBegan(4.5 * H, "raid", plan.operations["raid"].volume),
        OperationEnded(7.5 * H, "raid"),
        *(FlightDeparted(4 * H, name) for name in plan.flights),
        *(FlightActed(2.8 * H, name, "raid-area", 1, "delay", 1830.0) for name in acted),
    ]
    return Journal([*records, *more], horizon=12 * H, seed=7, replication=0)


def make_run(plan: Any = None, **findings: Any) -> Run:
    plan = plan or make_plan()
    values: dict[str, Any] = {
        "plan": plan,
        "seed": 7,
        "replication": 0,
        "overlaps": (make_overlap(),),
        "violations": (make_violation(), SECOND),
        "incursions": (make_incursion(),),
        "site_incursions": (),
        "flights": plan.flights,
        "gaps": (make_gap(),),
        "notices": (make_notice(),),
        "decisions": (),
        "close": (),
        "notice_statistics": STATISTICS,
        "ledgers": (make_claim(),),
        "disagreements": (make_disagreement(),),
        "metrics": METRICS,
        "journal": make_journal(plan),
    }
    values |= findings
    return cast("Run", SimpleNamespace(scenario=values["plan"].scenario, **values))


@pytest.fixture
def plan() -> Callable[..., Any]:
    return make_plan


@pytest.fixture
def night() -> Callable[..., Run]:
    """Make the run, with other findings where a test says so."""
    return make_run


@pytest.fixture
def made() -> Any:
    """The makers of single findings."""
    return SimpleNamespace(
        violation=make_violation,
        incursion=make_incursion,
        overlap=make_overlap,
        gap=make_gap,
        notice=make_notice,
        plan=make_plan,
        volume=make_volume,
        journal=make_journal,
    )
