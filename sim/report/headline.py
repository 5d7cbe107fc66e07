"""The sentences that a report opens with: do plans overlap, who entered, who had been told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES, INFORMED
from sim.model.journal import FlightActed
from sim.report.wording import BRIEFLY, counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.findings.overlaps import Overlap
    from sim.findings.run import Run
    from sim.findings.violations import Incursion, Violation
    from sim.sweeps.runner import Replications

_NAMED = 3  # so many flights are named, more are counted


def run_headline(run: Run) -> str:
    """Answer the three questions for one run."""
    flights = len(run.flights)
    return " ".join(
        sentence
        for sentence in (
            _entered(run.violations, flights),
            _told(run.violations),
            _kept_out(run),
            _came_inside(run.incursions),
            overlap_headline(run.overlaps),
        )
        if sentence
    )


def overlap_headline(overlaps: Sequence[Overlap]) -> str:
    """Say how many plans overlap, by kind."""
    if not overlaps:
        return "No plans overlap."
    if len(overlaps) == 1:
        return f"Plans overlap once ({overlaps[0].kind})."
    kinds = Counter(str(overlap.kind) for overlap in overlaps)
    parts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    return f"Plans overlap {len(overlaps):,} times ({parts})."


def replications_headline(many: Replications) -> str:
    """Say how often somebody entered who had not been told, and the most common cause."""
    chance = many.metrics["p_uninformed"]
    confidence = f"{chance.confidence:.0%} interval"
    first = (
        f"In {chance.mean:.1%} of {len(many):,} replications ({confidence}"
        f" {chance.low:.1%} to {chance.high:.1%}) at least one flight entered a zone"
        " that it did not know of."
    )
    cause, share = max(many.causes.items(), key=lambda item: item[1].violations)
    if share.violations == 0:
        return f"{first} Nobody entered anything in any of them."
    return (
        f"{first} The most common cause is {cause} ({BRIEFLY[cause]}),"
        f" {share.share:.0%} of all ({share.low:.0%} to {share.high:.0%})."
    )


def _entered(violations: Sequence[Violation], flights: int) -> str:
    if flights == 0:
        return "There are no flights."
    pairs = _pairs(violations)
    if not pairs and flights == 1:
        return "The one flight entered no zone that it was bound by."
    entered = len({flight for flight, _ in pairs})
    if entered == 0:
        return f"None of {counted(flights, 'flight')} entered a zone that it was bound by."
    verb = (
        "entered a zone that it was bound by"
        if entered == 1
        else ("entered a zone that they were bound by")
    )
    return f"{entered:,} of {counted(flights, 'flight')} {verb}: {_explained(pairs)}."


def _told(violations: Sequence[Violation]) -> str:
    flights = {violation.flight for violation in violations}
    if len(flights) < 2:  # noqa: PLR2004 - its cause says it already
        return ""
    told = {v.flight for v in violations if v.cause in INFORMED}
    untold = {v.flight for v in violations if v.cause not in INFORMED}
    if not untold:
        return "All of them knew."
    if not told:
        return "None of them knew."
    return f"{len(untold):,} of them did not know."


def _kept_out(run: Run) -> str:
    """Count the flights that were told, acted, and entered nothing."""
    entered = {violation.flight for violation in run.violations}
    acted = {act.flight for act in run.journal.of(FlightActed) if act.action != "none"}
    kept = len(acted - entered)
    if not kept:
        return ""
    who = f"{kept:,}" if not entered else counted(kept, "other")
    return f"{'It' if len(run.flights) == 1 else who} had been told and kept out."


def _came_inside(incursions: Sequence[Incursion]) -> str:
    flights = sorted({incursion.flight for incursion in incursions})
    if not flights:
        return ""
    operations = sorted({incursion.operation for incursion in incursions})
    where = (
        f"the operation {operations[0]}"
        if len(operations) == 1
        else counted(len(operations), "operation")
    )
    who = listed(flights) if len(flights) <= _NAMED else counted(len(flights), "flight")
    undeclared = sum(incursion.cause == "undeclared" for incursion in incursions)
    outside = f", {counted(undeclared, 'time')} {BRIEFLY['undeclared']}" if undeclared else ""
    return f"{who} came inside {where} itself while it was under way{outside}."


def _explained(pairs: list[tuple[str, str]]) -> str:
    """Name each flight with its cause, or count them by cause where there are many."""
    if len(pairs) <= _NAMED:
        return listed([f"{flight} ({BRIEFLY[cause]}: {cause})" for flight, cause in pairs])
    counts = Counter(cause for _, cause in pairs)
    return listed(
        [f"{counts[cause]:,} {cause} ({BRIEFLY[cause]})" for cause in CAUSES if counts[cause]]
    )


def _pairs(entries: Iterable[Violation]) -> list[tuple[str, str]]:
    """Give each flight with each of its causes, once, in the order of the entries."""
    return list(dict.fromkeys((entry.flight, entry.cause) for entry in entries))
