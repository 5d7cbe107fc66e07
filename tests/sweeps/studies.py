"""Tiny sweeps for tests: what a sweep file would be read into, made by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

from tests.stories import FLIGHT, LINE, ZONE, scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.schema import Scenario

LEAD = "zones.area.notices.first.lead"
ANSWERED = "channels.line.answer.probability"
METRICS = ("p_uninformed", "denied_km2_h", "latency_p50_s", "violations")


@dataclass(frozen=True)
class Precision:
    metric: str
    half_width: float
    min: int
    max: int
    batch: int


@dataclass(frozen=True)
class Recommendation:
    metric: str
    target: float
    cost: str


@dataclass(frozen=True)
class Spec:
    name: str = "Tiny"
    seed: int = 0
    replications: Any = 20
    metrics: tuple[str, ...] = METRICS
    pareto: tuple[str, ...] = ()
    recommend: Any = None

    def model_dump(self, **_: Any) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Point:
    number: int
    changes: Mapping[str, Any]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Study:
    sweep: Spec = field(default_factory=Spec)
    scenario: Scenario = field(default_factory=lambda: tiny())  # noqa: PLW0108 - defined below
    points: tuple[Point, ...] = field(default_factory=lambda: grid())  # noqa: PLW0108


def tiny(**sections: Any) -> Scenario:
    """One notice over a line whose caller has to wait, and one flight through the zone."""
    line = LINE | {
        "answer": {
            "probability": "0.6",
            "wait": {"uniform": {"min": "1 min", "max": "9 min"}},
            "patience": "5 min",
        }
    }
    flight = FLIGHT | {"departs": "+30 min"}
    return scenario(
        channels={"line": line}, zones={"area": ZONE}, flights={"flight": flight}, **sections
    )


def grid(
    leads: Sequence[str] = ("5 min", "20 min"), chances: Sequence[str] = ("0.6", "0.95")
) -> tuple[Point, ...]:
    """All pairs of some leads and chances of an answer."""
    return tuple(
        Point(number, {LEAD: lead, ANSWERED: answered}, {"lead": lead, "answered": answered})
        for number, (lead, answered) in enumerate(product(leads, chances))
    )


def study(points: tuple[Point, ...] | None = None, **keys: Any) -> Study:
    """Make a study; keys go before those of the tiny sweep."""
    return Study(Spec(**keys), tiny(), grid() if points is None else points)


def leads(*values: str) -> tuple[Point, ...]:
    """Points of some leads, the wait at random."""
    return tuple(Point(number, {LEAD: lead}, {"lead": lead}) for number, lead in enumerate(values))
