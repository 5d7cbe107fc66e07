"""The sentences that a report opens with: do plans overlap, who entered, who had been told."""

from __future__ import annotations

from collections import Counter
from math import inf, isnan
from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES, INFORMED
from sim.report.fates import Fate, fates
from sim.report.wording import BRIEFLY, counted, explained, listed, named
from sim.sweeps.links import LINKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.findings.overlaps import Overlap
    from sim.findings.run import Run
    from sim.findings.sites import SiteIncursion
    from sim.findings.violations import Incursion, Violation
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Why

_NAMED = 3  # so many flights are named, more are counted


def which_run(run: Run) -> str:
    """Say which run something is of: its scenario, its seed, and which of several."""
    which = f", replication {run.replication}" if run.replication else ""
    return f"{run.scenario.name}, seed {run.seed}{which}"


def run_headline(run: Run) -> str:
    """Answer the three questions for one run."""
    return " ".join(_sentences(run))


def opening(run: Run, letters: int) -> str:
    """Give the headline's first sentences, one and as many more as so many letters hold."""
    said = ""
    for sentence in _sentences(run):
        longer = f"{said} {sentence}".lstrip()
        if said and len(longer) > letters:
            break
        said = longer
    return said


def _sentences(run: Run) -> list[str]:
    said = (
        *_entered(run),
        _came_inside(run.incursions),
        _came_over(run.site_incursions),
        overlap_headline(run.overlaps),
    )
    return [sentence for sentence in said if sentence]


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
    return f"{chance_headline(many)} {cause_headline(many)}"


def chance_headline(many: Replications) -> str:
    """Say how often somebody entered who had not been told."""
    chance = many.metrics["p_uninformed"]
    confidence = f"{chance.confidence:.0%} interval"
    return (
        f"In {chance.mean:.1%} of {len(many):,} replications ({confidence}"
        f" {chance.low:.1%} to {chance.high:.1%}) at least one flight entered a zone"
        " that it did not know of."
    )


def cause_headline(many: Replications) -> str:
    """Say what the most common cause is, and its share."""
    cause, share = max(many.causes.items(), key=lambda item: item[1].violations)
    if share.violations == 0:
        return "Nobody entered anything in any of them."
    return (
        f"The most common cause is {named(cause)},"
        f" {share.share:.0%} of all ({share.low:.0%} to {share.high:.0%})."
    )


def run_cause_headline(run: Run) -> str:
    """Say what the most common cause is in one run, and of how many."""
    counts = {cause: int(run.metrics[cause]) for cause in CAUSES}
    cause = max(CAUSES, key=lambda cause: counts[cause])
    if not counts[cause]:
        return "Nobody entered anything."
    return (
        f"The most common cause is {named(cause)}: {counts[cause]:,} of {sum(counts.values()):,}."
    )


def why_headline(why: Why) -> str:
    """Say which link, if it alone were perfect, would have prevented most violations."""
    best = max(why.links.values(), key=lambda link: link.violations.mean)
    if isnan(best.share):
        return "There were no violations to prevent."
    found = best.violations
    if not found.mean > 0.0:
        return "No link, if it alone were perfect, would have prevented violations."
    sure = f" ({found.low:.3g} to {found.high:.3g})" if 0.0 < found.high - found.low < inf else ""
    return (
        f"The link that would have prevented most, if it alone were perfect, is {best.link}"
        f" ({LINKS[best.link]}): {best.share:.0%} of all violations,"
        f" {found.mean:.3g} a replication{sure}."
    )


def _entered(run: Run) -> tuple[str, ...]:
    """Account for every flight of the run once, in a sentence or several."""
    flights, others = len(run.flights), _others(run)
    entered = len({violation.flight for violation in run.violations})
    if flights == 0:
        return ("There are no flights.",)
    if entered == 0 and flights == 1:
        fate = others[0].removeprefix("1 ")
        return (f"The one flight entered no zone that it was bound by: it {fate}.",)
    if entered == 0:
        what = ", ".join(others)
        return (f"None of {flights:,} flights entered a zone that it was bound by: {what}.",)
    who = "it was" if entered == 1 else "they were"
    which = "The one flight" if flights == 1 else f"{entered:,} of {flights:,} flights"
    first = f"{which} entered a zone that {who} bound by: {_explained(_pairs(run.violations))}."
    return first, _told(run.violations), _rest(others)


def _rest(others: Sequence[str]) -> str:
    if len(others) == 1:
        return f"The other {others[0].removeprefix('1 ')}."
    return f"Of the others, {', '.join(others)}." if others else ""


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


def _others(run: Run) -> list[str]:
    """Count the flights that entered no zone that binds them by what became of them."""
    counts = Counter(fates(run).values())
    del counts[Fate.ENTERED]
    return [f"{counts[fate]:,} {fate.told(counts[fate])}" for fate in Fate if counts[fate]]


def _came_over(incursions: Sequence[SiteIncursion]) -> str:
    """Name the sites that an operation was over while people were there."""
    sites = sorted({incursion.site for incursion in incursions})
    if not sites:
        return ""
    who = listed(sites) if len(sites) <= _NAMED else f"{len(sites):,} sites"
    return f"Operations were over people on the ground at {who}."


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
    under_way = (
        "itself while it was under way" if len(operations) == 1 else "while they were under way"
    )
    return f"{who} came inside {where} {under_way}{outside}."


def _explained(pairs: list[tuple[str, str]]) -> str:
    """Name the flights by their causes, or count each by its first where there are many."""
    causes = list(dict.fromkeys(cause for _, cause in pairs))
    if len(pairs) <= _NAMED:
        groups = [
            f"{listed([flight for flight, why in pairs if why == cause])} ({explained(cause)})"
            for cause in causes
        ]
        return listed(groups) if len(groups) == len(pairs) else "; ".join(groups)
    first = dict(reversed(pairs))
    counts = Counter(first.values())
    parts = listed([f"{counts[cause]:,} {named(cause)}" for cause in CAUSES if counts[cause]])
    return parts if len(first) == len(pairs) else f"{parts}, by their first entries"


def _pairs(entries: Iterable[Violation]) -> list[tuple[str, str]]:
    """Give each flight with each of its causes, once, in the order of the entries."""
    return list(dict.fromkeys((entry.flight, entry.cause) for entry in entries))
