"""The metrics by the names and units that people use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.report.outline import Cell
from sim.report.wording import minutes_number, number_text
from sim.units import METRES_PER_NAUTICAL_MILE, show_length

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Figure(NamedTuple):
    """How a metric is called, its number shown, and in which unit."""

    label: str
    number: Callable[[float], str] = number_text
    unit: str = ""

    def show(self, value: float) -> str:
        """Give a value with its unit."""
        return f"{self.number(value)}{self.unit}"

    def interval(self, low: float, high: float) -> str:
        """Give two values with the unit they share."""
        return f"{self.number(low)} to {self.number(high)}{self.unit}"


def _miles(kilometres: float) -> str:
    return f"{kilometres * 1000.0 / METRES_PER_NAUTICAL_MILE:,.1f}"


def _percent(share: float) -> str:
    return f"{share:.1%}"


FIGURES = {
    "flights": Figure("flights that flew"),
    "violations": Figure("violations"),
    "violation_s": Figure("time in violation", minutes_number, " min"),
    "incursions": Figure("incursions"),
    "uninformed": Figure("violations by the uninformed"),
    "p_uninformed": Figure("chance of any by the uninformed", _percent),
    "notices_sent": Figure("notices sent"),
    "notices_in_time": Figure("notices handled before the zone began", _percent),
    "latency_p50_s": Figure("drafted to handled, median", minutes_number, " min"),
    "latency_p95_s": Figure("drafted to handled, 95th percentile", minutes_number, " min"),
    "line_utilisation": Figure("time that lines were in use", _percent),
    "overlaps": Figure("overlaps of plans"),
    "denied_km2_h": Figure("airspace denied (area x time)", number_text, " km2 h"),
    "gap_km2_h": Figure("gaps in declarations (area x time)", number_text, " km2 h"),
    "delay_s": Figure("delay of flights", minutes_number, " min"),
    "held_s": Figure("held in the air", minutes_number, " min"),
    "postponed_s": Figure("operations put off by", minutes_number, " min"),
    "extra_km": Figure("extra distance", _miles, " NM"),
    "cancelled": Figure("flights cancelled"),
    "diverted": Figure("flights diverted"),
    "site_incursions": Figure("incursions upon sites"),
}

# A table above says these already.
_SEEN = ("violations", "incursions", "p_uninformed", "overlaps")
_FEW = 2  # a percentile of fewer says nothing


def figures(metrics: Mapping[str, float], handled: int) -> tuple[tuple[Cell, str], ...]:
    """Give the metrics of one run that its tables do not show, those defined.

    Parameters
    ----------
    metrics
        Of the run.
    handled
        How many notices were, whose latencies two of the metrics sum up.
    """
    unsaid = (*_SEEN, "latency_p95_s") if handled < _FEW else _SEEN
    return tuple(
        (Cell(figure.label), _shown(name, metrics[name]))
        for name, figure in FIGURES.items()
        if name not in unsaid and not math.isnan(metrics[name])
    )


def _shown(name: str, value: float) -> str:
    return show_length(value * 1000.0) if name == "extra_km" else FIGURES[name].show(value)
