"""Metrics: one number a replication for everything that runs are compared by."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import nan
from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES, INFORMED
from sim.findings.service import line_time
from sim.findings.versions import declared
from sim.model.journal import (
    FlightActed,
    FlightArrived,
    FlightDeparted,
    FlightFlown,
    Journal,
    NoticeStep,
    OperationPostponed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.gaps import Gap
    from sim.findings.notices import NoticeSummary
    from sim.findings.overlaps import Overlap
    from sim.findings.sites import SiteIncursion
    from sim.findings.violations import Judged
    from sim.geometry.track import Track
    from sim.scenario.planned import Plan

_DEGREES = 7  # digits to which two places are the same: a centimetre


def measure(
    plan: Plan,
    journal: Journal,
    *,
    overlaps: Sequence[Overlap],
    violations: Sequence[Judged],
    incursions: Sequence[Judged],
    gaps: Sequence[Gap],
    notices: Sequence[NoticeSummary],
    site_incursions: Sequence[SiteIncursion],
) -> dict[str, float]:
    """Measure one run.

    Returns
    -------
    dict
        The metrics of a run in a fixed order; nan where there is nothing to
        measure, such as the latency of notices never handled. A cause counts
        the violations that it explains; an incursion outside every zone is no
        violation, so ``undeclared`` counts incursions. Incursions are those of
        flights; those upon sites are counted apart, at the end.
    """
    causes = Counter(violation.cause for violation in violations)
    causes["undeclared"] = sum(incursion.cause == "undeclared" for incursion in incursions)
    uninformed = sum(violation.cause not in INFORMED for violation in violations)
    return {
        "violations": float(len(violations)),
        "incursions": float(len(incursions)),
        "uninformed": float(uninformed),
        "p_uninformed": float(uninformed > 0),
        **{cause: float(causes[cause]) for cause in CAUSES},
        "violation_s": sum((v.duration_s for v in violations), 0.0),
        "overlaps": float(len(overlaps)),
        "gap_km2_h": sum((gap.km2_h for gap in gaps if gap.holder is None), 0.0),
        "denied_km2_h": _denied_km2_h(plan, journal),
        **_of_notices(notices),
        **_of_flights(journal),
        "line_utilisation": _line_utilisation(plan, journal),
        "held_s": _held_s(plan, journal),
        "site_incursions": float(len(site_incursions)) if plan.sites else nan,
        "postponed_s": _postponed_s(plan, journal),
    }


def _denied_km2_h(plan: Plan, journal: Journal) -> float:
    """Sum the areas of active zones over the time they are active, within the horizon."""
    total = 0.0
    for versions in declared(journal).values():
        for _, volume in versions:
            start, end = max(0.0, volume.window[0]), min(plan.horizon, volume.window[1])
            total += volume.footprint.area_km2 * max(0.0, end - start) / 3600.0
    return total


def _of_notices(notices: Sequence[NoticeSummary]) -> dict[str, float]:
    sent = [notice for notice in notices if notice.attempts > 0]
    in_time = [n for n in sent if n.lead_left_s is not None and n.lead_left_s >= 0.0]
    latencies = [n.handled - n.drafted for n in sent if n.handled is not None]
    return {
        "notices_sent": float(len(sent)),
        "notices_in_time": len(in_time) / len(sent) if sent else nan,
        "latency_p50_s": _quantile(latencies, 0.5),
        "latency_p95_s": _quantile(latencies, 0.95),
    }


def _quantile(values: Sequence[float], share: float) -> float:
    """Interpolate between order statistics (Hyndman and Fan 1996, no. 7), as `numpy.quantile`.

    To the last bit, and for the few values of a run in a twentieth of the time.
    """
    if not values:
        return nan
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    below = int(at)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    part = at - below
    if part < 0.5:  # noqa: PLR2004 - from the nearer end, as numpy does
        return low + (high - low) * part
    return high - (high - low) * (1.0 - part)


def _of_flights(journal: Journal) -> dict[str, float]:
    acted = journal.of(FlightActed)
    delays = {act.flight: act.delay_s for act in acted if act.action == "delay"}
    return {
        "flights": float(len(journal.of(FlightDeparted))),
        "delay_s": sum(delays.values(), 0.0),
        "extra_km": sum((act.extra_m for act in acted), 0.0) / 1000.0,
        "cancelled": float(sum(act.action == "cancel" for act in acted)),
        "diverted": float(sum(arrived.diverted for arrived in journal.of(FlightArrived))),
    }


def _held_s(plan: Plan, journal: Journal) -> float:
    """Sum the time that flights stood still in the air where they had not planned to."""
    total = 0.0
    for flown in journal.of(FlightFlown):
        if not flown.track.ground.still:
            continue
        planned = plan.flights.get(flown.flight)  # movements of a stream plan no stop
        meant = {} if planned is None else _still(planned.track)
        for place, seconds in _still(flown.track).items():
            total += max(0.0, seconds - meant.get(place, 0.0))
    return total


def _postponed_s(plan: Plan, journal: Journal) -> float:
    """Sum by how much operations were put off; nan where none can be."""
    if not any(zone.may_be_put_off for zone in plan.zones.values()):
        return nan
    return sum((record.by_s for record in journal.of(OperationPostponed)), 0.0)


def _still(track: Track) -> dict[tuple[float, float], float]:
    """Give for how many seconds a track stands still, by place."""
    still: defaultdict[tuple[float, float], float] = defaultdict(float)
    for leg in track.ground.still:
        place = (round(float(track.lon[leg]), _DEGREES), round(float(track.lat[leg]), _DEGREES))
        still[place] += float(track.time[leg + 1] - track.time[leg])
    return still


def _line_utilisation(plan: Plan, journal: Journal) -> float:
    """Give the share of all line time in which lines were held by calls."""
    channels = plan.scenario.channels
    lines = sum(channel.lines or 0 for channel in channels.values())
    if not lines:
        return nan
    busy = line_time(journal.of(NoticeStep), plan.horizon)
    return sum(busy.values()) / (lines * plan.horizon)
