"""The metrics by the names and units that people use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.report.outline import Cell
from sim.report.wording import number_text
from sim.units import show_duration, show_length

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Figure(NamedTuple):
    """How a metric is called and shown; ``brief`` where two stand side by side."""

    label: str
    show: Callable[[float], str]
    brief: Callable[[float], str] | None = None


def _kilometres(value: float) -> str:
    return show_length(value * 1000.0)


def _brief_kilometres(value: float) -> str:
    return f"{value:,.1f} km"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _area_time(value: float) -> str:
    return f"{number_text(value)} km2 h"


FIGURES = {
    "flights": Figure("flights", number_text),
    "violations": Figure("violations", number_text),
    "violation_s": Figure("time in violation", show_duration),
    "incursions": Figure("incursions", number_text),
    "uninformed": Figure("violations by the uninformed", number_text),
    "p_uninformed": Figure("chance of any such", _share),
    "notices_sent": Figure("notices sent", number_text),
    "notices_in_time": Figure("handled before the start", _share),
    "latency_p50_s": Figure("drafted to handled, median", show_duration),
    "latency_p95_s": Figure("drafted to handled, 95 %", show_duration),
    "line_utilisation": Figure("line utilisation", _share),
    "overlaps": Figure("overlaps of plans", number_text),
    "denied_km2_h": Figure("airspace denied", _area_time),
    "gap_km2_h": Figure("gaps in declarations", _area_time),
    "delay_s": Figure("delay of flights", show_duration),
    "held_s": Figure("held in the air", show_duration),
    "extra_km": Figure("extra distance", _kilometres, _brief_kilometres),
    "cancelled": Figure("flights cancelled", number_text),
    "diverted": Figure("flights diverted", number_text),
    "site_incursions": Figure("incursions upon sites", number_text),
}

# A table above says these already.
_SEEN = ("violations", "incursions", "p_uninformed", "overlaps")


def figures(metrics: Mapping[str, float]) -> tuple[tuple[Cell, str], ...]:
    """Give the metrics of one run that its tables do not show, those defined."""
    return tuple(
        (Cell(figure.label), figure.show(metrics[name]))
        for name, figure in FIGURES.items()
        if name not in _SEEN and not math.isnan(metrics[name])
    )
