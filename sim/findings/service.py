"""How well notices were served: latency by step, lead left, retries, and the load of channels."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from sim.findings.notices import Copy, copies
from sim.model.journal import Journal, NoticeStep, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.findings.notices import NoticeSummary
    from sim.scenario.planned import Plan

LATENCIES = (
    "drafted_to_connected",
    "connected_to_delivered",
    "delivered_to_handled",
    "handled_to_disseminated",
)
"""The steps that a notice's way is cut into, in order."""

_BEGUN = {Step.CONNECTED, Step.PUBLISHED}
_CALL_ENDS = {Step.UNANSWERED, Step.LOST, Step.DELIVERED}


@dataclass(frozen=True, slots=True)
class Spread:
    """How ``n`` times in seconds are spread; all but ``n`` are NaN where there are none."""

    n: int
    mean_s: float
    p50_s: float
    p95_s: float
    least_s: float
    most_s: float


@dataclass(frozen=True, slots=True)
class Load:
    """What a channel had to do.

    ``busy_s`` is the time in which its lines were held by calls, summed over
    lines, ``utilisation`` its share of all line time; NaN for a channel
    without lines.
    """

    channel: str
    attempts: int
    unanswered: int
    lost: int
    delivered: int
    busy_s: float
    utilisation: float


@dataclass(frozen=True, slots=True)
class NoticeStatistics:
    """How the copies of notices fared in one run.

    ``in_time`` are those handled before the version begins to matter, ``retries``
    the attempts beyond the first of each leg, ``lead_left`` the time left at
    handling, below zero where it was too late. ``latencies`` has a spread for
    each of :data:`LATENCIES`: the last leg's connection, counted for copies
    delivered; dissemination counts once for each unit.
    """

    drafted: int
    sent: int
    handled: int
    in_time: int
    retries: int
    latencies: dict[str, Spread]
    lead_left: Spread
    loads: tuple[Load, ...]


def notice_statistics(
    plan: Plan, journal: Journal, notices: Sequence[NoticeSummary]
) -> NoticeStatistics:
    """Sum up how the notices of a run fared, from its journal and what became of each copy."""
    found = copies(journal)
    leads = [notice.lead_left_s for notice in notices if notice.lead_left_s is not None]
    times: defaultdict[str, list[float]] = defaultdict(list)
    for copy, notice in zip(found, notices, strict=True):
        for name, seconds in latencies(copy, notice):
            times[name].append(seconds)
    return NoticeStatistics(
        drafted=len(notices),
        sent=sum(notice.attempts > 0 for notice in notices),
        handled=len(leads),
        in_time=sum(lead >= 0.0 for lead in leads),
        retries=sum(_retries(copy) for copy in found),
        latencies={name: spread(times[name]) for name in LATENCIES},
        lead_left=spread(leads),
        loads=_loads(plan, journal),
    )


def line_time(steps: Iterable[NoticeStep], horizon: float) -> dict[str, float]:
    """Give for each channel that called the seconds in which calls held its lines.

    A call holds its line from ringing to its end, or to the horizon.
    """
    began: dict[tuple[str, str, int, str, int, int], NoticeStep] = {}
    busy: defaultdict[str, float] = defaultdict(float)
    for step in steps:
        key = (step.zone, step.notice, step.version, step.recipient, step.sending, step.leg)
        if step.step is Step.CALLING:
            began[key] = step
        elif step.step in _CALL_ENDS and key in began:
            busy[_channel(step)] += step.at - began.pop(key).at
    for call in began.values():
        busy[_channel(call)] += horizon - call.at
    return busy


def latencies(copy: Copy, notice: NoticeSummary) -> Iterator[tuple[str, float]]:
    """Give the steps of :data:`LATENCIES` that a copy took, with their seconds, for each unit."""
    if notice.delivered is None:
        return
    last = [step for _, step in copy.steps if step.leg == copy.last_leg]
    attempt = next(step.attempt for step in last if step.step is Step.DELIVERED)
    connected = next(s.at for s in last if s.attempt == attempt and s.step in _BEGUN)
    yield "drafted_to_connected", connected - notice.drafted
    yield "connected_to_delivered", notice.delivered - connected
    if notice.handled is None:
        return
    yield "delivered_to_handled", notice.handled - notice.delivered
    for _, at in notice.disseminated:
        yield "handled_to_disseminated", at - notice.handled


def _retries(copy: Copy) -> int:
    last: Counter[int] = Counter()
    for _, step in copy.steps:
        last[step.leg] = max(last[step.leg], step.attempt)
    return sum(max(0, attempts - 1) for attempts in last.values())


def _loads(plan: Plan, journal: Journal) -> tuple[Load, ...]:
    steps = journal.of(NoticeStep)
    busy = line_time(steps, plan.horizon)
    counts: defaultdict[str, Counter[Step]] = defaultdict(Counter)
    for step in steps:
        counts[_channel(step)][step.step] += 1
    loads = []
    for id_, spec in sorted(plan.scenario.channels.items()):
        time = spec.lines * plan.horizon if spec.lines else nan
        loads.append(
            Load(
                channel=id_,
                attempts=counts[id_][Step.ATTEMPTED],
                unanswered=counts[id_][Step.UNANSWERED],
                lost=counts[id_][Step.LOST],
                delivered=counts[id_][Step.DELIVERED],
                busy_s=busy.get(id_, 0.0) if spec.lines else nan,
                utilisation=busy.get(id_, 0.0) / time,
            )
        )
    return tuple(loads)


def _channel(step: NoticeStep) -> str:
    return step.route[2 * step.leg]


def spread(times: Sequence[float]) -> Spread:
    """Tell how times in seconds are spread."""
    if not times:
        return Spread(0, nan, nan, nan, nan, nan)
    column = np.asarray(times, dtype=np.float64)
    median, high = (float(value) for value in np.quantile(column, [0.5, 0.95]))
    return Spread(
        n=len(times),
        mean_s=float(column.mean()),
        p50_s=median,
        p95_s=high,
        least_s=float(column.min()),
        most_s=float(column.max()),
    )
