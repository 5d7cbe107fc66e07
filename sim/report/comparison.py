"""Two scenarios compared, told to people: what was changed, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.findings.causes import CAUSES
from sim.report.differences import ALIKE, difference, unpaired
from sim.report.figures import FIGURES, Figure
from sim.report.outline import Cell, Column, Group, Outline, Paragraph, Section, Table
from sim.report.plans import period
from sim.report.wording import BRIEFLY, cause_cell, counted, cut, listed
from sim.scenario.writer import write_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.report.outline import Block
    from sim.scenario.tree import Tree
    from sim.sweeps.comparing import Comparison

_CHANGES = 12  # of the scenario are listed
_LONGEST = 36  # letters of a value that are shown
_WORTH = 1.05  # times the variance from which on pairing saved anything
_KEYS = 3  # metrics whose saving is told, or that are named beside the finding

# What a comparison is made for, the first that moved being the finding.
_SUBJECTS = {
    "p_uninformed": "the chance that some flight enters a zone that it does not know of",
    "uninformed": "the mean number of violations by the uninformed",
    "violations": "the mean number of violations",
    "incursions": "the mean number of incursions",
    "site_incursions": "the mean number of incursions upon sites",
}
# What it is had for.
_PRICES = (
    "denied_km2_h",
    "postponed_s",
    "cancelled",
    "diverted",
    "delay_s",
    "held_s",
    "extra_km",
)

SHOWN = {"A difference shows": True, "No difference shows": False}
"""The titles of the two groups of metrics, and whether a difference shows in each."""

_CHANGE_COLUMNS = (Column("path"), Column("before"), Column("after"))
_NUMBERS = (
    Column("before", right=True),
    Column("after", right=True),
    Column("difference", right=True),
    Column("95% interval", right=True),
    Column("unpaired", right=True),
)
_PAIRS = Column("pairs", right=True)


def comparison_account(comparison: Comparison) -> Outline:
    """Compose the report of a comparison."""
    sections = (
        Section("What was changed", _changes(comparison)),
        Section("Metrics", _metrics(comparison)),
        Section("Violations by cause", _causes(comparison)),
    )
    return Outline(
        title=_title(comparison),
        subtitle=_subtitle(comparison),
        headline=_headline(comparison),
        sections=tuple(section for section in sections if section.blocks and comparison.changes),
    )


def _title(comparison: Comparison) -> str:
    before, after = (side.scenario.name for side in (comparison.before, comparison.after))
    return f"{before}: before and after" if before == after else f"{before}, against {after}"


def _subtitle(comparison: Comparison) -> str:
    periods = {period(side.plan): None for side in (comparison.before, comparison.after)}
    pairs = counted(len(comparison), "pair")
    return f"{', against '.join(periods)}, seed {comparison.seed}, {pairs} of replications"


def _headline(comparison: Comparison) -> str:
    return f"{comparison_headline(comparison)}{_beside(comparison)}"


def comparison_headline(comparison: Comparison) -> str:
    """Tell of the first of the subjects that moved; or that none did, and why that may be."""
    if not comparison.changes:
        return "The two scenarios are the same, so no difference can come of them."
    if not any(comparison.differing.values()):
        values = counted(len(comparison.changes), "value")
        pairs = counted(len(comparison), "pair")
        return (
            f"The scenarios differ in {values}, but no metric differs in any of {pairs} of"
            " replications."
        )
    if len(comparison) == 1:
        return "One pair of replications cannot show a difference; ask for more."
    moved = [name for name in _SUBJECTS if _shows(comparison, name)]
    if moved:
        name = moved[0]
        rises = comparison.metrics[name].difference.mean > 0
        before, after, change = _said(comparison, name)
        subject = _SUBJECTS[name].capitalize()
        return f"{subject} {'rises' if rises else 'falls'} from {before} to {after}: {change}."
    name = next((name for name in _SUBJECTS if comparison.differing.get(name)), "p_uninformed")
    before, after, change = _said(comparison, name)
    if not comparison.differing.get(name):
        return f"No difference shows: {_SUBJECTS[name]} is {before} with both, in every pair."
    return f"No difference shows in {_SUBJECTS[name]}: {before} before, {after} after, {change}."


def _said(comparison: Comparison, name: str) -> tuple[str, str, str]:
    """Give a subject before and after, and its difference with its interval."""
    figure, found = FIGURES[name], comparison.metrics[name]
    shown = difference(figure, found)
    change = f"{shown.change} points" if figure.noun else shown.change
    if shown.interval == ALIKE:
        sure = "in every pair"
    else:
        sure = f"({found.difference.confidence:.0%} interval {shown.interval})"
    return f"{shown.before}{figure.noun}", f"{shown.after}{figure.noun}", f"{change} {sure}"


def _beside(comparison: Comparison) -> str:
    """Name what else moved, of what is had or spared."""
    moved = [name for name in _PRICES if _shows(comparison, name)]
    parts = [
        f"{FIGURES[name].label} by"
        f" {difference(FIGURES[name], comparison.metrics[name]).change}{FIGURES[name].unit}"
        for name in moved[:_KEYS]
    ]
    return f" Also moved: {listed(parts)}." if parts else ""


def _changes(comparison: Comparison) -> tuple[Block, ...]:
    shown, rest = cut(comparison.changes, _CHANGES)
    rows = tuple(
        (Cell(change.path), Cell(_value(change.before)), Cell(_value(change.after)))
        for change in shown
    )
    return (Table(_CHANGE_COLUMNS, (Group("", rows),)), *rest) if rows else ()


def _value(tree: Tree | None) -> str:
    if tree is None:
        return "not given"
    text = write_value(tree)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _metrics(comparison: Comparison) -> tuple[Block, ...]:
    differing, alike = _parted(comparison, metrics_told(comparison))
    blocks: list[Block] = []
    if differing:
        groups = tuple(
            Group(title, rows)
            for title, shows in SHOWN.items()
            if (
                rows := tuple(
                    _numbers(comparison, name, (Cell(FIGURES[name].heading),))
                    for name in differing
                    if _shows(comparison, name) == shows
                )
            )
        )
        blocks += [
            _table(comparison, differing, (Column("per replication"),), groups),
            *_notes(comparison),
        ]
    return (*blocks, *_folded(alike, lambda name: FIGURES[name].label))


def metrics_told(comparison: Comparison) -> list[str]:
    """Give the metrics that are defined on either side, without one that repeats another."""
    names = [name for name in FIGURES if _is_defined(comparison, name)]
    if _are_the_same(comparison, "latency_p50_s", "latency_p95_s"):
        names.remove("latency_p95_s")  # never more than one notice to take it of
    return names


def _causes(comparison: Comparison) -> tuple[Block, ...]:
    names = [name for name in CAUSES if _occurs(comparison, name)]
    differing, alike = _parted(comparison, names)
    columns = (Column("cause"), Column("which is"))
    rows = tuple(
        _numbers(comparison, name, (cause_cell(name), Cell(BRIEFLY[name]))) for name in differing
    )
    table = (_table(comparison, differing, columns, (Group("", rows),)),) if rows else ()
    return (*table, *_folded(alike, str))


def _table(
    comparison: Comparison,
    names: Sequence[str],
    columns: tuple[Column, ...],
    groups: tuple[Group, ...],
) -> Table:
    """Make a table of rows, which end with their number of pairs if that is not always the same."""
    if all(comparison.metrics[name].n == len(comparison) for name in names):
        groups = tuple(
            Group(group.title, tuple(row[:-1] for row in group.rows)) for group in groups
        )
        return Table((*columns, *_NUMBERS), groups)
    return Table((*columns, *_NUMBERS, _PAIRS), groups)


def _numbers(comparison: Comparison, name: str, first: tuple[Cell, ...]) -> tuple[Cell, ...]:
    found = comparison.metrics[name]
    shown = difference(FIGURES.get(name, Figure(name)), found)
    return (
        *first,
        Cell(shown.before),
        Cell(shown.after),
        Cell(shown.change),
        Cell(shown.interval),
        Cell(unpaired(found)),
        Cell(f"{found.n:,}"),
    )


def _notes(comparison: Comparison) -> tuple[Paragraph, ...]:
    if len(comparison) == 1:
        return ()
    note = (
        "A difference shows where its interval leaves 0 out and at least six pairs differ, or all"
        " by the same. Each interval is right 95% of the time by itself, not all of them together."
    )
    if any(0 < found.n < len(comparison) for found in comparison.metrics.values()):
        note += (
            " Where not every replication has a value, the means are of those that have one, and"
            " the difference is of the pairs in which both have."
        )
    return (Paragraph(_saved(comparison)), Paragraph(note))


def _saved(comparison: Comparison) -> str:
    """Tell what pairing was worth, for the metrics that matter most among those it helped."""
    saving = [
        name
        for name in dict.fromkeys((*_SUBJECTS, *_PRICES, *FIGURES))
        if comparison.differing.get(name) and comparison.metrics[name].variance_ratio > _WORTH
    ]
    same = "Both sides of a pair have the same draws"
    if not saving:
        return f"{same}, which saved no replications here: the two sides do not vary together."
    (first, most), *others = [
        (FIGURES[name].label, unpaired(comparison.metrics[name])) for name in saving[:_KEYS]
    ]
    parts = [f"of {text} for {label}" for label, text in others]
    works = listed([f"of {most} independent replications a side for {first}", *parts])
    return (
        f"{same}. The {len(comparison):,} pairs did the work {works}; the column unpaired tells"
        " it for each row."
    )


def _folded(names: Sequence[str], label: Callable[[str], str]) -> tuple[Paragraph, ...]:
    """Name what is the same in every pair, which needs no row."""
    if not names:
        return ()
    return (Paragraph(f"The same in every pair: {'; '.join(label(name) for name in names)}."),)


def _parted(comparison: Comparison, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the metrics that differ in some pair, or stand on one side only, from the others."""
    differing = [
        name for name in names if comparison.differing[name] or not comparison.metrics[name].n
    ]
    return differing, [name for name in names if name not in differing]


def _shows(comparison: Comparison, name: str) -> bool:
    return name in comparison.metrics and comparison.shows(name)


def _is_defined(comparison: Comparison, name: str) -> bool:
    """Tell whether a metric has a value in any replication of either side."""
    found = comparison.metrics.get(name)
    return found is not None and bool(found.before.n or found.after.n)


def _occurs(comparison: Comparison, cause: str) -> bool:
    found = comparison.metrics.get(cause)
    return found is not None and bool(found.before.mean or found.after.mean)


def _are_the_same(comparison: Comparison, one: str, other: str) -> bool:
    first, second = (comparison.metrics.get(name) for name in (one, other))
    if first is None or second is None or not _is_defined(comparison, other):
        return False
    return (first.before, first.after) == (second.before, second.after)
