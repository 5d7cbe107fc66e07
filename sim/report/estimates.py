"""Many replications, told to people: metrics and causes with their intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.figures import FIGURES, Figure
from sim.report.headline import overlap_headline, replications_headline
from sim.report.outline import Cell, Column, Group, Outline, Paragraph, Section, Table
from sim.report.plans import overlap_blocks, period
from sim.report.wording import BRIEFLY, cause_cell
from sim.sweeps.links import LINKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.findings.overlaps import Overlap
    from sim.report.outline import Block
    from sim.stats import Interval
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Prevented

BY_CAUSE = "Shares by cause"
BY_LINK = "What a perfect link would have prevented"

_METRIC_COLUMNS = (
    Column("per replication"),
    Column("mean", right=True),
    Column("95% interval", right=True),
    Column("of", right=True),
)
_CAUSE_COLUMNS = (
    Column("cause"),
    Column("which is"),
    Column("count", right=True),
    Column("share", right=True),
    Column("95% interval", right=True),
)

_PREVENTED = Figure("prevented", "{:.3g}".format)
_LINK_COLUMNS = (
    Column("link"),
    Column("if perfect"),
    Column("of all", right=True),
    Column("prevented", right=True),
    Column("95% interval", right=True),
)


def estimates(
    many: Replications, overlaps: Sequence[Overlap], links: Mapping[str, Prevented] | None = None
) -> Outline:
    """Compose the report of many replications of one plan, with the ``links`` asked about."""
    sections = (
        Section(BY_CAUSE, _causes(many)),
        Section(BY_LINK, _links(links or {})),
        Section("Metrics", _metrics(many)),
        Section("Where plans overlap", overlap_blocks(many.plan, overlaps)),
    )
    return Outline(
        title=many.scenario.name,
        subtitle=f"{period(many.plan)}, seed {many.seed}, {len(many):,} replications",
        headline=f"{replications_headline(many)} {overlap_headline(overlaps)}",
        sections=tuple(section for section in sections if section.blocks),
    )


def _causes(many: Replications) -> tuple[Block, ...]:
    rows = tuple(
        (
            cause_cell(cause),
            Cell(BRIEFLY[cause]),
            Cell(f"{share.violations:,}"),
            Cell(f"{share.share:.1%}"),
            Cell(f"{share.low:.1%} to {share.high:.1%}"),
        )
        for cause, share in many.causes.items()
        if share.violations
    )
    if not rows:
        return (Paragraph("Nobody entered anything in any replication."),)
    note = Paragraph(
        "Counted are violations, and incursions outside every declared zone. Those of one"
        " replication have their notices in common; the intervals allow for that."
    )
    return (Table(_CAUSE_COLUMNS, (Group("", rows),)), note)


def _links(links: Mapping[str, Prevented]) -> tuple[Block, ...]:
    if not links:
        return ()
    rows = tuple(
        (
            Cell(link),
            Cell(LINKS[link]),
            Cell("-" if math.isnan(found.share) else f"{found.share:.1%}"),
            Cell(f"{found.violations.mean:.3g}"),
            Cell(_interval(found.violations, _PREVENTED)),
        )
        for link, found in links.items()
    )
    note = Paragraph(
        "Each link alone was made perfect, and the same replications run again with the same"
        " draws. Counted are violations: the part of all of them that falls away, and how many"
        " fewer there are in a replication. The parts do not add up: what two links broke may"
        " need both, or either."
    )
    return (Table(_LINK_COLUMNS, (Group("", rows),)), note)


def _metrics(many: Replications) -> tuple[Block, ...]:
    defined = {name: found for name in FIGURES if (found := many.metrics[name]).n}
    if defined.get("latency_p95_s") == defined.get("latency_p50_s"):
        defined.pop("latency_p95_s", None)  # never more than one notice to take it of
    rows = tuple(_metric_row(FIGURES[name], found) for name, found in defined.items())
    if all(found.n == len(many) for found in defined.values()):
        rows = tuple(row[:-1] for row in rows)
        return (Table(_METRIC_COLUMNS[:-1], (Group("", rows),)),)
    note = Paragraph("The last column counts the replications in which the metric is defined.")
    return (Table(_METRIC_COLUMNS, (Group("", rows),)), note)


def _metric_row(figure: Figure, found: Interval) -> tuple[Cell, ...]:
    return (
        Cell(figure.label),
        Cell(figure.show(found.mean)),
        Cell(_interval(found, figure)),
        Cell(f"{found.n:,}"),
    )


def _interval(found: Interval, figure: Figure) -> str:
    if math.isinf(found.low):
        return "unknown: one value"
    if math.isclose(found.low, found.high, rel_tol=1e-9, abs_tol=1e-9):
        return "always the same"
    return figure.interval(found.low, found.high)
