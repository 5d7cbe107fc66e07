"""The books side by side: for each stay that any book has, which have it, as data."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.findings.ledgers import REASONS
from sim.report.wording import Clock, counted
from sim.scenario.checks import TRUTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.findings.ledgers import Claim
    from sim.findings.run import Run

MOST = 24  # stays that are told one by one


@dataclass(frozen=True, slots=True)
class Line:
    """A stay of a flight in a zone, or several alike, and how the books stand to it.

    Parameters
    ----------
    id
        ``stay:1`` and so on in order of time; ``stays:1`` of several.
    label
        Which, and when.
    number
        How many stays it stands for.
    entry
        The first's, in seconds since the scenario's start.
    cause
        Why the flight went in; empty where in truth it was no violation.
    has, lacks
        The books that have it, and those that would but for a difference in knowledge.
    reasons
        Of each book that lacks it, one of :data:`sim.findings.ledgers.REASONS`.
    """

    id: str
    label: str
    number: int
    entry: float
    cause: str
    has: frozenset[str]
    lacks: frozenset[str]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Books:
    """All lines in order of time; ``books`` are the columns, the truth's first.

    ``left_out`` counts the stays of the lines that are too many to be told.
    """

    books: tuple[str, ...]
    lines: tuple[Line, ...]
    finding: str
    left_out: int = 0


def compare_books(run: Run, most: int = MOST) -> Books:
    """Set the books of a run side by side.

    Claims of several books of the same flight and zone that overlap in time are one stay.
    Where there are more than ``most``, those alike share a line.
    """
    single = [_line(run, number, stay) for number, stay in enumerate(_stays(run), start=1)]
    books = dict.fromkeys(book for line in single for book in sorted(line.has | line.lacks))
    declarers = {zone.party for zone in run.plan.zones.values()}
    order = sorted(books, key=lambda book: (book != TRUTH, book not in declarers, book))
    lines = single if len(single) <= most else _together(run, single)
    left_out = sum(line.number for line in lines[most:])
    return Books(tuple(order), tuple(lines[:most]), _finding(single), left_out)


def _stays(run: Run) -> list[list[Claim]]:
    """Group the claims that are of the same stay, in order of time."""
    alike: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in run.ledgers:
        alike[claim.flight, claim.zone].append(claim)
    stays: list[list[Claim]] = []
    for claims in alike.values():
        until = float("-inf")
        for claim in sorted(claims, key=lambda claim: claim.entry):
            if claim.entry < until:
                stays[-1].append(claim)
            else:
                stays.append([claim])
            until = max(until, claim.end)
    return sorted(stays, key=lambda stay: (stay[0].entry, stay[0].flight, stay[0].zone))


def _line(run: Run, number: int, stay: Sequence[Claim]) -> Line:
    first = stay[0]
    concerned = {TRUTH, run.plan.zones[first.zone].party, first.party}
    has = frozenset(claim.book for claim in stay)
    entries = {claim.entry for claim in stay}
    reasons = {
        one.missing_in: one.reason
        for one in run.disagreements
        if (one.flight, one.zone) == (first.flight, first.zone) and one.entry in entries
    }
    causes = (
        v.cause
        for v in run.violations
        if (v.flight, v.zone) == (first.flight, first.zone) and v.entry in entries
    )
    lacks = frozenset(concerned - has)
    return Line(
        id=f"stay:{number}",
        label=f"{Clock.of(run.scenario).minute(first.entry)} {first.flight} in {first.zone}",
        number=1,
        entry=first.entry,
        cause=next(causes, "") if TRUTH in has else "",
        has=has,
        lacks=lacks,
        reasons=tuple((book, reasons.get(book, "")) for book in sorted(lacks)),
    )


def _together(run: Run, single: Sequence[Line]) -> list[Line]:
    """Tell stays alike in one line: of one party's flights in one zone, as the books have them."""
    groups: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line, stay in zip(single, _stays(run), strict=True):
        first = stay[0]
        alike = (line.cause, line.has, line.reasons)
        groups[first.party, first.zone, *alike].append(line)
    clock = Clock.of(run.scenario)
    found = []
    for number, (key, lines) in enumerate(groups.items(), start=1):
        when = clock.span(lines[0].entry, lines[-1].entry)
        label = f"{when} {key[0]} in {key[1]}: {counted(len(lines), 'stay')}"
        found.append(replace(lines[0], id=f"stays:{number}", label=label, number=len(lines)))
    return found


def _finding(lines: Sequence[Line]) -> str:
    """Say how far the books agree, and why they do not."""
    if not lines:
        return "No book has any flight in a zone."
    apart = [line for line in lines if line.lacks]
    whole = counted(len(lines), "stay in a zone", "stays in zones")
    if not apart:
        return f"All books agree on {whole}."
    which = "The one stay in a zone is" if len(lines) == 1 else f"{len(apart):,} of {whole} are"
    reasons = Counter(why for line in apart for why in {why for _, why in line.reasons} - {""})
    if not reasons:
        return f"{which} missing from somebody's book."
    often = "most often because" if len(reasons) > 1 else "because"
    (reason, _), *_ = reasons.most_common(1)
    return f"{which} missing from somebody's book, {often} {REASONS[reason]}."
