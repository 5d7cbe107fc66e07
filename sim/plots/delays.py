"""How long each step of each notice took, and how these times are spread, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.findings.notices import copies
from sim.findings.service import LATENCIES, latencies, spread
from sim.report.wording import counted
from sim.units import show_duration

if TYPE_CHECKING:
    from sim.findings.run import Run
    from sim.findings.service import Spread

IN_ALL = "drafted_to_handled"
FOR_MEDIAN, FOR_P95 = 5, 20
"""So many times at least are worth a median, and a 95 % quantile, which of fewer is the largest."""


@dataclass(frozen=True, slots=True)
class Delay:
    """One step of a notice's way, and the seconds that it took each time, in order of drafting."""

    step: str
    times: tuple[float, ...]
    spread: Spread


@dataclass(frozen=True, slots=True)
class Delays:
    """The steps in order, the whole way last; and what they show, in a sentence."""

    steps: tuple[Delay, ...]
    drafted: int
    handled: int
    finding: str


def delays(run: Run) -> Delays:
    """Collect how long the steps of a run's notices took."""
    times: dict[str, list[float]] = {step: [] for step in (*LATENCIES, IN_ALL)}
    for copy, notice in zip(copies(run.journal), run.notices, strict=True):
        for step, seconds in latencies(copy, notice):
            times[step].append(seconds)
        if notice.handled is not None:
            times[IN_ALL].append(notice.handled - notice.drafted)
    steps = tuple(Delay(step, tuple(taken), spread(taken)) for step, taken in times.items())
    drafted, handled = len(run.notices), len(times[IN_ALL])
    return Delays(steps, drafted, handled, _finding(steps, drafted))


def _finding(steps: tuple[Delay, ...], drafted: int) -> str:
    """Say how soon notices were handled, and which step took longest."""
    *parts, whole = steps
    handled = len(whole.times)
    if not drafted:
        return "No notices were drafted."
    if drafted == 1 and not handled:
        return "The one notice was not handled."
    if not handled:
        return f"None of {counted(drafted, 'notice')} was handled."
    soonest, latest = (show_duration(t) for t in (min(whole.times), max(whole.times)))
    if drafted == 1:
        return f"The one notice was handled {soonest} after drafting."
    if handled < FOR_MEDIAN:
        when = soonest if soonest == latest else f"{soonest} to {latest}"
        return f"{handled} of {counted(drafted, 'notice')} handled, {when} after drafting."
    longest = max(parts, key=lambda part: part.spread.p50_s if part.times else 0.0)
    half, step = show_duration(whole.spread.p50_s), longest.step.replace("_", " ")
    return (
        f"Half of {counted(handled, 'notice')} were handled within {half} of drafting;"
        f" what took longest is {step}, {show_duration(longest.spread.p50_s)} in the median."
    )
