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
    """How a metric is called, its number shown, and in which unit.

    ``factor`` and ``noun`` are for columns of bare numbers: what a value is
    multiplied by, and the unit that it then has.
    """

    label: str
    number: Callable[[float], str] = number_text
    unit: str = ""
    factor: float = 1.0
    noun: str = ""

    def show(self, value: float) -> str:
        """Give a value with its unit."""
        return f"{self.number(value)}{self.unit}"

    @property
    def heading(self) -> str:
        """What stands over bare numbers, or along them: the label with the noun."""
        return f"{self.label}, {self.noun}" if self.noun else self.label

    def interval(self, low: float, high: float) -> str:
        """Give two values with the unit they share."""
        return f"{self.number(low)} to {self.number(high)}{self.unit}"


_LEAST_SHARE = 1e-6  # less is nothing, or as good as


def _miles(kilometres: float) -> str:
    return f"{kilometres * 1000.0 / METRES_PER_NAUTICAL_MILE:,.1f}"


def _percent(share: float) -> str:
    if _LEAST_SHARE < abs(share) < 1e-3:  # noqa: PLR2004 - 0.05 % is neither 0.0 nor 0.1 %
        return f"{100.0 * share:.1g}%"
    return f"{share:.1%}"


_MINUTES = (minutes_number, " min", 1.0 / 60.0, "min")
_MILES = (_miles, " NM", 1000.0 / METRES_PER_NAUTICAL_MILE, "NM")
_SHARE = (_percent, "", 100.0, "%")
_KM2_H = (number_text, " km2 h", 1.0, "km2 h")

FIGURES = {
    "flights": Figure("flights that flew"),
    "violations": Figure("violations"),
    "violation_s": Figure("time in violation", *_MINUTES),
    "incursions": Figure("incursions"),
    "uninformed": Figure("violations by the uninformed"),
    "p_uninformed": Figure("chance of any by the uninformed", *_SHARE),
    "notices_sent": Figure("notices sent"),
    "notices_in_time": Figure("notices handled before the zone began", *_SHARE),
    "latency_p50_s": Figure("drafted to handled, median", *_MINUTES),
    "latency_p95_s": Figure("drafted to handled, 95th percentile", *_MINUTES),
    "line_utilisation": Figure("time that lines were in use", *_SHARE),
    "overlaps": Figure("overlaps of plans"),
    "denied_km2_h": Figure("airspace denied (area x time)", *_KM2_H),
    "gap_km2_h": Figure("gaps in declarations (area x time)", *_KM2_H),
    "delay_s": Figure("delay of flights", *_MINUTES),
    "held_s": Figure("held in the air", *_MINUTES),
    "postponed_s": Figure("operations put off by", *_MINUTES),
    "extra_km": Figure("extra distance", *_MILES),
    "cancelled": Figure("flights cancelled"),
    "diverted": Figure("flights diverted"),
    "site_incursions": Figure("incursions upon sites"),
}


def figure_of(name: str) -> Figure:
    """Give how a metric is shown; a cause counts the violations that it explains."""
    return FIGURES.get(name) or Figure(f"violations, {name.replace('_', ' ')}")


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
